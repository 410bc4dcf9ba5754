//! The memory store: the reference model, for domain tests and for data that need not outlive the process.
//!
//! It keeps neutral values and leaves the meaning of a fetch to [`answer`](super::answer()); it accepts no row that a
//! database with the entity's schema would refuse. It knows nothing of foreign keys.

mod tables;
#[cfg(test)]
mod tests;
mod turn;

use super::keep;
use super::scan::answer;
use super::{Capabilities, Capability, Fault, Sink, Snapshot, Store, StoreError};
use crate::edit::{Outcome, Write};
use crate::engine::Fetch;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tables::Tables;
use turn::{Turn, Turns};

/// Tables in memory, shared by all clones of this handle.
///
/// A table is there from the start, and empty. Two entities on the same table (the same name and schema) see the same
/// rows, column by column name; a column that nobody wrote is NULL.
///
/// It refuses what a database with the entity's schema would: a key that is taken, NULL where none may be, a value out
/// of its column's range. It knows no foreign keys, no other constraints and no defaults.
///
/// ```
#[doc = tracker!()]
/// let memory = MemoryStore::new();
/// let mut context = Context::memory(&memory);
/// context.insert(&Person { id: 1, name: "Ada".into() })?;
/// assert_eq!(Context::memory(&memory.clone()).realise(People::all())?.len(), 1);    // a clone is a handle
/// # Ok::<(), persist::Error>(())
/// ```
///
/// Sessions may be used from several threads. One that realises sees the store as it was when the realise began:
///
/// ```
/// use persist::{MemoryStore, Store};
/// let memory = MemoryStore::new();
/// let mut session = memory.session();
/// session.begin_snapshot()?;      // what others insert from here on is not seen ...
/// session.end_snapshot()?;        // ... up to here
/// # Ok::<(), persist::StoreError>(())
/// ```
#[derive(Clone, Default)]
pub struct MemoryStore {
    // Whoever reads takes the inner `Arc` and lets go of the lock; whoever writes copies what is still being read.
    tables: Arc<RwLock<Arc<Tables>>>,
    turns: Arc<Turns>,
}

impl MemoryStore {
    /// A store without rows.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same store, where a write waits at most so long for the transaction of another context to end, before it
    /// fails with [`Fault::Locked`]. It is 5 seconds unless said otherwise.
    #[must_use]
    pub fn with_lock_timeout(self, most: Duration) -> Self {
        self.turns.wait_at_most(most);
        self
    }

    /// A [`Store`] over these tables, for the length of one context. There can be any number at a time.
    /// [`Context::memory`](crate::Context::memory) makes one.
    #[must_use]
    pub fn session(&self) -> MemorySession {
        MemorySession { store: self.clone(), snapshots: Vec::new(), transaction: None }
    }

    fn tables(&self) -> Arc<Tables> {
        // A poisoned lock is no danger: rows are put only after all that may go wrong.
        Arc::clone(&self.tables.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").field("rows", &self.tables()).finish()
    }
}

/// A [`Store`] over a [`MemoryStore`], made by [`MemoryStore::session`].
///
/// Between [`begin_snapshot`](Store::begin_snapshot) and [`end_snapshot`](Store::end_snapshot) it reads one state of the
/// store, whatever is written meanwhile, by itself or by others. Outside of a transaction, what it writes is seen by
/// everybody else at once.
///
/// A transaction sees the state that it began with, and its own writes. Only one writes at a time: its first write waits for
/// that of another session to end, and fails with [`Fault::Serialization`] if the transaction has read what the other
/// changed, as on SQLite.
#[derive(Debug)]
pub struct MemorySession {
    store: MemoryStore,
    /// One for each snapshot begun and not ended; all are the same, so that an inner one cannot break an outer one.
    snapshots: Vec<Arc<Tables>>,
    transaction: Option<Transaction>,
}

#[derive(Debug)]
struct Transaction {
    /// What it sees.
    tables: Arc<Tables>,
    /// What it saw when each savepoint was set.
    savepoints: Vec<Arc<Tables>>,
    has_read: bool,
    /// Its turn to write, from its first write on.
    turn: Option<Turn>,
}

impl MemorySession {
    fn tables(&mut self) -> Arc<Tables> {
        match &mut self.transaction {
            Some(transaction) => {
                transaction.has_read = true;
                Arc::clone(&transaction.tables)
            }
            None => self.snapshots.last().map_or_else(|| self.store.tables(), Arc::clone),
        }
    }

