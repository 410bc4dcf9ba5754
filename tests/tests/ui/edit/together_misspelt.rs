#![allow(dead_code)]
use persist::prelude::*;

diesel::table! {
    bugs (id) {
        id -> Integer,
        low -> Integer,
        high -> Integer,
    }
}

#[derive(Entity)]
#[entity(table = bugs, together(low, hihg))]
struct Bug {
    #[entity(key)]
    id: i32,
    low: i32,
    high: i32,
}

fn main() {}
