//! New rows whose place may be taken: an insert that passes over what is there, or changes it; then what was passed over,
//! found by the columns that are unique, is changed or read.
//!
//! Rows go out in the order of those columns, so that all writers take locks in one order, and are led back by their
//! values in them. What the insert leaves behind is looked at by a statement of its own: after a wait the statement that
//! waited would tell of the state before it.

use super::DieselStore;
use super::assign::{holds, returning};
use super::batch::{Change, Changes};
use super::dialect::{Dialect, Syntax};
use super::insert::{check, columns_and_rows};
use super::portions::{Limit, weight};
use super::render::{self, Scope};
use super::sql::{Place, PlaceName, Statement, Written};
use super::told::readers;
use super::ways::Conflicts;
use super::write::{Read, Site};
use crate::edit::{Insert, Outcome, RowUpdate, Set, To, Update, Upsert};
use crate::engine::{Fetch, Output};
use crate::entity::{ColumnDef, ColumnType, Value};
use crate::group::{Comparison, KeySet, Select};
use crate::store::keep::fits;
use crate::store::{Fault, StoreError};
use ::diesel::connection::{DefaultLoadingMode, LoadConnection};
use ahash::AHashMap;
use std::sync::Arc;

/// A new row, what it is found by, and its place in the write.
#[derive(Debug, Clone)]
struct New<'w> {
    by: Vec<Value>,
    cells: &'w [Value],
    place: usize,
}

/// New rows, and what becomes of those whose place is taken.
struct Job<'w> {
    site: Site,
    insert: &'w Insert,
    upsert: &'w Upsert,
    /// What a statement answers with: what rows are found by, and what is wanted.
    answer: Vec<ColumnDef>,
    /// What one statement takes.
    limit: Limit,
}

/// What becomes of new rows in one statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// What is said of those whose place is taken.
    Upsert,
    /// A place that is taken is an error: it is not the one that was meant, or it would have been found.
    Insert,
}

impl<'w> Job<'w> {
    fn new(syntax: &dyn Syntax, site: Site, insert: &'w Insert, upsert: &'w Upsert) -> Result<Self, Fault> {
        check(insert)?;
        fits::check_upsert(insert)?;
        let answer = upsert.by.iter().chain(&insert.returning).copied().collect();
        let columns = insert.columns.len().max(1);
        let binds = syntax.max_binds().saturating_sub(2 * upsert.checks.len());
        let limit = syntax.limit(columns);
        Ok(Self { site, insert, upsert, answer, limit: Limit { rows: limit.rows.min(binds / columns), ..limit } })
    }

    /// The cells of a new row in some columns that are given.
    fn cells(&self, row: &[Value], columns: &[ColumnDef]) -> Vec<Value> {
        let place = |column: &ColumnDef| self.insert.columns.iter().position(|given| given == column);
        columns.iter().filter_map(|column| row.get(place(column)?)).cloned().collect()
    }

