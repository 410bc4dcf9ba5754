//! Key sets on SQLite: a JSON array, so that the statement's text does not depend on the number of keys.
//!
//! Each part of a key is written in its column's type, since `json_each` has no affinity of its own. What JSON cannot
//! carry (byte strings, and text with a NUL) travels in one packed blob, and the array holds where each part stands.

use super::bind::Bind;
use super::json;
use super::sql::{Place, Statement, Written};
use super::sqlite_bind::{SqliteBind, bound_at};
use crate::entity::{ColumnType, Value};
use crate::group::KeySet;
use crate::store::Fault;
use std::fmt::Write as _;

/// The keys in the form that SQLite takes them.
pub(super) struct PackedKeys {
    pub(super) json: Bind,
    pub(super) parts: Vec<KeyPart>,
}

/// How one part of a key is read from a row `j` of `json_each`.
pub(super) struct KeyPart {
    /// The place of the part in the row's array; none where the row is the part.
    slot: Option<usize>,
    carried: Carried,
}

enum Carried {
    /// By the JSON itself.
    Json,
    /// By a packed blob; the array holds offset and length.
    Blob(Vec<u8>),
    /// The same, for text.
    Text(Vec<u8>),
    /// By a packed blob of UUIDs; the array holds the offset.
    Uuid(Vec<u8>),
}

impl Carried {
    fn of(ty: ColumnType, index: usize, keys: &KeySet) -> Self {
        let has_nul = |key: &[Value]| matches!(key.get(index), Some(Value::Text(text)) if text.contains('\0'));
        match ty {
            ColumnType::Uuid => Self::Uuid(Vec::with_capacity(16 * keys.len())),
            // One byte stands ahead: of a blob without any, `substr` gives NULL.
            ColumnType::Binary => Self::Blob(vec![0]),
            ColumnType::Text if keys.iter().any(has_nul) => Self::Text(vec![0]),
            _ => Self::Json,
        }
    }

    const fn slots(&self) -> usize {
        match self {
            Self::Json | Self::Uuid(_) => 1,
            Self::Blob(_) | Self::Text(_) => 2,
        }
    }

    /// Appends a part to the JSON of its key.
    fn push(&mut self, json: &mut String, place: &Place, value: &Value) -> Result<(), Fault> {
        match (self, value) {
            (Self::Json, Value::Text(text)) if place.ty == ColumnType::Text => json::push_string(json, text),
            (Self::Json, value) => push_scalar(json, place, value)?,
            (Self::Uuid(packed), Value::Uuid(uuid)) => {
                push(json, packed.len() + 1);
                packed.extend_from_slice(uuid);
            }
            (Self::Blob(packed), Value::Bytes(bytes)) => push_packed(json, packed, bytes),
            (Self::Text(packed), Value::Text(text)) => push_packed(json, packed, text.as_bytes()),
            // Says what the column takes instead.
            (_, value) => drop(bound_at(place, value)?),
        }
        Ok(())
    }
}

fn push(json: &mut String, what: impl std::fmt::Display) {
    // Writing to a `String` cannot fail.
    let _ = write!(json, "{what}");
}

fn push_packed(json: &mut String, packed: &mut Vec<u8>, bytes: &[u8]) {
    push(json, format_args!("{},{}", packed.len() + 1, bytes.len()));
    packed.extend_from_slice(bytes);
}

fn push_scalar(json: &mut String, place: &Place, value: &Value) -> Result<(), Fault> {
    match bound_at(place, value)? {
        SqliteBind::Integer(number) => push(json, number),
        SqliteBind::Bool(truth) => push(json, u8::from(truth)),
        // JSON has no infinity, but SQLite reads a number too great as one.
        SqliteBind::Real(number) if number.is_infinite() => {
            json.push_str(if number > 0.0 { "9e999" } else { "-9e999" });
        }
        SqliteBind::Real(number) => push(json, format_args!("{number:?}")),
        SqliteBind::Text(text) => json::push_string(json, &text),
        SqliteBind::Null | SqliteBind::Blob(_) => json.push_str("null"),
    }
    Ok(())
}

impl PackedKeys {
    pub(super) fn of(places: &[Place], keys: &KeySet) -> Result<Self, Fault> {
        if keys.width() != places.len() {
            let (given, wanted) = (keys.width(), places.len());
            return Err(Fault::Unfit(format!("the keys have {given} parts for {wanted} columns")));
        }
        let mut carried: Vec<_> = places.iter().enumerate().map(|(n, place)| Carried::of(place.ty, n, keys)).collect();
        let is_array = carried.iter().map(Carried::slots).sum::<usize>() > 1;
        let mut json = String::with_capacity(2 + 8 * keys.values().len());
        json.push('[');
        for (index, key) in keys.iter().enumerate() {
            json.push_str(if index > 0 { "," } else { "" });
            json.push_str(if is_array { "[" } else { "" });
            for (part, ((carried, place), value)) in carried.iter_mut().zip(places).zip(key).enumerate() {
                json.push_str(if part > 0 { "," } else { "" });
                carried.push(&mut json, place, value)?;
            }
            json.push_str(if is_array { "]" } else { "" });
        }
        json.push(']');
        let mut next = 0;
        let mut parts = Vec::with_capacity(carried.len());
        for carried in carried {
            let slot = is_array.then_some(next);
            next += carried.slots();
            parts.push(KeyPart { slot, carried });
        }
        Ok(Self { json: Bind::Sqlite(SqliteBind::Text(json)), parts })
    }
}

impl KeyPart {
    /// The part, as an expression over `j`.
    pub(super) fn write(sql: &mut Statement, part: Self) -> Written {
        let slot =
            |extra: usize| part.slot.map_or_else(|| "j.value".to_owned(), |slot| format!("j.value->>{}", slot + extra));
        let blob = |packed| Bind::Sqlite(SqliteBind::Blob(packed));
        match part.carried {
            Carried::Json => sql.text(&slot(0)),
            Carried::Uuid(packed) => sql.text("substr(").bind(blob(packed)).put(format_args!(", {}, 16)", slot(0))),
            Carried::Blob(packed) => {
                sql.text("substr(").bind(blob(packed)).put(format_args!(", {}, {})", slot(0), slot(1)))
            }
            Carried::Text(packed) => {
                sql.text("CAST(substr(").bind(blob(packed)).put(format_args!(", {}, {}) AS TEXT)", slot(0), slot(1)))
            }
        };
        Ok(())
    }
}
