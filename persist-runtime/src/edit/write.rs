//! Writes as data: what a store is asked to change, and what it answers. Authors of stores need them.

use super::insert::Insert;
#[cfg(feature = "json")]
use super::paths::PathChanges;
use crate::entity::{ColumnDef, Table, Value};
use crate::group::{Select, names};
use std::fmt;
use std::sync::Arc;

/// A change of the rows of one table. See [`Store::write`](crate::Store::write).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Write {
    /// New rows, all or none; or of each what becomes of it where its place is taken.
    Insert(Insert),
    /// Changes of rows, each found by its key or by other columns that are unique.
    Update(Update),
    /// Rows that go, each found by its key or by other columns that are unique.
    Delete(Delete),
    /// One change of all rows of a selection.
    UpdateAll(UpdateAll),
    /// All rows of a selection go.
    DeleteAll(DeleteAll),
}

/// What became of one row of a [`Write`]; or, of a write to a whole selection, how many rows it was.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// It was written. Holds the columns that were asked for, as they are stored now (of a row that was deleted: none).
    Done(Vec<Value>),
    /// There is no such row.
    Gone,
    /// The row is there, and is not as expected. Nothing of it was written. Holds the columns that were asked for, as they
    /// are stored now.
    Missed(Vec<Value>),
    /// So many rows were written.
    Rows(u64),
}

/// Changes of rows of one table, each found by its key or by other columns that are unique. No row is there twice.
///
/// Rows are written independently of one another: one that [missed](Outcome::Missed) keeps no other from being written.
/// Whoever wants all or none wraps it in a transaction.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Update {
    /// The table.
    pub table: &'static Table,
    /// The columns that rows are found by: no two rows hold the same values in them. A row with NULL in one is not found.
    pub by: Vec<ColumnDef>,
    /// The rows.
    pub rows: Vec<RowUpdate>,
    /// The columns to answer with, as they are stored afterwards.
    pub returning: Vec<ColumnDef>,
}

impl Update {
    /// Changes of rows of `table`, found by its key.
    #[must_use]
    pub fn new(table: &'static Table, rows: Vec<RowUpdate>, returning: Vec<ColumnDef>) -> Self {
        Self { table, by: table.key.to_vec(), rows, returning }
    }

    /// The same, of rows that are found by these columns.
    #[must_use]
    pub fn by(self, columns: Vec<ColumnDef>) -> Self {
        Self { by: columns, ..self }
    }
}

/// A change of one row. What it does not name is not touched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowUpdate {
    /// The values of the columns that rows are found by.
    pub key: Vec<Value>,
    /// What is written: at least one column, none twice, none of the table's key or of what rows are found by.
    pub sets: Vec<Set>,
    /// What must be so, or nothing is written.
    pub checks: Vec<Check>,
}

/// One column of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set {
    /// The column.
    pub column: ColumnDef,
    /// What becomes of it.
    pub to: To,
}

/// What becomes of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum To {
    /// It becomes this.
    Value(Value),
    /// This is added to what it holds, by the store. The column holds numbers, and not NULL.
    Plus(Value),
    /// These places within the document that it holds change, by the store; what it means is said by
    /// [`PathChanges::applied`]. The column holds JSON, or NULL.
    #[cfg(feature = "json")]
    Paths(PathChanges),
}

impl To {
    /// What makes `now` of what was `read`, where the two differ; nothing where they are documents that say the same.
    pub(crate) fn between(read: &Value, now: Value) -> Option<Self> {
        #[cfg(feature = "json")]
        if let (Value::Json(read), Value::Json(now)) = (read, &now) {
            return super::paths::between(read, now);
        }
        let _ = read;
        Some(Self::Value(now))
    }

    /// The value that is written, or added; of places within a document, the `nth` of those that are set.
    pub(crate) fn value(&self, nth: usize) -> Option<&Value> {
        match self {
            Self::Value(value) | Self::Plus(value) => (nth == 0).then_some(value),
            #[cfg(feature = "json")]
            Self::Paths(changes) => changes.values().nth(nth),
        }
    }

    /// What it makes of a column that holds `held`; NULL, where that is too much for it.
    pub(crate) fn of(&self, held: &Value) -> Value {
        match self {
            Self::Value(value) => value.clone(),
            Self::Plus(more) => held.checked_add(more).unwrap_or(Value::Null),
            #[cfg(feature = "json")]
            Self::Paths(changes) => changes.applied(held),
        }
    }
}

/// What must be so of a stored row for it to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The column.
    pub column: ColumnDef,
    /// What it must hold.
    pub test: Test,
}

/// What a column must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Test {
    /// This value; NULL is equal to NULL here.
    Is(Value),
    /// A number, not NULL, that is neither less than the first nor greater than the second.
    Within(Value, Value),
}

impl Test {
    /// Whether `value` passes.
    #[must_use]
    pub fn holds(&self, value: &Value) -> bool {
        match self {
            Self::Is(expected) => expected == value,
            Self::Within(least, most) => !value.is_null() && least <= value && value <= most,
        }
    }
}

