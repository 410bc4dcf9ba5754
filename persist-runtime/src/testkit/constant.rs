//! The same statements for any number of rows.

use crate::context::{Context, Error, Stats};
use crate::edit::{Outcome, Write};
use crate::engine::Fetch;
use crate::store::{Capabilities, IndexHint, Sink, Snapshot, Store, StoreError};
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

/// Few rows, and ten more.
const SIZES: [usize; 2] = [2, 12];

/// Runs `load` over a store with a few rows and over one with ten more, and demands as many statements and rounds of the
/// second as of the first: what is not so is a query per row. `filled` makes a context over a store that holds so many
/// rows of whatever `load` lists, with all that belongs to them; it must have some of each relation for any number.
///
/// It works with any store. The statements of both are shown side by side where they differ.
///
/// ```
#[doc = tracker!()]
/// use persist::testkit::assert_constant;
/// let filled = |n: usize| {
///     let mut context = Context::memory(&MemoryStore::new());
///     for id in 0..n as i32 {
///         context.insert(&Person { id, name: format!("person {id}") }).unwrap();
///         let (title, assignee_id) = (format!("bug {id}"), Some(0));
///         context.insert(&Bug { id, title, heat: 1, owner_id: id, assignee_id }).unwrap();
///     }
///     context
/// };
/// assert_constant(filled, |context| context.realise((Bugs::all(), Bugs::all().owners())));
///
/// let one_by_one = |context: &mut Context<'_>| {
///     for bug in context.realise(Bugs::all())? {
///         context.realise(People::from_keys([bug.owner_id]))?;
///     }
///     Ok(())
/// };
/// let failed = std::panic::catch_unwind(|| assert_constant(filled, one_by_one));
/// assert!(failed.is_err());
/// ```
///
/// # Panics
/// When the numbers differ; when `load` fails, or sends nothing.
#[track_caller]
pub fn assert_constant<'c, T>(
    mut filled: impl FnMut(usize) -> Context<'c>,
    mut load: impl FnMut(&mut Context<'c>) -> Result<T, Error>,
) {
    let [few, more] = SIZES.map(|rows| {
        let log = Log::default();
        let mut context = filled(rows).with_store(|store| Box::new(Recorder { store, log: Arc::clone(&log) }));
        let before = context.stats();
        match load(&mut context) {
            Ok(_) => Run { rows, sent: context.stats() - before, statements: log },
            Err(error) => panic!("over {rows} rows: {error}"),
        }
    });
    if few.sent.statements == 0 {
        panic!("nothing was sent, so nothing is shown to be constant");
    }
    let numbers = |sent: Stats| (sent.statements - sent.chunks, sent.rounds);
    if numbers(few.sent) != numbers(more.sent) {
        panic!("the number of statements depends on the number of rows\n{}{}", few.text(), more.text());
    }
}

type Log = Arc<Mutex<Vec<String>>>;

struct Run {
    rows: usize,
    sent: Stats,
    statements: Log,
}

impl Run {
    fn text(&self) -> String {
        let mut text = format!("over {} rows: {}\n", self.rows, self.sent);
        for statement in self.statements.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            let _ = writeln!(text, "    {}", statement.replace('\n', " "));
        }
        text
    }
}

/// A store that notes what it is asked.
struct Recorder<S> {
    store: S,
    log: Log,
}

impl<S: Store> Store for Recorder<S> {
    fn name(&self) -> &'static str {
        self.store.name()
    }

    fn capabilities(&self) -> Capabilities {
        self.store.capabilities()
    }

    fn fetch(&mut self, fetch: &Fetch, sink: &mut dyn Sink) -> Result<(), StoreError> {
        let text = self.store.explain(fetch)?;
        self.log.lock().unwrap_or_else(PoisonError::into_inner).push(text);
        self.store.fetch(fetch, sink)
    }

    fn write(&mut self, write: &Write) -> Result<Vec<Outcome>, StoreError> {
        self.store.write(write)
    }

    fn begin(&mut self) -> Result<(), StoreError> {
        self.store.begin()
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        self.store.commit()
    }

    fn roll_back(&mut self) -> Result<(), StoreError> {
        self.store.roll_back()
    }

    fn in_transaction(&mut self) -> Result<bool, StoreError> {
        self.store.in_transaction()
    }

    fn begin_snapshot(&mut self) -> Result<Snapshot, StoreError> {
        self.store.begin_snapshot()
    }

    fn end_snapshot(&mut self) -> Result<(), StoreError> {
        self.store.end_snapshot()
    }

    fn explain(&self, fetch: &Fetch) -> Result<String, StoreError> {
        self.store.explain(fetch)
    }

    fn index_hints(&mut self, fetch: &Fetch) -> Result<Vec<IndexHint>, StoreError> {
        self.store.index_hints(fetch)
    }

    fn max_keys(&self, fetch: &Fetch) -> usize {
        self.store.max_keys(fetch)
    }
}
