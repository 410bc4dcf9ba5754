//! Work 3: all rows of one table of seven columns, on SQLite and on PostgreSQL.

use crate::Outcome;
use crate::data::{Size, fill, fill_bugs};
use crate::domain::schema::bugs;
use crate::domain::{Bug, Bugs};
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use persist::Context;

/// Where the PostgreSQL server is.
const SERVER: &str = "PERSIST_TEST_POSTGRES_URL";
const LOCAL_SERVER: &str = "postgres://postgres@127.0.0.1:5432/postgres";

/// Rows and little else.
#[must_use]
pub const fn size(bugs: u32) -> Size {
    Size { people: 100, bugs, comments: 0, subscribers: 0 }
}

/// A database in memory with so many bugs.
///
/// # Errors
/// When SQLite cannot fill it.
pub fn sqlite(bugs: u32) -> Outcome<SqliteConnection> {
    let mut connection = SqliteConnection::establish(":memory:")?;
    fill(&mut connection, |execute| fill_bugs(execute, size(bugs)))?;
    Ok(connection)
}

/// A schema of our own on a PostgreSQL server; gone when this is dropped.
pub struct Postgres {
    /// The connection, which sees the schema.
    pub connection: PgConnection,
    schema: String,
}

impl Postgres {
    /// A schema with so many bugs.
    ///
    /// # Errors
    /// When there is no server, or it refuses.
    pub fn with(bugs: u32) -> Outcome<Self> {
        let server = std::env::var(SERVER).unwrap_or_else(|_| LOCAL_SERVER.to_owned());
        let connection = PgConnection::establish(&server)?;
        let mut postgres = Self { connection, schema: format!("persist_benches_{}", std::process::id()) };
        let schema = &postgres.schema;
        let sql = format!("CREATE SCHEMA {schema}; SET search_path TO {schema}");
        postgres.connection.batch_execute(&sql)?;
        fill(&mut postgres.connection, |execute| fill_bugs(execute, size(bugs)))?;
        postgres.connection.batch_execute("ANALYZE bugs")?;
        Ok(postgres)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let _ = self.connection.batch_execute(&format!("DROP SCHEMA {} CASCADE", self.schema));
    }
}

/// By persist, on SQLite.
///
/// # Errors
/// When the store cannot answer.
pub fn persist_sqlite(connection: &mut SqliteConnection) -> Outcome<Vec<Bug>> {
    Ok(Context::borrowing(connection).realise(Bugs::all().view::<Bug>())?)
}

/// By Diesel, on SQLite.
///
/// # Errors
/// When the store cannot answer.
pub fn diesel_sqlite(connection: &mut SqliteConnection) -> Outcome<Vec<Bug>> {
    Ok(bugs::table.order(bugs::id).select(Bug::as_select()).load(connection)?)
}

/// By persist, on PostgreSQL.
///
/// # Errors
/// When the store cannot answer.
pub fn persist_postgres(postgres: &mut Postgres) -> Outcome<Vec<Bug>> {
    Ok(Context::borrowing(&mut postgres.connection).realise(Bugs::all().view::<Bug>())?)
}

/// By Diesel, on PostgreSQL.
///
/// # Errors
/// When the store cannot answer.
pub fn diesel_postgres(postgres: &mut Postgres) -> Outcome<Vec<Bug>> {
    Ok(bugs::table.order(bugs::id).select(Bug::as_select()).load(&mut postgres.connection)?)
}
