//! One stage of a commit: things of one kind over one table, in as few statements as they allow.

use super::commit::{Below, Commit};
use super::dependents::in_keys;
use super::edit::conflict;
use super::{Context, Error};
use crate::edit::{
    Conflict, Conflicts, Delete, Done, Insert, Item, Link, Op, Outcome, Refused, RowDelete, RowUpdate, Update, Upsert,
    Write, give, give_cells,
};
use crate::engine::KeyText;
use crate::entity::{ColumnDef, Table, Value};
use crate::group::Select;
use std::borrow::Cow;
use std::sync::Arc;

/// What a commit writes, by number: first the things of a work, then the rows that are written with them.
pub(super) struct Things<'t, 'w> {
    pub(super) items: &'t [Box<dyn Item + 'w>],
    pub(super) parts: &'t [Below],
}

/// The cells of a new row.
type Cells = Vec<(ColumnDef, Value)>;

impl Things<'_, '_> {
    pub(super) const fn len(&self) -> usize {
        self.items.len() + self.parts.len()
    }

    fn below(&self, number: usize) -> Option<&Below> {
        self.parts.get(number.checked_sub(self.items.len())?)
    }

    /// The thing that a number stands for, or is written with.
    const fn item(&self, number: usize) -> usize {
        if number < self.items.len() { number } else { self.parts[number - self.items.len()].item }
    }

    pub(super) fn table(&self, number: usize) -> &'static Table {
        self.below(number).map_or_else(|| self.items[number].table(), |below| below.part.table)
    }

    pub(super) fn columns(&self, number: usize) -> Cow<'_, [ColumnDef]> {
        self.below(number).map_or_else(|| self.items[number].columns(), |below| Cow::Borrowed(&below.part.columns))
    }

    pub(super) fn read(&self, number: usize, column: &ColumnDef) -> Option<Value> {
        self.below(number).map_or_else(|| self.items[number].read(column), |below| below.part.read(column))
    }

    pub(super) fn op(&self, number: usize, given: &[(ColumnDef, Value)]) -> Result<Op, Refused> {
        let Some(Below { part, .. }) = self.below(number) else { return self.items[number].op(given) };
        let mut op = part.op.clone();
        match &mut op {
            Op::Insert(cells) => give_cells(cells, given),
            Op::Update(row) => give(&mut row.sets, given),
            _ => {}
        }
        Ok(op)
    }

    /// The columns that its row is found by.
    fn by(&self, number: usize) -> &[ColumnDef] {
        self.below(number).map_or_else(|| self.table(number).key, |below| &below.part.by)
    }

    pub(super) fn upsert(&self, number: usize) -> Option<&Upsert> {
        self.below(number)?.part.upsert.as_ref()
    }

    /// Whether nothing is left to do if its row is not there, or there already.
    fn is_lenient(&self, number: usize) -> bool {
        self.below(number).is_some_and(|below| below.part.lenient)
    }

    /// The new rows that rows of their collections refer to.
    pub(super) fn owners(&self) -> impl Iterator<Item = Link> {
        self.parts.iter().enumerate().filter_map(|(below, Below { item, part, .. })| {
            let (owner, reference) = part.owner?;
            let first = self.parts.iter().position(|below| below.item == *item)?;
            let to = owner.map_or(*item, |nth| self.items.len() + first + nth);
            Some(Link { from: self.items.len() + below, reference, to })
        })
    }
}

/// What is stored in a column.
pub(super) fn cell(columns: &[ColumnDef], stored: Option<&Vec<Value>>, column: &ColumnDef) -> Value {
    let place = columns.iter().position(|known| known == column);
    place.and_then(|place| stored?.get(place)).cloned().unwrap_or(Value::Null)
}

/// The cells of `columns`, out of those of `returned`.
fn cells(columns: &[ColumnDef], returned: &[ColumnDef], mut stored: Vec<Value>) -> Vec<Value> {
    if returned.starts_with(columns) {
        stored.truncate(columns.len());
        return stored;
    }
    columns.iter().map(|column| cell(returned, Some(&stored), column)).collect()
}

/// Appends the columns that are not there yet.
fn add_columns<'c>(to: &mut Vec<ColumnDef>, columns: impl IntoIterator<Item = &'c ColumnDef>) {
    for column in columns {
        if !to.contains(column) {
            to.push(*column);
        }
    }
}

