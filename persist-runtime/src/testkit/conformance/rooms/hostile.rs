//! Strings that mean something to somebody else (SQL, LIKE, JSON, C, Unicode), in every predicate and as keys; and lists of
//! keys that are longer than a statement.

use super::super::domain::*;
use super::super::trial::{Trial, memory};
use crate::Predicate;
use crate::context::{Context, Error};
use crate::prelude::*;
use crate::store::{Capability, Lack, StoreError};
use uuid::Uuid;

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

fn compare(at: &Trial<'_>, strings: &[&str]) {
    let place = at.place(&[Team::TABLE, Member::TABLE]);
    let (memory, other) = (&mut memory(), &mut place.context());
    let teams = teams(strings);
    memory.insert_all(&teams).unwrap();
    other.insert_all(&teams).unwrap();
    assert_eq!(other.realise(Teams::all()).unwrap(), memory.realise(Teams::all()).unwrap());
    for string in strings {
        for (what, predicate) in predicates() {
            let group = Teams::all().filter(predicate(string)).order_by((team::motto.desc(), team::name.asc()));
            let group = group.view::<TeamName>();
            let expected = memory.realise(group.clone()).unwrap();
            assert_eq!(other.realise(group).unwrap(), expected, "{what} {string:?}");
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
    assert_eq!(other.realise(cards).unwrap(), expected);
    let keys = Teams::from_keys(strings.iter().map(ToString::to_string));
    let both = (keys.view::<TeamSize>(), keys.members().count());
    let (sizes, count) = memory.realise(both.clone()).unwrap();
    let (other_sizes, other_count) = other.realise(both).unwrap();
    assert_eq!(count, other_count);
    for (size, other) in sizes.iter().zip(&other_sizes) {
        assert_eq!(other, size);
    }
    assert_eq!(sizes.len(), other_sizes.len());
}

/// In every predicate, as keys, and as references.
pub(crate) fn strings(at: &Trial<'_>) {
    compare(at, &STRINGS);
}

/// With NULs in them.
pub(crate) fn strings_with_nul(at: &Trial<'_>) {
    compare(at, &NULS);
}

/// Lists of keys and values that are longer than a statement can hold.
pub(crate) fn long_lists(at: &Trial<'_>) {
    let place = at.place(&[Team::TABLE, Member::TABLE, Task::TABLE]);
    let context = &mut place.context();
    let data = data::Data::of(40);
    context.insert_all(&data.tasks).unwrap();
    let keys = || (0..40_000).rev().map(task_id);
    assert_eq!(context.realise(Tasks::from_keys(keys())).unwrap(), data.tasks);
    let warm = data.tasks.iter().filter(|task| task.heat >= 3).count() as u64;
    assert_eq!(context.realise(Tasks::all().filter(task::heat.is_in(3..70_000)).count()).unwrap(), warm);
    assert_eq!(context.realise(Tasks::all().filter(!task::id.is_in(keys().take(39_999))).count()).unwrap(), 1);
    let titles = (0..20_000).map(|n| format!("task {n}"));
    let both = task::title.is_in(titles) & task::id.is_in([Uuid::max()].into_iter().chain(keys()));
    assert_eq!(context.realise(Tasks::all().filter(both).count()).unwrap(), 40);
    let cut = Tasks::from_keys(keys()).order_by(task::heat.desc()).limit(5);
    assert_eq!(context.realise(&cut).unwrap().iter().map(|task| task.heat).collect::<Vec<_>>(), [16, 16, 15, 15, 14]);
}

/// What is nested deep, and what has many parts.
pub(crate) fn large_conditions(at: &Trial<'_>) {
    let place = at.place(&[Task::TABLE]);
    let context: &mut Context<'_> = &mut place.context();
    let data = data::Data::of(40);
    context.insert_all(&data.tasks).unwrap();
    let mut either = task::heat.eq(-1);
    let mut nested = task::heat.ge(0);
    for heat in 0..60 {
        either = either | (task::heat.eq(heat) & task::title.ne(format!("{heat}")));
        nested = !(nested & task::heat.ne(1_000 + heat));
    }
    assert_eq!(context.realise(Tasks::all().filter(either).count()).unwrap(), 40);
    assert_eq!(context.realise(Tasks::all().filter(nested).count()).unwrap(), 40);
}

/// A value that the store cannot keep is refused where it is looked for too, before anything is read.
pub(crate) fn refused_strings(at: &Trial<'_>) {
    let place = at.place(&[Team::TABLE]);
    let context = &mut place.context();
    let team = Team { name: "a\0b".into(), motto: None };
    let refused = match context.insert(&team) {
        Ok(()) => return assert_eq!(context.realise(Teams::all()).unwrap(), [team]),
        Err(Error::Store(error)) => error,
        Err(other) => panic!("{other}"),
    };
    let lacking = |error: &StoreError| error.lack().map(Lack::capability);
    assert_eq!((refused.entity(), lacking(&refused)), ("Team", Some(Capability::Nul)), "{refused}");
    for (_, predicate) in predicates() {
        let looked = context.realise(Teams::all().filter(predicate("\0"))).map(drop);
        let Err(Error::Store(error)) = looked else { panic!("{looked:?}") };
        // What looks for it may be lacking too.
        assert!(lacking(&error).is_some_and(|lacking| !at.subject.capabilities().has(lacking)), "{error}");
    }
    assert_eq!(context.realise(Teams::all()).unwrap(), []);
}
