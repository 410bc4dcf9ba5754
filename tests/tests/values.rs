//! The different values of a column in a group: the same on every store, in one order, in one statement.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::float_cmp, reason = "tests")]

use chrono::NaiveDate;
use persist::prelude::*;
use persist::{Error, Fault, Field, Problem};
use persist_tests::data::Data;
use persist_tests::stores;
use persist_tests::tracker::*;
use rust_decimal::Decimal;
use uuid::Uuid;

fn member(id: i32, name: &str, rank: Option<i32>) -> Member {
    Member { id, name: name.into(), rank, team_name: None, manager_id: None }
}

#[test]
fn each_once_in_our_order() {
    for mut fresh in stores::every(TABLES) {
        let mut context = fresh.context();
        let names = ["b", "a", "B", "a", "", "\u{1f600}", "\u{ffff}", "z", "é", "z "];
        let members = (0..10).map(|id| member(id, names[id as usize], [None, Some(7), Some(-3)][id as usize % 3]));
        context.insert_all(&members.collect::<Vec<_>>()).unwrap();
        let before = context.stats();
        let all = Members::all();
        let (names, ranks) = context.realise((all.values(member::name), all.values(member::rank))).unwrap();
        assert_eq!(names, ["", "B", "a", "b", "z", "z ", "é", "\u{ffff}", "\u{1f600}"]);
        assert_eq!(ranks, [None, Some(-3), Some(7)]);
        let sent = context.stats() - before;
        assert_eq!((sent.statements, sent.rounds, sent.rows), (2, 1, 12));
    }
}

/// Filters, limits and unions are those of the group, and a group without rows has no values.
#[test]
fn of_the_rows_of_the_group() {
    for mut fresh in stores::every(TABLES) {
        Data::of(30).insert(&mut fresh.context()).unwrap();
        let mut context = fresh.context();
        let hottest = Tasks::all().order_by(task::heat.desc()).limit(4).offset(1);
        let groups = [
            Tasks::all().filter(task::assignee_id.is_null()),
            hottest.clone(),
            Members::from_keys([1, 2]).owned() | Members::from_keys([3]).assigned(),
            Tasks::all().limit_per(task::owner, 1),
            hottest.filter(task::heat.lt(15)),
            Tasks::from_keys([]),
            Tasks::from_keys([task_id(999)]),
        ];
        for group in groups {
            let rows = context.realise(&group).unwrap();
            let mut heats: Vec<_> = rows.iter().map(|task| task.heat).collect();
            let mut scores: Vec<_> = rows.iter().map(|task| task.score).collect();
            heats.sort_unstable();
            heats.dedup();
            scores.sort_by(|a, b| a.partial_cmp(b).unwrap());
            scores.dedup();
            let found = context.realise((group.values(task::heat), group.values(task::score))).unwrap();
            assert_eq!(found, (heats, scores), "{group:?}");
        }
        context.scope::<Task>(Tasks::all().filter(task::heat.lt(3)));
        assert_eq!(context.realise(Tasks::all().values(task::heat)).unwrap(), [0, 1, 2]);
        let nothing = context.stats();
        assert!(context.realise(Tasks::from_keys([]).values(task::heat)).unwrap().is_empty());
        assert_eq!(context.stats(), nothing);
    }
}

fn thing(id: i64) -> Thing {
    let day = NaiveDate::from_ymd_opt(2010, 1, 1 + u32::try_from(id % 3).unwrap()).unwrap();
    let moment = day.and_hms_micro_opt(1, 2, 3, 4).unwrap();
    Thing {
        id,
        truth: id % 2 == 0,
        small: (id % 3) as i16,
        whole: -(id % 2) as i32,
        big: i64::MAX - id % 2,
        single: (id % 2) as f32 / 3.0,
        double: [1.5, -0.25, f64::MAX][id as usize % 3],
        text: ["a", "A"][id as usize % 2].into(),
        bytes: vec![0, (id % 2) as u8],
        day,
        time: moment.time(),
        moment,
        zoned: moment.and_utc(),
        uuid: Uuid::from_u128((id % 2) as u128),
        exact: [Decimal::new(10, 1), Decimal::new(100, 2), Decimal::new(-7, 0)][id as usize % 3],
        json: serde_json::json!(id % 2),
        maybe_text: (id % 2 == 0).then(String::new),
        maybe_whole: None,
        maybe_exact: (id % 3 > 0).then(|| Decimal::new(id % 3, 0)),
        maybe_moment: (id % 3 > 0).then_some(moment),
        maybe_bytes: (id % 3 > 0).then(Vec::new),
    }
}

