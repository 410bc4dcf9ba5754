//! Changes of rows that are found by columns that are unique, sorted into statements: which rows share one, and what of each row it is
//! given.
//!
//! Rows that write or expect different things share a statement by way of a mask: a bit for everything that only some of
//! them have. What all of them have needs none. Nothing here writes SQL.

use super::portions::Limit;
use super::shape::{Lane, Shape, Slot, Used};
use crate::edit::{Check, Delete, RowDelete, RowUpdate, Set, Update};
use crate::entity::{ColumnDef, ColumnType, Table, Value};
use crate::store::Fault;
use std::collections::BTreeSet;

/// How many bits a mask has: the sign of a `BIGINT` is none.
const BITS: usize = 62;

/// How many keys of places within documents a statement is given, unless one row has more.
const KEYS: usize = 1024;

static NULL: Value = Value::Null;

/// One row: what is written of it (nothing, if it goes), and what must be so.
#[derive(Debug, Clone, Copy)]
pub(super) struct Change<'w> {
    pub(super) key: &'w [Value],
    pub(super) sets: &'w [Set],
    pub(super) checks: &'w [Check],
    /// Its place in the write.
    pub(super) place: usize,
}

/// Rows of one table that are changed, or go.
#[derive(Debug)]
pub(super) struct Changes<'w> {
    pub(super) table: &'static Table,
    /// The columns that rows are found by: of these are the keys.
    pub(super) by: &'w [ColumnDef],
    pub(super) deletes: bool,
    pub(super) rows: Vec<Change<'w>>,
    /// The columns to answer with.
    pub(super) returning: &'w [ColumnDef],
}

/// Rows that one statement changes.
#[derive(Debug)]
pub struct Batch<'w> {
    pub(super) table: &'static Table,
    pub(super) by: &'w [ColumnDef],
    pub(super) deletes: bool,
    pub(super) rows: Vec<Change<'w>>,
    pub(super) returning: &'w [ColumnDef],
    pub(super) slots: Vec<Used<'w>>,
    pub(super) lanes: Vec<Lane>,
    masks: Vec<Value>,
}

impl<'w> Change<'w> {
    pub(super) fn slots(self) -> impl Iterator<Item = Slot<'w>> + 'w {
        self.sets.iter().map(Slot::of_set).chain(self.checks.iter().map(Slot::of_check))
    }
}

