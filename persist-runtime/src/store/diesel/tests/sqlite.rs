//! SQLite.

use super::conditions::{conditions, orders, people};
use super::fixture::*;
use super::keys::{atomic_inserts, composite_keys, keyed, sets_of_any_size};
use super::kinds::types;
use super::writes;
use crate::edit::{Insert, Outcome, Write};
use crate::engine::{Fetch, Output};
use crate::entity::{Cells, Collation, ColumnDef, ColumnType, Rules, Table, Value};
use crate::group::{Case, Comparison, Condition, KeySet, OrderBy, Select, TextTest};
use crate::store::diesel::DieselStore;
use crate::store::fixture::Inserts as _;
use crate::store::{Fault, Snapshot, Store};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use std::sync::Arc;

const SCHEMA: &str = r#"
    CREATE TABLE "per""`son" (id INTEGER PRIMARY KEY, "na""`me" TEXT, boss INTEGER);
    CREATE INDEX person_boss ON "per""`son" (boss);
    CREATE TABLE note (a BIGINT NOT NULL, b TEXT NOT NULL, pa SMALLINT NOT NULL, pb TEXT NOT NULL, ord INTEGER,
                       PRIMARY KEY (a, b));
    CREATE INDEX note_parent ON note (pa, pb, ord);
    CREATE TABLE item (id INTEGER PRIMARY KEY, "na""`me" TEXT COLLATE NOCASE, status TEXT, heat INTEGER NOT NULL,
                       rev BIGINT NOT NULL, grade SMALLINT);
    CREATE TABLE made (id INTEGER PRIMARY KEY, "na""`me" TEXT UNIQUE, heat INTEGER NOT NULL DEFAULT 7);
    CREATE TABLE image_property (id INTEGER PRIMARY KEY, image_id INTEGER NOT NULL, name TEXT, value TEXT,
                                 deleted BOOLEAN NOT NULL, code INTEGER UNIQUE, UNIQUE (image_id, name));
    CREATE TABLE kind (id INTEGER PRIMARY KEY, v_bool BOOLEAN, v_small SMALLINT, v_int INTEGER, v_big BIGINT,
                       v_real FLOAT, v_double DOUBLE, v_text TEXT, v_blob BLOB, v_uuid BLOB, v_decimal TEXT, v_jsonb TEXT,
                       v_date DATE, v_time TIME, v_timestamp TIMESTAMP, v_zoned TIMESTAMP);
"#;

pub(super) fn connection() -> SqliteConnection {
    let mut connection = SqliteConnection::establish(":memory:").unwrap();
    connection.batch_execute(SCHEMA).unwrap();
    connection
}

pub(super) fn store() -> DieselStore<'static, SqliteConnection> {
    DieselStore::owned(connection())
}

#[test]
fn conditions_mean_what_they_say() {
    conditions(&mut store());
}

#[test]
fn orders_are_total_and_put_nulls_in_their_place() {
    orders(&mut store());
}

#[test]
fn keyed_fetches_order_cut_and_count_within_each_key() {
    keyed(&mut store());
    sets_of_any_size(&mut store());
}

#[test]
fn keys_of_several_parts_lead_both_ways() {
    composite_keys(&mut store());
}

#[cfg(feature = "json")]
#[test]
fn places_in_documents_change_as_in_memory() {
    super::documents::at_random(&mut store(), 256);
}

#[cfg(feature = "json")]
#[test]
fn places_in_documents_are_told_apart() {
    super::paths::json_places(&mut store());
}

#[test]
fn every_type_goes_in_comes_out_and_is_found() {
    types(&mut store(), f64::NEG_INFINITY);
}

#[test]
fn decimals_that_became_numbers_are_found_and_ordered() {
    let mut store = store();
    store.connection().batch_execute("DROP TABLE kind").unwrap();
    store
        .connection()
        .batch_execute(
            &SCHEMA[SCHEMA.find("CREATE TABLE kind").unwrap()..].replace("v_decimal TEXT", "v_decimal NUMERIC"),
        )
        .unwrap();
    types(&mut store, f64::NEG_INFINITY);
}

