//! Work 3: all rows of one table of seven columns, on SQLite, PostgreSQL and MariaDB.

use crate::Outcome;
use crate::data::{Size, fill, fill_bugs};
use crate::domain::schema::bugs;
use crate::domain::{Bug, Bugs};
use crate::mysql::Mysql;
use crate::postgres::Postgres;
use diesel::prelude::*;
use persist::Context;

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

/// A PostgreSQL schema with so many bugs.
///
/// # Errors
/// When there is no server, or it refuses.
pub fn postgres(bugs: u32) -> Outcome<Postgres> {
    Postgres::with("bugs", |execute| fill_bugs(execute, size(bugs)))
}

/// A MariaDB database with so many bugs.
///
/// # Errors
/// When there is no server, or it refuses.
pub fn mysql(bugs: u32) -> Outcome<Mysql> {
    Mysql::with("bugs", |execute| fill_bugs(execute, size(bugs)))
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

/// By persist, on MariaDB.
///
/// # Errors
/// When the store cannot answer.
pub fn persist_mysql(mysql: &mut Mysql) -> Outcome<Vec<Bug>> {
    Ok(Context::borrowing(&mut mysql.connection).realise(Bugs::all().view::<Bug>())?)
}

/// By Diesel, on MariaDB.
///
/// # Errors
/// When the store cannot answer.
pub fn diesel_mysql(mysql: &mut Mysql) -> Outcome<Vec<Bug>> {
    Ok(bugs::table.order(bugs::id).select(Bug::as_select()).load(&mut mysql.connection)?)
}
