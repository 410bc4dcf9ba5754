//! A unit of work: [`Work`], several changes that are written as one.

use super::below::{New, Part};
use super::change::Changes;
use super::editable::{Editable, assert_insertable};
use super::fate::Fate;
use super::held::Edit;
use super::items::{All, Copied, Fresh, Gone, Held, InHand, Patch};
use super::refused::Refused;
use super::whole::Replaced;
use super::write::{Check, RowDelete, RowUpdate, Set, Test, To};
use crate::engine::Failed;
use crate::entity::{ColumnDef, Entity, Key, Reference, Table, Value};
use crate::group::{Group, Relation, Select, ToOne};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::Arc;

/// New rows, edits, patches and deletions, written as one by [`Context::commit`](crate::Context::commit): in one
/// transaction, in as few statements as the store can do with, in the order that foreign keys ask for.
///
/// It borrows what it writes. When the commit fails, nothing was written and all of it is as it was; when it succeeds,
/// the values are what is stored, keys that the store made among them.
///
/// The idea, and the name, are those of the unit of work in Fowler's *Patterns of Enterprise Application Architecture*.
///
/// ```
#[doc = tracker!()]
/// use persist::Work;
///
/// let mut person = Person { id: 3, name: "Linus".into() };
/// let mut bug = Bug { id: 10, title: "Loud fan".into(), heat: 1, owner_id: 3, assignee_id: None };
/// let mut other = context.edit::<Bug>(7)?;
/// other.heat = 0;
///
/// let mut work = Work::new();
/// work.insert(&mut bug);                                              // in any order
/// work.insert(&mut person);
/// work.save(&mut other);
/// work.delete_key::<Bug>(8);
/// context.commit(work)?;
/// assert_eq!(context.realise(People::from_keys([3]).bugs())?, [bug]);
/// # Ok::<(), persist::Error>(())
/// ```
#[derive(Default)]
#[must_use = "nothing is written until a context commits it"]
pub struct Work<'w> {
    items: Vec<Box<dyn Item + 'w>>,
    links: Vec<Link>,
}

/// One thing in a [`Work`]: a row that will be there.
#[derive(Debug)]
pub struct Put<E> {
    item: usize,
    entity: PhantomData<fn() -> E>,
}

impl<E> Clone for Put<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for Put<E> {}

/// A row that refers to another one of the same work.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Link {
    pub(crate) from: usize,
    pub(crate) reference: Reference,
    pub(crate) to: usize,
}

/// What became of one thing of a [`Work`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Done {
    /// It is a row now.
    Inserted,
    /// Its changes were written.
    Updated,
    /// There were no changes: nothing was written.
    Unchanged,
    /// It is deleted.
    Deleted,
    /// So many rows were written.
    Rows(u64),
}

/// What one thing asks of a store.
#[derive(Debug, Clone)]
pub(crate) enum Op {
    /// A new row, of these cells.
    Insert(Vec<(ColumnDef, Value)>),
    Update(RowUpdate),
    /// Nothing is written, but this must be so of the row.
    Verify(Vec<Value>, Vec<Check>),
    Delete(RowDelete),
    UpdateAll(Arc<Select>, Vec<Set>, Vec<Check>),
    DeleteAll(Arc<Select>),
}

impl Op {
    /// Whether it is counted first, and undone if not all of that could be written.
    pub(crate) fn is_bounded(&self) -> bool {
        matches!(self, Self::UpdateAll(_, _, checks) if checks.iter().any(|check| matches!(check.test, Test::Within(..))))
    }
}

/// What is stored of one thing, where it was written.
#[derive(Debug, Default)]
pub(crate) struct Stored {
    pub(crate) row: Option<Vec<Value>>,
    /// For each row that is written with it.
    pub(crate) below: Vec<Option<Vec<Value>>>,
}

/// One thing in a work, whatever its type.
pub(crate) trait Item {
    fn table(&self) -> &'static Table;

    /// What it asks for, where some of its columns are given by other rows.
    fn op(&self, given: &[(ColumnDef, Value)]) -> Result<Op, Refused>;

    /// The columns that it wants back.
    fn columns(&self) -> Cow<'static, [ColumnDef]> {
        Cow::Borrowed(&[])
    }

    /// What a column was read as.
    fn read(&self, _: &ColumnDef) -> Option<Value> {
        None
    }

    /// What is to be done for the rows that are written with it.
    fn prepare(&mut self) -> Result<Vec<Part>, Refused> {
        Ok(Vec::new())
    }

    /// The collections that are replaced as a whole.
    fn wholes(&self) -> Vec<Replaced> {
        Vec::new()
    }

    /// Reads what is stored, without showing it yet: the commit may still fail.
    fn take(&mut self, _stored: Stored) -> Result<(), Failed> {
        Ok(())
    }

    /// Shows what was taken.
    fn done(&mut self, _fate: Option<&Fate>) {}
}

impl<'w> Work<'w> {
    /// Nothing yet.
    pub const fn new() -> Self {
        Self { items: Vec::new(), links: Vec::new() }
    }