#[test]
fn inserts_are_all_or_nothing() {
    atomic_inserts(&mut store(), 20_000);
    // Within the caller's transaction, only the insert is undone.
    let mut connection = connection();
    connection
        .transaction::<_, diesel::result::Error, _>(|connection| {
            connection.batch_execute("INSERT INTO note VALUES (1, 'kept', 1, '', 1)")?;
            atomic_inserts(&mut DieselStore::borrowed(connection), 20_000);
            Ok(())
        })
        .unwrap();
    let kept = Fetch::new(Arc::new(Select::all(&NOTES)), Output::count());
    assert_eq!(rows(&mut DieselStore::owned(connection), &kept).unwrap(), [[Value::Int(1)]]);
}

#[test]
fn nul_characters_travel_and_nan_is_refused() {
    let mut store = store();
    let names = ["a\0b", "a", "a\0c", "\0"];
    let new = names.iter().zip(1..).map(|(name, id)| vec![Value::Int(id), Value::from(*name), Value::Null]);
    store.insert(&Insert::new(&PEOPLE, new.collect())).unwrap();
    for (name, id) in names.iter().zip(1..) {
        let found = ids(&mut store, Select::matching(&PEOPLE, compare(NAME, Comparison::Equal, *name)));
        assert_eq!(found, [id]);
        let keys = vec![Value::from(*name), Value::from("x")];
        assert_eq!(ids(&mut store, Select::matching(&PEOPLE, in_keys(vec![NAME], keys))), [id]);
        let keys = vec![Value::from(*name), Value::Int(id)];
        assert_eq!(ids(&mut store, Select::matching(&PEOPLE, in_keys(vec![NAME, ID], keys))), [id]);
    }
    let test = |test, text: &str| {
        Select::matching(&PEOPLE, Condition::Text { column: NAME, case: Case::Counts, test, text: text.to_owned() })
    };
    assert_eq!(ids(&mut store, test(TextTest::StartsWith, "a\0")), [1, 3]);
    assert_eq!(ids(&mut store, test(TextTest::EndsWith, "\0b")), [1]);
    assert_eq!(ids(&mut store, test(TextTest::Contains, "\0")), [1, 3, 4]);
    let mut nan = vec![Value::Null; KINDS.columns.len()];
    (nan[0], nan[6]) = (Value::Int(1), Value::Float(f64::NAN));
    let error = store.insert(&Insert::new(&KINDS, vec![nan])).unwrap_err();
    assert!(matches!(error.fault(), Fault::Lacks(_)), "{error}");
}

