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
struct Address {}

fn main() {}
