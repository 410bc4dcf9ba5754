//! Fetches: what the engine asks of a [store](crate::store::Store), as data. Authors of stores need them.
//!
//! A fetch names tables, columns and conditions; it knows no SQL and no view.

use crate::entity::{ColumnDef, Table};
use crate::group::{Aggregate, Condition, KeySet, OrderBy, Projection, Select, names, order_text};
use std::fmt;
use std::sync::Arc;

/// One read: a statement, for a store that has statements.
///
/// What it means is said by its fields; [`answer`](crate::store::answer()) is the reference. `Display` writes it for
/// people.
///
/// ```
/// use persist::engine::{Fetch, Output};
/// use persist::group::Select;
/// use std::sync::Arc;
/// # use persist::{Collation, Table};
/// # static BUGS: Table =
/// #     Table { entity: "Bug", schema: None, name: "bugs", columns: &[], key: &[], collation: Collation::Portable, rules: &persist::Rules::NONE };
/// let fetch = Fetch::new(Arc::new(Select::all(&BUGS)), Output::count());
/// assert_eq!(fetch.to_string(), "count of bugs");
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Fetch {
    /// The rows to read from. Its order holds over all rows where `keyed` is absent, and within each key where it is
    /// present, unless it says that there need be none; either way the table's key ends it ([`Select::ordering`]).
    pub select: Arc<Select>,
    /// Restricts the rows to those of some parents.
    pub keyed: Option<Keyed>,
    /// What to give for them.
    pub output: Output,
    /// Rows of other tables to give with them: their columns come after those of `output`, in this order. Only with
    /// [`Output::Columns`].
    pub joined: Vec<Joined>,
    /// Whether the rows are locked, in their order, until the transaction ends: whoever writes them, or locks them too,
    /// waits. A store of which one transaction writes at a time, and that tells one that has read what another wrote since,
    /// need do nothing. Only unkeyed, with [`Output::Columns`], and nothing joined.
    pub locked: bool,
}

/// A row of another table that is given with each row: the one that it refers to, or NULLs where there is none.
///
/// No row is left out by it, and none repeats, since `remote` is a key: a limit cuts the rows of the fetch's own table.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Joined {
    /// Whose columns refer to it: those of an earlier one in [`Fetch::joined`], or of the fetch's own table.
    pub from: Option<usize>,
    /// The columns that refer to it.
    pub local: Vec<ColumnDef>,
    /// The other table.
    pub table: &'static Table,
    /// The columns of `table` they refer to, a key of it.
    pub remote: Vec<ColumnDef>,
    /// What a row of `table` must satisfy to count as being there.
    pub on: Option<Condition>,
    /// The columns of `table` to give.
    pub columns: Vec<ColumnDef>,
}

/// A restriction to the rows whose columns `by` hold one of `keys`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Keyed {
    /// As many columns as a key has parts.
    pub by: Vec<ColumnDef>,
    /// The keys.
    pub keys: Keys,
    /// At most so many rows for each key, the first in the order. Only with [`Output::Columns`].
    pub per_key: Option<u64>,
    /// Whether the rows of a key may come in any order: what holds them has one of its own, or none. Only with
    /// [`Output::Columns`], and without `per_key`.
    pub unordered: bool,
    /// Takes the order, or the columns of the aggregates, from another table.
    pub join: Option<Join>,
}

/// The keys that rows are found by.
#[derive(Debug, Clone)]
pub enum Keys {
    /// These, none twice.
    Given(KeySet),
    /// Those that one of these selects; NULL is none.
    Selected(Vec<Projection>),
}

impl Keys {
    /// Whether there is none, as far as can be told without looking.
    #[must_use]
    pub fn is_never(&self) -> bool {
        match self {
            Self::Given(keys) => keys.is_empty(),
            Self::Selected(branches) => branches.iter().all(|branch| branch.select.is_never()),
        }
    }
}

impl fmt::Display for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Given(keys) => write!(f, "of {} keys", keys.len()),
            Self::Selected(branches) => {
                f.write_str("in (")?;
                for (index, branch) in branches.iter().enumerate() {
                    write!(f, "{}{branch}", if index > 0 { " or " } else { "" })?;
                }
                f.write_str(")")
            }
        }
    }
}

