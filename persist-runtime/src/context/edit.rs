//! Editing: what is in hand is written where it differs.

use super::{Context, Error};
use crate::edit::{Changes, Check, Conflict, Edit, Editable, Missed, Outcome, RowUpdate, To, Work, values};
use crate::engine::KeyText;
use crate::entity::{ColumnDef, Entity, Table, Value};
use crate::group::{Comparison, Condition, Select};
use crate::store::{Fault, StoreError};
use crate::view::{Ask, IntoAsk};
use std::sync::Arc;

/// How often [`Context::merge`] tries to be faster than others.
const MERGES: usize = 8;

impl Context<'_> {
    /// Loads the row of this key, to be edited. An example is at [`Edit`].
    ///
    /// # Errors
    /// [`Conflict::Gone`] when there is no such row, or none that the [scopes](Self::scope) of this context show; else as
    /// [`realise`](Self::realise).
    pub fn edit<V: Editable>(&mut self, key: <V::Of as Entity>::Key) -> Result<Edit<V>, Error> {
        self.find::<V>(values(&key)).map(Edit::from)
    }

    fn find<V: Editable>(&mut self, key: Vec<Value>) -> Result<V, Error> {
        let table = <V::Of as Entity>::TABLE;
        let ask = Ask::<V>::of(Arc::new(Select::matching(table, is_key(table, &key))));
        let found = self.realise(ask)?.into_iter().next();
        found.ok_or_else(|| Conflict::Gone { entity: table.entity, key: KeyText(key) }.into())
    }

    /// Loads rows to be edited, in the order of their group: `context.edit_all(bugs.view::<Bug>())`.
    ///
    /// # Errors
    /// As [`realise`](Self::realise).
    pub fn edit_all<A: IntoAsk<View: Editable>>(&mut self, ask: A) -> Result<Vec<Edit<A::View>>, Error> {
        let ask: Ask<A::View> = ask.into_ask();
        Ok(self.realise(ask)?.into_iter().map(Edit::from).collect())
    }

    /// Writes what changed, and nothing else: one statement that names only the changed columns, none if nothing changed.
    /// Afterwards the value is what is stored, changes of others to other columns among it.
    ///
    /// # Errors
    /// [`Error::Conflicts`] when the row is gone, or is not what the entity's rules expect; [`Error::Refused`] when the
    /// changes cannot be meant; [`Error::Store`] when the store refuses them. Nothing is written then, and the edit is as it
    /// was.
    pub fn save<V: Editable>(&mut self, edit: &mut Edit<V>) -> Result<(), Error> {
        self.save_all(std::slice::from_mut(edit))
    }

    /// Writes what changed in several rows, all or none: as few statements as the store can do with, in one transaction.
    ///
    /// # Errors
    /// As [`save`](Self::save), with every row that is in conflict.
    pub fn save_all<V: Editable>(&mut self, edits: &mut [Edit<V>]) -> Result<(), Error> {
        let mut work = Work::new();
        for edit in edits {
            let _ = work.save(edit);
        }
        self.commit(work).map(drop)
    }

    /// Looks whether a row is as expected, although nothing is written.
    pub(super) fn verify(
        &mut self,
        table: &'static Table,
        key: Vec<Value>,
        checks: Vec<Check>,
        read: &dyn Fn(&ColumnDef) -> Option<Value>,
    ) -> Result<(), Error> {
        if checks.is_empty() {
            return Ok(());
        }
        let columns: Vec<_> = checks.iter().map(|check| check.column).collect();
        let stored = self.read_rows(Arc::new(Select::matching(table, is_key(table, &key))), &columns)?;
        let row = RowUpdate { key, sets: Vec::new(), checks };
        let missed = match stored.into_iter().next() {
            None => Outcome::Gone,
            Some(stored) if row.checks.iter().zip(&stored).all(|(check, value)| check.test.holds(value)) => {
                return Ok(());
            }
            Some(stored) => Outcome::Missed(stored),
        };
        Err(conflict(table, &row, &columns, &missed, read)?.into())
    }

    /// Saves, and where others were faster puts the changes [onto](Edit::rebase) what they wrote and saves again.
    ///
    /// # Errors
    /// [`Error::Overlaps`] with what both changed, differently; [`Conflict::Gone`]; else as [`save`](Self::save). The edit is
    /// as it was then.
    pub fn merge<V: Editable>(&mut self, edit: &mut Edit<V>) -> Result<(), Error> {
        for _ in 1..MERGES {
            match self.save(edit) {
                Err(Error::Conflicts(conflicts)) if conflicts.can_merge() => self.rebase(edit)?,
                saved => return saved,
            }
        }
        self.save(edit)
    }

    /// Puts the changes of an edit [onto](Edit::rebase) what is stored now, without writing.
    ///
    /// # Errors
    /// [`Error::Overlaps`] with what both changed, differently; [`Conflict::Gone`] when there is no such row.
    pub fn rebase<V: Editable>(&mut self, edit: &mut Edit<V>) -> Result<(), Error> {
        let theirs = self.find(Edit::key_values(edit))?;
        Ok(Edit::rebase(edit, theirs)?)
    }

    /// Writes changes of the row of this key without reading it first. An example is at [`Changes`].
    ///
    /// # Errors
    /// [`Error::Conflicts`] when there is no such row, or it is not as expected; [`Error::Refused`] when the changes cannot
    /// be meant, or lack an [expectation](Changes::expect) that the entity's rules want; [`Error::Store`] when the store
    /// refuses them. Nothing is written then.
    pub fn apply<E: Entity>(&mut self, key: E::Key, changes: impl Into<Changes<E>>) -> Result<(), Error> {
        let mut work = Work::new();
        let _ = work.apply(key, changes);
        self.commit(work).map(drop)
    }

    /// Deletes the row of an edit, if it is still what the entity's rules expect: of an entity with a revision, if nobody
    /// wrote it meanwhile. What refers to it goes, stays or keeps it as the entity declares (`on_delete`).
    ///
    /// # Errors
    /// [`Error::Conflicts`] when it is gone, or not as expected, or kept by rows that refer to it; [`Error::Store`] when the
    /// store refuses.
    pub fn delete<V: Editable>(&mut self, edit: &Edit<V>) -> Result<(), Error> {
        let mut work = Work::new();
        work.delete(edit);
        self.commit(work).map(drop)
    }

    /// Deletes the row of this key, whatever it holds.
    ///
    /// # Errors
    /// As [`delete`](Self::delete).
    pub fn delete_key<E: Entity>(&mut self, key: E::Key) -> Result<(), Error> {
        let mut work = Work::new();
        work.delete_key::<E>(key);
        self.commit(work).map(drop)
    }
}

