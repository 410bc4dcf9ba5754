//! The context: the only thing that does I/O.
//!
//! It drives the engine over a store, blocking; it holds no row and decides nothing about plans.

mod error;
mod explain;
mod stats;

pub use error::Error;
pub use explain::Explanation;
pub use stats::Stats;

use crate::engine::{Asks, Failed, Insert, Request, Run, Task};
use crate::entity::{Cells, Entity};
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
use crate::store::diesel::{Dialect, DieselStore};
use crate::store::{MemoryStore, Snapshot, Store, StoreError};
use std::fmt;
use std::time::Instant;

/// Access to a store, for as long as it is borrowed (or owned): what queries, and the only thing that can.
///
/// Hand it to the code that gathers what a page needs; hand the plain structs that come out of it to everything else.
/// User code never names the store: `fn page(context: &mut Context<'_>) -> Result<Page, persist::Error>`.
pub struct Context<'c> {
    store: Box<dyn Store + 'c>,
    stats: Stats,
    snapshots: bool,
}

impl fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("store", &self.store.name()).field("stats", &self.stats).finish()
    }
}

impl<'c> Context<'c> {
    /// A context over a store of any kind: [`MemoryStore::session`], or one that you wrote.
    #[must_use]
    pub fn over(store: impl Store + 'c) -> Self {
        Self { store: Box::new(store), stats: Stats::default(), snapshots: true }
    }

    /// A context over a memory store, which stays yours.
    #[must_use]
    pub fn memory(store: &MemoryStore) -> Self {
        Self::over(store.session())
    }

    /// A context over a Diesel connection of its own.
    ///
    /// Any connection whose backend is enabled as a feature of persist will do: plain, pooled, instrumented.
    #[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
    #[must_use]
    pub fn owning<C>(connection: C) -> Self
    where
        C: ::diesel::connection::LoadConnection<Backend: Dialect> + 'static,
    {
        Self::over(DieselStore::owned(connection))
    }

    /// A context over your Diesel connection, inside your own transaction too.
    ///
    /// The transaction is one that Diesel knows of (`connection.transaction(..)`): one that was begun with a statement of
    /// your own is not seen, and a realise would begin another.
    #[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
    #[must_use]
    pub fn borrowing<C>(connection: &'c mut C) -> Self
    where
        C: ::diesel::connection::LoadConnection<Backend: Dialect>,
    {
        Self::over(DieselStore::borrowed(connection))
    }

    /// Whether a realise of several statements sees one state of the store; it does unless this is switched off.
    ///
    /// On SQLite, PostgreSQL and MySQL that is a read transaction, which begins and ends with the realise. Inside a transaction
    /// of your own nothing is begun: its isolation decides.
    #[must_use]
    pub const fn with_snapshots(mut self, on: bool) -> Self {
        self.snapshots = on;
        self
    }

    /// What this context has sent so far.
    #[must_use]
    pub const fn stats(&self) -> Stats {
        self.stats
    }

    /// Loads everything that `request` asks for; plain structs come back.
    ///
    /// # Errors
    /// [`Error::Rows`] with every row that does not fit its view, if there is one: a part is never passed off as the
    /// whole. [`Error::Store`] when the store cannot answer.
    pub fn realise<R: Request>(&mut self, request: R) -> Result<R::Output, Error> {
        let mut asks = Asks::default();
        let ticket = request.ask(&mut asks);
        let mut run = Run::new(asks);
        let snapshot = self.snapshots && run.most_statements() > 1;
        let taken = snapshot && self.store.begin_snapshot()? == Snapshot::Taken;
        let fed = self.feed(&mut run);
        // The snapshot ends whatever happened; a failure to read counts more than a failure to end it.
        let ended = if taken { self.store.end_snapshot() } else { Ok(()) };
        fed?;
        ended?;
        let answers = run.finish().map_err(|failed| match failed {
            Failed::Rows(rows) => Error::Rows(rows),
            Failed::Broken => Error::Broken,
        });
        R::answer(ticket, &mut answers?).map_err(|_| Error::Broken)
    }

    fn feed(&mut self, run: &mut Run) -> Result<(), StoreError> {
        loop {
            let tasks = run.next_round(self.store.max_keys());
            if tasks.is_empty() {
                return Ok(());
            }
            self.stats.rounds += 1;
            tracing::debug!(target: "persist", round = self.stats.rounds, statements = tasks.len(), "round");
            for task in &tasks {
                self.fetch(run, task)?;
            }
        }
    }

    fn fetch(&mut self, run: &mut Run, task: &Task) -> Result<(), StoreError> {
        let begun = Instant::now();
        let mut sink = run.sink(task);
        let outcome = self.store.fetch(&task.fetch, &mut |cells: &dyn Cells| sink.row(cells));
        let rows = sink.rows();
        self.stats.statements += 1;
        self.stats.chunks += u64::from(task.is_chunk);
        self.stats.rows += rows;
        if tracing::enabled!(target: "persist", tracing::Level::DEBUG) {
            let statement = self.store.explain(&task.fetch).unwrap_or_default();
            let micros = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
            let (store, round, failed) = (self.store.name(), self.stats.rounds, outcome.is_err());
            tracing::debug!(target: "persist", store, round, rows, micros, failed, %statement, "statement");
        }
        outcome
    }

    /// The statements that `request` would send, round by round, without sending them.
    ///
    /// # Errors
    /// When the store cannot do what the request needs.
    pub fn explain<R: Request>(&self, request: R) -> Result<Explanation, Error> {
        let mut asks = Asks::default();
        let _ticket = request.ask(&mut asks);
        let run = Run::new(asks);
        let mut statements = Vec::new();
        for (round, fetch) in run.outline() {
            statements.push((round, self.store.explain(&fetch)?));
        }
        Ok(Explanation::new(self.store.name(), statements))
    }

    /// Writes one new row. Every field is written, so that a changed default of the database cannot get in.
    ///
    /// # Errors
    /// When the store refuses the row or cannot answer.
    pub fn insert<E: Entity>(&mut self, entity: &E) -> Result<(), Error> {
        self.insert_all(std::slice::from_ref(entity))
    }

    /// Writes new rows, all or none.
    ///
    /// # Errors
    /// When the store refuses a row or cannot answer; nothing is written then.
    pub fn insert_all<'e, E: Entity>(&mut self, entities: impl IntoIterator<Item = &'e E>) -> Result<(), Error> {
        let rows: Vec<_> = entities.into_iter().map(Entity::values).collect();
        if rows.is_empty() {
            return Ok(());
        }
        self.stats.statements += 1;
        Ok(self.store.insert(&Insert::new(E::TABLE, rows))?)
    }
}
