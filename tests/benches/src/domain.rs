//! A bug tracker: Diesel's tables, and the plain structs that every side gives.
//!
//! The structs are derived for both: a bug is an entity of persist and a `Queryable` of Diesel.

use diesel::prelude::{Queryable, Selectable};
use persist::prelude::*;
use std::sync::Arc;

/// Diesel's tables.
#[allow(missing_docs, reason = "made by `table!`")]
pub mod schema {
    diesel::table! {
        people (id) {
            id -> Integer,
            name -> Text,
            email -> Text,
            karma -> Integer,
        }
    }

    diesel::table! {
        bugs (id) {
            id -> Integer,
            title -> Text,
            heat -> Integer,
            status -> Text,
            importance -> Nullable<SmallInt>,
            created -> BigInt,
            assignee_id -> Nullable<Integer>,
        }
    }

    diesel::table! {
        comments (id) {
            id -> BigInt,
            bug_id -> Integer,
            author_id -> Integer,
            created -> BigInt,
            body -> Text,
        }
    }

    diesel::table! {
        subscriptions (bug_id, person_id) {
            bug_id -> Integer,
            person_id -> Integer,
        }
    }

    diesel::allow_tables_to_appear_in_same_query!(people, bugs, comments, subscriptions);
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Entity, Queryable, Selectable)]
#[diesel(table_name = schema::people)]
#[entity(table = schema::people, group = People)]
pub struct Person {
    /// The key.
    #[entity(key)]
    pub id: i32,
    /// The full name.
    pub name: String,
    /// The address.
    pub email: String,
    /// The merits.
    pub karma: i32,
}

/// A bug: one row of seven columns.
#[derive(Debug, Clone, PartialEq, Eq, Entity, Queryable, Selectable)]
#[diesel(table_name = schema::bugs)]
#[entity(table = schema::bugs)]
#[entity(has_many(comments: Comment))]
#[entity(many_to_many(subscribers: Person, through = Subscription))]
pub struct Bug {
    /// The key.
    #[entity(key)]
    pub id: i32,
    /// One line.
    pub title: String,
    /// How hot it is.
    pub heat: i32,
    /// How far it is.
    pub status: String,
    /// How much it hurts.
    pub importance: Option<i16>,
    /// When, in seconds.
    pub created: i64,
    /// Who works on it.
    #[entity(belongs_to(assignee: Person))]
    pub assignee_id: Option<i32>,
}

/// A comment on a bug.
#[derive(Debug, Clone, PartialEq, Eq, Entity, Queryable, Selectable)]
#[diesel(table_name = schema::comments)]
#[entity(table = schema::comments)]
pub struct Comment {
    /// The key.
    #[entity(key)]
    pub id: i64,
    /// The bug.
    #[entity(belongs_to(bug: Bug))]
    pub bug_id: i32,
    /// Who wrote it.
    pub author_id: i32,
    /// When, in seconds.
    pub created: i64,
    /// What.
    pub body: String,
}

/// Who hears of a bug.
#[derive(Debug, Clone, PartialEq, Eq, Entity, Queryable, Selectable)]
#[diesel(table_name = schema::subscriptions)]
#[entity(table = schema::subscriptions)]
pub struct Subscription {
    /// The bug.
    #[entity(key, belongs_to(bug: Bug))]
    pub bug_id: i32,
    /// Who.
    #[entity(key, belongs_to(person: Person))]
    pub person_id: i32,
}

/// A bug with its assignee and its comments: the first work.
#[derive(Debug, PartialEq, Eq, View)]
#[view(of = Bug)]
pub struct BugPage {
    /// The key.
    pub id: i32,
    /// One line.
    pub title: String,
    /// How hot it is.
    pub heat: i32,
    /// How far it is.
    pub status: String,
    /// How much it hurts.
    pub importance: Option<i16>,
    /// When, in seconds.
    pub created: i64,
    /// Who works on it, shared with the other bugs of this person.
    pub assignee: Option<Arc<Person>>,
    /// All comments, by key.
    pub comments: Vec<Comment>,
}

/// A bug with all its relations: the work that grows.
#[derive(Debug, PartialEq, Eq, View)]
#[view(of = Bug)]
pub struct WideBug {
    /// The key.
    pub id: i32,
    /// One line.
    pub title: String,
    /// How hot it is.
    pub heat: i32,
    /// How far it is.
    pub status: String,
    /// How much it hurts.
    pub importance: Option<i16>,
    /// When, in seconds.
    pub created: i64,
    /// Who works on it.
    pub assignee: Option<Arc<Person>>,
    /// All comments, by key.
    pub comments: Vec<Comment>,
    /// Who hears of it, by key.
    pub subscribers: Vec<Arc<Person>>,
}
