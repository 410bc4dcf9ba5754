//! Committing a unit of work: stage by stage, in one transaction.

use super::edit::conflict;
use super::{Context, Error};
use crate::edit::{
    Conflict, Conflicts, Delete, Done, Insert, Item, Link, Op, Outcome, RowUpdate, Set, Stages, Step, To, Update, Work,
    Write, stages,
};
use crate::engine::RowErrors;
use crate::entity::{ColumnDef, Table, Value};
use crate::store::{Fault, StoreError};
use std::collections::BTreeMap;

impl Context<'_> {
    /// Writes a unit of work, all or nothing: in one transaction, parents before their children, rows that go before new
    /// ones that take their place, and things of one kind in one statement. What became of each comes back, in the order
    /// they were given. An example is at [`Work`].
    ///
    /// Rows are locked in one order, by table and key, so that two works that write the same rows wait for one another
    /// instead of dying together.
    ///
    /// # Errors
    /// [`Error::Conflicts`] with every row of the statement that missed; [`Error::Refused`] when something in it cannot be
    /// meant; [`Error::Store`] when the store refuses a row. Nothing is written then, and everything in hand is as it was; but
    /// [`Fault::Unread`] says that a single row was written, and cannot be read back.
    pub fn commit(&mut self, work: Work<'_>) -> Result<Vec<Done>, Error> {
        let (mut items, links) = work.into_parts();
        let mut commit = Commit::of(&items, links)?;
        let single = commit.is_single();
        self.as_one(!single, |context| {
            commit.run(context, &items)?;
            // What cannot be read is not committed, unless it is already.
            for (number, stored) in std::mem::take(&mut commit.stored) {
                let entity = items[number].table().entity;
                items[number]
                    .take(stored)
                    .map_err(|errors| if single { unread(entity, errors) } else { errors.into() })?;
            }
            Ok(())
        })?;
        let fate = self.fate().cloned();
        items.iter_mut().for_each(|item| item.done(fate.as_ref()));
        Ok(commit.done)
    }
}

/// A commit on its way.
struct Commit {
    plan: Stages,
    links: Vec<Link>,
    /// What is stored of the things that were written, by their number.
    stored: BTreeMap<usize, Vec<Value>>,
    done: Vec<Done>,
    /// What each asks for, where that does not depend on others.
    ops: Vec<Option<Op>>,
    writes: usize,
}

impl Commit {
    fn of(items: &[Box<dyn Item + '_>], links: Vec<Link>) -> Result<Self, Error> {
        let (mut steps, mut ops) = (Vec::with_capacity(items.len()), Vec::with_capacity(items.len()));
        let mut writes = 0;
        for (number, item) in items.iter().enumerate() {
            // What other rows give is not known yet.
            let given: Vec<_> = from(&links, number).flat_map(|link| link.reference.local).collect();
            let given: Vec<_> = given.into_iter().map(|column| (*column, Value::Null)).collect();
            let op = item.op(&given)?;
            writes += usize::from(!matches!(&op, Op::Verify(_, checks) if checks.is_empty()));
            // Rows that depend on this one may have to go with it.
            writes += usize::from(matches!(op, Op::Delete(_) | Op::DeleteAll(_)) && has_dependents(item.table()));
            steps.push(Step::of(item.table(), &op, &|column| item.read(column)));
            ops.push(given.is_empty().then_some(op));
        }
        let plan = stages(&steps, &links)?;
        for link in &plan.later {
            ops[link.from] = None;
        }
        let done = vec![Done::Unchanged; items.len()];
        Ok(Self { plan, links, stored: BTreeMap::new(), done, ops, writes })
    }

    const fn is_single(&self) -> bool {
        self.writes <= 1
    }

    fn run(&mut self, context: &mut Context<'_>, items: &[Box<dyn Item + '_>]) -> Result<(), Error> {
        for stage in std::mem::take(&mut self.plan.stages) {
            self.stage(context, items, &stage)?;
        }
        self.link_late(context, items)
    }

