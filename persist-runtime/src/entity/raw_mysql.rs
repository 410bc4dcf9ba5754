//! MySQL's and MariaDB's raw values. Every value says its type, and each reader looks at it first: Diesel's own
//! `FromSql` would read a float as an integer, and any byte as a boolean.
//!
//! The protocol does not say which character set a string is in, and a text column with a binary collation is sent as
//! `Blob`. So text is whatever is a string or a blob, and valid UTF-8; a byte string is a blob.

use super::decimal::Decimal;
use super::raw::Unfit;
use diesel::deserialize::FromSql;
use diesel::mysql::data_types::MysqlTime;
use diesel::mysql::{Mysql, MysqlType, MysqlValue};
use diesel::sql_types as st;

#[cold]
fn unfit(cell: &MysqlValue<'_>, expected: &'static str) -> Unfit {
    Unfit::value(expected, format_args!("a value of the MySQL type {:?}", cell.value_type()))
}

fn read<T: FromSql<ST, Mysql>, ST>(cell: &MysqlValue<'_>, expected: &'static str) -> Result<T, Unfit> {
    T::from_sql(cell.clone()).map_err(|error| Unfit::value(expected, error))
}

const fn is_integer(ty: MysqlType) -> bool {
    use MysqlType as Type;
    matches!(
        ty,
        Type::Long
            | Type::LongLong
            | Type::Short
            | Type::Tiny
            | Type::UnsignedLong
            | Type::UnsignedLongLong
            | Type::UnsignedShort
            | Type::UnsignedTiny
    )
}

/// A boolean is a `TINYINT(1)`, which may hold any small number, or a `BIT(1)`. The server's own are wider integers.
pub(super) fn boolean(cell: &MysqlValue<'_>) -> Result<bool, Unfit> {
    const EXPECTED: &str = "a boolean (0 or 1)";
    if cell.value_type() == MysqlType::Bit {
        return match cell.as_bytes() {
            [bit @ 0..=1] => Ok(*bit == 1),
            _ => Err(unfit(cell, EXPECTED)),
        };
    }
    if !is_integer(cell.value_type()) {
        return Err(unfit(cell, EXPECTED));
    }
    match integer(cell)? {
        number @ 0..=1 => Ok(number == 1),
        other => Err(Unfit::value(EXPECTED, other)),
    }
}

#[inline(always)]
pub(crate) fn integer(cell: &MysqlValue<'_>) -> Result<i64, Unfit> {
    if is_integer(cell.value_type()) {
        read::<i64, st::BigInt>(cell, "an integer")
    } else {
        Err(unfit(cell, "an integer"))
    }
}

pub(super) fn float(cell: &MysqlValue<'_>) -> Result<f64, Unfit> {
    match cell.value_type() {
        MysqlType::Double => read::<f64, st::Double>(cell, "a float"),
        MysqlType::Float => read::<f32, st::Float>(cell, "a float").map(f64::from),
        _ => Err(unfit(cell, "a float")),
    }
}

#[inline(always)]
fn utf8(cell: &MysqlValue<'_>, expected: &'static str) -> Result<String, Unfit> {
    if !matches!(cell.value_type(), MysqlType::String | MysqlType::Blob | MysqlType::Enum | MysqlType::Set) {
        return Err(unfit(cell, expected));
    }
    match std::str::from_utf8(cell.as_bytes()) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => Err(Unfit::value(expected, error)),
    }
}

#[inline(always)]
pub(crate) fn text(cell: &MysqlValue<'_>) -> Result<String, Unfit> {
    utf8(cell, "text in UTF-8")
}

pub(super) fn json(cell: &MysqlValue<'_>) -> Result<String, Unfit> {
    utf8(cell, "JSON in UTF-8")
}

pub(super) fn bytes(cell: &MysqlValue<'_>) -> Result<Vec<u8>, Unfit> {
    match cell.value_type() {
        MysqlType::Blob => Ok(cell.as_bytes().to_vec()),
        _ => Err(unfit(cell, "a byte string")),
    }
}

pub(super) fn uuid(cell: &MysqlValue<'_>) -> Result<[u8; 16], Unfit> {
    match (cell.value_type(), cell.as_bytes().try_into()) {
        (MysqlType::Blob, Ok(bytes)) => Ok(bytes),
        _ => Err(unfit(cell, "a uuid (BINARY(16))")),
    }
}

