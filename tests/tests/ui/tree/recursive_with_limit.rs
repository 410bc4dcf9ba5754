#![allow(dead_code)]
use persist::prelude::*;

diesel::table! {
    teams (id) {
        id -> Integer,
    }
}

diesel::table! {
    pages (id) {
        id -> Integer,
        title -> Text,
        above_id -> Nullable<Integer>,
        team_id -> Integer,
    }
}

diesel::table! {
    links (from_id, to_id) {
        from_id -> Integer,
        to_id -> Integer,
    }
}

#[derive(Clone, Entity)]
#[entity(table = teams)]
struct Team {
    #[entity(key)]
    id: i32,
}

#[derive(Clone, Entity)]
#[entity(table = links)]
struct Link {
    #[entity(key, belongs_to(from: Page))]
    from_id: i32,
    #[entity(key, belongs_to(to: Page))]
    to_id: i32,
}

#[derive(Clone, Entity)]
#[entity(table = pages)]
#[entity(has_many(below: Page, by = above), many_to_many(linked: Page, through = Link, from = from, to = to))]
struct Page {
    #[entity(key)]
    id: i32,
    title: String,
    #[entity(belongs_to(above: Page))]
    above_id: Option<i32>,
    #[entity(belongs_to(team: Team))]
    team_id: i32,
}

#[derive(View)]
#[view(of = Page)]
struct Chapter {
    id: i32,
    #[view(recursive, limit = 2)]
    below: persist::Branch<Vec<Chapter>>,
}

fn main() {}
