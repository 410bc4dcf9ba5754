//! The stores that the conformance suite runs on.

#![allow(clippy::unwrap_used, reason = "for tests")]

use crate::log_store::LogStore;
use crate::shelf::Shelf;
use crate::stores::{self, Fresh, Mysql, Postgres, TempDir};
use diesel::connection::SimpleConnection;
use persist::schema::Schema;
use persist::store::diesel::DieselStore;
use persist::store::{Capabilities, Capability, Store};
use persist::testkit::conformance::{Database, References, Subject};
use persist::{MemoryStore, Table};

/// The tables as a database makes them.
fn schema(tables: &[&'static Table], references: References) -> Schema {
    match references {
        References::Free => Schema::of(tables).without_foreign_keys(),
        References::Enforced => Schema::of(tables),
    }
}

/// The reference.
pub struct Memory;

impl Subject for Memory {
    fn name(&self) -> &str {
        "memory"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::ALL.without(Capability::GeneratedValues).without(Capability::ForeignKeys)
    }

    fn fresh(&self, _: &[&'static Table], _: References) -> Option<Box<dyn Database>> {
        Some(Box::new(MemoryDatabase(MemoryStore::new())))
    }
}

struct MemoryDatabase(MemoryStore);

impl Database for MemoryDatabase {
    fn connect(&self) -> Box<dyn Store + '_> {
        Box::new(self.0.session())
    }
}

/// SQLite in a file, in WAL mode.
pub struct Sqlite;

impl Subject for Sqlite {
    fn name(&self) -> &str {
        "SQLite"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::ALL.without(Capability::ExactSums).without(Capability::Nan)
    }

    fn fresh(&self, tables: &[&'static Table], references: References) -> Option<Box<dyn Database>> {
        let Fresh::File(mut connection, dir) = stores::sqlite_file(&[]) else { return None };
        schema(tables, references).create_in(&mut connection).unwrap();
        Some(Box::new(File { dir, references }))
    }
}

/// One of the databases below, which is altered once its tables are made: as a program may find it that did not make them.
pub struct Altered {
    /// Which, and in what way.
    pub name: &'static str,
    /// It, with its tables; none where there is no server.
    pub fresh: fn(&[&'static Table]) -> Option<Fresh>,
    /// What is done to them.
    pub sql: String,
    /// What it can do.
    pub capabilities: Capabilities,
}

impl Subject for Altered {
    fn name(&self) -> &str {
        self.name
    }

    fn capabilities(&self) -> Capabilities {
        self.capabilities
    }

    fn fresh(&self, tables: &[&'static Table], references: References) -> Option<Box<dyn Database>> {
        let mut fresh = (self.fresh)(tables)?;
        fresh.execute(&self.sql);
        match fresh {
            Fresh::File(_, dir) => Some(Box::new(File { dir, references })),
            Fresh::Postgres(postgres) => Some(Box::new(postgres)),
            Fresh::Mysql(mysql) => Some(Box::new(mysql)),
            Fresh::Memory(_) | Fresh::Sqlite(_) => None,
        }
    }
}

struct File {
    dir: TempDir,
    references: References,
}

impl Database for File {
    fn connect(&self) -> Box<dyn Store + '_> {
        let mut connection = stores::sqlite_at(&self.dir);
        let on = if self.references == References::Enforced { "ON" } else { "OFF" };
        let pragmas = format!("PRAGMA synchronous = OFF; PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = {on}");
        connection.batch_execute(&pragmas).unwrap();
        Box::new(DieselStore::owned(connection))
    }
}

/// A schema of its own on a PostgreSQL server.
pub struct PostgreSql;

impl Subject for PostgreSql {
    fn name(&self) -> &str {
        "PostgreSQL"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::ALL.without(Capability::JsonOrder).without(Capability::JsonEquality).without(Capability::Nul)
    }

    fn fresh(&self, tables: &[&'static Table], references: References) -> Option<Box<dyn Database>> {
        let Fresh::Postgres(mut postgres) = stores::postgres(&[])? else { return None };
        schema(tables, references).create_in(&mut postgres.connection).unwrap();
        Some(Box::new(postgres))
    }
}

impl Database for Postgres {
    fn connect(&self) -> Box<dyn Store + '_> {
        Box::new(DieselStore::owned(self.another()))
    }
}

/// A database of its own on a MariaDB or MySQL server.
pub struct MariaDb;

impl Subject for MariaDb {
    fn name(&self) -> &str {
        "MariaDB"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::ALL.without(Capability::JsonOrder).without(Capability::Infinity).without(Capability::Nan)
    }

    fn fresh(&self, tables: &[&'static Table], references: References) -> Option<Box<dyn Database>> {
        let Fresh::Mysql(mut mysql) = stores::mysql(&[])? else { return None };
        schema(tables, references).create_in(&mut mysql.connection).unwrap();
        Some(Box::new(mysql))
    }
}

impl Database for Mysql {
    fn connect(&self) -> Box<dyn Store + '_> {
        Box::new(DieselStore::owned(self.another()))
    }
}

/// The store that the documentation shows.
pub struct Documented;

impl Subject for Documented {
    fn name(&self) -> &str {
        "the documentation's shelf"
    }

    fn capabilities(&self) -> Capabilities {
        Shelf::default().capabilities()
    }

    fn fresh(&self, _: &[&'static Table], _: References) -> Option<Box<dyn Database>> {
        Some(Box::new(Shelf::default()))
    }
}

impl Database for Shelf {
    fn connect(&self) -> Box<dyn Store + '_> {
        Box::new(self.clone())
    }
}

/// The store that was written from outside.
pub struct Log;

impl Subject for Log {
    fn name(&self) -> &str {
        "a log (tests)"
    }

    fn capabilities(&self) -> Capabilities {
        LogStore::CAPABILITIES
    }

    fn fresh(&self, _: &[&'static Table], _: References) -> Option<Box<dyn Database>> {
        Some(Box::new(LogStore::new().with_max_keys(500)))
    }
}

impl Database for LogStore {
    fn connect(&self) -> Box<dyn Store + '_> {
        Box::new(self.clone())
    }
}
