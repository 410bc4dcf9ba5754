//! What a save costs the database, whatever the machine is busy with.

use crate::Outcome;
use crate::mysql::Mysql;
use crate::postgres::Postgres;
use crate::side::{Connected, Side};
use diesel::connection::{InstrumentationEvent, SimpleConnection};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Others write to a server too: the least of so many runs is ours.
const RUNS: usize = 15;

/// What one run of a side takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Everything that is sent: what reads, locks, begins and ends too.
    pub sent: u64,
    /// Statements that write.
    pub statements: u64,
    /// Rows that they write, where the database tells.
    pub rows: Option<i64>,
    /// Bytes of the database's write-ahead log.
    pub bytes: i64,
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.rows.map_or_else(|| "-".to_owned(), |rows| rows.to_string());
        write!(f, "{} | {} | {rows} | {}", self.sent, self.statements, self.bytes)
    }
}

/// A database that tells what was written to it.
pub trait Journal: Connected<Client: Connection> + Sized {
    /// Makes the log tell of what comes now.
    ///
    /// # Errors
    /// When it cannot.
    fn begin<T>(_: &mut Side<Self, T>) -> Outcome {
        Ok(())
    }

    /// How long its write-ahead log is.
    ///
    /// # Errors
    /// When it does not tell.
    fn length<T>(side: &mut Side<Self, T>) -> Outcome<i64>;

    /// How many rows were written over this connection, if it tells.
    ///
    /// # Errors
    /// When it cannot answer.
    fn rows<T>(side: &mut Side<Self, T>) -> Outcome<Option<i64>>;
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

impl Journal for SqliteConnection {
    fn begin<T>(side: &mut Side<Self, T>) -> Outcome {
        // Else it is written from its beginning at some time, and does not become longer.
        Ok(side.connection.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")?)
    }

    fn length<T>(side: &mut Side<Self, T>) -> Outcome<i64> {
        let file = side.file().ok_or("it is on no file")?;
        let log = format!("{}-wal", file.path().display());
        Ok(std::fs::metadata(log)?.len().try_into()?)
    }

    fn rows<T>(side: &mut Side<Self, T>) -> Outcome<Option<i64>> {
        let all: Number = diesel::sql_query("SELECT total_changes() AS number").get_result(&mut side.connection)?;
        Ok(Some(all.number))
    }
}

impl Journal for Postgres {
    fn length<T>(side: &mut Side<Self, T>) -> Outcome<i64> {
        let sql = "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint AS number";
        let length: Number = diesel::sql_query(sql).get_result(&mut side.connection.connection)?;
        Ok(length.number)
    }

    fn rows<T>(_: &mut Side<Self, T>) -> Outcome<Option<i64>> {
        Ok(None)
    }
}

impl Journal for Mysql {
    /// The position in InnoDB's log, of the whole server; a binary log need not be on.
    fn length<T>(side: &mut Side<Self, T>) -> Outcome<i64> {
        status(side, "global", "'Innodb_lsn_current'")
    }

    /// What the engine was told to write: an upsert of a row that is there counts twice.
    fn rows<T>(side: &mut Side<Self, T>) -> Outcome<Option<i64>> {
        status(side, "session", "'Handler_write', 'Handler_update', 'Handler_delete'").map(Some)
    }
}

/// The sum of some of MariaDB's counters.
fn status<T>(side: &mut Side<Mysql, T>, scope: &str, names: &str) -> Outcome<i64> {
    let sql = format!(
        "SELECT CAST(sum(variable_value) AS SIGNED) AS number FROM information_schema.{scope}_status \
         WHERE variable_name IN ({names})"
    );
    let number: Number = diesel::sql_query(sql).get_result(&mut side.connection.connection)?;
    Ok(number.number)
}

impl Cost {
    /// What a run of a side takes.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub fn of<C: Journal, T, R>(side: &mut Side<C, T>, run: impl Fn(&mut Side<C, T>) -> Outcome<R>) -> Outcome<Self> {
        let costs = (0..RUNS).map(|_| Self::once(side, &run)).collect::<Outcome<Vec<_>>>()?;
        costs.into_iter().min_by_key(|cost| cost.bytes).ok_or_else(|| "nothing was run".into())
    }

    fn once<C: Journal, T, R>(side: &mut Side<C, T>, run: impl Fn(&mut Side<C, T>) -> Outcome<R>) -> Outcome<Self> {
        let (sent, statements) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        C::begin(side)?;
        let (rows, length) = (C::rows(side)?, C::length(side)?);
        let heard = (Arc::clone(&sent), Arc::clone(&statements));
        side.connection.client().set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { query, .. } = event {
                let query = query.to_string();
                let writes = ["INSERT", "UPDATE", "DELETE", "WITH"].iter().any(|verb| query.starts_with(verb));
                heard.0.fetch_add(1, Ordering::Relaxed);
                heard.1.fetch_add(u64::from(writes), Ordering::Relaxed);
            }
        });
        run(side)?;
        side.connection.client().set_instrumentation(|_: InstrumentationEvent<'_>| {});
        let bytes = C::length(side)? - length;
        let rows = C::rows(side)?.zip(rows).map(|(after, before)| after - before);
        let [sent, statements] = [sent, statements].map(|count| count.load(Ordering::Relaxed));
        Ok(Self { sent, statements, rows, bytes })
    }
}
