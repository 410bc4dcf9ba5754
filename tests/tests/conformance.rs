//! Every store passes every case of the conformance suite, but for what is listed; and none is left out.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use persist::testkit::conformance::{Case, Matrix, Suite, Verdict};
use persist_tests::conformance::{Log, MariaDb, Memory, PostgreSql, Sqlite};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

mod memory {
    persist::testkit::conformance!(super::Memory);
}

mod sqlite {
    persist::testkit::conformance!(super::Sqlite);
}

mod postgres {
    persist::testkit::conformance!(super::PostgreSql);
}

mod mysql {
    persist::testkit::conformance!(super::MariaDb);
}

mod log {
    persist::testkit::conformance!(super::Log);
}

type Store = (&'static str, fn() -> Suite);

/// Each module above, with its suite. Those of Diesel's backends are called after the file of the dialect.
const STORES: [Store; 5] = [
    ("memory", memory::suite),
    ("sqlite", sqlite::suite),
    ("postgres", postgres::suite),
    ("mysql", mysql::suite),
    ("log", log::suite),
];

fn suites() -> Vec<Suite> {
    STORES.iter().map(|(_, suite)| suite()).collect()
}

/// The tests of this very program, by the harness that runs them; with `more` as its arguments.
fn tests(more: &[&str]) -> BTreeSet<String> {
    let program = std::env::current_exe().unwrap();
    let listed = Command::new(program).args(["--list", "--format", "terse"]).args(more).output().unwrap();
    let text = String::from_utf8(listed.stdout).unwrap();
    text.lines().filter_map(|line| line.strip_suffix(": test")).map(str::to_owned).collect()
}

/// V7: a store that does not run the suite, or a case that a store does not run, is a failure.
#[test]
fn every_case_is_a_test_of_every_store() {
    let (tests, ignored) = (tests(&[]), tests(&["--ignored"]));
    assert!(tests.contains("every_case_is_a_test_of_every_store"), "the harness lists what there is");
    for (module, _) in STORES {
        for case in Case::ALL {
            let name = format!("{module}::{case:?}");
            assert!(tests.contains(&name), "{name} is not run");
            assert!(!ignored.contains(&name), "{name} is ignored: list it as an exception, with the reason");
        }
    }
    let of_stores = STORES.len() * Case::ALL.len();
    assert_eq!(tests.iter().filter(|name| name.matches("::").count() == 2).count(), of_stores, "no others");
}

/// Each dialect is a store that is tested: a new one is told here that it is not.
#[test]
fn every_dialect_is_tested() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../persist-runtime/src/store/diesel");
    let mut dialects = BTreeSet::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() && std::fs::read_to_string(&path).unwrap().contains("\nimpl Dialect for ") {
            dialects.insert(path.file_stem().unwrap().to_str().unwrap().to_owned());
        }
    }
    let tested: BTreeSet<_> = STORES.iter().map(|(module, _)| (*module).to_owned()).collect();
    assert!(dialects.len() >= 3 && dialects.is_subset(&tested), "{dialects:?} are to be tested, {tested:?} are");
}

/// What is said of a store is what the store says of itself.
#[test]
fn exceptions_are_few_and_have_reasons() {
    let suites = suites();
    let matrix = Matrix(&suites);
    println!("{matrix}\n{}\n{}", matrix.by_room(), matrix.missing().join("\n"));
    let memory = &suites[0];
    let passed = |suite: &Suite| Case::ALL.iter().filter(|case| suite.expected(case) == Verdict::Passes).count();
    for case in Case::ALL {
        let verdict = memory.expected(case);
        assert!(matches!(verdict, Verdict::Passes | Verdict::Lacks(_)), "memory is the reference: {case:?}");
    }
    assert!(suites.iter().all(|suite| passed(suite) * 2 > Case::ALL.len()));
}

/// The README shows what is proven, and no more.
#[test]
fn the_table_of_the_readme_is_this_one() {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md")).unwrap();
    let suites = suites();
    let table = Matrix(&suites[..4]).by_room();
    assert!(readme.contains(&table), "put this into the README:\n\n{table}");
}
