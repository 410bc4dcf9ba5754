//! The cases on each database, and how many statements they take.

use super::*;
use crate::store::diesel::DieselStore;
#[cfg(feature = "mysql")]
use crate::store::diesel::tests::mysql;
#[cfg(feature = "postgres")]
use crate::store::diesel::tests::postgres;
#[cfg(feature = "sqlite")]
use crate::store::diesel::tests::sqlite;
use diesel::connection::SimpleConnection as _;
use diesel::connection::{Connection, Instrumentation, InstrumentationEvent};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts what is sent, apart from what begins and ends transactions.
#[derive(Clone, Default)]
struct Sent(Arc<AtomicUsize>);

impl Instrumentation for Sent {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        let InstrumentationEvent::StartQuery { query, .. } = event else { return };
        let text = query.to_string();
        let control = ["BEGIN", "START", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET TRANSACTION"];
        if !control.iter().any(|words| text.starts_with(words)) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// How many statements it takes: to put what is absent, what is there, of both; to put any; to revive what is dead, alive, both;
/// to change and to delete.
fn sent<'c, C: Connection>(store: &mut DieselStore<'c, C>) -> Vec<usize>
where
    DieselStore<'c, C>: Store,
{
    let counted = Sent::default();
    store.connection().set_instrumentation(counted.clone());
    let (one, three) = (&[(1, "a", "1")][..], &[(1, "b", "1"), (2, "b", "1"), (1, "a", "1")][..]);
    let changed = |(image, name, _): &Given| change(*image, *name, vec![set(VALUE, "2")], vec![]);
    let goes = |(image, name, _): &Given| (*image, Value::from(*name), vec![]);
    let any = |rows| put(rows, vec![VALUE], vec![]);
    let writes = vec![
        put(one, vec![], vec![]),
        put(one, vec![], vec![]),
        put(three, vec![], vec![]),
        put(three, vec![], vec![]),
        any(three),
        any(&[(4, "a", "1"), (5, "a", "1")]),
        any(&[(1, "a", "1"), (6, "a", "1")]),
        revive(three),
        revive(&[(7, "a", "1"), (8, "a", "1")]),
        update(three.iter().map(changed).collect()),
        delete(three.iter().map(goes).collect()),
    ];
    let count = |write: Write| {
        let before = counted.0.load(Ordering::Relaxed);
        store.write(&write).unwrap();
        counted.0.load(Ordering::Relaxed) - before
    };
    writes.into_iter().map(count).collect()
}

/// Where a collation takes names for the same that are not, another entry is neither changed nor said to be there.
fn folded(store: &mut dyn Store) {
    store.write(&put(&[(1, "a", "1"), (1, "b", "1")], vec![], vec![])).unwrap();
    let before = all(store, &PROPERTIES);
    for (sets, checks) in [(vec![], vec![]), (vec![VALUE], vec![]), (vec![VALUE, DELETED], vec![is(DELETED, false)])] {
        for rows in [&[(1, "A", "2")][..], &[(1, "A", "2"), (1, "c", "2"), (1, "b", "2")][..]] {
            let write = put(rows, sets.clone(), checks.clone());
            let error = store.write(&write).unwrap_err();
            assert!(matches!(error.fault(), Fault::Duplicate(_)), "{error} {write}");
            assert_eq!(all(store, &PROPERTIES), before, "{write}");
        }
    }
    assert_eq!(store.write(&update(vec![change(1, "A", vec![set(VALUE, "3")], vec![])])).unwrap(), [Outcome::Gone]);
}

#[cfg(feature = "sqlite")]
#[test]
fn on_sqlite() {
    upserted(&mut sqlite::store());
    found(&mut sqlite::store());
    refused(&mut sqlite::store());
    many(&mut sqlite::store());
    (1..9).for_each(|seed| at_random(&mut sqlite::store(), seed));
    let mut folding = sqlite::store();
    let columns = "id INTEGER PRIMARY KEY, image_id INTEGER NOT NULL, name TEXT COLLATE NOCASE, value TEXT, deleted BOOLEAN, code";
    let tables = format!("DROP TABLE image_property; CREATE TABLE image_property ({columns}, UNIQUE (image_id, name))");
    folding.connection().batch_execute(&tables).unwrap();
    folded(&mut folding);
    assert_eq!(sent(&mut sqlite::store())[..], [1, 2, 2, 2, 1, 1, 1, 3, 1, 1, 1]);
}

#[cfg(feature = "postgres")]
#[test]
fn on_postgres() {
    postgres::with_store(|store| upserted(store));
    postgres::with_store(|store| found(store));
    postgres::with_store(|store| refused(store));
    postgres::with_store(|store| many(store));
    (1..5).for_each(|seed| postgres::with_store(|store| at_random(store, seed)));
    postgres::with_store(|store| {
        let text = |rows: i64| {
            let rows = (0..rows).map(|n| vec![Value::Int(n), "a".into(), Value::Null, Value::Bool(false)]).collect();
            store.explain_write(&rows_put(rows, vec![VALUE], vec![is(DELETED, true)])).unwrap()
        };
        assert_eq!(text(2), text(1_200));
    });
    postgres::with_store(|store| assert_eq!(sent(store)[..], [1, 2, 2, 2, 1, 1, 1, 2, 1, 1, 1]));
}

#[cfg(feature = "mysql")]
#[test]
fn on_mysql() {
    mysql::with_store(|store| upserted(store));
    mysql::with_store(|store| found(store));
    mysql::with_store(|store| refused(store));
    mysql::with_store(|store| many(store));
    (1..4).for_each(|seed| mysql::with_store(|store| at_random(store, seed)));
    // As many values as one statement binds are fewer rows than it takes of narrow ones.
    let kind = |id| std::iter::once(Value::Int(id)).chain(vec![Value::Null; KINDS.columns.len() - 1]).collect();
    let wide = Write::Insert(Insert::new(&KINDS, (0..4_500).map(kind).collect()));
    mysql::with_store(|store| assert_eq!(store.write(&wide).unwrap().len(), 4_500));
    mysql::with_collation("utf8mb4_general_ci", |store| folded(store));
    mysql::with_store(|store| assert_eq!(sent(store)[..], [1, 2, 2, 1, 2, 3, 3, 1, 2, 2, 2]));
}
