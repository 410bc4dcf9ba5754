//! What is edited: rows with a key that the store makes, a guard, a counter, a revision, an invariant of two columns.

use crate::edit::{Changes, Transition};
use crate::prelude::*;

mod schema {
    diesel::table! {
        docs (id) { id -> Integer, title -> Text, body -> Nullable<Text>, heat -> Integer, state -> Nullable<Text>, }
    }
    diesel::table! {
        sheets (id) { id -> Integer, name -> Text, pages -> Integer, revision -> BigInt, }
    }
    diesel::table! {
        accounts (id) {
            id -> Integer, name -> Text, note -> Nullable<Text>, low -> Integer, high -> Integer,
            status -> Text, size -> Nullable<Integer>, hits -> Integer,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::docs, unique(title))]
pub(crate) struct Doc {
    #[entity(key, generated)]
    pub(crate) id: i32,
    pub(crate) title: String,
    pub(crate) body: Option<String>,
    pub(crate) heat: i32,
    #[entity(guard)]
    pub(crate) state: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::sheets)]
pub(crate) struct Sheet {
    #[entity(key)]
    pub(crate) id: i32,
    pub(crate) name: String,
    #[entity(counter(min = 0))]
    pub(crate) pages: i32,
    #[entity(lock)]
    pub(crate) revision: i64,
}

/// How far an account is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Scalar)]
pub(crate) enum Status {
    Queued,
    Saving,
    Active,
}

/// Together, `low` and `high` are at most 20; that is for the editors to keep.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::accounts, together(low, high))]
pub(crate) struct Account {
    #[entity(key)]
    pub(crate) id: i32,
    pub(crate) name: String,
    pub(crate) note: Option<String>,
    pub(crate) low: i32,
    pub(crate) high: i32,
    #[entity(guard = moves)]
    pub(crate) status: Status,
    pub(crate) size: Option<i32>,
    #[entity(counter(min = 0, max = 12))]
    pub(crate) hits: i32,
}

/// Whoever goes back to the queue has no size.
fn moves(from: &Status, to: &Status) -> Transition<Account> {
    match (from, to) {
        (Status::Queued, Status::Saving) | (Status::Saving, Status::Active) => Transition::allowed(),
        (_, Status::Queued) => Transition::with(Changes::new().set(account::size, None)),
        _ => Transition::refused(),
    }
}

/// A document as it is at first.
pub(crate) fn a_doc(id: i32) -> Doc {
    Doc { id, title: format!("doc {id}"), body: None, heat: 10, state: None }
}

/// An account as it is at first.
pub(crate) fn an_account(id: i32, status: Status) -> Account {
    let (name, note) = ("first".to_owned(), Some("old".to_owned()));
    Account { id, name, note, low: 5, high: 5, status, size: Some(7), hits: 5 }
}