pub(super) fn decimal(cell: &MysqlValue<'_>) -> Result<Decimal, Unfit> {
    const EXPECTED: &str = "a decimal number of at most 38 digits";
    if cell.value_type() != MysqlType::Numeric {
        return Err(unfit(cell, EXPECTED));
    }
    let parsed = std::str::from_utf8(cell.as_bytes()).ok().and_then(|text| text.parse().ok());
    parsed.ok_or_else(|| Unfit::text(EXPECTED, &String::from_utf8_lossy(cell.as_bytes())))
}

const MICROS_OF_DAY: i64 = 86_400_000_000;

/// Microseconds since midnight; the hours of a `TIME` go beyond a day.
fn clock(time: &MysqlTime) -> i64 {
    let seconds = (i64::from(time.hour) * 60 + i64::from(time.minute)) * 60 + i64::from(time.second);
    // The field is 32 bits wide on some systems.
    #[allow(clippy::useless_conversion, clippy::unnecessary_fallible_conversions, reason = "see above")]
    let micros = i64::try_from(time.second_part).unwrap_or(0);
    seconds * 1_000_000 + micros
}

/// Days since 1970-01-01, for the dates that are in the calendar: `0000-00-00` is not.
fn days(time: &MysqlTime) -> Option<i32> {
    let (year, month, day) = (i32::try_from(time.year).ok()?, time.month, time.day);
    if year > 9_999 || !(1..=12).contains(&month) || !(1..=days_of_month(year, month)).contains(&day) {
        return None;
    }
    Some(day_number(year, month, day))
}

const fn days_of_month(year: i32, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The number of a day from 1970-01-01, for years from 0 to 9999: years are counted from March, so that a leap day ends one.
const fn day_number(year: i32, month: u32, day: u32) -> i32 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    // At most 366 each.
    #[allow(clippy::cast_possible_wrap, reason = "see above")]
    let of_year = ((153 * month + 2) / 5 + day - 1) as i32;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The year, month and day of a day number; none beyond the years that MySQL keeps.
pub(crate) fn calendar(number: i32) -> Option<(u32, u32, u32)> {
    let from_march_0 = number.checked_add(719_468)?;
    let (era, of_era) = (from_march_0.div_euclid(146_097), from_march_0.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let year = era * 400 + year_of_era + i32::from(month >= 10);
    let month = if month < 10 { month + 3 } else { month - 9 };
    if !(1..=9_999).contains(&year) {
        return None;
    }
    Some((u32::try_from(year).ok()?, u32::try_from(month).ok()?, u32::try_from(day).ok()?))
}

pub(super) fn date(cell: &MysqlValue<'_>) -> Result<i32, Unfit> {
    if cell.value_type() != MysqlType::Date {
        return Err(unfit(cell, "a date"));
    }
    let read = read::<MysqlTime, st::Date>(cell, "a date")?;
    days(&read).ok_or_else(|| Unfit::value("a date", format_args!("{}-{}-{}", read.year, read.month, read.day)))
}

pub(super) fn time(cell: &MysqlValue<'_>) -> Result<i64, Unfit> {
    if cell.value_type() != MysqlType::Time {
        return Err(unfit(cell, "a time of day"));
    }
    let read = read::<MysqlTime, st::Time>(cell, "a time of day")?;
    let micros = clock(&read);
    if read.day > 0 || micros >= MICROS_OF_DAY {
        return Err(Unfit::value("a time of day", "a longer time"));
    }
    Ok(micros)
}

pub(super) fn timestamp(cell: &MysqlValue<'_>) -> Result<i64, Unfit> {
    if !matches!(cell.value_type(), MysqlType::DateTime | MysqlType::Timestamp) {
        return Err(unfit(cell, "a timestamp"));
    }
    let read = read::<MysqlTime, st::Timestamp>(cell, "a timestamp")?;
    let day = days(&read)
        .ok_or_else(|| Unfit::value("a timestamp", format_args!("{}-{}-{}", read.year, read.month, read.day)))?;
    Ok(i64::from(day) * MICROS_OF_DAY + clock(&read))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_by_the_calendar_both_ways() {
        for (number, date) in [
            (0, (1970, 1, 1)),
            (-1, (1969, 12, 31)),
            (11_016, (2000, 2, 29)),
            (-719_162, (1, 1, 1)),
            (2_932_896, (9_999, 12, 31)),
        ] {
            assert_eq!(calendar(number), Some(date));
        }
        for number in (-719_162..=2_932_896).step_by(13) {
            let (year, month, day) = calendar(number).unwrap();
            assert_eq!(day_number(i32::try_from(year).unwrap(), month, day), number);
            assert!((1..=days_of_month(i32::try_from(year).unwrap(), month)).contains(&day));
        }
        assert_eq!((calendar(-719_163), calendar(2_932_897), calendar(i32::MAX)), (None, None, None));
    }
}