#[test]
fn text_of_a_foreign_schema_is_exact_where_it_must_be() {
    static FOREIGN: Table = Table {
        entity: "Foreign",
        schema: Some("main"),
        name: "foreign",
        columns: &[ID, NAME],
        key: &[ID],
        collation: Collation::Native,
        rules: &Rules::NONE,
    };
    static PORTABLE: Table = Table { collation: Collation::Portable, ..FOREIGN_COPY };
    const FOREIGN_COPY: Table = Table {
        entity: "Foreign",
        schema: None,
        name: "foreign",
        columns: &[ID, NAME],
        key: &[ID],
        collation: Collation::Native,
        rules: &Rules::NONE,
    };
    let mut store = store();
    store
        .connection()
        .batch_execute(r#"CREATE TABLE "foreign" (id INTEGER PRIMARY KEY, "na""`me" TEXT COLLATE NOCASE)"#)
        .unwrap();
    let new = ["b", "B", "a"].iter().zip(1..).map(|(name, id)| vec![Value::Int(id), Value::from(*name)]);
    store.insert(&Insert::new(&FOREIGN, new.collect())).unwrap();
    let order = vec![OrderBy::asc(NAME)];
    for (table, ordered) in [(&FOREIGN, [3, 1, 2]), (&PORTABLE, [2, 3, 1])] {
        assert_eq!(ids(&mut store, Select::matching(table, compare(NAME, Comparison::Equal, "b"))), [1]);
        assert_eq!(ids(&mut store, Select { order: order.clone(), ..Select::all(table) }), ordered);
    }
    assert_eq!(ids(&mut store, Select::matching(&PORTABLE, compare(NAME, Comparison::Less, "a"))), [2]);
    assert_eq!(ids(&mut store, Select::matching(&PORTABLE, in_keys(vec![NAME], vec!["b".into(), "A".into()]))), [1]);
}

#[test]
fn failures_are_named() {
    const GONE: ColumnDef = column("gone", ColumnType::Text, true);
    static MISSING: Table = Table {
        entity: "Missing",
        schema: None,
        name: "missing",
        columns: &[ID],
        key: &[ID],
        collation: Collation::Portable,
        rules: &Rules::NONE,
    };
    static NARROW: Table = Table { name: "per\"`son", columns: &[ID, GONE], ..TEMPLATE };
    const TEMPLATE: Table = Table {
        entity: "Narrow",
        schema: None,
        name: "",
        columns: &[],
        key: &[ID],
        collation: Collation::Portable,
        rules: &Rules::NONE,
    };
    let mut store = store();
    let of = |table: &'static Table, columns: &[ColumnDef]| {
        Fetch::new(Arc::new(Select::all(table)), Output::Columns(columns.to_vec()))
    };
    let error = rows(&mut store, &of(&MISSING, &[ID])).unwrap_err();
    assert_eq!(error.fault(), &Fault::MissingTable("missing".into()));
    assert_eq!(error.entity(), "Missing");
    assert!(std::error::Error::source(&error).is_some());
    let error = rows(&mut store, &of(&NARROW, &[GONE])).unwrap_err();
    assert_eq!(error.fault(), &Fault::MissingColumn("gone".into()));
    let insert = Insert::new(&NARROW, vec![vec![Value::Int(1), Value::Null]]);
    assert_eq!(store.insert(&insert).unwrap_err().fault(), &Fault::MissingColumn("gone".into()));
    store
        .connection()
        .batch_execute(
            "PRAGMA foreign_keys = ON; DROP TABLE note; CREATE TABLE note (a INTEGER NOT NULL, b TEXT NOT NULL UNIQUE,
         pa INTEGER NOT NULL REFERENCES kind (id), pb TEXT NOT NULL, ord INTEGER CONSTRAINT small CHECK (ord < 9))",
        )
        .unwrap();
    store.connection().batch_execute("INSERT INTO kind (id) VALUES (1)").unwrap();
    let mut note = |a: Value, b: &str, pa: i64, ord: i64| {
        let row = vec![a, b.into(), Value::Int(pa), "".into(), Value::Int(ord)];
        store.insert(&Insert::new(&NOTES, vec![row])).map_err(|error| error.fault().clone())
    };
    assert_eq!(note(Value::Int(1), "x", 1, 1), Ok(()));
    assert_eq!(note(Value::Int(1), "x", 1, 1), Err(Fault::Duplicate("note.b".into())));
    assert_eq!(note(Value::Null, "y", 1, 1), Err(Fault::NotNull("note.a".into())));
    assert_eq!(note(Value::Int(1), "y", 1, 10), Err(Fault::Check("small".into())));
    assert!(matches!(note(Value::Int(1), "y", 5, 1), Err(Fault::ForeignKey(_))));
    store.connection().batch_execute("PRAGMA query_only = ON").unwrap();
    let error = store.insert(&Insert::new(&PEOPLE, vec![vec![Value::Int(1), Value::Null, Value::Null]])).unwrap_err();
    assert_eq!(error.fault(), &Fault::ReadOnly);
}

#[test]
fn a_locked_database_is_said_to_be_locked() {
    let path = std::env::temp_dir().join(format!("persist-locked-{}.db", std::process::id()));
    let _ = std::fs::remove_file(&path);
    let url = path.to_str().unwrap();
    let mut holder = SqliteConnection::establish(url).unwrap();
    holder.batch_execute(SCHEMA).unwrap();
    let mut store = DieselStore::owned(SqliteConnection::establish(url).unwrap());
    holder.batch_execute("BEGIN EXCLUSIVE").unwrap();
    let error = rows(&mut store, &Fetch::new(Arc::new(Select::all(&PEOPLE)), Output::count())).unwrap_err();
    assert_eq!(error.fault(), &Fault::Locked);
    holder.batch_execute("ROLLBACK").unwrap();
    people(&mut store);
    drop((holder, store));
    std::fs::remove_file(path).unwrap();
}

#[test]
fn snapshots_open_and_close_their_own_transaction_only() {
    let mut connection = connection();
    {
        let mut store = DieselStore::borrowed(&mut connection);
        assert_eq!(store.begin_snapshot().unwrap(), Snapshot::Taken);
        assert_eq!(store.begin_snapshot().unwrap(), Snapshot::Callers);
        store.end_snapshot().unwrap();
        store.end_snapshot().unwrap();
        assert_eq!(store.begin_snapshot().unwrap(), Snapshot::Taken);
        // Left open: dropping the store closes it.
    }
    connection
        .transaction::<_, diesel::result::Error, _>(|connection| {
            let mut store = DieselStore::borrowed(connection);
            assert_eq!(store.begin_snapshot().unwrap(), Snapshot::Callers);
            Ok(())
        })
        .unwrap();
    connection.batch_execute("BEGIN; ROLLBACK").unwrap();
}

