//! `Context::retry` where databases really give a transaction up in favour of another: deadlocks, states that cannot both
//! have been seen, at the commit too. And SQLite, where nothing collides, since one writes at a time.

#![allow(missing_docs, clippy::unwrap_used, reason = "a test")]
#![cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use diesel_async::AsyncMysqlConnection;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use persist::prelude::*;
use persist::{Changes, Context, Error, Fault};
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Barrier;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

type MysqlConnection = AsyncConnectionWrapper<AsyncMysqlConnection>;

diesel::table! { seats (id) { id -> Integer, taken -> Integer, } }

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = seats)]
struct Seat {
    #[entity(key)]
    id: i32,
    taken: i32,
}

const TABLE: &str = "CREATE TABLE seats (id INTEGER PRIMARY KEY, taken INTEGER NOT NULL)";

/// A database of a test's own: how it is reached, and how it goes.
struct Place {
    reach: Box<dyn Fn(&str) -> Context<'static> + Sync>,
    remove: Box<dyn Fn() + Sync>,
}

fn unique() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    format!("persist_retries_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed))
}

/// Where a server is, if there is one.
fn server<C: Connection>(variable: &str, usual: &str) -> Option<String> {
    let url = std::env::var(variable).unwrap_or_else(|_| usual.to_owned());
    let failed = C::establish(&url).err();
    if let Some(why) = &failed {
        // Past the harness, which keeps to itself what a test that passes prints.
        let _ = writeln!(std::io::stderr(), "NOT RUN at {url}: {why}");
        assert!(std::env::var("PERSIST_TEST_REQUIRE").as_deref() != Ok("all"), "{why}");
    }
    failed.is_none().then_some(url)
}

fn on_server<C>(url: String, schema: &str, choose: String, remove: String) -> Place
where
    C: diesel::connection::LoadConnection<Backend: persist::store::diesel::Dialect> + SimpleConnection + 'static,
{
    let run = move |statements: &[&str]| {
        let mut connection = C::establish(&url).unwrap();
        for statement in statements.iter().filter(|statement| !statement.is_empty()) {
            connection.batch_execute(statement).unwrap();
        }
        connection
    };
    run(&[schema, &choose, TABLE]);
    let again = run.clone();
    Place {
        reach: Box::new(move |set| Context::owning(run(&[&choose, set]))),
        remove: Box::new(move || drop(again(&[&remove]))),
    }
}

fn postgres() -> Option<Place> {
    let url = server::<PgConnection>("PERSIST_TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")?;
    let name = unique();
    let choose = format!("SET search_path = {name}; SET client_min_messages = error");
    let remove = format!("SET client_min_messages = error; DROP SCHEMA {name} CASCADE");
    Some(on_server::<PgConnection>(url, &format!("CREATE SCHEMA {name}"), choose, remove))
}

fn mysql() -> Option<Place> {
    let url = server::<MysqlConnection>("PERSIST_TEST_MYSQL_URL", "mysql://root@127.0.0.1:3306/")?;
    let name = unique();
    let (create, choose, remove) =
        (format!("CREATE DATABASE {name}"), format!("USE {name}"), format!("DROP DATABASE {name}"));
    Some(on_server::<MysqlConnection>(url, &create, choose, remove))
}

fn sqlite(journal: &str) -> Place {
    let folder: PathBuf = std::env::temp_dir().join(unique());
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("test.db").display().to_string();
    let reach = move |set: &str| {
        let mut connection = SqliteConnection::establish(&path).unwrap();
        connection.batch_execute(&format!("PRAGMA synchronous = OFF; {set}")).unwrap();
        Context::owning(connection)
    };
    drop(reach(&format!("PRAGMA journal_mode = {journal}; {TABLE}")));
    Place { reach: Box::new(reach), remove: Box::new(move || std::fs::remove_dir_all(&folder).unwrap()) }
}

impl Drop for Place {
    fn drop(&mut self) {
        (self.remove)();
    }
}

impl Place {
    /// Three seats that are free.
    fn seats(&self) -> Context<'static> {
        let mut context = (self.reach)("");
        context.insert_all(&[1, 2, 3].map(|id| Seat { id, taken: 0 })).unwrap();
        context
    }
}

fn taken(context: &mut Context<'_>) -> Result<Vec<i32>, Error> {
    let seats = context.realise(Seats::all().order_by(seat::id.asc()))?;
    Ok(seats.into_iter().map(|seat| seat.taken).collect())
}

fn take(context: &mut Context<'_>, id: i32) -> Result<(), Error> {
    context.apply(id, Changes::<Seat>::new().add(seat::taken, 1))
}

/// Two that lock two rows, each the row first that the other locks second. Gives how often each was done.
fn cross(place: &Place, set: &str) -> [u32; 2] {
    let mut seats = place.seats();
    let (both, over) = (Barrier::new(2), Barrier::new(2));
    let side = |first, second| {
        let (mut context, mut runs) = ((place.reach)(set), 0);
        let done = context.retry(2, |context| {
            runs += 1;
            if runs > 1 {
                // The other is let through, or the two might meet again.
                over.wait();
            }
            take(context, first)?;
            if runs == 1 {
                both.wait();
            }
            take(context, second)
        });
        if runs == 1 {
            over.wait();
        }
        (done, runs)
    };
    let (one, other) = thread::scope(|scope| {
        let other = scope.spawn(|| side(2, 1));
        (side(1, 2), other.join().unwrap())
    });
    one.0.unwrap();
    other.0.unwrap();
    assert_eq!(taken(&mut seats).unwrap(), [2, 2, 0], "each took both, once");
    let mut runs = [one.1, other.1];
    runs.sort_unstable();
    runs
}