    /// New rows, as one statement each takes them.
    fn portions<'r>(&self, rows: &'r [New<'w>]) -> impl Iterator<Item = &'r [New<'w>]> + use<'r, 'w> {
        self.limit.portions(rows, |row| weight(row.cells))
    }

    fn sorted(&self) -> Vec<New<'w>> {
        let new =
            |(place, cells): (usize, &'w Vec<Value>)| New { by: self.cells(cells, &self.upsert.by), cells, place };
        let mut rows: Vec<_> = self.insert.rows.iter().enumerate().map(new).collect();
        rows.sort_by(|one, other| one.by.cmp(&other.by));
        rows
    }

    /// The change of what is there in place of new rows.
    fn update(&self, rows: &[New<'_>]) -> Update {
        let Upsert { by, sets, checks } = self.upsert;
        let change = |row: &New<'_>| {
            let values = self.cells(row.cells, sets);
            let set = |(column, value): (&ColumnDef, Value)| Set { column: *column, to: To::Value(value) };
            RowUpdate { key: row.by.clone(), sets: sets.iter().zip(values).map(set).collect(), checks: checks.clone() }
        };
        let rows = rows.iter().map(change).collect();
        Update::new(self.insert.table, rows, self.insert.returning.clone()).by(by.clone())
    }

    fn failed(&self, fault: Fault) -> StoreError {
        self.site.failed(fault)
    }

    fn readers(&self) -> Vec<Read> {
        readers(&self.answer).collect()
    }

    /// Rows of an answer, by what they are found by.
    fn by_values(&self, rows: Vec<Vec<Value>>) -> AHashMap<Vec<Value>, Vec<Value>> {
        let split = |mut row: Vec<Value>| {
            let wanted = row.split_off(self.upsert.by.len().min(row.len()));
            (row, wanted)
        };
        rows.into_iter().map(split).collect()
    }
}

fn statement(syntax: &'static dyn Syntax, job: &Job<'_>, way: Way, rows: &[New<'_>]) -> Result<Statement, Fault> {
    let (table, mut sql) = (job.insert.table, Statement::new(syntax));
    let row = Scope::of(&mut sql, table);
    sql.text("INSERT INTO ");
    match (way, syntax.conflicts()) {
        (Way::Upsert, Conflicts::Named { .. }) => sql.table_as(table, row.alias),
        _ => sql.table(table),
    };
    columns_and_rows(&mut sql, &job.insert.columns, &rows.iter().map(|row| row.cells).collect::<Vec<_>>())?;
    if way == Way::Upsert {
        syntax.taken(&mut sql, job.upsert, row)?;
    }
    syntax.returned(&mut sql, &|sql| returning(sql, &job.answer));
    Ok(sql)
}

/// ` ON CONFLICT (a) DO UPDATE SET b = excluded.b WHERE ..`
pub(super) fn on_conflict(sql: &mut Statement, upsert: &Upsert, row: Scope) -> Written {
    let syntax = sql.syntax();
    let new = |column: &ColumnDef| Place { name: PlaceName::New(column.name), ..row.place(column) };
    let names = |sql: &mut Statement, column: &ColumnDef| {
        sql.name(column.name);
        Ok(())
    };
    sql.text(" ON CONFLICT (");
    sql.list(&upsert.by, ", ", names)?;
    if upsert.sets.is_empty() {
        sql.text(") DO NOTHING");
        return Ok(());
    }
    sql.text(") DO UPDATE SET ");
    sql.list(&upsert.sets, ", ", |sql, column| {
        sql.name(column.name).text(" = ").place(&new(column));
        Ok(())
    })?;
    let mut before = " WHERE ";
    // A row that the database takes for the same may be another one.
    let texts = upsert.by.iter().filter(|column| !syntax.conflicts().is_exact() && column.ty == ColumnType::Text);
    for column in texts {
        sql.text(std::mem::replace(&mut before, " AND "));
        syntax.compare_places(sql, &row.place(column), Comparison::Equal, &new(column))?;
    }
    for check in &upsert.checks {
        sql.text(std::mem::replace(&mut before, " AND "));
        holds(sql, &row.place(&check.column), check)?;
    }
    Ok(())
}

/// The statements that are sent first, as text.
pub(super) fn explained(
    syntax: &'static dyn Syntax,
    site: Site,
    insert: &Insert,
    upsert: &Upsert,
) -> Result<Vec<Statement>, Fault> {
    let job = Job::new(syntax, site, insert, upsert)?;
    job.portions(&job.sorted()).map(|rows| statement(syntax, &job, Way::Upsert, rows)).collect()
}

impl<C> DieselStore<'_, C>
where
    C: LoadConnection<DefaultLoadingMode>,
    C::Backend: Dialect,
{
    pub(super) fn upsert_rows(
        &mut self,
        site: Site,
        insert: &Insert,
        upsert: &Upsert,
    ) -> Result<Vec<Outcome>, StoreError> {
        let (syntax, conflicts) = (Self::syntax(), Self::syntax().conflicts());
        let job = Job::new(syntax, site, insert, upsert).map_err(|fault| site.failed(fault))?;
        let mut pending = job.sorted();
        // Whether a row may be left to a second statement.
        let passes = upsert.sets.is_empty() || !upsert.checks.is_empty() || !conflicts.is_exact();
        let must = !pending.is_empty() && passes || job.portions(&pending).nth(1).is_some();
        self.as_one(site, must, &[], |store| {
            let mut outcomes = vec![Outcome::Gone; pending.len()];
            // A statement that fails undoes what it has inserted, on which others wait by now.
            if pending.len() > 1 && conflicts.is_failure() {
                pending = store.settle(&job, pending, &mut outcomes)?;
            }
            while !pending.is_empty() {
                let left = store.put(&job, Way::Upsert, &pending, &mut outcomes)?;
                let passed = left.len();
                pending = store.settle(&job, left, &mut outcomes)?;
                // None of them is there: whoever was has gone, or something else is taken.
                if passed > 0 && pending.len() == passed {
                    pending = store.put(&job, Way::Insert, &pending, &mut outcomes)?;
                    if !pending.is_empty() {
                        return Err(site.failed(apart()));
                    }
                }
            }
            Ok(outcomes)
        })
    }

    /// Sends new rows; gives those that were passed over.
    fn put<'w>(
        &mut self,
        job: &Job<'w>,
        way: Way,
        rows: &[New<'w>],
        outcomes: &mut [Outcome],
    ) -> Result<Vec<New<'w>>, StoreError> {
        let (syntax, conflicts) = (Self::syntax(), Self::syntax().conflicts());
        let mut left = Vec::new();
        for rows in job.portions(rows) {
            let sql = statement(syntax, job, way, rows).map_err(|fault| job.failed(fault))?;
            let told = match self.try_rows_of(job.site, sql, &job.readers())? {
                Ok(told) => told,
                Err(error) if way == Way::Upsert && conflicts.is_raised(&error) => {
                    left.extend_from_slice(rows);
                    continue;
                }
                Err(error) => return Err(Self::failed(job.site.entity, job.site.doing, error)),
            };
            // Where conflicts are failures all are written now, also if a version of the server does not answer with them.
            let silent = told.is_empty() && conflicts.is_failure();
            let told = if silent { self.look(job, rows)? } else { job.by_values(told) };
            let (untold, others) = tell(rows, told, outcomes, Outcome::Done);
            if others {
                return Err(job.failed(apart()));
            }
            left.extend(untold);
        }
        Ok(left)
    }

    /// Sees to rows whose place was taken; gives those that are not there now.
    fn settle<'w>(
        &mut self,
        job: &Job<'w>,
        rows: Vec<New<'w>>,
        outcomes: &mut [Outcome],
    ) -> Result<Vec<New<'w>>, StoreError> {
        if rows.is_empty() {
            return Ok(rows);
        }
        if job.upsert.sets.is_empty() {
            let stored = self.look(job, &rows)?;
            // What is found may be too much, by the columns' own collations.
            return Ok(tell(&rows, stored, outcomes, Outcome::Missed).0);
        }
        let told = self.change_rows(job.site, &Changes::updates(&job.update(&rows)))?;
        let mut absent = Vec::new();
        for (row, told) in rows.into_iter().zip(told) {
            if told == Outcome::Gone {
                absent.push(row);
            } else {
                outcomes[row.place] = told;
            }
        }
        Ok(absent)
    }

    /// What is stored where rows would go, by what they are found by.
    fn look(&mut self, job: &Job<'_>, rows: &[New<'_>]) -> Result<AHashMap<Vec<Value>, Vec<Value>>, StoreError> {
        let (table, by) = (job.insert.table, job.upsert.by.as_slice());
        if Self::syntax().sees_past() {
            let rows =
                rows.iter().map(|row| Change { key: &row.by, sets: &[], checks: &[], place: row.place }).collect();
            let keys = Changes { table, by, deletes: false, rows, returning: &job.insert.returning };
            return Ok(job.by_values(self.lock(job.site, &keys, &job.answer)?));
        }
        let keys = KeySet::new(by.len(), rows.iter().flat_map(|row| row.by.iter().cloned()).collect());
        let fetch = Fetch::new(Arc::new(Select::all(table)), Output::Columns(job.answer.clone()));
        let sql =
            render::statement(Self::syntax(), &fetch.keyed(by.to_vec(), keys)).map_err(|fault| job.failed(fault))?;
        Ok(job.by_values(self.rows_of(job.site, sql, &job.readers())?))
    }
}

/// Says of rows what is stored; gives those of which nothing is, and whether something is of others.
fn tell<'w>(
    rows: &[New<'w>],
    mut stored: AHashMap<Vec<Value>, Vec<Value>>,
    outcomes: &mut [Outcome],
    outcome: fn(Vec<Value>) -> Outcome,
) -> (Vec<New<'w>>, bool) {
    let mut left = Vec::new();
    for row in rows {
        match stored.remove(&row.by) {
            Some(stored) => outcomes[row.place] = outcome(stored),
            None => left.push(row.clone()),
        }
    }
    (left, !stored.is_empty())
}

/// A trigger changes what rows are found by, or a collation takes it for the same as something else.
fn apart() -> Fault {
    Fault::Unsupported("tell new rows apart that it does not store under the values that they were given".to_owned())
}
