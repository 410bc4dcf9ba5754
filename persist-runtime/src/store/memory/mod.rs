//! The memory store: the reference model, for domain tests and for data that need not outlive the process.
//!
//! It keeps neutral values and leaves the meaning of a fetch to [`answer`](super::answer()); it accepts no row that a
//! database with the entity's schema would refuse. It knows nothing of foreign keys.

mod fits;
#[cfg(test)]
mod tests;

use super::scan::{Rows, TableRows, answer};
use super::{Fault, Sink, Snapshot, Store, StoreError};
use crate::engine::{Fetch, Insert};
use crate::entity::{Table, Value};
use crate::group::names;
use ahash::AHashMap;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

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
}

impl MemoryStore {
    /// A store without rows.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A [`Store`] over these tables, for the length of one context. There can be any number at a time.
    /// [`Context::memory`](crate::Context::memory) makes one.
    #[must_use]
    pub fn session(&self) -> MemorySession {
        MemorySession { store: self.clone(), snapshots: Vec::new() }
    }

    fn tables(&self) -> Arc<Tables> {
        // A poisoned lock is no danger: an insert adds rows only after all that may go wrong.
        Arc::clone(&self.tables.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn insert(&self, insert: &Insert) -> Result<(), Fault> {
        for row in &insert.rows {
            fits::check(insert.table, row)?;
        }
        let mut tables = self.tables.write().unwrap_or_else(PoisonError::into_inner);
        let tables = Arc::make_mut(&mut tables);
        Arc::make_mut(tables.0.entry(name(insert.table)).or_default()).insert(insert)
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
/// store, whatever is inserted meanwhile, by itself or by others. Inserts are seen by everybody else at once.
#[derive(Debug)]
pub struct MemorySession {
    store: MemoryStore,
    /// One for each snapshot begun and not ended; all are the same, so that an inner one cannot break an outer one.
    snapshots: Vec<Arc<Tables>>,
}

impl MemorySession {
    fn tables(&self) -> Arc<Tables> {
        self.snapshots.last().map_or_else(|| self.store.tables(), Arc::clone)
    }
}

impl Store for MemorySession {
    fn name(&self) -> &'static str {
        "memory"
    }

    fn fetch(&mut self, fetch: &Fetch, sink: &mut dyn Sink) -> Result<(), StoreError> {
        answer(&*self.tables(), fetch, sink)
    }

    fn insert(&mut self, insert: &Insert) -> Result<(), StoreError> {
        if insert.rows.is_empty() {
            return Ok(());
        }
        self.store.insert(insert).map_err(|fault| StoreError::new(insert.table.entity, "inserting", fault))
    }

    fn begin_snapshot(&mut self) -> Result<Snapshot, StoreError> {
        self.snapshots.push(self.tables());
        Ok(Snapshot::Taken)
    }

    fn end_snapshot(&mut self) -> Result<(), StoreError> {
        self.snapshots.pop();
        Ok(())
    }
}

type Name = (Option<&'static str>, &'static str);

const fn name(table: &Table) -> Name {
    (table.schema, table.name)
}

#[derive(Clone, Default)]
struct Tables(AHashMap<Name, Arc<Stored>>);

impl fmt::Debug for Tables {
    /// How many rows there are by table: the rows themselves do not belong in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.0.iter().map(|((_, name), table)| (name, table.rows.len()))).finish()
    }
}

impl Rows for Tables {
    fn scan<'a>(&'a self, table: &'static Table) -> Result<TableRows<'a>, StoreError> {
        let stored = self.0.get(&name(table));
        let mut columns = stored.map_or_else(Vec::new, |stored| stored.columns.clone());
        // Columns that nobody wrote yet come last, where every row has ended: they are NULL.
        for column in table.columns {
            place(&mut columns, column.name);
        }
        Ok(TableRows::new(columns, stored.into_iter().flat_map(|stored| stored.rows.values().map(|row| &**row))))
    }
}

/// Shared, so that the copy that a write makes beside a snapshot copies pointers.
type Shared = Arc<[Value]>;

/// One table. Its rows are NULL in the columns past their end.
#[derive(Clone, Default)]
struct Stored {
    columns: Vec<&'static str>,
    key: Vec<&'static str>,
    rows: BTreeMap<Shared, Shared>,
}

fn place(columns: &mut Vec<&'static str>, name: &'static str) -> usize {
    columns.iter().position(|column| *column == name).unwrap_or_else(|| {
        columns.push(name);
        columns.len() - 1
    })
}

impl Stored {
    fn insert(&mut self, insert: &Insert) -> Result<(), Fault> {
        self.agree_on_key(insert.table)?;
        let places: Vec<_> = insert.table.columns.iter().map(|column| place(&mut self.columns, column.name)).collect();
        let mut fresh = BTreeMap::new();
        for values in &insert.rows {
            let row = self.row(&places, values);
            let key = self.key_of(&row)?;
            match fresh.entry(key) {
                Entry::Vacant(vacant) if !self.rows.contains_key(vacant.key()) => vacant.insert(row),
                _ => return Err(Fault::Duplicate(names(insert.table.key))),
            };
        }
        self.rows.extend(fresh);
        Ok(())
    }

    /// A table has one key. That of whoever writes first counts; others may write its columns in another order.
    fn agree_on_key(&mut self, table: &Table) -> Result<(), Fault> {
        if self.rows.is_empty() {
            self.key = table.key.iter().map(|column| column.name).collect();
        }
        if self.key.len() == table.key.len() && table.key.iter().all(|column| self.key.contains(&column.name)) {
            return Ok(());
        }
        let (kept, asked) = (self.key.join(", "), names(table.key));
        Err(Fault::Unsupported(format!("key `{}` by {asked}: its rows are keyed by {kept}", table.name)))
    }

    fn row(&self, places: &[usize], values: &[Value]) -> Shared {
        if places.iter().enumerate().all(|(index, place)| index == *place) {
            return values.into();
        }
        let mut row = vec![Value::Null; self.columns.len()];
        for (place, value) in places.iter().zip(values) {
            if let Some(cell) = row.get_mut(*place) {
                cell.clone_from(value);
            }
        }
        row.into()
    }

    fn key_of(&self, row: &[Value]) -> Result<Shared, Fault> {
        let parts = self.key.iter().map(|name| {
            let place = self.columns.iter().position(|column| column == name);
            let Some(part) = place.and_then(|place| row.get(place)) else {
                return Err(Fault::MissingColumn((*name).to_owned()));
            };
            if part.is_null() { Err(Fault::NotNull((*name).to_owned())) } else { Ok(part.clone()) }
        });
        parts.collect()
    }
}
