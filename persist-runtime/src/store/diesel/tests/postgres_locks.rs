//! Changes of rows on PostgreSQL that wait for one another, over connections of their own.

use super::fixture::*;
use super::server;
use super::writes::{all, delete, insert, is, plus, row, set, update, write_unsorted};
use crate::edit::{Outcome, Write};
use crate::entity::Value;
use crate::store::diesel::DieselStore;
use crate::store::{Fault, Store};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use std::sync::atomic::{AtomicU32, Ordering};

pub(super) type Pg = DieselStore<'static, PgConnection>;

/// A schema that goes when the test ends, however it does.
pub(super) struct Schema {
    url: String,
    name: String,
}

impl Schema {
    pub(super) fn new() -> Option<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let url = server::url("PERSIST_TEST_POSTGRES_URL", super::postgres::URL);
        PgConnection::establish(&url).map_err(|error| server::not_run("PostgreSQL", error)).ok()?;
        let name = format!("persist_locks_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let schema = Self { url, name };
        let tables = r#"CREATE TABLE item (id INTEGER PRIMARY KEY, "na""`me" TEXT, status TEXT, heat INTEGER NOT NULL,
                                           rev BIGINT NOT NULL, grade SMALLINT);
                       CREATE TABLE image_property (id SERIAL PRIMARY KEY, image_id INTEGER NOT NULL, name TEXT, value TEXT,
                                                    deleted BOOLEAN NOT NULL, code INTEGER UNIQUE,
                                                    UNIQUE (image_id, name))"#;
        schema.store().connection().batch_execute(&format!("CREATE SCHEMA {}; {tables}", schema.name)).unwrap();
        Some(schema)
    }

    pub(super) fn store(&self) -> Pg {
        let mut connection = PgConnection::establish(&self.url).unwrap();
        connection.batch_execute(&format!("SET search_path = {}", self.name)).unwrap();
        DieselStore::owned(connection)
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        if let Ok(mut connection) = PgConnection::establish(&self.url) {
            let drop = format!("SET client_min_messages = error; DROP SCHEMA IF EXISTS {} CASCADE", self.name);
            let _ = connection.batch_execute(&drop);
        }
    }
}

fn number(store: &mut Pg, sql: &str) -> i64 {
    diesel::select(diesel::dsl::sql::<diesel::sql_types::BigInt>(sql)).get_result(store.connection()).unwrap()
}

/// What `mine` is told that waits for a transaction in which `theirs` is written.
fn after_waiting(schema: &Schema, theirs: &Write, mine: &Write) -> Vec<Outcome> {
    let (mut one, mut two) = (schema.store(), schema.store());
    let pid = number(&mut two, "pg_backend_pid()::bigint");
    Store::begin(&mut one).unwrap();
    one.write(theirs).unwrap();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(move || two.write(mine).unwrap());
        while number(&mut one, &format!("cardinality(pg_blocking_pids({pid}))::bigint")) == 0 {
            assert!(!waiting.is_finished(), "it did not wait");
            std::thread::yield_now();
        }
        Store::commit(&mut one).unwrap();
        waiting.join().unwrap()
    })
}

#[test]
fn what_is_expected_is_looked_for_after_the_wait() {
    let Some(schema) = Schema::new() else { return };
    let mut store = schema.store();
    let mine = || row(2, vec![set(HEAT, 7)], vec![is(STATUS, "new")]);
    let beside = |id| row(id, vec![plus(REV, 1)], vec![]);
    let theirs = |sets| update(vec![row(2, sets, vec![])]);
    let told = |status: &str, heat: i64, rev: i64| vec![status.into(), Value::Int(heat), Value::Int(rev)];
    for mine in [vec![mine()], vec![beside(3), mine(), beside(1)]] {
        let at = mine.len() / 2;
        let mut after = |status: &str, theirs: Write| {
            store.write(&delete((1..=3).map(|id| (id, vec![])).collect())).unwrap();
            store.write(&insert(1..=3)).unwrap();
            store.write(&update(vec![row(2, vec![set(STATUS, status)], vec![])])).unwrap();
            let told = after_waiting(&schema, &theirs, &update(mine.clone()));
            let others = told.iter().enumerate().filter(|(place, _)| *place != at);
            others.for_each(|(_, other)| assert!(matches!(other, Outcome::Done(_)), "{other:?}"));
            (told[at].clone(), all(&mut store, &ITEMS))
        };
        let (missed, _) = after("new", theirs(vec![set(STATUS, "taken")]));
        assert_eq!(missed, Outcome::Missed(told("taken", 20, 1)));
        let (made_true, _) = after("old", theirs(vec![set(STATUS, "new")]));
        assert_eq!(made_true, Outcome::Done(told("new", 7, 1)));
        let (gone, _) = after("new", delete(vec![(2, vec![])]));
        assert_eq!(gone, Outcome::Gone);
        let (survives, stored) = after("new", theirs(vec![set(GRADE, 5), plus(REV, 40)]));
        assert_eq!(survives, Outcome::Done(told("new", 7, 41)));
        assert_eq!(stored[1][5], Value::Int(5));
    }
    // Without anything that is expected, the statement is a plain one.
    store.write(&delete((1..=3).map(|id| (id, vec![])).collect())).unwrap();
    store.write(&insert(1..=3)).unwrap();
    let plain = update(vec![row(2, vec![plus(HEAT, 1)], vec![])]);
    assert_eq!(
        after_waiting(&schema, &theirs(vec![plus(HEAT, 1), plus(REV, 1)]), &plain),
        [Outcome::Done(told("new", 22, 2))]
    );
    assert_eq!(after_waiting(&schema, &delete(vec![(2, vec![])]), &plain), [Outcome::Gone]);
    let guarded = delete(vec![(3, vec![is(STATUS, "new")]), (1, vec![])]);
    let theirs = update(vec![row(3, vec![set(STATUS, "kept")], vec![])]);
    let missed = Outcome::Missed(vec![Value::Int(30), "kept".into()]);
    assert_eq!(after_waiting(&schema, &theirs, &guarded), [missed, Outcome::Done(vec![])]);
}

