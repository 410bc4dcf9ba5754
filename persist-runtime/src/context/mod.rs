//! The context: the only thing that does I/O.
//!
//! [`Context::realise`] drives the engine over a [store](crate::store), blocking. The context holds no row and decides
//! nothing about plans: it sends the fetches that the [engine](crate::engine) names and feeds the rows back.

mod bulk;
mod commit;
mod dependents;
mod edit;
mod error;
mod explain;
mod extras;
mod indexes;
mod lacks;
mod realise;
mod scoped;
mod stage;
mod stats;
mod stream;
mod transaction;
mod whole;
mod write;

pub use error::Error;
pub use explain::{Explained, Explanation};
pub use stats::Stats;
pub use stream::{Stream, StreamRows};

use crate::edit::Fate;
use crate::entity::Strategy;
use crate::group::Scopes;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
use crate::store::diesel::{Dialect, DieselStore};
use crate::store::{MemoryStore, Store};
use extras::Extras;
use realise::micros;
use stats::Tally;
use std::fmt;

/// Access to a store, for as long as it is borrowed (or owned): what queries, and the only thing that can.
///
/// Hand it to the code that gathers what a page needs; hand the plain structs that come out of it to everything else.
/// User code never names the store: `fn page(context: &mut Context<'_>) -> Result<Page, persist::Error>`.
///
/// | you have | use |
/// |---|---|
/// | a domain to test, or data that need not outlive the process | [`memory`](Self::memory) |
/// | a Diesel connection to give away | [`owning`](Self::owning) |
/// | a Diesel connection that is needed afterwards, or is in a transaction of yours | [`borrowing`](Self::borrowing) |
/// | a store of your own | [`over`](Self::over) |
///
/// Every round of a realise, and every statement of it, is reported through `tracing`, at the level DEBUG and with the
/// target `persist`: a statement's text, its round, how many rows it gave and how long it took. On the Diesel stores,
/// values that are bound are not in the text. Inserts are not reported.
///
/// That there is one such thing, that it alone loads, and that it loads by `realise`, is the idea of the proposal for a
/// "persistence layer" that Launchpad wrote down in 2010.
///
/// ```
#[doc = tracker!()]
/// let hot = Bugs::all().filter(bug::heat.gt(10)).order_by(bug::id.asc());
/// let (bugs, owners) = context.realise((&hot, hot.owners().count()))?;
/// assert_eq!((bugs[0].title.as_str(), owners), ("Crash on resume", 2));
/// # Ok::<(), persist::Error>(())
/// ```
pub struct Context<'c> {
    store: Box<dyn Store + 'c>,
    stats: Tally<'c>,
    snapshots: bool,
    scopes: Scopes,
    /// How relations are loaded, whatever their views say.
    strategy: Option<Strategy>,
    /// What loaders of views are called with.
    extras: Extras<'c>,
    /// What becomes of the transaction that is open here.
    fate: Option<Fate>,
    /// Where watched fields of views are noted.
    #[cfg(feature = "testkit")]
    log: Option<std::sync::Arc<crate::view::WatchLog>>,
}

impl fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("store", &self.store.name()).field("stats", &self.stats()).finish()
    }
}

impl<'c> Context<'c> {
    /// A context over a store of any kind: [`MemoryStore::session`], a [`DieselStore`], or one that you wrote.
    ///
    /// ```
    /// use persist::{Context, MemoryStore};
    /// let memory = MemoryStore::new();
    /// let context = Context::over(memory.session());      // what `Context::memory(&memory)` does
    /// ```
    #[must_use]
    pub fn over(store: impl Store + 'c) -> Self {
        Self {
            store: Box::new(store),
            stats: Tally::Own(Stats::default()),
            snapshots: true,
            scopes: Scopes::new(),
            strategy: None,
            extras: Extras::default(),
            fate: None,
            #[cfg(feature = "testkit")]
            log: None,
        }
    }

