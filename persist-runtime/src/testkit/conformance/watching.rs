//! A store around another, before each fetch of which something happens.

use crate::edit::{Outcome, Write};
use crate::engine::Fetch;
use crate::store::{Capabilities, Sink, Snapshot, Store, StoreError};

/// A store, and what is done before each fetch.
pub(super) struct Before<'s> {
    inner: Box<dyn Store + 's>,
    hook: Box<dyn FnMut() + Send + 's>,
}

impl<'s> Before<'s> {
    pub(super) fn each_fetch(inner: Box<dyn Store + 's>, hook: impl FnMut() + Send + 's) -> Self {
        Self { inner, hook: Box::new(hook) }
    }
}

impl Store for Before<'_> {
    fn name(&self) -> &'static str {
        self.inner.name()
    }

    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    fn fetch(&mut self, fetch: &Fetch, sink: &mut dyn Sink) -> Result<(), StoreError> {
        (self.hook)();
        self.inner.fetch(fetch, sink)
    }

    fn write(&mut self, write: &Write) -> Result<Vec<Outcome>, StoreError> {
        self.inner.write(write)
    }

    fn begin_snapshot(&mut self) -> Result<Snapshot, StoreError> {
        self.inner.begin_snapshot()
    }

    fn end_snapshot(&mut self) -> Result<(), StoreError> {
        self.inner.end_snapshot()
    }

    fn explain(&self, fetch: &Fetch) -> Result<String, StoreError> {
        self.inner.explain(fetch)
    }

    fn max_keys(&self, fetch: &Fetch) -> usize {
        self.inner.max_keys(fetch)
    }
}
