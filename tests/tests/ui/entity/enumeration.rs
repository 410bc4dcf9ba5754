#![allow(dead_code)]
use persist::prelude::*;

diesel::table! {
    bugs (id) {
        id -> Integer,
        title -> Text,
        assignee_id -> Nullable<Integer>,
    }
}

#[derive(Entity)]
#[entity(table = bugs)]
enum Bug {
    Small,
    Large,
}

fn use_it() {
    let _ = Bugs::all().view::<Bug>();
}

fn main() {}