    fn add<E>(&mut self, item: impl Item + 'w) -> Put<E> {
        self.items.push(Box::new(item));
        Put { item: self.items.len() - 1, entity: PhantomData }
    }

    /// A new row, with the rows of its collections. Columns that are `generated` are made by the store; afterwards the
    /// value is what is stored.
    pub fn insert<V: Editable>(&mut self, value: &'w mut V) -> Put<V::Of> {
        const { assert_insertable::<V>() };
        self.add(Fresh { value, tree: InHand::default(), stored: None })
    }

    /// New rows of a value, which is not told what is stored; `exactly`: also what else the store would make.
    pub(crate) fn copy<V: Editable>(&mut self, value: &'w V, exactly: bool) {
        let new = if exactly { New::Exact } else { New::Made };
        let _: Put<V::Of> = self.add(Copied { value, tree: InHand::default(), new });
    }

    /// What changed in an edit, and in its collections.
    pub fn save<V: Editable>(&mut self, edit: &'w mut Edit<V>) -> Put<V::Of> {
        self.add(Held { edit, tree: InHand::default(), stored: None })
    }

    /// The row of `from` refers by `relation` to that of `to`, whose key may be one that the store makes.
    ///
    /// ```
    #[doc = tracker!()]
    /// use persist::Work;
    ///
    /// let mut person = Person { id: 3, name: "Linus".into() };
    /// let mut bug = Bug { id: 10, title: "Loud fan".into(), heat: 1, owner_id: 0, assignee_id: None };
    /// let mut work = Work::new();
    /// let (linus, fan) = (work.insert(&mut person), work.insert(&mut bug));
    /// work.refer(fan, bug::owner, linus);
    /// work.refer(fan, bug::assignee, linus);
    /// context.commit(work)?;
    /// assert_eq!((bug.owner_id, bug.assignee_id), (3, Some(3)));
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn refer<E, C: ToOne, T>(&mut self, from: Put<E>, relation: Relation<E, C, T>, to: Put<T>) -> &mut Self {
        self.links.push(Link { from: from.item, reference: relation.reference(), to: to.item });
        self
    }

    /// Changes of the row of this key, without reading it.
    pub fn apply<E: Entity>(&mut self, key: E::Key, changes: impl Into<Changes<E>>) -> Put<E> {
        self.add(Patch { key: values(&key), changes: changes.into() })
    }

    /// The row of an edit goes, if it still is what the rules of its entity expect.
    pub fn delete<V: Editable>(&mut self, edit: &'w Edit<V>) -> &mut Self {
        let row = RowDelete { key: Edit::key_values(edit), checks: edit.expectations() };
        let table = <V::Of as Entity>::TABLE;
        let _: Put<V::Of> = self.add(Gone { table, row, read: Some(edit) });
        self
    }

    /// The row of this key goes, whatever it holds.
    pub fn delete_key<E: Entity>(&mut self, key: E::Key) -> &mut Self {
        let row = RowDelete { key: values(&key), checks: Vec::new() };
        let _: Put<E> = self.add(Gone { table: E::TABLE, row, read: None });
        self
    }

    /// Changes of all rows of a group: [`Context::update`](crate::Context::update).
    pub fn update<E>(&mut self, group: &Group<E>, changes: impl Into<Changes<E>>) -> &mut Self
    where
        E: Entity<Group: From<Group<E>>>,
    {
        let _: Put<E> = self.add(All { select: Arc::clone(group.select()), changes: Some(changes.into()) });
        self
    }

    /// All rows of a group go: [`Context::delete_all`](crate::Context::delete_all).
    pub fn delete_all<E: Entity<Group: From<Group<E>>>>(&mut self, group: &Group<E>) -> &mut Self {
        let _: Put<E> = self.add(All { select: Arc::clone(group.select()), changes: None::<Changes<E>> });
        self
    }

    pub(crate) fn into_parts(self) -> (Vec<Box<dyn Item + 'w>>, Vec<Link>) {
        (self.items, self.links)
    }
}

impl std::fmt::Debug for Work<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let tables = self.items.iter().map(|item| item.table().entity);
        f.debug_list().entries(tables).finish()
    }
}

pub(crate) fn values(key: &impl Key) -> Vec<Value> {
    let mut values = Vec::new();
    key.push_values(&mut values);
    values
}

/// These cells of a new row become what other rows give.
pub(crate) fn give_cells(cells: &mut Vec<(ColumnDef, Value)>, given: &[(ColumnDef, Value)]) {
    for (column, value) in given {
        match cells.iter_mut().find(|(known, _)| known == column) {
            Some((_, cell)) => cell.clone_from(value),
            None => cells.push((*column, value.clone())),
        }
    }
}

/// These columns become what other rows give.
pub(crate) fn give(sets: &mut Vec<Set>, given: &[(ColumnDef, Value)]) {
    for (column, value) in given {
        sets.retain(|set| set.column != *column);
        sets.push(Set { column: *column, to: To::Value(value.clone()) });
    }
}
