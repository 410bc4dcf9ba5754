//! Every store passes every case of the conformance suite, but for what is listed; and none is left out.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use persist::Table;
use persist::store::{Capabilities, Store};
use persist::testkit::conformance::{Case, Database, Exception, Matrix, References, Subject, Suite, Verdict, cases};
use persist_tests::conformance::{Documented, Log, MariaDb, Memory, PostgreSql, Sqlite};
use persist_tests::hooked::{Tamper, Tampered};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
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

mod shelf {
    persist::testkit::conformance!(super::Documented);
}

type Proven = (&'static str, fn() -> Suite);

/// Each module above, with its suite. Those of Diesel's backends are called after the file of the dialect.
const STORES: [Proven; 6] = [
    ("memory", memory::suite),
    ("sqlite", sqlite::suite),
    ("postgres", postgres::suite),
    ("mysql", mysql::suite),
    ("log", log::suite),
    ("shelf", shelf::suite),
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

/// Memory, but for what is done with the rows that it gives.
struct Wrong(Tamper);

impl Subject for Wrong {
    fn name(&self) -> &str {
        "wrong"
    }

    fn capabilities(&self) -> Capabilities {
        Memory.capabilities()
    }

    fn fresh(&self, tables: &[&'static Table], references: References) -> Option<Box<dyn Database>> {
        Some(Box::new(WrongDatabase(Memory.fresh(tables, references)?, self.0)))
    }
}

struct WrongDatabase(Box<dyn Database>, Tamper);

impl Database for WrongDatabase {
    fn connect(&self) -> Box<dyn Store + '_> {
        Box::new(Tampered { inner: self.0.connect(), tamper: self.1 })
    }
}

fn passes(suite: &Suite, case: &Case) -> bool {
    catch_unwind(AssertUnwindSafe(|| suite.check(case))).is_ok()
}

/// What a store does wrong, cases see.
#[test]
fn a_store_that_errs_does_not_pass() {
    let wrongs: [(Tamper, &[Case]); 3] = [
        (
            |_, mut rows| {
                rows.pop();
                rows
            },
            &[cases::values::texts, cases::predicates::nulls, cases::cuts::limit_and_offset, cases::edits::sums],
        ),
        (
            |_, rows| rows.into_iter().rev().collect(),
            &[cases::orders::ties, cases::orders::nulls, cases::pages::of_columns, cases::chance::groups_and_views],
        ),
        (
            |fetch, rows| if fetch.keyed.is_some() { Vec::new() } else { rows },
            &[cases::relations::has_many, cases::trees::to_a_depth, cases::capabilities::as_declared],
        ),
    ];
    for (tamper, seen) in wrongs {
        let suite = Suite::new(Wrong(tamper), &[]);
        for case in seen {
            assert!(!passes(&suite, case), "{case:?} sees nothing");
        }
    }
}

/// An exception stands for a case that fails: while it does, it is listed, and then it has to go.
#[test]
fn an_exception_does_not_outlive_its_reason() {
    const EXCEPTIONS: &[Exception] = &[Exception::new(&cases::orders::nulls, "it turns the rows round")];
    let wrong = Suite::new(Wrong(|_, rows| rows.into_iter().rev().collect()), EXCEPTIONS);
    assert_eq!(wrong.check(&cases::orders::nulls), Verdict::Excepted("it turns the rows round"));
    assert!(Matrix(&[wrong]).missing().contains(&"wrong: orders::nulls: it turns the rows round".to_owned()));
    assert!(!passes(&Suite::new(Memory, EXCEPTIONS), &cases::orders::nulls));
}