    /// The same context as one of its own, which borrows this one.
    fn borrowed(&mut self) -> Context<'_> {
        Context {
            store: Box::new(&mut *self.store),
            stats: Tally::Of(self.stats.get_mut()),
            snapshots: self.snapshots,
            scopes: self.scopes.clone(),
            strategy: self.strategy,
            extras: self.extras.clone(),
            fate: self.fate.clone(),
            #[cfg(feature = "testkit")]
            log: self.log.clone(),
        }
    }

    /// The same context, which notes the watched fields of views.
    #[cfg(feature = "testkit")]
    pub(crate) fn watched(&mut self, log: std::sync::Arc<crate::view::WatchLog>) -> Context<'_> {
        Context { log: Some(log), ..self.borrowed() }
    }

    /// The same context over what `wrap` makes of its store.
    #[cfg(feature = "testkit")]
    pub(crate) fn with_store(self, wrap: impl FnOnce(Box<dyn Store + 'c>) -> Box<dyn Store + 'c>) -> Self {
        Self { store: wrap(self.store), ..self }
    }

    /// A context over a memory store, which stays yours: make as many contexts over it as you like, one after the other
    /// or at a time. What one inserts, the others see.
    ///
    /// ```
    #[doc = tracker!()]
    /// let mut another = Context::memory(&memory);
    /// assert_eq!(another.realise(Bugs::all().count())?, 3);
    /// # Ok::<(), persist::Error>(())
    /// ```
    #[must_use]
    pub fn memory(store: &MemoryStore) -> Self {
        Self::over(store.session())
    }

    /// A context over a Diesel connection of its own; the connection is closed (or given back to its pool) with it.
    ///
    /// Any connection whose backend is enabled as a feature of persist will do: plain, pooled, instrumented. The tables
    /// must be there; persist makes none.
    ///
    /// ```
    #[doc = tracker!()]
    /// # #[cfg(feature = "sqlite")] {
    /// use diesel::{connection::SimpleConnection, prelude::*, sqlite::SqliteConnection};
    ///
    /// let mut connection = SqliteConnection::establish(":memory:")?;
    /// connection.batch_execute("CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL)")?;
    /// let mut context = Context::owning(connection);
    /// context.insert(&Person { id: 1, name: "Ada".into() })?;
    /// assert_eq!(context.realise(People::all())?[0].name, "Ada");
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
    #[must_use]
    pub fn owning<C>(connection: C) -> Self
    where
        C: ::diesel::connection::LoadConnection<Backend: Dialect> + 'static,
    {
        Self::over(DieselStore::owned(connection))
    }

    /// A context over your Diesel connection, which is yours again when the context goes.
    ///
    /// Inside a transaction of yours, reads see what it has written, inserts are part of it, and a realise begins no
    /// transaction of its own. [`Error`] is not made from Diesel's errors, nor they from it: give the transaction an
    /// error type that both convert to.
    ///
    /// The transaction is one that Diesel knows of (`connection.transaction(..)`): one that was begun with a statement of
    /// your own is not seen, and a realise would begin another.
    ///
    /// ```
    #[doc = tracker!()]
    /// # #[cfg(feature = "sqlite")] {
    /// use diesel::{connection::SimpleConnection, prelude::*, sqlite::SqliteConnection};
    ///
    /// # let mut connection = SqliteConnection::establish(":memory:")?;
    /// # connection.batch_execute("CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL)")?;
    /// let people = connection.transaction(|connection| {
    ///     let mut context = Context::borrowing(connection);
    ///     context.insert(&Person { id: 1, name: "Ada".into() })?;
    ///     Ok::<_, Box<dyn std::error::Error>>(context.realise(People::all())?)
    /// })?;
    /// assert_eq!(people.len(), 1);
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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
    /// On SQLite, PostgreSQL and MySQL that is a transaction, which begins and ends with the realise; a realise of one
    /// statement needs none. Inside a transaction of your own nothing is begun: its isolation decides. The memory store
    /// reads the state that it had when the realise began. A store that has no way says
    /// [`Snapshot::None`](crate::store::Snapshot::None), and the realise goes on.
    ///
    /// ```
    #[doc = tracker!()]
    /// let mut context = Context::memory(&memory).with_snapshots(false);   // two statements may see two states
    /// # let _ = context.realise((Bugs::all(), Bugs::all().count()))?;
    /// # Ok::<(), persist::Error>(())
    /// ```
    #[must_use]
    pub const fn with_snapshots(mut self, on: bool) -> Self {
        self.snapshots = on;
        self
    }

    /// Loads every relation by this [`Strategy`], whatever it and the views say; what a request says of one of its edges
    /// ([`Ask::edge`](crate::Ask::edge)) still counts. The answers are the same, the statements are others.
    ///
    /// A relation to many rows cannot be joined: it goes by keys then. Where a view was declared to join, and is made to
    /// go by keys, a realise takes more statements than its [`STATEMENTS`](crate::View::STATEMENTS): one for each relation
    /// that was joined.
    ///
    /// ```
    #[doc = tracker!()]
    /// use persist::Strategy;
    ///
    /// #[derive(View)]
    /// #[view(of = Bug)]
    /// struct Line {
    ///     owner: Arc<Person>,
    ///     assignee: Option<Arc<Person>>,
    /// }
    /// let mut context = Context::memory(&memory).with_strategy(Strategy::Join);
    /// context.realise(Bugs::all().view::<Line>())?;
    /// assert_eq!(context.stats().statements, 1);                          // by keys, 2
    /// # Ok::<(), persist::Error>(())
    /// ```
    #[must_use]
    pub const fn with_strategy(mut self, strategy: Strategy) -> Self {
        self.strategy = Some(strategy);
        self
    }

    /// What this context has sent so far: look before and after, and subtract.
    ///
    /// ```
    #[doc = tracker!()]
    /// let before = context.stats();
    /// context.realise((Bugs::all().count(), People::all()))?;
    /// let sent = context.stats() - before;
    /// assert_eq!((sent.statements, sent.rounds, sent.rows), (2, 1, 3));   // one count, two people
    /// # Ok::<(), persist::Error>(())
    /// ```
    #[must_use]
    pub const fn stats(&self) -> Stats {
        self.stats.get()
    }
}