    /// Writes things of one kind over one table.
    fn stage(&mut self, context: &mut Context<'_>, items: &[Box<dyn Item + '_>], stage: &[usize]) -> Result<(), Error> {
        let (mut inserts, mut updates, mut deletes) = (Vec::new(), Vec::new(), Vec::new());
        for number in stage.iter().copied() {
            let op = match self.ops[number].take() {
                Some(op) => op,
                None => items[number].op(&self.given(number, items))?,
            };
            match op {
                Op::Insert(cells) => inserts.push((number, cells)),
                Op::Update(row) => updates.push((number, row)),
                Op::Verify(key, checks) => {
                    let item = &items[number];
                    context.verify(item.table(), key, checks, &|column| item.read(column))?;
                }
                Op::Delete(row) => deletes.push((number, row)),
                Op::UpdateAll(select, sets, checks) => {
                    self.done[number] = Done::Rows(context.update_rows(select, sets, checks)?);
                }
                Op::DeleteAll(select) => self.done[number] = Done::Rows(context.delete_rows(select)?),
            }
        }
        self.insert(context, items, inserts)?;
        while !updates.is_empty() {
            let later = repeated(&mut updates, |row| &row.key);
            self.update(context, items, std::mem::replace(&mut updates, later))?;
        }
        if !deletes.is_empty() {
            self.delete(context, items, deletes)?;
        }
        Ok(())
    }

    /// What the rows that a thing refers to give: NULL, where they come later.
    fn given(&self, number: usize, items: &[Box<dyn Item + '_>]) -> Vec<(ColumnDef, Value)> {
        let mut given = Vec::new();
        for link in from(&self.links, number) {
            let stored = self.stored.get(&link.to);
            let columns = items[link.to].columns();
            for (local, remote) in link.reference.local.iter().zip(link.reference.remote) {
                given.push((*local, cell(columns, stored, remote)));
            }
        }
        for link in from(&self.plan.later, number).filter(|link| !self.stored.contains_key(&link.to)) {
            given.extend(link.reference.local.iter().filter(|column| column.nullable).map(|c| (*c, Value::Null)));
        }
        given
    }

    fn insert(
        &mut self,
        context: &mut Context<'_>,
        items: &[Box<dyn Item + '_>],
        rows: Vec<(usize, Vec<(ColumnDef, Value)>)>,
    ) -> Result<(), Error> {
        let Some((first, cells)) = rows.first() else { return Ok(()) };
        let (table, returning) = (items[*first].table(), items[*first].columns().to_vec());
        let columns: Vec<_> = cells.iter().map(|(column, _)| *column).collect();
        // A key that another row gives is one column more.
        let (rows, others): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|(_, cells)| cells.iter().map(|(column, _)| column).eq(&columns));
        let (numbers, rows): (Vec<_>, Vec<Vec<_>>) = rows.into_iter().unzip();
        let rows = rows.into_iter().map(|cells| cells.into_iter().map(|(_, value)| value).collect()).collect();
        let outcomes = context.send(&Write::Insert(Insert::of(table, columns, rows, returning)))?;
        for (number, outcome) in numbers.into_iter().zip(outcomes) {
            let Outcome::Done(stored) = outcome else { return Err(Error::Broken) };
            self.stored.insert(number, stored);
            self.done[number] = Done::Inserted;
        }
        self.insert(context, items, others)
    }

    fn update(
        &mut self,
        context: &mut Context<'_>,
        items: &[Box<dyn Item + '_>],
        mut rows: Vec<(usize, RowUpdate)>,
    ) -> Result<(), Error> {
        rows.sort_by(|(_, one), (_, other)| one.key.cmp(&other.key));
        let Some((first, _)) = rows.first() else { return Ok(()) };
        let table = items[*first].table();
        let mut returning = items[*first].columns().to_vec();
        for (number, row) in &rows {
            let columns = items[*number].columns();
            let wanted = if returning.starts_with(columns) { &[] } else { columns };
            for column in wanted.iter().chain(row.checks.iter().map(|check| &check.column)) {
                if !returning.contains(column) {
                    returning.push(*column);
                }
            }
        }
        let (numbers, rows): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        let update = Write::Update(Update::new(table, rows, returning.clone()));
        let outcomes = context.send(&update)?;
        let Write::Update(Update { rows, .. }) = update else { return Err(Error::Broken) };
        let mut conflicts = Vec::new();
        for ((number, row), outcome) in numbers.into_iter().zip(&rows).zip(outcomes) {
            let item = &items[number];
            match outcome {
                Outcome::Done(mut stored) => {
                    let columns = item.columns();
                    if returning.starts_with(columns) {
                        stored.truncate(columns.len());
                    } else {
                        stored = columns.iter().map(|column| cell(&returning, Some(&stored), column)).collect();
                    }
                    self.stored.insert(number, stored);
                    self.done[number] = Done::Updated;
                }
                missed => conflicts.push(conflict(table, row, &returning, &missed, &|column| item.read(column))?),
            }
        }
        fail(conflicts)
    }

    fn delete(
        &mut self,
        context: &mut Context<'_>,
        items: &[Box<dyn Item + '_>],
        mut rows: Vec<(usize, crate::edit::RowDelete)>,
    ) -> Result<(), Error> {
        rows.sort_by(|(_, one), (_, other)| one.key.cmp(&other.key));
        rows.dedup_by(|(_, one), (_, other)| one == other);
        let Some((first, _)) = rows.first() else { return Ok(()) };
        let table = items[*first].table();
        let keys: Vec<_> = rows.iter().map(|(_, row)| row.key.clone()).collect();
        context.let_dependents_go(table, &keys)?;
        let mut returning: Vec<ColumnDef> = Vec::new();
        for check in rows.iter().flat_map(|(_, row)| &row.checks) {
            if !returning.contains(&check.column) {
                returning.push(check.column);
            }
        }
        let (numbers, rows): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        let outcomes = context.send(&Write::Delete(Delete::new(table, rows.clone(), returning.clone())))?;
        let mut conflicts = Vec::new();
        for ((number, row), outcome) in numbers.into_iter().zip(rows).zip(outcomes) {
            let item = &items[number];
            match outcome {
                Outcome::Done(_) => self.done[number] = Done::Deleted,
                missed => {
                    let row = RowUpdate { key: row.key, sets: Vec::new(), checks: row.checks };
                    conflicts.push(conflict(table, &row, &returning, &missed, &|column| item.read(column))?);
                }
            }
        }
        fail(conflicts)
    }

    /// References that had to wait for rows that came later.
    fn link_late(&mut self, context: &mut Context<'_>, items: &[Box<dyn Item + '_>]) -> Result<(), Error> {
        for link in std::mem::take(&mut self.plan.later) {
            let (table, columns) = (items[link.from].table(), items[link.from].columns());
            let Some(stored) = self.stored.get(&link.from) else { continue };
            let key = table.key.iter().map(|column| cell(columns, Some(stored), column)).collect();
            let to = items[link.to].columns();
            let target = self.stored.get(&link.to);
            let set = |(column, remote): (&ColumnDef, &ColumnDef)| {
                let value = cell(to, target, remote);
                Set { column: *column, to: To::Value(value) }
            };
            let waited = link.reference.local.iter().zip(link.reference.remote);
            let sets = waited.filter(|(column, _)| column.nullable).map(set).collect();
            let row = RowUpdate { key, sets, checks: Vec::new() };
            let outcomes = context.send(&Write::Update(Update::new(table, vec![row], columns.to_vec())))?;
            match outcomes.into_iter().next() {
                Some(Outcome::Done(stored)) => drop(self.stored.insert(link.from, stored)),
                _ => return Err(Error::Broken),
            }
        }
        Ok(())
    }
}

fn from(links: &[Link], number: usize) -> impl Iterator<Item = &Link> {
    links.iter().filter(move |link| link.from == number)
}

/// What is stored in a column.
fn cell(columns: &[ColumnDef], stored: Option<&Vec<Value>>, column: &ColumnDef) -> Value {
    let place = columns.iter().position(|known| known == column);
    place.and_then(|place| stored?.get(place)).cloned().unwrap_or(Value::Null)
}

fn has_dependents(table: &'static Table) -> bool {
    !(table.rules.dependents)().is_empty()
}

/// Takes out the rows whose key was there before.
fn repeated<R>(rows: &mut Vec<(usize, R)>, key: impl Fn(&R) -> &Vec<Value>) -> Vec<(usize, R)> {
    let mut seen = ahash::AHashSet::new();
    let (first, later) = std::mem::take(rows).into_iter().partition(|(_, row)| seen.insert(key(row).clone()));
    *rows = first;
    later
}

fn fail(conflicts: Vec<Conflict>) -> Result<(), Error> {
    Conflicts::of(conflicts).map_or(Ok(()), |conflicts| Err(conflicts.into()))
}

/// A single statement was not worth a transaction.
fn unread(entity: &'static str, errors: RowErrors) -> Error {
    Error::Store(StoreError::new(entity, "reading", Fault::Unread(errors.to_string())).with_source(errors))
}
