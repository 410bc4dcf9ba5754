//! The same on servers, by persist's peer there: Diesel, by hand, with the best form of each server.

use super::{BugColumns, Heads, Keys, json};
use crate::data::{Size, fill_bugs};
use crate::domain::schema::{bugs, comments, people};
use crate::domain::{BugPage, Comment, Person};
use crate::mysql::{Mysql, MysqlConnection};
use crate::postgres::Postgres;
use crate::{Map, Outcome};
use diesel::connection::DefaultLoadingMode;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use std::sync::Arc;

const TABLES: &str = "people, bugs, comments";

/// A PostgreSQL schema of bugs.
///
/// # Errors
/// When there is no server, or it refuses.
pub fn postgres(size: Size) -> Outcome<Postgres> {
    Postgres::with(TABLES, |execute| fill_bugs(execute, size))
}

/// A MariaDB database of bugs.
///
/// # Errors
/// When there is no server, or it refuses.
pub fn mysql(size: Size) -> Outcome<Mysql> {
    Mysql::with(TABLES, |execute| fill_bugs(execute, size))
}

/// The pages, by three statements; keys stand in a statement as `$people` and `$comments` make of them.
macro_rules! pages {
    ($connection:expr, $people:expr, $comments:expr) => {{
        let mut heads = Heads::new();
        for row in bugs::table.order(bugs::id).load_iter::<BugColumns, DefaultLoadingMode>($connection)? {
            heads.push(row?);
        }
        let query = people::table.filter(($people)(heads.people_keys()));
        let keep = |row: QueryResult<Person>| row.map(|person| (person.id, Arc::new(person)));
        let rows = query.load_iter::<Person, DefaultLoadingMode>($connection)?;
        let found = rows.map(keep).collect::<QueryResult<Map<i32, Arc<Person>>>>()?;
        heads.assign(&found);
        let query = comments::table.filter(($comments)(heads.bug_keys())).order((comments::bug_id, comments::id));
        for row in query.load_iter::<Comment, DefaultLoadingMode>($connection)? {
            heads.comment(row?);
        }
        QueryResult::Ok(heads.pages)
    }};
}

/// Whether a column is among keys that travel as one JSON array.
macro_rules! among {
    ($column:literal, $keys:expr) => {
        diesel::dsl::sql::<Bool>(concat!($column, " IN (SELECT j.k FROM JSON_TABLE("))
            .bind::<Text, _>(json(&$keys))
            .sql(", '$[*]' COLUMNS (k INTEGER PATH '$')) AS j)")
    };
}

/// By Diesel, by hand, on PostgreSQL: keys are an array. The transaction shows one state, as persist's does.
///
/// # Errors
/// When the store cannot answer.
pub fn diesel_postgres(connection: &mut PgConnection) -> Outcome<Vec<BugPage>> {
    let pages = connection.build_transaction().repeatable_read().read_only().run(|connection| {
        pages!(connection, |keys: Vec<i32>| people::id.eq_any(keys), |keys: Vec<i32>| comments::bug_id.eq_any(keys))
    });
    Ok(pages?)
}

/// By Diesel, by hand, on MariaDB, where a transaction shows one state by itself.
///
/// # Errors
/// When the store cannot answer.
pub fn diesel_mysql(connection: &mut MysqlConnection, keys: Keys) -> Outcome<Vec<BugPage>> {
    let pages = connection.transaction(|connection| match keys {
        Keys::EqAny => {
            pages!(connection, |keys: Vec<i32>| people::id.eq_any(keys), |keys: Vec<i32>| comments::bug_id.eq_any(keys))
        }
        Keys::Json => pages!(connection, |keys: Vec<i32>| among!("id", keys), |keys: Vec<i32>| among!("bug_id", keys)),
    });
    Ok(pages?)
}
