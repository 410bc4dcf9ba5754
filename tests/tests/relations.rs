//! Relations of every kind.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use persist::prelude::*;
use persist_tests::data::Data;
use persist_tests::stores;
use persist_tests::tracker::*;
use std::sync::Arc;

#[derive(Debug, PartialEq, View)]
#[view(of = Member)]
struct Busy {
    id: i32,
    #[view(count(owned))]
    count: i64,
    #[view(limit = 1)]
    owned: Vec<TaskLine>,
}

#[derive(Debug, PartialEq, View)]
#[view(of = Task)]
struct Twice {
    owner: Arc<Busy>,
    assignee: Option<Arc<Busy>>,
}

/// Rows that a view reaches by two ways are loaded once, with all that belongs to them.
#[test]
fn a_view_reached_twice_keeps_what_belongs_to_it() {
    let data = Data::of(20);
    for mut fresh in stores::every(TABLES) {
        let mut context = fresh.context();
        data.insert(&mut context).unwrap();
        for page in context.realise(Tasks::all().view::<Twice>()).unwrap() {
            for member in [Some(page.owner), page.assignee].into_iter().flatten() {
                let owned: Vec<_> = data.tasks.iter().filter(|task| task.owner_id == member.id).collect();
                assert_eq!(member.count, owned.len() as i64, "{member:?}");
                assert_eq!(member.owned.len(), owned.len().min(1), "{member:?}");
            }
        }
    }
}
