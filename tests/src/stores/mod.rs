//! Fresh stores for tests: memory, SQLite in memory and in a file, PostgreSQL in a schema of its own, MariaDB in a database
//! of its own.
//!
//! What the tables are called in SQL stands here and nowhere else. Where the servers are is said in [`server`](crate::server).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "for tests")]

mod mysql;
mod postgres;
mod sqlite;
mod tables;

pub use mysql::{Mysql, MysqlConnection, mysql};
pub use postgres::{Postgres, postgres};
pub use sqlite::{TempDir, sqlite, sqlite_at, sqlite_file, sqlite_tables};

use diesel::connection::SimpleConnection;
use diesel::{Connection, RunQueryDsl, SqliteConnection};
use persist::store::Store;
use persist::{Context, MemoryStore, Table};
use std::sync::atomic::{AtomicU32, Ordering};

/// A store with empty tables, for one test.
pub enum Fresh {
    /// Rows in memory.
    Memory(MemoryStore),
    /// SQLite in memory.
    Sqlite(SqliteConnection),
    /// SQLite in a file, which is removed in the end.
    File(SqliteConnection, TempDir),
    /// A schema of a PostgreSQL database, which is dropped in the end.
    Postgres(Postgres),
    /// A database of a MariaDB or MySQL server, which is dropped in the end.
    Mysql(Mysql),
}

fn unique() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    format!("persist_test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed))
}

/// A memory store.
#[must_use]
pub fn memory() -> Fresh {
    Fresh::Memory(MemoryStore::new())
}

/// One of each: memory, SQLite, and PostgreSQL and MariaDB where there are servers.
#[must_use]
pub fn every(tables: &[&'static Table]) -> Vec<Fresh> {
    std::iter::once(memory()).chain(databases(tables)).collect()
}

/// Those that are databases.
#[must_use]
pub fn databases(tables: &[&'static Table]) -> Vec<Fresh> {
    std::iter::once(sqlite(tables)).chain(servers(tables)).collect()
}

/// Those that are servers, where there are any.
#[must_use]
pub fn servers(tables: &[&'static Table]) -> Vec<Fresh> {
    postgres(tables).into_iter().chain(mysql(tables)).collect()
}

impl Fresh {
    /// What it is.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Memory(_) => "memory",
            Self::Sqlite(_) | Self::File(..) => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
            Self::Mysql(_) => "MySQL",
        }
    }

    /// A context over it.
    #[must_use]
    pub fn context(&mut self) -> Context<'_> {
        match self {
            Self::Memory(store) => Context::memory(store),
            Self::Sqlite(connection) | Self::File(connection, _) => Context::borrowing(connection),
            Self::Postgres(postgres) => Context::borrowing(&mut postgres.connection),
            Self::Mysql(mysql) => Context::borrowing(&mut mysql.connection),
        }
    }

    /// The store itself.
    #[must_use]
    pub fn store(&mut self) -> Box<dyn Store + '_> {
        use persist::store::diesel::DieselStore;
        match self {
            Self::Memory(store) => Box::new(store.session()),
            Self::Sqlite(connection) | Self::File(connection, _) => Box::new(DieselStore::borrowed(connection)),
            Self::Postgres(postgres) => Box::new(DieselStore::borrowed(&mut postgres.connection)),
            Self::Mysql(mysql) => Box::new(DieselStore::borrowed(&mut mysql.connection)),
        }
    }

    /// A context over another connection to the same database.
    ///
    /// # Panics
    /// Where there can be no other connection.
    #[must_use]
    pub fn another(&self) -> Context<'static> {
        match self {
            Self::Memory(_) | Self::Sqlite(_) => panic!("it has one connection"),
            Self::File(_, dir) => Context::owning(sqlite_at(dir)),
            Self::Postgres(postgres) => Context::owning(postgres.another()),
            Self::Mysql(mysql) => Context::owning(mysql.another()),
        }
    }

    /// Empties the tables, past persist.
    ///
    /// # Panics
    /// When it fails, or there is no SQL.
    pub fn empty(&mut self, tables: &[&Table]) {
        self.execute(&tables.iter().map(|table| format!("DELETE FROM {};", table.name)).collect::<String>());
    }

    /// Runs SQL of one's own, past persist.
    ///
    /// # Panics
    /// When it fails, or there is no SQL.
    pub fn execute(&mut self, sql: &str) {
        let done = match self {
            Self::Memory(_) => panic!("memory speaks no SQL"),
            Self::Sqlite(connection) | Self::File(connection, _) => connection.batch_execute(sql),
            Self::Postgres(postgres) => postgres.connection.batch_execute(sql),
            Self::Mysql(mysql) => mysql.connection.batch_execute(sql),
        };
        done.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// Drops an index.
    ///
    /// # Panics
    /// When there is none, or there is no SQL.
    pub fn drop_index(&mut self, table: &str, index: &str) {
        let of = if matches!(self, Self::Mysql(_)) { format!(" ON {table}") } else { String::new() };
        self.execute(&format!("DROP INDEX {index}{of}"));
    }

    /// How many transactions are open on its connection.
    ///
    /// # Panics
    /// When the connection is broken.
    pub fn depth(&mut self) -> u32 {
        use diesel::connection::TransactionManager;
        fn of<C: Connection>(connection: &mut C) -> u32 {
            let status = C::TransactionManager::transaction_manager_status_mut(connection);
            status.transaction_depth().unwrap().map_or(0, u32::from)
        }
        match self {
            Self::Memory(_) => 0,
            Self::Sqlite(connection) | Self::File(connection, _) => of(connection),
            Self::Postgres(postgres) => of(&mut postgres.connection),
            Self::Mysql(mysql) => of(&mut mysql.connection),
        }
    }

    /// Rows in a table, past persist.
    pub fn rows_of(&mut self, table: &str) -> i64 {
        #[derive(diesel::QueryableByName)]
        struct Count {
            #[diesel(sql_type = diesel::sql_types::BigInt)]
            n: i64,
        }
        let query = diesel::sql_query(format!("SELECT count(*) AS n FROM {table}"));
        let count: Count = match self {
            Self::Memory(_) => panic!("memory speaks no SQL"),
            Self::Sqlite(connection) | Self::File(connection, _) => query.get_result(connection).unwrap(),
            Self::Postgres(postgres) => query.get_result(&mut postgres.connection).unwrap(),
            Self::Mysql(mysql) => query.get_result(&mut mysql.connection).unwrap(),
        };
        count.n
    }
}
