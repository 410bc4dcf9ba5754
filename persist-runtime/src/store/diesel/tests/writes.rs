//! Changes of rows: what every backend answers and keeps is what the memory store does.

use super::fixture::*;
use super::kinds;
use crate::edit::{
    Check, Delete, DeleteAll, Insert, Outcome, RowDelete, RowUpdate, Set, Test, To, Update, UpdateAll, Write,
};
use crate::engine::{Fetch, Output};
use crate::entity::{ColumnDef, Table, Value};
use crate::group::{Comparison, Condition, OrderBy, Projection, Select};
use crate::store::{Fault, MemoryStore, Store};
use std::sync::Arc;

pub(super) fn set(column: ColumnDef, value: impl Into<Value>) -> Set {
    Set { column, to: To::Value(value.into()) }
}

pub(super) fn plus(column: ColumnDef, value: impl Into<Value>) -> Set {
    Set { column, to: To::Plus(value.into()) }
}

pub(super) fn is(column: ColumnDef, value: impl Into<Value>) -> Check {
    Check { column, test: Test::Is(value.into()) }
}

pub(super) fn within(column: ColumnDef, least: i64, most: i64) -> Check {
    Check { column, test: Test::Within(Value::Int(least), Value::Int(most)) }
}

pub(super) fn row(id: i64, sets: Vec<Set>, checks: Vec<Check>) -> RowUpdate {
    RowUpdate { key: vec![Value::Int(id)], sets, checks }
}

pub(super) fn update(rows: Vec<RowUpdate>) -> Write {
    Write::Update(Update::new(&ITEMS, rows, vec![STATUS, HEAT, REV]))
}

pub(super) fn delete(rows: Vec<(i64, Vec<Check>)>) -> Write {
    let rows = rows.into_iter().map(|(id, checks)| RowDelete { key: vec![Value::Int(id)], checks }).collect();
    Write::Delete(Delete::new(&ITEMS, rows, vec![HEAT, STATUS]))
}

pub(super) fn insert(ids: impl IntoIterator<Item = i64>) -> Write {
    let row = |id: i64| {
        let grade = if id % 2 == 0 { Value::Null } else { Value::Int(id % 5) };
        vec![Value::Int(id), "item".into(), "new".into(), Value::Int(id * 10), Value::Int(1), grade]
    };
    Write::Insert(Insert::new(&ITEMS, ids.into_iter().map(row).collect()))
}

pub(super) fn all(store: &mut dyn Store, table: &'static Table) -> Vec<Vec<Value>> {
    rows(store, &Fetch::new(Arc::new(Select::all(table)), Output::Columns(table.columns.to_vec()))).unwrap()
}

fn done(status: impl Into<Value>, heat: i64, rev: i64) -> Outcome {
    Outcome::Done(vec![status.into(), Value::Int(heat), Value::Int(rev)])
}

fn missed(status: impl Into<Value>, heat: i64, rev: i64) -> Outcome {
    Outcome::Missed(vec![status.into(), Value::Int(heat), Value::Int(rev)])
}

