//! The small bug tracker that the examples of the documentation share: where each of them begins, out of sight.
//!
//! The documentation of the crate describes it. Nothing of it is part of the library.

/// Hidden lines of an example: the entities, and a `context` over a memory store with two people and three bugs.
macro_rules! tracker {
    () => {
        "# use persist::{Context, MemoryStore, prelude::*};
# use std::sync::Arc;
# mod schema {
#     diesel::table! { people (id) { id -> Integer, name -> Text, } }
#     diesel::table! { bugs (id) {
#         id -> Integer, title -> Text, heat -> Integer, owner_id -> Integer, assignee_id -> Nullable<Integer>,
#     } }
# }
# #[derive(Debug, Clone, PartialEq, Entity)]
# #[entity(table = schema::people, group = People)]
# #[entity(has_many(bugs: Bug, by = owner))]
# pub struct Person {
#     #[entity(key)]
#     pub id: i32,
#     pub name: String,
# }
# #[derive(Debug, Clone, PartialEq, Entity)]
# #[entity(table = schema::bugs)]
# pub struct Bug {
#     #[entity(key)]
#     pub id: i32,
#     pub title: String,
#     pub heat: i32,
#     #[entity(belongs_to(owner: Person))]
#     pub owner_id: i32,
#     #[entity(belongs_to(assignee: Person))]
#     pub assignee_id: Option<i32>,
# }
# let memory = MemoryStore::new();
# let mut context = Context::memory(&memory);
# let people = [(1, \"Ada\"), (2, \"Grace\")].map(|(id, name)| Person { id, name: name.into() });
# context.insert_all(&people).unwrap();
# let bugs = [(7, \"Crash on resume\", 42, 1, Some(2)), (8, \"Typo in help\", 3, 1, None), (9, \"Slow start\", 42, 2, None)];
# let bugs = bugs.map(|(id, title, heat, owner_id, assignee_id)| {
#     Bug { id, title: title.into(), heat, owner_id, assignee_id }
# });
# context.insert_all(&bugs).unwrap();
"
    };
}
