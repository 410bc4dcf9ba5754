//! Tables as they are to be made: what all entities of each say together.

use crate::entity::{Collation, ColumnType, OnDelete, Table};

/// A table.
#[derive(Debug)]
pub struct TableDef {
    /// The first entity of it, for its table and for messages.
    pub(super) of: &'static Table,
    pub(super) columns: Vec<Column>,
    /// The columns of the key.
    pub(super) key: Vec<&'static str>,
    /// The columns of each constraint besides the key.
    pub(super) uniques: Vec<Vec<&'static str>>,
    pub(super) references: Vec<ReferenceDef>,
    /// The columns of each index that is not there for a constraint.
    pub(super) indexes: Vec<Vec<&'static str>>,
}

/// A column.
#[derive(Debug, Clone)]
pub struct Column {
    pub(super) entity: &'static str,
    pub(super) name: &'static str,
    pub(super) ty: ColumnType,
    pub(super) nullable: bool,
    pub(super) generated: bool,
    pub(super) collation: Collation,
    /// By code point, if what it refers to is, or what refers to it.
    pub(super) shared_collation: Collation,
    /// Whether it is in a key, an index or a constraint.
    pub(super) compared: bool,
    /// How long a text in it can be, so that what it is in fits an index: for columns that are compared.
    pub(super) length: u32,
}

/// A foreign key.
#[derive(Debug, PartialEq)]
pub(super) struct ReferenceDef {
    pub(super) columns: Vec<&'static str>,
    /// Which of the tables it leads to.
    pub(super) to: usize,
    pub(super) remote: Vec<&'static str>,
    pub(super) on_delete: Option<OnDelete>,
}

impl TableDef {
    pub(super) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The columns of the key, of each constraint and of each index.
    pub(super) fn indexed(&self) -> impl Iterator<Item = &Vec<&'static str>> {
        std::iter::once(&self.key).chain(&self.uniques).chain(&self.indexes)
    }
}

/// Whether both name the same columns, in any order.
pub(super) fn same_columns(a: &[&str], b: &[&str]) -> bool {
    a.len() == b.len() && a.iter().all(|column| b.contains(column))
}
