//! Editors of one row, each on a connection of its own, interleaved at every step: each history is what the changes make of
//! the row in the order of the saves, and whoever cannot be part of that is told so.
//!
//! The model here knows no stores: a row, what an editor read, and what one change does.

use super::super::domain::docs::*;
use super::super::trial::Trial;
use crate::Entity;
use crate::context::{Context, Error};
use crate::edit::{Changes, Conflict, Edit};

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
fn history(contexts: &mut [Context<'_>], key: i32, acts: &[Act], order: &[usize], start: Status) {
    let first = an_account(key, start);
    contexts[0].insert(&first).unwrap();
    let mut row = Some(first.clone());
    let mut edits: Vec<Option<Edit<Account>>> = acts.iter().map(|_| None).collect();
    let mut read = vec![None; acts.len()];
    let mut loaded = vec![false; acts.len()];
    for editor in order {
        let context = &mut contexts[*editor];
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
    let context = &mut contexts[0];
    let stored = context.realise(Accounts::from_keys([key])).unwrap().into_iter().next();
    assert_eq!(stored, row, "{acts:?} in the order {order:?}");
    assert!(stored.is_none_or(|row| row.low + row.high <= 20), "{acts:?} in the order {order:?}");
    // Some stores look at all rows of a table: there is one at a time.
    if row.is_some() {
        context.delete_key::<Account>(key).unwrap();
    }
}

/// A share of all histories of so many editors: one in `every`, spread evenly.
fn share(at: &Trial<'_>, editors: usize, every: usize) {
    const STARTS: [Status; 3] = [Status::Queued, Status::Saving, Status::Active];
    let place = at.place(&[Account::TABLE]);
    let mut contexts: Vec<_> = (0..editors).map(|_| place.context()).collect();
    let orders = orders(editors);
    let count = u32::try_from(editors).unwrap();
    let all = ACTS.len().pow(count) * orders.len();
    for (number, history_at) in (0..all).step_by(every).enumerate() {
        let (mut left, order) = (history_at / orders.len(), &orders[history_at % orders.len()]);
        let mut acts = Vec::new();
        for _ in 0..editors {
            acts.push(ACTS[left % ACTS.len()]);
            left /= ACTS.len();
        }
        history(
            &mut contexts,
            i32::try_from(number).unwrap(),
            &acts,
            order,
            STARTS[(number + history_at / orders.len()) % 3],
        );
    }
}

/// Two editors: an act of each, in every order of their steps.
pub(crate) fn of_two_editors(at: &Trial<'_>) {
    share(at, 2, 1);
}

/// Three editors: a share that divides neither the number of acts nor of orders, so that each order comes with each act.
pub(crate) fn of_three_editors(at: &Trial<'_>) {
    share(at, 3, 101);
}
