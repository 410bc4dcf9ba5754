//! Stores that do not answer: closed, locked, read-only. A typed error each time, and no transaction left behind.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use diesel::connection::SimpleConnection;
use diesel::{Connection, RunQueryDsl, SqliteConnection};
use persist::{Context, Error, Fault};
use persist_tests::data::Data;
use persist_tests::stores::{self, Fresh, TempDir};
use persist_tests::tracker::*;

#[track_caller]
fn fault<T>(result: Result<T, Error>) -> Fault {
    match result {
        Err(Error::Store(error)) => error.fault().clone(),
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("nothing was wrong"),
    }
}

fn a_team() -> Team {
    Team { name: "red".into(), motto: None }
}

#[test]
fn a_closed_connection() {
    let Some(mut fresh) = stores::postgres(TABLES) else { return };
    Data::of(5).insert(&mut fresh.context()).unwrap();
    let Fresh::Postgres(postgres) = &mut fresh else { unreachable!() };
    let mut other = postgres.another();
    let pid: i32 = diesel::select(diesel::dsl::sql::<diesel::sql_types::Integer>("pg_backend_pid()"))
        .get_result(&mut postgres.connection)
        .unwrap();
    other.batch_execute(&format!("SELECT pg_terminate_backend({pid})")).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(200));
    let mut context = fresh.context();
    // One statement, several, and a write: first the one that finds out, then those that know.
    assert_eq!(fault(context.realise(Teams::all().view::<TeamPage>())), Fault::Closed);
    assert_eq!(fault(context.realise(Teams::all())), Fault::Closed);
    assert_eq!(fault(context.realise(Teams::all().view::<TeamPage>())), Fault::Closed);
    assert_eq!(fault(context.insert(&a_team())), Fault::Closed);
}

/// The connection breaks between two statements of one realise.
#[test]
fn a_connection_that_closes_in_the_middle() {
    let Some(mut fresh) = stores::postgres(TABLES) else { return };
    Data::of(5).insert(&mut fresh.context()).unwrap();
    fresh.execute(
        "ALTER TABLE members RENAME TO hidden;
         CREATE VIEW members AS SELECT id, name, rank, team_name, manager_id FROM hidden
             WHERE pg_terminate_backend(pg_backend_pid())",
    );
    let mut context = fresh.context();
    assert_eq!(fault(context.realise(Teams::all().view::<TeamPage>())), Fault::Closed);
    assert_eq!(fault(context.realise(Teams::all())), Fault::Closed);
}

#[test]
fn a_locked_database() {
    let mut fresh = stores::sqlite_file(TABLES);
    Data::of(5).insert(&mut fresh.context()).unwrap();
    let Fresh::File(connection, dir) = &mut fresh else { unreachable!() };
    connection.batch_execute("PRAGMA journal_mode = DELETE; PRAGMA busy_timeout = 0").unwrap();
    let mut other = stores::sqlite_at(dir);
    other.batch_execute("BEGIN EXCLUSIVE").unwrap();
    assert_eq!(fault(fresh.context().realise(Teams::all())), Fault::Locked);
    assert_eq!(fault(fresh.context().realise(Teams::all().view::<TeamPage>())), Fault::Locked);
    assert_eq!(fault(fresh.context().insert(&a_team())), Fault::Locked);
    assert_eq!(fresh.depth(), 0, "no transaction is left open");
    other.batch_execute("COMMIT").unwrap();
    assert!(!fresh.context().realise(Teams::all().view::<TeamPage>()).unwrap().is_empty(), "and it works again");
}

#[test]
fn rows_that_another_transaction_holds() {
    let Some(mut fresh) = stores::postgres(TABLES) else { return };
    let Fresh::Postgres(postgres) = &mut fresh else { unreachable!() };
    let mut other = postgres.another();
    other.batch_execute("BEGIN; LOCK TABLE teams IN ACCESS EXCLUSIVE MODE").unwrap();
    fresh.execute("SET lock_timeout = 50");
    assert_eq!(fault(fresh.context().realise(Teams::all())), Fault::Locked);
    assert_eq!(fault(fresh.context().realise(Teams::all().view::<TeamPage>())), Fault::Locked);
    assert_eq!(fault(fresh.context().insert(&a_team())), Fault::Locked);
    assert_eq!(fresh.depth(), 0);
    other.batch_execute("COMMIT").unwrap();
    fresh.context().insert(&a_team()).unwrap();
}

#[test]
fn a_database_that_takes_no_writes() {
    let dir = TempDir::new();
    stores::sqlite_at(&dir).batch_execute(&stores::sqlite_tables(TABLES)).unwrap();
    let path = dir.path().join("test.db");
    let connection = SqliteConnection::establish(&format!("file:{}?mode=ro", path.display())).unwrap();
    let mut context = Context::owning(connection);
    assert_eq!(fault(context.insert(&a_team())), Fault::ReadOnly);
    assert_eq!(context.realise(Teams::all().view::<TeamPage>()).unwrap(), [], "reading goes on");
    let rows: Vec<_> = (0..40_000).map(|n| Team { name: n.to_string(), motto: None }).collect();
    assert_eq!(fault(context.insert_all(&rows)), Fault::ReadOnly);
    assert_eq!(context.realise(Teams::all().view::<TeamPage>()).unwrap(), [], "after several statements, too");

    let Some(mut fresh) = stores::postgres(TABLES) else { return };
    fresh.execute("SET default_transaction_read_only = on");
    assert_eq!(fault(fresh.context().insert(&a_team())), Fault::ReadOnly);
    assert_eq!(fresh.context().realise(Teams::all().view::<TeamPage>()).unwrap(), []);
    fresh.execute("SET default_transaction_read_only = off");
}

#[test]
fn a_file_that_is_no_database() {
    let dir = TempDir::new();
    std::fs::write(dir.path().join("test.db"), "this is not a database, it only has its name".repeat(100)).unwrap();
    let mut context = Context::owning(stores::sqlite_at(&dir));
    for result in [context.realise(Teams::all()).map(drop), context.realise(Teams::all().view::<TeamPage>()).map(drop)]
    {
        let Fault::Corrupt(words) = fault(result) else { panic!("another fault") };
        assert!(words.contains("not a database"), "{words}");
    }
}

/// A failing realise inside of a caller's transaction says why, and leaves that transaction to the caller.
#[test]
fn an_aborted_transaction() {
    let Some(mut fresh) = stores::postgres(TABLES) else { return };
    fresh.execute("BEGIN");
    let Fresh::Postgres(postgres) = &mut fresh else { unreachable!() };
    assert!(postgres.connection.batch_execute("SELECT 1 / 0").is_err());
    let Fault::Other(words) = fault(fresh.context().realise(Teams::all())) else { panic!("another fault") };
    assert!(words.contains("current transaction is aborted"), "{words}");
    fresh.execute("ROLLBACK");
    fresh.context().realise(Teams::all().view::<TeamPage>()).unwrap();
}