/// A table joined (outer): for its columns in the order, which count before those of the [`Select`]; with
/// [`Output::Aggregates`] it is the table whose columns the aggregates are of.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Join {
    /// The table.
    pub table: &'static Table,
    /// Columns of the selected table that refer to it.
    pub local: Vec<ColumnDef>,
    /// The columns of `table` they refer to, a key of it.
    pub remote: Vec<ColumnDef>,
    /// The order, by columns of `table`.
    pub order: Vec<OrderBy>,
}

/// What a fetch gives for its rows.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Output {
    /// These columns of each row.
    Columns(Vec<ColumnDef>),
    /// Unkeyed: one row with these, also of no rows. Keyed: for each key that has rows, its parts and these; with none of
    /// them, the keys that have rows.
    Aggregates(Vec<Aggregate>),
    /// For each different key in these columns, its parts and these aggregates of its rows, perhaps none; NULL is a key too.
    /// Never keyed, and never by JSON.
    Parts(Vec<ColumnDef>, Vec<Aggregate>),
    /// One row with a boolean (or 0 or 1): whether there is any row. Never keyed.
    Exists,
}

impl Output {
    /// The number of rows.
    #[must_use]
    pub fn count() -> Self {
        Self::Aggregates(vec![Aggregate::Count])
    }
}

impl Fetch {
    /// A read of `output` for the rows of `select`.
    #[must_use]
    pub const fn new(select: Arc<Select>, output: Output) -> Self {
        Self { select, keyed: None, output, joined: Vec::new(), locked: false }
    }

    /// The same, of rows that are locked.
    #[must_use]
    pub fn locked(self) -> Self {
        Self { locked: true, ..self }
    }

    /// The same, for the rows whose columns `by` hold one of `keys`.
    #[must_use]
    pub fn keyed(self, by: Vec<ColumnDef>, keys: KeySet) -> Self {
        Self { keyed: Some(Keyed { by, keys: Keys::Given(keys), per_key: None, unordered: false, join: None }), ..self }
    }

    /// The table that is read.
    #[must_use]
    pub fn table(&self) -> &'static Table {
        self.select.table
    }

    /// Whether each key has at most one row: the rows need no order then.
    #[must_use]
    pub fn is_unique(&self) -> bool {
        self.keyed.as_ref().is_some_and(|keyed| keyed.by == self.select.table.key)
    }
}

impl fmt::Display for Fetch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.output {
            Output::Columns(columns) => write!(f, "{} of ", names(columns))?,
            Output::Aggregates(aggregates) if aggregates.is_empty() => f.write_str("existence of ")?,
            Output::Aggregates(aggregates) => write!(f, "{} of ", listed(aggregates))?,
            Output::Parts(by, aggregates) if aggregates.is_empty() => write!(f, "different {} of ", names(by))?,
            Output::Parts(by, aggregates) => write!(f, "{} by {} of ", listed(aggregates), names(by))?,
            Output::Exists => f.write_str("existence of ")?,
        }
        self.select.fmt(f)?;
        if let Some(keyed) = &self.keyed {
            write!(f, " by {} {}", names(&keyed.by), keyed.keys)?;
            match (&keyed.join, &self.output) {
                (Some(join), Output::Columns(_)) => {
                    write!(f, " in the order of {} {}", join.table.name, order_text(&join.order))?;
                }
                (Some(join), _) => write!(f, " with {}", join.table.name)?,
                (None, _) => {}
            }
            if let Some(most) = keyed.per_key {
                write!(f, ", {most} per key")?;
            }
            if keyed.unordered {
                f.write_str(", in any order")?;
            }
        }
        for Joined { local, table, on, columns, .. } in &self.joined {
            write!(f, ", with {} of {} by {}", names(columns), table.name, names(local))?;
            if let Some(on) = on {
                write!(f, " where {on}")?;
            }
        }
        if self.locked {
            f.write_str(", locked")?;
        }
        Ok(())
    }
}

fn listed(aggregates: &[Aggregate]) -> String {
    let aggregates: Vec<_> = aggregates.iter().map(ToString::to_string).collect();
    aggregates.join(", ")
}
