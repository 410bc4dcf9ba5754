//! How the rows of a collection stand in a [`Graph`]: which cell is which column, and what a row is told from others by.

use crate::entity::{ColumnDef, Table, Value};
use crate::view::{Edge, Graph, Node, Upkeep};
use std::cmp::Ordering;
use std::sync::Arc;

/// The rows of one collection.
pub(super) struct Layout {
    pub(super) edge: &'static Edge,
    pub(super) node: &'static Node,
    pub(super) table: &'static Table,
    /// The column of each cell.
    pub(super) columns: Vec<ColumnDef>,
    /// How many cells, the first ones, are the key of an entry; none where a row is told from others by its own key.
    entry: usize,
    /// The cells by which a row is told from others of its parent.
    places: Vec<usize>,
}

impl Layout {
    /// Those of each collection of a view.
    pub(super) fn all(node: &'static Node) -> Vec<Self> {
        node.edges().into_iter().filter_map(Self::of).collect()
    }

    fn of(edge: &'static Edge) -> Option<Self> {
        let node = edge.node()?;
        let entry = if edge.by.is_empty() { edge.value.len() } else { edge.by.len() };
        let ahead = edge.by.iter().chain(edge.value).copied();
        let (columns, table): (Vec<_>, _) = (ahead.chain(node.columns()).collect(), edge.relation.to);
        let place = |column: &ColumnDef| columns.iter().position(|known| known == column);
        let places = match entry {
            0 => table.key.iter().filter_map(place).collect(),
            some => (0..some).collect(),
        };
        Some(Self { edge, node, table, columns, entry, places })
    }

    pub(super) const fn upkeep(&self) -> &'static Upkeep {
        &self.edge.upkeep
    }

    /// The columns by which it refers to its parent.
    pub(super) const fn reference(&self) -> &'static [ColumnDef] {
        self.edge.relation.remote
    }

    /// Whether all rows of the relation are among those that are read.
    pub(super) const fn is_whole(&self) -> bool {
        self.edge.limit.is_none() && self.edge.filter.is_none()
    }

    /// Whether its rows are entries of a map, or of a set.
    pub(super) const fn has_entries(&self) -> bool {
        self.entry > 0
    }

    /// Whether the rows are what one column holds, and nothing more.
    pub(super) fn is_set(&self) -> bool {
        self.entry == self.columns.len()
    }

    fn entry(&self) -> &[ColumnDef] {
        &self.columns[..self.entry]
    }

    /// What a column holds.
    pub(super) fn cell<'g>(&self, row: &'g Graph, column: &ColumnDef) -> Option<&'g Value> {
        row.cells.get(self.columns.iter().position(|known| known == column)?)
    }

    /// What these columns hold, if they all are there.
    fn cells(&self, row: &Graph, columns: &[ColumnDef]) -> Option<Vec<Value>> {
        columns.iter().map(|column| self.cell(row, column).cloned()).collect()
    }

    /// What a row is told from others by, within its parent.
    pub(super) fn identity(&self, row: &Graph) -> Vec<Value> {
        self.identifying(row).cloned().collect()
    }

    /// How two rows stand to one another by that.
    pub(super) fn order(&self, one: &Graph, other: &Graph) -> Ordering {
        if Arc::ptr_eq(&one.cells, &other.cells) {
            return Ordering::Equal;
        }
        self.identifying(one).cmp(self.identifying(other))
    }

    fn identifying<'g>(&self, row: &'g Graph) -> impl Iterator<Item = &'g Value> {
        self.places.iter().filter_map(|place| row.cells.get(*place))
    }

    /// What messages call a row.
    pub(super) fn key_or_identity(&self, row: &Graph) -> Vec<Value> {
        self.key(row).unwrap_or_else(|| self.identity(row))
    }

    /// The key of a row, if the view shows it.
    pub(super) fn key(&self, row: &Graph) -> Option<Vec<Value>> {
        self.cells(row, self.table.key)
    }

    /// The columns that a row of this parent is found by, with what they hold.
    pub(super) fn found_by(&self, row: &Graph, parent: &[Value]) -> (Vec<ColumnDef>, Vec<Value>) {
        if let Some(key) = self.key(row) {
            return (self.table.key.to_vec(), key);
        }
        let values = parent.iter().cloned().chain(self.identity(row)).collect();
        (self.unique(), values)
    }

    /// The columns that no two entries share: its parent's, and the key of the entry.
    pub(super) fn unique(&self) -> Vec<ColumnDef> {
        self.reference().iter().chain(self.entry()).copied().collect()
    }

    /// The columns that a program writes: neither those that say where the row belongs, nor those that the store makes.
    pub(super) fn own(&self) -> impl Iterator<Item = (usize, &ColumnDef)> {
        self.shown().filter(|(_, column)| !self.is_made(column))
    }

    /// What a row says of itself, beside what it is told from others by; of a set, that.
    pub(super) fn told(&self) -> impl Iterator<Item = (usize, &ColumnDef)> {
        self.own().filter(|(place, _)| self.is_set() || !self.places.contains(place))
    }

    /// The columns but for those that say where the row belongs.
    pub(super) fn shown(&self) -> impl Iterator<Item = (usize, &ColumnDef)> {
        self.columns.iter().enumerate().filter(|(_, column)| !self.reference().contains(column))
    }

    pub(super) fn is_made(&self, column: &ColumnDef) -> bool {
        self.table.rules.generated.contains(column)
    }
}
