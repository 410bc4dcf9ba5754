//! Tables and helpers that the tests of every backend share.

use crate::engine::{Fetch, Output};
use crate::entity::{Cells, Collation, ColumnDef, ColumnType, Raw, Row, Rules, Table, Unfit, Value};
use crate::group::{Aggregate, Comparison, Condition, KeySet, Select};
use crate::store::{Store, StoreError};
use std::sync::Arc;

macro_rules! readers {
    ($($name:ident: $read:ident => $variant:ident;)*) => {$(
        fn $name(raw: Raw<'_>) -> Result<Value, Unfit> {
            if raw.is_null() { Ok(Value::Null) } else { raw.$read().map(Value::$variant) }
        }
    )*};
}

readers! {
    boolean: boolean => Bool; integer: integer => Int; float: float => Float; text: text => Text; bytes: bytes => Bytes;
    uuid: uuid => Uuid; decimal: decimal => Decimal; json: json => Json;
    date: date => Date; time: time => Time; timestamp: timestamp => Timestamp;
}

pub(super) const fn column(name: &'static str, ty: ColumnType, nullable: bool) -> ColumnDef {
    let value = match ty {
        ColumnType::Bool => boolean,
        ColumnType::SmallInt | ColumnType::Integer | ColumnType::BigInt => integer,
        ColumnType::Float | ColumnType::Double => float,
        ColumnType::Binary => bytes,
        ColumnType::Uuid => uuid,
        ColumnType::Decimal => decimal,
        ColumnType::Json | ColumnType::Jsonb => json,
        ColumnType::Date => date,
        ColumnType::Time => time,
        ColumnType::Timestamp | ColumnType::TimestampTz => timestamp,
        _ => text,
    };
    ColumnDef { name, ty, nullable, value }
}

pub(super) const ID: ColumnDef = column("id", ColumnType::Integer, false);
pub(super) const NAME: ColumnDef = column("na\"`me", ColumnType::Text, true);
pub(super) const BOSS: ColumnDef = column("boss", ColumnType::Integer, true);
pub(super) static PEOPLE: Table = table("Person", "per\"`son", &[ID, NAME, BOSS], &[ID]);

pub(super) const A: ColumnDef = column("a", ColumnType::BigInt, false);
pub(super) const B: ColumnDef = column("b", ColumnType::Text, false);
pub(super) const PA: ColumnDef = column("pa", ColumnType::SmallInt, false);
pub(super) const PB: ColumnDef = column("pb", ColumnType::Text, false);
pub(super) const ORD: ColumnDef = column("ord", ColumnType::Integer, true);
/// Composite on both sides: the key, and what refers to the parent.
pub(super) static NOTES: Table = table("Note", "note", &[A, B, PA, PB, ORD], &[A, B]);

pub(super) const STATUS: ColumnDef = column("status", ColumnType::Text, true);
pub(super) const HEAT: ColumnDef = column("heat", ColumnType::Integer, false);
pub(super) const REV: ColumnDef = column("rev", ColumnType::BigInt, false);
pub(super) const GRADE: ColumnDef = column("grade", ColumnType::SmallInt, true);
/// What is written in parts.
pub(super) static ITEMS: Table = table("Item", "item", &[ID, NAME, STATUS, HEAT, REV, GRADE], &[ID]);

/// What the store makes up the keys of, and a default.
pub(super) static MADE: Table = table("Made", "made", &[ID, NAME, HEAT], &[ID]);

