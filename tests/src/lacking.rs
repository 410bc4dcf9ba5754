//! A store that could do all that another one can, and says that it cannot.

use crate::conformance::Memory;
use persist::edit::{Outcome, Write};
use persist::engine::Fetch;
use persist::store::{Capabilities, Capability, Sink, Snapshot, Store, StoreError};
use persist::testkit::conformance::{Database, References, Subject};
use persist::{MemoryStore, Table};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A memory store without some of what it has. That it does not refuse anything itself is the point: whoever asks must not.
pub struct Lacking {
    inner: Box<dyn Store>,
    has: Capabilities,
    calls: Calls,
}

/// How often a store was asked to read, to write, or to begin something.
#[derive(Debug, Clone, Default)]
pub struct Calls(Arc<AtomicUsize>);

impl Calls {
    fn one_more(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// Since when it was asked last.
    pub fn take(&self) -> usize {
        self.0.swap(0, Ordering::Relaxed)
    }
}

impl Lacking {
    /// `store`, as if it could do what `has` says.
    #[must_use]
    pub fn of(store: &MemoryStore, has: Capabilities) -> (Self, Calls) {
        let calls = Calls::default();
        (Self { inner: Box::new(store.session()), has, calls: calls.clone() }, calls)
    }
}

impl Store for Lacking {
    fn name(&self) -> &'static str {
        "lacking"
    }

    fn capabilities(&self) -> Capabilities {
        self.has
    }

    fn fetch(&mut self, fetch: &Fetch, sink: &mut dyn Sink) -> Result<(), StoreError> {
        self.calls.one_more();
        self.inner.fetch(fetch, sink)
    }

    fn write(&mut self, write: &Write) -> Result<Vec<Outcome>, StoreError> {
        self.calls.one_more();
        self.inner.write(write)
    }

    fn begin(&mut self) -> Result<(), StoreError> {
        self.calls.one_more();
        self.inner.begin()
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        self.inner.commit()
    }

    fn roll_back(&mut self) -> Result<(), StoreError> {
        self.inner.roll_back()
    }

    fn in_transaction(&mut self) -> Result<bool, StoreError> {
        self.inner.in_transaction()
    }

    fn begin_snapshot(&mut self) -> Result<Snapshot, StoreError> {
        self.calls.one_more();
        if self.has.has(Capability::Snapshots) || self.inner.in_transaction()? {
            return self.inner.begin_snapshot();
        }
        Ok(Snapshot::None)
    }

    fn end_snapshot(&mut self) -> Result<(), StoreError> {
        self.inner.end_snapshot()
    }
}

/// The suite's subject: memory without some of what it has.
pub struct Without {
    said: Capabilities,
    has: Capabilities,
}

impl Without {
    /// Without anything but these.
    #[must_use]
    pub fn all_but(these: &[Capability]) -> Self {
        let others = Capability::ALL.iter().filter(|capability| !these.contains(capability));
        let has = others.fold(Capabilities::ALL, |has, lacking| has.without(*lacking));
        Self { said: has, has }
    }

    /// Without this one, which the suite is not told.
    #[must_use]
    pub fn unsaid(capability: Capability) -> Self {
        Self { said: Memory.capabilities(), has: Memory.capabilities().without(capability) }
    }
}

impl Subject for Without {
    fn name(&self) -> &str {
        "lacking"
    }

    fn capabilities(&self) -> Capabilities {
        self.said
    }

    fn fresh(&self, _: &[&'static Table], _: References) -> Option<Box<dyn Database>> {
        Some(Box::new(WithoutDatabase(MemoryStore::new(), self.has)))
    }
}

struct WithoutDatabase(MemoryStore, Capabilities);

impl Database for WithoutDatabase {
    fn connect(&self) -> Box<dyn Store + '_> {
        Box::new(Lacking::of(&self.0, self.1).0)
    }
}
