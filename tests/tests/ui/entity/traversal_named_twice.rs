#![allow(dead_code)]
use persist::prelude::*;

diesel::table! {
    people (id) {
        id -> Integer,
        name -> Text,
    }
}

diesel::table! {
    links (bug_id, person_id) {
        bug_id -> Integer,
        person_id -> Integer,
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
#[entity(table = links)]
struct Link {
    #[entity(key, belongs_to(bug: Person, group = people))]
    bug_id: i32,
    #[entity(key, belongs_to(person: Person, group = people))]
    person_id: i32,
}

fn main() {}
