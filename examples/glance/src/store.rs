//! Opens the stores. What is kept where is decided here, and known nowhere else.

use crate::statements::{Heard, Statements};
use anyhow::{Context as _, Result};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel_async::AsyncMysqlConnection;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use persist::Context;
use persist::store::MemoryStore;
use std::path::{Path, PathBuf};

/// Where the registry is kept.
#[derive(Debug, Clone)]
pub enum Database {
    /// In memory, as long as this lives.
    Memory(MemoryStore),
    /// In an SQLite file.
    Sqlite(PathBuf),
    /// In a PostgreSQL database with this address.
    Postgres(String),
    /// In a MariaDB database with this address.
    Mysql(String),
}

/// A connection to MariaDB.
pub type MysqlConnection = AsyncConnectionWrapper<AsyncMysqlConnection>;

/// Readers and one writer at a time, the others of which wait for a while; foreign keys count.
const SQLITE: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON";

/// Two programs that create tables at a time do so one after the other.
const ONE_AT_A_TIME: &str = "SELECT pg_advisory_xact_lock(hashtext('glance'))";

impl Database {
    /// Makes the tables, if they are not there.
    ///
    /// # Errors
    /// When the database cannot be reached or written.
    pub fn create(&self) -> Result<()> {
        match self {
            Self::Memory(_) => {}
            Self::Sqlite(path) => sqlite(path)?
                .immediate_transaction(|connection| connection.batch_execute(include_str!("schema/sqlite.sql")))?,
            Self::Postgres(url) => PgConnection::establish(url)?.transaction(|connection| {
                connection.batch_execute(ONE_AT_A_TIME)?;
                connection.batch_execute(include_str!("schema/postgres.sql"))
            })?,
            Self::Mysql(url) => {
                MysqlConnection::establish(url)?.batch_execute(include_str!("schema/mysql.sql"))?;
            }
        }
        Ok(())
    }

    /// A context over a connection of its own; `statements` hears what is sent over it.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub fn connect(&self, statements: &Statements) -> Result<Context<'static>> {
        Ok(match self {
            Self::Memory(memory) => Context::over(Heard(memory.session(), statements.clone())),
            Self::Sqlite(path) => Context::owning(heard(sqlite(path)?, statements)),
            Self::Postgres(url) => Context::owning(heard(PgConnection::establish(url)?, statements)),
            Self::Mysql(url) => Context::owning(heard(MysqlConnection::establish(url)?, statements)),
        })
    }
}

fn sqlite(path: &Path) -> Result<SqliteConnection> {
    let mut connection = SqliteConnection::establish(path.to_str().context("the path is not valid UTF-8")?)?;
    connection.batch_execute(SQLITE)?;
    Ok(connection)
}

fn heard<C: Connection>(mut connection: C, statements: &Statements) -> C {
    connection.set_instrumentation(statements.of_diesel());
    connection
}
