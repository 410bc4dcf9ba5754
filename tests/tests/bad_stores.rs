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

/// The server ends the connection.
fn end(fresh: &mut Fresh) {
    match fresh {
        Fresh::Postgres(postgres) => {
            let pid = diesel::select(diesel::dsl::sql::<diesel::sql_types::Integer>("pg_backend_pid()"));
            let pid: i32 = pid.get_result(&mut postgres.connection).unwrap();
            postgres.another().batch_execute(&format!("SELECT pg_terminate_backend({pid})")).unwrap();
        }
        Fresh::Mysql(mysql) => {
            let id = "CAST(CONNECTION_ID() AS SIGNED)";
            let id = diesel::select(diesel::dsl::sql::<diesel::sql_types::BigInt>(id));
            let id: i64 = id.get_result(&mut mysql.connection).unwrap();
            mysql.another().batch_execute(&format!("KILL {id}")).unwrap();
        }
        _ => unreachable!("it is no server"),
    }
    std::thread::sleep(std::time::Duration::from_millis(200));
}

#[test]
fn a_closed_connection() {
    for mut fresh in stores::servers(TABLES) {
        Data::of(5).insert(&mut fresh.context()).unwrap();
        end(&mut fresh);
        // What Diesel does not see before it sends a write, it cannot say.
        let of_a_write = if matches!(fresh, Fresh::Mysql(_)) { Fault::Unconfirmed } else { Fault::Closed };
        let mut context = fresh.context();
        // One statement, several, and a write: first the one that finds out, then those that know.
        assert_eq!(fault(context.realise(Teams::all().view::<TeamPage>())), Fault::Closed);
        assert_eq!(fault(context.realise(Teams::all())), Fault::Closed);
        assert_eq!(fault(context.realise(Teams::all().view::<TeamPage>())), Fault::Closed);
        assert_eq!(fault(context.insert(&a_team())), of_a_write);
    }
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
    for mut fresh in stores::servers(TABLES) {
        let mut release: Box<dyn FnMut()> = match &fresh {
            Fresh::Postgres(postgres) => {
                let mut other = postgres.another();
                other.batch_execute("BEGIN; LOCK TABLE teams IN ACCESS EXCLUSIVE MODE").unwrap();
                Box::new(move || other.batch_execute("COMMIT").unwrap())
            }
            Fresh::Mysql(mysql) => {
                let mut other = mysql.another();
                other.batch_execute("LOCK TABLES teams WRITE").unwrap();
                Box::new(move || other.batch_execute("UNLOCK TABLES").unwrap())
            }
            _ => unreachable!("it is no server"),
        };
        let is_mysql = matches!(fresh, Fresh::Mysql(_));
        fresh.execute(if is_mysql { "SET lock_wait_timeout = 1" } else { "SET lock_timeout = 50" });
        assert_eq!(fault(fresh.context().realise(Teams::all())), Fault::Locked);
        assert_eq!(fault(fresh.context().realise(Teams::all().view::<TeamPage>())), Fault::Locked);
        assert_eq!(fault(fresh.context().insert(&a_team())), Fault::Locked);
        assert_eq!(fresh.depth(), 0);
        release();
        fresh.context().insert(&a_team()).unwrap();
    }
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

    for mut fresh in stores::servers(TABLES) {
        let (read, write) = match &fresh {
            Fresh::Mysql(_) => ("SET SESSION TRANSACTION READ ONLY", "SET SESSION TRANSACTION READ WRITE"),
            _ => ("SET default_transaction_read_only = on", "SET default_transaction_read_only = off"),
        };
        fresh.execute(read);
        assert_eq!(fault(fresh.context().insert(&a_team())), Fault::ReadOnly);
        assert_eq!(fault(fresh.context().insert_all(&rows)), Fault::ReadOnly);
        assert_eq!(fresh.context().realise(Teams::all().view::<TeamPage>()).unwrap(), []);
        fresh.execute(write);
        fresh.context().insert(&a_team()).unwrap();
    }
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
