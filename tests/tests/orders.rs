//! Orders by related rows and by counts, and limits for each value: how many statements they take, and what refuses them.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use persist::prelude::*;
use persist::{Error, Fault};
use persist_tests::stores;
use persist_tests::tracker::*;

fn member(id: i32, name: &str, team: Option<&str>, manager_id: Option<i32>) -> Member {
    Member { id, name: name.to_owned(), rank: None, team_name: team.map(str::to_owned), manager_id }
}

fn fill(context: &mut Context<'_>) {
    let team = |name: &str, motto: &str| Team { name: name.to_owned(), motto: Some(motto.to_owned()) };
    context.insert_all(&[team("a", "z"), team("b", "y")]).unwrap();
    let members = [
        member(1, "Ada", Some("a"), None),
        member(2, "Grace", Some("b"), Some(1)),
        member(3, "Edsger", None, Some(1)),
        member(4, "Barbara", Some("b"), Some(2)),
    ];
    context.insert_all(&members).unwrap();
}

fn ids(members: &[Member]) -> Vec<i32> {
    members.iter().map(|member| member.id).collect()
}

#[test]
fn related_rows_and_counts_order_in_one_statement() {
    for mut fresh in [stores::memory(), stores::sqlite(TABLES)] {
        let context = &mut fresh.context();
        fill(context);
        let by_motto = Members::all().order_by((member::team.by(team::motto).asc(), member::reports.count().desc()));
        for (group, expected) in [
            (by_motto.clone(), vec![3, 2, 4, 1]),
            (Members::all().order_by(member::manager.by(member::name).desc()), vec![4, 2, 3, 1]),
            (by_motto.limit(2), vec![3, 2]),
            (by_motto.limit_per(member::team, 1), vec![3, 2, 1]),
            (by_motto.limit_per(member::team_name, 1).offset(1).limit(1), vec![2]),
            (by_motto.limit(3).filter(member::id.ge(3)), vec![3, 4]),
            (by_motto.limit(3).managers(), vec![1, 2]),
            (Members::all() - by_motto.limit(3), vec![1]),
        ] {
            let before = context.stats();
            assert_eq!(ids(&context.realise(&group).unwrap()), expected, "{group:?}");
            assert_eq!((context.stats() - before).statements, 1);
            assert_eq!(context.realise(group.count()).unwrap(), expected.len() as u64, "{group:?}");
        }
    }
}

/// A cursor holds what the row itself had; what others have moves under it.
#[test]
fn a_page_in_an_order_of_related_rows_is_refused() {
    for mut fresh in [stores::memory(), stores::sqlite(TABLES)] {
        let context = &mut fresh.context();
        fill(context);
        for order in [member::team.by(team::motto).asc(), member::reports.count().desc()] {
            let page = || Members::all().order_by(order).page::<Member>(2);
            for refused in [context.realise(page()).map(drop), context.explain(page()).map(drop)] {
                let Err(Error::Store(error)) = refused else { panic!("{refused:?}") };
                assert!(matches!(error.fault(), Fault::Unsupported(_)), "{error}");
            }
        }
    }
}

/// The order would tell of rows that the context does not show.
#[test]
fn a_scope_holds_in_orders_too() {
    for mut fresh in stores::every(TABLES) {
        let context = &mut fresh.context();
        fill(context);
        context.scope::<Team>(Teams::all().filter(team::name.ne("b")));
        let by_motto = Members::all().order_by(member::team.by(team::motto).asc());
        assert_eq!(ids(&context.realise(by_motto).unwrap()), [2, 3, 4, 1], "who is of a hidden team is of none");
        context.scope::<Member>(Members::all().filter(member::id.ne(3)));
        let busiest = Members::all().order_by((member::reports.count().desc(), member::id.desc()));
        assert_eq!(ids(&context.realise(busiest).unwrap()), [2, 1, 4], "one visible report each");
    }
}
