#![allow(dead_code)]
use persist::prelude::*;

diesel::table! {
    bugs (id) {
        id -> Integer,
        revision -> Nullable<BigInt>,
    }
}

#[derive(Entity)]
#[entity(table = bugs)]
struct Bug {
    #[entity(key)]
    id: i32,
    #[entity(lock)]
    revision: Option<i64>,
}

fn main() {}
