//! Writes over a Diesel connection: which statements there are, in which transaction, and what they tell.
//!
//! A write of one statement is all or nothing by itself, and sent alone. One of several is a transaction, within one of the
//! caller's a savepoint; so an error of the latter leaves the caller's transaction usable. (On PostgreSQL an error of a
//! single statement does not: the caller's transaction can only be rolled back then, as after any error.)

use super::batch::{Batch, Changes, are_out_of_order};
use super::cells::feed;
use super::dialect::{Dialect, Syntax};
use super::portions::{Limit, weight};
use super::sql::Statement;
use super::told::{answered, is_lone, reading, untold};
use super::ways::Telling;
use super::{DieselStore, bulk, insert, upsert};
use crate::edit::{DeleteAll, Outcome, Set, UpdateAll, Write};
use crate::entity::{Cells, ColumnDef, Raw, Unfit, Value};
use crate::group::Select;
use crate::store::keep::fits;
use crate::store::{Fault, StoreError};
use ::diesel::connection::{DefaultLoadingMode, LoadConnection};
use ::diesel::result::QueryResult;
use std::sync::Arc;

/// Reads a cell into its neutral form.
pub(super) type Read = fn(Raw<'_>) -> Result<Value, Unfit>;

/// What a write is to, for messages.
#[derive(Debug, Clone, Copy)]
pub(super) struct Site {
    pub(super) entity: &'static str,
    pub(super) doing: &'static str,
}

impl Site {
    fn of(write: &Write) -> Self {
        Self { entity: write.table().entity, doing: write.doing() }
    }

    pub(super) fn failed(self, fault: Fault) -> StoreError {
        StoreError::new(self.entity, self.doing, fault)
    }
}

impl<C> DieselStore<'_, C>
where
    C: LoadConnection<DefaultLoadingMode>,
    C::Backend: Dialect,
{
    pub(super) fn change(&mut self, write: &Write) -> Result<Vec<Outcome>, StoreError> {
        let site = Site::of(write);
        match write {
            Write::Insert(insert) => match &insert.upsert {
                Some(upsert) => self.upsert_rows(site, insert, upsert),
                None => self.insert_rows(site, insert),
            },
            Write::Update(update) => self.change_rows(site, &Changes::updates(update)),
            Write::Delete(delete) => self.change_rows(site, &Changes::deletes(delete)),
            Write::UpdateAll(UpdateAll { select, sets }) => self.change_all(site, select, Some(sets)),
            Write::DeleteAll(DeleteAll { select }) => self.change_all(site, select, None),
        }
    }

    /// Does `work`, which changes rows in these batches if in any, in a transaction or savepoint, if it must be. In a unit it
    /// is undone with all else.
    pub(super) fn as_one<T>(
        &mut self,
        site: Site,
        must: bool,
        batches: &[Batch<'_>],
        work: impl FnOnce(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let failed = |error| Self::failed(site.entity, site.doing, error);
        if !must || self.session.is_in_unit().map_err(failed)? {
            let alone = self.session.depth().map_err(failed)? == 0;
            return work(self).map_err(|error| if alone { error.unconfirmed() } else { error });
        }
        self.session.begin_with(Self::syntax().writing(batches)).map_err(failed)?;
        match work(self) {
            Ok(done) => self.confirm(site).map(|()| done),
            Err(error) => {
                self.session.roll_back();
                Err(error.undone())
            }
        }
    }

    /// Ends a transaction or savepoint, and keeps what it has written.
    pub(super) fn confirm(&mut self, site: Site) -> Result<(), StoreError> {
        let failed = |error| Self::failed(site.entity, site.doing, error);
        let outermost = self.session.depth().map_err(failed)? == 1;
        self.session.commit().map_err(failed).map_err(|error| if outermost { error.unconfirmed() } else { error })
    }

    /// The rows that a statement gives.
    pub(super) fn rows_of(
        &mut self,
        site: Site,
        statement: Statement,
        readers: &[Read],
    ) -> Result<Vec<Vec<Value>>, StoreError> {
        let rows = self.try_rows_of(site, statement, readers)?;
        rows.map_err(|error| Self::failed(site.entity, site.doing, error))
    }

    /// The same, with the database's own error where there is one.
    pub(super) fn try_rows_of(
        &mut self,
        site: Site,
        statement: Statement,
        readers: &[Read],
    ) -> Result<QueryResult<Vec<Vec<Value>>>, StoreError> {
        let (mut rows, mut unfit) = (Vec::new(), None);
        let mut sink = |cells: &dyn Cells| {
            let mut row = Vec::with_capacity(readers.len());
            for (place, read) in readers.iter().enumerate() {
                cells.see(place, &mut |raw| match read(raw) {
                    Ok(value) => row.push(value),
                    Err(why) => unfit = Some(why),
                });
            }
            rows.push(row);
        };
        self.admit(&statement).map_err(|fault| site.failed(fault))?;
        let fed = feed(self.connection(), statement, &mut sink);
        match (fed, unfit) {
            (Ok(()), Some(why)) => Err(site.failed(Fault::Unread(why.to_string()))),
            (fed, _) => Ok(fed.map(|()| rows)),
        }
    }

    /// Sends a statement; gives how many rows it has written.
    pub(super) fn count(&mut self, site: Site, statement: &Statement) -> Result<usize, StoreError> {
        self.admit(statement).map_err(|fault| site.failed(fault))?;
        let written = self.connection().execute_returning_count(statement);
        written.map_err(|error| Self::failed(site.entity, site.doing, error))
    }

    fn change_all(
        &mut self,
        site: Site,
        select: &Arc<Select>,
        sets: Option<&[Set]>,
    ) -> Result<Vec<Outcome>, StoreError> {
        let statement = changing_all(Self::syntax(), select, sets).map_err(|fault| site.failed(fault))?;
        self.as_one(site, false, &[], |store| {
            let rows = store.count(site, &statement)?;
            Ok(vec![Outcome::Rows(rows as u64)])
        })
    }
}

/// The statement that changes the rows of a batch.
pub(super) fn changing(syntax: &'static dyn Syntax, batch: &Batch<'_>) -> Result<Statement, Fault> {
    let mut sql = Statement::new(syntax);
    syntax.change(&mut sql, batch)?;
    Ok(sql)
}

/// Rows as one statement each locks them: in the order of their keys from one to the next, too.
pub(super) fn lockings<'w>(syntax: &'static dyn Syntax, changes: &Changes<'w>) -> Vec<Changes<'w>> {
    let mut rows = changes.rows.clone();
    rows.sort_by(|one, other| one.key.cmp(other.key));
    let limit = Limit { rows: usize::MAX, bytes: syntax.most_bytes() };
    limit.portions(&rows, |row| weight(row.key)).map(|rows| changes.some(rows.to_vec())).collect()
}

/// The statement that locks rows in the order of their keys, and reads them.
pub(super) fn locking(
    syntax: &'static dyn Syntax,
    changes: &Changes<'_>,
    columns: &[ColumnDef],
) -> Result<Statement, Fault> {
    let mut sql = Statement::new(syntax);
    syntax.lock(&mut sql, &changes.keys(), columns)?;
    Ok(sql)
}

/// The statement that changes all rows of a selection.
fn changing_all(syntax: &'static dyn Syntax, select: &Arc<Select>, sets: Option<&[Set]>) -> Result<Statement, Fault> {
    sets.map_or(Ok(()), check_sets)?;
    let mut sql = Statement::new(syntax);
    syntax.change_all(&mut sql, &Batch::of_all(select.table, sets), &bulk::opened(select)?)?;
    Ok(sql)
}

/// The statements of a write, as text without values. What is only sent after a miss is not among them.
pub(super) fn explained(syntax: &'static dyn Syntax, write: &Write) -> Result<String, Fault> {
    let locked_by = |changes: &Changes<'_>, columns: &[ColumnDef]| -> Result<Vec<_>, Fault> {
        lockings(syntax, changes).iter().map(|changes| locking(syntax, changes, columns)).collect()
    };
    let of_rows = |changes: Changes<'_>| -> Result<Vec<_>, Fault> {
        check(&changes)?;
        let limit = |values| syntax.limit(values);
        let batches = changes.batches(limit)?;
        let mut statements = Vec::new();
        if syntax.locks_rows() && are_out_of_order(&batches) {
            statements.append(&mut locked_by(&changes, changes.by)?);
        }
        for batch in &batches {
            let locked = syntax.telling(batch) == Telling::Nothing;
            if locked {
                statements.append(&mut locked_by(&changes.some(batch.rows.clone()), &changes.columns())?);
            }
            // What is expected of locked rows is looked at here.
            let unchecked = changes.unchecked(&batch.rows);
            let batches = if locked { unchecked.batches(limit)? } else { Vec::new() };
            for batch in if locked { &batches[..] } else { std::slice::from_ref(batch) } {
                statements.push(changing(syntax, batch)?);
            }
        }
        let untold = untold(syntax, &batches);
        if !untold.is_empty() {
            let columns = answered(&changes);
            // One row that is written alone is outside of a transaction.
            let alone = is_lone(syntax, &batches) && syntax.writing(&batches).is_none();
            if syntax.sees_past() && !alone {
                statements.append(&mut locked_by(&changes.some(untold), &columns)?);
            } else {
                statements.push(reading(syntax, &changes, &untold, &columns)?);
            }
        }
        Ok(statements)
    };
    let statements: Vec<_> = match write {
        Write::Insert(insert) => match &insert.upsert {
            Some(upsert) => upsert::explained(syntax, Site::of(write), insert, upsert)?,
            None => insert::explained(syntax, insert)?,
        },
        Write::Update(update) => of_rows(Changes::updates(update))?,
        Write::Delete(delete) => of_rows(Changes::deletes(delete))?,
        Write::UpdateAll(UpdateAll { select, sets }) => vec![changing_all(syntax, select, Some(sets))?],
        Write::DeleteAll(DeleteAll { select }) => vec![changing_all(syntax, select, None)?],
    };
    let texts: Vec<_> = statements.iter().map(|statement| statement.without_values().to_string()).collect();
    Ok(texts.join(";\n"))
}

/// Refuses what a column cannot hold, whatever the database would make of it. NULL is the database's business.
fn check_sets(sets: &[Set]) -> Result<(), Fault> {
    if sets.is_empty() {
        return Err(Fault::Unfit("a change of rows names no column".to_owned()));
    }
    let given = sets.iter().flat_map(|set| (0..).map_while(|nth| Some((&set.column, set.to.value(nth)?))));
    given.filter(|(_, value)| !value.is_null()).try_for_each(|(column, value)| fits::check_value(column, value))
}

pub(super) fn check(changes: &Changes<'_>) -> Result<(), Fault> {
    if changes.by.is_empty() {
        return Err(Fault::Unfit("rows to write are found by no column".to_owned()));
    }
    for row in &changes.rows {
        if row.key.len() != changes.by.len() {
            let (given, wanted) = (row.key.len(), changes.by.len());
            return Err(Fault::Unfit(format!("a key has {given} parts for {wanted} columns")));
        }
        if !changes.deletes {
            check_sets(row.sets)?;
        }
    }
    Ok(())
}
