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
    comments (id) {
        id -> Integer,
        bug_id -> Integer,
        text -> Text,
    }
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

#[derive(Entity)]
#[entity(table = bugs, has_many(comments: Comment, by = bug_id))]
struct Bug {
    #[entity(key)]
    id: i32,
    title: String,
}

fn main() {}