/// One row and several, each outcome, NULLs among what is expected.
pub(super) fn outcomes(store: &mut dyn Store) {
    store.write(&insert(1..=4)).unwrap();
    let one = |rows| update(vec![rows]);
    let cases = [
        (one(row(1, vec![set(STATUS, "a")], vec![])), done("a", 10, 1)),
        (one(row(9, vec![set(STATUS, "a")], vec![])), Outcome::Gone),
        (one(row(1, vec![set(STATUS, Value::Null), plus(REV, 1)], vec![is(STATUS, "a")])), done(Value::Null, 10, 2)),
        (one(row(1, vec![set(STATUS, "b")], vec![is(STATUS, "a")])), missed(Value::Null, 10, 2)),
        (one(row(1, vec![set(STATUS, "b")], vec![is(STATUS, Value::Null)])), done("b", 10, 2)),
        (one(row(1, vec![set(STATUS, "c")], vec![is(STATUS, Value::Null)])), missed("b", 10, 2)),
        (one(row(1, vec![set(STATUS, "c")], vec![is(STATUS, "B")])), missed("b", 10, 2)),
        (one(row(1, vec![set(STATUS, "c")], vec![is(NAME, "ITEM")])), missed("b", 10, 2)),
        (one(row(1, vec![plus(HEAT, 5)], vec![within(HEAT, 10, 10)])), done("b", 15, 2)),
        (one(row(1, vec![plus(HEAT, 5)], vec![within(HEAT, 0, 14)])), missed("b", 15, 2)),
        (one(row(1, vec![plus(HEAT, 5)], vec![within(HEAT, i64::MIN, i64::MAX), is(REV, 2)])), done("b", 20, 2)),
        (one(row(2, vec![plus(HEAT, 5)], vec![within(GRADE, 0, 9)])), missed("new", 20, 1)),
        (one(row(9, vec![set(STATUS, "a")], vec![is(STATUS, "a")])), Outcome::Gone),
    ];
    for (write, expected) in cases {
        let explained = store.explain_write(&write).unwrap();
        assert_eq!(store.write(&write).unwrap(), [expected], "{write}\n{explained}");
    }
    let mixed = vec![
        row(4, vec![set(STATUS, "d"), plus(HEAT, 1)], vec![is(STATUS, "new")]),
        row(7, vec![set(STATUS, "d")], vec![]),
        row(1, vec![set(STATUS, "x")], vec![is(STATUS, Value::Null)]),
        row(2, vec![set(HEAT, 0)], vec![is(GRADE, Value::Null)]),
        row(3, vec![set(GRADE, Value::Null)], vec![within(HEAT, 0, 30)]),
    ];
    let told = [done("d", 41, 1), Outcome::Gone, missed("b", 20, 2), done("new", 0, 1), done("new", 30, 1)];
    assert_eq!(store.write(&update(mixed)).unwrap(), told);
    let stored = all(store, &ITEMS);
    assert_eq!(stored[2], [Value::Int(3), "item".into(), "new".into(), Value::Int(30), Value::Int(1), Value::Null]);
    let same = |id| row(id, vec![set(STATUS, "same"), plus(REV, 1)], vec![]);
    let told = [done("same", 30, 2), Outcome::Gone, done("same", 20, 3)];
    assert_eq!(store.write(&update(vec![same(3), same(8), same(1)])).unwrap(), told);
    let quiet = Write::Update(Update::new(&ITEMS, vec![same(3), same(8)], vec![]));
    assert_eq!(store.write(&quiet).unwrap(), [Outcome::Done(vec![]), Outcome::Gone]);
    assert_eq!(store.write(&update(vec![])).unwrap(), []);
    deletes(store);
    composite(store);
}

fn deletes(store: &mut dyn Store) {
    let gone = Outcome::Done(Vec::new());
    let missed = |heat: i64, status: &str| Outcome::Missed(vec![Value::Int(heat), status.into()]);
    assert_eq!(store.write(&delete(vec![(9, vec![])])).unwrap(), [Outcome::Gone]);
    assert_eq!(store.write(&delete(vec![(3, vec![is(STATUS, "new")])])).unwrap(), [missed(30, "same")]);
    assert_eq!(store.write(&delete(vec![(3, vec![is(STATUS, "same")])])).unwrap(), std::slice::from_ref(&gone));
    assert_eq!(store.write(&delete(vec![(3, vec![])])).unwrap(), [Outcome::Gone]);
    let several = vec![(4, vec![is(STATUS, "d")]), (3, vec![]), (2, vec![is(HEAT, 7)]), (1, vec![])];
    assert_eq!(store.write(&delete(several)).unwrap(), [gone.clone(), Outcome::Gone, missed(0, "new"), gone.clone()]);
    assert_eq!(all(store, &ITEMS).len(), 1);
    store.write(&insert(5..=6)).unwrap();
    assert_eq!(store.write(&delete(vec![(6, vec![]), (5, vec![]), (2, vec![])])).unwrap(), vec![gone; 3]);
}

