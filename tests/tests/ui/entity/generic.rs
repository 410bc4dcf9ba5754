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
#[entity(table = bugs)]
struct Bug<T> {
    #[entity(key)]
    id: T,
}

fn main() {}
