//! Work 3: all rows of one table of seven columns, on SQLite, PostgreSQL and MariaDB.

use crate::Outcome;
use crate::data::{Size, fill, fill_bugs};
use crate::domain::schema::bugs;
use crate::domain::{Bug, Bugs};
use crate::mysql::{self, Mysql};
use crate::postgres::{self, Postgres};
use diesel::prelude::*;
use mysql_async::prelude::Queryable as _;
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

/// By `tokio-postgres`, with the statement of persist.
///
/// # Errors
/// When the store cannot answer.
pub fn by_postgres(driver: &mut postgres::Driver) -> Outcome<Vec<Bug>> {
    const BUGS: &str = "SELECT t1.\"id\", t1.\"title\", t1.\"heat\", t1.\"status\", t1.\"importance\", t1.\"created\", \
        t1.\"assignee_id\" FROM \"bugs\" AS t1 ORDER BY t1.\"id\"";
    let bugs = driver.prepared(BUGS)?;
    let rows = driver.runtime.block_on(driver.client.query(&bugs, &[]))?;
    let bug = |row: &tokio_postgres::Row| {
        Ok(Bug {
            id: row.try_get(0)?,
            title: row.try_get(1)?,
            heat: row.try_get(2)?,
            status: row.try_get(3)?,
            importance: row.try_get(4)?,
            created: row.try_get(5)?,
            assignee_id: row.try_get(6)?,
        })
    };
    rows.iter().map(bug).collect()
}

/// By `mysql_async`, with the statement of persist.
///
/// # Errors
/// When the store cannot answer.
pub fn by_mysql(driver: &mut mysql::Driver) -> Outcome<Vec<Bug>> {
    const BUGS: &str = "SELECT t1.`id`, t1.`title`, t1.`heat`, t1.`status`, t1.`importance`, t1.`created`, \
        t1.`assignee_id` FROM `bugs` AS t1 ORDER BY t1.`id`";
    let bug = |(id, title, heat, status, importance, created, assignee_id)| Bug {
        id,
        title,
        heat,
        status,
        importance,
        created,
        assignee_id,
    };
    Ok(driver.runtime.block_on(driver.connection.exec_map(BUGS, (), bug))?)
}
