//! New rows whose place may be taken, and rows found by columns other than the key: what every backend answers and keeps
//! is what the memory store does.

#[cfg(any(feature = "postgres", feature = "mysql"))]
mod races;
mod servers;

use super::fixture::*;
use super::writes::{Random, all, is, plus, set};
use crate::edit::{Check, Delete, Insert, Outcome, RowDelete, RowUpdate, Set, Update, Upsert, Write};
use crate::entity::{Collation, ColumnDef, ColumnType, Rules, Table, Value};
use crate::store::{Fault, MemoryStore, Store};

pub(super) const IMAGE: ColumnDef = column("image_id", ColumnType::Integer, false);
pub(super) const KEY: ColumnDef = column("name", ColumnType::Text, true);
pub(super) const VALUE: ColumnDef = column("value", ColumnType::Text, true);
pub(super) const DELETED: ColumnDef = column("deleted", ColumnType::Bool, false);
pub(super) const CODE: ColumnDef = column("code", ColumnType::Integer, true);
/// The entries of a map: found by the image and the name, keyed by a number that the store makes.
pub(super) static PROPERTIES: Table = Table {
    entity: "Property",
    schema: None,
    name: "image_property",
    columns: &[ID, IMAGE, KEY, VALUE, DELETED, CODE],
    key: &[ID],
    collation: Collation::Portable,
    rules: &Rules { unique: &[&[IMAGE, KEY], &[CODE]], ..Rules::NONE },
};

type Given = (i64, &'static str, &'static str);

pub(super) fn property((image, name, value): Given) -> Vec<Value> {
    vec![Value::Int(image), name.into(), value.into(), Value::Bool(false)]
}

pub(super) fn rows_put(rows: Vec<Vec<Value>>, sets: Vec<ColumnDef>, checks: Vec<Check>) -> Write {
    let insert = Insert::of(&PROPERTIES, vec![IMAGE, KEY, VALUE, DELETED], rows, vec![VALUE, DELETED]);
    Write::Insert(insert.upsert(Upsert { by: vec![IMAGE, KEY], sets, checks }))
}

pub(super) fn put(rows: &[Given], sets: Vec<ColumnDef>, checks: Vec<Check>) -> Write {
    rows_put(rows.iter().copied().map(property).collect(), sets, checks)
}

fn revive(rows: &[Given]) -> Write {
    put(rows, vec![VALUE, DELETED], vec![is(DELETED, true)])
}

pub(super) fn done(value: impl Into<Value>) -> Outcome {
    Outcome::Done(vec![value.into(), Value::Bool(false)])
}

pub(super) fn missed(value: impl Into<Value>) -> Outcome {
    Outcome::Missed(vec![value.into(), Value::Bool(false)])
}

fn change(image: i64, name: impl Into<Value>, sets: Vec<Set>, checks: Vec<Check>) -> RowUpdate {
    RowUpdate { key: vec![Value::Int(image), name.into()], sets, checks }
}

pub(super) fn update(rows: Vec<RowUpdate>) -> Write {
    Write::Update(Update::new(&PROPERTIES, rows, vec![VALUE, DELETED]).by(vec![IMAGE, KEY]))
}

fn delete(rows: Vec<(i64, Value, Vec<Check>)>) -> Write {
    let row = |(image, name, checks)| RowDelete { key: vec![Value::Int(image), name], checks };
    Write::Delete(Delete::new(&PROPERTIES, rows.into_iter().map(row).collect(), vec![VALUE]).by(vec![IMAGE, KEY]))
}

/// What is stored, without the numbers that the store made.
pub(super) fn kept(store: &mut dyn Store) -> Vec<Vec<Value>> {
    let mut rows: Vec<_> = all(store, &PROPERTIES).into_iter().map(|mut row| row.split_off(1)).collect();
    rows.sort();
    rows
}

