#![allow(dead_code)]
use persist::prelude::*;

diesel::table! {
    bugs (id) {
        id -> Integer,
        written -> Integer,
    }
}

fn now() -> i32 {
    7
}

#[derive(Entity)]
#[entity(table = bugs)]
struct Bug {
    #[entity(key)]
    id: i32,
    #[entity(updated = now, counter)]
    written: i32,
}

fn main() {}
