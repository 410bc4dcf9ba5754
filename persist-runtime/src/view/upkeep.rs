//! How the rows of a relation are written, where they are edited with the row that holds them: [`Upkeep`].

use crate::entity::ColumnDef;

/// How the rows of a relation are kept, where they are edited with the row that holds them.
#[derive(Debug, Clone, Copy)]
pub struct Upkeep {
    /// What is expected where a row is put.
    pub put: Putting,
    /// Whether a row that goes must be what was read.
    pub remove_equal: bool,
    /// What becomes of rows that are taken out.
    pub orphans: Orphans,
    /// The column that says in what order they stand, if it is kept.
    pub position: Option<ColumnDef>,
}

impl Upkeep {
    /// New rows were not there before, changed ones are written where they differ, and those that are taken out go.
    pub const PLAIN: Self =
        Self { put: Putting::Absent, remove_equal: false, orphans: Orphans::Delete, position: None };

    /// The column that says that a row is deleted, if one does.
    #[must_use]
    pub const fn mark(&self) -> Option<ColumnDef> {
        match self.orphans {
            Orphans::Mark(column) => Some(column),
            Orphans::Delete | Orphans::Nullify => None,
        }
    }
}

/// What is expected where a row is put into a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Putting {
    /// A new one is not there yet.
    Absent,
    /// Nothing: a new one takes the place of one that is there.
    Any,
    /// As [`Absent`](Self::Absent), and a changed one is what was read.
    Equal,
}

/// What becomes of rows that are taken out of a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Orphans {
    /// They go.
    Delete,
    /// They refer to nothing.
    Nullify,
    /// This column says that they are deleted; who puts such a row again revives it.
    Mark(ColumnDef),
}
