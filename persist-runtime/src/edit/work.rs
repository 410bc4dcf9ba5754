//! A unit of work: [`Work`], several changes that are written as one.

use super::below::{Part, below};
use super::change::Changes;
use super::diff::Draft;
use super::editable::{EditPart, Editable, assert_insertable, read};
use super::fate::Fate;
use super::held::Edit;
use super::refused::Refused;
use super::write::{Check, RowDelete, RowUpdate, Set, To};
use crate::engine::Failed;
use crate::entity::{ColumnDef, Entity, Key, Reference, Table, Value};
use crate::group::{Group, Relation, Select, ToOne};
use crate::view::Graph;
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

/// A value on its way, as data, with what is to be done for the rows below it.
#[derive(Default)]
struct InHand {
    now: Graph,
    /// Where the rows below it stand that are written.
    written: Vec<Option<Vec<(usize, usize)>>>,
    /// Whether some of them may have got a position that the value in hand does not show.
    repositioned: bool,
}

impl InHand {
    fn prepare(&mut self, now: Graph, parts: Vec<Part>) -> Vec<Part> {
        let repositioned = parts.iter().any(|part| part.positioned);
        *self = Self { now, written: parts.iter().map(|part| part.at.clone()).collect(), repositioned };
        parts
    }

    /// The value as it is stored, and whether the rows below it are so in hand already.
    fn stored(&mut self, stored: Stored) -> (Graph, bool) {
        let mut same = !self.repositioned;
        let mut graph = std::mem::take(&mut self.now);
        if let Some(row) = stored.row {
            graph.cells = row;
        }
        for (at, row) in self.written.iter().zip(stored.below) {
            let (Some(at), Some(row)) = (at, row) else { continue };
            let below = at.iter().try_fold(&mut graph, |graph, (nth, row)| graph.below.get_mut(*nth)?.get_mut(*row));
            if let Some(below) = below {
                same &= below.cells == row;
                below.cells = row;
            }
        }
        (graph, same)
    }
}

/// A new row.
struct Fresh<'w, V> {
    value: &'w mut V,
    tree: InHand,
    stored: Option<V>,
}

impl<V: Editable> Item for Fresh<'_, V> {
    fn table(&self) -> &'static Table {
        <V::Of as Entity>::TABLE
    }

    fn op(&self, given: &[(ColumnDef, Value)]) -> Result<Op, Refused> {
        let columns = V::columns();
        let table = self.table();
        let now = match self.tree.now.cells.as_slice() {
            [] => self.value.graph().cells,
            cells => cells.to_vec(),
        };
        let mut cells = Vec::with_capacity(table.columns.len());
        let all = columns.iter().copied().zip(now);
        cells.extend(all.filter(|(column, _)| !table.rules.generated.contains(column)));
        let absent = table.columns.iter().filter(|column| column.nullable && !columns.contains(column));
        let absent = absent.filter(|column| !table.rules.generated.contains(column));
        cells.extend(absent.map(|column| (*column, Value::Null)));
        give_cells(&mut cells, given);
        Ok(Op::Insert(cells))
    }

    fn columns(&self) -> Cow<'static, [ColumnDef]> {
        V::columns()
    }

    fn prepare(&mut self) -> Result<Vec<Part>, Refused> {
        // A row without others is looked at when it is written.
        if self.value.below().is_empty() {
            return Ok(Vec::new());
        }
        let (node, mut now) = (V::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF, self.value.graph());
        let parts = below(node, &V::columns(), None, &mut now)?;
        Ok(self.tree.prepare(now, parts))
    }

    fn take(&mut self, stored: Stored) -> Result<(), Failed> {
        self.stored = Some(read(&self.tree.stored(stored).0)?);
        Ok(())
    }

    fn done(&mut self, _: Option<&Fate>) {
        if let Some(mut stored) = self.stored.take() {
            EditPart::keep_transient(&mut stored, self.value);
            *self.value = stored;
        }
    }
}

