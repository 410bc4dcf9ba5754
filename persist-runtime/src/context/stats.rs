//! What a context has sent: [`Stats`], for tests and for logs.

use std::fmt;

/// Numbers of what a context has sent, since it was made. See [`Context::stats`](super::Context::stats).
///
/// Transaction control is not counted. A statement that failed is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Stats {
    /// Statements, chunks among them; an [`insert_all`](super::Context::insert_all) counts once.
    pub statements: u64,
    /// How many of the statements only carried more keys of another, past the limit of the store
    /// ([`Store::max_keys`](crate::Store::max_keys)).
    pub chunks: u64,
    /// Rounds of reading: the statements of one round do not wait for one another. Inserts are in none.
    pub rounds: u64,
    /// Rows received: those of links, counts and existence tests too, each row once for each statement it came in.
    pub rows: u64,
}

/// Where a context counts: by itself, or on the count of the one that it borrows from.
#[derive(Debug)]
pub(super) enum Tally<'c> {
    Own(Stats),
    Of(&'c mut Stats),
}

impl Tally<'_> {
    pub(super) const fn get(&self) -> Stats {
        match self {
            Self::Own(stats) => *stats,
            Self::Of(stats) => **stats,
        }
    }

    pub(super) const fn get_mut(&mut self) -> &mut Stats {
        match self {
            Self::Own(stats) => stats,
            Self::Of(stats) => stats,
        }
    }
}

impl std::ops::Sub for Stats {
    type Output = Self;

    /// What was sent between two looks.
    fn sub(self, earlier: Self) -> Self {
        Self {
            statements: self.statements.saturating_sub(earlier.statements),
            chunks: self.chunks.saturating_sub(earlier.chunks),
            rounds: self.rounds.saturating_sub(earlier.rounds),
            rows: self.rows.saturating_sub(earlier.rows),
        }
    }
}

impl fmt::Display for Stats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "statements: {}, rounds: {}", self.statements, self.rounds)?;
        if self.chunks > 0 { write!(f, ", of them for further keys: {}", self.chunks) } else { Ok(()) }
    }
}