/// Rows of one table that go, each found by its key or by other columns that are unique. No row is there twice. Rows go
/// independently of one another.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Delete {
    /// The table.
    pub table: &'static Table,
    /// The columns that rows are found by: no two rows hold the same values in them. A row with NULL in one is not found.
    pub by: Vec<ColumnDef>,
    /// The rows.
    pub rows: Vec<RowDelete>,
    /// The columns to answer with where a row is not as expected.
    pub returning: Vec<ColumnDef>,
}

impl Delete {
    /// Rows of `table` that go, found by its key.
    #[must_use]
    pub fn new(table: &'static Table, rows: Vec<RowDelete>, returning: Vec<ColumnDef>) -> Self {
        Self { table, by: table.key.to_vec(), rows, returning }
    }

    /// The same, of rows that are found by these columns.
    #[must_use]
    pub fn by(self, columns: Vec<ColumnDef>) -> Self {
        Self { by: columns, ..self }
    }
}

/// A row that goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowDelete {
    /// The values of the columns that rows are found by.
    pub key: Vec<Value>,
    /// What must be so, or it stays.
    pub checks: Vec<Check>,
}

/// One change of all rows of a selection, which may be cut.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct UpdateAll {
    /// The rows.
    pub select: Arc<Select>,
    /// What is written: at least one column, none twice, none of the key.
    pub sets: Vec<Set>,
}

impl UpdateAll {
    /// A change of the rows of `select`.
    #[must_use]
    pub const fn new(select: Arc<Select>, sets: Vec<Set>) -> Self {
        Self { select, sets }
    }
}

/// All rows of a selection, which may be cut, go.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct DeleteAll {
    /// The rows.
    pub select: Arc<Select>,
}

impl DeleteAll {
    /// The rows of `select` go.
    #[must_use]
    pub const fn new(select: Arc<Select>) -> Self {
        Self { select }
    }
}

impl Write {
    /// The table that is written.
    #[must_use]
    pub fn table(&self) -> &'static Table {
        match self {
            Self::Insert(insert) => insert.table,
            Self::Update(update) => update.table,
            Self::Delete(delete) => delete.table,
            Self::UpdateAll(update) => update.select.table,
            Self::DeleteAll(delete) => delete.select.table,
        }
    }

    /// What it does, as messages say it: "inserting".
    #[must_use]
    pub const fn doing(&self) -> &'static str {
        match self {
            Self::Insert(_) => "inserting",
            Self::Update(_) | Self::UpdateAll(_) => "updating",
            Self::Delete(_) | Self::DeleteAll(_) => "deleting",
        }
    }

    /// How many rows it names; of a selection, one.
    #[must_use]
    pub const fn len(&self) -> usize {
        match self {
            Self::Insert(insert) => insert.rows.len(),
            Self::Update(update) => update.rows.len(),
            Self::Delete(delete) => delete.rows.len(),
            Self::UpdateAll(_) | Self::DeleteAll(_) => 1,
        }
    }

    /// Whether it names no row.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl fmt::Display for Write {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Insert(insert) => insert.fmt(f),
            Self::Update(update) => {
                let (table, by) = (update.table.name, By(update.table, &update.by));
                match update.rows.as_slice() {
                    [row] => write!(f, "update {table} by {by} set {}{}", Sets(&row.sets), Checks(&row.checks)),
                    rows => write!(f, "update {} rows of {table} by {by}", rows.len()),
                }
            }
            Self::Delete(delete) => {
                let (table, by) = (delete.table.name, By(delete.table, &delete.by));
                match delete.rows.as_slice() {
                    [row] => write!(f, "delete of {table} by {by}{}", Checks(&row.checks)),
                    rows => write!(f, "delete {} rows of {table} by {by}", rows.len()),
                }
            }
            Self::UpdateAll(update) => write!(f, "update {} set {}", update.select, Sets(&update.sets)),
            Self::DeleteAll(delete) => write!(f, "delete {}", delete.select),
        }
    }
}

/// What rows are found by.
struct By<'c>(&'static Table, &'c [ColumnDef]);

impl fmt::Display for By<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&if self.1 == self.0.key { "key".to_owned() } else { names(self.1) })
    }
}

/// The columns that are set, without their values: those do not belong in a log.
struct Sets<'s>(&'s [Set]);

impl fmt::Display for Sets<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, set) in self.0.iter().enumerate() {
            let plus = if matches!(set.to, To::Plus(_)) { " +" } else { "" };
            write!(f, "{}{}{plus}", if index > 0 { ", " } else { "" }, set.column.name)?;
        }
        Ok(())
    }
}

pub(super) struct Checks<'c>(pub(super) &'c [Check]);

impl fmt::Display for Checks<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, check) in self.0.iter().enumerate() {
            write!(f, "{}{}", if index > 0 { ", " } else { " if as expected: " }, check.column.name)?;
        }
        Ok(())
    }
}
