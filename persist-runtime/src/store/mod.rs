//! Stores: where entities are kept.
//!
//! [`Store`] is all that persist asks of one: it is object-safe, speaks of tables, columns and neutral values, and
//! knows nothing of views or plans. A store outside this crate implements the same trait; its documentation has an
//! example.
//!
//! Here are the [memory store](MemoryStore), which is the reference model, and the [store over a Diesel
//! connection](diesel). What a fetch means is defined once, by [`answer`](answer()).

mod capability;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
pub mod diesel;
mod error;
#[cfg(test)]
mod fixture;
mod hints;
mod keep;
mod lack;
mod memory;
mod needs;
mod scan;

pub use capability::{Capabilities, Capability};
pub use error::{Fault, StoreError};
pub use hints::IndexHint;
pub use keep::{Keep, write};
pub use lack::Lack;
pub use memory::{MemorySession, MemoryStore};
pub(crate) use needs::{Met, Needs};
pub(crate) use scan::refuse;
pub use scan::{Rows, TableRows, answer};

use crate::edit::{Outcome, Write};
use crate::engine::Fetch;
use crate::entity::{Cells, ColumnDef};
use crate::group::Beyond;

/// What an error names where no entity is concerned.
const TRANSACTION: &str = "transaction";

/// The columns of the order in which `beyond` is a place.
fn place_columns(beyond: &Beyond) -> Result<Vec<ColumnDef>, Fault> {
    let words = "go on from a place in an order by related rows or counts";
    beyond.columns().ok_or_else(|| Fault::Unsupported(words.to_owned()))
}

/// Takes the rows of a fetch, one after the other. A closure over [`Cells`] is one.
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

/// Whether the reads that follow see one state of the store: the answer of [`Store::begin_snapshot`].
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
///
/// A store that can hand over all rows of a table implements [`Rows`] and leaves the meaning of a fetch to
/// [`answer`](answer()); this is a whole one:
///
/// ```
#[doc = tracker!()]
#[doc = include_str!("example/shelf.rs")]
///
/// let mut context = Context::over(Shelf::default());
/// context.insert_all(&people)?;
/// context.insert_all(&bugs)?;
/// assert_eq!(context.realise(People::from_keys([1]).bugs().order_by(bug::heat.desc()))?[0].id, 7);
/// # Ok::<(), persist::Error>(())
/// ```
///
/// What every store must do is a list of cases, which yours passes by `persist::testkit::conformance!(Mine)` (feature
/// `conformance`); what it cannot do it says by [`capabilities`](Store::capabilities). The shelf above, for one, writes no two
/// things as one, and makes up no keys.
///
/// A store that speaks a language of its own turns a [`Fetch`] into it instead, and answers a fetch that it cannot do
/// with [`Fault::Unsupported`]. Its rows are anything that is [`Cells`]; a cell is a [`Raw`](crate::Raw) of a neutral
/// [`Value`](crate::Value).
pub trait Store: Send {
    /// The store's name, as messages, logs and plans use it.
    fn name(&self) -> &'static str;

    /// What the store can do. Everything, unless said otherwise.
    fn capabilities(&self) -> Capabilities {
        Capabilities::ALL
    }

    /// Reads: sends the rows of `fetch` to `sink`, one cell for each column that it asks for, in their order.
    ///
    /// Rows come in the order that [`Fetch::select`] says; those of a keyed fetch do within each key, and none comes for a
    /// key that was not asked for. Nothing of a fetch may be ignored: what the store cannot do is an error of the kind
    /// [`Fault::Unsupported`], before any row.
    ///
    /// # Errors
    /// When the store cannot answer; rows that went to the sink before count for nothing then.
    fn fetch(&mut self, fetch: &Fetch, sink: &mut dyn Sink) -> Result<(), StoreError>;

    /// Changes rows, and tells what became of each: one [`Outcome`] for each row that `write` names, in their order, or one
    /// for a whole selection. There may be no row.
    ///
    /// It is all or nothing: after an error nothing is written, but for [`Fault::Unread`]. Nothing of a write may be ignored: what the store cannot
    /// do is an error of the kind [`Fault::Unsupported`], before anything is written.
    ///
    /// # Errors
    /// When a row is refused, or the store cannot answer.
    fn write(&mut self, write: &Write) -> Result<Vec<Outcome>, StoreError>;

    /// Begins a transaction: what is written until [`commit`](Self::commit) is written then, or, after
    /// [`roll_back`](Self::roll_back), not at all. Within another one it sets a savepoint.
    ///
    /// # Errors
    /// When the store cannot answer, or knows no transactions; that is so unless said otherwise.
    fn begin(&mut self) -> Result<(), StoreError> {
        Err(StoreError::lacks(TRANSACTION, "beginning", Lack::of(Capability::Transactions)))
    }

