//! Several who put the same entries, over connections of their own.

use super::*;
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// What `mine` is told where another connection has written `theirs` and not yet ended: it waits for the end.
fn after(one: &mut dyn Store, two: &mut dyn Store, theirs: &Write, mine: &Write, commits: bool) -> Vec<Outcome> {
    one.begin().unwrap();
    one.write(theirs).unwrap();
    thread::scope(|scope| {
        let waiting = scope.spawn(|| two.write(mine).unwrap());
        thread::sleep(Duration::from_millis(150));
        assert!(!waiting.is_finished(), "it did not wait");
        if commits { one.commit() } else { one.roll_back() }.unwrap();
        waiting.join().unwrap()
    })
}

/// Two creators of one entry.
fn race(one: &mut dyn Store, two: &mut dyn Store) {
    let any = |rows: &[Given]| put(rows, vec![VALUE], vec![]);
    let absent = |rows: &[Given]| put(rows, vec![], vec![]);
    let (theirs, mine) = ([(1, "a", "theirs")], [(1, "a", "mine")]);
    assert_eq!(after(one, two, &absent(&theirs), &absent(&mine), true), [missed("theirs")]);
    assert_eq!(after(one, two, &any(&[(1, "a", "again")]), &any(&mine), true), [done("mine")]);
    // One that is there is no longer what it was.
    let dead = |value| vec![set(DELETED, true), set(VALUE, value)];
    let bury = |value| update(vec![change(1, "a", dead(value), vec![])]);
    assert_eq!(after(one, two, &bury("dead"), &revive(&mine), true), [done("mine")]);
    one.write(&bury("dead")).unwrap();
    assert_eq!(after(one, two, &revive(&theirs), &revive(&mine), true), [missed("theirs")]);
    // One that comes among others, and is new to both; theirs, and then nobody's.
    let mine = |image| [(image, "c", "mine"), (1, "a", "mine"), (image, "a", "mine"), (image, "b", "mine")];
    let theirs = |image| [(image, "a", "theirs"), (image, "b", "theirs")];
    let beside = [done("mine"), missed("theirs"), missed("theirs"), missed("theirs")];
    assert_eq!(after(one, two, &absent(&theirs(2)), &absent(&mine(2)), true), beside);
    let told = after(one, two, &any(&theirs(3)), &any(&mine(3)), true);
    assert_eq!(told, vec![done("mine"); 4]);
    assert_eq!(
        after(one, two, &revive(&theirs(4)), &revive(&mine(4)), true),
        [done("mine"), missed("mine"), missed("theirs"), missed("theirs")]
    );
    let told = after(one, two, &absent(&theirs(5)), &absent(&mine(5)), false);
    assert_eq!(told, [done("mine"), missed("mine"), done("mine"), done("mine")]);
    // One that goes.
    let goes = delete(vec![(1, "a".into(), vec![])]);
    assert_eq!(after(one, two, &goes, &any(&[(1, "a", "new")]), true), [done("new")]);
    // An entry of another name takes what is unique besides.
    let coded = |image: i64| {
        let row = property((image, "code", "1")).into_iter().chain([Value::Int(7)]).collect();
        let insert = Insert::of(&PROPERTIES, vec![IMAGE, KEY, VALUE, DELETED, CODE], vec![row], vec![VALUE]);
        Write::Insert(insert.upsert(Upsert { by: vec![IMAGE, KEY], sets: vec![], checks: vec![] }))
    };
    one.write(&coded(1)).unwrap();
    assert!(matches!(two.write(&coded(2)).unwrap_err().fault(), Fault::Duplicate(_)));
}

/// Some of 400 entries of an image, in no order.
fn entries(image: i64, seed: u64) -> Vec<Vec<Value>> {
    let mut random = Random(seed);
    let mut names: Vec<_> = (0..400).map(|n| format!("name {n}")).collect();
    (0..400).for_each(|place| names.swap(place, usize::try_from(random.below(400)).unwrap()));
    let row = |name: &String| vec![Value::Int(image), name.as_str().into(), "v".into(), Value::Bool(false)];
    names[..250].iter().map(row).collect()
}

/// Four who put and change the same entries, each in an order of its own: of those who put what is absent one alone has put it.
/// Tells how many writes were given up for others, and came again.
fn crowd<S: Store>(store: impl Fn() -> S + Sync) -> usize {
    let before = kept(&mut store()).len();
    let (again, together) = (AtomicUsize::new(0), Barrier::new(4));
    let work = |writer: u64| {
        let (mut store, mut put) = (store(), 0);
        let mut write = |write: Write| loop {
            match store.write(&write) {
                Err(error) if *error.fault() == Fault::Serialization => again.fetch_add(1, Ordering::Relaxed),
                told => break told.unwrap(),
            };
        };
        for turn in 0..10_i64 {
            together.wait();
            let rows = |image, nth| entries(image, writer * 100 + nth + 1_000 * turn.unsigned_abs());
            let told = write(rows_put(rows(10 + turn, 1), vec![], vec![]));
            put += told.iter().filter(|told| matches!(told, Outcome::Done(_))).count();
            for (nth, checks) in [(2, vec![]), (3, vec![is(DELETED, false)])] {
                let told = write(rows_put(rows(100 + turn, nth), vec![VALUE], checks));
                assert!(told.iter().all(|told| matches!(told, Outcome::Done(_))), "{told:?}");
            }
            let changed = |row: &Vec<Value>| {
                let (key, sets) = (row[..2].to_vec(), vec![set(VALUE, "w")]);
                RowUpdate { key, sets, checks: vec![] }
            };
            write(update(rows(10 + turn, 4).iter().map(changed).collect()));
        }
        put
    };
    let put: usize = thread::scope(|scope| {
        let writers: Vec<_> = (1..=4)
            .map(|writer| {
                scope.spawn({
                    let work = &work;
                    move || work(writer)
                })
            })
            .collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).sum()
    });
    let stored = kept(&mut store()).into_iter().filter(|row| number(&row[0]) < 100).count();
    assert_eq!(put, stored - before);
    again.into_inner()
}

#[cfg(feature = "postgres")]
#[test]
fn on_postgres() {
    let Some(schema) = crate::store::diesel::tests::postgres_locks::Schema::new() else { return };
    race(&mut schema.store(), &mut schema.store());
    assert_eq!(crowd(|| schema.store()), 0);
}

#[cfg(feature = "mysql")]
#[test]
fn on_mysql() {
    use crate::store::diesel::DieselStore;
    let Some(database) = crate::store::diesel::tests::mysql::Database::new("utf8mb4_nopad_bin") else { return };
    let store = || DieselStore::owned(database.connect());
    race(&mut store(), &mut store());
    // Who has inserted and undoes it leaves gaps locked to all who waited for it.
    assert!(crowd(store) < 4 * 4 * 10 / 4);
}
