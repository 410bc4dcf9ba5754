#![allow(dead_code)]
use persist::prelude::*;

diesel::table! {
    bugs (id) {
        id -> Integer,
        title -> Text,
        heat -> Integer,
    }
}

diesel::table! {
    people (id) {
        id -> Integer,
        name -> Text,
    }
}

#[derive(Clone, Entity)]
#[entity(table = people, group = People)]
struct Person {
    #[entity(key)]
    id: i32,
    name: String,
}

#[derive(Clone, Entity)]
#[entity(table = bugs)]
struct Bug {
    #[entity(key)]
    id: i32,
    title: String,
    heat: i32,
}

#[derive(View)]
enum Thing {
    Person(Person),
    Pair(Person, Bug),
}

fn main() {}