impl Commit {
    /// Writes things of one kind over one table.
    pub(super) fn stage(
        &mut self,
        context: &mut Context<'_>,
        things: &Things<'_, '_>,
        stage: &[usize],
    ) -> Result<(), Error> {
        let (mut inserts, mut updates, mut deletes) = (Vec::new(), Vec::new(), Vec::new());
        for number in stage.iter().copied() {
            let op = match self.ops[number].take() {
                Some(op) => op,
                None => things.op(number, &self.given(number, things))?,
            };
            match op {
                Op::Insert(cells) => inserts.push((number, cells)),
                Op::Update(row) => updates.push((number, row)),
                Op::Verify(key, checks) => {
                    context.verify(things.table(number), key, checks, &|column| things.read(number, column))?;
                }
                Op::Delete(row) => deletes.push((number, row)),
                Op::UpdateAll(select, sets, checks) => {
                    self.done[number] = Done::Rows(context.update_rows(select, sets, checks)?);
                }
                Op::DeleteAll(select) => self.done[number] = Done::Rows(context.delete_rows(select)?),
            }
        }
        self.insert(context, things, inserts)?;
        while !updates.is_empty() {
            let later = others(&mut updates, things, |row| &row.key);
            self.update(context, things, std::mem::replace(&mut updates, later))?;
        }
        deletes.sort_by(|(_, one): &(usize, RowDelete), (_, other)| one.key.cmp(&other.key));
        deletes.dedup_by(|(_, one), (_, other)| one == other);
        while !deletes.is_empty() {
            let later = others(&mut deletes, things, |row| &row.key);
            self.delete(context, things, std::mem::replace(&mut deletes, later))?;
        }
        Ok(())
    }

    fn insert(
        &mut self,
        context: &mut Context<'_>,
        things: &Things<'_, '_>,
        rows: Vec<(usize, Cells)>,
    ) -> Result<(), Error> {
        let Some((first, row)) = rows.first() else { return Ok(()) };
        let (table, upsert) = (things.table(*first), things.upsert(*first));
        let mut returning = Vec::new();
        let wanted = things.columns(*first);
        add_columns(&mut returning, &*wanted);
        let columns: Vec<_> = row.iter().map(|(column, _)| *column).collect();
        // A key that another row gives is one column more.
        let alike = |(number, row): &(usize, Cells)| {
            let returned = |columns: &[ColumnDef]| columns.iter().all(|column| returning.contains(column));
            row.iter().map(|(column, _)| column).eq(&columns)
                && things.upsert(*number) == upsert
                && (things.columns(*number) == wanted || returned(&things.columns(*number)))
        };
        let (rows, others): (Vec<_>, Vec<_>) = rows.into_iter().partition(alike);
        let (numbers, rows): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        let rows: Vec<Vec<_>> = rows.into_iter().map(|row| row.into_iter().map(|(_, value)| value).collect()).collect();
        let mut insert = Insert::of(table, columns, rows, returning.clone());
        insert.upsert = upsert.cloned();
        let write = Write::Insert(insert);
        let outcomes = context.send(&write)?;
        let Write::Insert(Insert { columns, rows, .. }) = write else { return Err(Error::Broken) };
        let mut conflicts = Vec::new();
        for ((number, row), outcome) in numbers.into_iter().zip(rows).zip(outcomes) {
            match outcome {
                Outcome::Done(stored) => {
                    self.stored.insert(number, cells(&things.columns(number), &returning, stored));
                    self.note(things, number, Done::Inserted);
                }
                // It is there already.
                Outcome::Missed(stored) if things.is_lenient(number) => {
                    self.stored.insert(number, cells(&things.columns(number), &returning, stored));
                }
                Outcome::Missed(stored) => {
                    let by = upsert.map_or(&[][..], |upsert| &upsert.by);
                    let key = KeyText(by.iter().map(|column| cell(&columns, Some(&row), column)).collect());
                    let theirs = returning.iter().filter(|column| !by.contains(column));
                    let theirs = theirs.map(|column| (column.name, cell(&returning, Some(&stored), column))).collect();
                    conflicts.push(Conflict::Duplicate { entity: table.entity, key, theirs });
                }
                _ => return Err(Error::Broken),
            }
        }
        fail(conflicts)?;
        self.insert(context, things, others)
    }

