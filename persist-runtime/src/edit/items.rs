//! What a [`Work`](super::Work) is made of: new rows, edits, patches, rows that go, whole groups.

use super::below::{New, Part, below};
use super::change::Changes;
use super::diff::Draft;
use super::editable::{EditPart, Editable, read};
use super::fate::Fate;
use super::held::Edit;
use super::refused::Refused;
use super::whole::Replaced;
use super::work::{Item, Op, Stored, give, give_cells};
use super::write::RowDelete;
use crate::engine::Failed;
use crate::entity::{ColumnDef, Entity, Table, Value};
use crate::group::Select;
use crate::view::Graph;
use std::borrow::Cow;
use std::sync::Arc;

/// A value on its way, as data, with what is to be done for the rows below it.
#[derive(Default)]
pub(super) struct InHand {
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

    /// The value in hand, where it is known as data just as it is.
    fn shown(&mut self) -> Option<Graph> {
        let known = !self.repositioned && !self.now.below.is_empty();
        known.then(|| std::mem::take(&mut self.now))
    }

    /// The value as it is stored, and whether the rows below it are so in hand already.
    fn stored(&self, stored: Stored) -> (Graph, bool) {
        let mut same = !self.repositioned;
        let mut graph = self.now.clone();
        if let Some(row) = stored.row {
            graph.cells = row.into();
        }
        for (at, row) in self.written.iter().zip(stored.below) {
            let (Some(at), Some(row)) = (at, row) else { continue };
            let below = at.iter().try_fold(&mut graph, |graph, (nth, row)| graph.below.get_mut(*nth)?.get_mut(*row));
            if let Some(below) = below
                && *below.cells != *row
            {
                same = false;
                below.cells = row.into();
            }
        }
        (graph, same)
    }
}

/// The cells of a new row of a view, where some of its columns are given by other rows.
fn new_row<V: Editable>(value: &V, now: &Graph, new: New, given: &[(ColumnDef, Value)]) -> Op {
    let (columns, table) = (V::columns(), <V::Of as Entity>::TABLE);
    let now = match &*now.cells {
        [] => value.cells(),
        cells => cells.to_vec(),
    };
    let is_made = |column: &ColumnDef| table.rules.generated.contains(column);
    let mut cells = Vec::with_capacity(table.columns.len());
    let all = columns.iter().copied().zip(now);
    cells.extend(all.filter(|(column, _)| new == New::Exact || !is_made(column)));
    let absent = table.columns.iter().filter(|column| column.nullable && !columns.contains(column));
    cells.extend(absent.filter(|column| !is_made(column)).map(|column| (*column, Value::Null)));
    give_cells(&mut cells, given);
    Op::Insert(cells)
}

/// The rows below a new one.
fn new_below<V: Editable>(value: &V, tree: &mut InHand, new: New) -> Result<Vec<Part>, Refused> {
    // A row without others is looked at when it is written.
    if value.below(&[]).is_empty() {
        return Ok(Vec::new());
    }
    let (node, mut now) = (V::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF, value.graph(&Graph::default()));
    let parts = below(node, &V::columns(), None, &mut now, new, &[])?;
    Ok(tree.prepare(now, parts))
}

/// A new row.
pub(super) struct Fresh<'w, V> {
    pub(super) value: &'w mut V,
    pub(super) tree: InHand,
    pub(super) stored: Option<V>,
}

impl<V: Editable> Item for Fresh<'_, V> {
    fn table(&self) -> &'static Table {
        <V::Of as Entity>::TABLE
    }

    fn op(&self, given: &[(ColumnDef, Value)]) -> Result<Op, Refused> {
        Ok(new_row(self.value, &self.tree.now, New::Made, given))
    }

    fn columns(&self) -> Cow<'static, [ColumnDef]> {
        V::columns()
    }

    fn prepare(&mut self) -> Result<Vec<Part>, Refused> {
        new_below(self.value, &mut self.tree, New::Made)
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

/// A new row, of a value that stays what it is.
pub(super) struct Copied<'w, V> {
    pub(super) value: &'w V,
    pub(super) tree: InHand,
    pub(super) new: New,
}

impl<V: Editable> Item for Copied<'_, V> {
    fn table(&self) -> &'static Table {
        <V::Of as Entity>::TABLE
    }

    fn op(&self, given: &[(ColumnDef, Value)]) -> Result<Op, Refused> {
        Ok(new_row(self.value, &self.tree.now, self.new, given))
    }

    fn columns(&self) -> Cow<'static, [ColumnDef]> {
        V::columns()
    }

    fn prepare(&mut self) -> Result<Vec<Part>, Refused> {
        new_below(self.value, &mut self.tree, self.new)
    }
}

/// An edit.
pub(super) struct Held<'w, V> {
    pub(super) edit: &'w mut Edit<V>,
    pub(super) tree: InHand,
    /// What is stored, as a value if the one in hand is another.
    pub(super) stored: Option<(Option<V>, Graph)>,
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

    fn wholes(&self) -> Vec<Replaced> {
        self.edit.wholes()
    }

    fn take(&mut self, stored: Stored) -> Result<(), Failed> {
        let (graph, same) = self.tree.stored(stored);
        let value = if same && self.edit.shows(&graph.cells) { None } else { Some(read(&graph)?) };
        self.stored = Some((value, graph));
        Ok(())
    }

    fn done(&mut self, fate: Option<&Fate>) {
        if let Some((value, stored)) = self.stored.take() {
            self.edit.saved(value, stored, self.tree.shown(), fate);
        }
    }
}

pub(super) struct Patch<E> {
    pub(super) key: Vec<Value>,
    pub(super) changes: Changes<E>,
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

pub(super) struct Gone<'w> {
    pub(super) table: &'static Table,
    pub(super) row: RowDelete,
    pub(super) read: Option<&'w dyn ReadBefore>,
}

/// What knows what a column was read as.
pub(super) trait ReadBefore {
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

pub(super) struct All<E> {
    pub(super) select: Arc<Select>,
    /// None: they go.
    pub(super) changes: Option<Changes<E>>,
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
