//! Values as MySQL takes them.

use super::render::misfit;
use crate::entity::{ColumnType, Decimal, Excerpt, Value, raw_mysql::calendar};
use crate::store::{Capability, Fault, Lack};
use diesel::mysql::Mysql;
use diesel::mysql::data_types::{MysqlTime, MysqlTimestampType};
use diesel::query_builder::AstPass;
use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Binary, Bool, Date, Datetime, Double, Nullable, Text, Time};
use std::fmt;

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

/// A value on its way to MySQL.
#[derive(Debug)]
pub enum MysqlBind {
    Null,
    Bool(bool),
    Integer(i64),
    Double(f64),
    /// Text, JSON, decimals and key sets.
    Text(String),
    Binary(Vec<u8>),
    Date(MysqlTime),
    Time(MysqlTime),
    Timestamp(MysqlTime),
}

impl MysqlBind {
    pub(super) fn push<'b>(&'b self, mut out: AstPass<'_, 'b, Mysql>) -> QueryResult<()> {
        const NULL: &Option<i64> = &None;
        match self {
            Self::Null => out.push_bind_param::<Nullable<BigInt>, _>(NULL),
            Self::Bool(value) => out.push_bind_param::<Bool, _>(value),
            Self::Integer(value) => out.push_bind_param::<BigInt, _>(value),
            Self::Double(value) => out.push_bind_param::<Double, _>(value),
            Self::Text(value) => out.push_bind_param::<Text, _>(value),
            Self::Binary(value) => out.push_bind_param::<Binary, _>(value),
            Self::Date(value) => out.push_bind_param::<Date, _>(value),
            Self::Time(value) => out.push_bind_param::<Time, _>(value),
            Self::Timestamp(value) => out.push_bind_param::<Datetime, _>(value),
        }
    }

    /// How long it is on its way, at most.
    pub(super) const fn bytes(&self) -> usize {
        // A length goes before it, and a type.
        match self {
            Self::Text(text) => text.len() + 11,
            Self::Binary(bytes) => bytes.len() + 11,
            _ => 15,
        }
    }

    /// The value as a literal of JSON, but for text and byte strings.
    pub(super) fn plain(&self) -> String {
        match self {
            Self::Bool(value) => u8::from(*value).to_string(),
            Self::Integer(value) => value.to_string(),
            Self::Double(value) => format!("{value:?}"),
            Self::Date(_) | Self::Time(_) | Self::Timestamp(_) => format!("\"{self}\""),
            Self::Null | Self::Text(_) | Self::Binary(_) => "null".to_owned(),
        }
    }
}

impl fmt::Display for MysqlBind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date =
            |f: &mut fmt::Formatter<'_>, at: &MysqlTime| write!(f, "{:04}-{:02}-{:02}", at.year, at.month, at.day);
        let time = |f: &mut fmt::Formatter<'_>, at: &MysqlTime| {
            write!(f, "{:02}:{:02}:{:02}.{:06}", at.hour, at.minute, at.second, at.second_part)
        };
        match self {
            Self::Null => f.write_str("NULL"),
            Self::Bool(value) => value.fmt(f),
            Self::Integer(value) => value.fmt(f),
            Self::Double(value) => fmt::Debug::fmt(value, f),
            Self::Text(value) => Excerpt(value).fmt(f),
            Self::Binary(value) => write!(f, "{} bytes", value.len()),
            Self::Date(at) => date(f, at),
            Self::Time(at) => time(f, at),
            Self::Timestamp(at) => {
                date(f, at)?;
                f.write_str(" ")?;
                time(f, at)
            }
        }
    }
}

/// A moment of the calendar and of the day; none where MySQL cannot keep it.
fn moment(days: i32, micros: i64, kind: MysqlTimestampType) -> Option<MysqlTime> {
    let has_date = kind != MysqlTimestampType::MYSQL_TIMESTAMP_TIME;
    let (year, month, day) = if has_date { calendar(days)? } else { (0, 0, 0) };
    let unit = |of: i64, most: i64| u32::try_from(micros / of % most).ok();
    let (hour, minute, second) = (unit(3_600 * SECOND, 24)?, unit(60 * SECOND, 60)?, unit(SECOND, 60)?);
    let fraction = u32::try_from(micros % SECOND).ok()?;
    Some(MysqlTime::new(year, month, day, hour, minute, second, fraction.into(), false, kind, 0))
}

fn date(value: &Value) -> Option<MysqlBind> {
    let Value::Date(days) = value else { return None };
    moment(*days, 0, MysqlTimestampType::MYSQL_TIMESTAMP_DATE).map(MysqlBind::Date)
}

fn time(value: &Value) -> Option<MysqlBind> {
    let Value::Time(micros) = value else { return None };
    let of_day = (0..DAY).contains(micros).then_some(*micros)?;
    moment(0, of_day, MysqlTimestampType::MYSQL_TIMESTAMP_TIME).map(MysqlBind::Time)
}

fn timestamp(value: &Value) -> Option<MysqlBind> {
    let Value::Timestamp(micros) = value else { return None };
    let days = i32::try_from(micros.div_euclid(DAY)).ok()?;
    moment(days, micros.rem_euclid(DAY), MysqlTimestampType::MYSQL_TIMESTAMP_DATETIME).map(MysqlBind::Timestamp)
}

/// A value as it is bound for a column.
pub(super) fn bound(column: &str, ty: ColumnType, value: &Value) -> Result<MysqlBind, Fault> {
    use ColumnType as Type;
    let unfit = || Fault::Unfit(format!("`{column}` cannot hold {value}"));
    Ok(match (ty, value) {
        (_, Value::Null) => MysqlBind::Null,
        (Type::Bool, Value::Bool(v)) => MysqlBind::Bool(*v),
        (Type::SmallInt | Type::Integer | Type::BigInt, Value::Int(v)) => MysqlBind::Integer(*v),
        (Type::Float | Type::Double, Value::Float(v)) if !v.is_finite() => {
            let lacking = if v.is_nan() { Capability::Nan } else { Capability::Infinity };
            return Err(Lack::of(lacking).in_column(column).fault());
        }
        (Type::Float | Type::Double, Value::Float(v)) => MysqlBind::Double(*v),
        (Type::Text, Value::Text(v)) | (Type::Json | Type::Jsonb, Value::Json(v)) => MysqlBind::Text(v.clone()),
        (Type::Binary, Value::Bytes(v)) => MysqlBind::Binary(v.clone()),
        (Type::Uuid, Value::Uuid(v)) => MysqlBind::Binary(v.to_vec()),
        (Type::Decimal, Value::Decimal(v)) => MysqlBind::Text(v.to_string()),
        (Type::Date, Value::Date(_)) => date(value).ok_or_else(unfit)?,
        (Type::Time, Value::Time(_)) => time(value).ok_or_else(unfit)?,
        (Type::Timestamp | Type::TimestampTz, Value::Timestamp(_)) => timestamp(value).ok_or_else(unfit)?,
        (ty, _) => return Err(misfit(column, &format!("{ty:?}"), value)),
    })
}

/// The type that holds decimals of a scale exactly. MySQL has 65 digits, MariaDB up to 38 of them behind the point.
pub(super) fn decimal_type(scale: u32) -> String {
    format!("DECIMAL(65,{scale})")
}

pub(super) const fn scale_of(value: &Value) -> u32 {
    if let Value::Decimal(decimal) = value { Decimal::scale(*decimal) } else { 0 }
}