#[test]
fn of_a_deadlock_one_is_done_again() {
    if let Some(place) = postgres() {
        assert_eq!(cross(&place, "SET deadlock_timeout = '10ms'"), [1, 2]);
    }
    if let Some(place) = mysql() {
        assert_eq!(cross(&place, ""), [1, 2]);
    }
}

/// One takes the first seat if none is taken, and notes on the third that it looked; meanwhile another takes the second
/// by the same rule. Gives how often this was begun, and how often it came to its end.
fn skewed(place: &Place, set: &str, takes_before: bool) -> [u32; 2] {
    let mut seats = place.seats();
    let (mut one, mut other) = ((place.reach)(set), (place.reach)(set));
    let (mut begun, mut ended) = (0, 0);
    let free = one.retry(3, |context| {
        begun += 1;
        let free = taken(context)? == [0, 0, 0];
        take(context, 3)?;
        if free && takes_before {
            take(context, 1)?;
        }
        if begun == 1 {
            other.transaction(|other| {
                assert_eq!(taken(other)?, [0, 0, 0]);
                take(other, 2)
            })?;
        }
        if free && !takes_before {
            take(context, 1)?;
        }
        ended += 1;
        Ok(free)
    });
    assert!(!free.unwrap(), "it saw in the end what the other did");
    assert_eq!(taken(&mut seats).unwrap(), [0, 1, 1], "what was undone was not done twice");
    [begun, ended]
}

#[test]
fn what_two_cannot_both_have_seen_is_done_again() {
    const SERIALIZABLE: &str = "SET default_transaction_isolation = 'serializable'";
    let Some(place) = postgres() else { return };
    assert_eq!(skewed(&place, SERIALIZABLE, false), [2, 1], "its write fails");
    let Some(place) = postgres() else { return };
    assert_eq!(skewed(&place, SERIALIZABLE, true), [2, 2], "its commit fails");
}

/// Two that count up from what they saw: on a server that lets nobody write over what they have not seen.
#[test]
fn who_writes_over_what_they_have_not_seen_does_it_again() {
    let count = |place: Place, set: &str| {
        let mut seats = place.seats();
        let (mut one, mut other, mut runs) = ((place.reach)(set), (place.reach)(set), 0);
        let done = one.retry(3, |context| {
            runs += 1;
            let mut seat = context.edit::<Seat>(1)?;
            if runs == 1 {
                take(&mut other, 1)?;
            }
            seat.taken += 1;
            context.save(&mut seat)
        });
        done.unwrap();
        assert_eq!((runs, taken(&mut seats).unwrap()[0]), (2, 2));
    };
    postgres().into_iter().for_each(|place| count(place, "SET default_transaction_isolation = 'repeatable read'"));
    mysql().into_iter().for_each(|place| count(place, "SET innodb_snapshot_isolation = ON"));
}

fn is_locked(done: Result<(), Error>) -> bool {
    matches!(done, Err(Error::Store(error)) if error.fault() == &Fault::Locked)
}

/// A transaction on SQLite is the writer from its beginning: what it has read nobody writes until it ends.
#[test]
fn on_sqlite_nobody_writes_what_a_transaction_has_seen() {
    let place = sqlite("WAL");
    let (mut seats, mut other) = (place.seats(), (place.reach)(""));
    let (mut runs, mut others) = (0, 0);
    let done = seats.retry(3, |context| {
        runs += 1;
        let mut seat = context.edit::<Seat>(1)?;
        let theirs = other.retry(3, |other| {
            others += 1;
            take(other, 1)
        });
        assert!(is_locked(theirs), "what waits too long is told so, and not done again");
        seat.taken += 1;
        context.save(&mut seat)
    });
    done.unwrap();
    assert_eq!((runs, others), (1, 0));
    other.retry(3, |other| take(other, 1)).unwrap();
    assert_eq!(taken(&mut seats).unwrap(), [2, 0, 0]);
}

#[test]
fn on_sqlite_writers_wait_for_one_another() {
    let place = sqlite("WAL");
    let mut seats = place.seats();
    let side = || {
        let mut context = (place.reach)("PRAGMA busy_timeout = 60000");
        for _ in 0..50 {
            let done = context.retry(1, |context| {
                let mut seat = context.edit::<Seat>(1)?;
                seat.taken += 1;
                Edit::compare(&mut seat);
                context.save(&mut seat)
            });
            done.unwrap();
        }
    };
    thread::scope(|scope| {
        scope.spawn(side);
        side();
    });
    assert_eq!(taken(&mut seats).unwrap()[0], 100);
}

/// Without a write-ahead log a reader keeps a commit waiting.
#[test]
fn a_commit_that_waits_too_long_is_undone() {
    let place = sqlite("DELETE");
    let (mut seats, mut reader) = (place.seats(), (place.reach)(""));
    let mut seat = seats.edit::<Seat>(1).unwrap();
    seat.taken = 1;
    let mut stream = reader.stream(Seats::all().view::<Seat>(), 1);
    stream.next().unwrap().unwrap();
    let mut runs = 0;
    let done = seats.retry(3, |context| {
        runs += 1;
        context.save(&mut seat)
    });
    assert!(is_locked(done));
    assert_eq!(runs, 1, "it was done, and undone");
    drop(stream);
    assert!(Edit::is_changed(&seat) && taken(&mut seats).unwrap() == [0, 0, 0]);
    seats.retry(3, |context| context.save(&mut seat)).unwrap();
    assert_eq!(taken(&mut reader).unwrap(), [1, 0, 0]);
}