/// "This row has this key."
fn is_key(table: &Table, key: &[Value]) -> Condition {
    let part = |(column, value): (&ColumnDef, &Value)| Condition::Compare {
        column: *column,
        how: Comparison::Equal,
        value: value.clone(),
    };
    Condition::And(table.key.iter().zip(key).map(part).collect())
}

/// Why a row was not written.
pub(super) fn conflict(
    table: &'static Table,
    row: &RowUpdate,
    columns: &[ColumnDef],
    outcome: &Outcome,
    read: &dyn Fn(&ColumnDef) -> Option<Value>,
) -> Result<Conflict, Error> {
    let stored = match outcome {
        Outcome::Gone => return Ok(Conflict::Gone { entity: table.entity, key: KeyText(row.key.clone()) }),
        Outcome::Missed(stored) => stored,
        Outcome::Done(_) | Outcome::Rows(_) => return Err(Error::Broken),
    };
    let mine = |column: &ColumnDef| match &row.sets.iter().find(|set| set.column == *column)?.to {
        To::Plus(more) => Some(more.clone()),
        to => Some(to.of(&read(column).unwrap_or(Value::Null))),
    };
    let missed = Missed { table, key: &row.key, checks: &row.checks, columns, stored, mine: &mine, read };
    // All is as expected by now: somebody else is writing it at this moment.
    let collided = || Error::Store(StoreError::new(table.entity, "updating", Fault::Serialization));
    missed.conflict().ok_or_else(collided)
}
