//! Work 4: parents with every kind of relation, in growing numbers.

use crate::Map;
use crate::Outcome;
use crate::data::{Size, fill, fill_bugs};
use crate::domain::schema::{bugs, comments, people, subscriptions};
use crate::domain::{Bugs, Comment, Person, WideBug};
use diesel::prelude::*;
use persist::Context;
use std::sync::Arc;

/// So many keys a statement by hand carries at most: SQLite refuses more than 32,766 placeholders.
const CHUNK: usize = 32_000;

/// So many parents, with two comments and two subscribers each, and people in proportion.
#[must_use]
pub const fn size(bugs: u32) -> Size {
    Size { people: 5 + bugs / 5, bugs, comments: 2, subscribers: 2 }
}

/// A database in memory with so many bugs.
///
/// # Errors
/// When SQLite cannot fill it.
pub fn open(bugs: u32) -> Outcome<SqliteConnection> {
    let mut connection = SqliteConnection::establish(":memory:")?;
    fill(&mut connection, |execute| fill_bugs(execute, size(bugs)))?;
    Ok(connection)
}

/// By persist.
///
/// # Errors
/// When the store cannot answer.
pub fn persist(connection: &mut SqliteConnection) -> Outcome<Vec<WideBug>> {
    Ok(Context::borrowing(connection).realise(Bugs::all().view::<WideBug>())?)
}

/// How many statements persist sends.
///
/// # Errors
/// When the store cannot answer.
pub fn persist_statements(connection: &mut SqliteConnection) -> Outcome<u64> {
    let mut context = Context::borrowing(connection);
    drop(context.realise(Bugs::all().view::<WideBug>())?);
    Ok(context.stats().statements)
}

/// By Diesel, by hand, in chunks.
///
/// # Errors
/// When the store cannot answer.
pub fn diesel(connection: &mut SqliteConnection) -> Outcome<Vec<WideBug>> {
    type Columns = (i32, String, i32, String, Option<i16>, i64, Option<i32>);
    let pages = connection.transaction(|connection| {
        let mut pages = Vec::new();
        let mut at = Map::default();
        let mut assignees = Vec::new();
        for row in bugs::table.order(bugs::id).load_iter::<Columns, _>(connection)? {
            let (id, title, heat, status, importance, created, assignee) = row?;
            at.insert(id, pages.len());
            assignees.push(assignee);
            let (assignee, comments, subscribers) = (None, Vec::new(), Vec::new());
            pages.push(WideBug { id, title, heat, status, importance, created, assignee, comments, subscribers });
        }
        let keys: Vec<i32> = pages.iter().map(|page| page.id).collect();
        let mut links: Vec<(i32, i32)> = Vec::new();
        for keys in keys.chunks(CHUNK) {
            let order = (comments::bug_id, comments::id);
            let query = comments::table.filter(comments::bug_id.eq_any(keys)).order(order);
            for comment in query.load_iter::<Comment, _>(connection)? {
                let comment = comment?;
                pages[at[&comment.bug_id]].comments.push(comment);
            }
            let order = (subscriptions::bug_id, subscriptions::person_id);
            let query = subscriptions::table.filter(subscriptions::bug_id.eq_any(keys)).order(order);
            for link in query.load_iter::<(i32, i32), _>(connection)? {
                links.push(link?);
            }
        }
        let mut wanted: Vec<i32> = assignees.iter().flatten().copied().collect();
        wanted.extend(links.iter().map(|link| link.1));
        wanted.sort_unstable();
        wanted.dedup();
        let mut found: Map<i32, Arc<Person>> = Map::default();
        for keys in wanted.chunks(CHUNK) {
            for person in people::table.filter(people::id.eq_any(keys)).load_iter::<Person, _>(connection)? {
                let person = person?;
                found.insert(person.id, Arc::new(person));
            }
        }
        for (page, assignee) in pages.iter_mut().zip(assignees) {
            page.assignee = assignee.map(|id| Arc::clone(&found[&id]));
        }
        for (bug, person) in links {
            pages[at[&bug]].subscribers.push(Arc::clone(&found[&person]));
        }
        QueryResult::Ok(pages)
    });
    Ok(pages?)
}
