//! The cases, room by room. Each is a function over a [`Trial`](super::trial::Trial), listed in `registry.rs`.

pub(super) mod algebra;
pub(super) mod capabilities;
pub(super) mod chance;
pub(super) mod collections;
pub(super) mod cuts;
pub(super) mod documents;
pub(super) mod edits;
pub(super) mod figures;
pub(super) mod histories;
pub(super) mod hostile;
pub(super) mod inserts;
pub(super) mod mixed;
pub(super) mod orders;
pub(super) mod pages;
pub(super) mod predicates;
pub(super) mod relations;
pub(super) mod scopes;
pub(super) mod transactions;
pub(super) mod trees;
pub(super) mod values;
pub(super) mod works;

use super::domain::data::Data;
use super::domain::{Member, TABLES, Task};
use super::trial::{Place, Trial};
use crate::Entity;
use crate::context::Error;
use crate::edit::Conflict;

/// A place with `n` tasks, `n` members and all that belongs to them, and what is in it.
fn filled(at: &Trial<'_>, n: u32) -> (Place, Data) {
    let (place, data) = (at.place(TABLES), Data::of(n));
    data.insert(&mut place.context()).unwrap();
    (place, data)
}

/// The keys of rows.
fn keys<'e, E: Entity>(rows: impl IntoIterator<Item = &'e E>) -> Vec<E::Key> {
    rows.into_iter().map(Entity::key).collect()
}

/// The rows that satisfy a test, in their order.
fn those<E: Clone>(rows: &[E], test: impl Fn(&E) -> bool) -> Vec<E> {
    rows.iter().filter(|row| test(row)).cloned().collect()
}

fn owner<'d>(data: &'d Data, task: &Task) -> &'d Member {
    &data.members[usize::try_from(task.owner_id).unwrap()]
}

/// The first of the conflicts that a write met.
fn conflict<T: std::fmt::Debug>(result: Result<T, Error>) -> Conflict {
    match result {
        Err(Error::Conflicts(conflicts)) => conflicts.all()[0].clone(),
        other => panic!("no conflict: {other:?}"),
    }
}