#[test]
fn batches_in_any_order_do_not_deadlock() {
    let Some(schema) = Schema::new() else { return };
    schema.store().write(&insert(0..2_000)).unwrap();
    let writer = |seed| write_unsorted(&mut schema.store(), seed, 60);
    std::thread::scope(|scope| (1..=4).for_each(|seed| drop(scope.spawn(move || writer(seed)))));
    let revisions = all(&mut schema.store(), &ITEMS).into_iter().map(|row| match row[4] {
        Value::Int(rev) => rev - 1,
        _ => 0,
    });
    assert_eq!(revisions.sum::<i64>(), 4 * 60 * 300);
}

#[test]
fn collisions_and_locks_are_named() {
    let Some(schema) = Schema::new() else { return };
    let (mut one, mut two) = (schema.store(), schema.store());
    one.write(&insert(1..=2)).unwrap();
    let hotter = |id| update(vec![row(id, vec![plus(HEAT, 1)], vec![])]);
    Store::begin(&mut one).unwrap();
    one.write(&hotter(1)).unwrap();
    two.connection().batch_execute("SET lock_timeout = '50ms'").unwrap();
    assert_eq!(two.write(&hotter(1)).unwrap_err().fault(), &Fault::Locked);
    let guarded = update(vec![row(1, vec![plus(HEAT, 1)], vec![is(STATUS, "new")])]);
    assert_eq!(two.write(&guarded).unwrap_err().fault(), &Fault::Locked);
    // Two that hold what the other wants.
    two.connection().batch_execute("SET lock_timeout = 0; SET deadlock_timeout = '50ms'").unwrap();
    Store::begin(&mut two).unwrap();
    two.write(&hotter(2)).unwrap();
    let faults = std::thread::scope(|scope| {
        let (one, two) = (&mut one, &mut two);
        let end = |store: &mut Pg, id| {
            let written = store.write(&hotter(id)).map_err(|error| error.fault().clone());
            if written.is_ok() {
                Store::commit(store).unwrap()
            } else {
                Store::roll_back(store).unwrap()
            }
            written.err()
        };
        let other = scope.spawn(move || end(one, 2));
        [end(two, 1), other.join().unwrap()]
    });
    assert!(faults.contains(&None) && faults.contains(&Some(Fault::Serialization)), "{faults:?}");
    // A row that was written since the transaction looked.
    one.connection().batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1 FROM item").unwrap();
    two.write(&hotter(1)).unwrap();
    assert_eq!(one.write(&guarded).unwrap_err().fault(), &Fault::Serialization);
    one.connection().batch_execute("ROLLBACK; SET default_transaction_read_only = on").unwrap();
    assert_eq!(one.write(&guarded).unwrap_err().fault(), &Fault::ReadOnly);
    assert_eq!(one.write(&insert([9])).unwrap_err().fault(), &Fault::ReadOnly);
    // What is looked at when it is committed.
    one.connection().batch_execute("SET default_transaction_read_only = off").unwrap();
    let deferred = "ALTER TABLE item ADD CONSTRAINT once UNIQUE (heat) DEFERRABLE INITIALLY DEFERRED";
    one.connection().batch_execute(deferred).unwrap();
    Store::begin(&mut one).unwrap();
    one.write(&update(vec![row(1, vec![set(HEAT, 5)], vec![]), row(2, vec![set(HEAT, 5)], vec![])])).unwrap();
    assert_eq!(Store::commit(&mut one).unwrap_err().fault(), &Fault::Duplicate("once".into()));
    assert!(!one.in_transaction().unwrap());
    one.write(&update(vec![row(1, vec![set(HEAT, 5)], vec![])])).unwrap();
}
