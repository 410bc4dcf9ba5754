//! Subscriptions: who follows which bug.

use super::{Bug, Person};
use crate::schema;
use persist::prelude::*;

/// Somebody follows a bug, and sees it even if it is private.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::bugsubscription, unique(bug_id, person_id))]
pub struct BugSubscription {
    /// The key.
    #[entity(key)]
    pub id: i32,
    /// The bug.
    #[entity(column = bug, belongs_to(bug: Bug))]
    pub bug_id: i32,
    /// Who follows it.
    #[entity(column = person, belongs_to(person: Person))]
    pub person_id: i32,
}