    /// The same, of whose writes nothing is kept once one of them has failed: whoever begins it rolls it back then. So no
    /// write within needs a savepoint of its own. [`begin`](Self::begin), unless said otherwise.
    ///
    /// # Errors
    /// As [`begin`](Self::begin).
    fn begin_unit(&mut self) -> Result<(), StoreError> {
        self.begin()
    }

    /// Ends what [`begin`](Self::begin) began last: its writes are kept.
    ///
    /// # Errors
    /// When they could not be kept; nothing of them is then.
    fn commit(&mut self) -> Result<(), StoreError> {
        Ok(())
    }

    /// Ends what [`begin`](Self::begin) began last: its writes are undone.
    ///
    /// # Errors
    /// When the store cannot answer.
    fn roll_back(&mut self) -> Result<(), StoreError> {
        Ok(())
    }

    /// Whether a transaction is open, begun here or by the caller.
    ///
    /// # Errors
    /// When the store cannot answer.
    fn in_transaction(&mut self) -> Result<bool, StoreError> {
        Ok(false)
    }

    /// Makes the following reads see one state, if the store can, and says whether they do. Called before a realise of
    /// several statements.
    ///
    /// # Errors
    /// When the store cannot answer.
    fn begin_snapshot(&mut self) -> Result<Snapshot, StoreError>;

    /// Ends what [`begin_snapshot`](Self::begin_snapshot) began; called once for each [`Snapshot::Taken`].
    ///
    /// # Errors
    /// When the store cannot answer.
    fn end_snapshot(&mut self) -> Result<(), StoreError>;

    /// The statement that `fetch` would run, for a person to read. `fetch` as text, unless said otherwise.
    ///
    /// # Errors
    /// When the store cannot do what `fetch` asks.
    fn explain(&self, fetch: &Fetch) -> Result<String, StoreError> {
        scan::refuse(fetch)?;
        Ok(fetch.to_string())
    }

    /// The statements that `write` would run, for a person to read. `write` as text, unless said otherwise.
    ///
    /// # Errors
    /// When the store cannot do what `write` asks.
    fn explain_write(&self, write: &Write) -> Result<String, StoreError> {
        Ok(write.to_string())
    }

    /// The tables that the statement of `fetch` would read from end to end although it looks for some of their rows, with
    /// an index that would serve. Those that it wants all rows of are not among them, nor those where no index would
    /// serve. None, unless said otherwise: a store that has no indexes, or cannot tell, gives no hints.
    ///
    /// Nothing is read or changed, but the store is asked.
    ///
    /// # Errors
    /// When the store cannot do what `fetch` asks, or cannot answer.
    fn index_hints(&mut self, _fetch: &Fetch) -> Result<Vec<IndexHint>, StoreError> {
        Ok(Vec::new())
    }

    /// How many keys a fetch like this one may carry; more are asked for in several. Any number, unless said otherwise.
    fn max_keys(&self, _fetch: &Fetch) -> usize {
        usize::MAX
    }
}

/// What leads to a store is one.
macro_rules! forward {
    ($($store:ty),*) => {$(
        impl<S: Store + ?Sized> Store for $store {
            fn name(&self) -> &'static str {
                (**self).name()
            }

            fn capabilities(&self) -> Capabilities {
                (**self).capabilities()
            }

            fn fetch(&mut self, fetch: &Fetch, sink: &mut dyn Sink) -> Result<(), StoreError> {
                (**self).fetch(fetch, sink)
            }

            fn write(&mut self, write: &Write) -> Result<Vec<Outcome>, StoreError> {
                (**self).write(write)
            }

            fn begin(&mut self) -> Result<(), StoreError> {
                (**self).begin()
            }

            fn begin_unit(&mut self) -> Result<(), StoreError> {
                (**self).begin_unit()
            }

            fn commit(&mut self) -> Result<(), StoreError> {
                (**self).commit()
            }

            fn roll_back(&mut self) -> Result<(), StoreError> {
                (**self).roll_back()
            }

            fn in_transaction(&mut self) -> Result<bool, StoreError> {
                (**self).in_transaction()
            }

            fn explain_write(&self, write: &Write) -> Result<String, StoreError> {
                (**self).explain_write(write)
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

            fn index_hints(&mut self, fetch: &Fetch) -> Result<Vec<IndexHint>, StoreError> {
                (**self).index_hints(fetch)
            }

            fn max_keys(&self, fetch: &Fetch) -> usize {
                (**self).max_keys(fetch)
            }
        }
    )*};
}

forward! { Box<S>, &mut S }
