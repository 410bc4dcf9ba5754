//! Work 1: bugs, each with its assignee (shared) and its comments, by three sides.

mod drivers;
mod servers;

pub use drivers::{Beside, POSTGRES_SQL, beside_mysql, beside_postgres, by_mysql, by_postgres};
pub use servers::{diesel_mysql, diesel_postgres, mysql, postgres};

use crate::data::{Size, fill, fill_bugs, fill_raw};
use crate::domain::schema::{bugs, comments, people};
use crate::domain::{BugPage, Bugs, Comment, Person};
use crate::side::Client;
use crate::{Map, Outcome};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use persist::Context;
use std::path::Path;
use std::sync::Arc;

/// The connections of all sides.
pub struct Sides {
    /// Diesel's, which persist borrows.
    pub diesel: SqliteConnection,
    /// The raw driver's.
    pub raw: rusqlite::Connection,
}

impl Sides {
    /// Both in memory, or both on one file.
    ///
    /// # Errors
    /// When SQLite cannot open or fill them.
    pub fn open(file: Option<&Path>, size: Size) -> Outcome<Self> {
        let name = file.map_or_else(|| ":memory:".into(), |file| file.to_string_lossy().into_owned());
        let mut diesel = SqliteConnection::establish(&name)?;
        fill(&mut diesel, |execute| fill_bugs(execute, size))?;
        let raw = rusqlite::Connection::open(&name)?;
        if file.is_none() {
            fill_raw(&raw, |execute| fill_bugs(execute, size))?;
        }
        Ok(Self { diesel, raw })
    }
}

/// By persist.
///
/// # Errors
/// When the store cannot answer.
pub fn persist<C: Client>(connection: &mut C) -> Outcome<Vec<BugPage>> {
    Ok(Context::borrowing(connection).realise(Bugs::all().view::<BugPage>())?)
}

/// How many statements persist sends.
///
/// # Errors
/// When the store cannot answer.
pub fn persist_statements<C: Client>(connection: &mut C) -> Outcome<u64> {
    let mut context = Context::borrowing(connection);
    drop(context.realise(Bugs::all().view::<BugPage>())?);
    Ok(context.stats().statements)
}

/// How many statements the others send.
pub const STATEMENTS: u64 = 3;

/// How keys travel in a statement by hand.
#[derive(Debug, Clone, Copy)]
pub enum Keys {
    /// `eq_any`: one placeholder each.
    EqAny,
    /// One JSON array.
    Json,
}

type BugColumns = (i32, String, i32, String, Option<i16>, i64, Option<i32>);

/// Keys as one JSON array.
pub(crate) fn json(keys: &[i32]) -> String {
    let mut json = String::with_capacity(2 + 7 * keys.len());
    json.push('[');
    for key in keys {
        if json.len() > 1 {
            json.push(',');
        }
        json.push_str(&key.to_string());
    }
    json.push(']');
    json
}

/// Bugs without their relations, where each stands by its key, and the assignee of each.
struct Heads {
    pages: Vec<BugPage>,
    at: Map<i32, usize>,
    assignees: Vec<Option<i32>>,
}

impl Heads {
    fn new() -> Self {
        Self { pages: Vec::new(), at: Map::default(), assignees: Vec::new() }
    }

    #[inline]
    fn push(&mut self, (id, title, heat, status, importance, created, assignee): BugColumns) {
        self.at.insert(id, self.pages.len());
        self.assignees.push(assignee);
        let (assignee, comments) = (None, Vec::new());
        self.pages.push(BugPage { id, title, heat, status, importance, created, assignee, comments });
    }

    fn bug_keys(&self) -> Vec<i32> {
        self.pages.iter().map(|page| page.id).collect()
    }

