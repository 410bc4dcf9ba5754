//! Stores: where entities are kept.
//!
//! [`Store`] is all that persist asks of one: it is object-safe, speaks of tables, columns and neutral values, and knows
//! nothing of views or plans. A store outside this crate implements the same trait.

#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
pub mod diesel;
mod error;
#[cfg(test)]
mod fixture;
mod memory;
mod scan;

pub use error::{Fault, StoreError};
pub use memory::{MemorySession, MemoryStore};
pub use scan::{Rows, TableRows, answer};

use crate::engine::{Fetch, Insert};
use crate::entity::Cells;

/// Takes the rows of a fetch, one after the other.
pub trait Sink {
    /// Takes one row: the cells of the columns of the fetch, in order.
    ///
    /// A row that does not fit is the receiver's business: the store goes on.
    fn row(&mut self, cells: &dyn Cells);
}

impl<F: FnMut(&dyn Cells)> Sink for F {
    fn row(&mut self, cells: &dyn Cells) {
        self(cells);
    }
}

/// Whether the reads that follow see one state of the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Snapshot {
    /// They do, until [`Store::end_snapshot`].
    Taken,
    /// They run in a transaction that the caller began; its isolation decides.
    Callers,
    /// They do not: the store has no way.
    None,
}

/// A store, for the length of one context: a connection, a session, a handle.
pub trait Store: Send {
    /// The store's name, as messages and plans use it.
    fn name(&self) -> &'static str;

    /// Reads.
    ///
    /// Rows come in the order that [`Fetch::select`] says, and none comes for a key that was not asked for. Nothing of a
    /// fetch may be ignored: what the store cannot do
    /// is an error of the kind [`Fault::Unsupported`], before any row.
    ///
    /// # Errors
    /// When the store cannot answer; rows that went to the sink before count for nothing then.
    fn fetch(&mut self, fetch: &Fetch, sink: &mut dyn Sink) -> Result<(), StoreError>;

    /// Writes new rows, all or none.
    ///
    /// # Errors
    /// When a row is refused, or the store cannot answer.
    fn insert(&mut self, insert: &Insert) -> Result<(), StoreError>;

    /// Makes the following reads see one state, if the store can.
    ///
    /// # Errors
    /// When the store cannot answer.
    fn begin_snapshot(&mut self) -> Result<Snapshot, StoreError>;

    /// Ends what [`begin_snapshot`](Self::begin_snapshot) began; called once for each [`Snapshot::Taken`].
    ///
    /// # Errors
    /// When the store cannot answer.
    fn end_snapshot(&mut self) -> Result<(), StoreError>;

    /// The statement that `fetch` would run, for a person to read.
    ///
    /// # Errors
    /// When the store cannot do what `fetch` asks.
    fn explain(&self, fetch: &Fetch) -> Result<String, StoreError> {
        Ok(fetch.to_string())
    }

    /// How many keys one fetch may carry; more are asked for in several.
    fn max_keys(&self) -> usize {
        usize::MAX
    }
}

impl<S: Store + ?Sized> Store for Box<S> {
    fn name(&self) -> &'static str {
        (**self).name()
    }

    fn fetch(&mut self, fetch: &Fetch, sink: &mut dyn Sink) -> Result<(), StoreError> {
        (**self).fetch(fetch, sink)
    }

    fn insert(&mut self, insert: &Insert) -> Result<(), StoreError> {
        (**self).insert(insert)
    }

    fn begin_snapshot(&mut self) -> Result<Snapshot, StoreError> {
        (**self).begin_snapshot()
    }

    fn end_snapshot(&mut self) -> Result<(), StoreError> {
        (**self).end_snapshot()
    }

    fn explain(&self, fetch: &Fetch) -> Result<String, StoreError> {
        (**self).explain(fetch)
    }

    fn max_keys(&self) -> usize {
        (**self).max_keys()
    }
}