/// A column of every type, each of which may be a key.
pub(super) static KINDS: Table = table(
    "Kind",
    "kind",
    &[
        ID,
        column("v_bool", ColumnType::Bool, true),
        column("v_small", ColumnType::SmallInt, true),
        column("v_int", ColumnType::Integer, true),
        column("v_big", ColumnType::BigInt, true),
        column("v_real", ColumnType::Float, true),
        column("v_double", ColumnType::Double, true),
        column("v_text", ColumnType::Text, true),
        column("v_blob", ColumnType::Binary, true),
        column("v_uuid", ColumnType::Uuid, true),
        column("v_decimal", ColumnType::Decimal, true),
        column("v_jsonb", ColumnType::Jsonb, true),
        #[cfg(feature = "chrono")]
        column("v_date", ColumnType::Date, true),
        #[cfg(feature = "chrono")]
        column("v_time", ColumnType::Time, true),
        #[cfg(feature = "chrono")]
        column("v_timestamp", ColumnType::Timestamp, true),
        #[cfg(feature = "chrono")]
        column("v_zoned", ColumnType::TimestampTz, true),
    ],
    &[ID],
);

const fn table(
    entity: &'static str,
    name: &'static str,
    columns: &'static [ColumnDef],
    key: &'static [ColumnDef],
) -> Table {
    Table { entity, schema: None, name, columns, key, collation: Collation::Portable, rules: &Rules::NONE }
}

fn read_aggregate(of: &Aggregate) -> fn(Raw<'_>) -> Result<Value, Unfit> {
    match of {
        Aggregate::Min(column) | Aggregate::Max(column) => column.value,
        Aggregate::Sum(column) if matches!(column.ty, ColumnType::Float | ColumnType::Double) => column.value,
        Aggregate::Sum(_) => |raw| raw.total().map(Value::Decimal),
        _ => |raw| raw.integer().map(Value::Int),
    }
}

pub(super) fn rows(store: &mut dyn Store, fetch: &Fetch) -> Result<Vec<Vec<Value>>, StoreError> {
    let readers: Vec<_> = match (&fetch.output, &fetch.keyed) {
        (Output::Columns(columns), _) => {
            let joined = fetch.joined.iter().flat_map(|joined| &joined.columns);
            columns.iter().chain(joined).map(|column| column.value).collect()
        }
        (Output::Aggregates(of), keyed) => {
            let by = keyed.as_ref().map_or(&[][..], |keyed| &keyed.by);
            by.iter().map(|column| column.value).chain(of.iter().map(read_aggregate)).collect()
        }
        (Output::Parts(by, of), _) => {
            by.iter().map(|column| column.value).chain(of.iter().map(read_aggregate)).collect()
        }
        (Output::Exists, _) => vec![boolean as _],
    };
    let mut rows = Vec::new();
    store.fetch(fetch, &mut |cells: &dyn Cells| {
        let row = readers.iter().enumerate().map(|(place, read)| Row::new(&[], cells).cell(place, read).unwrap());
        rows.push(row.collect());
    })?;
    Ok(rows)
}

pub(super) fn ids(store: &mut dyn Store, select: Select) -> Vec<i64> {
    let fetch = Fetch::new(Arc::new(select), Output::Columns(vec![ID]));
    firsts(store, &fetch)
}

/// The first cell of each row, a number.
pub(super) fn firsts(store: &mut dyn Store, fetch: &Fetch) -> Vec<i64> {
    let rows = rows(store, fetch).unwrap_or_else(|error| panic!("{error}: {}", store.explain(fetch).unwrap()));
    rows.iter().map(|row| if let Value::Int(id) = row[0] { id } else { panic!("{row:?}") }).collect()
}

pub(super) fn sorted(mut ids: Vec<i64>) -> Vec<i64> {
    ids.sort_unstable();
    ids
}

pub(super) fn compare(column: ColumnDef, how: Comparison, value: impl Into<Value>) -> Condition {
    Condition::Compare { column, how, value: value.into() }
}

pub(super) fn in_keys(columns: Vec<ColumnDef>, values: Vec<Value>) -> Condition {
    Condition::InKeys { keys: Arc::new(KeySet::new(columns.len(), values)), columns }
}

pub(super) fn int_keys(keys: impl IntoIterator<Item = i64>) -> KeySet {
    KeySet::new(1, keys.into_iter().map(Value::Int).collect())
}
