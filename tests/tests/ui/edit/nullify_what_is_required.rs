#![allow(dead_code)]
use persist::prelude::*;

diesel::table! { people (id) { id -> Integer, } }
diesel::table! { bugs (id) { id -> Integer, owner_id -> Integer, heat -> Integer, } }

#[derive(Entity)]
#[entity(table = people, group = People, has_many(bugs: Bug, by = owner, on_delete = nullify))]
struct Person {
    #[entity(key)]
    id: i32,
}

#[derive(Entity)]
#[entity(table = bugs)]
struct Bug {
    #[entity(key)]
    id: i32,
    #[entity(belongs_to(owner: Person))]
    owner_id: i32,
    heat: i32,
}

fn main() {}
