//! Editors of one row, interleaved at every step, on every store: each history is what the changes make of the row in the
//! order of the saves, and whoever cannot be part of that is told so.
//!
//! The model here knows no stores: a row, what an editor read, and what one change does.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use persist::prelude::*;
use persist::{Changes, Conflict, Context, Edit, Error, Table, Transition};
use persist_tests::stores::{self, Fresh};

mod schema {
    diesel::table! { accounts (id) {
        id -> Integer, name -> Text, note -> Nullable<Text>, low -> Integer, high -> Integer,
        status -> Text, size -> Nullable<Integer>, hits -> Integer,
    } }
    diesel::table! { papers (id) { id -> Integer, revision -> Integer, name -> Text, note -> Nullable<Text>, } }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Scalar)]
enum Status {
    Queued,
    Saving,
    Active,
}

/// Together, `low` and `high` are at most 20; that is for the editors to keep.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::accounts, together(low, high))]
struct Account {
    #[entity(key)]
    id: i32,
    name: String,
    note: Option<String>,
    low: i32,
    high: i32,
    #[entity(guard = moves)]
    status: Status,
    size: Option<i32>,
    #[entity(counter(min = 0, max = 12))]
    hits: i32,
}

/// Whoever goes back to the queue has no size.
fn moves(from: &Status, to: &Status) -> Transition<Account> {
    match (from, to) {
        (Status::Queued, Status::Saving) | (Status::Saving, Status::Active) => Transition::allowed(),
        (_, Status::Queued) => Transition::with(Changes::new().set(account::size, None)),
        _ => Transition::refused(),
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::papers)]
struct Paper {
    #[entity(key)]
    id: i32,
    #[entity(lock)]
    revision: i32,
    name: String,
    note: Option<String>,
}

