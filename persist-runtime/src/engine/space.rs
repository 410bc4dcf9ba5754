//! Key spaces: keys as small numbers.
//!
//! Children are stitched to parents by key, hashed, never by walking two ordered streams. Every key that leads to the
//! same columns of the same table gets one number (a slot), whichever relation it came from.

use crate::entity::{Cells, ColumnDef, ColumnType, Known, Row, Table, Unfit, Value};
use crate::group::KeySet;
use std::cell::Cell;
use std::collections::HashMap;

/// Seeded at random, so that keys chosen by a user cannot be made to collide.
type Index<K> = HashMap<K, u32, ahash::RandomState>;

/// The keys that lead to the columns `by` of `table`.
pub(super) struct Space {
    pub(super) table: &'static Table,
    pub(super) by: &'static [ColumnDef],
    keys: Keys,
}

enum Keys {
    /// One integer column: the common case, without an allocation per key.
    Ints(Ints),
    Any(Index<Box<[Value]>>, Vec<Box<[Value]>>),
}

const fn is_integer(column: &ColumnDef) -> bool {
    matches!(column.ty, ColumnType::SmallInt | ColumnType::Integer | ColumnType::BigInt)
}

/// Reads the integers that keys are made of; `columns` are those that keys are made of.
#[inline]
pub(super) fn know(columns: &[ColumnDef], cells: &dyn Cells, known: &mut Vec<Known>) {
    known.clear();
    known.extend(columns.iter().enumerate().map(|(place, column)| {
        if !is_integer(column) {
            return Known::Unread;
        }
        match cells.integer(place) {
            Ok(Some(number)) => Known::Integer(number),
            Ok(None) => Known::Null,
            // A key that does not fit is not known: whoever reads it says so, with what it was read for.
            Err(_) => Known::Unread,
        }
    }));
}

/// Integer keys, by slot.
///
/// Parents mostly come in the order of their key, and children come parent by parent: as long as keys came ascending
/// there is no index, and a key is looked for where the last one was found first.
#[derive(Default)]
struct Ints {
    keys: Vec<i64>,
    /// Empty as long as the keys are ascending.
    index: Index<i64>,
    /// The slot that was found last.
    last: Cell<u32>,
}

impl Ints {
    fn ascending(&self) -> bool {
        self.index.is_empty()
    }

    #[inline]
    fn intern(&mut self, key: i64) -> u32 {
        let next = self.keys.len() as u32;
        if self.ascending() {
            if self.keys.last().is_none_or(|last| *last < key) {
                self.keys.push(key);
                return next;
            }
            if let Some(slot) = self.find(key) {
                return slot;
            }
            self.index = self.keys.iter().copied().zip(0..).collect();
        }
        let slot = *self.index.entry(key).or_insert(next);
        if slot == next {
            self.keys.push(key);
        }
        slot
    }

    #[inline]
    fn find(&self, key: i64) -> Option<u32> {
        let last = self.last.get();
        let near = self.keys.get(last as usize..).unwrap_or_default();
        let slot = match near {
            [here, ..] if *here == key => return Some(last),
            [_, after, ..] if *after == key => last + 1,
            _ if self.ascending() => self.keys.binary_search(&key).ok()? as u32,
            _ => *self.index.get(&key)?,
        };
        self.last.set(slot);
        Some(slot)
    }
}

impl Space {
    pub(super) fn new(table: &'static Table, by: &'static [ColumnDef]) -> Self {
        let ints = matches!(by, [one] if is_integer(one));
        let keys = if ints { Keys::Ints(Ints::default()) } else { Keys::Any(Index::default(), Vec::new()) };
        Self { table, by, keys }
    }

    pub(super) fn len(&self) -> usize {
        match &self.keys {
            Keys::Ints(ints) => ints.keys.len(),
            Keys::Any(_, keys) => keys.len(),
        }
    }

    /// The slot of the key that stands at `places`, a new one if need be; none for a NULL.
    ///
    /// # Errors
    /// The number of the key's part that does not fit, and why.
    pub(super) fn intern(&mut self, row: Row<'_>, places: &[u16]) -> Result<Option<u32>, (usize, Unfit)> {
        match &mut self.keys {
            Keys::Ints(ints) => Ok(int_at(row, places)?.map(|key| ints.intern(key))),
            Keys::Any(index, keys) => {
                let Some(key) = key_at(self.by, row, places)? else { return Ok(None) };
                if let Some(slot) = index.get(&key) {
                    return Ok(Some(*slot));
                }
                let slot = keys.len() as u32;
                index.insert(key.clone(), slot);
                keys.push(key);
                Ok(Some(slot))
            }
        }
    }

    /// The slot of the key that stands at `places`, if it has one.
    ///
    /// # Errors
    /// The number of the key's part that does not fit, and why.
    #[inline]
    pub(super) fn find(&self, row: Row<'_>, places: &[u16]) -> Result<Option<u32>, (usize, Unfit)> {
        match &self.keys {
            Keys::Ints(ints) => Ok(int_at(row, places)?.and_then(|key| ints.find(key))),
            Keys::Any(index, _) => Ok(key_at(self.by, row, places)?.and_then(|key| index.get(&key).copied())),
        }
    }

    /// The key of a slot.
    pub(super) fn key(&self, slot: u32) -> Vec<Value> {
        match &self.keys {
            Keys::Ints(ints) => ints.keys.get(slot as usize).map(|key| vec![Value::Int(*key)]).unwrap_or_default(),
            Keys::Any(_, keys) => keys.get(slot as usize).map(|key| key.to_vec()).unwrap_or_default(),
        }
    }

    /// The keys of these slots.
    pub(super) fn key_set(&self, slots: &[u32]) -> KeySet {
        let mut values = Vec::with_capacity(slots.len() * self.by.len());
        for slot in slots {
            match &self.keys {
                Keys::Ints(ints) => values.push(Value::Int(ints.keys[*slot as usize])),
                Keys::Any(_, keys) => values.extend_from_slice(&keys[*slot as usize]),
            }
        }
        KeySet::new(self.by.len(), values)
    }
}

#[inline(always)]
pub(super) fn int_at(row: Row<'_>, places: &[u16]) -> Result<Option<i64>, (usize, Unfit)> {
    let place = places.first().copied().unwrap_or_default();
    match row.integer(usize::from(place)) {
        Ok(key) => Ok(key),
        Err(unfit) => Err((0, unfit)),
    }
}

pub(super) fn key_at(by: &[ColumnDef], row: Row<'_>, places: &[u16]) -> Result<Option<Box<[Value]>>, (usize, Unfit)> {
    let mut key = Vec::with_capacity(places.len());
    for (part, (column, place)) in by.iter().zip(places).enumerate() {
        let value = row.cell(usize::from(*place), column.value).map_err(|unfit| (part, unfit))?;
        if value.is_null() {
            return Ok(None);
        }
        key.push(value);
    }
    Ok(Some(key.into()))
}
