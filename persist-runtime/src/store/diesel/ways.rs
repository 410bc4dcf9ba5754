//! The ways of backends where there are few of them: what [`Syntax`](super::dialect::Syntax) answers with.

use diesel::result::Error;

/// A statement that says that a transaction is to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(all(feature = "sqlite", feature = "mysql")), allow(dead_code, reason = "each has its way"))]
pub enum Isolation {
    /// It speaks of the transaction that begins next.
    BeforeBegin(&'static str),
    /// It begins the transaction in place of the one that has just begun.
    Again(&'static str),
}

/// How many bytes a statement may have, with its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Longest {
    /// That is no question.
    Any,
    /// So many.
    #[cfg_attr(not(feature = "postgres"), allow(dead_code, reason = "each has its own"))]
    Bytes(usize),
    /// As many as the server says when it is asked so.
    #[cfg_attr(not(feature = "mysql"), allow(dead_code, reason = "each has its own"))]
    Asked(&'static str),
}

/// How a backend tells what became of rows that were to be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Telling {
    /// A row of the answer for each row that was written: its key, unless there is only one, then the columns wanted.
    Written,
    /// A row of the answer for each row that is there: its number in the batch, from 1, whether it was written, then the
    /// columns wanted.
    Numbered,
    /// How many rows were written.
    Count,
    /// Nothing: all rows that are there were written. They are read in the end, those of all batches at once.
    Later,
    /// Nothing: rows are locked and read before they are changed, and read again.
    Nothing,
}

/// What a backend says of new rows whose place is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(all(feature = "sqlite", feature = "mysql")), allow(dead_code, reason = "each has its way"))]
pub enum Conflicts {
    /// It passes over those whose values of the columns that are named are taken, or changes what is there. Unless it is
    /// exact, it takes some texts for the same that are not.
    Named { exact: bool },
    /// The statement fails with a message that begins so, and leaves what is there locked.
    Raised(&'static str),
}

impl Conflicts {
    pub(super) const fn is_exact(self) -> bool {
        matches!(self, Self::Named { exact: true })
    }

    pub(super) const fn is_failure(self) -> bool {
        matches!(self, Self::Raised(_))
    }

    pub(super) fn is_raised(self, error: &Error) -> bool {
        matches!((self, error), (Self::Raised(words), Error::DatabaseError(_, info)) if info.message().starts_with(words))
    }
}