/// What one editor does between its load and its save.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Rename(&'static str),
    Note(Option<&'static str>),
    Low(i32),
    High(i32),
    Become(Status),
    Hits(i32),
    AddHits(i32),
    /// Decides by the name, and writes the note.
    NoteIfStillNamed(&'static str),
    RenameIfUntouched(&'static str),
    Two(&'static str, &'static str),
    Delete,
    /// Without a load.
    Patch(&'static str),
}

const ACTS: &[Act] = &[
    Act::Rename("mine"),
    Act::Rename("first"),
    Act::Note(None),
    Act::Note(Some("new")),
    Act::Low(15),
    Act::High(15),
    Act::Become(Status::Saving),
    Act::Become(Status::Active),
    Act::Become(Status::Queued),
    Act::Hits(9),
    Act::AddHits(4),
    Act::AddHits(-4),
    Act::NoteIfStillNamed("seen"),
    Act::RenameIfUntouched("compared"),
    Act::Two("two", "notes"),
    Act::Delete,
    Act::Patch("patched"),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    Saved,
    Gone,
    Conflict,
    Refused,
}

fn said(result: Result<(), Error>) -> Said {
    match result {
        Ok(()) => Said::Saved,
        Err(Error::Refused(_)) => Said::Refused,
        Err(error) => match error.conflicts() {
            [Conflict::Gone { .. }] => Said::Gone,
            [_] => Said::Conflict,
            _ => panic!("{error}"),
        },
    }
}

fn first(status: Status) -> Account {
    let (name, note) = ("first".to_owned(), Some("old".to_owned()));
    Account { id: 1, name, note, low: 5, high: 5, status, size: Some(7), hits: 5 }
}

/// What is changed in hand.
fn act(edit: &mut Edit<Account>, act: Act) {
    let text = |text: &str| text.to_owned();
    match act {
        Act::Rename(name) => edit.name = text(name),
        Act::Note(note) => edit.note = note.map(text),
        Act::Low(low) if low + edit.high <= 20 => edit.low = low,
        Act::High(high) if high + edit.low <= 20 => edit.high = high,
        Act::Become(status) => edit.status = status,
        Act::Hits(hits) => edit.hits = hits,
        Act::AddHits(more) => Edit::add(edit, account::hits, more),
        Act::NoteIfStillNamed(note) => {
            Edit::observe(edit, account::name);
            edit.note = Some(text(note));
        }
        Act::RenameIfUntouched(name) => {
            Edit::compare(edit);
            edit.name = text(name);
        }
        Act::Two(name, note) => (edit.name, edit.note) = (text(name), Some(text(note))),
        Act::Low(_) | Act::High(_) | Act::Delete | Act::Patch(_) => {}
    }
}

/// The same of the model's row, for an editor that read `read`.
fn model(row: &mut Option<Account>, read: &Account, act: Act) -> Said {
    let mut mine = Edit::from(read.clone());
    if let Act::AddHits(more) = act {
        mine.hits += more;
    } else if !matches!(act, Act::NoteIfStillNamed(_) | Act::RenameIfUntouched(_)) {
        self::act(&mut mine, act);
    }
    let mine = match act {
        Act::NoteIfStillNamed(note) => Account { note: Some(note.to_owned()), ..read.clone() },
        Act::RenameIfUntouched(name) | Act::Patch(name) => Account { name: name.to_owned(), ..read.clone() },
        _ => Edit::into_inner(mine),
    };
    let moved = (read.status, mine.status);
    let allowed = matches!(moved, (Status::Queued, Status::Saving) | (Status::Saving, Status::Active))
        || moved.0 == moved.1
        || moved.1 == Status::Queued;
    if !allowed {
        return Said::Refused;
    }
    let asks = matches!(act, Act::NoteIfStillNamed(_) | Act::Patch(_) | Act::Delete);
    if mine == *read && !asks {
        return Said::Saved;
    }
    let Some(now) = row else { return Said::Gone };
    let expected = match act {
        Act::NoteIfStillNamed(_) => now.name == read.name,
        Act::RenameIfUntouched(_) => mine.name == read.name || now.name == read.name,
        Act::Low(_) | Act::High(_) => (now.low, now.high) == (read.low, read.high),
        Act::Become(_) => now.status == read.status,
        Act::Hits(_) | Act::AddHits(_) => (0..=12).contains(&(now.hits + mine.hits - read.hits)),
        _ => true,
    };
    if !expected {
        return Said::Conflict;
    }
    match act {
        Act::Delete => *row = None,
        Act::Rename(_) | Act::RenameIfUntouched(_) | Act::Patch(_) => now.name = mine.name,
        // Nothing to write: that the name is as it was is all that is looked at.
        Act::NoteIfStillNamed(_) if mine.note == read.note => {}
        Act::Note(_) | Act::NoteIfStillNamed(_) => now.note = mine.note,
        Act::Two(..) => (now.name, now.note) = (mine.name, mine.note),
        Act::Low(_) | Act::High(_) => (now.low, now.high) = (mine.low, mine.high),
        Act::Become(status) => {
            now.status = status;
            now.size = now.size.filter(|_| status != Status::Queued);
        }
        Act::Hits(_) | Act::AddHits(_) => now.hits += mine.hits - read.hits,
    }
    Said::Saved
}

/// Every order of the steps of `editors` editors of two steps each: the number of an editor stands there twice.
fn orders(editors: usize) -> Vec<Vec<usize>> {
    fn go(left: &mut Vec<u8>, order: &mut Vec<usize>, all: &mut Vec<Vec<usize>>) {
        if order.len() == left.len() * 2 {
            all.push(order.clone());
        }
        for editor in 0..left.len() {
            if left[editor] > 0 {
                left[editor] -= 1;
                order.push(editor);
                go(left, order, all);
                order.pop();
                left[editor] += 1;
            }
        }
    }
    let mut all = Vec::new();
    go(&mut vec![2; editors], &mut Vec::new(), &mut all);
    all
}

/// One history on one store, beside the model.
fn history(context: &mut Context<'_>, key: i32, acts: &[Act], order: &[usize], start: Status) {
    let first = Account { id: key, ..first(start) };
    context.insert(&first).unwrap();
    let mut row = Some(first.clone());
    let mut edits: Vec<Option<Edit<Account>>> = acts.iter().map(|_| None).collect();
    let mut read = vec![None; acts.len()];
    let mut loaded = vec![false; acts.len()];
    for editor in order {
        let told = || format!("{acts:?} in the order {order:?}, at {editor}, from {start:?}");
        if !std::mem::replace(&mut loaded[*editor], true) {
            read[*editor] = row.clone();
            edits[*editor] = match context.edit::<Account>(key) {
                Ok(edit) => Some(edit),
                Err(error) => {
                    assert!(row.is_none() && matches!(error.conflicts(), [Conflict::Gone { .. }]), "{}", told());
                    None
                }
            };
            continue;
        }
        let now = acts[*editor];
        if let Act::Patch(name) = now {
            let outcome = said(context.apply(key, Changes::<Account>::new().set(account::name, name)));
            assert_eq!(outcome, model(&mut row, &first, now), "{}", told());
            continue;
        }
        let (Some(mut edit), Some(read)) = (edits[*editor].take(), read[*editor].take()) else { continue };
        act(&mut edit, now);
        let outcome = match now {
            Act::Delete => said(context.delete(&edit)),
            _ => said(context.save(&mut edit)),
        };
        assert_eq!(outcome, model(&mut row, &read, now), "{}", told());
        if outcome == Said::Saved && now != Act::Delete && Edit::into_inner(edit.clone()) != read {
            assert_eq!(Some(&*edit), row.as_ref(), "in hand is what is stored: {}", told());
        }
    }
    let stored = context.realise(Accounts::from_keys([key])).unwrap().into_iter().next();
    assert_eq!(stored, row, "{acts:?} in the order {order:?}");
    assert!(stored.is_none_or(|row| row.low + row.high <= 20), "{acts:?} in the order {order:?}");
    // Memory looks at all rows of a table: there is one at a time.
    if row.is_some() {
        context.delete_key::<Account>(key).unwrap();
    }
}

const TABLES: &[&Table] = &[Account::TABLE, Paper::TABLE];
const STARTS: [Status; 3] = [Status::Queued, Status::Saving, Status::Active];

#[test]
fn two_editors_at_every_step() {
    let orders = orders(2);
    for mut store in stores::every(TABLES) {
        // A share there, where each commit waits for the disk; each order comes with each act.
        let share = if store.name() == "MySQL" { 7 } else { 1 };
        let mut context = store.context();
        let mut key = 0;
        for one in ACTS {
            for two in ACTS {
                for order in &orders {
                    key += 1;
                    if key % share == 0 {
                        history(&mut context, key, &[*one, *two], order, STARTS[key as usize % 3]);
                    }
                }
            }
        }
    }
}

/// A share of all histories of three editors: one in `every`, spread evenly.
fn three(store: &mut Fresh, every: usize) {
    let (orders, mut context) = (orders(3), store.context());
    let triples = ACTS.iter().flat_map(|a| ACTS.iter().flat_map(move |b| ACTS.iter().map(move |c| [*a, *b, *c])));
    let histories = triples.flat_map(|acts| orders.iter().map(move |order| (acts, order)));
    for (number, (acts, order)) in histories.step_by(every).enumerate() {
        history(&mut context, number as i32, &acts, order, STARTS[number % 3]);
    }
}

#[test]
fn three_editors_at_every_step() {
    for mut store in stores::every(TABLES) {
        // Neither number divides the number of orders: each order comes with each act.
        let every = if store.name() == "memory" { 19 } else { 211 };
        three(&mut store, every);
    }
}

/// A revision refuses whoever read before another wrote, whatever they wrote; then their changes go onto it.
#[test]
fn a_revision_serialises_all_editors() {
    for mut store in stores::every(TABLES) {
        let name = store.name();
        let mut context = store.context();
        context.insert(&Paper { id: 1, revision: 1, name: "first".into(), note: None }).unwrap();
        let (mut one, mut two) = (context.edit::<Paper>(1).unwrap(), context.edit::<Paper>(1).unwrap());
        one.name = "one".into();
        two.note = Some("two".into());
        context.save(&mut one).unwrap();
        assert_eq!(one.revision, 2, "{name}");
        let error = context.save(&mut two).unwrap_err();
        let [Conflict::Revision { expected, actual, theirs, .. }] = error.conflicts() else {
            panic!("{name}: {error}")
        };
        assert_eq!((expected.to_string(), actual.to_string()), ("1".into(), "2".into()), "{name}");
        assert_eq!(theirs.as_slice(), [("name", "one".into())], "{name}");
        assert_eq!(two.note.as_deref(), Some("two"), "still in hand");
        context.merge(&mut two).unwrap();
        let both = Paper { id: 1, revision: 3, name: "one".into(), note: Some("two".into()) };
        assert_eq!(*two, both, "{name}");
        assert_eq!(context.realise(Papers::all()).unwrap(), [both], "{name}");
    }
}
