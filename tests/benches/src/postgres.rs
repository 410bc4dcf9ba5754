//! A PostgreSQL schema to measure in.

use crate::Outcome;
use crate::data::{Execute, fill};
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};

/// Where the PostgreSQL server is.
const SERVER: &str = "PERSIST_TEST_POSTGRES_URL";
const LOCAL_SERVER: &str = "postgres://postgres@127.0.0.1:5432/postgres";

/// Tests of one process run beside one another, each in a schema of its own.
static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A schema of our own on a PostgreSQL server; gone when this is dropped.
pub struct Postgres {
    /// The connection, which sees the schema.
    pub connection: PgConnection,
    schema: String,
}

impl Postgres {
    /// A schema with what `rows` writes; the planner knows the `tables`.
    ///
    /// # Errors
    /// When there is no server, or it refuses.
    pub fn with(tables: &str, rows: impl FnOnce(Execute<'_>) -> Outcome) -> Outcome<Self> {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let mut postgres =
            Self { connection: connect()?, schema: format!("persist_benches_{}_{number}", std::process::id()) };
        let schema = &postgres.schema;
        let sql = format!("CREATE SCHEMA {schema}; SET search_path TO {schema}");
        postgres.connection.batch_execute(&sql)?;
        fill(&mut postgres.connection, rows)?;
        postgres.connection.batch_execute(&format!("ANALYZE {tables}"))?;
        Ok(postgres)
    }

    /// Another connection, which sees the schema.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn another(&self) -> Outcome<PgConnection> {
        let mut connection = connect()?;
        connection.batch_execute(&format!("SET search_path TO {}", self.schema))?;
        Ok(connection)
    }

    /// A connection of the driver `tokio-postgres`.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn driver(&self) -> Outcome<Driver> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (client, connection) = runtime.block_on(tokio_postgres::connect(&server(), tokio_postgres::NoTls))?;
        runtime.spawn(connection);
        runtime.block_on(client.batch_execute(&format!("SET search_path TO {}", self.schema)))?;
        Ok(Driver { runtime, client, prepared: HashMap::new() })
    }
}

fn server() -> String {
    std::env::var(SERVER).unwrap_or_else(|_| LOCAL_SERVER.to_owned())
}

fn connect() -> Outcome<PgConnection> {
    Ok(PgConnection::establish(&server())?)
}

/// A connection of the driver alone, and what it runs on.
pub struct Driver {
    /// What waits for it.
    pub runtime: tokio::runtime::Runtime,
    /// The connection.
    pub client: tokio_postgres::Client,
    prepared: HashMap<&'static str, tokio_postgres::Statement>,
}

impl Driver {
    /// The statement of a text, prepared once.
    ///
    /// # Errors
    /// When the server refuses it.
    pub fn prepared(&mut self, sql: &'static str) -> Outcome<tokio_postgres::Statement> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.runtime.block_on(self.client.prepare(sql))?;
        self.prepared.insert(sql, statement.clone());
        Ok(statement)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let _ = self.connection.batch_execute(&format!("DROP SCHEMA {} CASCADE", self.schema));
    }
}
