//! chrono's types as scalars. Timestamps have microseconds, the finest that every store keeps.

use super::raw::Unfit;
use super::scalar::scalar;
use super::value::Value;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc};
use diesel::sql_types as st;

const DAY_OF_1970: i32 = 719_163;

pub(crate) fn day_number(date: NaiveDate) -> i32 {
    chrono::Datelike::num_days_from_ce(&date) - DAY_OF_1970
}

pub(crate) fn date_of(day: i32) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(day.checked_add(DAY_OF_1970)?)
}

pub(crate) fn micros_of_day(time: NaiveTime) -> i64 {
    i64::from(time.num_seconds_from_midnight()) * 1_000_000 + i64::from(time.nanosecond() / 1_000)
}

pub(crate) fn time_of(micros: i64) -> Option<NaiveTime> {
    let seconds = u32::try_from(micros.div_euclid(1_000_000)).ok()?;
    let nanos = u32::try_from(micros.rem_euclid(1_000_000)).ok()? * 1_000;
    NaiveTime::from_num_seconds_from_midnight_opt(seconds, nanos)
}

pub(crate) fn micros(timestamp: NaiveDateTime) -> i64 {
    timestamp.and_utc().timestamp_micros()
}

pub(crate) fn timestamp_of(micros: i64) -> Option<NaiveDateTime> {
    DateTime::from_timestamp_micros(micros).map(|timestamp| timestamp.naive_utc())
}

fn in_range<T>(value: Option<T>, found: i64, expected: &'static str) -> Result<T, Unfit> {
    value.ok_or_else(|| Unfit::value(expected, found))
}

scalar!(NaiveDate: st::Date => Date;
    read |raw| { let day = raw.date()?; in_range(date_of(day), day.into(), "a day that chrono can hold") };
    write |v| Value::Date(day_number(*v)));
scalar!(NaiveTime: st::Time => Time;
    read |raw| { let time = raw.time()?; in_range(time_of(time), time, "a time of day") };
    write |v| Value::Time(micros_of_day(*v)));
scalar!(NaiveDateTime: st::Timestamp => Timestamp;
    read |raw| { let at = raw.timestamp()?; in_range(timestamp_of(at), at, "a timestamp that chrono can hold") };
    write |v| Value::Timestamp(micros(*v)));

#[cfg(feature = "mysql")]
#[diagnostic::do_not_recommend]
impl super::scalar::StoredAs<st::Datetime> for NaiveDateTime {
    const TYPE: super::value::ColumnType = super::value::ColumnType::Timestamp;
}

macro_rules! zoned {
    ($($(#[$cfg:meta])? $sql:path),+) => {
        #[diagnostic::do_not_recommend]
        impl super::scalar::Scalar for DateTime<Utc> {
            fn read(raw: super::raw::Raw<'_>) -> Result<Self, Unfit> {
                let at = raw.timestamp()?;
                in_range(DateTime::from_timestamp_micros(at), at, "a timestamp that chrono can hold")
            }

            fn to_value(&self) -> Value {
                Value::Timestamp(self.timestamp_micros())
            }
        }
        #[diagnostic::do_not_recommend]
        impl super::scalar::Typed for DateTime<Utc> {
            const TYPE: super::value::ColumnType = super::value::ColumnType::TimestampTz;
        }
        $($(#[$cfg])? #[diagnostic::do_not_recommend] impl super::scalar::StoredAs<$sql> for DateTime<Utc> {
            const TYPE: super::value::ColumnType = super::value::ColumnType::TimestampTz;
        })+
    };
}

zoned!(
    #[cfg(feature = "postgres")]
    st::Timestamptz,
    #[cfg(feature = "sqlite")]
    st::TimestamptzSqlite,
    #[cfg(feature = "mysql")]
    st::Datetime
);
