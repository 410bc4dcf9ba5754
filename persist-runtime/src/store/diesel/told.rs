//! What became of rows that were changed one by one: read from what the statements tell, in the way of each backend.

use super::DieselStore;
use super::batch::{Batch, Change, Changes, are_out_of_order};
use super::dialect::{Dialect, Syntax};
use super::render;
use super::sql::Statement;
use super::ways::Telling;
use super::write::{Read, Site, changing, check, locking, lockings};
use crate::edit::Outcome;
use crate::engine::{Fetch, Output};
use crate::entity::{ColumnDef, Raw, Unfit, Value};
use crate::group::{KeySet, Select};
use crate::store::{Fault, StoreError};
use ::diesel::connection::{DefaultLoadingMode, LoadConnection};
use ahash::AHashMap;
use std::sync::Arc;

fn integer(raw: Raw<'_>) -> Result<Value, Unfit> {
    raw.integer().map(Value::Int)
}

fn boolean(raw: Raw<'_>) -> Result<Value, Unfit> {
    raw.boolean().map(Value::Bool)
}

pub(super) fn readers(columns: &[ColumnDef]) -> impl Iterator<Item = Read> + '_ {
    columns.iter().map(|column| column.value)
}

impl<C> DieselStore<'_, C>
where
    C: LoadConnection<DefaultLoadingMode>,
    C::Backend: Dialect,
{
    pub(super) fn change_rows(&mut self, site: Site, changes: &Changes<'_>) -> Result<Vec<Outcome>, StoreError> {
        check(changes).map_err(|fault| site.failed(fault))?;
        let syntax = Self::syntax();
        let batches = changes.batches(|values| syntax.limit(values)).map_err(|fault| site.failed(fault))?;
        let several = |batch: &Batch<'_>| match syntax.telling(batch) {
            Telling::Numbered | Telling::Count => false,
            Telling::Written => batch.is_checked(),
            Telling::Later | Telling::Nothing => true,
        };
        let alone = self.is_alone(site, &batches)?;
        let must = !alone && (batches.len() > 1 || batches.iter().any(several));
        self.as_one(site, must, &batches, |store| {
            if syntax.locks_rows() && are_out_of_order(&batches) {
                store.lock(site, changes, changes.by)?;
            }
            let mut outcomes = vec![Outcome::Gone; changes.rows.len()];
            for batch in &batches {
                store.change_batch(site, changes, batch, &mut outcomes)?;
            }
            let untold = untold(syntax, &batches);
            if !untold.is_empty() {
                let read = store.read_written(site, changes, &untold, &mut outcomes);
                read.map_err(|error| if alone { error.unread() } else { error })?;
            }
            Ok(outcomes)
        })
    }

    /// Whether one row is written by one statement, which is all or nothing by itself, and read behind it without more: then
    /// a transaction would keep nothing together but the two. If the row goes between them, it was never found.
    fn is_alone(&mut self, site: Site, batches: &[Batch<'_>]) -> Result<bool, StoreError> {
        let failed = |error| Self::failed(site.entity, site.doing, error);
        if !is_lone(Self::syntax(), batches) || self.session.is_in_unit().map_err(failed)? {
            return Ok(false);
        }
        Ok(self.session.depth().map_err(failed)? > 0 || Self::syntax().writing(batches).is_none())
    }

    fn change_batch(
        &mut self,
        site: Site,
        changes: &Changes<'_>,
        batch: &Batch<'_>,
        outcomes: &mut [Outcome],
    ) -> Result<(), StoreError> {
        let syntax = Self::syntax();
        let statement = || changing(syntax, batch).map_err(|fault| site.failed(fault));
        match syntax.telling(batch) {
            Telling::Numbered => self.numbered(site, batch, statement()?, outcomes),
            Telling::Written => {
                let missed = self.written(site, batch, statement()?, outcomes)?;
                if missed.is_empty() { Ok(()) } else { self.look_again(site, changes, &missed, outcomes) }
            }
            Telling::Count => {
                let written = self.count(site, &statement()?)?;
                if let (1.., [row]) = (written, batch.rows.as_slice()) {
                    outcomes[row.place] = Outcome::Done(Vec::new());
                }
                Ok(())
            }
            Telling::Later => self.count(site, &statement()?).map(drop),
            Telling::Nothing => self.locked(site, &changes.some(batch.rows.clone()), outcomes),
        }
    }

    /// Locks rows and reads them, changes those that are as expected, and reads what is stored then.
    fn locked(&mut self, site: Site, changes: &Changes<'_>, outcomes: &mut [Outcome]) -> Result<(), StoreError> {
        let columns = changes.columns();
        let stored = self.lock(site, changes, &columns)?;
        let same = changes.some(Self::judge(changes, &changes.rows, &columns, &stored, outcomes));
        if same.rows.is_empty() {
            return Ok(());
        }
        let unchecked = same.unchecked(&same.rows);
        for batch in unchecked.batches(|values| Self::syntax().limit(values)).map_err(|fault| site.failed(fault))? {
            let statement = changing(Self::syntax(), &batch).map_err(|fault| site.failed(fault))?;
            self.count(site, &statement)?;
        }
        same.rows.iter().for_each(|row| outcomes[row.place] = Outcome::Done(Vec::new()));
        if changes.deletes || changes.returning.is_empty() {
            return Ok(());
        }
        let columns: Vec<_> = changes.by.iter().chain(changes.returning).copied().collect();
        let width = changes.by.len();
        let mut places: AHashMap<_, _> = same.rows.iter().map(|row| (row.key, row.place)).collect();
        for mut row in self.lock(site, &same, &columns)? {
            let stored = row.split_off(width.min(row.len()));
            if let Some(place) = places.remove(row.as_slice()) {
                outcomes[place] = Outcome::Done(stored);
            }
        }
        Ok(())
    }

    pub(super) fn lock(
        &mut self,
        site: Site,
        changes: &Changes<'_>,
        columns: &[ColumnDef],
    ) -> Result<Vec<Vec<Value>>, StoreError> {
        let readers: Vec<_> = readers(columns).collect();
        let mut stored = Vec::new();
        for changes in lockings(Self::syntax(), changes) {
            let sql = locking(Self::syntax(), &changes, columns).map_err(|fault| site.failed(fault))?;
            stored.append(&mut self.rows_of(site, sql, &readers)?);
        }
        Ok(stored)
    }

    /// Reads what the statement of a batch tells of each row that is there.
    fn numbered(
        &mut self,
        site: Site,
        batch: &Batch<'_>,
        statement: Statement,
        outcomes: &mut [Outcome],
    ) -> Result<(), StoreError> {
        let all: Vec<Read> = [integer as Read, boolean].into_iter().chain(readers(batch.returning)).collect();
        for mut row in self.rows_of(site, statement, &all)? {
            let stored = row.split_off(2.min(row.len()));
            let [Value::Int(number), Value::Bool(written)] = row.as_slice() else { continue };
            let change = usize::try_from(*number - 1).ok().and_then(|number| batch.rows.get(number));
            if let Some(outcome) = change.and_then(|change| outcomes.get_mut(change.place)) {
                *outcome = match written {
                    true if batch.deletes => Outcome::Done(Vec::new()),
                    true => Outcome::Done(stored),
                    false => Outcome::Missed(stored),
                };
            }
        }
        Ok(())
    }

    /// Reads which rows the statement of a batch has written; gives those that may be there and be otherwise.
    fn written<'w>(
        &mut self,
        site: Site,
        batch: &Batch<'w>,
        statement: Statement,
        outcomes: &mut [Outcome],
    ) -> Result<Vec<Change<'w>>, StoreError> {
        let key: &[ColumnDef] = if batch.is_single() { &[] } else { batch.by };
        let wanted: &[ColumnDef] = if batch.deletes { &[] } else { batch.returning };
        let all: Vec<_> = readers(key).chain(readers(wanted)).collect();
        let mut pending: AHashMap<_, _> = batch.rows.iter().map(|row| (row.key, *row)).collect();
        for mut row in self.rows_of(site, statement, &all)? {
            let stored = row.split_off(key.len().min(row.len()));
            let key = if batch.is_single() { batch.rows[0].key } else { row.as_slice() };
            if let Some(change) = pending.remove(key)
                && let Some(outcome) = outcomes.get_mut(change.place)
            {
                *outcome = Outcome::Done(stored);
            }
        }
        Ok(pending.into_values().filter(|row| !row.checks.is_empty()).collect())
    }

    /// Looks at rows that were not as expected, to the letter of the statement. Nobody else can write them by now. What
    /// the statement took for different may be the same value still (a date in another form, say); such rows are written.
    fn look_again<'w>(
        &mut self,
        site: Site,
        changes: &Changes<'w>,
        missed: &[Change<'w>],
        outcomes: &mut [Outcome],
    ) -> Result<(), StoreError> {
        let columns = changes.columns();
        let rows = self.stored(site, changes, missed, &columns)?;
        let same = Self::judge(changes, missed, &columns, &rows, outcomes);
        if same.is_empty() {
            return Ok(());
        }
        let written = self.change_rows(site, &changes.unchecked(&same))?;
        for (row, written) in same.iter().zip(written) {
            outcomes[row.place] = written;
        }
        Ok(())
    }

    /// Reads rows that were written if they are there. Nobody else can write them by now.
    fn read_written(
        &mut self,
        site: Site,
        changes: &Changes<'_>,
        rows: &[Change<'_>],
        outcomes: &mut [Outcome],
    ) -> Result<(), StoreError> {
        let columns = answered(changes);
        let part = |column| columns.iter().position(|known| known == column);
        let parts: Vec<_> = changes.by.iter().filter_map(part).collect();
        let places: AHashMap<_, _> = rows.iter().map(|row| (row.key, row.place)).collect();
        let mut key = Vec::with_capacity(parts.len());
        for mut stored in self.stored(site, changes, rows, &columns)? {
            key.clear();
            key.extend(parts.iter().filter_map(|part| stored.get(*part)).cloned());
            if let Some(place) = places.get(key.as_slice()) {
                stored.truncate(changes.returning.len());
                outcomes[*place] = Outcome::Done(stored);
            }
        }
        Ok(())
    }

    /// What is stored of rows, found by their keys.
    fn stored(
        &mut self,
        site: Site,
        changes: &Changes<'_>,
        rows: &[Change<'_>],
        columns: &[ColumnDef],
    ) -> Result<Vec<Vec<Value>>, StoreError> {
        let depth = self.session.depth().map_err(|error| Self::failed(site.entity, site.doing, error))?;
        if depth > 0 && Self::syntax().sees_past() {
            return self.lock(site, &changes.some(rows.to_vec()), columns);
        }
        let statement = reading(Self::syntax(), changes, rows, columns).map_err(|fault| site.failed(fault))?;
        self.rows_of(site, statement, &readers(columns).collect::<Vec<_>>())
    }

    /// Tells of rows whether they are as expected, by what is read of them; gives those that are.
    fn judge<'w>(
        changes: &Changes<'w>,
        rows: &[Change<'w>],
        columns: &[ColumnDef],
        stored: &[Vec<Value>],
        outcomes: &mut [Outcome],
    ) -> Vec<Change<'w>> {
        let by_key: AHashMap<_, _> = stored.iter().map(|row| (&row[..changes.by.len().min(row.len())], row)).collect();
        let mut same = Vec::new();
        for row in rows {
            let Some(stored) = by_key.get(row.key) else { continue };
            let value = |column: &ColumnDef| {
                let place = columns.iter().position(|known| known == column);
                place.and_then(|place| stored.get(place)).cloned().unwrap_or(Value::Null)
            };
            if row.checks.iter().all(|check| check.test.holds(&value(&check.column))) {
                same.push(*row);
            } else {
                outcomes[row.place] = Outcome::Missed(changes.returning.iter().map(value).collect());
            }
        }
        same
    }
}

