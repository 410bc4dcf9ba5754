#![allow(dead_code)]
use persist::prelude::*;

diesel::table! {
    bugs (id) {
        id -> Integer,
        title -> Text,
        assignee_id -> Nullable<Integer>,
    }
}

diesel::table! {
    people (id) {
        id -> Integer,
        name -> Text,
    }
}

#[derive(Clone, Entity)]
#[entity(table = people)]
struct Person {
    #[entity(key)]
    id: i32,
    name: String,
}

#[derive(Entity)]
#[entity(table = bugs)]
struct Bug {
    #[entity(key)]
    id: i32,
    #[entity(transient, belongs_to(assignee: Person))]
    assignee_id: Option<i32>,
}

fn main() {}