    fn people_keys(&self) -> Vec<i32> {
        let mut keys: Vec<i32> = self.assignees.iter().copied().flatten().collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    fn assign(&mut self, people: &Map<i32, Arc<Person>>) {
        for (page, assignee) in self.pages.iter_mut().zip(&self.assignees) {
            page.assignee = assignee.map(|id| Arc::clone(&people[&id]));
        }
    }

    #[inline]
    fn comment(&mut self, comment: Comment) {
        self.pages[self.at[&comment.bug_id]].comments.push(comment);
    }
}

/// By Diesel, by hand.
///
/// # Errors
/// When the store cannot answer.
pub fn diesel(connection: &mut SqliteConnection, keys: Keys) -> Outcome<Vec<BugPage>> {
    let pages = connection.transaction(|connection| {
        let mut heads = Heads::new();
        for row in bugs::table.order(bugs::id).load_iter::<BugColumns, _>(connection)? {
            heads.push(row?);
        }
        let keep = |row: QueryResult<Person>| row.map(|person| (person.id, Arc::new(person)));
        let found: Map<i32, Arc<Person>> = match keys {
            Keys::EqAny => {
                let query = people::table.filter(people::id.eq_any(heads.people_keys()));
                query.load_iter::<Person, _>(connection)?.map(keep).collect::<QueryResult<_>>()?
            }
            Keys::Json => {
                let sql = diesel::dsl::sql::<Bool>("id IN (SELECT value FROM json_each(");
                let query = people::table.filter(sql.bind::<Text, _>(json(&heads.people_keys())).sql("))"));
                query.load_iter::<Person, _>(connection)?.map(keep).collect::<QueryResult<_>>()?
            }
        };
        heads.assign(&found);
        let order = (comments::bug_id, comments::id);
        match keys {
            Keys::EqAny => {
                let query = comments::table.filter(comments::bug_id.eq_any(heads.bug_keys())).order(order);
                for row in query.load_iter::<Comment, _>(connection)? {
                    heads.comment(row?);
                }
            }
            Keys::Json => {
                let sql = diesel::dsl::sql::<Bool>("bug_id IN (SELECT value FROM json_each(");
                let sql = sql.bind::<Text, _>(json(&heads.bug_keys())).sql("))");
                for row in comments::table.filter(sql).order(order).load_iter::<Comment, _>(connection)? {
                    heads.comment(row?);
                }
            }
        }
        QueryResult::Ok(heads.pages)
    });
    Ok(pages?)
}

/// The statements of [`raw`]: those that persist sends.
pub const RAW_SQL: [&str; 3] = [
    "SELECT t1.`id`, t1.`assignee_id`, t1.`title`, t1.`heat`, t1.`status`, t1.`importance`, t1.`created` \
     FROM `bugs` AS t1 ORDER BY t1.`id`",
    "SELECT t1.`id`, t1.`name`, t1.`email`, t1.`karma` FROM `people` AS t1 \
     WHERE t1.`id` IN (SELECT j.value FROM json_each(?1) AS j)",
    "SELECT t1.`bug_id`, t1.`id`, t1.`author_id`, t1.`created`, t1.`body` FROM `comments` AS t1 \
     WHERE t1.`bug_id` IN (SELECT j.value FROM json_each(?1) AS j) ORDER BY t1.`bug_id`, t1.`id`",
];

/// By the raw driver, by hand, with the statements of persist.
///
/// # Errors
/// When the store cannot answer.
pub fn raw(connection: &mut rusqlite::Connection) -> Outcome<Vec<BugPage>> {
    let transaction = connection.transaction()?;
    let mut heads = Heads::new();
    let mut found: Map<i32, Arc<Person>> = Map::default();
    {
        let mut statement = transaction.prepare_cached(RAW_SQL[0])?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let head = (row.get(0)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?, row.get(1)?);
            heads.push(head);
        }
        let mut statement = transaction.prepare_cached(RAW_SQL[1])?;
        let mut rows = statement.query([json(&heads.people_keys())])?;
        while let Some(row) = rows.next()? {
            let person = Person { id: row.get(0)?, name: row.get(1)?, email: row.get(2)?, karma: row.get(3)? };
            found.insert(person.id, Arc::new(person));
        }
        heads.assign(&found);
        let mut statement = transaction.prepare_cached(RAW_SQL[2])?;
        let mut rows = statement.query([json(&heads.bug_keys())])?;
        while let Some(row) = rows.next()? {
            heads.comment(Comment {
                id: row.get(1)?,
                bug_id: row.get(0)?,
                author_id: row.get(2)?,
                created: row.get(3)?,
                body: row.get(4)?,
            });
        }
    }
    transaction.commit()?;
    Ok(heads.pages)
}

/// What persist sends, as text.
///
/// # Errors
/// When the store cannot say.
pub fn persist_sql<C: Client>(connection: &mut C) -> Outcome<Vec<String>> {
    let context = Context::borrowing(connection);
    let explanation = context.explain(Bugs::all().view::<BugPage>())?;
    // Below each statement stand its binds.
    let text = |sql: &str| sql.lines().next().unwrap_or_default().to_owned();
    Ok(explanation.statements().iter().map(|statement| text(&statement.text)).collect())
}
