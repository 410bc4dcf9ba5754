//! Aggregates of relations, of groups and of their parts: the same on every store, in as few statements as the view says.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::float_cmp, reason = "tests")]

use chrono::NaiveDate;
use persist::prelude::*;
use persist::{Problem, Unfit};
use persist_tests::data::Data;
use persist_tests::figures::{HotMember, MemberFigures, TaskFigures};
use persist_tests::stores::{self, Fresh};
use persist_tests::tracker::*;
use rust_decimal::Decimal;
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

fn filled() -> Vec<Fresh> {
    let mut all = stores::every(TABLES);
    for fresh in &mut all {
        Data::of(7).insert(&mut fresh.context()).unwrap();
    }
    all
}

/// A view of several aggregates of one relation asks once for them, also where a part is flattened.
#[test]
fn aggregates_of_one_relation_are_one_statement() {
    const { assert!(TaskFigures::STATEMENTS == 5 && TaskFigures::ROUNDS == 2) }
    const { assert!(MemberFigures::STATEMENTS == 7) }
    let plan = TaskFigures::plan().to_string();
    let expected = "\
TaskFigures of Task: at most 5 statements, 2 rounds
round 1
  1. tasks: the group
       for TaskFigures: TaskFigures
round 2
  2. notes: aggregates by task_id
       for TaskFigures.any_note: exists
       for TaskFigures.notes: count
       for TaskFigures.first_body: min(body)
       for TaskFigures.last_body: max(body)
       for TaskFigures.authors: sum(author_id)
       for TaskFigures.pinned: max(pinned)
  3. watches: aggregates by task_id
       for TaskFigures.highest: max(rank)
       for TaskFigures.first_watcher: min(name)
       for TaskFigures.mean_rank: avg(rank)
  4. watches: aggregates by task_id where member_id in (id of members where rank > 1)
       for TaskFigures.high_watchers: count
       for TaskFigures.high_ranks: sum(rank)
  5. votes: aggregates by task_id
       for TaskFigures.any_vote: exists
       for TaskFigures.votes_by_rank: sum(rank)
";
    assert_eq!(plan, expected);
    let drawn = TaskFigures::plan().mermaid();
    assert!(
        drawn.contains("s3[\"3. watches: aggregates by task_id\"]") && drawn.contains("s1 -->|highest| s3"),
        "{drawn}"
    );
}

/// What an aggregate says is what one gets by loading the rows and counting.
#[test]
fn aggregates_are_those_of_the_rows() {
    for mut fresh in filled() {
        let name = fresh.name();
        let mut context = fresh.context();
        let before = context.stats();
        let figures = context.realise(Tasks::all().view::<TaskFigures>()).unwrap();
        assert_eq!((context.stats() - before).statements, 5, "{name}");
        let pages = context.realise(Tasks::all().view::<TaskPage>()).unwrap();
        for (figures, page) in figures.iter().zip(&pages) {
            let bodies = || page.notes.iter().map(|note| note.body.clone());
            assert_eq!(figures.any_note, !page.notes.is_empty(), "{name}");
            assert_eq!(figures.notes, page.notes.len() as i64, "{name}");
            assert_eq!(figures.first_body, bodies().min(), "{name}");
            assert_eq!(figures.last_body, bodies().max(), "{name}");
            assert_eq!(figures.authors, page.notes.iter().map(|note| i64::from(note.author.member.id)).sum::<i64>());
            let watchers = || page.watchers.iter().map(|watcher| watcher.member.name.clone());
            assert_eq!(figures.first_watcher, watchers().min(), "{name}");
            assert_eq!(figures.any_vote, page.votes > 0, "{name}");
        }
        assert!(figures.iter().any(|figures| figures.notes > 1) && figures.iter().any(|figures| figures.notes == 0));
        assert!(figures.iter().any(|figures| figures.mean_rank.is_some()));
    }
}

