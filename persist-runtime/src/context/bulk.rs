//! Writing whole groups: one statement, whatever the number of rows.

use super::dependents::in_keys;
use super::{Context, Error};
use crate::edit::{Changes, Check, Conflict, DeleteAll, Done, Outcome, Set, Test, UpdateAll, Work, Write};
use crate::engine::{Fetch, KeyText, Output};
use crate::entity::{Cells, ColumnDef, Entity, Table, Value};
use crate::group::{Comparison, Condition, Group, Select};
use crate::store::{Fault, StoreError};
use std::sync::Arc;

impl Context<'_> {
    /// Writes changes to all rows of a group, and says how many there were; the group is looked at within the
    /// [scopes](Self::scope) of this context, and may be limited.
    ///
    /// The rules of the entity hold here too: the revision of each row is raised, a guarded column wants an
    /// [expectation](Changes::expect), which narrows the group to the rows that hold it, and no sum leaves its bounds. It is
    /// one statement, and one more to look for rows that a sum would take out of bounds.
    ///
    /// ```
    #[doc = tracker!()]
    /// use persist::Changes;
    ///
    /// let hot = Bugs::all().filter(bug::heat.gt(10));
    /// assert_eq!(context.update(&hot, Changes::new().add(bug::heat, 1).set(bug::assignee_id, 1))?, 2);
    /// assert_eq!(context.realise(Bugs::all().filter(bug::heat.eq(43) & bug::assignee_id.eq(1)).count())?, 2);
    /// # Ok::<(), persist::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Refused`] when the changes cannot be meant, or lack an expectation; [`Conflict::Bounds`] with the first row
    /// that would leave them; [`Error::Store`] when the store refuses a row or cannot answer, and, with
    /// [`Fault::Serialization`], when others changed meanwhile which rows there are. Nothing is written then.
    pub fn update<E>(&mut self, group: &Group<E>, changes: impl Into<Changes<E>>) -> Result<u64, Error>
    where
        E: Entity<Group: From<Group<E>>>,
    {
        let mut work = Work::new();
        work.update(group, changes);
        self.commit_rows(work)
    }

    /// Deletes all rows of a group, and says how many there were; the group is looked at within the
    /// [scopes](Self::scope) of this context, and may be limited.
    ///
    /// ```
    #[doc = tracker!()]
    /// assert_eq!(context.delete_all(&Bugs::all().filter(bug::heat.lt(10)))?, 1);
    /// assert_eq!(context.realise(Bugs::all().count())?, 2);
    /// # Ok::<(), persist::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Store`] when the store refuses, or cannot answer. Nothing is deleted then.
    pub fn delete_all<E: Entity<Group: From<Group<E>>>>(&mut self, group: &Group<E>) -> Result<u64, Error> {
        let mut work = Work::new();
        work.delete_all(group);
        self.commit_rows(work)
    }

    fn commit_rows(&mut self, work: Work<'_>) -> Result<u64, Error> {
        match self.commit(work)?.as_slice() {
            [Done::Rows(rows)] => Ok(*rows),
            _ => Err(Error::Broken),
        }
    }

    /// Writes to all rows of a selection, which is narrowed to those that are as expected.
    pub(super) fn update_rows(
        &mut self,
        select: Arc<Select>,
        sets: Vec<Set>,
        checks: Vec<Check>,
    ) -> Result<u64, Error> {
        if sets.is_empty() {
            return Ok(0);
        }
        let (within, expected): (Vec<_>, Vec<_>) =
            checks.into_iter().partition(|check| matches!(check.test, Test::Within(..)));
        let mut select = self.scopes.select(&select).0;
        if !expected.is_empty() {
            select = Arc::new(select.narrowed(Condition::And(expected.iter().map(condition).collect())));
        }
        if within.is_empty() { self.set_rows(select, sets) } else { self.keep_within(&select, sets, &within) }
    }

    fn set_rows(&mut self, select: Arc<Select>, sets: Vec<Set>) -> Result<u64, Error> {
        self.rows(&Write::UpdateAll(UpdateAll::new(select, sets)))
    }

    /// Deletes all rows of a selection, with what depends on them.
    pub(super) fn delete_rows(&mut self, select: Arc<Select>) -> Result<u64, Error> {
        let mut select = self.scopes.select(&select).0;
        let table: &'static Table = select.table;
        if !(table.rules.dependents)().is_empty() {
            let keys = self.read_rows(select, table.key)?;
            self.let_dependents_go(table, &keys)?;
            select = Arc::new(Select::matching(table, in_keys(table.key, &keys)));
        }
        self.rows(&Write::DeleteAll(DeleteAll::new(select)))
    }

    fn rows(&mut self, write: &Write) -> Result<u64, Error> {
        match self.send(write)?.as_slice() {
            [Outcome::Rows(rows)] => Ok(*rows),
            _ => Err(Error::Broken),
        }
    }

    /// Writes to all rows of a selection, or to none if a sum would take one of them out of bounds. The statement that
    /// writes looks at the bounds itself: what was seen before may be otherwise by then.
    fn keep_within(&mut self, select: &Arc<Select>, sets: Vec<Set>, within: &[Check]) -> Result<u64, Error> {
        let inside = Arc::new(select.narrowed(Condition::And(within.iter().map(condition).collect())));
        let added: Vec<_> = within.iter().map(|check| added(&sets, &check.column)).collect();
        let written = self.transaction(|context| {
            let all = context.count(select)?;
            let written = context.set_rows(inside, sets)?;
            if written == all { Ok(written) } else { Err(Missed::Rows) }
        });
        match written {
            Ok(written) => return Ok(written),
            Err(Missed::Failed(error)) => return Err(error),
            Err(Missed::Rows) => {}
        }
        for (check, added) in within.iter().zip(added) {
            self.find_outside(select, check, added)?;
        }
        // They were otherwise when they were to be written than they are before and after.
        Err(StoreError::new(select.table.entity, "updating", Fault::Serialization).into())
    }

    fn count(&mut self, select: &Arc<Select>) -> Result<u64, Error> {
        let mut rows = None;
        let mut sink = |cells: &dyn Cells| rows = cells.integer(0).ok().flatten();
        self.stats.get_mut().statements += 1;
        self.store.fetch(&Fetch::new(Arc::clone(select), Output::count()), &mut sink)?;
        rows.and_then(|rows| u64::try_from(rows).ok()).ok_or(Error::Broken)
    }

    /// Fails with the first row that a sum would take out of bounds.
    fn find_outside(&mut self, select: &Arc<Select>, check: &Check, added: Value) -> Result<(), Error> {
        let table: &'static Table = select.table;
        let outside = Condition::Not(Box::new(condition(check)));
        let select = Select { limit: Some(1), ..select.narrowed(outside) };
        let columns: Vec<_> = table.key.iter().copied().chain([check.column]).collect();
        let found = self.read_rows(Arc::new(select), &columns)?.into_iter().next();
        let mut row = found.unwrap_or_default();
        let Some(actual) = row.pop() else { return Ok(()) };
        let (entity, key, column) = (table.entity, KeyText(row), check.column.name);
        Err(Conflict::Bounds { entity, key, column, added, actual }.into())
    }
}

/// Why a transaction that keeps within bounds is undone.
enum Missed {
    Rows,
    Failed(Error),
}

impl From<Error> for Missed {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

fn added(sets: &[Set], column: &ColumnDef) -> Value {
    let set = sets.iter().find(|set| set.column == *column);
    set.and_then(|set| set.to.value(0)).cloned().unwrap_or(Value::Null)
}

/// "This row is as expected."
fn condition(check: &Check) -> Condition {
    let column = check.column;
    let compare = |how, value: &Value| Condition::Compare { column, how, value: value.clone() };
    match &check.test {
        Test::Is(Value::Null) => Condition::IsNull(column),
        Test::Is(value) => compare(Comparison::Equal, value),
        Test::Within(least, most) => {
            Condition::And(vec![compare(Comparison::GreaterOrEqual, least), compare(Comparison::LessOrEqual, most)])
        }
    }
}
