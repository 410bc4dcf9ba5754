//! The program, as a shell runs it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::Small;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn chinook(database: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chinook"));
    command.arg(database).args(arguments);
    command
}

fn run(database: &Path, arguments: &[&str]) -> Output {
    chinook(database, arguments).output().unwrap()
}

/// What the program says as it refuses.
fn refusal(database: &Path) -> String {
    let output = run(database, &["artists"]);
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(1), &b""[..]));
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn csv_goes_out_and_the_statements_are_told_last() {
    let small = Small::new();
    let output = run(&small.path(), &["artists", "--csv"]);
    let expected = "ArtistId,Name,albums,tracks,ms,genres\n\
                    1,AC/DC,2,3,4000000003,2\n\
                    2,\"Antônio \"\"Tom\"\" Jobim\",1,0,0,0\n\
                    7,\"\",1,1,7,1\n\
                    9,\"Guns N' Roses, live\",0,0,0,0\n\
                    30,,1,2,9,1\n";
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "statements: 4, rounds: 4\n");
    assert!(output.status.success());
}

#[test]
fn without_csv_a_report_is_a_table() {
    let output = run(&Small::new().path(), &["employees"]);
    let expected = [
        " EmployeeId   LastName   manager   reports   customers   invoices   total",
        "──────────────────────────────────────────────────────────────────────────",
        "          1   Adams                      1           0          0    0.00",
        "          2   Edwards    Adams           2           0          0    0.00",
        "          3   Peacock    Edwards         0           2          4   15.15",
        "          4   Park       Edwards         0           1          2    3.98",
    ];
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().collect::<Vec<_>>(), expected);
}

#[test]
fn a_missing_file_is_not_created() {
    let small = Small::new();
    let missing = small.path().with_file_name("missing.db");
    assert!(refusal(&missing).contains("missing.db: No such file"));
    assert!(!missing.exists());
    assert!(refusal(missing.parent().unwrap()).contains("this is not a file"));
}

#[test]
fn another_kind_of_file_is_refused() {
    let small = Small::new();
    let letter = small.path().with_file_name("letter.txt");
    fs::write(&letter, "Dear Sir or Madam, ".repeat(1000)).unwrap();
    let message = refusal(&letter);
    assert!(message.contains("letter.txt: reading `Artist`: file is not a database"), "{message}");
}

#[test]
fn another_kind_of_database_is_refused() {
    let small = Small::new();
    small.execute("ALTER TABLE Genre RENAME TO Kind");
    let message = refusal(&small.path());
    assert!(message.contains("not a Chinook database: reading `Genre`: there is no table `Genre`"), "{message}");
    small.execute("ALTER TABLE Track RENAME COLUMN Milliseconds TO Seconds");
    let message = refusal(&small.path());
    assert!(message.contains("there is no column `Milliseconds`"), "{message}");
}

#[test]
fn null_where_a_value_is_promised_is_an_error_that_names_the_row() {
    let small = Small::new();
    small.execute("UPDATE Track SET Milliseconds = NULL WHERE TrackId IN (3, 5)");
    let message = refusal(&small.path());
    let field = "Track 3, field `milliseconds` (column `Milliseconds`) of `Recording`";
    for part in ["2 rows do not fit", field, "Track 5", "is NULL"] {
        assert!(message.contains(part), "{part:?} in {message}");
    }
}

#[test]
fn a_total_that_no_decimal_holds_is_an_error() {
    let small = Small::new();
    small.execute("UPDATE Invoice SET Total = 7e28");
    let output = run(&small.path(), &["employees"]);
    assert_eq!(output.status.code(), Some(1));
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(message.contains("Employee 3: the invoices amount to more than a decimal holds"), "{message}");
}

#[test]
fn a_closed_pipe_is_no_reason_to_panic() {
    let small = Small::new();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = chinook(&small.path(), &["employees"]);
    let output = command.stdout(writer).stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stderr), "statements: 5, rounds: 3\n");
}