impl<'w> Changes<'w> {
    pub(super) fn updates(update: &'w Update) -> Self {
        let row =
            |(place, RowUpdate { key, sets, checks }): (usize, &'w RowUpdate)| Change { key, sets, checks, place };
        let rows = update.rows.iter().enumerate().map(row).collect();
        Self { table: update.table, by: &update.by, deletes: false, rows, returning: &update.returning }
    }

    pub(super) fn deletes(delete: &'w Delete) -> Self {
        let row = |(place, RowDelete { key, checks }): (usize, &'w RowDelete)| Change { key, sets: &[], checks, place };
        let rows = delete.rows.iter().enumerate().map(row).collect();
        Self { table: delete.table, by: &delete.by, deletes: true, rows, returning: &delete.returning }
    }

    /// Some of the rows.
    pub(super) fn some(&self, rows: Vec<Change<'w>>) -> Self {
        Self { rows, ..*self }
    }

    /// Some of the rows, without their checks, each with its place among them.
    pub(super) fn unchecked(&self, rows: &[Change<'w>]) -> Self {
        let row = |(place, row): (usize, &Change<'w>)| Change { checks: &[], place, ..*row };
        self.some(rows.iter().enumerate().map(row).collect())
    }

    /// The same rows as one batch, of which nothing but the keys is given.
    pub(super) fn keys(&self) -> Batch<'w> {
        let rows = self.rows.iter().map(|row| Change { sets: &[], checks: &[], ..*row }).collect();
        Batch::of(self, rows)
    }

    /// The columns that rows are found by, of what is checked and of the answer, each once.
    pub(super) fn columns(&self) -> Vec<ColumnDef> {
        let checked = self.rows.iter().flat_map(|row| row.checks).map(|check| &check.column);
        distinct(self.by.iter().chain(checked).chain(self.returning))
    }

    /// The statements that the rows are changed by: as few as the number of values in a mask, of rows and bytes in a
    /// statement, and triggers on columns allow. The rows of each are in the order of their keys, so that all writers take locks in one
    /// order.
    pub(super) fn batches(&self, limit: impl Fn(usize) -> Limit) -> Result<Vec<Batch<'w>>, Fault> {
        let mut rows = self.rows.clone();
        rows.sort_by(|one, other| one.key.cmp(other.key));
        if let Some(twice) = rows.windows(2).find(|pair| pair[0].key == pair[1].key) {
            let key: Vec<_> = twice[0].key.iter().map(ToString::to_string).collect();
            return Err(Fault::Unfit(format!("the key {} is written twice", key.join(", "))));
        }
        let mut batches = Vec::new();
        for rows in sharing(rows, self.table.rules.column_triggers) {
            let shape = Shape::of(self.by, &rows);
            let values = shape.lanes.len();
            let limit = limit(values);
            for chunk in limit.portions(&rows, |row| row.weight(values)) {
                // Full ones are alike, and the text of their statements is the same; what is left may be simpler.
                let shape = if chunk.len() == limit.rows.max(1) { shape.clone() } else { Shape::of(self.by, chunk) };
                batches.push(Batch::shaped(self, shape, chunk.to_vec()));
            }
        }
        Ok(batches)
    }
}

/// Rows that share a statement: those that together have few enough different slots for a mask (almost always all of
/// them), and, where columns have triggers, write the same columns.
fn sharing(rows: Vec<Change<'_>>, by_columns: bool) -> Vec<Vec<Change<'_>>> {
    let mut sorted: Vec<(Vec<Slot<'_>>, Vec<Change<'_>>)> = Vec::new();
    for row in rows {
        let slots: Vec<_> = row.slots().collect();
        let fits = |known: &Vec<Slot<'_>>| {
            let new: Vec<_> = slots.iter().filter(|slot| !known.contains(slot)).collect();
            let keys = known.iter().chain(new.iter().copied()).map(Slot::keys).sum::<usize>();
            let few = new.is_empty() || known.len() + new.len() <= BITS && keys <= KEYS;
            few && (!by_columns || written(known) == written(&slots))
        };
        match sorted.iter_mut().find(|(known, _)| fits(known)) {
            Some((known, rows)) => {
                let new: Vec<_> = slots.into_iter().filter(|slot| !known.contains(slot)).collect();
                known.extend(new);
                rows.push(row);
            }
            None => sorted.push((slots, vec![row])),
        }
    }
    sorted.into_iter().map(|(_, rows)| rows).collect()
}

/// The columns that are set, or added to.
fn written(slots: &[Slot<'_>]) -> BTreeSet<&'static str> {
    slots.iter().filter(|slot| !slot.is_check()).map(|slot| slot.column().name).collect()
}

/// Whether the statements, one after the other, come to a row whose key is less than that of one before.
pub(super) fn are_out_of_order(batches: &[Batch<'_>]) -> bool {
    batches.windows(2).any(|pair| pair[1].rows.first().map(|row| row.key) < pair[0].rows.last().map(|row| row.key))
}

pub(super) fn distinct<'c>(columns: impl Iterator<Item = &'c ColumnDef>) -> Vec<ColumnDef> {
    let mut all = Vec::new();
    for column in columns {
        if !all.contains(column) {
            all.push(*column);
        }
    }
    all
}

impl<'w> Batch<'w> {
    fn of(changes: &Changes<'w>, rows: Vec<Change<'w>>) -> Self {
        Self::shaped(changes, Shape::of(changes.by, &rows), rows)
    }

    fn shaped(changes: &Changes<'w>, shape: Shape<'w>, rows: Vec<Change<'w>>) -> Self {
        let masked = shape.slots.iter().any(|used| used.bit.is_some());
        let masks = if masked { rows.iter().map(|row| shape.mask(row)).collect() } else { Vec::new() };
        let Shape { slots, lanes } = shape;
        let Changes { table, by, deletes, returning, .. } = *changes;
        Self { table, by, deletes, returning, rows, slots, lanes, masks }
    }

    /// What is written of all rows of a selection; none, if they go.
    pub(super) fn of_all(table: &'static Table, sets: Option<&'w [Set]>) -> Self {
        let row = Change { key: &[], sets: sets.unwrap_or_default(), checks: &[], place: 0 };
        Self::of(
            &Changes { table, by: table.key, deletes: sets.is_none(), rows: Vec::new(), returning: &[] },
            vec![row],
        )
    }

    pub(super) fn is_single(&self) -> bool {
        self.rows.len() == 1
    }

    /// Whether rows are found by the key of their table.
    #[cfg(feature = "mysql")]
    pub(super) fn is_by_key(&self) -> bool {
        self.by == self.table.key
    }

    pub(super) fn is_checked(&self) -> bool {
        self.slots.iter().any(|used| used.slot.is_check())
    }

    /// The lane of the mask.
    pub(super) fn mask(&self) -> usize {
        self.by.len()
    }

    /// The column that a lane is for: what its values are bound as.
    pub(super) fn lane_of(&self, lane: usize) -> ColumnDef {
        match self.lanes[lane] {
            Lane::Key(part) => self.by[part],
            Lane::Mask => ColumnDef { name: "mask", ty: ColumnType::BigInt, ..self.by[0] },
            Lane::Slot(slot, _) => *self.slots[slot].slot.column(),
        }
    }

    /// What a row has in a lane; NULL where it has nothing.
    pub(super) fn value(&self, row: usize, lane: usize) -> &Value {
        match self.lanes[lane] {
            Lane::Key(part) => self.rows[row].key.get(part).unwrap_or(&NULL),
            Lane::Mask => &self.masks[row],
            Lane::Slot(slot, nth) => self.slots[slot].slot.value(&self.rows[row], nth).unwrap_or(&NULL),
        }
    }
}
