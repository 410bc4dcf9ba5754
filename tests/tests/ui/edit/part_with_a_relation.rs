#![allow(dead_code)]
use persist::prelude::*;

diesel::table! { people (id) { id -> Integer, name -> Text, } }
diesel::table! {
    bugs (id) { id -> Integer, title -> Text, low -> Integer, high -> Integer, owner_id -> Integer, revision -> BigInt, }
}

#[derive(Debug, Clone, Entity)]
#[entity(table = people, group = People, has_many(bugs: Bug, by = owner))]
struct Person {
    #[entity(key, generated)]
    id: i32,
    name: String,
}

#[derive(Debug, Clone, Entity)]
#[entity(table = bugs, together(low, high))]
struct Bug {
    #[entity(key)]
    id: i32,
    title: String,
    low: i32,
    high: i32,
    #[entity(belongs_to(owner: Person))]
    owner_id: i32,
    #[entity(lock)]
    revision: i64,
}

#[derive(View)]
#[view(of = Bug, edit = part)]
struct Line {
    owner: std::sync::Arc<Person>,
}

fn main() {}
