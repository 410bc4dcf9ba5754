#![allow(dead_code)]
use persist::prelude::*;

diesel::table! {
    bugs (id) {
        id -> Integer,
    }
}

#[derive(Entity)]
#[entity(table = bugs, unique())]
struct Bug {
    #[entity(key)]
    id: i32,
}

fn main() {}
