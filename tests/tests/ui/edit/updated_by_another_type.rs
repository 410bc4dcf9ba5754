#![allow(dead_code)]
use persist::prelude::*;

diesel::table! {
    bugs (id) {
        id -> Integer,
        written -> BigInt,
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
    #[entity(updated = now)]
    written: i64,
}

fn main() {}
