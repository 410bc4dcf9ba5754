#![allow(dead_code)]
use persist::prelude::*;

diesel::table! {
    bugs (id) {
        id -> Integer,
    }
}

#[derive(Entity)]
#[entity(table = bugs, unique(seen))]
struct Bug {
    #[entity(key)]
    id: i32,
    #[entity(transient)]
    seen: bool,
}

fn main() {}