/// The steps of SQLite's plan for `fetch`.
fn plan(store: &mut DieselStore<'_, SqliteConnection>, fetch: &Fetch) -> String {
    let text = store.explain(fetch).unwrap();
    let mut plan = String::new();
    let query = diesel::sql_query(format!("EXPLAIN QUERY PLAN {}", text.split("\n--").next().unwrap()));
    use diesel::connection::LoadConnection;
    use diesel::row::{Field, Row};
    for row in store.connection().load(query).unwrap() {
        let row = row.unwrap();
        let field = row.get(3).unwrap();
        plan.push_str(field.value().unwrap().read_text());
        plan.push('\n');
    }
    plan
}

#[test]
fn indexes_serve_key_sets_and_the_first_rows_of_each_key() {
    let mut store = store();
    let keyed = |table: &'static Table, by: &[ColumnDef]| {
        let keys = KeySet::new(by.len(), vec![]);
        Fetch::new(Arc::new(Select::all(table)), Output::Columns(table.columns.to_vec())).keyed(by.to_vec(), keys)
    };
    let by_boss = plan(&mut store, &keyed(&PEOPLE, &[BOSS]));
    assert!(by_boss.contains("INDEX person_boss (boss=?)") && !by_boss.contains("B-TREE"), "{by_boss}");
    let by_key = plan(&mut store, &keyed(&PEOPLE, &[ID]));
    assert!(by_key.contains("INTEGER PRIMARY KEY (rowid=?)") && !by_key.contains("B-TREE"), "{by_key}");
    // A number and a text: an index for both of them.
    let by_parts = plan(&mut store, &keyed(&NOTES, &NOTES.columns[..2]));
    assert!(by_parts.contains("(a=? AND b=?)"), "{by_parts}");
    let mut first = keyed(&NOTES, &NOTES.columns[2..4]);
    first.keyed.as_mut().unwrap().per_key = Some(3);
    let first = plan(&mut store, &first);
    assert!(first.contains("(a=? AND b=?)") && first.contains("INDEX note_parent (pa=? AND pb=?)"), "{first}");
    let text = |test| Condition::Text { column: NAME, case: Case::Counts, test, text: "a".to_owned() };
    store.connection().batch_execute(r#"CREATE INDEX person_name ON "per""`son" ("na""`me")"#).unwrap();
    for condition in [
        text(TextTest::StartsWith),
        compare(NAME, Comparison::Equal, "a"),
        compare(NAME, Comparison::Less, "a"),
        in_keys(vec![NAME], vec![]),
    ] {
        let plan = plan(&mut store, &Fetch::new(Arc::new(Select::matching(&PEOPLE, condition)), Output::count()));
        assert!(plan.contains("INDEX person_name (na"), "{plan}");
    }
    let by_name = plan(&mut store, &keyed(&PEOPLE, &[NAME]));
    assert!(by_name.contains("INDEX person_name (na") && !by_name.contains("B-TREE"), "{by_name}");
    let order = vec![OrderBy::asc(NAME)];
    let ordered = Select { order, limit: Some(3), ..Select::all(&PEOPLE) };
    let plan = plan(&mut store, &Fetch::new(Arc::new(ordered), Output::Columns(vec![ID])));
    assert!(!plan.contains("B-TREE"), "{plan}");
}

#[test]
fn explanations_show_the_text_and_the_binds() {
    let store = store();
    let select = Select::matching(&PEOPLE, compare(NAME, Comparison::Equal, "it's\na name"));
    let text = store.explain(&Fetch::new(Arc::new(select), Output::count())).unwrap();
    assert_eq!(
        text,
        "SELECT count(*) FROM `per\"``son` AS t1 WHERE t1.`na\"``me` = ?1 COLLATE BINARY\n-- 1: \"it's\\na name\""
    );
}

