//! Values as SQLite takes them: each in one of its storage classes.

use super::render::misfit;
use super::sql::Place;
use crate::entity::{ColumnType, Excerpt, Value};
use crate::store::{Capability, Fault, Lack};
use diesel::query_builder::AstPass;
use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};
use diesel::sqlite::Sqlite;
use std::fmt;

/// A value in one of SQLite's storage classes.
#[derive(Debug)]
pub enum SqliteBind {
    Null,
    Bool(bool),
    Integer(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

impl fmt::Display for SqliteBind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("NULL"),
            Self::Bool(value) => value.fmt(f),
            Self::Integer(value) => value.fmt(f),
            Self::Real(value) => fmt::Debug::fmt(value, f),
            Self::Text(value) => Excerpt(value).fmt(f),
            Self::Blob(value) => write!(f, "{} bytes", value.len()),
        }
    }
}

impl SqliteBind {
    pub(super) fn push<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        const NULL: &Option<i64> = &None;
        match self {
            Self::Null => out.push_bind_param::<Nullable<BigInt>, _>(NULL),
            Self::Bool(value) => out.push_bind_param::<Bool, _>(value),
            Self::Integer(value) => out.push_bind_param::<BigInt, _>(value),
            Self::Real(value) => out.push_bind_param::<Double, _>(value),
            Self::Text(value) => out.push_bind_param::<Text, _>(value),
            Self::Blob(value) => out.push_bind_param::<Binary, _>(value),
        }
    }
}

#[cfg(feature = "chrono")]
fn moment(column: &str, ty: ColumnType, value: &Value) -> Result<String, Fault> {
    use crate::entity::scalar_chrono::{date_of, time_of, timestamp_of};
    let zone = if ty == ColumnType::TimestampTz { "+00:00" } else { "" };
    // Diesel's own forms: whoever else writes this database with Diesel writes the same text.
    let text = match value {
        Value::Date(day) => date_of(*day).map(|date| date.format("%F").to_string()),
        Value::Time(micros) => time_of(*micros).map(|time| time.format("%T%.f").to_string()),
        Value::Timestamp(micros) => timestamp_of(*micros).map(|at| format!("{}{zone}", at.format("%F %T%.f"))),
        _ => None,
    };
    text.ok_or_else(|| Fault::Unfit(format!("`{column}` cannot hold {value}")))
}

#[cfg(not(feature = "chrono"))]
fn moment(_: &str, _: ColumnType, _: &Value) -> Result<String, Fault> {
    Err(Fault::Unsupported("keep dates and times on SQLite without the feature `chrono` of persist".to_owned()))
}

pub(super) fn bound(column: &str, ty: ColumnType, value: &Value) -> Result<SqliteBind, Fault> {
    use ColumnType as Type;
    Ok(match (ty, value) {
        (_, Value::Null) => SqliteBind::Null,
        (Type::Bool, Value::Bool(v)) => SqliteBind::Bool(*v),
        (Type::SmallInt | Type::Integer | Type::BigInt, Value::Int(v)) => SqliteBind::Integer(*v),
        (Type::Float | Type::Double, Value::Float(v)) if v.is_nan() => {
            return Err(Lack::of(Capability::Nan).in_column(column).fault());
        }
        (Type::Float | Type::Double, Value::Float(v)) => SqliteBind::Real(*v),
        (Type::Text, Value::Text(v)) | (Type::Json | Type::Jsonb, Value::Json(v)) => SqliteBind::Text(v.clone()),
        (Type::Binary, Value::Bytes(v)) => SqliteBind::Blob(v.clone()),
        (Type::Uuid, Value::Uuid(v)) => SqliteBind::Blob(v.to_vec()),
        (Type::Decimal, Value::Decimal(v)) => SqliteBind::Text(v.to_string()),
        (Type::Date, Value::Date(_)) | (Type::Time, Value::Time(_)) => SqliteBind::Text(moment(column, ty, value)?),
        (Type::Timestamp | Type::TimestampTz, Value::Timestamp(_)) => SqliteBind::Text(moment(column, ty, value)?),
        (ty, _) => return Err(misfit(column, &format!("{ty:?}"), value)),
    })
}

/// A value as it is bound for the column at `place`.
pub(super) fn bound_at(place: &Place, value: &Value) -> Result<SqliteBind, Fault> {
    bound(place.name(), place.ty, value)
}
