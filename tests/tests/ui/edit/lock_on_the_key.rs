#![allow(dead_code)]
use persist::prelude::*;

diesel::table! {
    bugs (id) {
        id -> Integer,
    }
}

#[derive(Entity)]
#[entity(table = bugs)]
struct Bug {
    #[entity(key, lock)]
    id: i32,
}

fn main() {}
