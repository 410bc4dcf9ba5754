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
struct Bug {
    #[entity(key)]
    id: i32,
    title: String,
}

fn use_it() {
    let _ = Bugs::all().filter(bug::title.eq("x")).view::<Bug>();
}

fn main() {}