fn composite(store: &mut dyn Store) {
    let note = |a: i64, b: &str| vec![Value::Int(a), b.into(), Value::Int(1), "p".into(), Value::Int(0)];
    let notes = vec![note(1, "x"), note(1, "X"), note(2, "x"), note(2, "y ")];
    store.write(&Write::Insert(Insert::new(&NOTES, notes))).unwrap();
    let row =
        |a: i64, b: &str, checks| RowUpdate { key: vec![Value::Int(a), b.into()], sets: vec![plus(ORD, 1)], checks };
    let rows =
        vec![row(2, "y", vec![]), row(2, "y ", vec![]), row(1, "X", vec![is(PA, 1)]), row(1, "x", vec![is(PA, 2)])];
    let told = store.write(&Write::Update(Update::new(&NOTES, rows, vec![B, ORD]))).unwrap();
    let stored = |b: &str, ord: i64| vec![b.into(), Value::Int(ord)];
    let done = |b| Outcome::Done(stored(b, 1));
    assert_eq!(told, [Outcome::Gone, done("y "), done("X"), Outcome::Missed(stored("x", 0))]);
    let goes = |a: i64, b: &str| RowDelete { key: vec![Value::Int(a), b.into()], checks: vec![] };
    let told = store.write(&Write::Delete(Delete::new(&NOTES, vec![goes(2, "x"), goes(1, "y ")], vec![]))).unwrap();
    assert_eq!(told, [Outcome::Done(vec![]), Outcome::Gone]);
    assert_eq!(all(store, &NOTES).len(), 3);
}

/// What is no sum is refused, and nothing is written.
pub(super) fn sums(store: &mut dyn Store) {
    let mut memory = MemoryStore::new().session();
    for store in [&mut memory as &mut dyn Store, store] {
        store.write(&insert(1..=2)).unwrap();
        let mut refused = |rows: Vec<RowUpdate>| {
            let before = all(store, &ITEMS);
            let error = store.write(&update(rows)).unwrap_err();
            assert_eq!(all(store, &ITEMS), before);
            error.fault().clone()
        };
        let fine = || row(1, vec![set(STATUS, "written")], vec![]);
        for rows in [vec![], vec![fine()]] {
            let with = |other| rows.iter().cloned().chain([other]).collect::<Vec<_>>();
            let sum = |column, more: i64| row(2, vec![plus(column, more)], vec![]);
            assert!(matches!(refused(with(sum(HEAT, i32::MAX.into()))), Fault::OutOfRange(_)));
            assert!(matches!(refused(with(sum(REV, i64::MAX))), Fault::OutOfRange(_)));
            assert!(matches!(refused(with(sum(GRADE, 1))), Fault::Unfit(_)), "NULL");
            let wide = row(2, vec![set(HEAT, i64::MAX)], vec![]);
            assert!(matches!(refused(with(wide)), Fault::Unfit(_)));
        }
        assert!(matches!(refused(vec![row(1, vec![plus(GRADE, i64::from(i16::MAX))], vec![])]), Fault::OutOfRange(_)));
        let null = row(2, vec![set(HEAT, Value::Null)], vec![]);
        assert!(matches!(refused(vec![fine(), null]), Fault::NotNull(_)));
    }
}

/// The same writes, at random, in memory and here.
pub(super) fn at_random(store: &mut dyn Store, seed: u64) {
    let mut memory = MemoryStore::new().session();
    let mut random = Random(seed);
    for _ in 0..60 {
        let write = random.write();
        let (expected, told) = (memory.write(&write), store.write(&write));
        match (expected, told) {
            (Ok(expected), Ok(told)) => {
                assert_eq!(told, expected, "{write:#?}\n{}", store.explain_write(&write).unwrap());
            }
            (Err(_), Err(_)) => {}
            (expected, told) => panic!("{write:#?}\n{expected:?}\n{told:?}"),
        }
        assert_eq!(all(store, &ITEMS), all(&mut memory, &ITEMS), "{write:#?}");
    }
}

