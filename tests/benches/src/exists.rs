//! Work 9: the bugs on which one of some people has commented, SQLite and PostgreSQL.

use crate::Outcome;
use crate::data::{Size, fill, fill_bugs};
use crate::domain::{Bug, Bugs, bug, comment, schema::bugs};
use crate::postgres::Postgres;
use crate::prepared::Prepared;
use diesel::prelude::*;
use diesel::sql_types::Integer;
use persist::Context;

/// The first tenth of the people: about a fifth of the bugs have a comment by one of them.
const PEOPLE: u32 = 100;
const AUTHORS: i32 = 10;

const fn size(bugs: u32) -> Size {
    Size { people: PEOPLE, bugs, comments: 2, subscribers: 0 }
}

/// A SQLite database in memory with so many bugs, two comments on each.
///
/// # Errors
/// When SQLite cannot fill it.
pub fn sqlite(bugs: u32) -> Outcome<SqliteConnection> {
    let mut connection = SqliteConnection::establish(":memory:")?;
    fill(&mut connection, |execute| fill_bugs(execute, size(bugs)))?;
    Ok(connection)
}

/// A PostgreSQL schema with so many bugs, two comments on each.
///
/// # Errors
/// When there is no server, or it refuses.
pub fn postgres(bugs: u32) -> Outcome<Postgres> {
    Postgres::with("bugs, comments", |execute| fill_bugs(execute, size(bugs)))
}

fn group() -> Bugs {
    Bugs::all().filter(bug::comments.exists(comment::author_id.le(AUTHORS)))
}

/// By persist, on SQLite.
///
/// # Errors
/// When the store cannot answer.
pub fn persist_sqlite(connection: &mut SqliteConnection) -> Outcome<Vec<Bug>> {
    Ok(Context::borrowing(connection).realise(group().view::<Bug>())?)
}

/// By persist, on PostgreSQL.
///
/// # Errors
/// When the store cannot answer.
pub fn persist_postgres(postgres: &mut Postgres) -> Outcome<Vec<Bug>> {
    Ok(Context::borrowing(&mut postgres.connection).realise(group().view::<Bug>())?)
}

/// What both sides send on SQLite, around the bind.
pub const SQLITE_SQL: [&str; 2] = [
    "SELECT t1.`id`, t1.`title`, t1.`heat`, t1.`status`, t1.`importance`, t1.`created`, t1.`assignee_id` \
     FROM `bugs` AS t1 WHERE t1.`id` IN (SELECT t2.`bug_id` FROM `comments` AS t2 WHERE t2.`author_id` <= ",
    ") ORDER BY t1.`id`",
];

/// What both sides send on PostgreSQL, around the bind.
pub const POSTGRES_SQL: [&str; 2] = [
    r#"SELECT t1."id", t1."title", t1."heat", t1."status", t1."importance", t1."created", t1."assignee_id" FROM "bugs" AS t1 WHERE t1."id" IN (SELECT t2."bug_id" FROM "comments" AS t2 WHERE t2."author_id" <= "#,
    r#") ORDER BY t1."id""#,
];

type BugColumns = bugs::SqlType;

/// By hand, on SQLite.
///
/// # Errors
/// When the store cannot answer.
pub fn diesel_sqlite(connection: &mut SqliteConnection) -> Outcome<Vec<Bug>> {
    Ok(Prepared::<BugColumns, Integer, _>::new(SQLITE_SQL, &AUTHORS).load(connection)?)
}

/// By hand, on PostgreSQL.
///
/// # Errors
/// When the store cannot answer.
pub fn diesel_postgres(postgres: &mut Postgres) -> Outcome<Vec<Bug>> {
    Ok(Prepared::<BugColumns, Integer, _>::new(POSTGRES_SQL, &AUTHORS).load(&mut postgres.connection)?)
}

/// What persist sends, as text, on SQLite and on PostgreSQL.
///
/// # Errors
/// When a store cannot say.
pub fn persist_sql(sqlite: &mut SqliteConnection, postgres: &mut Postgres) -> Outcome<[Vec<String>; 2]> {
    let on_sqlite = Context::borrowing(sqlite).explain(group().view::<Bug>())?;
    let on_postgres = Context::borrowing(&mut postgres.connection).explain(group().view::<Bug>())?;
    // Below each statement stand its binds.
    let text = |sql: &str| sql.lines().next().unwrap_or_default().to_owned();
    Ok([on_sqlite, on_postgres].map(|plan| plan.statements().iter().map(|one| text(&one.text)).collect()))
}
