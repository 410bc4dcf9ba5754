//! The store over a Diesel connection, whichever connection it is: pooled, instrumented, borrowed inside of a
//! transaction of the caller's.
//!
//! A statement is one runtime type that writes itself, and a row goes to its reader cell by cell. Nothing here knows
//! what a view is, and nothing may copy a row.
//!
//! `render` writes statements for every backend, by way of the hooks in `dialect`; `sqlite*`, `postgres*` and `mysql*`
//! hold what differs; `sql` is the statement itself.

mod aggregate;
mod assign;
mod batch;
mod bulk;
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
mod mysql_keys;
#[cfg(all(feature = "mysql", feature = "json"))]
mod mysql_paths;
#[cfg(feature = "mysql")]
mod mysql_write;
mod per;
mod plan;
mod portions;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "postgres")]
mod postgres_bind;
#[cfg(all(feature = "postgres", feature = "json"))]
mod postgres_paths;
#[cfg(feature = "postgres")]
mod postgres_write;
mod render;
mod source;
mod sql;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(feature = "sqlite")]
mod sqlite_decimal;
#[cfg(feature = "sqlite")]
mod sqlite_keys;
#[cfg(all(feature = "sqlite", feature = "json"))]
mod sqlite_paths;
#[cfg(feature = "sqlite")]
mod sqlite_write;
mod subselect;
#[cfg(test)]
mod tests;
mod told;
mod union;
mod upsert;
mod write;

pub use changeset::Changeset;
pub use dialect::Dialect;
#[cfg(all(feature = "mysql", feature = "schema"))]
pub(crate) use mysql::CODE_POINTS;

use super::{Capabilities, Fault, IndexHint, Sink, Snapshot, Store, StoreError, TRANSACTION};
use crate::edit::{Outcome, Write};
use crate::engine::Fetch;
use crate::entity::{Cell, Cells, Raw, Unfit};
use ::diesel::connection::{Connection, DefaultLoadingMode, LoadConnection, TransactionManager};
use ::diesel::result::{DatabaseErrorInformation, Error, QueryResult};
use ::diesel::row::{Field, Row};
use dialect::{Isolation, Syntax};
use sql::Statement;
use std::fmt;
use std::marker::PhantomData;
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
    connection: Held<'c, C>,
    /// Whether a transaction for a snapshot is open.
    snapshot: bool,
    /// How deep the transaction is in which one failure is the failure of all; 0 where there is none.
    unit: u32,
}

enum Held<'c, C> {
    Owned(C),
    Borrowed(&'c mut C),
}

impl<C: Connection> DieselStore<'static, C> {
    /// A store that keeps `connection`, and closes it in the end.
    #[must_use]
    pub const fn owned(connection: C) -> Self {
        Self { connection: Held::Owned(connection), snapshot: false, unit: 0 }
    }
}

impl<'c, C: Connection> DieselStore<'c, C> {
    /// A store that uses `connection` for a while, and leaves it as it found it: no transaction stays open.
    #[must_use]
    pub const fn borrowed(connection: &'c mut C) -> Self {
        Self { connection: Held::Borrowed(connection), snapshot: false, unit: 0 }
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
        match &mut self.connection {
            Held::Owned(connection) => connection,
            Held::Borrowed(connection) => connection,
        }
    }

    fn begin(&mut self) -> QueryResult<()> {
        C::TransactionManager::begin_transaction(self.connection())
    }

    fn commit(&mut self) -> QueryResult<()> {
        let depth = self.depth();
        let committed = C::TransactionManager::commit_transaction(self.connection());
        // Diesel rolls some failed commits back itself, and leaves others open.
        if committed.is_err() && self.depth().ok() == depth.ok() {
            self.roll_back();
        }
        committed
    }

    /// Gives a transaction up. That this fails too adds nothing to the error that led here; Diesel remembers it.
    fn roll_back(&mut self) {
        let _ = C::TransactionManager::rollback_transaction(self.connection());
    }

    /// Whether what fails now fails with all that its transaction has done.
    fn is_in_unit(&mut self) -> QueryResult<bool> {
        Ok(self.unit > 0 && self.depth()? == self.unit)
    }

    /// The transaction that is open ends; if that is the unit, there is none any more.
    fn leave_unit(&mut self) {
        // A transaction that cannot be asked is broken, and so is the unit.
        if self.is_in_unit().unwrap_or(true) {
            self.unit = 0;
        }
    }

    /// How many transactions are open, savepoints included.
    fn depth(&mut self) -> QueryResult<u32> {
        let status = C::TransactionManager::transaction_manager_status_mut(self.connection());
        Ok(status.transaction_depth()?.map_or(0, u32::from))
    }
}

impl<C: Connection> Drop for DieselStore<'_, C> {
    fn drop(&mut self) {
        // A borrowed connection goes back as it came.
        if self.snapshot {
            self.roll_back();
        }
    }
}

impl<C: Connection<Backend: Dialect>> fmt::Debug for DieselStore<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DieselStore({})", C::Backend::syntax().name())
    }
}

/// A row of Diesel's as cells, with what is known of its columns.
struct RowCells<'r, 'h, R, DB: Dialect>(R, &'h DB::Heading, PhantomData<&'r ()>);

