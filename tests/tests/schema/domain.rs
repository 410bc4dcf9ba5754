//! Entities that ask of tables what can be asked.

use chrono::NaiveDateTime;
use persist::prelude::*;
use persist::{Table, entities};
use uuid::Uuid;

pub(crate) mod tables {
    diesel::table! { labels (name) { name -> Text, } }
    diesel::table! {
        people (id) {
            id -> Integer,
            nick -> Text,
            street -> Nullable<Text>,
            city -> Nullable<Text>,
            team_id -> Nullable<Integer>,
        }
    }
    diesel::table! { teams (id) { id -> Integer, lead_id -> Integer, } }
    diesel::table! { distros (id) { id -> SmallInt, code -> Text, series -> Text, } }
    diesel::table! {
        bugs (id) {
            id -> BigInt,
            title -> Text,
            created -> Timestamp,
            owner_id -> Integer,
            assignee_id -> Nullable<Integer>,
            duplicate_of -> Nullable<BigInt>,
            distro_code -> Nullable<Text>,
            label -> Nullable<Text>,
            token -> Binary,
        }
    }
    diesel::table! { comments (bug_id, nth) { bug_id -> BigInt, nth -> Integer, body -> Text, hash -> Binary, } }
    diesel::table! {
        votes (bug_id, nth, person_id) { bug_id -> BigInt, nth -> Integer, person_id -> Integer, up -> Bool, }
    }
    diesel::table! { bug_labels (bug_id, label) { bug_id -> BigInt, label -> Text, } }
}

/// Ordered as the database likes.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = tables::labels, collation = native)]
pub(crate) struct Label {
    #[entity(key)]
    pub(crate) name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Embedded)]
pub(crate) struct Home {
    pub(crate) street: String,
    pub(crate) city: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = tables::people, group = People, unique(nick))]
#[entity(has_many(owned: Bug, by = owner, on_delete = restrict))]
#[entity(has_many(assigned: Bug, by = assignee, on_delete = nullify))]
pub(crate) struct Person {
    #[entity(key, generated)]
    pub(crate) id: i32,
    pub(crate) nick: String,
    #[entity(embed(street = street, city = city))]
    pub(crate) home: Option<Home>,
    #[entity(belongs_to(team: Team))]
    pub(crate) team_id: Option<i32>,
}

/// Refers to somebody who refers to it.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = tables::teams)]
pub(crate) struct Team {
    #[entity(key)]
    pub(crate) id: i32,
    #[entity(belongs_to(lead: Person))]
    pub(crate) lead_id: i32,
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = tables::distros, unique(code, series))]
pub(crate) struct Distro {
    #[entity(key)]
    pub(crate) id: i16,
    pub(crate) code: String,
    pub(crate) series: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = tables::bugs)]
#[entity(has_many(comments: Comment, on_delete = cascade))]
pub(crate) struct Bug {
    #[entity(key, generated)]
    pub(crate) id: i64,
    pub(crate) title: String,
    #[entity(generated)]
    pub(crate) created: NaiveDateTime,
    #[entity(belongs_to(owner: Person))]
    pub(crate) owner_id: i32,
    #[entity(belongs_to(assignee: Person))]
    pub(crate) assignee_id: Option<i32>,
    #[entity(belongs_to(original: Bug))]
    pub(crate) duplicate_of: Option<i64>,
    #[entity(belongs_to(distro: Distro, to = code))]
    pub(crate) distro_code: Option<String>,
    #[entity(belongs_to(main_label: Label, group = main_labels))]
    pub(crate) label: Option<String>,
    #[entity(generated)]
    pub(crate) token: Uuid,
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = tables::comments, unique(bug_id, hash))]
pub(crate) struct Comment {
    #[entity(key, belongs_to(bug: Bug))]
    pub(crate) bug_id: i64,
    #[entity(key)]
    pub(crate) nth: i32,
    pub(crate) body: String,
    pub(crate) hash: Vec<u8>,
}

/// Part of the key refers, and another does.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = tables::votes, belongs_to(comment: Comment, by = (bug_id, nth)))]
pub(crate) struct Vote {
    #[entity(key)]
    pub(crate) bug_id: i64,
    #[entity(key)]
    pub(crate) nth: i32,
    #[entity(key, belongs_to(person: Person))]
    pub(crate) person_id: i32,
    pub(crate) up: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = tables::bug_labels)]
pub(crate) struct BugLabel {
    #[entity(key, belongs_to(bug: Bug))]
    pub(crate) bug_id: i64,
    #[entity(key, belongs_to(of: Label, group = of_labels))]
    pub(crate) label: String,
}

/// Other columns of a bug, and what else is known of the table.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = tables::bugs, group = BugTitles, unique(owner_id, title))]
pub(crate) struct BugTitle {
    #[entity(key)]
    pub(crate) id: i64,
    pub(crate) title: String,
    #[entity(belongs_to(owner: Person))]
    pub(crate) owner_id: i32,
}

/// All of them, in an order in which nothing could be made.
pub(crate) const ENTITIES: &[&Table] =
    entities![Vote, BugLabel, Comment, Bug, BugTitle, Person, Team, Distro, Label, Bug];
