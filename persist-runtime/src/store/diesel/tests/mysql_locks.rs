//! Changes of rows on MySQL that wait for one another, over connections of their own.

use super::fixture::*;
use super::mysql::{Database, MysqlStore};
use super::writes;
use crate::edit::{Outcome, Write};
use crate::entity::Value;
use crate::store::Store;
use crate::store::diesel::DieselStore;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use std::time::{Duration, Instant};

#[test]
fn batches_in_any_order_do_not_deadlock() {
    let Some(database) = Database::new("utf8mb4_nopad_bin") else { return };
    let store = || DieselStore::owned(database.connect());
    store().write(&writes::insert(0..2_000)).unwrap();
    let writer = |seed| writes::write_unsorted(&mut store(), seed, 20);
    std::thread::scope(|scope| (1..=4).for_each(|seed| drop(scope.spawn(move || writer(seed)))));
    let revision = |row: Vec<Value>| if let Value::Int(revision) = row[4] { revision - 1 } else { 0 };
    assert_eq!(writes::all(&mut store(), &ITEMS).into_iter().map(revision).sum::<i64>(), 4 * 20 * 300);
}

#[test]
fn what_is_expected_is_looked_for_after_the_wait() {
    let Some(database) = Database::new("utf8mb4_nopad_bin") else { return };
    let (mut one, mut two) = (DieselStore::owned(database.connect()), DieselStore::owned(database.connect()));
    one.write(&writes::insert(1..=3)).unwrap();
    let edit = |id, sets, checks| writes::row(id, sets, checks);
    let mine = writes::update(vec![
        edit(3, vec![writes::plus(REV, 1)], vec![]),
        edit(2, vec![writes::set(HEAT, 7)], vec![writes::is(STATUS, "new")]),
    ]);
    let told = |status: &str, heat: i64, rev: i64| vec![status.into(), Value::Int(heat), Value::Int(rev)];
    for (theirs, wanted) in [
        (vec![writes::set(GRADE, 5), writes::plus(REV, 9)], Outcome::Done(told("new", 7, 10))),
        (vec![writes::set(STATUS, "taken")], Outcome::Missed(told("taken", 7, 10))),
    ] {
        Store::begin(&mut one).unwrap();
        one.write(&writes::update(vec![edit(2, theirs, vec![])])).unwrap();
        let outcomes = std::thread::scope(|scope| {
            let waiting = scope.spawn(|| two.write(&mine).unwrap());
            std::thread::sleep(std::time::Duration::from_millis(200));
            assert!(!waiting.is_finished(), "it did not wait");
            Store::commit(&mut one).unwrap();
            waiting.join().unwrap()
        });
        assert_eq!(outcomes[1], wanted);
    }
    assert_eq!(writes::all(&mut one, &ITEMS)[1][5], Value::Int(5));
}

/// Whoever takes the rows of a batch in any order locks them in the order of their keys: who waits for one of them holds
/// those before it, and none behind it.
#[test]
fn rows_are_locked_in_the_order_of_their_keys() {
    let Some(database) = Database::new("utf8mb4_nopad_bin") else { return };
    let store = || DieselStore::owned(database.connect());
    let (mut holder, mut probe) = (store(), store());
    let order = [4, 1, 5, 3, 2];
    let edits = |checks: fn(i64) -> bool, mixed: fn(i64) -> bool| {
        let edit = |id: i64| {
            let expected = if checks(id) { vec![writes::is(STATUS, "new")] } else { vec![] };
            let sets = if mixed(id) { vec![writes::plus(REV, 1)] } else { vec![writes::plus(HEAT, 1)] };
            writes::row(id, sets, expected)
        };
        writes::update(order.map(edit).into())
    };
    let goes = |checked: bool| {
        let expected = || if checked { vec![writes::is(STATUS, "new")] } else { vec![] };
        writes::delete(order.map(|id| (id, expected())).into())
    };
    let batches = [
        edits(|_| false, |_| false),
        edits(|_| false, |id| id % 2 == 0),
        edits(|id| id % 2 == 1, |id| id > 3),
        edits(|_| true, |_| true),
        goes(false),
        goes(true),
    ];
    for (number, batch) in batches.iter().enumerate() {
        holder.connection().batch_execute("DELETE FROM item").unwrap();
        holder.write(&writes::insert(1..=5)).unwrap();
        Store::begin(&mut holder).unwrap();
        holder.write(&writes::update(vec![writes::row(3, vec![writes::plus(HEAT, 1)], vec![])])).unwrap();
        let locked = std::thread::scope(|scope| {
            let writer = scope.spawn(|| store().write(batch).map(drop));
            let (begin, mut locked) = (Instant::now(), Vec::new());
            while !(locked.contains(&1) && locked.contains(&2)) && begin.elapsed() < Duration::from_secs(10) {
                locked = (1..=5).filter(|id| is_locked(&mut probe, *id)).collect();
            }
            Store::commit(&mut holder).unwrap();
            writer.join().unwrap().unwrap();
            locked
        });
        assert_eq!(locked, [1, 2, 3], "batch {number}");
    }
}

fn is_locked(probe: &mut MysqlStore<'_>, id: i64) -> bool {
    let look = format!("SELECT id FROM item WHERE id = {id} FOR UPDATE NOWAIT");
    diesel::sql_query(look).execute(probe.connection()).is_err()
}

/// A row that holds the new values already is not written, so that a plain select would show it as it was when the caller's
/// transaction began.
#[test]
fn what_is_answered_is_the_newest() {
    let Some(database) = Database::new("utf8mb4_nopad_bin") else { return };
    let (mut one, mut two) = (DieselStore::owned(database.connect()), DieselStore::owned(database.connect()));
    one.write(&writes::insert(1..=3)).unwrap();
    let taken = |ids: &[i64]| -> Write {
        let edit = |id: &i64| writes::row(*id, vec![writes::set(STATUS, "taken")], vec![]);
        writes::update(ids.iter().map(edit).collect())
    };
    for ids in [&[1][..], &[3, 2]] {
        Store::begin(&mut one).unwrap();
        writes::all(&mut one, &ITEMS);
        let also = |id: &i64| writes::row(*id, vec![writes::set(STATUS, "taken"), writes::set(HEAT, 99)], vec![]);
        two.write(&writes::update(ids.iter().map(also).collect())).unwrap();
        let told = one.write(&taken(ids)).unwrap();
        Store::commit(&mut one).unwrap();
        let newest = Outcome::Done(vec!["taken".into(), Value::Int(99), Value::Int(1)]);
        assert_eq!(told, vec![newest; ids.len()]);
    }
}
