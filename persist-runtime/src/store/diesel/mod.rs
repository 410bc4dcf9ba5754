//! The store over a Diesel connection, whichever connection it is: pooled, instrumented, borrowed inside of a
//! transaction of the caller's.
//!
//! A statement is one runtime type that writes itself, and a row goes to its reader cell by cell. Nothing here knows
//! what a view is, and nothing may copy a row.
//!
//! `render` writes statements for every backend, by way of the hooks in `dialect`; `sqlite*`, `postgres*` and `mysql*`
//! hold what differs; `sql` is the statement itself. Transactions begin and end in `session`.

mod aggregate;
mod assign;
mod batch;
mod bind;
mod bulk;
mod cells;
mod changeset;
mod dialect;
#[cfg(all(feature = "json", any(feature = "sqlite", feature = "mysql")))]
mod documents;
mod errors;
mod insert;
mod joins;
#[cfg(any(feature = "sqlite", feature = "mysql"))]
mod json;
mod keyset;
mod lookups;
#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "mysql")]
mod mysql_bind;
#[cfg(feature = "mysql")]
mod mysql_compare;
#[cfg(feature = "mysql")]
mod mysql_fault;
#[cfg(feature = "mysql")]
mod mysql_firsts;
#[cfg(feature = "mysql")]
mod mysql_keys;
#[cfg(all(feature = "mysql", feature = "json"))]
mod mysql_paths;
#[cfg(feature = "mysql")]
mod mysql_plan;
#[cfg(feature = "mysql")]
mod mysql_write;
mod per;
mod plan;
mod portions;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "postgres")]
mod postgres_bind;
#[cfg(feature = "postgres")]
mod postgres_compare;
#[cfg(feature = "postgres")]
mod postgres_fault;
#[cfg(feature = "postgres")]
mod postgres_firsts;
#[cfg(all(feature = "postgres", feature = "json"))]
mod postgres_paths;
#[cfg(feature = "postgres")]
mod postgres_plan;
#[cfg(feature = "postgres")]
mod postgres_write;
mod render;
mod session;
mod shape;
mod source;
mod sql;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(feature = "sqlite")]
mod sqlite_bind;
#[cfg(feature = "sqlite")]
mod sqlite_compare;
#[cfg(feature = "sqlite")]
mod sqlite_decimal;
#[cfg(feature = "sqlite")]
mod sqlite_fault;
#[cfg(feature = "sqlite")]
mod sqlite_firsts;
#[cfg(feature = "sqlite")]
mod sqlite_keys;
#[cfg(all(feature = "sqlite", feature = "json"))]
mod sqlite_paths;
#[cfg(feature = "sqlite")]
mod sqlite_plan;
#[cfg(feature = "sqlite")]
mod sqlite_write;
mod subselect;
#[cfg(test)]
mod tests;
mod told;
mod union;
mod upsert;
mod ways;
mod write;

pub use changeset::Changeset;
pub use dialect::Dialect;
#[cfg(all(feature = "mysql", feature = "schema"))]
pub(crate) use mysql::CODE_POINTS;

use super::{Capabilities, Fault, IndexHint, Sink, Snapshot, Store, StoreError, TRANSACTION};
use crate::edit::{Outcome, Write};
use crate::engine::Fetch;
use crate::entity::Cells;
use ::diesel::connection::{Connection, DefaultLoadingMode, LoadConnection};
use ::diesel::result::Error;
use cells::feed;
use dialect::Syntax;
use session::Session;
use sql::Statement;
use std::fmt;
use ways::Longest;
use write::Site;

/// What an error names where no entity is concerned.
const ANY_ENTITY: &str = "snapshot";

/// A store over a Diesel connection, its own or a borrowed one.
///
/// Programs get one by [`Context::owning`](crate::Context::owning) or
/// [`Context::borrowing`](crate::Context::borrowing); this is for stores that are built around it. Any connection will
/// do whose backend is a [`Dialect`]: SQLite's with the feature `sqlite`, PostgreSQL's with the feature `postgres`.
///
/// ```
/// use diesel::prelude::*;
/// use persist::store::{Store, diesel::DieselStore};
///
/// # #[cfg(feature = "sqlite")] {
/// let mut connection = diesel::SqliteConnection::establish(":memory:").unwrap();
/// let store = DieselStore::borrowed(&mut connection);
/// assert_eq!(store.name(), "SQLite");
/// # }
/// ```
///
/// A borrowed connection may be inside of a transaction: reads and writes are then part of it.
pub struct DieselStore<'c, C: Connection> {
    session: Session<'c, C>,
}

impl<C: Connection> DieselStore<'static, C> {
    /// A store that keeps `connection`, and closes it in the end.
    #[must_use]
    pub const fn owned(connection: C) -> Self {
        Self { session: Session::owned(connection) }
    }
}

impl<'c, C: Connection> DieselStore<'c, C> {
    /// A store that uses `connection` for a while, and leaves it as it found it: no transaction stays open.
    #[must_use]
    pub const fn borrowed(connection: &'c mut C) -> Self {
        Self { session: Session::borrowed(connection) }
    }

    /// The connection, for what persist does not do.
    ///
    /// ```
    /// # #[cfg(feature = "sqlite")] {
    /// use diesel::{connection::SimpleConnection, prelude::*};
    /// # use persist::store::diesel::DieselStore;
    /// let mut store = DieselStore::owned(diesel::SqliteConnection::establish(":memory:")?);
    /// store.connection().batch_execute("PRAGMA foreign_keys = ON")?;
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn connection(&mut self) -> &mut C {
        self.session.connection()
    }
}

