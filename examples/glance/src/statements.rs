//! Hears what is sent to a store, as it is sent.

use diesel::connection::InstrumentationEvent;
use persist::edit::{Outcome, Write};
use persist::engine::Fetch;
use persist::store::{Capabilities, MemorySession, Sink, Snapshot};
use persist::{Store, StoreError};
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

/// The statements that were sent over some connections, in order. A clone hears the same.
#[derive(Debug, Clone, Default)]
pub struct Statements(Arc<Mutex<Vec<String>>>);

impl Statements {
    /// What was sent since this was last asked.
    #[must_use]
    pub fn take(&self) -> Vec<String> {
        mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note(&self, statement: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(statement.to_owned());
    }

    /// What Diesel calls with everything that a connection does.
    pub(crate) fn of_diesel(&self) -> impl FnMut(InstrumentationEvent<'_>) + Send + use<> {
        let statements = self.clone();
        move |event| {
            if let InstrumentationEvent::StartQuery { query, .. } = event {
                let text = query.to_string();
                // What is bound is nobody's business, and what comes back is the same list every time.
                let text = text.split(" -- binds: ").next().unwrap_or_default();
                match text.split_once(" RETURNING ") {
                    Some((written, _)) => statements.note(&format!("{written} RETURNING ..")),
                    None => statements.note(text),
                }
            }
        }
    }
}

/// A memory store that is heard. It has no statements: a write is told in words.
pub(crate) struct Heard(pub(crate) MemorySession, pub(crate) Statements);

impl Store for Heard {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn capabilities(&self) -> Capabilities {
        self.0.capabilities()
    }

    fn fetch(&mut self, fetch: &Fetch, sink: &mut dyn Sink) -> Result<(), StoreError> {
        self.1.note(&fetch.to_string());
        self.0.fetch(fetch, sink)
    }

    fn write(&mut self, write: &Write) -> Result<Vec<Outcome>, StoreError> {
        self.1.note(&write.to_string());
        self.0.write(write)
    }

    fn begin(&mut self) -> Result<(), StoreError> {
        self.0.begin()
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        self.0.commit()
    }

    fn roll_back(&mut self) -> Result<(), StoreError> {
        self.0.roll_back()
    }

    fn in_transaction(&mut self) -> Result<bool, StoreError> {
        self.0.in_transaction()
    }

    fn begin_snapshot(&mut self) -> Result<Snapshot, StoreError> {
        self.0.begin_snapshot()
    }

    fn end_snapshot(&mut self) -> Result<(), StoreError> {
        self.0.end_snapshot()
    }
}
