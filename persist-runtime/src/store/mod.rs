//! Stores: where entities are kept.
//!
//! [`Store`] is all that persist asks of one: it is object-safe, speaks of tables, columns and neutral values, and
//! knows nothing of views or plans. A store outside this crate implements the same trait; its documentation has an
//! example.
//!
//! Here are the [memory store](MemoryStore), which is the reference model, and the [store over a Diesel
//! connection](diesel). What a fetch means is defined once, by [`answer`](answer()).

#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
pub mod diesel;
mod error;
#[cfg(test)]
mod fixture;
mod hints;
mod memory;
mod scan;

pub use error::{Fault, StoreError};
pub use hints::IndexHint;
pub use memory::{MemorySession, MemoryStore};
pub use scan::{Rows, TableRows, answer};

use crate::engine::{Fetch, Insert};
use crate::entity::{Cells, ColumnDef};
use crate::group::Beyond;

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
/// use persist::engine::{Fetch, Insert};
/// use persist::store::{Rows, Sink, Snapshot, TableRows, answer};
/// use persist::{Fault, Store, StoreError, Table, Value};
/// use std::collections::BTreeMap;
///
/// /// The rows of each table by their key. All tables are there, and empty.
/// #[derive(Default)]
/// struct Shelf(BTreeMap<&'static str, BTreeMap<Vec<Value>, Vec<Value>>>);
///
/// impl Rows for Shelf {
///     fn scan<'a>(&'a self, table: &'static Table) -> Result<TableRows<'a>, StoreError> {
///         let rows = self.0.get(table.name).into_iter().flat_map(BTreeMap::values);
///         Ok(TableRows::new(table.columns.iter().map(|column| column.name), rows))
///     }
/// }
///
/// impl Store for Shelf {
///     fn name(&self) -> &'static str {
///         "shelf"
///     }
///
///     fn fetch(&mut self, fetch: &Fetch, sink: &mut dyn Sink) -> Result<(), StoreError> {
///         answer(self, fetch, sink)
///     }
///
///     fn insert(&mut self, insert: &Insert) -> Result<(), StoreError> {
///         let rows = self.0.entry(insert.table.name).or_default();
///         let mut more = rows.clone();                                // all or none
///         for row in &insert.rows {
///             let cells = insert.table.columns.iter().zip(row);
///             let key = cells.filter(|(column, _)| insert.table.key.contains(column)).map(|(_, cell)| cell.clone());
///             if more.insert(key.collect(), row.clone()).is_some() {
///                 return Err(StoreError::new(insert.table.entity, "inserting", Fault::Duplicate("key".into())));
///             }
///         }
///         *rows = more;
///         Ok(())
///     }
///
///     fn begin_snapshot(&mut self) -> Result<Snapshot, StoreError> {
///         Ok(Snapshot::None)                                          // nobody else writes here: none is needed
///     }
///
///     fn end_snapshot(&mut self) -> Result<(), StoreError> {
///         Ok(())
///     }
/// }
///
/// let mut context = Context::over(Shelf::default());
/// context.insert_all(&people)?;
/// context.insert_all(&bugs)?;
/// assert_eq!(context.realise(People::from_keys([1]).bugs().order_by(bug::heat.desc()))?[0].id, 7);
/// # Ok::<(), persist::Error>(())
/// ```
///
/// A store that speaks a language of its own turns a [`Fetch`] into it instead, and answers a fetch that it cannot do
/// with [`Fault::Unsupported`]. Its rows are anything that is [`Cells`]; a cell is a [`Raw`](crate::Raw) of a neutral
/// [`Value`](crate::Value).
pub trait Store: Send {
    /// The store's name, as messages, logs and plans use it.
    fn name(&self) -> &'static str;

    /// Reads: sends the rows of `fetch` to `sink`, one cell for each column that it asks for, in their order.
    ///
    /// Rows come in the order that [`Fetch::select`] says; those of a keyed fetch do within each key, and none comes for a
    /// key that was not asked for. Nothing of a fetch may be ignored: what the store cannot do is an error of the kind
    /// [`Fault::Unsupported`], before any row.
    ///
    /// # Errors
    /// When the store cannot answer; rows that went to the sink before count for nothing then.
    fn fetch(&mut self, fetch: &Fetch, sink: &mut dyn Sink) -> Result<(), StoreError>;

    /// Writes new rows, all or none. Each has a value for every column of the table; there may be no row.
    ///
    /// # Errors
    /// When a row is refused, or the store cannot answer.
    fn insert(&mut self, insert: &Insert) -> Result<(), StoreError>;

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
