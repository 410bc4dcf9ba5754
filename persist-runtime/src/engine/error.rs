//! What can be wrong with the rows of a realise.

use crate::entity::{Unfit, Value};
use std::fmt;

/// Rows that could not become what a view promises: all of them, of the whole realise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowErrors(pub(super) Vec<RowError>);

/// One row that could not become what a view promises.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RowError {
    /// The entity.
    pub entity: &'static str,
    /// The view.
    pub view: &'static str,
    /// The field of the view; for a key that the view does not show, its column.
    pub field: &'static str,
    /// The column that the field shows, if it does.
    pub column: Option<&'static str>,
    /// The key of the row, as far as it could be read.
    pub key: Vec<Value>,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// A stored value does not fit the field.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// The row refers to one that is not there.
    #[error("it refers to {entity} {key}, which is not there")]
    Dangling {
        /// The entity referred to.
        entity: &'static str,
        /// The key referred to.
        key: KeyText,
    },
    /// Two rows have the same key, so that it is unclear whose the children are.
    #[error("another row has the same key, so whose rows these are is unclear: the key is not unique in the table")]
    SharedKey,
}

/// A key in a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyText(pub Vec<Value>);

impl fmt::Display for KeyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_slice() {
            [] => f.write_str("(key unknown)"),
            [only] => only.fmt(f),
            [first, rest @ ..] => {
                write!(f, "({first}")?;
                for part in rest {
                    write!(f, ", {part}")?;
                }
                f.write_str(")")
            }
        }
    }
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { entity, view, field, column, key, problem } = self;
        write!(f, "{entity} {}, field `{field}`", KeyText(key.clone()))?;
        if let Some(column) = column.filter(|column| column != field) {
            write!(f, " (column `{column}`)")?;
        }
        if view != entity {
            write!(f, " of `{view}`")?;
        }
        write!(f, ": {problem}")
    }
}

impl std::error::Error for RowError {}

impl RowErrors {
    /// The rows, in the order they were met.
    #[must_use]
    pub fn rows(&self) -> &[RowError] {
        &self.0
    }
}

impl IntoIterator for RowErrors {
    type Item = RowError;
    type IntoIter = std::vec::IntoIter<RowError>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Display for RowErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 10;
        match self.0.as_slice() {
            [only] => only.fmt(f),
            rows => {
                write!(f, "{} rows do not fit", rows.len())?;
                for row in rows.iter().take(SHOWN) {
                    write!(f, "\n  {row}")?;
                }
                if rows.len() > SHOWN {
                    write!(f, "\n  and {} more", rows.len() - SHOWN)?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for RowErrors {}
