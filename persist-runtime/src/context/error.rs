//! What a context may answer instead of an answer: [`Error`].
//!
//! It only gathers what [the engine](crate::RowErrors) and [the store](crate::StoreError) say; it adds no words.

use crate::engine::{OverBudget, RowErrors};
use crate::group::CursorError;
use crate::store::StoreError;

/// Why a realise, or a write, failed.
///
/// ```
#[doc = tracker!()]
/// use persist::{Error, Fault};
///
/// let taken = Person { id: 1, name: "Ada".into() };
/// match context.insert(&taken) {
///     Err(Error::Store(error)) if matches!(error.fault(), Fault::Duplicate(_)) => {}
///     other => panic!("{other:?}"),
/// }
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Stored rows do not fit what the view promises: all of them are named. No part of the answer is given.
    #[error(transparent)]
    Rows(#[from] RowErrors),
    /// The store could not answer, or refused a row.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A statement of your own failed, or the transaction around it: so that `connection.transaction::<_, persist::Error,
    /// _>(..)` can hold both.
    #[error(transparent)]
    Diesel(#[from] diesel::result::Error),
    /// A cursor does not fit. Nothing was sent for it.
    #[error(transparent)]
    Cursor(#[from] CursorError),
    /// The request may need more statements than its [budget](crate::Request::budget); nothing was sent.
    #[error(transparent)]
    OverBudget(#[from] OverBudget),
    /// The rows contradict the plan: a view, or a store, was written by hand in a way that does not fit.
    #[error("the rows that the store gave contradict the plan of the view")]
    Broken,
}

impl Error {
    /// The rows that do not fit, if that is what is wrong. An example is at [`RowError`](crate::RowError).
    #[must_use]
    pub const fn rows(&self) -> Option<&RowErrors> {
        match self {
            Self::Rows(rows) => Some(rows),
            _ => None,
        }
    }

    /// The store's failure, if that is what is wrong.
    ///
    /// ```
    #[doc = tracker!()]
    /// let error = context.insert(&Person { id: 1, name: "Ada".into() }).unwrap_err();
    /// assert_eq!(error.store().map(|error| error.entity()), Some("Person"));
    /// ```
    #[must_use]
    pub const fn store(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}
