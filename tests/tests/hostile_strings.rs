//! Hostile strings where columns have other collations than those that persist would give them: what is found is the same.
//! On tables that it makes itself, the conformance suite looks.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use persist::store::{Capabilities, Capability};
use persist::testkit::conformance::{Suite, Verdict, cases};
use persist_tests::conformance::Altered;
use persist_tests::stores;

/// Strings in every predicate, as keys and as references.
fn pass(altered: Altered) {
    let has_nul = altered.capabilities.has(Capability::Nul);
    let name = altered.name;
    let suite = Suite::new(altered, &[]);
    let nul = if has_nul { Verdict::Passes } else { Verdict::Lacks(Capability::Nul) };
    for (case, expected) in [(&cases::hostile::strings, Verdict::Passes), (&cases::hostile::strings_with_nul, nul)] {
        let verdict = suite.check(case);
        assert!(verdict == expected || verdict == Verdict::NotRun, "{name}: {verdict:?}");
    }
}

/// Whatever the collation of the database is: a server has one or the other of a language.
#[test]
fn on_postgres() {
    let alter = |collation| {
        let text = format!("TYPE text COLLATE \"{collation}\"");
        format!("ALTER TABLE teams ALTER name {text}, ALTER motto {text}; ALTER TABLE members ALTER team_name {text}")
    };
    let sql = format!(
        "DO $$ BEGIN {}; EXCEPTION WHEN undefined_object THEN {}; END $$",
        alter("en-x-icu"),
        alter("en_US.utf8")
    );
    let Some(mut fresh) = stores::postgres(&[]) else { return };
    if fresh.rows_of("pg_collation WHERE collname IN ('en_US.utf8', 'en-x-icu')") > 0 {
        let capabilities = Capabilities::ALL.without(Capability::Nul);
        pass(Altered { name: "PostgreSQL, in English", fresh: stores::postgres, sql, capabilities });
    }
}

/// Whatever the collation of a column is; NULs are kept.
#[test]
fn on_mysql() {
    for collation in ["utf8mb4_bin", "utf8mb4_general_ci", "utf8mb4_unicode_ci"] {
        let sql = format!("ALTER TABLE teams MODIFY motto LONGTEXT CHARACTER SET utf8mb4 COLLATE {collation}");
        pass(Altered { name: collation, fresh: stores::mysql, sql, capabilities: Capabilities::ALL });
    }
}

/// Where columns have a collation that ignores case, or trailing blanks.
#[test]
fn on_sqlite() {
    for collation in ["NOCASE", "RTRIM"] {
        let sql = format!(
            "DROP TABLE teams; CREATE TABLE teams (name TEXT NOT NULL PRIMARY KEY, motto TEXT COLLATE {collation});
             CREATE INDEX by_motto ON teams (motto);
             DROP TABLE members; CREATE TABLE members (id INTEGER PRIMARY KEY, name TEXT NOT NULL, rank INTEGER,
                 team_name TEXT COLLATE {collation}, manager_id INTEGER);
             CREATE INDEX by_team ON members (team_name)"
        );
        let capabilities = Capabilities::ALL.without(Capability::Nul);
        pass(Altered { name: collation, fresh: |tables| Some(stores::sqlite_file(tables)), sql, capabilities });
    }
}
