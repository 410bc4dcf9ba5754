#![allow(dead_code)]
use persist::prelude::*;
use std::collections::HashMap;

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

diesel::table! {
    comments (id) {
        id -> Integer,
        bug_id -> Integer,
        text -> Text,
    }
}

#[derive(Clone, Entity)]
#[entity(table = people)]
struct Person {
    #[entity(key)]
    id: i32,
    name: String,
}

#[derive(Clone, Entity)]
#[entity(table = comments)]
struct Comment {
    #[entity(key)]
    id: i32,
    #[entity(belongs_to(bug: Bug))]
    bug_id: i32,
    text: String,
}

#[derive(Clone, Entity)]
#[entity(table = bugs, has_many(comments: Comment))]
struct Bug {
    #[entity(key)]
    id: i32,
    title: String,
    #[entity(belongs_to(assignee: Person))]
    assignee_id: Option<i32>,
}

fn karma_of(_: &(), _: &[i32]) -> Result<HashMap<i32, f64>, String> {
    Ok(HashMap::new())
}

#[derive(View)]
#[view(of = Bug)]
struct HotBug {
    id: i32,
    #[view(with = karma_of, load = join)]
    karma: f64,
}

fn main() {}
