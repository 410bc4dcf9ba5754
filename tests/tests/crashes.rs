//! A program that is killed while it commits, again and again: every commit is there whole or not at all, and whatever was
//! acknowledged is there.
//!
//! The program is this test itself, started once more with its orders in the environment.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection, SqliteConnection};
use persist::prelude::*;
use persist::{Changes, Context, Table, Work};
use persist_tests::stores::{self, Fresh, MysqlConnection};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};
use std::time::Duration;

mod schema {
    diesel::table! { lefts (id) { id -> Integer, } }
    diesel::table! { rights (id) { id -> Integer, left_id -> Integer, } }
    diesel::table! { totals (id) { id -> Integer, total -> Integer, } }
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = schema::lefts)]
struct Left {
    #[entity(key)]
    id: i32,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = schema::rights)]
struct Right {
    #[entity(key)]
    id: i32,
    #[entity(belongs_to(left: Left))]
    left_id: i32,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = schema::totals)]
struct Total {
    #[entity(key)]
    id: i32,
    total: i32,
}

const TABLES: &[&Table] = &[Left::TABLE, Right::TABLE, Total::TABLE];
const KILLS: u64 = 12;

/// What the program that is killed does: one commit after the other, each said when it is done.
#[test]
fn the_program_that_is_killed() {
    let (Ok(path), Ok(setup)) = (std::env::var("PERSIST_CRASH_AT"), std::env::var("PERSIST_CRASH_SETUP")) else {
        return;
    };
    if path.starts_with("postgres") {
        let mut connection = PgConnection::establish(&path).unwrap();
        connection.batch_execute(&setup).unwrap();
        commit_for_ever(Context::owning(connection));
    } else if path.starts_with("mysql") {
        commit_for_ever(Context::owning(MysqlConnection::establish(&path).unwrap()));
    } else {
        let mut connection = SqliteConnection::establish(&path).unwrap();
        connection.batch_execute(&setup).unwrap();
        commit_for_ever(Context::owning(connection));
    }
}

fn commit_for_ever(mut context: Context<'_>) {
    let begin = context.realise(Lefts::all().count()).unwrap();
    for number in i32::try_from(begin).unwrap() + 1.. {
        let (mut left, mut right) = (Left { id: number }, Right { id: number, left_id: number });
        let mut work = Work::new();
        let _ = work.insert(&mut right);
        let _ = work.insert(&mut left);
        let _ = work.apply(1, Changes::<Total>::new().add(total::total, 1));
        context.commit(work).unwrap();
        println!("\n{number}");
        std::io::stdout().flush().unwrap();
    }
}

fn killed_again_and_again(store: &mut Fresh, at: &str, setup: &str) {
    store.context().insert(&Total { id: 1, total: 0 }).unwrap();
    let mut commits = 0;
    for kill in 0..KILLS {
        let mut program = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "the_program_that_is_killed", "--nocapture"])
            .env("PERSIST_CRASH_AT", at)
            .env("PERSIST_CRASH_SETUP", setup)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(program.stdout.take().unwrap()).lines().map_while(Result::ok);
        // It is at work from its first commit on.
        let mut last = said.by_ref().find_map(|line| line.parse::<i32>().ok()).unwrap_or(commits);
        std::thread::sleep(Duration::from_micros(3_000 + kill * 1_777));
        program.kill().unwrap();
        program.wait().unwrap();
        last = said.filter_map(|line| line.parse::<i32>().ok()).last().unwrap_or(last);

        let name = store.name();
        let mut context = store.context();
        let (lefts, rights, totals) = context.realise((Lefts::all(), Rights::all(), Totals::all())).unwrap();
        let numbers: Vec<_> = lefts.iter().map(|left| left.id).collect();
        assert!(numbers.iter().copied().eq(1..=numbers.len() as i32), "{name}: {numbers:?}");
        assert!(rights.iter().map(|right| (right.id, right.left_id)).eq(numbers.iter().map(|id| (*id, *id))), "{name}");
        commits = numbers.len() as i32;
        assert_eq!(totals[0].total, commits, "{name}: each commit is whole");
        assert!(commits >= last && commits <= last + 1, "{name}: {last} were acknowledged, {commits} are there");
    }
    assert!(commits > KILLS as i32, "{}: it was at work", store.name());
}

#[test]
fn on_sqlite() {
    let mut store = stores::sqlite_file(TABLES);
    let Fresh::File(_, dir) = &store else { panic!() };
    let path = dir.path().join("test.db").display().to_string();
    killed_again_and_again(&mut store, &path, "PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000");
}

#[test]
fn on_postgres() {
    let Some(mut store) = stores::postgres(TABLES) else { return };
    let Fresh::Postgres(postgres) = &store else { panic!() };
    let (url, setup) = (postgres.url().to_owned(), postgres.search_path());
    killed_again_and_again(&mut store, &url, &setup);
}

#[test]
fn on_mysql() {
    let Some(mut store) = stores::mysql(TABLES) else { return };
    let Fresh::Mysql(mysql) = &store else { panic!() };
    let url = mysql.url();
    killed_again_and_again(&mut store, &url, "");
}
