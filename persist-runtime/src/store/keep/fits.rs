//! What a column can hold: the refusals that a database makes by its column types.

use crate::edit::{Insert, Upsert};
use crate::entity::{ColumnDef, ColumnType, Table, Value};
use crate::group::names;
use crate::store::Fault;
use ahash::AHashSet;

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

/// Refuses an upsert whose rows cannot be told from one another, or that sets what is not given or what must stay.
pub(in crate::store) fn check_upsert(insert: &Insert) -> Result<(), Fault> {
    let Some(Upsert { by, sets, .. }) = &insert.upsert else { return Ok(()) };
    let place = |column: &ColumnDef| {
        let place = insert.columns.iter().position(|given| given == column);
        place.ok_or_else(|| Fault::Unfit(format!("`{}` is not given for new rows that may be there", column.name)))
    };
    let places = by.iter().map(place).collect::<Result<Vec<_>, _>>()?;
    if places.is_empty() {
        return Err(Fault::Unfit("new rows that may be there are found by no column".to_owned()));
    }
    for column in sets {
        place(column)?;
        if by.contains(column) || insert.table.key.contains(column) {
            return Err(Fault::Unfit(format!("`{}` is what a row is found by: it cannot be set", column.name)));
        }
    }
    let mut rows = AHashSet::with_capacity(insert.rows.len());
    for row in &insert.rows {
        let values: Vec<_> = places.iter().map(|place| row.get(*place).unwrap_or(&Value::Null)).collect();
        if let Some((column, _)) = by.iter().zip(&values).find(|(_, value)| value.is_null()) {
            return Err(Fault::NotNull(column.name.to_owned()));
        }
        if !rows.insert(values) {
            return Err(Fault::Unfit(format!("two new rows have the same {}", names(by))));
        }
    }
    Ok(())
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
