//! What a write does to single rows, thought out before the first is put.

use super::found::Found;
use super::{Failed, Keep, chosen, fits, rows_of};
use crate::edit::{Check, Insert, Outcome, RowDelete, RowUpdate, Set, To, Upsert};
use crate::entity::{ColumnDef, ColumnType, Table, Value};
use crate::group::names;
use crate::store::{Fault, StoreError};
use ahash::{AHashMap, AHashSet};

/// What becomes of one row.
enum Act {
    /// Its key, its cells that change, and all its cells afterwards.
    Put(Vec<Value>, Vec<(ColumnDef, Value)>, Vec<Value>),
    Remove(Vec<Value>),
}

/// The rows of a table that will be put or removed, and what is told of each that was named.
pub(super) struct Plan<'f> {
    table: &'static Table,
    failed: Failed<'f>,
    acts: Vec<Act>,
    outcomes: Vec<Outcome>,
    /// The keys of new rows.
    fresh: AHashSet<Vec<Value>>,
}

impl<'f> Plan<'f> {
    pub(super) fn of(table: &'static Table, failed: Failed<'f>) -> Self {
        Self { table, failed, acts: Vec::new(), outcomes: Vec::new(), fresh: AHashSet::new() }
    }

    fn refused(&self, fault: Fault) -> StoreError {
        (self.failed)(fault)
    }

    pub(super) fn insert(&mut self, keep: &mut dyn Keep, insert: &Insert) -> Result<(), StoreError> {
        fits::check_upsert(insert).map_err(self.failed)?;
        let upsert = insert.upsert.as_ref();
        let found = upsert.map(|upsert| Found::by(&*keep, self.table, &upsert.by, self.failed)).transpose()?;
        for row in &insert.rows {
            fits::check(self.table, &insert.columns, row).map_err(self.failed)?;
            let cells: Vec<_> = insert.columns.iter().copied().zip(row.iter().cloned()).collect();
            if let (Some(upsert), Some(found)) = (upsert, &found) {
                let by: Vec<_> = upsert.by.iter().map(|column| cell(&cells, column)).collect();
                if let Some(whole) = found.row(&*keep, &by)? {
                    self.taken(whole, &cells, upsert, &insert.returning);
                    continue;
                }
            }
            self.add(keep, cells, &insert.returning)?;
        }
        Ok(())
    }

    /// A new row.
    fn add(
        &mut self,
        keep: &mut dyn Keep,
        mut cells: Vec<(ColumnDef, Value)>,
        returning: &[ColumnDef],
    ) -> Result<(), StoreError> {
        let table = self.table;
        for column in table.columns {
            if !cells.iter().any(|(given, _)| given == column) {
                cells.push((*column, keep.generate(table, column)?));
            }
        }
        let whole: Vec<_> = table.columns.iter().map(|column| cell(&cells, column)).collect();
        let key = key_of(table, &whole);
        if let Some((column, _)) = table.key.iter().zip(&key).find(|(_, part)| part.is_null()) {
            return Err(self.refused(Fault::NotNull(column.name.to_owned())));
        }
        if keep.find(table, &key)?.is_some() || !self.fresh.insert(key.clone()) {
            return Err(self.refused(Fault::Duplicate(names(table.key))));
        }
        self.outcomes.push(Outcome::Done(chosen(table, &whole, returning)));
        self.acts.push(Act::Put(key, cells, whole));
        Ok(())
    }

    /// A new row whose place `whole` has.
    fn taken(&mut self, mut whole: Vec<Value>, new: &[(ColumnDef, Value)], upsert: &Upsert, returning: &[ColumnDef]) {
        let table = self.table;
        if upsert.sets.is_empty() || !all_hold(table, &whole, &upsert.checks) {
            self.outcomes.push(Outcome::Missed(chosen(table, &whole, returning)));
            return;
        }
        let cells: Vec<_> = upsert.sets.iter().map(|column| (*column, cell(new, column))).collect();
        for (place, column) in table.columns.iter().enumerate() {
            if upsert.sets.contains(column) {
                whole[place] = cell(&cells, column);
            }
        }
        self.outcomes.push(Outcome::Done(chosen(table, &whole, returning)));
        self.acts.push(Act::Put(key_of(table, &whole), cells, whole));
    }

