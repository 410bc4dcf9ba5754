//! What keeps a change from being written: [`Conflict`].

use super::write::{Check, Test};
use crate::engine::KeyText;
use crate::entity::{ColumnDef, Table, Value};
use std::fmt;

/// A row was not written, since it is not what the change was made for. Nothing of the change was written.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Conflict {
    /// There is no such row: somebody deleted it. It is never inserted again.
    Gone {
        /// The entity.
        entity: &'static str,
        /// Its key.
        key: KeyText,
    },
    /// A column that was expected to hold a certain value holds another: it is guarded, belongs together with what was
    /// changed, or was observed.
    Guard {
        /// The entity.
        entity: &'static str,
        /// Its key.
        key: KeyText,
        /// The column.
        column: &'static str,
        /// What it was read as, or said to be.
        expected: Value,
        /// What it is.
        actual: Value,
        /// What it was to become, if it was to change.
        mine: Option<Value>,
    },
    /// Somebody wrote the row meanwhile: its revision is another.
    Revision {
        /// The entity.
        entity: &'static str,
        /// Its key.
        key: KeyText,
        /// The column of the revision.
        column: &'static str,
        /// The revision that was read.
        expected: Value,
        /// The revision that it has.
        actual: Value,
        /// The columns that hold something else than was read, with what they hold.
        theirs: Vec<(&'static str, Value)>,
    },
    /// The sum would leave the bounds of the column.
    Bounds {
        /// The entity.
        entity: &'static str,
        /// Its key.
        key: KeyText,
        /// The column.
        column: &'static str,
        /// What was to be added.
        added: Value,
        /// What it holds.
        actual: Value,
    },
    /// Somebody else put a row where a new one was to be: into a collection, under the same key.
    Duplicate {
        /// The entity.
        entity: &'static str,
        /// What the two have in common.
        key: KeyText,
        /// What is there.
        theirs: Vec<(&'static str, Value)>,
    },
    /// Somebody else put a row into a collection that is [replaced as a whole](super::Edit::replace_all).
    Added {
        /// The entity.
        entity: &'static str,
        /// Its key, or what it is told from others by.
        key: KeyText,
        /// What it holds.
        theirs: Vec<(&'static str, Value)>,
    },
    /// There are rows that refer to a row that was to be deleted, and keep it.
    Restricted {
        /// The entity that was to be deleted.
        entity: &'static str,
        /// Its key.
        key: KeyText,
        /// The relation that keeps it.
        relation: &'static str,
    },
}

/// The rows of one commit that were not written, each with what kept it; at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflicts(Vec<Conflict>);

/// A change that missed: what it expected, what it wanted, and what it knew.
pub(crate) struct Missed<'m> {
    pub(crate) table: &'static Table,
    pub(crate) key: &'m [Value],
    pub(crate) checks: &'m [Check],
    /// The columns that the store answered with, and what they hold.
    pub(crate) columns: &'m [ColumnDef],
    pub(crate) stored: &'m [Value],
    /// What a column was to become.
    pub(crate) mine: &'m dyn Fn(&ColumnDef) -> Option<Value>,
    /// What a column was read as.
    pub(crate) read: &'m dyn Fn(&ColumnDef) -> Option<Value>,
}

impl Missed<'_> {
    /// What kept it: the revision before all else, since it says the most. None, if all is as expected.
    pub(crate) fn conflict(&self) -> Option<Conflict> {
        let lock = self.table.rules.lock;
        let failed = |check: &&Check| !check.test.holds(&self.actual(&check.column));
        let revision = self.checks.iter().filter(failed).find(|check| Some(check.column) == lock);
        let check = revision.or_else(|| self.checks.iter().find(failed))?;
        let (entity, key, column) = (self.table.entity, KeyText(self.key.to_vec()), check.column.name);
        let (actual, mine) = (self.actual(&check.column), (self.mine)(&check.column));
        Some(match &check.test {
            Test::Is(expected) if revision.is_some() => {
                let expected = expected.clone();
                Conflict::Revision { entity, key, column, expected, actual, theirs: self.theirs() }
            }
            Test::Is(expected) => Conflict::Guard { entity, key, column, expected: expected.clone(), actual, mine },
            Test::Within(..) => Conflict::Bounds { entity, key, column, added: mine.unwrap_or(Value::Null), actual },
        })
    }

    fn actual(&self, column: &ColumnDef) -> Value {
        let place = self.columns.iter().position(|known| known == column);
        place.and_then(|place| self.stored.get(place)).cloned().unwrap_or(Value::Null)
    }

    fn theirs(&self) -> Vec<(&'static str, Value)> {
        let others = |(column, stored): (&ColumnDef, &Value)| {
            let differs = (self.read)(column).is_some_and(|read| read != *stored);
            (differs && Some(*column) != self.table.rules.lock).then(|| (column.name, stored.clone()))
        };
        self.columns.iter().zip(self.stored).filter_map(others).collect()
    }
}

