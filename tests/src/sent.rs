//! What is sent to a database.

#![allow(clippy::unwrap_used, reason = "for tests")]

use crate::stores::Fresh;
use diesel::Connection;
use diesel::connection::InstrumentationEvent;
use persist::Context;
use std::sync::{Arc, Mutex};

/// The statements that are sent while `work` is done; none, where there are no statements.
pub fn sent(fresh: &mut Fresh, work: impl FnOnce(&mut Context<'_>)) -> Option<Vec<String>> {
    fn log<C: Connection>(connection: &mut C) -> Arc<Mutex<Vec<String>>> {
        let log = Arc::new(Mutex::new(Vec::new()));
        let inner = Arc::clone(&log);
        connection.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { query, .. } = event {
                let text = query.to_string();
                inner.lock().unwrap().push(text.split(" -- binds").next().unwrap_or_default().trim().to_owned());
            }
        });
        log
    }
    let log = match fresh {
        Fresh::Memory(_) => None,
        Fresh::Sqlite(connection) | Fresh::File(connection, _) => Some(log(connection)),
        Fresh::Postgres(postgres) => Some(log(&mut postgres.connection)),
        Fresh::Mysql(mysql) => Some(log(&mut mysql.connection)),
    };
    work(&mut fresh.context());
    log.map(|log| log.lock().unwrap().clone())
}

/// The one statement that was sent; on MySQL, which tells nothing of what it writes, the one beside those that look.
///
/// # Panics
/// When there is none, or another.
#[must_use]
pub fn the_write(fresh: &Fresh, log: Option<Vec<String>>) -> Option<String> {
    let mut log = log?;
    if let Fresh::Mysql(_) = fresh {
        log.retain(|statement| {
            !["SET TRANSACTION", "BEGIN", "SELECT", "COMMIT"].iter().any(|it| statement.starts_with(it))
        });
    }
    assert_eq!(log.len(), 1, "{log:?}");
    log.pop()
}
