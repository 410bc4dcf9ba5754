//! Strings that mean something to somebody else (SQL, LIKE, JSON, C, Unicode), in every predicate and as keys: every
//! store finds what memory finds.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use persist::prelude::*;
use persist::{Error, Fault, Predicate};
use persist_tests::stores;
use persist_tests::tracker::*;

const STRINGS: [&str; 52] = [
    "",
    " ",
    "a",
    "A",
    "a ",
    " a",
    "aa",
    "'; DROP TABLE teams; --",
    "--",
    "/*",
    "*/",
    "%",
    "%%",
    "_",
    "a%",
    "a_",
    "\\",
    "\\\\",
    "\\%",
    "\\x00",
    "'",
    "''",
    "\"",
    "\"\"",
    "`",
    "$1",
    "?",
    "?1",
    ":a",
    "@a",
    "E'\\n'",
    "[",
    "]",
    "[1,2]",
    "{}",
    "{\"a\":1}",
    "\\u0041",
    "null",
    "NULL",
    "1",
    "1.0",
    "\n",
    "\r\n",
    "\t",
    "é",
    "e\u{301}",
    "\u{301}",
    "😀",
    "\u{7F}",
    "\u{D7FF}",
    "\u{E000}",
    "\u{10FFFF}",
];
const NULS: [&str; 5] = ["\0", "a\0", "\0a", "a\0b", "\0\0"];

#[derive(Debug, PartialEq, View)]
#[view(of = Team)]
struct TeamSize {
    name: String,
    #[view(count(members))]
    size: i64,
    #[view(limit = 1)]
    members: Vec<MemberName>,
}

type Make = fn(&str) -> Predicate<Team>;

fn predicates() -> Vec<(&'static str, Make)> {
    vec![
        ("eq", |s| team::motto.eq(s)),
        ("ne", |s| team::motto.ne(s)),
        ("lt", |s| team::motto.lt(s)),
        ("le", |s| team::motto.le(s)),
        ("gt", |s| team::motto.gt(s)),
        ("ge", |s| team::motto.ge(s)),
        ("is_in", |s| team::motto.is_in([s, "a"])),
        ("is_in, and NULL", |s| team::motto.is_in([Some(s.to_owned()), None])),
        ("starts_with", |s| team::motto.starts_with(s)),
        ("ends_with", |s| team::motto.ends_with(s)),
        ("contains", |s| team::motto.contains(s)),
        ("eq_ignore_ascii_case", |s| team::motto.eq_ignore_ascii_case(s)),
        ("starts_with_ignore_ascii_case", |s| team::motto.starts_with_ignore_ascii_case(s.to_uppercase())),
        ("ends_with_ignore_ascii_case", |s| team::motto.ends_with_ignore_ascii_case(s)),
        ("contains_ignore_ascii_case", |s| team::motto.contains_ignore_ascii_case(s)),
        ("not contains_ignore_ascii_case", |s| !team::motto.contains_ignore_ascii_case(s.to_lowercase())),
        ("gt its name", |s| team::name.eq(s) | team::motto.gt(team::name)),
        ("exists", |s| team::members.exists(member::team_name.eq(s))),
        ("not starts_with", |s| !team::motto.starts_with(s)),
        ("not ends_with", |s| !team::motto.ends_with(s)),
        ("not contains", |s| !team::motto.contains(s)),
        ("key eq", |s| team::name.eq(s)),
        ("key is_in", |s| team::name.is_in([s, "x"])),
        ("key contains", |s| team::name.contains(s)),
    ]
}

/// The strings, alone and inside others.
fn teams(strings: &[&str]) -> Vec<Team> {
    let mut teams = vec![Team { name: "no motto".into(), motto: None }];
    for (n, string) in strings.iter().enumerate() {
        let forms = [(*string).to_owned(), format!("x{string}y"), format!("{string}Z"), format!("é{string}")];
        for (form, motto) in forms.into_iter().enumerate() {
            teams.push(Team { name: format!("{n}.{form} {string}"), motto: Some(motto) });
        }
    }
    // As keys, too.
    teams.extend(strings.iter().map(|string| Team { name: (*string).to_owned(), motto: None }));
    teams
}

