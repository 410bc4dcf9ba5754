//! Servers of our own, to do harm to, and what is kept on them.

use diesel::connection::{DefaultLoadingMode, LoadConnection};
use diesel::{PgConnection, SqliteConnection};
use persist::prelude::*;
use persist::store::diesel::Dialect;
use persist::{Changes, Error, Fault, Work};
use persist_tests::server::{Own, Server};
use persist_tests::stores::MysqlConnection;
use std::path::Path;

mod schema {
    diesel::table! { lefts (id) { id -> Integer, } }
    diesel::table! { rights (id) { id -> Integer, left_id -> Integer, filling -> Text, } }
    diesel::table! { totals (id) { id -> Integer, total -> Integer, } }
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = schema::lefts, has_many(rights: Right, by = left))]
pub struct Left {
    #[entity(key)]
    pub id: i32,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = schema::rights)]
pub struct Right {
    #[entity(key)]
    pub id: i32,
    #[entity(belongs_to(left: Left))]
    pub left_id: i32,
    pub filling: String,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = schema::totals)]
pub struct Total {
    #[entity(key)]
    pub id: i32,
    pub total: i32,
}

#[derive(Debug, View)]
#[view(of = Left)]
pub struct Both {
    pub id: i32,
    pub rights: Vec<Right>,
}

const TABLES: &str = "
    CREATE TABLE lefts (id INTEGER NOT NULL PRIMARY KEY);
    CREATE TABLE rights (id INTEGER NOT NULL PRIMARY KEY, left_id INTEGER NOT NULL REFERENCES lefts (id),
                         filling TEXT NOT NULL);
    CREATE TABLE totals (id INTEGER NOT NULL PRIMARY KEY, total INTEGER NOT NULL);
    INSERT INTO totals VALUES (1, 0);";

/// A connection to a kind of database.
pub trait Place: LoadConnection<DefaultLoadingMode, Backend: Dialect> + Send + Sized + 'static {
    /// What is written on it first.
    const TABLES: &'static str;
    /// The database that is used, of those at a server.
    const DATABASE: &'static str;
}

impl Place for SqliteConnection {
    const TABLES: &'static str = "";
    const DATABASE: &'static str = "";
}

impl Place for PgConnection {
    const TABLES: &'static str = "";
    const DATABASE: &'static str = "postgres";
}

impl Place for MysqlConnection {
    const TABLES: &'static str = "CREATE DATABASE faults; USE faults;";
    // Not by way of its socket, which no wire leads to.
    const DATABASE: &'static str = "faults?prefer_socket=false";
}

/// Makes the tables, where there are none.
pub fn furnish<C: Place>(connection: &mut C) {
    connection.batch_execute(&[C::TABLES, TABLES].concat()).unwrap();
}

/// Starts a server with the tables on it; none (and a line on stderr) where there is none to start.
pub fn start<C: Place>(server: &'static Server, at: &Path, settings: &str) -> Option<Own> {
    let own = match server.start(at, settings) {
        Ok(own) => own,
        Err(why) => {
            server.not_run(&why);
            return None;
        }
    };
    furnish(&mut C::establish(&own.url).unwrap());
    Some(own)
}

/// Another connection to a server of these, on some port of this machine.
pub fn connect<C: Place>(server: &Server, port: u16) -> C {
    let url = server.at(port);
    let (url, _) = url.rsplit_once('/').unwrap();
    C::establish(&format!("{url}/{}", C::DATABASE)).unwrap()
}

/// What is committed as one: a left, its right, and one more in total.
pub fn add(context: &mut Context<'_>, number: i32) -> Result<(), Error> {
    let mut left = Left { id: number };
    let mut right = Right { id: number, left_id: number, filling: String::new() };
    let mut work = Work::new();
    let _ = work.insert(&mut right);
    let _ = work.insert(&mut left);
    let _ = work.apply(1, Changes::<Total>::new().add(total::total, 1));
    context.commit(work).map(drop)
}

/// The numbers that are there.
///
/// # Panics
/// When one is half there.
pub fn numbers<C: Place>(connection: C) -> Vec<i32> {
    let mut context = Context::owning(connection);
    let (all, totals) = context.realise((Lefts::all().view::<Both>(), Totals::all())).unwrap();
    assert!(all.iter().all(|both| both.rights.iter().map(|right| right.id).eq([both.id])), "{all:?}");
    assert_eq!(usize::try_from(totals[0].total).unwrap(), all.len(), "each commit is whole");
    all.iter().map(|both| both.id).collect()
}

/// What went wrong in the store.
pub fn fault<T: std::fmt::Debug>(done: Result<T, Error>) -> Fault {
    let error = done.unwrap_err();
    error.store().unwrap_or_else(|| panic!("{error}")).fault().clone()
}

/// Runs a test on the servers that can be had.
macro_rules! on_servers {
    ($($test:ident as $postgres:ident, $mysql:ident;)*) => {$(
        #[test]
        fn $postgres() {
            $test::<diesel::PgConnection>(&persist_tests::server::POSTGRES);
        }

        #[test]
        fn $mysql() {
            $test::<persist_tests::stores::MysqlConnection>(&persist_tests::server::MYSQL);
        }
    )*};
}
pub(crate) use on_servers;