/// NULL is no value: it counts in no sum and no mean, and a parent with nothing else has nothing.
#[test]
fn null_is_no_value() {
    for mut fresh in stores::every(TABLES) {
        let mut context = fresh.context();
        let member = |id, rank| Member { id, name: format!("{id}"), rank, team_name: None, manager_id: None };
        context.insert_all(&[member(1, Some(4)), member(2, None), member(3, Some(1)), member(4, None)]).unwrap();
        let of = |ids: &[i32]| Members::from_keys(ids.iter().copied());
        let some = of(&[1, 2, 3]);
        let found = context.realise((some.count(), some.sum(member::rank), some.avg(member::rank))).unwrap();
        assert_eq!(found, (3, 5, Some(2.5)));
        assert_eq!(context.realise((some.min(member::rank), some.max(member::rank))).unwrap(), (Some(1), Some(4)));
        for nothing in [of(&[2, 4]), of(&[]), of(&[99])] {
            let figures = (nothing.sum(member::rank), nothing.avg(member::rank), nothing.min(member::rank));
            assert_eq!(context.realise(figures).unwrap(), (0, None, None));
        }
        let parts = context.realise((of(&[1, 2, 3, 4]).by(member::rank).count(), of(&[1]).by(member::team).count()));
        let (by_rank, by_team) = parts.unwrap();
        assert_eq!(by_rank, HashMap::from([(Some(4), 1), (Some(1), 1), (None, 2)]), "NULL is a part of a column");
        assert!(by_team.is_empty(), "and none of a reference");
    }
}

/// What is empty without looking sends nothing, and has the figures of nothing.
#[test]
fn no_rows_send_nothing() {
    for mut fresh in filled() {
        let mut context = fresh.context();
        let before = context.stats();
        let nothing = Tasks::all().limit(0);
        let (sum, most, parts) = context
            .realise((nothing.sum(task::heat), nothing.max(task::heat), nothing.by(task::owner).count()))
            .unwrap();
        assert_eq!((sum, most, parts.len()), (0, None, 0));
        assert_eq!((context.stats() - before).statements, 0);
        assert!(context.realise(Tasks::from_keys([task_id(999)]).by(task::owner).count()).unwrap().is_empty());
    }
}

/// A limit cuts the group before anything is added up, and in the group's order.
#[test]
fn a_limit_comes_first() {
    for mut fresh in filled() {
        let mut context = fresh.context();
        let hottest = Tasks::all().order_by(task::heat.desc()).limit(3).offset(1);
        let rows = context.realise(&hottest).unwrap();
        let (sum, least, by) = context
            .realise((hottest.sum(task::heat), hottest.min(task::heat), hottest.by(task::owner).count()))
            .unwrap();
        assert_eq!(sum, rows.iter().map(|task| i64::from(task.heat)).sum::<i64>());
        assert_eq!(least, rows.iter().map(|task| task.heat).min());
        assert_eq!(by.values().sum::<u64>(), 3);
    }
}

fn thing(id: i64) -> Thing {
    let day = NaiveDate::from_ymd_opt(2024, 2, 28).unwrap() + chrono::Days::new(id.unsigned_abs());
    let moment = day.and_hms_micro_opt(1, 2, 3, 450_000 - id as u32).unwrap();
    Thing {
        id,
        truth: id == 1,
        small: i16::MIN,
        whole: i32::MAX,
        big: i64::MAX,
        single: 0.5,
        double: -1.5,
        text: ["é", "a", "B"][(id % 3) as usize].into(),
        bytes: vec![0xFF - id as u8, 0],
        day,
        time: moment.time(),
        moment,
        zoned: moment.and_utc(),
        uuid: Uuid::from_u128(1 << (120 - 3 * id)),
        exact: ["1234567890123456789.05", "-0.5", "-12.25"][(id % 3) as usize].parse().unwrap(),
        json: json!(id),
        maybe_text: None,
        maybe_whole: None,
        maybe_exact: (id == 1).then(|| "0.1".parse().unwrap()),
        maybe_moment: None,
        maybe_bytes: None,
    }
}

