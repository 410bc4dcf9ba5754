#![allow(dead_code)]
use persist::prelude::*;

diesel::table! {
    bugs (id) {
        id -> Integer,
        title -> Text,
        assignee_id -> Nullable<Integer>,
    }
}

#[derive(Entity)]
#[entity(table = bugs, has_many(comments))]
struct Bug {
    #[entity(key)]
    id: i32,
    title: String,
}

fn main() {}