    fn write_at_once(&self, write: &Write) -> Result<Vec<Outcome>, StoreError> {
        let _turn = self.turn(write)?;
        let mut tables = self.store.tables.write().unwrap_or_else(PoisonError::into_inner);
        let tables: &mut Tables = Arc::make_mut(&mut *tables);
        keep::write(tables, write)
    }

    fn turn(&self, write: &Write) -> Result<Turn, StoreError> {
        let failed = |fault| StoreError::new(write.table().entity, write.doing(), fault);
        self.store.turns.take().ok_or_else(|| failed(Fault::Locked))
    }

    /// Makes it this session's turn to write, if it is not yet.
    fn begin_writing(&mut self, write: &Write) -> Result<(), StoreError> {
        if self.transaction.as_ref().is_none_or(|transaction| transaction.turn.is_some()) {
            return Ok(());
        }
        let (turn, now) = (self.turn(write)?, self.store.tables());
        let Some(transaction) = &mut self.transaction else { return Ok(()) };
        if !Arc::ptr_eq(&transaction.tables, &now) {
            if transaction.has_read {
                return Err(StoreError::new(write.table().entity, write.doing(), Fault::Serialization));
            }
            transaction.savepoints.iter_mut().for_each(|savepoint| savepoint.clone_from(&now));
            transaction.tables = now;
        }
        transaction.turn = Some(turn);
        Ok(())
    }
}

impl Store for MemorySession {
    fn name(&self) -> &'static str {
        "memory"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::ALL.without(Capability::GeneratedValues).without(Capability::ForeignKeys)
    }

    fn fetch(&mut self, fetch: &Fetch, sink: &mut dyn Sink) -> Result<(), StoreError> {
        answer(&*self.tables(), fetch, sink)
    }

    fn write(&mut self, write: &Write) -> Result<Vec<Outcome>, StoreError> {
        self.begin_writing(write)?;
        match &mut self.transaction {
            Some(transaction) => {
                let tables: &mut Tables = Arc::make_mut(&mut transaction.tables);
                keep::write(tables, write)
            }
            None => self.write_at_once(write),
        }
    }

    fn begin(&mut self) -> Result<(), StoreError> {
        let tables = self.store.tables();
        match &mut self.transaction {
            Some(transaction) => transaction.savepoints.push(Arc::clone(&transaction.tables)),
            None => {
                self.transaction = Some(Transaction { tables, savepoints: Vec::new(), has_read: false, turn: None });
            }
        }
        Ok(())
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        let Some(mut transaction) = self.transaction.take() else { return Ok(()) };
        if transaction.savepoints.pop().is_some() {
            self.transaction = Some(transaction);
        } else if transaction.turn.is_some() {
            *self.store.tables.write().unwrap_or_else(PoisonError::into_inner) = transaction.tables;
        }
        Ok(())
    }

    fn roll_back(&mut self) -> Result<(), StoreError> {
        let Some(mut transaction) = self.transaction.take() else { return Ok(()) };
        if let Some(savepoint) = transaction.savepoints.pop() {
            transaction.tables = savepoint;
            self.transaction = Some(transaction);
        }
        Ok(())
    }

    fn in_transaction(&mut self) -> Result<bool, StoreError> {
        Ok(self.transaction.is_some())
    }

    fn begin_snapshot(&mut self) -> Result<Snapshot, StoreError> {
        if self.transaction.is_some() {
            return Ok(Snapshot::Callers);
        }
        let tables = self.tables();
        self.snapshots.push(tables);
        Ok(Snapshot::Taken)
    }

    fn end_snapshot(&mut self) -> Result<(), StoreError> {
        self.snapshots.pop();
        Ok(())
    }
}