#[test]
fn what_a_fetch_cannot_combine_is_refused() {
    let mut store = store();
    let refused = |store: &mut dyn Store, fetch: &Fetch| {
        let error = store.fetch(fetch, &mut |_: &dyn Cells| {}).unwrap_err();
        assert!(matches!(error.fault(), Fault::Unsupported(_)), "{error}");
    };
    let cut = Arc::new(Select { limit: Some(1), ..Select::all(&PEOPLE) });
    refused(&mut store, &Fetch::new(cut, Output::count()).keyed(vec![ID], int_keys([1])));
    let all = Arc::new(Select::all(&PEOPLE));
    refused(&mut store, &Fetch::new(all, Output::Exists).keyed(vec![ID], int_keys([1])));
}

#[test]
fn a_store_may_go_to_another_thread() {
    fn is_send<T: Send>(_: &T) {}
    is_send(&store());
}

#[test]
fn statements_are_prepared_once_however_many_keys_they_carry() {
    use diesel::connection::{Instrumentation, InstrumentationEvent};
    use std::sync::atomic::{AtomicUsize, Ordering};
    struct Prepared(Arc<AtomicUsize>);
    impl Instrumentation for Prepared {
        fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
            if matches!(event, InstrumentationEvent::CacheQuery { .. }) {
                self.0.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
    let prepared = Arc::new(AtomicUsize::new(0));
    let mut store = store();
    store.connection().set_instrumentation(Prepared(Arc::clone(&prepared)));
    for count in [1, 5, 1_000] {
        let fetch = Fetch::new(Arc::new(Select::all(&PEOPLE)), Output::Columns(vec![ID]));
        rows(&mut store, &fetch.keyed(vec![BOSS], int_keys(0..count))).unwrap();
        let page = Select { limit: Some(3), offset: count as u64, ..Select::all(&PEOPLE) };
        assert!(ids(&mut store, page).is_empty());
        let new: Vec<_> = (0..count).map(|_| vec![Value::Null; 5]).collect();
        store.insert(&Insert::new(&NOTES, new)).unwrap_err();
    }
    // The keyed fetch, the page, the insert of a single row and that of as many as share a statement; of other numbers of
    // rows the text is another.
    assert_eq!(prepared.load(Ordering::Relaxed), 4);

    store.write(&writes::insert(1..=1_000)).unwrap();
    let change = |heat: i64, rows: i64| {
        let set = |id| if id % 2 == 0 { writes::set(HEAT, heat) } else { writes::set(NAME, "other") };
        writes::update((1..=rows).map(|id| writes::row(id, vec![set(id)], vec![])).collect())
    };
    prepared.store(0, Ordering::Relaxed);
    for rows in [1_000, 500, 1_250] {
        let told = store.write(&change(rows, rows)).unwrap();
        assert!(told[..500].iter().all(|told| matches!(told, Outcome::Done(_))), "{told:?}");
        assert!(told[1_000.min(told.len())..].iter().all(|told| *told == Outcome::Gone), "{told:?}");
    }
    assert_eq!(prepared.load(Ordering::Relaxed), 2, "the change, and the reading of what it wrote");
}

#[test]
fn rows_are_changed_as_in_memory() {
    writes::outcomes(&mut store());
    writes::sums(&mut store());
    (1..6).for_each(|seed| writes::at_random(&mut store(), seed));
    writes::many(&mut store());
}

#[test]
fn a_column_of_any_type_is_written_and_expected() {
    writes::kinds(&mut store(), f64::NEG_INFINITY);
}

#[test]
fn whole_selections_are_changed() {
    writes::bulk(&mut store());
}

#[test]
fn new_rows_come_back_in_their_order() {
    writes::returned(&mut store());
}

#[test]
fn statements_of_a_write_are_explained_without_values() {
    let explained = |write: &Write| store().explain_write(write).unwrap();
    let rules = vec![writes::is(STATUS, "secret"), writes::within(HEAT, 0, 7)];
    let one = writes::update(vec![writes::row(1, vec![writes::set(NAME, "secret"), writes::plus(REV, 1)], rules)]);
    assert_eq!(
        explained(&one),
        "UPDATE `item` AS t1 SET `na\"``me` = ?1, `rev` = CASE WHEN typeof(t1.`rev` + ?2) = 'integer' AND t1.`rev` + ?3 \
         BETWEEN -9223372036854775808 AND 9223372036854775807 THEN t1.`rev` + ?4 ELSE abs(-9223372036854775807 - \
         (t1.`rev` IS NOT NULL)) END WHERE t1.`id` = ?5 AND t1.`status` = ?6 COLLATE BINARY AND (t1.`heat` >= ?7 AND \
         t1.`heat` <= ?8) RETURNING `status`, `heat`, `rev`"
    );
    let different = writes::update(vec![
        writes::row(1, vec![writes::set(NAME, "secret")], vec![]),
        writes::row(2, vec![writes::set(NAME, "secret"), writes::set(HEAT, 1)], vec![writes::is(STATUS, Value::Null)]),
    ]);
    assert_eq!(
        explained(&different),
        "WITH persist_given (c0, c1, c2, c3, c4) AS (VALUES (?1, ?2, ?3, ?4, ?5), (?6, ?7, ?8, ?9, ?10)) UPDATE `item` AS \
         t1 SET `na\"``me` = t2.c2, `heat` = CASE WHEN (t2.c1 & 1) <> 0 THEN t2.c3 ELSE t1.`heat` END FROM persist_given \
         AS t2 WHERE t1.`id` = t2.c0 AND ((t2.c1 & 2) = 0 OR (t1.`status` IS NULL AND t2.c4 IS NULL OR t1.`status` = \
         t2.c4 COLLATE BINARY)) RETURNING `id`, `status`, `heat`, `rev`"
    );
    let rows = (0..500).map(|id| writes::row(id, vec![writes::set(HEAT, 1)], vec![])).collect();
    let many = explained(&writes::update(rows));
    let read = "WHERE t1.`id` = t2.c0;\nSELECT t1.`status`, t1.`heat`, t1.`rev`, t1.`id` FROM `item` AS t1 WHERE t1.`id` IN \
                (SELECT j.value FROM json_each(?1) AS j)";
    assert!(many.ends_with(read), "{many}");
}

/// In a database in a file: writers wait for one another where a transaction begins.
#[test]
fn transactions_that_read_first_do_not_collide() {
    let path = std::env::temp_dir().join(format!("persist_writes_{}.db", std::process::id()));
    let connect = || {
        let mut connection = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
        connection
            .batch_execute("PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF")
            .unwrap();
        connection
    };
    let mut first = connect();
    first.batch_execute(SCHEMA).unwrap();
    DieselStore::borrowed(&mut first).write(&writes::insert([1])).unwrap();
    let writer = |connection: SqliteConnection| {
        let mut store = DieselStore::owned(connection);
        for _ in 0..100 {
            Store::begin(&mut store).unwrap();
            let stored = writes::all(&mut store, &ITEMS);
            let Value::Int(heat) = stored[0][3] else { panic!("{stored:?}") };
            store.write(&writes::update(vec![writes::row(1, vec![writes::set(HEAT, heat + 1)], vec![])])).unwrap();
            Store::commit(&mut store).unwrap();
        }
    };
    std::thread::scope(|scope| (0..3).for_each(|_| drop(scope.spawn(|| writer(connect())))));
    let mut store = DieselStore::borrowed(&mut first);
    assert_eq!(writes::all(&mut store, &ITEMS)[0][3], Value::Int(10 + 300));
    let mut other = connect();
    other.batch_execute("PRAGMA busy_timeout = 1").unwrap();
    Store::begin(&mut store).unwrap();
    let mut other = DieselStore::borrowed(&mut other);
    assert_eq!(Store::begin(&mut other).unwrap_err().fault(), &Fault::Locked);
    assert!(!other.in_transaction().unwrap());
    Store::roll_back(&mut store).unwrap();
    Store::begin(&mut other).unwrap();
    Store::commit(&mut other).unwrap();
    drop((other, store));
    drop(first);
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{end}", path.display()));
    }
}

#[test]
fn a_database_that_is_never_written_has_transactions() {
    let path = std::env::temp_dir().join(format!("persist_only_read_{}.db", std::process::id()));
    SqliteConnection::establish(path.to_str().unwrap()).unwrap().batch_execute(SCHEMA).unwrap();
    let mut store =
        DieselStore::owned(SqliteConnection::establish(&format!("file:{}?mode=ro", path.display())).unwrap());
    Store::begin(&mut store).unwrap();
    assert!(writes::all(&mut store, &ITEMS).is_empty());
    assert_eq!(store.write(&writes::insert([1])).unwrap_err().fault(), &Fault::ReadOnly);
    Store::roll_back(&mut store).unwrap();
    assert!(!store.in_transaction().unwrap());
    std::fs::remove_file(path).unwrap();
}
