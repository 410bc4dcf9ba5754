//! Conditions and orders, and what they must give on every backend.

use super::fixture::*;
use super::places::{places, reached};
use crate::edit::Insert;
use crate::engine::{Fetch, Output};
use crate::entity::{ColumnDef, Value};
use crate::group::{By, Case, Comparison, Condition, OrderBy, Projection, Select, TextTest};
use crate::store::Store;
use crate::store::fixture::Inserts as _;
use std::sync::Arc;

pub(super) const NAMES: [Option<&str>; 12] = [
    None,
    Some(""),
    Some("Anna"),
    Some("anna"),
    Some("a%b_c\\d"),
    Some("quo'te\"`"),
    Some("\u{D7FF}x"),
    Some("emoji \u{1F600} end"),
    Some("'; DROP TABLE person; --"),
    Some("ann"),
    Some("Zoe"),
    Some("\u{FFEE}"),
];

pub(super) fn people(store: &mut dyn Store) {
    let rows = NAMES.iter().enumerate().map(|(index, name)| {
        let boss = if index % 3 == 0 { Value::Null } else { Value::Int(index as i64 / 3 + 1) };
        vec![Value::Int(index as i64 + 1), name.map_or(Value::Null, Value::from), boss]
    });
    store.insert(&Insert::new(&PEOPLE, rows.collect())).unwrap();
}

/// Every condition against what its own definition says, row by row.
pub(super) fn conditions(store: &mut dyn Store) {
    people(store);
    let named = |test: &dyn Fn(&str) -> bool| -> Vec<i64> {
        let passing = NAMES.iter().enumerate().filter(|(_, name)| name.is_some_and(test));
        passing.map(|(index, _)| index as i64 + 1).collect()
    };
    let all: Vec<i64> = (1..=NAMES.len() as i64).collect();
    let check = |store: &mut dyn Store, condition: Condition, wanted: Vec<i64>| {
        let found = sorted(ids(store, Select::matching(&PEOPLE, condition.clone())));
        assert_eq!(found, wanted, "{condition}");
        let rest: Vec<_> = all.iter().copied().filter(|id| !wanted.contains(id)).collect();
        let not = Condition::Not(Box::new(condition.clone()));
        assert_eq!(sorted(ids(store, Select::matching(&PEOPLE, not))), rest, "not {condition}");
    };
    for wanted in
        NAMES.iter().flatten().copied().chain(["a", "A", "%", "_", "\\", "'", "\"", "\u{1F600}", "\u{10FFFF}"])
    {
        for test in [TextTest::Equals, TextTest::StartsWith, TextTest::EndsWith, TextTest::Contains] {
            for case in [Case::Counts, Case::AsciiIgnored] {
                let condition = Condition::Text { column: NAME, test, case, text: wanted.to_owned() };
                check(store, condition, named(&|name| test.holds(&case.fold(name), &case.fold(wanted))));
            }
        }
        for how in [
            Comparison::Equal,
            Comparison::Less,
            Comparison::LessOrEqual,
            Comparison::Greater,
            Comparison::GreaterOrEqual,
        ] {
            check(store, compare(NAME, how, wanted), named(&|name| how.holds(name.cmp(wanted))));
        }
        check(store, in_keys(vec![NAME], vec![wanted.into()]), named(&|name| name == wanted));
    }
    check(store, Condition::And(vec![]), all.clone());
    check(store, Condition::Or(vec![]), vec![]);
    check(store, Condition::IsNull(NAME), vec![1]);
    check(store, compare(NAME, Comparison::Equal, Value::Null), vec![]);
    check(store, in_keys(vec![ID], vec![]), vec![]);
    check(store, in_keys(vec![ID], vec![Value::Int(2), Value::Int(2), Value::Null, Value::Int(77)]), vec![2]);
    let either = Condition::Or(vec![compare(ID, Comparison::Less, 3), compare(BOSS, Comparison::Equal, 4)]);
    check(store, either.clone(), vec![1, 2, 11, 12]);
    check(store, either.and(compare(ID, Comparison::Greater, 1)), vec![2, 11, 12]);
    let against = |how| Condition::CompareColumns { column: BOSS, how, other: ID };
    check(store, against(Comparison::Less), vec![2, 3, 5, 6, 8, 9, 11, 12]);
    check(store, against(Comparison::GreaterOrEqual), vec![]);
    check(store, Condition::CompareColumns { column: NAME, how: Comparison::Equal, other: NAME }, named(&|_| true));
    let many = (0..3_000).map(|n| compare(ID, Comparison::Equal, n * 2)).collect();
    check(store, Condition::Or(many), all.iter().copied().filter(|id| id % 2 == 0).collect());
    sub_selects(store, &check);
    places(store);
    reached(store);
}

