//! What a column can hold: the refusals that a database makes by its column types.

use crate::entity::{ColumnDef, ColumnType, Table, Value};
use crate::store::Fault;

const DAY: i64 = 86_400_000_000;

/// Refuses a row of `table` that is not one: a value for each of `columns`.
pub(super) fn check(table: &Table, columns: &[ColumnDef], row: &[Value]) -> Result<(), Fault> {
    if row.len() != columns.len() {
        let (values, columns) = (row.len(), columns.len());
        return Err(Fault::Unfit(format!("a row of `{}` has {columns} columns, not {values}", table.name)));
    }
    columns.iter().zip(row).try_for_each(|(column, value)| check_value(column, value))
}

pub(in crate::store) fn check_value(column: &ColumnDef, value: &Value) -> Result<(), Fault> {
    let name = column.name;
    if value.is_null() {
        return if column.nullable { Ok(()) } else { Err(Fault::NotNull(name.to_owned())) };
    }
    if fits(column.ty, value) {
        return Ok(());
    }
    Err(Fault::Unfit(format!("`{name}` holds {}, not {} ({value})", expected(column.ty), value.kind())))
}

#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
pub(in crate::store) const fn is_integer(ty: ColumnType) -> bool {
    matches!(ty, ColumnType::SmallInt | ColumnType::Integer | ColumnType::BigInt)
}

/// Whether a column of type `ty` keeps `value` as it is.
fn fits(ty: ColumnType, value: &Value) -> bool {
    match (ty, value) {
        (ColumnType::SmallInt, Value::Int(v)) => i16::try_from(*v).is_ok(),
        (ColumnType::Integer, Value::Int(v)) => i32::try_from(*v).is_ok(),
        (ColumnType::Float, Value::Float(v)) => is_single(*v),
        (ColumnType::Time, Value::Time(v)) => (0..DAY).contains(v),
        (ColumnType::Bool, Value::Bool(_))
        | (ColumnType::BigInt, Value::Int(_))
        | (ColumnType::Double, Value::Float(_))
        | (ColumnType::Text, Value::Text(_))
        | (ColumnType::Binary, Value::Bytes(_))
        | (ColumnType::Date, Value::Date(_))
        | (ColumnType::Timestamp | ColumnType::TimestampTz, Value::Timestamp(_))
        | (ColumnType::Uuid, Value::Uuid(_))
        | (ColumnType::Decimal, Value::Decimal(_))
        | (ColumnType::Json | ColumnType::Jsonb, Value::Json(_)) => true,
        _ => false,
    }
}

#[allow(clippy::cast_possible_truncation, clippy::float_cmp, reason = "the question is whether anything is lost")]
fn is_single(value: f64) -> bool {
    value.is_nan() || f64::from(value as f32) == value
}

const fn expected(ty: ColumnType) -> &'static str {
    match ty {
        ColumnType::Bool => "a boolean",
        ColumnType::SmallInt => "an integer of 16 bits",
        ColumnType::Integer => "an integer of 32 bits",
        ColumnType::BigInt => "an integer",
        ColumnType::Float => "a float of 32 bits",
        ColumnType::Double => "a float",
        ColumnType::Text => "text",
        ColumnType::Binary => "a byte string",
        ColumnType::Date => "a date",
        ColumnType::Time => "a time within a day",
        ColumnType::Timestamp | ColumnType::TimestampTz => "a timestamp",
        ColumnType::Uuid => "a uuid",
        ColumnType::Decimal => "a decimal",
        ColumnType::Json | ColumnType::Jsonb => "a JSON document",
    }
}