/// Numbers that look random, the same ones each time.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn number(&mut self) -> Value {
        Value::Int(i64::try_from(self.below(4)).unwrap())
    }

    pub(super) fn text(&mut self) -> Value {
        [Value::Null, "a".into(), "A".into(), "a ".into()][usize::try_from(self.below(4)).unwrap()].clone()
    }

    /// Some of the keys, in no order.
    fn ids(&mut self) -> Vec<i64> {
        let mut ids: Vec<_> = (1..=20).collect();
        let kept = usize::try_from(1 + self.below(8)).unwrap();
        for place in 0..kept {
            let other = place + usize::try_from(self.below(20 - place as u64)).unwrap();
            ids.swap(place, other);
        }
        ids.truncate(kept);
        ids
    }

    fn checks(&mut self) -> Vec<Check> {
        let mut checks = Vec::new();
        for column in [NAME, STATUS] {
            if self.below(4) == 0 {
                checks.push(is(column, self.text()));
            }
        }
        if self.below(4) == 0 {
            checks.push(is(GRADE, if self.below(2) == 0 { Value::Null } else { self.number() }));
        }
        if self.below(4) == 0 {
            checks.push(within(HEAT, 0, i64::try_from(self.below(8)).unwrap()));
        }
        checks
    }

    fn sets(&mut self) -> Vec<Set> {
        let mut sets = Vec::new();
        for column in [NAME, STATUS] {
            if self.below(2) == 0 {
                sets.push(set(column, self.text()));
            }
        }
        match self.below(4) {
            0 => sets.push(set(HEAT, self.number())),
            1 => sets.push(plus(HEAT, self.number())),
            _ => {}
        }
        if self.below(3) == 0 {
            sets.push(set(GRADE, if self.below(2) == 0 { Value::Null } else { self.number() }));
        }
        sets.push(plus(REV, 1));
        sets
    }

    fn write(&mut self) -> Write {
        let ids = self.ids();
        match self.below(5) {
            0 => {
                let row =
                    |id| vec![Value::Int(id), self.text(), self.text(), self.number(), Value::Int(0), Value::Null];
                Write::Insert(Insert::new(&ITEMS, ids.into_iter().map(row).collect()))
            }
            1 => delete(ids.into_iter().map(|id| (id, self.checks())).collect()),
            _ => update(ids.into_iter().map(|id| row(id, self.sets(), self.checks())).collect()),
        }
    }
}

/// So many batches of 300 out of 2,000 rows, in no order; each raises the revision of its rows by one.
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(super) fn write_unsorted(store: &mut dyn Store, seed: u64, batches: u32) {
    let mut random = Random(seed);
    for _ in 0..batches {
        let mut ids: Vec<_> = (0..2_000_i64).collect();
        for place in 0..300 {
            ids.swap(place, place + usize::try_from(random.below(2_000 - place as u64)).unwrap());
        }
        let edit = |id: &i64| match id % 2 {
            0 => row(*id, vec![plus(REV, 1), plus(HEAT, 1)], vec![]),
            _ => row(*id, vec![plus(REV, 1)], vec![is(STATUS, "new")]),
        };
        store.write(&update(ids[..300].iter().map(edit).collect())).unwrap();
    }
}

/// Two thousand rows, of two kinds.
pub(super) fn many(store: &mut dyn Store) {
    store.write(&insert(0..2_000)).unwrap();
    let edit = |id: i64| match id % 2 {
        0 => row(id, vec![set(STATUS, format!("even {id}"))], vec![is(STATUS, "new")]),
        _ => row(id, vec![plus(HEAT, id), set(NAME, Value::Null)], vec![]),
    };
    let told = store.write(&update((0..2_001).rev().map(edit).collect())).unwrap();
    assert_eq!(told[0], Outcome::Gone);
    assert_eq!(told[1], done("new", 1_999 * 11, 1));
    assert_eq!(told[2], done("even 1998", 19_980, 1));
    assert!(told[1..].iter().all(|told| matches!(told, Outcome::Done(_))));
    for stored in all(store, &ITEMS) {
        let Value::Int(id) = stored[0] else { panic!("{stored:?}") };
        let odd = id % 2 == 1;
        assert_eq!(stored[1], if odd { Value::Null } else { "item".into() });
        assert_eq!(stored[2], if odd { "new".into() } else { Value::Text(format!("even {id}")) });
        assert_eq!(stored[3], Value::Int(if odd { 11 * id } else { 10 * id }));
    }
    let edit = |id: i64| row(id, vec![set(GRADE, 4)], vec![is(STATUS, "new")]);
    let told = store.write(&update((0..2_000).map(edit).collect())).unwrap();
    for (id, told) in (0..).zip(&told) {
        assert_eq!(matches!(told, Outcome::Done(_)), id % 2 == 1, "{id} {told:?}");
        assert_eq!(matches!(told, Outcome::Missed(_)), id % 2 == 0, "{id} {told:?}");
    }
    let told = store.write(&delete((0..2_000).map(|id| (id, vec![within(HEAT, 0, 9_999)])).collect())).unwrap();
    let gone = told.iter().filter(|told| matches!(told, Outcome::Done(_))).count();
    assert_eq!((gone, all(store, &ITEMS).len()), (1_000 - 45, 2_000 - 955));
}

