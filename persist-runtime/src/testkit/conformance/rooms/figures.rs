//! Numbers of rows, and what is the least, the greatest, the sum and the mean of them.

use super::super::domain::*;
use super::super::trial::Trial;
use super::{filled, those};
use crate::context::Error;
use crate::engine::Problem;
use crate::prelude::*;
use rust_decimal::Decimal;
use std::collections::{BTreeSet, HashMap};

/// How many, and whether any: of all, of some, of none, of relations.
pub(crate) fn counts(at: &Trial<'_>) {
    let (place, data) = filled(at, 30);
    let context = &mut place.context();
    let open = Tasks::all().filter(task::state.eq(State::Open));
    let none = Tasks::all().filter(task::heat.lt(-1));
    let asked = (Tasks::all().count(), open.count(), open.exists(), none.count(), none.exists(), open.owners().count());
    let open = those(&data.tasks, |task| task.state == State::Open);
    let owners: BTreeSet<_> = open.iter().map(|task| task.owner_id).collect();
    let expected = (30, open.len() as u64, true, 0, false, owners.len() as u64);
    assert_eq!(context.realise(asked).unwrap(), expected);
}

/// NULL is no value; where there is none, the sum is nought and the rest nothing.
pub(crate) fn of_groups(at: &Trial<'_>) {
    let (place, data) = filled(at, 30);
    let context = &mut place.context();
    let scores: Vec<_> = data.tasks.iter().filter_map(|task| task.score).collect();
    let heats: Vec<_> = data.tasks.iter().map(|task| i64::from(task.heat)).collect();
    let all = Tasks::all();
    let found = context.realise((all.min(task::heat), all.max(task::heat), all.sum(task::heat), all.avg(task::heat)));
    let mean = heats.iter().sum::<i64>() as f64 / heats.len() as f64;
    assert_eq!(found.unwrap(), (Some(0), Some(16), heats.iter().sum(), Some(mean)));
    let found = context.realise((all.min(task::score), all.max(task::score), all.sum(task::score))).unwrap();
    assert_eq!(found, (Some(0.0), Some(4.0), scores.iter().sum()));
    let texts = (all.min(task::title), all.max(task::title), all.min(task::id), all.max(task::state));
    let expected = (Some("task 0".into()), Some("task 9".into()), Some(task_id(0)), Some(State::Open));
    assert_eq!(context.realise(texts).unwrap(), expected);
    for nothing in [all.filter(task::heat.gt(99)), all.limit(0), Tasks::from_keys([])] {
        let found = (nothing.sum(task::heat), nothing.avg(task::heat), nothing.min(task::title), nothing.count());
        assert_eq!(context.realise(found).unwrap(), (0, None, None, 0));
    }
    let hot = all.order_by(task::heat.desc()).limit(3);
    assert_eq!(context.realise((hot.count(), hot.min(task::heat), hot.sum(task::heat))).unwrap(), (3, Some(15), 47));
}

/// Of each part of a group.
pub(crate) fn of_parts(at: &Trial<'_>) {
    let (place, data) = filled(at, 30);
    let context = &mut place.context();
    let all = Tasks::all();
    let asked = (all.by(task::state).count(), all.by(task::assignee_id).count(), all.by(task::owner).sum(task::heat));
    let (by_state, by_assignee, by_owner) = context.realise(asked).unwrap();
    let mut expected: HashMap<Option<i32>, u64> = HashMap::new();
    let mut sums: HashMap<i32, i64> = HashMap::new();
    for task in &data.tasks {
        *expected.entry(task.assignee_id).or_default() += 1;
        *sums.entry(task.owner_id).or_default() += i64::from(task.heat);
    }
    assert_eq!(by_assignee, expected, "NULL is a part");
    assert_eq!(by_owner, sums);
    assert_eq!(by_state.values().sum::<u64>(), 30);
    assert_eq!(by_state[&State::Open], 10);
    let most = context.realise(all.filter(task::owner_id.lt(4)).by(task::owner).max(task::heat)).unwrap();
    let highest = |owner| data.tasks.iter().filter(|task| task.owner_id == owner).map(|task| task.heat).max();
    let expected: HashMap<_, _> = (0..4).map(|owner| (owner, highest(owner))).collect();
    assert_eq!(most, expected);
}

#[derive(Debug, PartialEq, View)]
#[view(of = Task)]
struct Figured {
    #[view(count(notes))]
    notes: i64,
    #[view(exists(notes))]
    any: bool,
    #[view(min(notes, note::body))]
    first: Option<String>,
    #[view(sum(notes, note::author_id))]
    authors: i64,
    #[view(count(watchers), filter = member::rank.ge(2))]
    high: i64,
    #[view(max(watchers, member::rank))]
    highest: Option<i32>,
    #[view(avg(watchers, member::rank))]
    mean: Option<f64>,
}