    fn update(
        &mut self,
        context: &mut Context<'_>,
        things: &Things<'_, '_>,
        mut rows: Vec<(usize, RowUpdate)>,
    ) -> Result<(), Error> {
        rows.sort_by(|(_, one), (_, other)| one.key.cmp(&other.key));
        let Some((first, _)) = rows.first() else { return Ok(()) };
        let (table, by) = (things.table(*first), things.by(*first).to_vec());
        let (wanted, mut returning) = (things.columns(*first), Vec::new());
        add_columns(&mut returning, &*wanted);
        let ahead = returning == *wanted;
        for (number, row) in &rows {
            let columns = things.columns(*number);
            if !std::ptr::eq(&*columns, &*wanted) && !returning.starts_with(&columns) {
                add_columns(&mut returning, &*columns);
            }
            add_columns(&mut returning, row.checks.iter().map(|check| &check.column));
        }
        let (numbers, rows): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        let update = Write::Update(Update::new(table, rows, returning.clone()).by(by));
        let outcomes = context.send(&update)?;
        let Write::Update(Update { rows, .. }) = update else { return Err(Error::Broken) };
        let mut conflicts = Vec::new();
        for ((number, row), outcome) in numbers.into_iter().zip(&rows).zip(outcomes) {
            match outcome {
                Outcome::Done(mut stored) => {
                    let columns = things.columns(number);
                    if ahead && std::ptr::eq(&*columns, &*wanted) {
                        stored.truncate(columns.len());
                    } else {
                        stored = cells(&columns, &returning, stored);
                    }
                    self.stored.insert(number, stored);
                    self.note(things, number, Done::Updated);
                }
                Outcome::Gone if things.is_lenient(number) => {}
                missed => {
                    let read = |column: &ColumnDef| things.read(number, column);
                    conflicts.push(conflict(table, row, &returning, &missed, &read)?);
                }
            }
        }
        fail(conflicts)
    }

    fn delete(
        &mut self,
        context: &mut Context<'_>,
        things: &Things<'_, '_>,
        rows: Vec<(usize, RowDelete)>,
    ) -> Result<(), Error> {
        let Some((first, _)) = rows.first() else { return Ok(()) };
        let (table, by) = (things.table(*first), things.by(*first).to_vec());
        context.dependents_of(table, &by, rows.iter().map(|(_, row)| row.key.clone()).collect())?;
        let mut returning: Vec<ColumnDef> = Vec::new();
        add_columns(&mut returning, rows.iter().flat_map(|(_, row)| &row.checks).map(|check| &check.column));
        let (numbers, rows): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        let delete = Write::Delete(Delete::new(table, rows.clone(), returning.clone()).by(by));
        let outcomes = context.send(&delete)?;
        let mut conflicts = Vec::new();
        for ((number, row), outcome) in numbers.into_iter().zip(rows).zip(outcomes) {
            match outcome {
                Outcome::Done(_) => self.note(things, number, Done::Deleted),
                Outcome::Gone if things.is_lenient(number) => {}
                missed => {
                    let row = RowUpdate { key: row.key, sets: Vec::new(), checks: row.checks };
                    let read = |column: &ColumnDef| things.read(number, column);
                    conflicts.push(conflict(table, &row, &returning, &missed, &read)?);
                }
            }
        }
        fail(conflicts)
    }

    /// What became of a thing; of one whose collections were written, that it was.
    fn note(&mut self, things: &Things<'_, '_>, number: usize, done: Done) {
        let item = &mut self.done[things.item(number)];
        if number < things.items.len() {
            *item = done;
        } else if *item == Done::Unchanged {
            *item = Done::Updated;
        }
    }
}

impl Context<'_> {
    /// Before rows go that are found by these columns: what depends on them.
    fn dependents_of(&mut self, table: &'static Table, by: &[ColumnDef], found: Vec<Vec<Value>>) -> Result<(), Error> {
        if (table.rules.dependents)().is_empty() {
            return Ok(());
        }
        let keys = if by == table.key {
            found
        } else {
            self.read_rows(Arc::new(Select::matching(table, in_keys(by, &found))), table.key)?
        };
        self.let_dependents_go(table, &keys)
    }
}

/// Takes out the rows that one statement cannot write: those that are found otherwise, and those that it writes already.
fn others<R>(rows: &mut Vec<(usize, R)>, things: &Things<'_, '_>, key: impl Fn(&R) -> &Vec<Value>) -> Vec<(usize, R)> {
    let Some(by) = rows.first().map(|(number, _)| things.by(*number)) else { return Vec::new() };
    // As they mostly are: one after the other, each found by the key.
    let ascend = rows.is_sorted_by(|(_, one), (_, next)| key(one) < key(next));
    if ascend && rows.iter().all(|(number, _)| things.by(*number) == by) {
        return Vec::new();
    }
    let mut seen = ahash::AHashSet::new();
    let now = |(number, row): &(usize, R)| things.by(*number) == by && seen.insert(key(row).clone());
    let (now, later) = std::mem::take(rows).into_iter().partition(now);
    *rows = now;
    later
}

fn fail(conflicts: Vec<Conflict>) -> Result<(), Error> {
    Conflicts::of(conflicts).map_or(Ok(()), |conflicts| Err(conflicts.into()))
}
