//! The program, from outside.

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use persist_tests::stores::{self, Fresh};
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_launchpad"))
}

fn run(arguments: &[&str]) -> Output {
    program().args(arguments).output().unwrap()
}

fn page(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
    String::from_utf8(output.stdout).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// What it says when it refuses.
fn refusal(arguments: &[&str]) -> String {
    let output = run(arguments);
    let said = stderr(&output);
    assert!(!output.status.success() && output.stdout.is_empty(), "{arguments:?}");
    assert!(!said.contains("panicked") && !said.contains("statements:"), "{said}");
    said
}

/// A database on each server that there is, and what says so to the program.
fn servers() -> Vec<([String; 4], Fresh)> {
    let told = |fresh| {
        let (store, url) = match &fresh {
            Fresh::Postgres(postgres) => ("postgres", postgres.place()),
            Fresh::Mysql(mysql) => ("mysql", mysql.url()),
            _ => unreachable!("it is no server"),
        };
        (["--store".to_owned(), store.to_owned(), "--url".to_owned(), url], fresh)
    };
    stores::postgres(&[]).into_iter().chain(stores::mysql(&[])).map(told).collect()
}

#[test]
fn all_stores_print_the_same_page() {
    let sqlite = page(&["--store", "sqlite", "--bugs", "60"]);
    assert_eq!(sqlite, page(&["--store", "memory", "--bugs", "60"]));
    assert!(!sqlite.contains('\u{1b}'), "colours are for terminals");
    assert_ne!(sqlite, page(&["--bugs", "60", "--seed", "1"]));
    for (place, _there) in &servers() {
        let on = |more: &[&str]| page(&[&place.each_ref().map(String::as_str)[..], more].concat());
        assert_eq!(sqlite, on(&["--bugs", "60"]), "{place:?}");
        assert_eq!(sqlite, on(&["--bugs", "10", "--seed", "6"]), "{place:?}: it is filled once, and read as it is");
    }
}

#[test]
fn all_stores_find_the_same() {
    let search = ["--bugs", "60", "--search", "linux"];
    let sqlite = page(&search);
    assert!(sqlite.contains("Linux  project, https://launchpad.net/linux"), "{sqlite}");
    assert_eq!(sqlite, page(&[&search[..], &["--store", "memory"]].concat()));
    for (place, _there) in &servers() {
        assert_eq!(sqlite, page(&[&place.each_ref().map(String::as_str)[..], &search].concat()), "{place:?}");
    }
    let last = |bugs: &str| {
        let said = stderr(&run(&["--bugs", bugs, "--show", "all", "--search", "o"]));
        said.lines().last().unwrap().to_owned()
    };
    assert!(last("20").starts_with("statements: "));
    assert_eq!(last("20"), last("3000"));
}

#[test]
fn the_last_line_is_the_same_for_any_number_of_bugs() {
    let last = |bugs: &str, store: &str| {
        let said = stderr(&run(&["--bugs", bugs, "--show", "all", "--store", store]));
        said.lines().last().unwrap().to_owned()
    };
    let few = last("20", "sqlite");
    assert!(few.starts_with("statements: ") && few.contains(", rounds: "), "{few}");
    assert_eq!(few, last("20000", "sqlite"));
    assert_eq!(few, last("3000", "memory"));
}

#[test]
fn a_database_is_filled_once_and_read_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bugs.db");
    let path = path.to_str().unwrap();
    let first = page(&["--database", path, "--bugs", "40", "--seed", "5"]);
    assert_eq!(first, page(&["--bugs", "40", "--seed", "5"]));
    assert_eq!(first, page(&["--database", path, "--bugs", "10", "--seed", "6"]));
}

#[test]
fn what_is_not_ours_is_refused_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let theirs = at("theirs.db");
    SqliteConnection::establish(&theirs).unwrap().batch_execute("CREATE TABLE bug (id INTEGER)").unwrap();
    fs::write(at("notes.txt"), "Not a database, though it is long enough to be taken for one. ".repeat(20)).unwrap();
    for (name, why) in [("theirs.db", "another program"), ("notes.txt", "not a database")] {
        let before = fs::read(at(name)).unwrap();
        let said = refusal(&["--database", &at(name)]);
        assert!(said.contains(name) && said.contains(why), "{said}");
        assert_eq!(fs::read(at(name)).unwrap(), before);
    }
    for path in [at("nowhere/bugs.db"), folder.path().to_str().unwrap().to_owned()] {
        assert!(refusal(&["--database", &path]).contains("cannot use the database"));
    }
    assert!(!Path::new(&at("nowhere")).exists());
}

#[test]
fn arguments_that_make_no_sense_are_refused() {
    for arguments in [
        &["--bugs", "-1"][..],
        &["--bugs", "many"],
        &["--bugs", "1000001"],
        &["--show", "some"],
        &["--show", ""],
        &["--seed", "1.5"],
        &["--store", "redis"],
        &["--store", "memory", "--database", "x.db"],
        &["--store", "postgres"],
        &["--store", "mysql", "--database", "x.db"],
        &["--store", "mysql", "--url", "postgres://127.0.0.1/x"],
        &["--store", "postgres", "--url", "postgres://127.0.0.1:1/x"],
        &["--url", "mysql://root@127.0.0.1/x"],
        &["--database", ""],
        &["bugs"],
    ] {
        let said = refusal(arguments);
        assert!(said.starts_with("error: "), "{arguments:?}: {said}");
    }
}

#[test]
fn a_reader_who_has_seen_enough_is_no_failure() {
    let mut command = program();
    command.args(["--bugs", "3000", "--show", "all"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert!(stderr(&output).starts_with("statements: "), "{}", stderr(&output));
}
