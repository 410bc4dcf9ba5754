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
    links (bug_id, person_id) {
        bug_id -> Integer,
        person_id -> Integer,
    }
}

#[derive(Entity)]
#[entity(table = links)]
struct Link {
    #[entity(key)]
    bug_id: i32,
    #[entity(key)]
    person_id: i32,
}

#[derive(Entity)]
#[entity(table = bugs)]
struct Bug {
    #[entity(key)]
    id: i32,
    #[entity(belongs_to(link: Link))]
    assignee_id: Option<i32>,
}

fn main() {}