/// An edit.
struct Held<'w, V> {
    edit: &'w mut Edit<V>,
    tree: InHand,
    /// What is stored, as a value if the one in hand is another.
    stored: Option<(Option<V>, Graph)>,
}

impl<V: Editable> Item for Held<'_, V> {
    fn table(&self) -> &'static Table {
        <V::Of as Entity>::TABLE
    }

    fn op(&self, given: &[(ColumnDef, Value)]) -> Result<Op, Refused> {
        Ok(match self.edit.row(given, !self.tree.written.is_empty())? {
            Some(row) => Op::Update(row),
            None => Op::Verify(Edit::key_values(self.edit), self.edit.assertions()),
        })
    }

    fn columns(&self) -> Cow<'static, [ColumnDef]> {
        V::columns()
    }

    fn read(&self, column: &ColumnDef) -> Option<Value> {
        Edit::read(self.edit, column)
    }

    fn prepare(&mut self) -> Result<Vec<Part>, Refused> {
        let (now, parts) = self.edit.below()?;
        Ok(self.tree.prepare(now, parts))
    }

    fn take(&mut self, stored: Stored) -> Result<(), Failed> {
        let (graph, same) = self.tree.stored(stored);
        let value = if same && self.edit.shows(&graph.cells) { None } else { Some(read(&graph)?) };
        self.stored = Some((value, graph));
        Ok(())
    }

    fn done(&mut self, fate: Option<&Fate>) {
        if let Some((value, stored)) = self.stored.take() {
            self.edit.saved(value, stored, fate);
        }
    }
}

struct Patch<E> {
    key: Vec<Value>,
    changes: Changes<E>,
}

impl<E: Entity> Item for Patch<E> {
    fn table(&self) -> &'static Table {
        E::TABLE
    }

    fn op(&self, given: &[(ColumnDef, Value)]) -> Result<Op, Refused> {
        let Self { key, changes } = self;
        let known = |column: &ColumnDef| changes.known(column);
        let mut sets = changes.sets(E::TABLE, key)?;
        give(&mut sets, given);
        let draft = Draft { table: E::TABLE, key, sets, checks: changes.checks(), known: &known };
        Ok(draft.row(false)?.map_or_else(|| Op::Verify(key.clone(), Vec::new()), Op::Update))
    }
}

struct Gone<'w> {
    table: &'static Table,
    row: RowDelete,
    read: Option<&'w dyn ReadBefore>,
}

/// What knows what a column was read as.
trait ReadBefore {
    fn read_before(&self, column: &ColumnDef) -> Option<Value>;
}

impl<V: Editable> ReadBefore for Edit<V> {
    fn read_before(&self, column: &ColumnDef) -> Option<Value> {
        self.read(column)
    }
}

impl Item for Gone<'_> {
    fn table(&self) -> &'static Table {
        self.table
    }

    fn op(&self, _: &[(ColumnDef, Value)]) -> Result<Op, Refused> {
        Ok(Op::Delete(self.row.clone()))
    }

    fn read(&self, column: &ColumnDef) -> Option<Value> {
        self.read?.read_before(column)
    }
}

struct All<E> {
    select: Arc<Select>,
    /// None: they go.
    changes: Option<Changes<E>>,
}

impl<E: Entity> Item for All<E> {
    fn table(&self) -> &'static Table {
        self.select.table
    }

    fn op(&self, _: &[(ColumnDef, Value)]) -> Result<Op, Refused> {
        let select = Arc::clone(&self.select);
        let Some(changes) = &self.changes else { return Ok(Op::DeleteAll(select)) };
        let known = |column: &ColumnDef| changes.known(column);
        let sets = changes.sets(E::TABLE, &[])?;
        let draft = Draft { table: E::TABLE, key: &[], sets, checks: changes.checks(), known: &known };
        let (sets, checks) = draft.group()?;
        Ok(Op::UpdateAll(select, sets, checks))
    }
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
