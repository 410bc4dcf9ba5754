#![allow(dead_code)]
use persist::prelude::*;

diesel::table! {
    bugs (id) {
        id -> Integer,
        revision -> BigInt,
        heat -> BigInt,
    }
}

#[derive(Entity)]
#[entity(table = bugs)]
struct Bug {
    #[entity(key)]
    id: i32,
    #[entity(lock)]
    revision: i64,
    #[entity(lock)]
    heat: i64,
}

fn main() {}
