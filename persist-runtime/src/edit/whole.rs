//! A collection that is replaced as a whole: what must be so before it is, and what it is called where it is not.

use super::conflict::Conflict;
use super::layout::Layout;
use super::write::To;
use crate::engine::KeyText;
use crate::entity::{ColumnDef, Table, Value};
use crate::group::Condition;
use crate::view::{Edge, Graph};
use ahash::AHashMap;

/// A collection that is replaced as a whole, as it was read.
pub(crate) struct Replaced {
    pub(super) layout: Layout,
    /// The key of the row that holds it.
    pub(crate) key: Vec<Value>,
    /// What its rows hold to refer to that.
    pub(crate) referred: Vec<Value>,
    pub(super) read: Vec<Graph>,
}

impl Replaced {
    /// The table of the row that holds it.
    pub(crate) const fn parent(&self) -> &'static Table {
        self.layout.edge.relation.from
    }

    /// The table of its rows.
    pub(crate) const fn table(&self) -> &'static Table {
        self.layout.table
    }

    /// The columns by which its rows refer to the row that holds it.
    pub(crate) const fn reference(&self) -> &'static [ColumnDef] {
        self.layout.reference()
    }

    /// Which of the rows that do so are in it, if not all.
    pub(crate) fn condition(&self) -> Option<Condition> {
        self.layout.edge.condition()
    }

    /// The columns that were read of it.
    pub(crate) fn columns(&self) -> &[ColumnDef] {
        &self.layout.columns
    }

    /// Whether both hold the same columns of the same rows, but for whom these belong to.
    pub(crate) fn is_beside(&self, other: &Self) -> bool {
        let (one, two) = (self.layout.edge, other.layout.edge);
        let relation = |edge: &Edge| (edge.field, edge.relation.name, edge.upkeep.mark());
        relation(one) == relation(two) && self.parent().is(other.parent()) && self.columns() == other.columns()
    }

    /// What others made of it, whose rows hold these cells now.
    pub(crate) fn conflicts(&self, stored: Vec<Vec<Value>>) -> Vec<Conflict> {
        let mut stored: AHashMap<Vec<Value>, Graph> =
            stored.into_iter().map(Graph::row).map(|row| (self.layout.identity(&row), row)).collect();
        let mut conflicts = Vec::new();
        for read in &self.read {
            conflicts.extend(match stored.remove(&self.layout.identity(read)) {
                None => Some(Conflict::Gone { entity: self.table().entity, key: self.named(read) }),
                Some(now) => self.changed(read, &now),
            });
        }
        let mut added: Vec<_> = stored.into_iter().collect();
        added.sort_by(|(one, _), (other, _)| one.cmp(other));
        conflicts.extend(added.into_iter().map(|(_, row)| self.added(&row)));
        conflicts
    }

    fn changed(&self, read: &Graph, now: &Graph) -> Option<Conflict> {
        let cells = self.columns().iter().zip(read.cells.iter().zip(now.cells.iter()));
        let differs = |(_, (read, now)): &(_, (&Value, &Value))| {
            // Two documents may say the same in other words.
            read != now && To::between(read, (*now).clone()).is_some()
        };
        let (column, (expected, actual)) = cells.into_iter().find(differs)?;
        let (entity, key, column) = (self.table().entity, self.named(read), column.name);
        let (expected, actual) = (expected.clone(), actual.clone());
        Some(Conflict::Guard { entity, key, column, expected, actual, mine: None })
    }

    fn added(&self, row: &Graph) -> Conflict {
        let (by, _) = self.layout.found_by(row, &self.referred);
        let shown = self.columns().iter().zip(row.cells.iter()).filter(|(column, _)| !by.contains(column));
        let theirs = shown.map(|(column, value)| (column.name, value.clone())).collect();
        Conflict::Added { entity: self.table().entity, key: self.named(row), theirs }
    }

    fn named(&self, row: &Graph) -> KeyText {
        KeyText(self.layout.found_by(row, &self.referred).1)
    }
}
