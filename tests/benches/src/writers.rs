//! Work 12: eight writers, each with a column of its own, on 100 rows that all of them want, for a while.
//!
//! A writer reads a few rows, counts its column of each up, and saves them together. persist writes that column alone, so
//! nobody is in another's way but for a moment. By hand the rows are written as a whole, which only a revision keeps from
//! undoing what others wrote: whoever finds another one, or is in a deadlock, begins again.

use crate::Outcome;
use crate::measure::Random;
use crate::mysql::{Mysql, MysqlConnection};
use crate::postgres::Postgres;
use crate::side::{Client, Connected};
use diesel::prelude::*;
use diesel::result::Error as Failed;
use persist::{Context, prelude::*};
use schema::counters;
use std::thread;
use std::time::{Duration, Instant};

/// The table.
pub mod schema {
    diesel::table! {
        /// What is counted.
        counters (id) {
            /// The key.
            id -> Integer,
            /// Counts the writes, where rows are written as a whole.
            revision -> BigInt,
            /// Text.
            name -> Text,
            /// Text.
            owner -> Text,
            /// A number.
            heat -> BigInt,
            /// A number.
            visits -> BigInt,
            /// A number.
            votes -> BigInt,
            /// A number.
            answers -> BigInt,
            /// A number.
            watchers -> BigInt,
            /// A number.
            builds -> BigInt,
            /// A number.
            downloads -> BigInt,
            /// A number.
            stars -> BigInt,
        }
    }
}

/// A row that all want. To persist its revision is a column like others.
#[derive(Debug, Clone, PartialEq, Entity, Queryable, Selectable, AsChangeset)]
#[entity(table = schema::counters)]
#[diesel(table_name = counters)]
#[allow(missing_docs)]
pub struct Counter {
    #[entity(key)]
    pub id: i32,
    pub revision: i64,
    pub name: String,
    pub owner: String,
    pub heat: i64,
    pub visits: i64,
    pub votes: i64,
    pub answers: i64,
    pub watchers: i64,
    pub builds: i64,
    pub downloads: i64,
    pub stars: i64,
}

/// The column of each writer.
const COLUMNS: [fn(&mut Counter) -> &mut i64; WRITERS] = [
    |row| &mut row.heat,
    |row| &mut row.visits,
    |row| &mut row.votes,
    |row| &mut row.answers,
    |row| &mut row.watchers,
    |row| &mut row.builds,
    |row| &mut row.downloads,
    |row| &mut row.stars,
];

/// Writers.
pub const WRITERS: usize = 8;
/// Rows.
pub const ROWS: usize = 100;
/// Rows that are saved together.
const TOGETHER: usize = 5;

/// What a writer does: it counts its column of these rows up, and says how often it tried.
pub type Way<C> = fn(&mut C, usize, &[i32]) -> Outcome<u64>;

/// Rows that are counted up, and what they must hold.
pub struct Race<C: Connected> {
    /// They go first: what one of them still holds could not be dropped.
    connections: Vec<C::Client>,
    database: C,
    random: Random,
    counted: Vec<[i64; WRITERS]>,
}

/// What came of a while.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ran {
    /// Rows that were counted up.
    pub rows: u64,
    /// Times that a writer began again.
    pub again: u64,
    /// Seconds.
    pub seconds: f64,
}

impl Ran {
    /// Both, one after the other.
    #[must_use]
    pub fn and(self, more: Self) -> Self {
        Self { rows: self.rows + more.rows, again: self.again + more.again, seconds: self.seconds + more.seconds }
    }
}

/// A database that others can connect to.
pub trait Shared: Connected<Client: Client> {
    /// Another connection to it.
    ///
    /// # Errors
    /// When the server refuses.
    fn another(&self) -> Outcome<Self::Client>;
}

impl Shared for Postgres {
    fn another(&self) -> Outcome<PgConnection> {
        Self::another(self)
    }
}

impl Shared for Mysql {
    fn another(&self) -> Outcome<MysqlConnection> {
        Self::another(self)
    }
}

/// A PostgreSQL schema of counters.
///
/// # Errors
/// When there is no server, or it refuses.
pub fn postgres() -> Outcome<Race<Postgres>> {
    Race::on(Postgres::with("counters", |execute| execute(&table()))?)
}

/// A MariaDB database of counters.
///
/// # Errors
/// When there is no server, or it refuses.
pub fn mysql() -> Outcome<Race<Mysql>> {
    Race::on(Mysql::with("counters", |execute| execute(&table()))?)
}

fn table() -> String {
    let row = |id| format!("({id}, 1, 'counter-{id}', 'project-{}', 0, 0, 0, 0, 0, 0, 0, 0)", id % 7);
    let rows = (1..=ROWS).map(row).collect::<Vec<_>>().join(", ");
    format!(
        "CREATE TABLE counters (id INTEGER PRIMARY KEY, revision BIGINT NOT NULL, name TEXT NOT NULL, owner TEXT NOT NULL,
            heat BIGINT NOT NULL, visits BIGINT NOT NULL, votes BIGINT NOT NULL, answers BIGINT NOT NULL,
            watchers BIGINT NOT NULL, builds BIGINT NOT NULL, downloads BIGINT NOT NULL, stars BIGINT NOT NULL);
        INSERT INTO counters VALUES {rows}"
    )
}

