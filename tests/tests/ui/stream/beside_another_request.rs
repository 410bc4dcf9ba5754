#![allow(dead_code)]
use persist::prelude::*;

diesel::table! {
    bugs (id) {
        id -> Integer,
        title -> Text,
    }
}

diesel::table! {
    people (id) {
        id -> Integer,
    }
}

#[derive(Entity)]
#[entity(table = people, group = People)]
struct Person {
    #[entity(key)]
    id: i32,
}

#[derive(Entity)]
#[entity(table = bugs)]
struct Bug {
    #[entity(key)]
    id: i32,
    title: String,
}

struct Line {
    title: String,
}

fn main() {
    let memory = persist::MemoryStore::new();
    let mut context = Context::memory(&memory);
    for bugs in context.stream(Bugs::all().view::<Bug>(), 100) {
        let _ = context.realise(People::all().count());
        drop(bugs);
    }
}
