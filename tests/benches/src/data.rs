//! The data: the same rows in every run, written by SQL alone, so that no side has a part in it.

use crate::Outcome;
use crate::measure::Random;
use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// How much of everything there is.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// People.
    pub people: u32,
    /// Bugs.
    pub bugs: u32,
    /// Comments on each bug.
    pub comments: u32,
    /// Subscribers of each bug.
    pub subscribers: u32,
}

/// The tables of the bug tracker, for all three databases.
pub const BUG_TABLES: &str = "
    CREATE TABLE people (id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, karma INTEGER NOT NULL);
    CREATE TABLE bugs (id INTEGER NOT NULL PRIMARY KEY, title TEXT NOT NULL, heat INTEGER NOT NULL, status TEXT NOT NULL,
        importance SMALLINT, created BIGINT NOT NULL, assignee_id INTEGER);
    CREATE TABLE comments (id BIGINT NOT NULL PRIMARY KEY, bug_id INTEGER NOT NULL, author_id INTEGER NOT NULL,
        created BIGINT NOT NULL, body TEXT NOT NULL);
    CREATE INDEX comments_bug_id ON comments (bug_id, id);
    CREATE TABLE subscriptions (bug_id INTEGER NOT NULL, person_id INTEGER NOT NULL, PRIMARY KEY (bug_id, person_id));
";

/// The tables of diesel_bench's associations.
pub const USER_TABLES: &str = "
    CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, hair_color TEXT);
    CREATE TABLE posts (id INTEGER NOT NULL PRIMARY KEY, user_id INTEGER NOT NULL, title TEXT NOT NULL, body TEXT);
    CREATE INDEX posts_user_id ON posts (user_id, id);
    CREATE TABLE post_comments (id INTEGER NOT NULL PRIMARY KEY, post_id INTEGER NOT NULL, text TEXT NOT NULL);
    CREATE INDEX post_comments_post_id ON post_comments (post_id, id);
";

/// Runs statements on whatever connection is to be filled.
pub type Execute<'e> = &'e mut dyn FnMut(&str) -> Outcome;

/// Fills a Diesel connection with what `fill` writes.
///
/// # Errors
/// When a statement fails.
pub fn fill<C: SimpleConnection>(connection: &mut C, fill: impl FnOnce(Execute<'_>) -> Outcome) -> Outcome {
    fill(&mut |sql| Ok(connection.batch_execute(sql)?))
}

/// Fills a connection of the raw driver with what `fill` writes.
///
/// # Errors
/// When a statement fails.
pub fn fill_raw(connection: &rusqlite::Connection, fill: impl FnOnce(Execute<'_>) -> Outcome) -> Outcome {
    fill(&mut |sql| Ok(connection.execute_batch(sql)?))
}

/// Writes rows with many rows to a statement.
fn insert(execute: Execute<'_>, table: &str, rows: impl Iterator<Item = String>) -> Outcome {
    let mut rows = rows.peekable();
    while rows.peek().is_some() {
        let some: Vec<String> = rows.by_ref().take(400).collect();
        execute(&format!("INSERT INTO {table} VALUES {};", some.join(",")))?;
    }
    Ok(())
}

fn words(random: &mut Random, least: u64, most: u64) -> String {
    const WORDS: [&str; 12] =
        ["crash", "on", "resume", "after", "update", "the", "panel", "loses", "its", "icons", "kernel", "boot"];
    let mut text = String::new();
    for word in 0..least + random.below(most - least + 1) {
        let space = if word == 0 { "" } else { " " };
        let _ = write!(text, "{space}{}", WORDS[random.below(WORDS.len() as u64) as usize]);
    }
    text
}

/// Makes the bug tracker's tables and fills them.
///
/// # Errors
/// When a statement fails.
pub fn fill_bugs(execute: Execute<'_>, size: Size) -> Outcome {
    execute(BUG_TABLES)?;
    execute("BEGIN")?;
    let random = &mut Random(42);
    let people = u64::from(size.people);
    insert(
        execute,
        "people",
        (1..=size.people).map(|id| {
            format!("({id},'Person {id} {}','person.{id}@example.org',{})", words(random, 1, 1), random.below(9999))
        }),
    )?;
    insert(
        execute,
        "bugs",
        (1..=size.bugs).map(|id| {
            let status = ["New", "Confirmed", "In Progress", "Fix Released"][random.below(4) as usize];
            let importance = match random.below(4) {
                0 => "NULL".to_owned(),
                n => (n * 10).to_string(),
            };
            let (title, heat) = (words(random, 3, 9), random.below(1000));
            let (created, assignee) = (1_500_000_000 + random.below(300_000_000), 1 + random.below(people));
            format!("({id},'{title}',{heat},'{status}',{importance},{created},{assignee})")
        }),
    )?;
    // The comments of one bug lie far apart, as they do where people talk.
    insert(
        execute,
        "comments",
        (0..size.bugs * size.comments).map(|n| {
            let (bug, author) = (1 + n % size.bugs, 1 + random.below(people));
            format!("({},{bug},{author},{},'{}')", n + 1, 1_600_000_000 + n, words(random, 5, 20))
        }),
    )?;
    insert(
        execute,
        "subscriptions",
        (0..size.bugs * size.subscribers).map(|n| {
            let (bug, nth) = (1 + n / size.subscribers, n % size.subscribers);
            let person = 1 + (bug.wrapping_mul(2_654_435_761).wrapping_add(nth * 3)) % size.people;
            format!("({bug},{person})")
        }),
    )?;
    execute("COMMIT")?;
    Ok(())
}

/// Makes the tables of diesel_bench's associations and fills them: ten posts each, ten comments on each post.
///
/// # Errors
/// When a statement fails.
pub fn fill_users(execute: Execute<'_>, users: u32) -> Outcome {
    execute(USER_TABLES)?;
    execute("BEGIN")?;
    insert(
        execute,
        "users",
        (1..=users).map(|id| {
            let hair = if id % 2 == 0 { "'black'" } else { "NULL" };
            format!("({id},'User {id}',{hair})")
        }),
    )?;
    insert(
        execute,
        "posts",
        (0..users * 10).map(|n| {
            let user = 1 + n % users;
            format!("({},{user},'Post {} by user {user}',NULL)", n + 1, n / users)
        }),
    )?;
    insert(
        execute,
        "post_comments",
        (0..users * 100).map(|n| {
            let post = 1 + n % (users * 10);
            format!("({},{post},'Comment {} on post {post}')", n + 1, n / (users * 10))
        }),
    )?;
    execute("COMMIT")?;
    Ok(())
}

/// A file that is gone when this is dropped.
pub struct TempFile(PathBuf);

impl TempFile {
    /// A name that nobody else uses.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("persist-benches-{}-{name}.sqlite", std::process::id())))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// A Diesel connection to it.
    ///
    /// # Errors
    /// When SQLite cannot open it.
    pub fn diesel(&self) -> Outcome<SqliteConnection> {
        Ok(SqliteConnection::establish(&self.0.to_string_lossy())?)
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