fn compare(strings: &[&str], mut fresh: stores::Fresh) {
    let mut memory = stores::memory();
    let teams = teams(strings);
    memory.context().insert_all(&teams).unwrap();
    fresh.context().insert_all(&teams).unwrap();
    let name = fresh.name();
    let (mut memory, mut other) = (memory.context(), fresh.context());
    assert_eq!(other.realise(Teams::all()).unwrap(), memory.realise(Teams::all()).unwrap(), "{name}");
    for string in strings {
        for (what, predicate) in predicates() {
            let group = Teams::all().filter(predicate(string)).order_by((team::motto.desc(), team::name.asc()));
            let group = group.view::<TeamName>();
            let expected = memory.realise(group.clone()).unwrap();
            assert_eq!(other.realise(group).unwrap(), expected, "{name}: {what} {string:?}");
        }
    }
    // As keys that lead on.
    let member = |(id, name): (i32, &&str)| Member {
        id,
        name: String::new(),
        rank: None,
        team_name: Some((*name).to_owned()),
        manager_id: None,
    };
    let members: Vec<_> = (0..).zip(strings).map(member).collect();
    memory.insert_all(&members).unwrap();
    other.insert_all(&members).unwrap();
    let cards = Members::all().view::<MemberCard>();
    let expected = memory.realise(cards.clone()).unwrap();
    assert!(expected.iter().zip(strings).all(|(card, name)| card.team.as_ref().is_some_and(|team| team.name == *name)));
    assert_eq!(other.realise(cards).unwrap(), expected, "{name}");
    let keys = Teams::from_keys(strings.iter().map(ToString::to_string));
    let both = (keys.view::<TeamSize>(), keys.members().count());
    let (sizes, count) = memory.realise(both.clone()).unwrap();
    let (other_sizes, other_count) = other.realise(both).unwrap();
    assert_eq!(count, other_count, "{name}");
    for (size, other) in sizes.iter().zip(&other_sizes) {
        assert_eq!(other, size, "{name}");
    }
    assert_eq!(sizes.len(), other_sizes.len(), "{name}");
}

#[test]
fn on_sqlite() {
    let all: Vec<_> = STRINGS.into_iter().chain(NULS).collect();
    compare(&all, stores::sqlite(TABLES));
}

/// Whatever the collation of the database is.
#[test]
fn on_postgresql() {
    let Some(fresh) = stores::postgres(TABLES) else { return };
    compare(&STRINGS, fresh);
    let mut fresh = stores::postgres(TABLES).unwrap();
    if fresh.rows_of("pg_collation WHERE collname = 'en_US.utf8' OR collname = 'en-x-icu'") > 0 {
        fresh.execute(
            "DO $$ BEGIN
                 ALTER TABLE teams ALTER name TYPE text COLLATE \"en-x-icu\", ALTER motto TYPE text COLLATE \"en-x-icu\";
             EXCEPTION WHEN undefined_object THEN
                 ALTER TABLE teams ALTER name TYPE text COLLATE \"en_US.utf8\", ALTER motto TYPE text COLLATE \"en_US.utf8\";
             END $$",
        );
        compare(&STRINGS, fresh);
    }
}

/// Whatever the collation of a column is; NULs are kept.
#[test]
fn on_mysql() {
    let all: Vec<_> = STRINGS.into_iter().chain(NULS).collect();
    for collation in ["", "COLLATE utf8mb4_bin", "COLLATE utf8mb4_general_ci", "COLLATE utf8mb4_unicode_ci"] {
        let Some(mut fresh) = stores::mysql(TABLES) else { return };
        fresh.execute(&format!("ALTER TABLE teams MODIFY motto LONGTEXT CHARACTER SET utf8mb4 {collation}"));
        compare(&all, fresh);
    }
}

/// Where columns have a collation that ignores case, and trailing blanks.
#[test]
fn on_sqlite_with_collations() {
    for collation in ["NOCASE", "RTRIM"] {
        let mut fresh = stores::sqlite(TABLES);
        fresh.execute(&format!(
            "DROP TABLE teams; CREATE TABLE teams (name TEXT NOT NULL PRIMARY KEY, motto TEXT COLLATE {collation});
             CREATE INDEX by_motto ON teams (motto);
             DROP TABLE members; CREATE TABLE members (id INTEGER PRIMARY KEY, name TEXT NOT NULL, rank INTEGER,
                 team_name TEXT COLLATE {collation}, manager_id INTEGER);
             CREATE INDEX by_team ON members (team_name)"
        ));
        compare(&STRINGS, fresh);
    }
}

/// PostgreSQL cannot keep a NUL: it says so, and finds nothing wrong in saying it.
#[test]
fn nul_on_postgresql() {
    let Some(mut fresh) = stores::postgres(TABLES) else { return };
    let mut context = fresh.context();
    let unsupported = |result: Result<(), Error>| match result {
        Err(Error::Store(error)) => {
            let Fault::Unsupported(words) = error.fault() else { panic!("{error}") };
            assert!(error.entity() == "Team" && words.contains("NUL"), "{error}");
        }
        other => panic!("{other:?}"),
    };
    unsupported(context.insert(&Team { name: "\0".into(), motto: None }));
    for (_, predicate) in predicates() {
        unsupported(context.realise(Teams::all().filter(predicate("\0"))).map(drop));
    }
    assert_eq!(context.realise(Teams::all()).unwrap(), []);
}
