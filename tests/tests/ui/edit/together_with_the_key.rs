#![allow(dead_code)]
use persist::prelude::*;

diesel::table! {
    bugs (id) {
        id -> Integer,
        low -> Integer,
    }
}

#[derive(Entity)]
#[entity(table = bugs, together(id, low))]
struct Bug {
    #[entity(key)]
    id: i32,
    low: i32,
}

fn main() {}
