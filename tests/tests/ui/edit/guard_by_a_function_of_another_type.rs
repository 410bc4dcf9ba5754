#![allow(dead_code)]
use persist::prelude::*;

diesel::table! {
    bugs (id) {
        id -> Integer,
        status -> Text,
    }
}

fn moves(_: &i32, _: &i32) -> persist::Transition<Bug> {
    persist::Transition::allowed()
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