fn run(store: &mut dyn Store, cases: Vec<(Write, Vec<Outcome>)>) {
    for (write, expected) in cases {
        let told = store.write(&write).unwrap_or_else(|error| panic!("{write} {write:?}\n{error}"));
        assert_eq!(told, expected, "{write}\n{}", store.explain_write(&write).unwrap());
    }
}

/// One row and several; put if absent, put any, insert or revive.
pub(super) fn upserted(store: &mut dyn Store) {
    let gone = Outcome::Missed(vec!["4".into(), Value::Bool(true)]);
    let (a, b) = ((1, "a", "3"), (1, "b", "3"));
    let null = |sets| rows_put(vec![vec![Value::Int(1), "a".into(), Value::Null, Value::Bool(false)]], sets, vec![]);
    run(
        store,
        vec![
            (put(&[(1, "a", "1")], vec![], vec![]), vec![done("1")]),
            (put(&[(1, "a", "2")], vec![], vec![]), vec![missed("1")]),
            (put(&[(1, "a", "2")], vec![VALUE], vec![]), vec![done("2")]),
            (put(&[(1, "a", "2")], vec![VALUE], vec![]), vec![done("2")]),
            (put(&[(2, "a", "1")], vec![VALUE], vec![]), vec![done("1")]),
            (put(&[b, (2, "b", "1"), a], vec![], vec![]), vec![done("3"), done("1"), missed("2")]),
            (put(&[(3, "b", "1"), a, b], vec![VALUE], vec![]), vec![done("1"), done("3"), done("3")]),
            // Texts that only some collations take for different.
            (put(&[(4, "x", "1"), (4, "y", "2")], vec![], vec![]), vec![done("1"), done("2")]),
            // Alive; marked as deleted; not there.
            (
                update(vec![change(1, "a", vec![set(DELETED, true), set(VALUE, "4")], vec![])]),
                vec![Outcome::Done(vec!["4".into(), Value::Bool(true)])],
            ),
            (put(&[(1, "a", "5")], vec![], vec![]), vec![gone]),
            (revive(&[(5, "a", "6"), (1, "b", "6"), (1, "a", "6")]), vec![done("6"), missed("3"), done("6")]),
            (revive(&[(1, "a", "7")]), vec![missed("6")]),
            // NULL becomes, is expected, and is told.
            (null(vec![VALUE]), vec![done(Value::Null)]),
            (put(&[(1, "a", "8")], vec![VALUE], vec![is(VALUE, "6")]), vec![missed(Value::Null)]),
            (put(&[(1, "a", "8")], vec![VALUE], vec![is(VALUE, Value::Null)]), vec![done("8")]),
            (null(vec![]), vec![missed("8")]),
            (put(&[], vec![VALUE], vec![]), vec![]),
        ],
    );
    let quiet = |rows: &[Given], sets| {
        let Write::Insert(insert) = put(rows, sets, vec![]) else { unreachable!() };
        Write::Insert(Insert { returning: vec![], ..insert })
    };
    let (done, missed) = (Outcome::Done(vec![]), Outcome::Missed(vec![]));
    run(
        store,
        vec![
            (quiet(&[(1, "a", "9"), (6, "a", "9")], vec![]), vec![missed.clone(), done.clone()]),
            (quiet(&[(1, "a", "9"), (7, "a", "9")], vec![VALUE]), vec![done.clone(), done.clone()]),
            (quiet(&[(1, "a", "9")], vec![]), vec![missed]),
            (quiet(&[(8, "a", "9")], vec![]), vec![done]),
        ],
    );
    assert_eq!(kept(store).len(), 11);
    by_key(store);
}