/// Only what was changed: by persist.
///
/// # Errors
/// When the store cannot answer: also for a deadlock, which is never to surface.
pub fn persist<C: Client>(connection: &mut C, writer: usize, ids: &[i32]) -> Outcome<u64> {
    let mut context = Context::borrowing(connection);
    let mut rows = context.edit_all(Counters::from_keys(ids.iter().copied()).view::<Counter>())?;
    rows.iter_mut().for_each(|row| *COLUMNS[writer](row) += 1);
    context.save_all(&mut rows)?;
    Ok(1)
}

macro_rules! whole {
    ($name:ident, $connection:ty) => {
        /// Whole rows with their revisions, in the order of their keys, until nobody was in the way: by Diesel.
        ///
        /// # Errors
        /// When the store cannot answer.
        pub fn $name(connection: &mut $connection, writer: usize, ids: &[i32]) -> Outcome<u64> {
            let mut tries = 0;
            loop {
                tries += 1;
                let done = connection.transaction(|connection| {
                    let among = counters::table.filter(counters::id.eq_any(ids)).order(counters::id);
                    for mut row in among.select(Counter::as_select()).load(connection)? {
                        let read = counters::table.find(row.id).filter(counters::revision.eq(row.revision));
                        row.revision += 1;
                        *COLUMNS[writer](&mut row) += 1;
                        if diesel::update(read).set(&row).execute(connection)? == 0 {
                            return Err(Failed::RollbackTransaction);
                        }
                    }
                    Ok(())
                });
                match done {
                    Ok(()) => return Ok(tries),
                    Err(Failed::RollbackTransaction) => {}
                    Err(Failed::DatabaseError(_, said)) if said.message().to_lowercase().contains("deadlock") => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
    };
}

whole!(whole_postgres, PgConnection);
whole!(whole_mysql, MysqlConnection);

impl<C: Shared<Client: Send>> Race<C> {
    fn on(database: C) -> Outcome<Self> {
        let connections = (0..WRITERS).map(|_| database.another()).collect::<Outcome<_>>()?;
        Ok(Self { connections, database, random: Random(42), counted: vec![[0; WRITERS]; ROWS] })
    }

    /// Lets all write for a while, beside one another.
    ///
    /// # Errors
    /// What one of them could not do.
    pub fn run(&mut self, time: Duration, way: Way<C::Client>) -> Outcome<Ran> {
        let begun = Instant::now();
        let seeds: Vec<u64> = (0..WRITERS).map(|_| self.random.number()).collect();
        let written: Vec<_> = thread::scope(|scope| {
            let writers: Vec<_> = self
                .connections
                .iter_mut()
                .zip(seeds)
                .enumerate()
                .map(|(writer, (connection, seed))| {
                    scope.spawn(move || write(connection, writer, seed, begun + time, way))
                })
                .collect();
            writers.into_iter().map(|writer| writer.join().map_err(|_| "a writer panicked".to_owned())).collect()
        });
        let mut ran = Ran { seconds: begun.elapsed().as_secs_f64(), ..Ran::default() };
        for (writer, written) in written.into_iter().enumerate() {
            let (rows, again) = written??;
            ran.again += again;
            for (row, more) in rows.iter().enumerate() {
                ran.rows += u64::from(*more);
                self.counted[row][writer] += i64::from(*more);
            }
        }
        Ok(ran)
    }

    /// How many counts were acknowledged and are not stored, or the other way round.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub fn lost(&mut self) -> Outcome<u64> {
        let rows = Context::borrowing(self.database.client()).realise(Counters::all().view::<Counter>())?;
        assert_eq!(rows.len(), ROWS);
        let of = |(mut row, counted): (Counter, &[i64; WRITERS])| {
            (0..WRITERS).map(|writer| COLUMNS[writer](&mut row).abs_diff(counted[writer])).sum::<u64>()
        };
        Ok(rows.into_iter().zip(&self.counted).map(of).sum())
    }
}

/// How often a writer counted each row up until the end, and how often it began again.
fn write<C>(
    connection: &mut C,
    writer: usize,
    seed: u64,
    end: Instant,
    way: Way<C>,
) -> Result<([u32; ROWS], u64), String> {
    let mut random = Random(seed);
    let (mut rows, mut again) = ([0; ROWS], 0);
    while Instant::now() < end {
        let mut ids = Vec::with_capacity(TOGETHER);
        while ids.len() < TOGETHER {
            let id = 1 + random.below(ROWS as u64) as i32;
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        again += way(connection, writer, &ids).map_err(|error| format!("writer {writer}: {error:?}"))? - 1;
        ids.iter().for_each(|id| rows[*id as usize - 1] += 1);
    }
    Ok((rows, again))
}