/// Of each row's relation, also of one without rows.
pub(crate) fn of_relations(at: &Trial<'_>) {
    let (place, data) = filled(at, 30);
    let rank = |id: i32| data.members[usize::try_from(id).unwrap()].rank;
    for (found, task) in place.context().realise(Tasks::all().view::<Figured>()).unwrap().iter().zip(&data.tasks) {
        let notes = those(&data.notes, |note| note.task_id == Some(task.id));
        let ranks: Vec<_> =
            data.watches.iter().filter(|watch| watch.task_id == task.id).filter_map(|w| rank(w.member_id)).collect();
        let expected = Figured {
            notes: notes.len() as i64,
            any: !notes.is_empty(),
            first: notes.iter().map(|note| note.body.clone()).min(),
            authors: notes.iter().map(|note| i64::from(note.author_id)).sum(),
            high: ranks.iter().filter(|rank| **rank >= 2).count() as i64,
            highest: ranks.iter().max().copied(),
            mean: (!ranks.is_empty()).then(|| f64::from(ranks.iter().sum::<i32>()) / ranks.len() as f64),
        };
        assert_eq!(*found, expected);
    }
}

mod sums {
    use super::*;

    diesel::table! {
        amounts (id) { id -> Integer, part -> Integer, big -> BigInt, exact -> Numeric, maybe -> Nullable<Numeric>, }
    }

    #[derive(Debug, Clone, PartialEq, Entity)]
    #[entity(table = amounts)]
    pub(super) struct Amount {
        #[entity(key)]
        pub(super) id: i32,
        pub(super) part: i32,
        pub(super) big: i64,
        pub(super) exact: Decimal,
        pub(super) maybe: Option<Decimal>,
    }
}

/// Sums of decimals are exact; a sum that a number of 64 bits cannot hold is an error, and no other number.
pub(crate) fn exact_sums(at: &Trial<'_>) {
    use sums::{Amount, Amounts, amount};
    let place = at.place(&[Amount::TABLE]);
    let context = &mut place.context();
    let decimal = |text: &str| text.parse::<Decimal>().unwrap();
    let row = |(id, big, exact): (i32, i64, &str)| Amount {
        id,
        part: id % 2,
        big,
        exact: decimal(exact),
        maybe: (id > 2).then(|| decimal(exact)),
    };
    let rows = [(1, i64::MAX, "0.1"), (2, 5, "0.2"), (3, 1, "100000000000000.01"), (4, -7, "-0.3")];
    context.insert_all(&rows.map(row)).unwrap();
    let all = Amounts::all();
    let sums = (all.sum(amount::exact), all.sum(amount::maybe), all.max(amount::exact), all.min(amount::maybe));
    let expected = (
        decimal("100000000000000.01"),
        decimal("99999999999999.71"),
        Some(decimal("100000000000000.01")),
        Some(decimal("-0.3")),
    );
    assert_eq!(context.realise(sums).unwrap(), expected);
    let parts = context.realise(all.by(amount::part).sum(amount::exact)).unwrap();
    assert_eq!(parts, HashMap::from([(0, decimal("-0.1")), (1, decimal("100000000000000.11"))]));
    assert_eq!(context.realise(all.filter(amount::part.eq(0)).sum(amount::big)).unwrap(), -2);
    let Err(Error::Rows(rows)) = context.realise(all.filter(amount::part.eq(1)).sum(amount::big)) else {
        panic!("a sum past the end of its type")
    };
    assert!(matches!(rows.rows()[0].problem, Problem::Unfit(_)), "{rows}");
    assert_eq!(context.realise(all.sum(amount::big)).unwrap(), i64::MAX - 1, "but for the sum, none is looked at");
}

/// The different values of a column, in order.
pub(crate) fn different_values(at: &Trial<'_>) {
    let (place, data) = filled(at, 30);
    let context = &mut place.context();
    let heats: BTreeSet<_> = data.tasks.iter().map(|task| task.heat).collect();
    let titles: BTreeSet<_> = data.tasks.iter().map(|task| task.title.clone()).collect();
    let all = Tasks::all();
    let found = context.realise((all.values(task::heat), all.values(task::title))).unwrap();
    assert_eq!(found, (heats.into_iter().collect(), titles.into_iter().collect()));
    let assignees: BTreeSet<_> = data.tasks.iter().map(|task| task.assignee_id).collect();
    assert_eq!(context.realise(all.values(task::assignee_id)).unwrap(), assignees.into_iter().collect::<Vec<_>>());
    let hot = all.order_by(task::heat.desc()).limit(4);
    let mut hottest: Vec<_> = data.tasks.iter().map(|task| task.heat).collect();
    hottest.sort_unstable();
    let top: BTreeSet<_> = hottest[26..].iter().copied().collect();
    assert_eq!(context.realise(hot.values(task::heat)).unwrap(), top.into_iter().collect::<Vec<_>>());
}
