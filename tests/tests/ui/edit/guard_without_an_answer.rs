#![allow(dead_code)]
use persist::prelude::*;

diesel::table! {
    bugs (id) {
        id -> Integer,
        status -> Text,
    }
}

fn moves(from: &String, to: &String) -> bool {
    from < to
}

#[derive(Entity)]
#[entity(table = bugs)]
struct Bug {
    #[entity(key)]
    id: i32,
    #[entity(guard = moves)]
    status: String,
}

fn main() {}