impl<C: Connection<Backend: Dialect>> fmt::Debug for DieselStore<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DieselStore({})", C::Backend::syntax().name())
    }
}

impl<C> DieselStore<'_, C>
where
    C: LoadConnection<DefaultLoadingMode>,
    C::Backend: Dialect,
{
    fn syntax() -> &'static dyn Syntax {
        C::Backend::syntax()
    }

    /// Sends the statement that answers `fetch`.
    fn feed(&mut self, fetch: &Fetch, sink: &mut dyn Sink) -> Result<(), StoreError> {
        let entity = fetch.table().entity;
        let statement = render::statement(Self::syntax(), fetch);
        let failed = |fault| StoreError::new(entity, "reading", fault);
        let statement = statement.map_err(failed)?;
        self.admit(&statement).map_err(failed)?;
        feed(self.connection(), statement, sink).map_err(|error| Self::failed(entity, "reading", error))
    }

    /// Refuses a statement that the database does not take, or that would cost the connection.
    fn admit(&mut self, statement: &Statement) -> Result<(), Fault> {
        let (values, bytes, syntax) = (statement.values(), statement.bytes(), Self::syntax());
        if values > syntax.max_binds() {
            return Err(Fault::TooManyValues(values, syntax.max_binds()));
        }
        // Few are so long that this is a question.
        if bytes <= syntax.most_bytes() {
            return Ok(());
        }
        let most = match syntax.longest() {
            Longest::Any => None,
            Longest::Bytes(most) => Some(most),
            Longest::Asked(question) => self.ask(question)?,
        };
        most.filter(|most| bytes > *most).map_or(Ok(()), |most| Err(Fault::TooLarge(bytes, most)))
    }

    /// What the server says of itself.
    fn ask(&mut self, question: &str) -> Result<Option<usize>, Fault> {
        let (mut sql, mut told) = (Statement::new(Self::syntax()), None);
        sql.text(question);
        let mut sink = |cells: &dyn Cells| told = cells.integer(0).ok().flatten();
        feed(self.connection(), sql, &mut sink).map_err(|error| errors::fault(Self::syntax(), &error))?;
        Ok(told.and_then(|told| usize::try_from(told).ok()))
    }

    fn failed(entity: &'static str, doing: &'static str, error: Error) -> StoreError {
        errors::store_error(Self::syntax(), entity, doing, error)
    }
}

impl<C> Store for DieselStore<'_, C>
where
    C: LoadConnection<DefaultLoadingMode>,
    C::Backend: Dialect,
{
    fn name(&self) -> &'static str {
        Self::syntax().name()
    }

    fn capabilities(&self) -> Capabilities {
        Self::syntax().capabilities()
    }

    fn fetch(&mut self, fetch: &Fetch, sink: &mut dyn Sink) -> Result<(), StoreError> {
        self.feed(fetch, sink)
    }

    fn max_keys(&self, fetch: &Fetch) -> usize {
        match &fetch.keyed {
            Some(keyed) if keyed.per_key.is_some() => Self::syntax().most_firsts(fetch, keyed),
            Some(keyed) => Self::syntax().most_keys(&keyed.by),
            None => usize::MAX,
        }
    }

    fn write(&mut self, write: &Write) -> Result<Vec<Outcome>, StoreError> {
        self.change(write)
    }

    fn begin(&mut self) -> Result<(), StoreError> {
        let begun = self.session.begin_with(Self::syntax().beginning());
        begun.map_err(|error| Self::failed(TRANSACTION, "beginning", error))
    }

    fn begin_unit(&mut self) -> Result<(), StoreError> {
        self.begin()?;
        self.session.enter_unit().map_err(|error| Self::failed(TRANSACTION, "beginning", error))
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        self.confirm(Site { entity: TRANSACTION, doing: "committing" })
    }

    fn roll_back(&mut self) -> Result<(), StoreError> {
        self.session.roll_back();
        Ok(())
    }

    fn in_transaction(&mut self) -> Result<bool, StoreError> {
        let depth = self.session.depth().map_err(|error| Self::failed(TRANSACTION, "looking at", error))?;
        Ok(depth > 0)
    }

    fn begin_snapshot(&mut self) -> Result<Snapshot, StoreError> {
        self.session.begin_snapshot().map_err(|error| Self::failed(ANY_ENTITY, "beginning", error))
    }

    fn end_snapshot(&mut self) -> Result<(), StoreError> {
        self.session.end_snapshot().map_err(|error| Self::failed(ANY_ENTITY, "ending", error))
    }

    fn explain(&self, fetch: &Fetch) -> Result<String, StoreError> {
        let statement = render::statement(Self::syntax(), fetch);
        let statement = statement.map_err(|fault| StoreError::new(fetch.table().entity, "explaining", fault))?;
        Ok(statement.to_string())
    }

    fn explain_write(&self, write: &Write) -> Result<String, StoreError> {
        let failed = |fault| StoreError::new(write.table().entity, "explaining", fault);
        write::explained(Self::syntax(), write).map_err(failed)
    }

    fn index_hints(&mut self, fetch: &Fetch) -> Result<Vec<IndexHint>, StoreError> {
        self.hints(fetch)
    }
}
