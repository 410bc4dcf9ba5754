//! What a case is handed: the store under test, to make databases of.

use super::{Database, References, Subject};
use crate::context::Context;
use crate::entity::Table;
use crate::store::{Capability, MemoryStore, Store};

/// One run of one case over one store.
pub(super) struct Trial<'s> {
    pub(super) subject: &'s dyn Subject,
}

/// What unwinds when there is no database to be had on this machine.
pub(super) struct NotHere;

/// A database of its own.
pub(super) struct Place(Box<dyn Database>);

impl Trial<'_> {
    /// An empty database with these tables.
    pub(super) fn place(&self, tables: &[&'static Table]) -> Place {
        self.place_with(tables, References::Free)
    }

    /// Whether references can be enforced.
    pub(super) fn keeps_references(&self) -> bool {
        self.subject.capabilities().has(Capability::ForeignKeys)
    }

    /// An empty database with these tables.
    pub(super) fn place_with(&self, tables: &[&'static Table], references: References) -> Place {
        match self.subject.fresh(tables, references) {
            Some(database) => Place(database),
            // Past the hook: nothing has gone wrong.
            None => std::panic::resume_unwind(Box::new(NotHere)),
        }
    }
}

impl Place {
    /// A context over a connection of its own.
    pub(super) fn context(&self) -> Context<'_> {
        Context::over(self.store())
    }

    pub(super) fn store(&self) -> Box<dyn Store + '_> {
        self.0.connect()
    }
}

/// A context over a memory store, beside which another is held.
pub(super) fn memory() -> Context<'static> {
    Context::memory(&MemoryStore::new())
}