/// Whether one row is written, of which nothing is told.
pub(super) fn is_lone(syntax: &dyn Syntax, batches: &[Batch<'_>]) -> bool {
    matches!(batches, [only] if only.is_single() && syntax.telling(only) == Telling::Later)
}

/// The rows of batches of which nothing is told.
pub(super) fn untold<'w>(syntax: &dyn Syntax, batches: &[Batch<'w>]) -> Vec<Change<'w>> {
    let untold = batches.iter().filter(|batch| syntax.telling(batch) == Telling::Later);
    untold.flat_map(|batch| batch.rows.iter().copied()).collect()
}

/// What is read of them in the end: the answer, and behind it what that lacks of what rows are found by.
pub(super) fn answered(changes: &Changes<'_>) -> Vec<ColumnDef> {
    let beside = changes.by.iter().filter(|column| !changes.returning.contains(column));
    changes.returning.iter().chain(beside).copied().collect()
}

/// The statement that reads rows by their keys.
pub(super) fn reading(
    syntax: &'static dyn Syntax,
    changes: &Changes<'_>,
    rows: &[Change<'_>],
    columns: &[ColumnDef],
) -> Result<Statement, Fault> {
    let keys = KeySet::new(changes.by.len(), rows.iter().flat_map(|row| row.key.iter().cloned()).collect());
    let select = Arc::new(Select::all(changes.table));
    let fetch = Fetch::new(select, Output::Columns(columns.to_vec())).keyed(changes.by.to_vec(), keys);
    render::statement(syntax, &fetch)
}
