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

#[derive(Entity)]
#[entity(table = comments)]
struct Comment {
    #[entity(key)]
    id: i32,
    bug_id: i32,
}

#[derive(Entity)]
#[entity(table = bugs, has_many(comments: Comment))]
struct Bug {
    #[entity(key)]
    id: i32,
    title: String,
}

fn main() {}