/// What a row is found by may be its key.
fn by_key(store: &mut dyn Store) {
    let note = |a: i64, b: &str, ord: i64| vec![Value::Int(a), b.into(), Value::Int(1), "p".into(), Value::Int(ord)];
    let put = |rows, sets| {
        let insert = Insert::of(&NOTES, NOTES.columns.to_vec(), rows, vec![ORD]);
        Write::Insert(insert.upsert(Upsert { by: vec![A, B], sets, checks: vec![] }))
    };
    let ord = |ord: i64| vec![Value::Int(ord)];
    let several = || vec![note(2, "x", 6), note(1, "y", 6), note(1, "x", 6)];
    run(
        store,
        vec![
            (put(vec![note(1, "x", 5), note(1, "y", 5)], vec![]), vec![Outcome::Done(ord(5)); 2]),
            (put(several(), vec![]), vec![Outcome::Done(ord(6)), Outcome::Missed(ord(5)), Outcome::Missed(ord(5))]),
            (put(several(), vec![ORD]), vec![Outcome::Done(ord(6)); 3]),
        ],
    );
}

/// Changes and deletions of rows that are found by columns other than the key.
pub(super) fn found(store: &mut dyn Store) {
    let rows = [(1, "a", "1"), (1, "A", "2"), (1, "a ", "3"), (2, "a", "4"), (3, "a", "5")].map(property);
    store
        .write(&Write::Insert(Insert::of(&PROPERTIES, vec![IMAGE, KEY, VALUE, DELETED], rows.to_vec(), vec![])))
        .unwrap();
    let new = |image, name: &str, value: &str| change(image, name, vec![set(VALUE, value)], vec![]);
    let checked =
        |image, name: &str, expected: &str| change(image, name, vec![set(CODE, image)], vec![is(VALUE, expected)]);
    run(
        store,
        vec![
            (update(vec![new(1, "a", "one")]), vec![done("one")]),
            (update(vec![new(9, "a", "one")]), vec![Outcome::Gone]),
            (update(vec![change(1, Value::Null, vec![set(VALUE, "null")], vec![])]), vec![Outcome::Gone]),
            (update(vec![checked(2, "a", "3")]), vec![missed("4")]),
            (
                update(vec![new(2, "a", "x"), new(1, "A", "y"), new(2, "A", "z"), checked(3, "a", "5")]),
                vec![done("x"), done("y"), Outcome::Gone, done("5")],
            ),
            (
                update(vec![
                    checked(3, "a", "x"),
                    new(1, "a ", "w"),
                    change(1, Value::Null, vec![set(CODE, 1)], vec![]),
                ]),
                vec![missed("5"), done("w"), Outcome::Gone],
            ),
            (update(vec![change(3, "a", vec![plus(CODE, 4)], vec![])]), vec![done("5")]),
        ],
    );
    let rows = kept(store);
    let row = |image: i64, name: &str, value: &str, code: Value| {
        vec![Value::Int(image), name.into(), value.into(), Value::Bool(false), code]
    };
    let null = Value::Null;
    assert_eq!(rows[..2], [row(1, "A", "y", null.clone()), row(1, "a", "one", null.clone())]);
    assert_eq!(
        rows[2..],
        [row(1, "a ", "w", null.clone()), row(2, "a", "x", null.clone()), row(3, "a", "5", Value::Int(7))]
    );
    let gone = Outcome::Done(vec![]);
    run(
        store,
        vec![
            (delete(vec![(1, "A".into(), vec![is(VALUE, "z")])]), vec![Outcome::Missed(vec!["y".into()])]),
            (delete(vec![(1, "A".into(), vec![])]), vec![gone.clone()]),
            (delete(vec![(1, "A".into(), vec![])]), vec![Outcome::Gone]),
            (
                delete(vec![(3, "a".into(), vec![is(VALUE, "6")]), (1, Value::Null, vec![]), (1, "a ".into(), vec![])]),
                vec![Outcome::Missed(vec!["5".into()]), Outcome::Gone, gone],
            ),
        ],
    );
    assert_eq!(kept(store).len(), 3);
}

