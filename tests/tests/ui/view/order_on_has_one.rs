#![allow(dead_code)]
use persist::prelude::*;

diesel::table! {
    bugs (id) {
        id -> Integer,
        title -> Text,
        assignee_id -> Nullable<Integer>,
    }
}

diesel::table! {
    people (id) {
        id -> Integer,
        name -> Text,
    }
}

diesel::table! {
    comments (id) {
        id -> Integer,
        bug_id -> Integer,
        text -> Text,
    }
}

diesel::table! {
    stars (bug_id, person_id) {
        bug_id -> Integer,
        person_id -> Integer,
        since -> Integer,
    }
}

#[derive(Clone, Entity)]
#[entity(table = people)]
struct Person {
    #[entity(key)]
    id: i32,
    name: String,
}

#[derive(Clone, Entity)]
#[entity(table = comments)]
struct Comment {
    #[entity(key)]
    id: i32,
    #[entity(belongs_to(bug: Bug))]
    bug_id: i32,
    text: String,
}

#[derive(Clone, Entity)]
#[entity(table = stars)]
struct Star {
    #[entity(key, belongs_to(bug: Bug))]
    bug_id: i32,
    #[entity(key, belongs_to(person: Person))]
    person_id: i32,
    since: i32,
}

#[derive(Clone, Entity)]
#[entity(table = bugs, has_many(comments: Comment), has_one(last: Comment), many_to_many(fans: Person, through = Star))]
struct Bug {
    #[entity(key)]
    id: i32,
    title: String,
    #[entity(belongs_to(assignee: Person))]
    assignee_id: Option<i32>,
}

#[derive(View)]
#[view(of = Bug)]
struct BugPage {
    id: i32,
    #[view(order_by = comment::id.desc())]
    last: Option<Comment>,
}

fn main() {}
