#![allow(dead_code)]
use persist::prelude::*;

diesel::table! {
    bugs (id) {
        id -> Integer,
        city -> Text,
    }
}

#[derive(Embedded)]
struct Home {
    city: String,
}

#[derive(Entity)]
#[entity(table = bugs)]
struct Bug {
    #[entity(key)]
    id: i32,
    #[entity(guard, embed(city = city))]
    home: Home,
}

fn main() {}