/// What is refused is refused everywhere, as the same kind of fault, and nothing of it is written.
pub(super) fn refused(store: &mut dyn Store) {
    let mut memory = MemoryStore::new().session();
    for store in [&mut memory as &mut dyn Store, store] {
        store.write(&put(&[(1, "a", "1"), (2, "a", "1")], vec![], vec![])).unwrap();
        store.write(&update(vec![change(2, "a", vec![set(CODE, 7)], vec![])])).unwrap();
        let before = all(store, &PROPERTIES);
        let mut fault = |write: Write| {
            let error = store.write(&write).unwrap_err();
            assert_eq!(all(store, &PROPERTIES), before, "{write}");
            error.fault().clone()
        };
        let null = vec![Value::Int(5), Value::Null, "1".into(), Value::Bool(false)];
        let new = property((9, "a", "1"));
        assert_eq!(fault(rows_put(vec![new.clone(), null], vec![], vec![])), Fault::NotNull("name".into()));
        let twice = put(&[(9, "a", "1"), (9, "b", "1"), (9, "a", "2")], vec![VALUE], vec![]);
        assert_eq!(fault(twice), Fault::Unfit("two new rows have the same image_id, name".into()));
        let with = |upsert| {
            let insert = Insert::of(&PROPERTIES, vec![IMAGE, KEY, VALUE, DELETED], vec![new.clone()], vec![]);
            Write::Insert(insert.upsert(upsert))
        };
        let upsert = |by, sets| Upsert { by, sets, checks: vec![] };
        assert!(matches!(fault(with(upsert(vec![ID], vec![]))), Fault::Unfit(_)), "not given");
        assert!(matches!(fault(with(upsert(vec![], vec![]))), Fault::Unfit(_)), "found by nothing");
        assert!(matches!(fault(with(upsert(vec![IMAGE, KEY], vec![CODE]))), Fault::Unfit(_)), "not given");
        assert!(matches!(fault(with(upsert(vec![IMAGE, KEY], vec![KEY]))), Fault::Unfit(_)), "found by it");
        let wide = vec![Value::Int(i64::MAX), "a".into(), "1".into(), Value::Bool(false)];
        assert!(matches!(fault(rows_put(vec![new.clone(), wide], vec![VALUE], vec![])), Fault::Unfit(_)));
        // Another unique column is taken, by a row that is not meant.
        let coded = |image: i64, sets| {
            let columns = vec![IMAGE, KEY, VALUE, DELETED, CODE];
            let row = |image: i64, code| property((image, "a", "2")).into_iter().chain([code]).collect::<Vec<_>>();
            let rows = vec![row(image, Value::Int(7)), row(6, Value::Null)];
            let insert = Insert::of(&PROPERTIES, columns, rows, vec![VALUE]);
            Write::Insert(insert.upsert(Upsert { by: vec![IMAGE, KEY], sets, checks: vec![] }))
        };
        assert!(matches!(fault(coded(5, vec![])), Fault::Duplicate(_)));
        assert!(matches!(fault(coded(5, vec![VALUE])), Fault::Duplicate(_)));
        assert!(matches!(fault(coded(1, vec![CODE])), Fault::Duplicate(_)));
    }
}

/// More rows than some statements take.
pub(super) fn many(store: &mut dyn Store) {
    let row = |n: i64| {
        vec![Value::Int(n % 3), Value::Text(format!("name {n}")), Value::Int(n).to_string().into(), false.into()]
    };
    let even = (0..1_200).filter(|n| n % 2 == 0).map(row).collect();
    let told = store.write(&rows_put(even, vec![], vec![])).unwrap();
    assert!(told.len() == 600 && told.iter().all(|told| matches!(told, Outcome::Done(_))));
    let every = || (0..1_200).rev().map(row).collect::<Vec<_>>();
    let told = store.write(&rows_put(every(), vec![], vec![])).unwrap();
    for (row, (n, told)) in every().into_iter().zip((0..1_200).rev().zip(told)) {
        let values = vec![row[2].clone(), Value::Bool(false)];
        assert_eq!(told, if n % 2 == 0 { Outcome::Missed(values) } else { Outcome::Done(values) }, "{n}");
    }
    let alive = is(DELETED, false);
    let told = store.write(&rows_put(every(), vec![VALUE], vec![alive.clone()])).unwrap();
    assert!(told.len() == 1_200 && told.iter().all(|told| matches!(told, Outcome::Done(_))));
    let key = |n: i64| row(n)[..2].to_vec();
    let bury = |n| RowUpdate { key: key(n), sets: vec![set(DELETED, true)], checks: vec![] };
    let told = store.write(&update((0..1_201).filter(|n| n % 3 == 0).map(bury).collect())).unwrap();
    assert_eq!(told.iter().filter(|told| matches!(told, Outcome::Done(_))).count(), 400);
    assert_eq!(told[400], Outcome::Gone);
    let told = store.write(&rows_put(every(), vec![VALUE, DELETED], vec![is(DELETED, true)])).unwrap();
    for (n, told) in (0..1_200).rev().zip(told) {
        assert_eq!(matches!(told, Outcome::Done(_)), n % 3 == 0, "{n} {told:?}");
    }
    let told =
        store.write(&delete((0..1_200).map(|n| (n % 3, key(n)[1].clone(), vec![alive.clone()])).collect())).unwrap();
    assert!(told.iter().all(|told| *told == Outcome::Done(vec![])));
    assert!(kept(store).is_empty());
}