impl Conflict {
    /// The entity whose row was not written.
    #[must_use]
    pub const fn entity(&self) -> &'static str {
        match self {
            Self::Gone { entity, .. }
            | Self::Guard { entity, .. }
            | Self::Revision { entity, .. }
            | Self::Bounds { entity, .. }
            | Self::Duplicate { entity, .. }
            | Self::Added { entity, .. }
            | Self::Restricted { entity, .. } => entity,
        }
    }

    /// The key of the row.
    #[must_use]
    pub const fn key(&self) -> &KeyText {
        match self {
            Self::Gone { key, .. }
            | Self::Guard { key, .. }
            | Self::Revision { key, .. }
            | Self::Bounds { key, .. }
            | Self::Duplicate { key, .. }
            | Self::Added { key, .. }
            | Self::Restricted { key, .. } => key,
        }
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: ", self.entity(), self.key())?;
        match self {
            Self::Gone { .. } => f.write_str("it is gone"),
            Self::Guard { column, expected, actual, mine, .. } => {
                write!(f, "`{column}` was expected to be {expected}, and is {actual}")?;
                match mine {
                    Some(mine) => write!(f, "; it was to become {mine}"),
                    None => Ok(()),
                }
            }
            Self::Revision { column, expected, actual, theirs, .. } => {
                write!(f, "its revision `{column}` was expected to be {expected}, and is {actual}")?;
                for (index, (column, value)) in theirs.iter().enumerate() {
                    write!(f, "{} `{column}` is {value}", if index == 0 { ":" } else { "," })?;
                }
                Ok(())
            }
            Self::Bounds { column, added, actual, .. } => {
                write!(f, "{added} cannot be added to `{column}`, which is {actual}: it would leave its bounds")
            }
            Self::Duplicate { theirs, .. } | Self::Added { theirs, .. } => {
                let added = matches!(self, Self::Added { .. });
                f.write_str(if added { "it was put in meanwhile" } else { "it is there already" })?;
                for (index, (column, value)) in theirs.iter().enumerate() {
                    write!(f, "{} `{column}` is {value}", if index == 0 { ":" } else { "," })?;
                }
                Ok(())
            }
            Self::Restricted { relation, .. } => write!(f, "it is not deleted while it has `{relation}`"),
        }
    }
}

impl std::error::Error for Conflict {}

impl Conflicts {
    /// These conflicts, if there are any.
    pub(crate) fn of(conflicts: Vec<Conflict>) -> Option<Self> {
        (!conflicts.is_empty()).then_some(Self(conflicts))
    }

    /// Whether changes can be put onto what others wrote: no row is gone, or kept.
    pub(crate) fn can_merge(&self) -> bool {
        let can = |conflict: &Conflict| {
            let known = matches!(conflict, Conflict::Guard { .. } | Conflict::Revision { .. });
            known || matches!(conflict, Conflict::Duplicate { .. } | Conflict::Added { .. })
        };
        self.0.iter().all(can)
    }

    /// All of them, in the order of the changes.
    #[must_use]
    pub fn all(&self) -> &[Conflict] {
        &self.0
    }
}

impl From<Conflict> for Conflicts {
    fn from(conflict: Conflict) -> Self {
        Self(vec![conflict])
    }
}

impl fmt::Display for Conflicts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 10;
        match self.0.as_slice() {
            [only] => only.fmt(f),
            all => {
                write!(f, "{} rows were not written", all.len())?;
                all.iter().take(SHOWN).try_for_each(|conflict| write!(f, "\n  {conflict}"))?;
                match all.len().saturating_sub(SHOWN) {
                    0 => Ok(()),
                    more => write!(f, "\n  and {more} more"),
                }
            }
        }
    }
}

impl std::error::Error for Conflicts {}