/// The least and the greatest value of a column of every type.
#[test]
fn every_type_has_an_end() {
    let things: Vec<_> = (0..3).map(thing).collect();
    macro_rules! ends {
        ($context:ident, $name:ident: $($column:ident)*) => {$({
            let all = Things::all();
            let found = $context.realise((all.min(thing::$column), all.max(thing::$column))).unwrap();
            let mut values: Vec<_> = things.iter().map(|thing| thing.$column.clone()).collect();
            values.sort_by(|a, b| a.partial_cmp(b).unwrap());
            assert_eq!(found, (values.first().cloned(), values.last().cloned()), "{} on {}", stringify!($column), $name);
        })*};
    }
    for mut fresh in stores::every(TABLES) {
        let name = fresh.name();
        let mut context = fresh.context();
        context.insert_all(&things).unwrap();
        ends!(context, name: id truth small whole big single double text bytes day time moment zoned uuid exact);
        let empty = (Things::all().max(thing::maybe_text), Things::all().min(thing::maybe_exact));
        assert_eq!(context.realise(empty).unwrap(), (None, Some("0.1".parse().unwrap())));
    }
}

/// Sums are exact, and the mean is of one type on all stores.
#[test]
fn sums_are_exact() {
    for mut fresh in stores::every(TABLES) {
        let name = fresh.name();
        let mut context = fresh.context();
        context.insert_all(&(0..3).map(thing).collect::<Vec<_>>()).unwrap();
        let all = Things::all();
        let numbers = (all.sum(thing::small), all.sum(thing::whole), all.sum(thing::single), all.sum(thing::double));
        let expected = (3 * i64::from(i16::MIN), 3 * i64::from(i32::MAX), 1.5, -4.5);
        assert_eq!(context.realise(numbers).unwrap(), expected, "{name}");
        let exact: Decimal = "1234567890123456776.3".parse().unwrap();
        let decimals = (all.sum(thing::exact), all.avg(thing::exact), all.sum(thing::maybe_exact));
        let expected = (exact, Some(exact / Decimal::from(3)), "0.1".parse().unwrap());
        assert_eq!(context.realise(decimals).unwrap(), expected, "{name}");
        assert_eq!(context.realise(all.filter(thing::id.lt(0)).sum(thing::exact)).unwrap(), Decimal::ZERO);
        assert_eq!(context.realise(all.avg(thing::big)).unwrap(), Some(i64::MAX as f64), "a mean may be had of it");
        assert_eq!(context.realise(all.limit(1).sum(thing::big)).unwrap(), i64::MAX);
    }
}

/// A sum that does not fit is an error that says so, the same everywhere; one that comes back into range is none.
#[test]
fn a_sum_out_of_range_is_an_error() {
    for mut fresh in stores::every(TABLES) {
        let name = fresh.name();
        let mut context = fresh.context();
        context.insert_all(&(0..3).map(thing).collect::<Vec<_>>()).unwrap();
        let error = context.realise(Things::all().sum(thing::big)).unwrap_err();
        let row = &error.rows().unwrap().rows()[0];
        assert!(matches!(row.problem, Problem::Unfit(Unfit::Overflow(_))), "{name}: {row:?}");
        let text = "Thing (key unknown), field `big`: the sum 27670116110564327421 is out of range";
        assert_eq!(row.to_string(), text, "{name}");
        let least = [Thing { big: i64::MIN, ..thing(3) }, Thing { big: i64::MIN, ..thing(4) }];
        context.insert_all(&least).unwrap();
        let sum = context.realise(Things::all().sum(thing::big)).unwrap();
        assert_eq!(sum, i64::MAX - 2, "{name}");
    }
}