    pub(super) fn update(
        &mut self,
        found: Option<Vec<Value>>,
        row: &RowUpdate,
        returning: &[ColumnDef],
    ) -> Result<(), StoreError> {
        let table = self.table;
        let Some(mut whole) = found else {
            self.outcomes.push(Outcome::Gone);
            return Ok(());
        };
        if !all_hold(table, &whole, &row.checks) {
            self.outcomes.push(Outcome::Missed(chosen(table, &whole, returning)));
            return Ok(());
        }
        let key = key_of(table, &whole);
        let mut cells = Vec::with_capacity(row.sets.len());
        for Set { column, to } in &row.sets {
            let Some(place) = table.columns.iter().position(|known| known == column) else {
                return Err(self.refused(Fault::MissingColumn(column.name.to_owned())));
            };
            let value = match to {
                To::Plus(more) => plus(column, &whole[place], more).map_err(self.failed)?,
                to => to.of(&whole[place]),
            };
            fits::check_value(column, &value).map_err(|fault| self.refused(refused(to, column, fault)))?;
            whole[place] = value.clone();
            cells.push((*column, value));
        }
        self.outcomes.push(Outcome::Done(chosen(table, &whole, returning)));
        self.acts.push(Act::Put(key, cells, whole));
        Ok(())
    }

    pub(super) fn delete(&mut self, found: Option<Vec<Value>>, row: &RowDelete, returning: &[ColumnDef]) {
        let outcome = match found {
            None => Outcome::Gone,
            Some(whole) if all_hold(self.table, &whole, &row.checks) => {
                self.acts.push(Act::Remove(key_of(self.table, &whole)));
                Outcome::Done(Vec::new())
            }
            Some(whole) => Outcome::Missed(chosen(self.table, &whole, returning)),
        };
        self.outcomes.push(outcome);
    }

    /// Refuses rows that share what no two rows may share. Rows with NULL in it share nothing.
    pub(super) fn check_unique(&self, keep: &dyn Keep) -> Result<(), StoreError> {
        let table = self.table;
        if table.rules.unique.is_empty() || self.acts.is_empty() {
            return Ok(());
        }
        let mut after: AHashMap<_, _> = AHashMap::new();
        for act in &self.acts {
            match act {
                Act::Put(key, _, whole) => after.insert(key.clone(), Some(whole.as_slice())),
                Act::Remove(key) => after.insert(key.clone(), None),
            };
        }
        let kept = rows_of(keep, table)?;
        for unique in table.rules.unique {
            let values = |row: &[Value]| {
                let values = chosen(table, row, unique);
                (!values.iter().any(Value::is_null)).then_some(values)
            };
            let untouched = kept.iter().filter(|row| !after.contains_key(&key_of(table, row)));
            let mut taken: AHashSet<_> = untouched.filter_map(|row| values(row)).collect();
            for row in after.values().copied().flatten() {
                if values(row).is_some_and(|values| !taken.insert(values)) {
                    return Err(self.refused(Fault::Duplicate(names(unique))));
                }
            }
        }
        Ok(())
    }

    /// Puts and removes the rows; gives how many those were, and what is told of each.
    pub(super) fn put(self, keep: &mut dyn Keep) -> Result<(usize, Vec<Outcome>), StoreError> {
        for act in &self.acts {
            match act {
                Act::Put(key, cells, _) => keep.put(self.table, key, cells)?,
                Act::Remove(key) => keep.remove(self.table, key)?,
            }
        }
        Ok((self.acts.len(), self.outcomes))
    }
}

fn cell(cells: &[(ColumnDef, Value)], column: &ColumnDef) -> Value {
    cells.iter().find(|(known, _)| known == column).map_or(Value::Null, |(_, value)| value.clone())
}

fn key_of(table: &Table, whole: &[Value]) -> Vec<Value> {
    chosen(table, whole, table.key)
}

fn all_hold(table: &Table, whole: &[Value], checks: &[Check]) -> bool {
    let columns: Vec<_> = checks.iter().map(|check| check.column).collect();
    checks.iter().zip(chosen(table, whole, &columns)).all(|(check, value)| check.test.holds(&value))
}

/// Why a column does not hold a value: a sum is too great for it.
fn refused(to: &To, column: &ColumnDef, fault: Fault) -> Fault {
    match to {
        To::Plus(_) => Fault::OutOfRange(column.name.to_owned()),
        _ => fault,
    }
}

/// The sum of what a column holds and `more`.
fn plus(column: &ColumnDef, held: &Value, more: &Value) -> Result<Value, Fault> {
    let numbers = matches!(held, Value::Int(_) | Value::Float(_) | Value::Decimal(_));
    if !numbers || held.kind() != more.kind() {
        let (name, kind) = (column.name, held.kind());
        return Err(Fault::Unfit(format!("{} cannot be added to `{name}`, which holds {kind}", more.kind())));
    }
    let sum = held.checked_add(more).ok_or_else(|| Fault::OutOfRange(column.name.to_owned()))?;
    match column.ty {
        #[allow(clippy::cast_possible_truncation, reason = "the column is a 32-bit float")]
        ColumnType::Float => match sum {
            Value::Float(sum) => Ok(Value::Float(f64::from(sum as f32))),
            other => Ok(other),
        },
        _ => Ok(sum),
    }
}
