//! Stores around stores: one that does something before each fetch, and one that hands rows over in another order.

use persist::edit::{Outcome, Write};
use persist::engine::{Fetch, Output};
use persist::store::{Capabilities, Sink, Snapshot, Store, StoreError};
use persist::{Cells, Value};

/// Calls `hook` with the number of the fetch before each fetch, or before each write.
pub struct Hooked<'h> {
    /// The store that answers.
    pub inner: Box<dyn Store + 'h>,
    /// What is done before.
    pub hook: Box<dyn FnMut(usize) + Send + 'h>,
    /// How many fetches there were.
    pub fetches: usize,
    /// Whether `hook` is called before each write instead.
    pub before_writes: bool,
}

impl<'h> Hooked<'h> {
    /// `inner`, with `hook`.
    pub fn new(inner: Box<dyn Store + 'h>, hook: impl FnMut(usize) + Send + 'h) -> Self {
        Self { inner, hook: Box::new(hook), fetches: 0, before_writes: false }
    }

    /// `inner`, with `hook`, which is called before each write.
    pub fn writes(inner: Box<dyn Store + 'h>, hook: impl FnMut(usize) + Send + 'h) -> Self {
        Self { before_writes: true, ..Self::new(inner, hook) }
    }
}

impl Store for Hooked<'_> {
    fn name(&self) -> &'static str {
        self.inner.name()
    }

    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    fn fetch(&mut self, fetch: &Fetch, sink: &mut dyn Sink) -> Result<(), StoreError> {
        if !self.before_writes {
            (self.hook)(self.fetches);
        }
        self.fetches += 1;
        self.inner.fetch(fetch, sink)
    }

    fn write(&mut self, write: &Write) -> Result<Vec<Outcome>, StoreError> {
        if self.before_writes {
            (self.hook)(self.fetches);
        }
        self.inner.write(write)
    }

    fn begin(&mut self) -> Result<(), StoreError> {
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
        self.inner.begin_snapshot()
    }

    fn end_snapshot(&mut self) -> Result<(), StoreError> {
        self.inner.end_snapshot()
    }

    fn explain(&self, fetch: &Fetch) -> Result<String, StoreError> {
        self.inner.explain(fetch)
    }
}

/// What a [`Tampered`] store does with the rows of a fetch before it hands them over.
pub type Tamper = fn(&Fetch, Vec<Vec<Value>>) -> Vec<Vec<Value>>;

/// Hands over other rows than it was given: in another order, more of them, or none that fit.
pub struct Tampered<'h> {
    /// The store that answers.
    pub inner: Box<dyn Store + 'h>,
    /// What happens to its rows.
    pub tamper: Tamper,
}

fn value_of(cells: &dyn Cells, place: usize, read: fn(persist::Raw<'_>) -> Result<Value, persist::Unfit>) -> Value {
    let mut value = Value::Null;
    cells.see(place, &mut |raw| value = read(raw).unwrap_or(Value::Null));
    value
}

impl Store for Tampered<'_> {
    fn name(&self) -> &'static str {
        "tampered"
    }

    fn fetch(&mut self, fetch: &Fetch, sink: &mut dyn Sink) -> Result<(), StoreError> {
        let number = |raw: persist::Raw<'_>| raw.integer().map(Value::Int);
        let mut readers: Vec<fn(persist::Raw<'_>) -> Result<Value, persist::Unfit>> = Vec::new();
        match &fetch.output {
            Output::Columns(columns) => {
                let joined = fetch.joined.iter().flat_map(|joined| &joined.columns);
                readers.extend(columns.iter().chain(joined).map(|column| column.value));
            }
            _ => {
                readers.extend(fetch.keyed.iter().flat_map(|keyed| &keyed.by).map(|column| column.value));
                readers.push(number);
            }
        }
        let mut rows = Vec::new();
        self.inner.fetch(fetch, &mut |cells: &dyn Cells| {
            rows.push(readers.iter().enumerate().map(|(place, read)| value_of(cells, place, *read)).collect());
        })?;
        for row in (self.tamper)(fetch, rows) {
            sink.row(&row.as_slice());
        }
        Ok(())
    }

    fn write(&mut self, write: &Write) -> Result<Vec<Outcome>, StoreError> {
        self.inner.write(write)
    }

    fn begin(&mut self) -> Result<(), StoreError> {
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
        self.inner.begin_snapshot()
    }

    fn end_snapshot(&mut self) -> Result<(), StoreError> {
        self.inner.end_snapshot()
    }
}