/// The error of an aggregate in a view names the parent.
#[test]
fn an_aggregate_that_does_not_fit_names_the_parent() {
    #[derive(Debug, View)]
    #[view(of = Member)]
    struct OfMember {
        #[view(sum(notes, note::id))]
        notes: i64,
    }
    for mut fresh in filled() {
        let mut context = fresh.context();
        let note = |id| Note { id, task_id: None, author_id: 2, body: String::new(), pinned: false };
        context.insert_all(&[note(i64::MAX), note(i64::MAX - 1)]).unwrap();
        let error = context.realise(Members::all().view::<OfMember>()).unwrap_err();
        let text = error.to_string();
        assert!(
            text.starts_with("Member 2, field `notes` (column `id`) of `OfMember`: the sum 1844674407370955"),
            "{text}"
        );
        let fits = context.realise(Members::from_keys([1]).view::<OfMember>()).unwrap();
        assert_eq!(fits.iter().map(|member| member.notes).sum::<i64>(), 9);
    }
}

/// A part that is flattened shares its statement with the aggregates beside it, and below.
#[test]
fn parts_share_statements() {
    for mut fresh in filled() {
        let mut context = fresh.context();
        let before = context.stats();
        let figures = context.realise(Members::all().view::<MemberFigures>()).unwrap();
        assert!((context.stats() - before).statements <= 7);
        let alone = context.realise(Members::all().view::<HotMember>()).unwrap();
        let flat: Vec<_> = figures.into_iter().map(|figures| figures.hot).collect();
        assert_eq!(flat, alone);
    }
}

/// By a key, by a reference that may be NULL, by two columns, by a column.
#[test]
fn parts_of_a_group() {
    for mut fresh in filled() {
        let mut context = fresh.context();
        let all = Tasks::all();
        let (by_owner, by_state, rows) =
            context.realise((all.by(task::owner).sum(task::heat), all.by(task::title).count(), &all)).unwrap();
        let mut heat = HashMap::new();
        let mut titles = HashMap::new();
        for task in rows {
            *heat.entry(task.owner_id).or_insert(0) += i64::from(task.heat);
            *titles.entry(task.title).or_insert(0) += 1;
        }
        assert_eq!(by_owner, heat);
        assert_eq!(by_state, titles);
        let pings = context.realise((Pings::all().by(ping::watch).count(), Pings::all())).unwrap();
        let mut known = HashMap::new();
        for ping in pings.1 {
            if let Some(member) = ping.member_id {
                *known.entry((ping.task_id, member)).or_insert(0) += 1;
            }
        }
        assert_eq!(pings.0, known);
    }
}

/// JSON has no order that stores agree on.
#[test]
fn json_has_no_end_on_servers() {
    for mut fresh in stores::servers(TABLES) {
        let mut context = fresh.context();
        let most = Things::all().max(thing::json);
        let told = context.explain(&most).unwrap_err().to_string();
        let words =
            "this store cannot order JSON documents (`JsonOrder`), which `json` asks for; order by another column";
        assert_eq!(told, format!("reading `Thing`: {words}"));
        assert_eq!(context.realise(&most).unwrap_err().to_string(), told);
    }
}

/// The statement of an aggregate depends on no key.
#[test]
fn the_text_depends_on_no_key() {
    let mut fresh = stores::sqlite(TABLES);
    let context = fresh.context();
    let plan = context.explain(Tasks::all().view::<TaskFigures>()).unwrap().to_string();
    let statement = "SELECT t1.`task_id`, count(*), min(t1.`body` COLLATE BINARY), max(t1.`body` COLLATE BINARY), \
                     sum(t1.`author_id`), max(t1.`pinned`) FROM `notes` AS t1 WHERE t1.`task_id` IN (SELECT ";
    assert!(plan.contains(statement), "{plan}");
    assert!(plan.contains("LEFT JOIN `members` AS t2 ON t2.`id` = t1.`member_id`"), "{plan}");
}
