//! Work 7: bugs with their comments as a stream, in growing numbers.

use crate::Outcome;
use crate::data::{Size, fill, fill_bugs};
use crate::domain::schema::{bugs, comments};
use crate::domain::{Bug, Bugs, Comment};
use diesel::prelude::*;
use persist::{Context, View};

/// So many bugs are in memory at a time.
pub const CHUNK: u32 = 1_000;

/// A bug with its comments.
#[derive(Debug, PartialEq, Eq, View)]
#[view(of = Bug)]
pub struct CommentedBug {
    /// The key.
    pub id: i32,
    /// One line.
    pub title: String,
    /// How hot it is.
    pub heat: i32,
    /// All comments, by key.
    pub comments: Vec<Comment>,
}

/// A database in memory with so many bugs, with a comment each.
///
/// # Errors
/// When SQLite cannot fill it.
pub fn open(bugs: u32) -> Outcome<SqliteConnection> {
    let mut connection = SqliteConnection::establish(":memory:")?;
    let size = Size { people: 1_000, bugs, comments: 1, subscribers: 0 };
    fill(&mut connection, |execute| fill_bugs(execute, size))?;
    Ok(connection)
}

/// Shows each bug to `see`, by a stream of persist.
///
/// # Errors
/// When the store cannot answer.
pub fn persist(connection: &mut SqliteConnection, chunk: u32, mut see: impl FnMut(CommentedBug)) -> Outcome {
    let mut context = Context::borrowing(connection);
    for bug in context.stream(Bugs::all().view::<CommentedBug>(), chunk).rows() {
        see(bug?);
    }
    Ok(())
}

/// All of them at once, by Diesel.
///
/// # Errors
/// When the store cannot answer.
pub fn diesel(connection: &mut SqliteConnection) -> Outcome<Vec<CommentedBug>> {
    let columns = (bugs::id, bugs::title, bugs::heat);
    let rows: Vec<(i32, String, i32)> = bugs::table.select(columns).order(bugs::id).load(connection)?;
    let mut all = Vec::new();
    for (id, title, heat) in rows {
        let comments = comments::table.filter(comments::bug_id.eq(id)).order(comments::id).load(connection)?;
        all.push(CommentedBug { id, title, heat, comments });
    }
    Ok(all)
}
