//! A PostgreSQL schema to measure in.

use crate::Outcome;
use crate::data::{Execute, fill};
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
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
}

fn connect() -> Outcome<PgConnection> {
    let server = std::env::var(SERVER).unwrap_or_else(|_| LOCAL_SERVER.to_owned());
    Ok(PgConnection::establish(&server)?)
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let _ = self.connection.batch_execute(&format!("DROP SCHEMA {} CASCADE", self.schema));
    }
}