type Check<'a> = &'a dyn Fn(&mut dyn Store, Condition, Vec<i64>);

fn sub_selects(store: &mut dyn Store, check: Check<'_>) {
    let branch =
        |select: Select, columns: &[ColumnDef]| Projection { select: Arc::new(select), columns: columns.to_vec() };
    let cut = Select { order: vec![OrderBy::desc(ID)], limit: Some(2), offset: 1, ..Select::all(&PEOPLE) };
    let condition = Condition::InSelect { columns: vec![ID], branches: vec![branch(cut.clone(), &[ID])] };
    check(store, condition, vec![10, 11]);
    // A self relation, twice: those whose boss has a boss whose name is NULL.
    let top = Select::matching(&PEOPLE, Condition::IsNull(NAME));
    let below = |above: Select| {
        Select::matching(&PEOPLE, Condition::InSelect { columns: vec![BOSS], branches: vec![branch(above, &[ID])] })
    };
    let condition = below(below(top.clone())).filter.unwrap();
    check(store, condition, vec![5, 6, 8, 9].into_iter().filter(|id| [2, 3].contains(&((id - 1) / 3 + 1))).collect());
    let both = Condition::InSelect { columns: vec![ID], branches: vec![branch(cut, &[ID]), branch(top, &[ID])] };
    check(store, both, vec![1, 10, 11]);
    let rows = Condition::InSelect {
        columns: vec![ID, NAME],
        branches: vec![branch(Select::matching(&PEOPLE, compare(ID, Comparison::Less, 4)), &[ID, NAME])],
    };
    // A NULL equals nothing.
    check(store, rows, vec![2, 3]);
    check(store, Condition::InSelect { columns: vec![ID], branches: vec![] }, vec![]);
    // More than one union may have.
    let one = |n| branch(Select::matching(&PEOPLE, compare(ID, Comparison::Equal, n * 3)), &[ID]);
    check(store, Condition::InSelect { columns: vec![ID], branches: (1..=600).map(one).collect() }, vec![3, 6, 9, 12]);
}

pub(super) fn orders(store: &mut dyn Store) {
    people(store);
    let ordered =
        |descending| Select { order: vec![OrderBy { by: By::Column(NAME), descending }], ..Select::all(&PEOPLE) };
    let mut wanted: Vec<_> = (1..=NAMES.len() as i64).collect();
    wanted.sort_by_key(|id| (NAMES[*id as usize - 1], *id));
    assert_eq!(ids(store, ordered(false)), wanted);
    wanted.sort_by_key(|id| (std::cmp::Reverse(NAMES[*id as usize - 1]), *id));
    assert_eq!(ids(store, ordered(true)), wanted);
    let page = Select { limit: Some(3), offset: 2, ..ordered(true) };
    assert_eq!(ids(store, page.clone()), wanted[2..5]);
    let rest = Select { limit: None, ..page.clone() };
    assert_eq!(ids(store, rest), wanted[2..]);
    let output = |output, select: &Select| Fetch::new(Arc::new(select.clone()), output);
    assert_eq!(firsts(store, &output(Output::count(), &page)), [3]);
    assert_eq!(firsts(store, &output(Output::count(), &ordered(false))), [NAMES.len() as i64]);
    for (offset, wanted) in [(0, true), (20, false)] {
        let select = Select { offset, ..ordered(false) };
        assert_eq!(rows(store, &output(Output::Exists, &select)).unwrap(), [[Value::Bool(wanted)]]);
    }
}