/// A value of every type is written over every other, NULL among them, and is what is expected then; alone and among
/// others.
pub(super) fn kinds(store: &mut dyn Store, least: f64) {
    let kinds = kinds::kinds(least);
    store.write(&Write::Insert(Insert::new(&KINDS, kinds.clone()))).unwrap();
    for (place, column) in KINDS.columns.iter().enumerate().skip(1) {
        let held = |id: i64, turn: usize| kinds[(usize::try_from(id).unwrap() + turn) % 5][place].clone();
        let mut write = |rows: Vec<RowUpdate>| {
            let write = Write::Update(Update::new(&KINDS, rows, vec![*column]));
            store.write(&write).unwrap_or_else(|error| panic!("{error} {}", store.explain_write(&write).unwrap()))
        };
        let turned = |id, turn| row(id, vec![set(*column, held(id, turn + 1))], vec![is(*column, held(id, turn))]);
        for turn in 0..5 {
            let done = |id| Outcome::Done(vec![held(id, turn + 1)]);
            let missed = |id| Outcome::Missed(vec![held(id, turn + 1)]);
            if turn % 2 == 0 {
                assert_eq!(write((0..5).map(|id| turned(id, turn)).collect()), [0, 1, 2, 3, 4].map(done), "{column:?}");
            } else {
                (0..5).for_each(|id| assert_eq!(write(vec![turned(id, turn)]), [done(id)], "{column:?}"));
            }
            let differs = |id: &i64| held(*id, turn) != held(*id, turn + 1);
            for id in (0..5).filter(differs) {
                assert_eq!(write(vec![turned(id, turn)]), [missed(id)], "{column:?} {id}");
            }
        }
    }
    assert_eq!(all(store, &KINDS), kinds);
}

/// All rows of a selection, whatever it looks at; what is there afterwards is what memory has.
pub(super) fn bulk(store: &mut dyn Store) {
    let mut memory = MemoryStore::new().session();
    let people =
        (1..=20).map(|id| vec![Value::Int(id), "p".into(), if id > 4 { Value::Int(id / 2) } else { Value::Null }]);
    let people = Write::Insert(Insert::new(&PEOPLE, people.collect()));
    let hot = |least: i64| Select::matching(&ITEMS, compare(HEAT, Comparison::GreaterOrEqual, least));
    let first = |select: Select, limit, offset| Select {
        order: vec![OrderBy::desc(HEAT)],
        limit: Some(limit),
        offset,
        ..select
    };
    let led = |select: Select| {
        let branches = vec![Projection { select: Arc::new(select), columns: vec![BOSS] }];
        Select::matching(&ITEMS, Condition::InSelect { columns: vec![ID], branches })
    };
    let own = |select: Select| {
        let branches = vec![Projection { select: Arc::new(select), columns: vec![ID] }];
        Select::matching(&ITEMS, Condition::InSelect { columns: vec![ID], branches })
    };
    let not = |select: Select| Select::matching(&ITEMS, Condition::Not(Box::new(select.filter.unwrap())));
    let keys = Select::matching(&ITEMS, in_keys(vec![ID], vec![Value::Int(2), Value::Int(19), Value::Int(77)]));
    let update = |select: Select, sets| Write::UpdateAll(UpdateAll::new(Arc::new(select), sets));
    let delete = |select: Select| Write::DeleteAll(DeleteAll::new(Arc::new(select)));
    let writes = [
        people,
        insert(1..=20),
        update(Select::all(&ITEMS), vec![plus(REV, 1)]),
        update(hot(150), vec![set(STATUS, "hot"), plus(HEAT, -1_i64)]),
        // Again: what holds the values already counts too.
        update(hot(180), vec![set(STATUS, "hot")]),
        update(hot(999), vec![set(STATUS, "none")]),
        update(first(hot(50), 3, 2), vec![set(STATUS, Value::Null), plus(HEAT, 1)]),
        update(led(Select::matching(&PEOPLE, compare(ID, Comparison::Less, 9))), vec![set(NAME, "boss")]),
        update(own(first(Select::all(&ITEMS), 4, 0)), vec![set(NAME, "best")]),
        update(not(own(hot(60))), vec![plus(REV, 10_i64)]),
        update(keys.clone(), vec![set(GRADE, 9_i64), plus(HEAT, 0_i64)]),
        delete(first(Select::all(&ITEMS), 2, 1)),
        delete(keys),
        delete(own(hot(160))),
        delete(led(Select::all(&PEOPLE))),
        delete(hot(110)),
        delete(Select::all(&ITEMS)),
    ];
    for write in writes {
        let explained = store.explain_write(&write).unwrap();
        let told = store.write(&write).unwrap_or_else(|error| panic!("{error} {explained}"));
        assert_eq!(told, memory.write(&write).unwrap(), "{write} {explained}");
        assert_eq!(all(store, &ITEMS), all(&mut memory, &ITEMS), "{write} {explained}");
    }
    assert!(all(store, &ITEMS).is_empty());
    store.write(&insert(1..=3)).unwrap();
    for sets in [vec![set(HEAT, i64::MAX)], vec![plus(REV, i64::MAX)], vec![plus(GRADE, 1)]] {
        let error = store.write(&update(Select::all(&ITEMS), sets)).unwrap_err();
        assert!(matches!(error.fault(), Fault::Unfit(_) | Fault::OutOfRange(_)), "{error}");
    }
    assert!(store.write(&update(Select::all(&ITEMS), vec![])).is_err(), "a change of nothing is no deletion");
    assert!(store.write(&self::update(vec![row(1, vec![], vec![])])).is_err());
    assert!(all(store, &ITEMS).iter().all(|row| row[4] == Value::Int(1)));
    assert_eq!(all(store, &ITEMS).len(), 3);
}

