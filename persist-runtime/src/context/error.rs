//! What a context may answer instead of an answer: [`Error`].
//!
//! It only gathers what [the engine](crate::RowErrors) and [the store](crate::StoreError) say; it adds no words.

use crate::edit::{Conflict, Conflicts, Overlaps, Refused};
use crate::engine::{Failed, LoaderError, MissingExtras, OverBudget, RowErrors};
use crate::group::CursorError;
use crate::store::{Fault, StoreError};

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
    /// Rows are not what the changes were made for: all of them are named, and nothing was written.
    #[error(transparent)]
    Conflicts(#[from] Conflicts),
    /// Two editors made different things of the same columns.
    #[error(transparent)]
    Overlaps(#[from] Overlaps),
    /// The changes cannot be meant. Nothing was sent.
    #[error(transparent)]
    Refused(#[from] Refused),
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
    /// A view loads a field with a function whose [extras](crate::Context::with_extras) this context does not have; nothing was
    /// sent.
    #[error(transparent)]
    Extras(#[from] MissingExtras),
    /// A function that loads a field of a view failed.
    #[error(transparent)]
    Loader(#[from] LoaderError),
    /// The rows contradict the plan: a view, or a store, was written by hand in a way that does not fit.
    #[error("the rows that the store gave contradict the plan of the view")]
    Broken,
}

impl From<Failed> for Error {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Rows(rows) => Self::Rows(rows),
            Failed::Broken => Self::Broken,
        }
    }
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

    /// The same, once what was written is undone.
    pub(super) fn undone(self) -> Self {
        match self {
            Self::Store(error) => Self::Store(error.undone()),
            other => other,
        }
    }

    /// The rows that were not written, each with what kept it; none, if something else is wrong.
    #[must_use]
    pub fn conflicts(&self) -> &[Conflict] {
        match self {
            Self::Conflicts(conflicts) => conflicts.all(),
            _ => &[],
        }
    }

    /// Whether a transaction collided with another, so that it may be done again as a whole: what
    /// [`Context::retry`](crate::Context::retry) does.
    #[must_use]
    pub const fn is_collision(&self) -> bool {
        matches!(self.store(), Some(error) if matches!(error.fault(), Fault::Serialization))
    }
}

impl From<Conflict> for Error {
    fn from(conflict: Conflict) -> Self {
        Self::Conflicts(conflict.into())
    }
}
