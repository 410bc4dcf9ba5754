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
    #[entity(key)]
    id: i32,
    #[entity(generated, transient)]
    heat: i32,
}

fn main() {}