/// What memory says of a column of each type, every store says.
#[test]
fn of_every_type() {
    fn check<F: Field + PartialEq + std::fmt::Debug>(
        column: persist::Column<Thing, F>,
        count: usize,
        fresh: &mut [stores::Fresh],
    ) {
        let mut first: Option<Vec<F>> = None;
        for fresh in fresh {
            let found = fresh.context().realise(Things::all().values(column)).unwrap();
            assert_eq!(found.len(), count, "{}: {found:?}", column.name());
            assert_eq!(*first.get_or_insert_with(|| found.clone()), found, "{}", column.name());
        }
    }
    let mut all = stores::every(TABLES);
    for fresh in &mut all {
        fresh.context().insert_all(&(0..12).map(thing).collect::<Vec<_>>()).unwrap();
    }
    let all = all.as_mut_slice();
    check(thing::truth, 2, all);
    check(thing::small, 3, all);
    check(thing::whole, 2, all);
    check(thing::big, 2, all);
    check(thing::single, 2, all);
    check(thing::double, 3, all);
    check(thing::text, 2, all);
    check(thing::bytes, 2, all);
    check(thing::day, 3, all);
    check(thing::time, 1, all);
    check(thing::moment, 3, all);
    check(thing::zoned, 3, all);
    check(thing::uuid, 2, all);
    check(thing::exact, 2, all);
    check(thing::maybe_text, 2, all);
    check(thing::maybe_whole, 1, all);
    check(thing::maybe_exact, 3, all);
    check(thing::maybe_moment, 3, all);
    check(thing::maybe_bytes, 2, all);
}

#[test]
fn json_is_refused_everywhere() {
    for mut fresh in stores::every(TABLES) {
        let mut context = fresh.context();
        context.insert(&thing(1)).unwrap();
        for error in [
            context.realise(Things::all().values(thing::json)).unwrap_err(),
            context.explain(Things::all().values(thing::json)).unwrap_err(),
        ] {
            let Error::Store(error) = error else { panic!("{error}") };
            assert!(matches!(error.fault(), Fault::Unsupported(what) if what.contains("JSON")), "{error}");
        }
    }
}

/// A value that does not fit is an error of the group, which names the column.
#[test]
fn values_that_do_not_fit() {
    for mut fresh in stores::databases(TABLES) {
        Data::of(9).insert(&mut fresh.context()).unwrap();
        fresh.execute("UPDATE tasks SET state = 'frozen' WHERE heat = 7");
        let error = fresh.context().realise(Tasks::all().values(task::state)).unwrap_err();
        let row = &error.rows().unwrap().rows()[0];
        assert_eq!((row.entity, row.field), ("Task", "state"));
        assert!(matches!(row.problem, Problem::Unfit(_)), "{row}");
    }
}

#[test]
fn plans_and_budgets_name_them() {
    let mut fresh = stores::memory();
    let mut context = fresh.context();
    let request = Tasks::all().filter(task::heat.gt(3)).values(task::title);
    assert_eq!(format!("{request:?}"), "values of title of tasks where heat > 3");
    let explained = context.explain(&request).unwrap().to_string();
    assert!(explained.contains("different title of tasks where heat > 3"), "{explained}");
    let error = context.realise((&request, Tasks::all()).budget(1)).unwrap_err().to_string();
    assert!(error.contains("1 for values of title of tasks where heat > 3"), "{error}");
}
