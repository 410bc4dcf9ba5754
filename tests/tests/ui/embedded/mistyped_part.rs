#![allow(dead_code)]
use persist::prelude::*;

diesel::table! {
    guests (id) {
        id -> Integer,
        street -> Text,
        city -> Nullable<Text>,
        floor -> Integer,
    }
}

#[derive(Embedded)]
struct Address {
    street: String,
    city: Option<String>,
}

#[derive(Entity)]
#[entity(table = guests)]
struct Guest {
    #[entity(key)]
    id: i32,
    #[entity(embed(street = floor, city = city))]
    home: Address,
}

fn main() {}