/// The same writes, at random, in memory and here.
pub(super) fn at_random(store: &mut dyn Store, seed: u64) {
    let mut memory = MemoryStore::new().session();
    let mut random = Random(seed);
    for _ in 0..60 {
        let write = random.entries();
        let expected = memory.write(&write).unwrap_or_else(|error| panic!("{error} {write:#?}"));
        let told = store.write(&write).unwrap_or_else(|error| panic!("{error} {write:#?}"));
        assert_eq!(told, expected, "{write:#?}\n{}", store.explain_write(&write).unwrap());
        assert_eq!(kept(store), kept(&mut memory), "{write:#?}");
    }
}

impl Random {
    fn flag(&mut self) -> Value {
        Value::Bool(self.below(2) == 0)
    }

    /// What some entries are found by: all different, in no order.
    fn keys(&mut self) -> Vec<[Value; 2]> {
        let mut keys = Vec::new();
        for _ in 0..=self.below(9) {
            let names = ["a", "A", "a ", "b", "\u{e9}", ""];
            let name = names[usize::try_from(self.below(6)).unwrap()];
            let key = [Value::Int(i64::try_from(self.below(3)).unwrap()), Value::from(name)];
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        keys
    }

    fn some_checks(&mut self) -> Vec<Check> {
        match self.below(4) {
            0 => vec![is(DELETED, self.flag())],
            1 => vec![is(VALUE, self.text()), is(DELETED, self.flag())],
            2 => vec![is(VALUE, self.text())],
            _ => vec![],
        }
    }

    fn entries(&mut self) -> Write {
        let keys = self.keys();
        match self.below(7) {
            0 => delete(keys.into_iter().map(|[image, name]| (number(&image), name, self.some_checks())).collect()),
            1 | 2 => {
                let sets = |random: &mut Self| match random.below(2) {
                    0 => vec![set(VALUE, random.text())],
                    _ => vec![set(DELETED, random.flag()), set(VALUE, random.text())],
                };
                let row = |[image, name]: [Value; 2]| change(number(&image), name, sets(self), self.some_checks());
                update(keys.into_iter().map(row).collect())
            }
            _ => {
                let row = |[image, name]: [Value; 2]| vec![image, name, self.text(), self.flag()];
                let rows = keys.into_iter().map(row).collect();
                match self.below(4) {
                    0 => rows_put(rows, vec![], vec![]),
                    1 => rows_put(rows, vec![VALUE], vec![]),
                    _ => rows_put(rows, vec![VALUE, DELETED], self.some_checks()),
                }
            }
        }
    }
}

fn number(value: &Value) -> i64 {
    if let Value::Int(number) = value { *number } else { panic!("{value}") }
}

#[test]
fn the_memory_store_answers_so() {
    upserted(&mut MemoryStore::new().session());
    found(&mut MemoryStore::new().session());
    refused(&mut MemoryStore::new().session());
    many(&mut MemoryStore::new().session());
}
