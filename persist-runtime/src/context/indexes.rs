//! Which indexes a request misses.

use super::{Context, Error, Explained, Explanation};
use crate::engine::{Outline, Request};

impl Context<'_> {
    /// The statements that `request` would send, as [`explain`](Self::explain) gives them, each with the tables that it
    /// would read from end to end and the [index](crate::store::IndexHint) that would serve instead. For tests: it asks
    /// the store how it would run each statement, and runs none.
    ///
    /// SQLite is asked by `EXPLAIN QUERY PLAN`, where an index that it would build for the one statement is a scan too;
    /// PostgreSQL by `EXPLAIN`, in a transaction (or a savepoint of the caller's) that is undone, in which it takes an
    /// index wherever it can: small tables do not give hints for being small. An index in which the column does not lead, such
    /// as that of a link's key, is read whole there, and counts as serving. MySQL, memory and stores that do not say
    /// otherwise give no hints.
    ///
    /// A group without a condition reads its table by right. What no plain index serves, such as an alternative of several
    /// columns, a negation or a test of text, gives no hint either. The columns are those that rows are looked up by:
    /// keys, values that are compared for equality, then a range or the beginning of the order.
    ///
    /// ```
    #[doc = tracker!()]
    /// # #[cfg(feature = "sqlite")] {
    /// use diesel::{Connection, SqliteConnection, connection::SimpleConnection};
    /// let mut connection = SqliteConnection::establish(":memory:").unwrap();
    /// connection.batch_execute("
    ///     CREATE TABLE bugs (id INTEGER PRIMARY KEY, title TEXT, heat INTEGER, owner_id INTEGER, assignee_id INTEGER)
    /// ").unwrap();
    /// let hers = || Bugs::all().filter(bug::assignee_id.eq(2)).order_by(bug::heat.desc());
    ///
    /// let plan = Context::borrowing(&mut connection).explain_indexes(hers())?;
    /// let hint = "scans bugs: an index on bugs(assignee_id, heat) would serve";
    /// assert_eq!(plan.statements()[0].hints[0].to_string(), hint);
    ///
    /// connection.batch_execute("CREATE INDEX bugs_by_assignee ON bugs (assignee_id, heat)").unwrap();
    /// let plan = Context::borrowing(&mut connection).explain_indexes(hers())?;
    /// assert!(plan.statements()[0].hints.is_empty());
    /// # }
    /// # Ok::<(), persist::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Store`] when the store cannot do what the request needs, or cannot answer.
    pub fn explain_indexes<R: Request>(&mut self, request: R) -> Result<Explanation, Error> {
        let run = self.outline(request)?;
        let mut statements = Vec::new();
        for Outline { round, fetch, scopes } in run.outline() {
            let text = self.store.explain(&fetch)?;
            statements.push(Explained { round, text, scopes, hints: self.store.index_hints(&fetch)? });
        }
        Ok(Explanation::new(self.store.name(), statements, &run.loaders()))
    }
}
