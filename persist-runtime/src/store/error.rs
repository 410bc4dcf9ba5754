//! What can go wrong in a store: a [`StoreError`] of some kind of [`Fault`].

use super::Lack;
use std::error::Error;
use std::fmt;

/// A store could not do what was asked of it. The error that caused it, if there is one, is its
/// [`source`](Error::source).
///
/// ```
/// use persist::{Fault, StoreError};
/// let error = StoreError::new("Bug", "inserting", Fault::Duplicate("bugs.id".into()));
/// assert_eq!(error.to_string(), "inserting `Bug`: there is one already with the same bugs.id");
/// ```
#[derive(Debug)]
pub struct StoreError {
    entity: &'static str,
    doing: &'static str,
    fault: Fault,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// The kinds of failure of a store, the same for all stores. Match on what you can do something about; the texts within
/// are a store's own words and differ.
///
/// ```
#[doc = tracker!()]
/// # use persist::Fault;
/// let error = context.insert(&Person { id: 1, name: "Ada".into() }).unwrap_err();
/// let taken = error.store().is_some_and(|error| matches!(error.fault(), Fault::Duplicate(_)));
/// assert!(taken);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The table is not there.
    #[error("there is no table `{0}`")]
    MissingTable(String),
    /// A column is not there.
    #[error("there is no column `{0}`")]
    MissingColumn(String),
    /// Another connection holds the store, or the rows, longer than this one waits.
    #[error("it is locked by another connection")]
    Locked,
    /// The connection is closed, or was lost. Of a transaction that was open nothing is written.
    #[error("the connection is closed")]
    Closed,
    /// The connection was lost after the store was told to write, or to commit, and before it said that it had: nobody here
    /// knows. Look at what is stored before it is done again.
    #[error("the connection was lost before the store confirmed: it may be written, or not")]
    Unconfirmed,
    /// A statement took longer than it may.
    #[error("it took longer than it may")]
    Timeout,
    /// There is no room to write, on a disk or in what the store may use of one.
    #[error("there is no room left to write")]
    Full,
    /// The store does not take writes.
    #[error("it is read-only")]
    ReadOnly,
    /// A unique constraint, or the key, is taken. Holds what the store tells: the constraint, or the columns.
    #[error("there is one already with the same {0}")]
    Duplicate(String),
    /// A foreign key leads nowhere. Holds what the store tells.
    #[error("a foreign key is violated ({0})")]
    ForeignKey(String),
    /// A column that must have a value got none.
    #[error("`{0}` must not be null")]
    NotNull(String),
    /// A number is outside of what its column holds. Holds the column, or the store's own words.
    #[error("`{0}` does not hold a number like this")]
    OutOfRange(String),
    /// A value is longer than its column holds. Holds the column, or the store's own words.
    #[error("`{0}` does not hold a value as long as this")]
    TooLong(String),
    /// A row, or what is looked for, is longer than what the store takes in one statement: of so many bytes, and so many at
    /// most. It was not sent, and the connection is as good as before. (`max_allowed_packet` of MySQL and MariaDB; a
    /// GB on PostgreSQL.)
    #[error("it takes a statement of {0} bytes, and the store takes {1}")]
    TooLarge(usize, usize),
    /// A condition has more values than the store takes in one statement: so many, and so many at most. It was not sent. A
    /// list ([`is_in`](crate::Column::is_in)) is one value, however long it is.
    #[error("it takes {0} values in one statement, and the store takes {1}")]
    TooManyValues(usize, usize),
    /// A check constraint refused a row.
    #[error("the check `{0}` is violated")]
    Check(String),
    /// The store gave the transaction up in favour of another; it may be tried again.
    #[error("the transaction collided with another")]
    Serialization,
    /// The store lacks something that it [declares](super::Store::capabilities) it lacks, and that this needs. Nothing was sent:
    /// all of a request, and all of a unit of work, is looked at before its first statement. Holds what it lacks and where
    /// that is needed.
    #[error("{0}")]
    Lacks(Box<Lack>),
    /// It cannot be done as it is asked, whatever is declared. Holds what.
    #[error("this store cannot {0}")]
    Unsupported(String),
    /// A value does not fit the column it is for. Holds which, and why.
    #[error("{0}")]
    Unfit(String),
    /// It was written, and what is stored now does not fit what it is to be read as; only a transaction around it can still
    /// undo it. What is in hand is as it was: load it again. Holds why.
    #[error("it was written, and what is stored now cannot be read: {0}")]
    Unread(String),
    /// What is there is no database, or a damaged one. Holds the store's own words.
    #[error("{0}")]
    Corrupt(String),
    /// Anything else, in the store's own words.
    #[error("{0}")]
    Other(String),
}

impl StoreError {
    /// A failure while `doing` something ("reading", "inserting") with the rows of `entity`. For authors of stores.
    #[must_use]
    pub const fn new(entity: &'static str, doing: &'static str, fault: Fault) -> Self {
        Self { entity, doing, fault, source: None }
    }

    /// That a store lacks something.
    pub(crate) fn lacks(entity: &'static str, doing: &'static str, lack: Lack) -> Self {
        Self::new(entity, doing, lack.fault())
    }

    /// The same, with the error that caused it. For authors of stores.
    #[must_use]
    pub fn with_source(self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { source: Some(source.into()), ..self }
    }

    /// The same, once what was written is undone.
    pub(crate) fn undone(self) -> Self {
        match self.fault {
            Fault::Unread(why) => Self { fault: Fault::Unfit(format!("what is stored cannot be read: {why}")), ..self },
            _ => self,
        }
    }

    /// The same, where what was to be read is written, and will not be undone for that.
    #[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
    pub(crate) fn unread(self) -> Self {
        match self.fault {
            // Of a connection that is lost, and of a transaction that the server has undone, that is not known, or not so.
            Fault::Closed | Fault::Serialization | Fault::Unread(_) => self,
            why => Self { fault: Fault::Unread(why.to_string()), ..self },
        }
    }

    /// The same, where the store was about to confirm what was written.
    #[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
    pub(crate) fn unconfirmed(self) -> Self {
        match self.fault {
            Fault::Closed => Self { fault: Fault::Unconfirmed, ..self },
            _ => self,
        }
    }

    /// The name of the entity whose rows were read or written; "snapshot" where none was.
    #[must_use]
    pub const fn entity(&self) -> &'static str {
        self.entity
    }

    /// What the store lacks, if that is why.
    #[must_use]
    pub fn lack(&self) -> Option<&Lack> {
        match &self.fault {
            Fault::Lacks(lack) => Some(lack),
            _ => None,
        }
    }

    /// What kind of failure it is.
    #[must_use]
    pub const fn fault(&self) -> &Fault {
        &self.fault
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}`: {}", self.doing, self.entity, self.fault)
    }
}

impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}
