//! The same by the drivers of the servers alone, with the statements that persist sends.

use super::servers::{mysql, postgres};
use super::{BugColumns, Heads, json};
use crate::data::Size;
use crate::domain::{BugPage, Comment, Person};
use crate::mysql::{self, Mysql};
use crate::postgres::{self, Postgres};
use crate::{Map, Outcome};
use mysql_async::prelude::Queryable;
use mysql_async::{Params, TxOpts};
use std::iter::repeat_n;
use std::sync::Arc;
use tokio_postgres::{IsolationLevel, Row};

/// A database, with Diesel's connection to it, which persist borrows, and one of the driver.
pub struct Beside<S, D> {
    /// The database.
    pub database: S,
    /// The driver's connection.
    pub driver: D,
}

/// A PostgreSQL schema of bugs.
///
/// # Errors
/// When there is no server, or it refuses.
pub fn beside_postgres(size: Size) -> Outcome<Beside<Postgres, postgres::Driver>> {
    let database = postgres(size)?;
    Ok(Beside { driver: database.driver()?, database })
}

/// A MariaDB database of bugs.
///
/// # Errors
/// When there is no server, or it refuses.
pub fn beside_mysql(size: Size) -> Outcome<Beside<Mysql, mysql::Driver>> {
    let database = mysql(size)?;
    Ok(Beside { driver: database.driver()?, database })
}

/// The statements on PostgreSQL: those that persist sends.
pub const POSTGRES_SQL: [&str; 3] = [
    "SELECT t1.\"id\", t1.\"assignee_id\", t1.\"title\", t1.\"heat\", t1.\"status\", t1.\"importance\", t1.\"created\" \
     FROM \"bugs\" AS t1 ORDER BY t1.\"id\"",
    "SELECT t1.\"id\", t1.\"name\", t1.\"email\", t1.\"karma\" FROM \"people\" AS t1 WHERE t1.\"id\" = ANY($1)",
    "SELECT t1.\"bug_id\", t1.\"id\", t1.\"author_id\", t1.\"created\", t1.\"body\" FROM \"comments\" AS t1 \
     WHERE t1.\"bug_id\" = ANY($1) ORDER BY t1.\"bug_id\", t1.\"id\"",
];

/// By `tokio-postgres`, by hand.
///
/// # Errors
/// When the store cannot answer.
pub fn by_postgres(driver: &mut postgres::Driver) -> Outcome<Vec<BugPage>> {
    let [bugs, people, comments] = POSTGRES_SQL.map(|sql| driver.prepared(sql));
    let (bugs, people, comments) = (bugs?, people?, comments?);
    let postgres::Driver { runtime, client, .. } = driver;
    runtime.block_on(async {
        let snapshot = client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).read_only(true);
        let snapshot = snapshot.start().await?;
        let mut heads = Heads::new();
        for row in snapshot.query(&bugs, &[]).await? {
            heads.push(head(&row)?);
        }
        let mut found: Map<i32, Arc<Person>> = Map::default();
        for row in snapshot.query(&people, &[&heads.people_keys()]).await? {
            let (id, name, email, karma) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?);
            found.insert(id, Arc::new(Person { id, name, email, karma }));
        }
        heads.assign(&found);
        for row in snapshot.query(&comments, &[&heads.bug_keys()]).await? {
            let (bug_id, id, author_id) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            heads.comment(Comment { id, bug_id, author_id, created: row.try_get(3)?, body: row.try_get(4)? });
        }
        snapshot.commit().await?;
        Ok(heads.pages)
    })
}

/// In the order in which Diesel's side has them.
fn head(row: &Row) -> Result<BugColumns, tokio_postgres::Error> {
    let (id, assignee) = (row.try_get(0)?, row.try_get(1)?);
    let (title, heat, status) = (row.try_get(2)?, row.try_get(3)?, row.try_get(4)?);
    Ok((id, title, heat, status, row.try_get(5)?, row.try_get(6)?, assignee))
}

/// How many keys a list of persist's has, of as many as there are bugs in the work that is measured.
const LIST: usize = 1_024;

/// By `mysql_async`, by hand: the keys of people are an array, those of bugs a list.
///
/// # Errors
/// When the store cannot answer.
pub fn by_mysql(driver: &mut mysql::Driver) -> Outcome<Vec<BugPage>> {
    const BUGS: &str = "SELECT t1.`id`, t1.`title`, t1.`heat`, t1.`status`, t1.`importance`, t1.`created`, \
        t1.`assignee_id` FROM `bugs` AS t1 ORDER BY t1.`id`";
    const PEOPLE: &str = "SELECT t1.`id`, t1.`name`, t1.`email`, t1.`karma` FROM `people` AS t1 \
        WHERE (t1.`id`) IN (SELECT t2.c0 FROM JSON_TABLE(?, '$[*]' COLUMNS (c0 BIGINT PATH '$')) AS t2)";
    let comments = format!(
        "SELECT t1.`id`, t1.`bug_id`, t1.`author_id`, t1.`created`, t1.`body` FROM `comments` AS t1 \
         WHERE t1.`bug_id` IN (?{}) ORDER BY t1.`bug_id`, t1.`id`",
        ", ?".repeat(LIST - 1)
    );
    let mysql::Driver { runtime, connection } = driver;
    runtime.block_on(async {
        let mut snapshot = connection.start_transaction(TxOpts::default()).await?;
        let push = |mut heads: Heads, row: BugColumns| {
            heads.push(row);
            heads
        };
        let mut heads = snapshot.exec_fold(BUGS, (), Heads::new(), push).await?;
        let keep = |mut found: Map<i32, Arc<Person>>, (id, name, email, karma)| {
            found.insert(id, Arc::new(Person { id, name, email, karma }));
            found
        };
        heads.assign(&snapshot.exec_fold(PEOPLE, (json(&heads.people_keys()),), Map::default(), keep).await?);
        let keys = heads.bug_keys();
        let last = keys.last().copied().unwrap_or_default();
        let missing = LIST.checked_sub(keys.len()).ok_or("there are more bugs than a list has keys")?;
        let keys = keys.into_iter().chain(repeat_n(last, missing)).map(Into::into).collect();
        let add = |mut heads: Heads, (id, bug_id, author_id, created, body)| {
            heads.comment(Comment { id, bug_id, author_id, created, body });
            heads
        };
        let heads = snapshot.exec_fold(&*comments, Params::Positional(keys), heads, add).await?;
        snapshot.commit().await?;
        Ok(heads.pages)
    })
}
