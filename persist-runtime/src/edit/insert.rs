//! New rows, as data, and what becomes of one whose place is taken.

use super::write::{Check, Checks};
use crate::entity::{ColumnDef, Table, Value};
use crate::group::names;
use std::fmt;

/// New rows of one table, to be written all or none.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Insert {
    /// The table.
    pub table: &'static Table,
    /// The columns that are given; the store fills in the others.
    pub columns: Vec<ColumnDef>,
    /// The rows; each has a value for every one of `columns`, in order.
    pub rows: Vec<Vec<Value>>,
    /// The columns to answer with, as they are stored; none, and the answer may be empty.
    pub returning: Vec<ColumnDef>,
    /// What becomes of a row whose place is taken; without it, that is an error and nothing is written.
    pub upsert: Option<Upsert>,
}

impl Insert {
    /// New rows of `table`; each has a value for every column of the table, in order.
    #[must_use]
    pub fn new(table: &'static Table, rows: Vec<Vec<Value>>) -> Self {
        Self::of(table, table.columns.to_vec(), rows, Vec::new())
    }

    /// New rows of `table`, of which some columns are given, and some are wanted back.
    #[must_use]
    pub const fn of(
        table: &'static Table,
        columns: Vec<ColumnDef>,
        rows: Vec<Vec<Value>>,
        returning: Vec<ColumnDef>,
    ) -> Self {
        Self { table, columns, rows, returning, upsert: None }
    }

    /// The same rows, of which those whose place is taken are no error.
    #[must_use]
    pub fn upsert(self, upsert: Upsert) -> Self {
        Self { upsert: Some(upsert), ..self }
    }
}

/// What becomes of a new row whose place is taken: another row holds the same values in columns that are unique.
///
/// Each row is taken by itself:
/// - No row holds its values of `by`: it is inserted, and [done](super::Outcome::Done).
/// - One does, there are `sets`, and all `checks` hold of that one: its columns `sets` become those of the new row, and
///   it is done, with the row as it is stored then.
/// - Else nothing of it is written, and it is [missed](super::Outcome::Missed), with the row as it is stored.
///
/// So without `sets` it is "put if absent, and say what is there", with them "put any"; and with a check that the row is
/// marked as deleted, "insert or revive". Whatever else is taken, another column that is unique, say, is an error as it is
/// without an upsert.
///
/// ```
#[doc = tracker!()]
/// use persist::edit::{Insert, Outcome, Upsert, Write};
/// use persist::store::Store;
/// # use persist::Entity;
///
/// let mut store = MemoryStore::new().session();
/// let (id, name) = (Person::TABLE.columns[0], Person::TABLE.columns[1]);
/// let put = |person: &str| {
///     let rows = vec![vec![1.into(), person.into()]];
///     let insert = Insert::of(Person::TABLE, vec![id, name], rows, vec![name]);
///     Write::Insert(insert.upsert(Upsert { by: vec![id], sets: vec![], checks: vec![] }))
/// };
/// assert_eq!(store.write(&put("Ada"))?, [Outcome::Done(vec!["Ada".into()])]);
/// assert_eq!(store.write(&put("Bob"))?, [Outcome::Missed(vec!["Ada".into()])]);
/// # Ok::<(), persist::StoreError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upsert {
    /// The columns that are unique: given for each row, not NULL, and not the same for two of them.
    pub by: Vec<ColumnDef>,
    /// What becomes of the row that is there: given too, none twice, none of the table's key or of `by`. None: nothing.
    pub sets: Vec<ColumnDef>,
    /// What must be so of the row that is there, or nothing is written.
    pub checks: Vec<Check>,
}

impl fmt::Display for Insert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (rows, table) = (self.rows.len(), self.table.name);
        write!(f, "insert {rows} rows of {table} ({})", names(&self.columns))?;
        let Some(Upsert { by, sets, checks }) = &self.upsert else { return Ok(()) };
        write!(f, ", where {} is taken ", names(by))?;
        match sets.as_slice() {
            [] => f.write_str("nothing"),
            sets => write!(f, "set {}{}", names(sets), Checks(checks)),
        }
    }
}
