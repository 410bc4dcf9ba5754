//! What a context may answer instead of an answer.

use crate::engine::RowErrors;
use crate::store::StoreError;

/// Why a realise, or a write, failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Rows do not fit what the view promises: all of them are named.
    #[error(transparent)]
    Rows(#[from] RowErrors),
    /// The store could not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The rows contradict the plan: a view, or a store, was written by hand in a way that does not fit.
    #[error("the rows that the store gave contradict the plan of the view")]
    Broken,
}

impl Error {
    /// The rows that do not fit, if that is what is wrong.
    #[must_use]
    pub const fn rows(&self) -> Option<&RowErrors> {
        match self {
            Self::Rows(rows) => Some(rows),
            _ => None,
        }
    }

    /// The store's failure, if that is what is wrong.
    #[must_use]
    pub const fn store(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}
