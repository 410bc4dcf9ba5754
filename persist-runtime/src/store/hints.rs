//! What a store says of an index that it misses.

use crate::entity::{ColumnDef, Table};
use crate::group::names;
use std::fmt;

/// A table that a statement reads from end to end, and what would spare it that: what
/// [`Store::index_hints`](super::Store::index_hints) gives. `Display` writes it for people.
///
/// ```
#[doc = tracker!()]
/// use persist::store::IndexHint;
/// let hint = IndexHint::new(Bug::TABLE, vec![Bug::TABLE.columns[2]]);
/// assert_eq!(hint.to_string(), "scans bugs: an index on bugs(heat) would serve");
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct IndexHint {
    /// The table.
    pub table: &'static Table,
    /// The columns of an index that would serve, the one that leads first.
    pub columns: Vec<ColumnDef>,
}

impl IndexHint {
    /// `table` is read from end to end, and an index on `columns` would serve.
    #[must_use]
    pub const fn new(table: &'static Table, columns: Vec<ColumnDef>) -> Self {
        Self { table, columns }
    }
}

impl PartialEq for IndexHint {
    fn eq(&self, other: &Self) -> bool {
        self.table.is(other.table) && self.columns == other.columns
    }
}

impl Eq for IndexHint {}

impl fmt::Display for IndexHint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { table: Table { name, .. }, columns } = self;
        write!(f, "scans {name}: an index on {name}({}) would serve", names(columns))
    }
}
