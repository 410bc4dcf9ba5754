//! The meaning of a [`Write`], over rows in hand: the reference that every other store is held to.
//!
//! A store that keeps neutral rows implements [`Keep`], finds, puts and removes single rows, and leaves the rest to
//! [`write()`]: checks, sums, what a column can hold, which rows a selection means. Everything that can be refused is refused
//! before the first row is put.
//!
//! Nothing here keeps rows or knows where they go.

pub(super) mod fits;
mod found;
mod plan;

use super::scan::{Rows, answer};
use super::{Capability, Fault, Lack, StoreError};
use crate::edit::{Outcome, RowDelete, RowUpdate, Write};
use crate::engine::{Fetch, Output};
use crate::entity::{Cells, ColumnDef, Raw, Table, Value};
use crate::group::Select;
use found::Found;
use plan::Plan;
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
        let lack = Lack::of(Capability::GeneratedKeys).in_column(column.name);
        Err(StoreError::lacks(table.entity, "inserting", lack))
    }
}

/// Does what `write` says, all or nothing, and tells what became of each row.
///
/// # Errors
/// When a row is refused, with what a database with the entity's schema would say ([`Fault::Duplicate`],
/// [`Fault::NotNull`], [`Fault::Unfit`]); when `keep` cannot be read or written.
pub fn write(keep: &mut dyn Keep, write: &Write) -> Result<Vec<Outcome>, StoreError> {
    let table = write.table();
    let failed = |fault| StoreError::new(table.entity, write.doing(), fault);
    let mut plan = Plan::of(table, &failed);
    match write {
        Write::Insert(insert) => plan.insert(keep, insert)?,
        Write::Update(update) => {
            let found = Found::by(&*keep, table, &update.by, &failed)?;
            for row in &update.rows {
                plan.update(found.row(&*keep, &row.key)?, row, &update.returning)?;
            }
        }
        Write::Delete(delete) => {
            let found = Found::by(&*keep, table, &delete.by, &failed)?;
            for row in &delete.rows {
                plan.delete(found.row(&*keep, &row.key)?, row, &delete.returning);
            }
        }
        Write::UpdateAll(update) => {
            for key in keys_of(&*keep, &update.select)? {
                let found = keep.find(table, &key)?;
                plan.update(found, &RowUpdate { key, sets: update.sets.clone(), checks: Vec::new() }, &[])?;
            }
        }
        Write::DeleteAll(delete) => {
            for key in keys_of(&*keep, &delete.select)? {
                plan.delete(keep.find(table, &key)?, &RowDelete { key, checks: Vec::new() }, &[]);
            }
        }
    }
    plan.check_unique(&*keep)?;
    let (written, outcomes) = plan.put(keep)?;
    match write {
        Write::UpdateAll(_) | Write::DeleteAll(_) => Ok(vec![Outcome::Rows(written as u64)]),
        _ => Ok(outcomes),
    }
}

/// What a store that refuses a write says.
type Failed<'f> = &'f dyn Fn(Fault) -> StoreError;

/// The cells of these columns of a whole row.
fn chosen(table: &Table, whole: &[Value], columns: &[ColumnDef]) -> Vec<Value> {
    let cell = |column: &ColumnDef| {
        let place = table.columns.iter().position(|known| known == column);
        place.and_then(|place| whole.get(place)).cloned().unwrap_or(Value::Null)
    };
    columns.iter().map(cell).collect()
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