/// New rows come back as they are stored, in the order that they were given in.
pub(super) fn returned(store: &mut dyn Store) {
    let insert =
        |columns: &[ColumnDef], rows| Write::Insert(Insert::of(&MADE, columns.to_vec(), rows, vec![NAME, ID, HEAT]));
    let names = |count: i64| (0..count).map(|n| vec![Value::Text(format!("name {}", count - n))]).collect::<Vec<_>>();
    let one = store.write(&insert(&[NAME], vec![vec!["one".into()]])).unwrap();
    assert_eq!(one, [Outcome::Done(vec!["one".into(), Value::Int(1), Value::Int(7)])]);
    let (mut last, rows) = (1, names(40_000));
    let told = store.write(&insert(&[NAME], rows.clone())).unwrap();
    assert_eq!(told.len(), rows.len());
    for (row, told) in rows.iter().zip(told) {
        let Outcome::Done(told) = told else { panic!("{told:?}") };
        let Value::Int(id) = told[1] else { panic!("{told:?}") };
        assert!(told[0] == row[0] && id > last, "{told:?} {row:?} {last}");
        last = id;
    }
    let given = vec![
        vec![Value::Int(99_003), Value::Int(1)],
        vec![Value::Int(99_001), Value::Int(2)],
        vec![Value::Int(99_002), Value::Int(3)],
    ];
    let done = |id: i64, heat: i64| Outcome::Done(vec![Value::Null, Value::Int(id), Value::Int(heat)]);
    let told = store.write(&insert(&[ID, HEAT], given)).unwrap();
    assert_eq!(told, [done(99_003, 1), done(99_001, 2), done(99_002, 3)]);
    let told = store.write(&insert(&[], vec![vec![], vec![]])).unwrap();
    assert!(
        matches!(told.as_slice(), [Outcome::Done(one), Outcome::Done(two)] if one[1] < two[1] && one[2] == Value::Int(7))
    );
    let before = all(store, &MADE).len();
    let mut taken = names(40_000);
    taken.push(vec!["one".into()]);
    let error = store.write(&insert(&[NAME], taken.split_off(39_999))).unwrap_err();
    assert!(matches!(error.fault(), Fault::Duplicate(_)), "{error}");
    assert_eq!(all(store, &MADE).len(), before);
    let quiet = Write::Insert(Insert::of(&MADE, vec![NAME], vec![vec!["quiet".into()], vec![Value::Null]], vec![]));
    assert_eq!(store.write(&quiet).unwrap(), vec![Outcome::Done(vec![]); 2]);
}

#[test]
fn the_memory_store_answers_so() {
    outcomes(&mut MemoryStore::new().session());
    many(&mut MemoryStore::new().session());
    kinds(&mut MemoryStore::new().session(), f64::NEG_INFINITY);
}
