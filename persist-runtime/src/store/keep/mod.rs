//! The meaning of a [`Write`], over rows in hand: the reference that every other store is held to.
//!
//! A store that keeps neutral rows implements [`Keep`], finds, puts and removes single rows, and leaves the rest to
//! [`write()`]: checks, sums, what a column can hold, which rows a selection means. Everything that can be refused is refused
//! before the first row is put.
//!
//! Nothing here keeps rows or knows where they go.

pub(super) mod fits;

use super::scan::{Rows, answer};
use super::{Fault, StoreError};
use crate::edit::{Check, Insert, Outcome, RowDelete, RowUpdate, Set, To, Write};
use crate::engine::{Fetch, Output};
use crate::entity::{Cells, ColumnDef, ColumnType, Raw, Table, Value};
use crate::group::{Select, names};
use ahash::{AHashMap, AHashSet};
use std::sync::Arc;

/// A place that keeps rows by table: what a store hands over for [`write()`] to work on.
///
/// The example at [`Store`](crate::Store) is one.
pub trait Keep: Rows {
    /// The row of this key: a value for each column of `table`, in order.
    ///
    /// # Errors
    /// When the table cannot be read.
    fn find(&self, table: &'static Table, key: &[Value]) -> Result<Option<Vec<Value>>, StoreError>;

    /// Keeps these cells in the row of this key, beside those that it has; a row that is not there begins with them.
    ///
    /// # Errors
    /// When the table cannot be written.
    fn put(&mut self, table: &'static Table, key: &[Value], cells: &[(ColumnDef, Value)]) -> Result<(), StoreError>;

    /// Forgets the row of this key.
    ///
    /// # Errors
    /// When the table cannot be written.
    fn remove(&mut self, table: &'static Table, key: &[Value]) -> Result<(), StoreError>;

    /// The value of a column of a new row that does not give it: the next number for a key, perhaps.
    ///
    /// # Errors
    /// When there is no such value; that is so unless said otherwise.
    fn generate(&mut self, table: &'static Table, column: &ColumnDef) -> Result<Value, StoreError> {
        let words = format!("make up a value for `{}`", column.name);
        Err(StoreError::new(table.entity, "inserting", Fault::Unsupported(words)))
    }
}

/// What becomes of one row.
enum Act {
    /// Its key, its cells that change, and all its cells afterwards.
    Put(Vec<Value>, Vec<(ColumnDef, Value)>, Vec<Value>),
    Remove(Vec<Value>),
}

/// Does what `write` says, all or nothing, and tells what became of each row.
///
/// # Errors
/// When a row is refused, with what a database with the entity's schema would say ([`Fault::Duplicate`],
/// [`Fault::NotNull`], [`Fault::Unfit`]); when `keep` cannot be read or written.
pub fn write(keep: &mut dyn Keep, write: &Write) -> Result<Vec<Outcome>, StoreError> {
    let table = write.table();
    let failed = |fault| StoreError::new(table.entity, write.doing(), fault);
    let mut plan = Plan { table, acts: Vec::new(), outcomes: Vec::new() };
    match write {
        Write::Insert(insert) => plan.insert(keep, insert, &failed)?,
        Write::Update(update) => {
            for row in &update.rows {
                plan.update(keep, row, &update.returning, &failed)?;
            }
        }
        Write::Delete(delete) => {
            for row in &delete.rows {
                plan.delete(keep, row, &delete.returning)?;
            }
        }
        Write::UpdateAll(update) => {
            for key in keys_of(&*keep, &update.select)? {
                let row = RowUpdate { key, sets: update.sets.clone(), checks: Vec::new() };
                plan.update(keep, &row, &[], &failed)?;
            }
        }
        Write::DeleteAll(delete) => {
            for key in keys_of(&*keep, &delete.select)? {
                plan.delete(keep, &RowDelete { key, checks: Vec::new() }, &[])?;
            }
        }
    }
    plan.check_unique(&*keep, &failed)?;
    if let Write::UpdateAll(_) | Write::DeleteAll(_) = write {
        plan.outcomes = vec![Outcome::Rows(plan.acts.len() as u64)];
    }
    for act in &plan.acts {
        match act {
            Act::Put(key, cells, _) => keep.put(table, key, cells)?,
            Act::Remove(key) => keep.remove(table, key)?,
        }
    }
    Ok(plan.outcomes)
}

struct Plan {
    table: &'static Table,
    acts: Vec<Act>,
    outcomes: Vec<Outcome>,
}

type Failed<'f> = &'f dyn Fn(Fault) -> StoreError;

impl Plan {
    fn insert(&mut self, keep: &mut dyn Keep, insert: &Insert, failed: Failed<'_>) -> Result<(), StoreError> {
        let table = self.table;
        let missing: Vec<_> = table.columns.iter().filter(|column| !insert.columns.contains(column)).collect();
        let mut fresh = AHashSet::new();
        for row in &insert.rows {
            fits::check(table, &insert.columns, row).map_err(failed)?;
            let mut cells: Vec<_> = insert.columns.iter().copied().zip(row.iter().cloned()).collect();
            for column in &missing {
                cells.push((**column, keep.generate(table, column)?));
            }
            let whole: Vec<_> = table.columns.iter().map(|column| cell(&cells, column)).collect();
            let key = key_of(table, &whole);
            if let Some(column) = table.key.iter().zip(&key).find_map(|(column, part)| part.is_null().then_some(column))
            {
                return Err(failed(Fault::NotNull(column.name.to_owned())));
            }
            if keep.find(table, &key)?.is_some() || !fresh.insert(key.clone()) {
                return Err(failed(Fault::Duplicate(names(table.key))));
            }
            self.outcomes.push(Outcome::Done(chosen(table, &whole, &insert.returning)));
            self.acts.push(Act::Put(key, cells, whole));
        }
        Ok(())
    }

    fn update(
        &mut self,
        keep: &dyn Keep,
        row: &RowUpdate,
        returning: &[ColumnDef],
        failed: Failed<'_>,
    ) -> Result<(), StoreError> {
        let table = self.table;
        let Some(mut whole) = keep.find(table, &row.key)? else {
            self.outcomes.push(Outcome::Gone);
            return Ok(());
        };
        if !all_hold(table, &whole, &row.checks) {
            self.outcomes.push(Outcome::Missed(chosen(table, &whole, returning)));
            return Ok(());
        }
        let mut cells = Vec::with_capacity(row.sets.len());
        for Set { column, to } in &row.sets {
            let Some(place) = table.columns.iter().position(|known| known == column) else {
                return Err(failed(Fault::MissingColumn(column.name.to_owned())));
            };
            let value = match to {
                To::Value(value) => value.clone(),
                To::Plus(more) => plus(column, &whole[place], more).map_err(failed)?,
            };
            fits::check_value(column, &value).map_err(|fault| failed(refused(to, column, fault)))?;
            whole[place] = value.clone();
            cells.push((*column, value));
        }
        self.outcomes.push(Outcome::Done(chosen(table, &whole, returning)));
        self.acts.push(Act::Put(row.key.clone(), cells, whole));
        Ok(())
    }

    fn delete(&mut self, keep: &dyn Keep, row: &RowDelete, returning: &[ColumnDef]) -> Result<(), StoreError> {
        let outcome = match keep.find(self.table, &row.key)? {
            None => Outcome::Gone,
            Some(whole) if all_hold(self.table, &whole, &row.checks) => {
                self.acts.push(Act::Remove(row.key.clone()));
                Outcome::Done(Vec::new())
            }
            Some(whole) => Outcome::Missed(chosen(self.table, &whole, returning)),
        };
        self.outcomes.push(outcome);
        Ok(())
    }

    /// Refuses rows that share what no two rows may share. Rows with NULL in it share nothing.
    fn check_unique(&self, keep: &dyn Keep, failed: Failed<'_>) -> Result<(), StoreError> {
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
                    return Err(failed(Fault::Duplicate(names(unique))));
                }
            }
        }
        Ok(())
    }
}

