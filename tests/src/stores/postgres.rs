//! Schemas of their own in a PostgreSQL database.

use super::tables::{namespaces, statements};
use super::{Fresh, unique};
use crate::server;
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use persist::Table;
use std::fmt::Write as _;

/// A schema of its own in a PostgreSQL database.
pub struct Postgres {
    /// The connection, for which the schema is the only one.
    pub connection: PgConnection,
    schema: String,
    url: String,
}

/// A PostgreSQL schema with these tables; none (and a line on stderr) where there is no server.
#[must_use]
pub fn postgres(tables: &[&'static Table]) -> Option<Fresh> {
    let url = server::POSTGRES.url()?;
    let schema = unique();
    let mut connection = PgConnection::establish(url).unwrap();
    let mut sql = format!("SET client_min_messages = warning; CREATE SCHEMA {schema}; SET search_path = {schema};");
    for name in namespaces(tables) {
        // A schema of a fixed name belongs to one test at a time.
        write!(sql, "SELECT pg_advisory_lock(hashtext('{name}'));").unwrap();
        write!(sql, "DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name};").unwrap();
    }
    sql += &statements::<diesel::pg::Pg>(tables);
    connection.batch_execute(&sql).unwrap();
    Some(Fresh::Postgres(Postgres { connection, schema, url: url.to_owned() }))
}

impl Postgres {
    /// Another connection to the same schema.
    #[must_use]
    pub fn another(&self) -> PgConnection {
        let mut connection = PgConnection::establish(&self.url).unwrap();
        connection.batch_execute(&self.search_path()).unwrap();
        connection
    }

    /// The statement that makes a connection use the schema.
    #[must_use]
    pub fn search_path(&self) -> String {
        format!("SET search_path = {}", self.schema)
    }

    /// Where the server is.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where the schema is, for programs that only take an address.
    #[must_use]
    pub fn place(&self) -> String {
        let mark = if self.url.contains('?') { '&' } else { '?' };
        format!("{}{mark}options=-csearch_path%3D{}", self.url, self.schema)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Its own connection may be broken on purpose.
        if let Ok(mut connection) = PgConnection::establish(&self.url) {
            let sql = format!("SET client_min_messages = error; DROP SCHEMA IF EXISTS {} CASCADE", self.schema);
            let _ = connection.batch_execute(&sql);
        }
    }
}
