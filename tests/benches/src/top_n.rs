//! Work 8: the first three notes of each of 1,000 topics, SQLite and PostgreSQL.

use crate::bugs::json;
use crate::data::{Execute, fill};
use crate::postgres::Postgres;
use crate::prepared::Prepared;
use crate::{Map, Outcome};
use diesel::connection::DefaultLoadingMode;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Integer, Text};
use persist::prelude::*;

/// Diesel's tables.
#[allow(missing_docs, reason = "made by `table!`")]
pub mod schema {
    diesel::table! {
        topics (id) {
            id -> Integer,
            name -> Text,
        }
    }

    diesel::table! {
        notes (id) {
            id -> BigInt,
            topic_id -> Integer,
            ord -> Integer,
            body -> Text,
        }
    }
}

/// What notes are about.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::topics)]
#[entity(has_many(notes: Note))]
pub struct Topic {
    /// The key.
    #[entity(key)]
    pub id: i32,
    /// One word.
    pub name: String,
}

/// A note on a topic.
#[derive(Debug, Clone, PartialEq, Eq, Entity, Queryable)]
#[entity(table = schema::notes)]
pub struct Note {
    /// The key.
    #[entity(key)]
    pub id: i64,
    /// What it is about.
    #[entity(belongs_to(topic: Topic))]
    pub topic_id: i32,
    /// Where it stands; several may stand at one place.
    pub ord: i32,
    /// What.
    pub body: String,
}

/// A topic with its first notes.
#[derive(Debug, PartialEq, Eq, View)]
#[view(of = Topic)]
pub struct TopicPage {
    /// The key.
    pub id: i32,
    /// One word.
    pub name: String,
    /// The first three; of those that stand at one place, by key.
    #[view(limit = 3, order_by = note::ord.asc())]
    pub notes: Vec<Note>,
}

/// How many topics there are, and notes on each.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Topics.
    pub topics: u32,
    /// Notes on each.
    pub notes: u32,
}

const TABLES: &str = "
    CREATE TABLE topics (id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE notes (id BIGINT NOT NULL PRIMARY KEY, topic_id INTEGER NOT NULL, ord INTEGER NOT NULL,
        body TEXT NOT NULL);
";

/// The store writes the rows itself: millions would take minutes to send.
fn fill_topics(execute: Execute<'_>, Size { topics, notes }: Size) -> Outcome {
    // Both backends know recursive common table expressions.
    let numbers =
        |most: u64| format!("WITH RECURSIVE s(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM s WHERE n < {most})");
    execute(TABLES)?;
    execute("BEGIN")?;
    execute(&format!(
        "INSERT INTO topics {} SELECT n + 1, 'Topic ' || (n + 1) FROM s WHERE n < {topics}",
        numbers(u64::from(topics))
    ))?;
    // The notes of one topic lie far apart, and about half of them share their place with another.
    execute(&format!(
        "INSERT INTO notes {} SELECT n + 1, 1 + n % {topics}, (n / {topics} * 7919 + n % {topics}) % {}, 'Note ' || n FROM s WHERE n < {}",
        numbers(u64::from(topics) * u64::from(notes)),
        notes.div_ceil(2).max(1),
        u64::from(topics) * u64::from(notes),
    ))?;
    execute("CREATE INDEX notes_topic_ord ON notes (topic_id, ord, id)")?;
    execute("COMMIT")
}

/// A SQLite database in memory with so many topics and notes.
///
/// # Errors
/// When SQLite cannot fill it.
pub fn sqlite(size: Size) -> Outcome<SqliteConnection> {
    let mut connection = SqliteConnection::establish(":memory:")?;
    fill(&mut connection, |execute| fill_topics(execute, size))?;
    Ok(connection)
}

/// A PostgreSQL schema with so many topics and notes.
///
/// # Errors
/// When there is no server, or it refuses.
pub fn postgres(size: Size) -> Outcome<Postgres> {
    Postgres::with("topics, notes", |execute| fill_topics(execute, size))
}

/// By persist, on SQLite.
///
/// # Errors
/// When the store cannot answer.
pub fn persist_sqlite(connection: &mut SqliteConnection) -> Outcome<Vec<TopicPage>> {
    Ok(Context::borrowing(connection).realise(Topics::all().view::<TopicPage>())?)
}

/// By persist, on PostgreSQL.
///
/// # Errors
/// When the store cannot answer.
pub fn persist_postgres(postgres: &mut Postgres) -> Outcome<Vec<TopicPage>> {
    Ok(Context::borrowing(&mut postgres.connection).realise(Topics::all().view::<TopicPage>())?)
}

/// Topics without notes, and where each stands by its key.
#[derive(Default)]
struct Heads {
    pages: Vec<TopicPage>,
    at: Map<i32, usize>,
}

impl Heads {
    #[inline]
    fn push(&mut self, (id, name): (i32, String)) {
        self.at.insert(id, self.pages.len());
        self.pages.push(TopicPage { id, name, notes: Vec::new() });
    }

    fn keys(&self) -> Vec<i32> {
        self.pages.iter().map(|page| page.id).collect()
    }

    #[inline]
    fn note(&mut self, note: Note) {
        self.pages[self.at[&note.topic_id]].notes.push(note);
    }
}

type NoteColumns = (BigInt, Integer, Integer, Text);

const SQLITE_SQL: [&str; 2] = [
    "SELECT c.id, c.topic_id, c.ord, c.body FROM json_each(",
    ") AS j CROSS JOIN notes AS c WHERE c.id IN \
     (SELECT d.id FROM notes AS d WHERE d.topic_id = j.value ORDER BY d.ord, d.id LIMIT 3) ORDER BY c.ord, c.id",
];

const POSTGRES_SQL: [&str; 2] = [
    "SELECT c.id, c.topic_id, c.ord, c.body FROM unnest(",
    ") AS q(k) CROSS JOIN LATERAL (SELECT id, topic_id, ord, body FROM notes \
     WHERE topic_id = q.k ORDER BY ord, id LIMIT 3) AS c ORDER BY c.ord, c.id",
];

/// By hand, on SQLite.
///
/// # Errors
/// When the store cannot answer.
pub fn diesel_sqlite(connection: &mut SqliteConnection) -> Outcome<Vec<TopicPage>> {
    let pages = connection.transaction(|connection| {
        let mut heads = Heads::default();
        for row in schema::topics::table.order(schema::topics::id).load_iter::<(i32, String), _>(connection)? {
            heads.push(row?);
        }
        let keys = json(&heads.keys());
        let query = Prepared::<NoteColumns, Text, _>::new(SQLITE_SQL, &keys);
        for row in query.load_iter::<Note, _>(connection)? {
            heads.note(row?);
        }
        QueryResult::Ok(heads.pages)
    });
    Ok(pages?)
}

/// By hand, on PostgreSQL.
///
/// # Errors
/// When the store cannot answer.
pub fn diesel_postgres(postgres: &mut Postgres) -> Outcome<Vec<TopicPage>> {
    let transaction = &mut postgres.connection.build_transaction().repeatable_read().read_only();
    let pages = transaction.run(|connection| {
        let mut heads = Heads::default();
        for row in schema::topics::table
            .order(schema::topics::id)
            .load_iter::<(i32, String), DefaultLoadingMode>(connection)?
        {
            heads.push(row?);
        }
        let keys = heads.keys();
        let query = Prepared::<NoteColumns, Array<Integer>, _>::new(POSTGRES_SQL, &keys);
        for row in query.load_iter::<Note, DefaultLoadingMode>(connection)? {
            heads.note(row?);
        }
        QueryResult::Ok(heads.pages)
    });
    Ok(pages?)
}