fn cell(cells: &[(ColumnDef, Value)], column: &ColumnDef) -> Value {
    cells.iter().find(|(known, _)| known == column).map_or(Value::Null, |(_, value)| value.clone())
}

/// The cells of these columns of a whole row.
fn chosen(table: &Table, whole: &[Value], columns: &[ColumnDef]) -> Vec<Value> {
    let cell = |column: &ColumnDef| {
        let place = table.columns.iter().position(|known| known == column);
        place.and_then(|place| whole.get(place)).cloned().unwrap_or(Value::Null)
    };
    columns.iter().map(cell).collect()
}

fn key_of(table: &Table, whole: &[Value]) -> Vec<Value> {
    chosen(table, whole, table.key)
}

fn all_hold(table: &Table, whole: &[Value], checks: &[Check]) -> bool {
    let columns: Vec<_> = checks.iter().map(|check| check.column).collect();
    checks.iter().zip(chosen(table, whole, &columns)).all(|(check, value)| check.test.holds(&value))
}

/// The rows of `select`, by their keys.
fn keys_of(keep: &dyn Keep, select: &Arc<Select>) -> Result<Vec<Vec<Value>>, StoreError> {
    read(keep, Arc::clone(select), select.table.key)
}

fn rows_of(keep: &dyn Keep, table: &'static Table) -> Result<Vec<Vec<Value>>, StoreError> {
    read(keep, Arc::new(Select::all(table)), table.columns)
}

fn read(keep: &dyn Keep, select: Arc<Select>, columns: &[ColumnDef]) -> Result<Vec<Vec<Value>>, StoreError> {
    let mut rows = Vec::new();
    let mut sink = |cells: &dyn Cells| {
        let cell = |(place, column): (usize, &ColumnDef)| {
            let mut value = Value::Null;
            cells.see(place, &mut |raw: Raw<'_>| value = (column.value)(raw).unwrap_or(Value::Null));
            value
        };
        rows.push(columns.iter().enumerate().map(cell).collect());
    };
    answer(keep, &Fetch::new(select, Output::Columns(columns.to_vec())), &mut sink)?;
    Ok(rows)
}

/// Why a column does not hold a value: a sum is too great for it.
fn refused(to: &To, column: &ColumnDef, fault: Fault) -> Fault {
    match to {
        To::Plus(_) => Fault::OutOfRange(column.name.to_owned()),
        To::Value(_) => fault,
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
