//! What an entity says of how its rows are written: [`Rules`], as data. The [`edit`](crate::edit) room follows them;
//! stores see none but [`column_triggers`](Rules::column_triggers), which is about statements and not about rows.

use super::column::ColumnDef;
use super::table::Table;
use super::value::Value;
use std::fmt;

/// What an entity declares about writes: locks, guards, what belongs together, counters, what the store makes, and
/// where its rows lead. [`Table::rules`] holds it; the derive makes it of `#[entity(..)]`.
#[derive(Clone, Copy)]
pub struct Rules {
    /// The revision: an integer that every write of a row raises by one, and expects to be what was read.
    pub lock: Option<ColumnDef>,
    /// Columns that change only from the value that was read.
    pub guards: &'static [Guard],
    /// Columns that form an invariant: who writes one expects all of them to be what was read.
    pub together: &'static [&'static [ColumnDef]],
    /// Columns whose changes are differences.
    pub counters: &'static [Counter],
    /// The column that each write of a row makes something new: the time, for one.
    pub updated: Option<Updated>,
    /// Columns that the store fills in when a row is new.
    pub generated: &'static [ColumnDef],
    /// Columns that no two rows share the values of, besides the key.
    pub unique: &'static [&'static [ColumnDef]],
    /// Whether columns have triggers of their own (`UPDATE OF`): rows share a statement only where they write the same ones.
    pub column_triggers: bool,
    /// The rows that a row refers to. A function, since entities may refer to one another.
    pub references: fn() -> &'static [Reference],
    /// The rows that go, or stay behind, with a row that is deleted.
    pub dependents: fn() -> &'static [Dependent],
}

impl Rules {
    /// Nothing is declared: the last writer of a column wins.
    pub const NONE: Self = Self {
        lock: None,
        guards: &[],
        together: &[],
        counters: &[],
        updated: None,
        generated: &[],
        unique: &[],
        column_triggers: false,
        references: || &[],
        dependents: || &[],
    };

    /// How `column` is guarded, if it is.
    #[must_use]
    pub fn guard(&self, column: &ColumnDef) -> Option<&'static Guard> {
        self.guards.iter().find(|guard| guard.column == *column)
    }

    /// How `column` counts, if it is a counter.
    #[must_use]
    pub fn counter(&self, column: &ColumnDef) -> Option<&'static Counter> {
        self.counters.iter().find(|counter| counter.column == *column)
    }
}

impl fmt::Debug for Rules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rules")
            .field("lock", &self.lock)
            .field("guards", &self.guards)
            .field("together", &self.together)
            .field("counters", &self.counters)
            .field("updated", &self.updated)
            .field("generated", &self.generated)
            .field("unique", &self.unique)
            .field("column_triggers", &self.column_triggers)
            .finish_non_exhaustive()
    }
}

/// A column that changes only from the value that was read, perhaps along certain ways only.
#[derive(Clone, Copy)]
pub struct Guard {
    /// The column.
    pub column: ColumnDef,
    /// Whether it may go from one value to another, and what else is written then. `None`: from any to any.
    pub transition: Option<fn(&Value, &Value) -> Move>,
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.column.fmt(f)
    }
}

/// The answer of a [`Guard`]'s transition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Move {
    /// It may, and this goes with it.
    Allowed(Besides),
    /// It may not.
    Refused,
}

/// What goes with a change of a guarded column.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Besides {
    /// These columns become this.
    pub sets: Vec<(ColumnDef, Value)>,
    /// This is added to these columns.
    pub sums: Vec<(ColumnDef, Value)>,
    /// These columns must hold this.
    pub expected: Vec<(ColumnDef, Value)>,
}

/// A column whose changes are differences, perhaps within bounds.
#[derive(Debug, Clone, Copy)]
pub struct Counter {
    /// The column.
    pub column: ColumnDef,
    /// It is never less.
    pub least: Option<i64>,
    /// It is never more.
    pub most: Option<i64>,
}

/// A column that each write of its row makes something new.
#[derive(Clone, Copy)]
pub struct Updated {
    /// The column.
    pub column: ColumnDef,
    /// What it becomes.
    pub now: fn() -> Value,
}

impl fmt::Debug for Updated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.column.fmt(f)
    }
}

/// The rows that a row refers to: a `belongs_to`, apart from its types.
#[derive(Debug, Clone, Copy)]
pub struct Reference {
    /// The relation's name.
    pub name: &'static str,
    /// The columns of the row that refers.
    pub local: &'static [ColumnDef],
    /// The table that it refers to.
    pub to: &'static Table,
    /// The columns of that table.
    pub remote: &'static [ColumnDef],
}

impl Reference {
    /// Whether a row need not refer to anything.
    #[must_use]
    pub fn is_optional(&self) -> bool {
        self.local.iter().any(|column| column.nullable)
    }
}

/// Rows that refer to a row which is deleted, and what becomes of them.
#[derive(Debug, Clone, Copy)]
pub struct Dependent {
    /// The relation's name.
    pub name: &'static str,
    /// The columns of the deleted row that they refer to.
    pub local: &'static [ColumnDef],
    /// Their table.
    pub table: &'static Table,
    /// The columns that refer.
    pub remote: &'static [ColumnDef],
    /// What becomes of them.
    pub on_delete: OnDelete,
}

/// What becomes of rows whose parent is deleted: `#[entity(has_many(.., on_delete = ..))]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnDelete {
    /// They are deleted too.
    Cascade,
    /// The parent is not deleted while there are any.
    Restrict,
    /// They refer to nothing from then on: of the columns that refer, those that may be NULL become so.
    Nullify,
}