impl<'r, R: Row<'r, DB>, DB: Dialect> Cells for RowCells<'r, '_, R, DB> {
    #[inline(always)]
    fn see(&self, index: usize, see: &mut dyn FnMut(Raw<'_>)) {
        if let Some(field) = self.0.get(index) {
            match field.value() {
                Some(value) => see(DB::raw(value)),
                None => see(Raw(Cell::Null)),
            }
        }
    }

    #[inline]
    fn integer(&self, index: usize) -> Result<Option<i64>, Unfit> {
        match self.0.get(index) {
            Some(field) => {
                // Read where it stands: to move it costs more than to read it.
                let mut value = field.value();
                match &mut value {
                    Some(value) => DB::integer(value, self.1, index).map(Some),
                    None => Ok(None),
                }
            }
            None => Err(end_of_row()),
        }
    }

    #[inline]
    fn text(&self, index: usize) -> Result<Option<String>, Unfit> {
        match self.0.get(index) {
            Some(field) => {
                let mut value = field.value();
                match &mut value {
                    Some(value) => DB::expect_text(value, self.1, index)?,
                    None => return Ok(None),
                }
                value.map(DB::text).transpose()
            }
            None => Err(end_of_row()),
        }
    }
}

#[cold]
fn end_of_row() -> Unfit {
    Unfit::value("a cell", "the end of the row")
}

fn feed<C>(connection: &mut C, statement: Statement, sink: &mut dyn Sink) -> QueryResult<()>
where
    C: LoadConnection<DefaultLoadingMode>,
    C::Backend: Dialect,
{
    let mut heading = None;
    for row in connection.load(statement)? {
        let row = row?;
        let heading = heading.get_or_insert_with(|| C::Backend::heading(row.field_count()));
        sink.row(&RowCells::<_, C::Backend>(row, heading, PhantomData));
    }
    Ok(())
}

impl<C> DieselStore<'_, C>
where
    C: LoadConnection<DefaultLoadingMode>,
    C::Backend: Dialect,
{
    fn syntax() -> &'static dyn Syntax {
        C::Backend::syntax()
    }

    /// Begins a transaction, of which something more is to be said if it is not within another one.
    fn begin_with(&mut self, isolation: Option<Isolation>) -> QueryResult<()> {
        if isolation.is_none() || self.depth()? > 0 {
            return self.begin();
        }
        if let Some(Isolation::BeforeBegin(isolation)) = isolation {
            self.connection().batch_execute(isolation)?;
        }
        self.begin()?;
        let said = match isolation {
            Some(Isolation::AfterBegin(isolation)) => self.connection().batch_execute(isolation),
            Some(Isolation::Again(begin)) => self.begin_again(begin),
            Some(Isolation::BeforeBegin(_)) | None => Ok(()),
        };
        said.inspect_err(|_| self.roll_back())
    }

    /// Begins the transaction that has just begun in another way. In a database that is never written it stays as it is.
    fn begin_again(&mut self, begin: &str) -> QueryResult<()> {
        self.connection().batch_execute("ROLLBACK")?;
        let begun = self.connection().batch_execute(begin);
        let Err(error) = begun else { return Ok(()) };
        // Diesel may have seen that there is no transaction by now; if it has not, it will end one.
        if self.depth()? > 0 {
            self.connection().batch_execute("BEGIN")?
        } else {
            self.begin()?
        }
        let read_only = |info: &dyn DatabaseErrorInformation| Self::syntax().fault(info) == Some(Fault::ReadOnly);
        match error {
            Error::DatabaseError(_, info) if read_only(&*info) => Ok(()),
            error => Err(error),
        }
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

    /// Refuses a statement that would cost the connection. Few are so long that this has to be asked.
    fn admit(&mut self, statement: &Statement) -> Result<(), Fault> {
        let (bytes, syntax) = (statement.bytes(), Self::syntax());
        let Some(question) = syntax.longest().filter(|_| bytes > syntax.most_bytes()) else { return Ok(()) };
        let (mut sql, mut most) = (Statement::new(syntax), None);
        sql.text(question);
        let mut sink = |cells: &dyn Cells| most = cells.integer(0).ok().flatten();
        feed(self.connection(), sql, &mut sink).map_err(|error| errors::fault(syntax, &error))?;
        match most.and_then(|most| usize::try_from(most).ok()) {
            Some(most) if bytes > most => Err(Fault::TooLarge(bytes, most)),
            _ => Ok(()),
        }
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
            Some(keyed) if keyed.per_key.is_some() => Self::syntax().most_firsts(),
            Some(keyed) => Self::syntax().most_keys(&keyed.by),
            None => usize::MAX,
        }
    }

    fn write(&mut self, write: &Write) -> Result<Vec<Outcome>, StoreError> {
        self.change(write)
    }

    fn begin(&mut self) -> Result<(), StoreError> {
        self.begin_with(Self::syntax().beginning()).map_err(|error| Self::failed(TRANSACTION, "beginning", error))
    }

    fn begin_unit(&mut self) -> Result<(), StoreError> {
        Store::begin(self)?;
        self.unit = self.depth().map_err(|error| Self::failed(TRANSACTION, "beginning", error))?;
        Ok(())
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        self.leave_unit();
        self.confirm(Site { entity: TRANSACTION, doing: "committing" })
    }

    fn roll_back(&mut self) -> Result<(), StoreError> {
        self.leave_unit();
        Self::roll_back(self);
        Ok(())
    }

    fn in_transaction(&mut self) -> Result<bool, StoreError> {
        let depth = self.depth().map_err(|error| Self::failed(TRANSACTION, "looking at", error))?;
        Ok(depth > 0)
    }

    fn begin_snapshot(&mut self) -> Result<Snapshot, StoreError> {
        let failed = |error| Self::failed(ANY_ENTITY, "beginning", error);
        if self.depth().map_err(failed)? > 0 {
            return Ok(Snapshot::Callers);
        }
        self.begin_with(Self::syntax().snapshot()).map_err(failed)?;
        self.snapshot = true;
        Ok(Snapshot::Taken)
    }

    fn end_snapshot(&mut self) -> Result<(), StoreError> {
        if !std::mem::take(&mut self.snapshot) {
            return Ok(());
        }
        self.commit().map_err(|error| Self::failed(ANY_ENTITY, "ending", error))
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
