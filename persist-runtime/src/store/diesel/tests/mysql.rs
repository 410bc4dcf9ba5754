//! MySQL, on whichever server answers (MariaDB in our gate), in a database of each test's own; a driver in Rust alone
//! stands behind Diesel's connection. The tests say so and pass where no server answers.

use super::conditions::{conditions, orders};
use super::fixture::*;
use super::keys::{atomic_inserts, composite_keys, keyed, sets_of_any_size};
use super::kinds::types;
use super::server;
use super::writes;
use crate::edit::Insert;
use crate::engine::{Fetch, Output};
use crate::entity::{ColumnDef, ColumnType, Rules, Table, Value};
use crate::group::{Case, Comparison, Condition, KeySet, OrderBy, Projection, Select, TextTest};
use crate::store::diesel::DieselStore;
use crate::store::fixture::Inserts as _;
use crate::store::{Fault, Snapshot, Store, StoreError};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel_async::AsyncMysqlConnection;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

pub(super) type MysqlConnection = AsyncConnectionWrapper<AsyncMysqlConnection>;
pub(super) type MysqlStore<'c> = DieselStore<'c, MysqlConnection>;

const SCHEMA: &str = "
    CREATE TABLE `per\"``son` (id INTEGER PRIMARY KEY, `na\"``me` VARCHAR(200), boss INTEGER, KEY person_boss (boss),
                               KEY person_name (`na\"``me`));
    CREATE TABLE note (a BIGINT NOT NULL, b VARCHAR(40) NOT NULL, pa SMALLINT NOT NULL, pb VARCHAR(40) NOT NULL, ord INTEGER,
                       PRIMARY KEY (a, b), KEY note_parent (pa, pb, ord, a, b));
    CREATE TABLE item (id INTEGER PRIMARY KEY, `na\"``me` VARCHAR(200), status VARCHAR(200), heat INTEGER NOT NULL,
                       rev BIGINT NOT NULL, grade SMALLINT);
    CREATE TABLE made (id INTEGER PRIMARY KEY AUTO_INCREMENT, `na\"``me` VARCHAR(40) UNIQUE, heat INTEGER NOT NULL DEFAULT 7);
    CREATE TABLE image_property (id INTEGER PRIMARY KEY AUTO_INCREMENT, image_id INTEGER NOT NULL, name VARCHAR(40),
                                 value VARCHAR(40), deleted BOOLEAN NOT NULL, code INTEGER UNIQUE, UNIQUE (image_id, name));
    CREATE TABLE kind (id INTEGER PRIMARY KEY, v_bool BOOLEAN, v_small SMALLINT, v_int INTEGER, v_big BIGINT, v_real FLOAT,
                       v_double DOUBLE, v_text TEXT, v_blob BLOB, v_uuid BINARY(16), v_decimal DECIMAL(20, 4), v_jsonb JSON,
                       v_date DATE, v_time TIME(6), v_timestamp DATETIME(6), v_zoned DATETIME(6));
";

/// A database that goes when the test ends, however it does.
pub(super) struct Database {
    url: String,
    name: String,
}

impl Database {
    pub(super) fn new(collation: &str) -> Option<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let url = server::url("PERSIST_TEST_MYSQL_URL", "mysql://root@127.0.0.1:3306/");
        let mut connection = MysqlConnection::establish(&url).map_err(|error| server::not_run("MySQL", error)).ok()?;
        let name = format!("persist_test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let create = format!("CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE {collation}");
        connection.batch_execute(&create).unwrap();
        let database = Self { url, name };
        for statement in SCHEMA.split(';').filter(|statement| !statement.trim().is_empty()) {
            database.connect().batch_execute(statement).unwrap();
        }
        Some(database)
    }

    pub(super) fn connect(&self) -> MysqlConnection {
        let mut connection = MysqlConnection::establish(&self.url).unwrap();
        connection.batch_execute(&format!("USE {}", self.name)).unwrap();
        connection
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Ok(mut connection) = MysqlConnection::establish(&self.url) {
            let _ = connection.batch_execute(&format!("DROP DATABASE {}", self.name));
        }
    }
}

pub(super) fn with_collation(collation: &str, test: impl FnOnce(&mut MysqlStore<'_>)) {
    if let Some(database) = Database::new(collation) {
        test(&mut DieselStore::borrowed(&mut database.connect()));
    }
}

pub(super) fn with_store(test: impl FnOnce(&mut MysqlStore<'_>)) {
    with_collation("utf8mb4_nopad_bin", test);
}

/// Persist's meaning of text does not depend on the collation of a foreign column.
const COLLATIONS: [&str; 4] = ["utf8mb4_nopad_bin", "utf8mb4_bin", "utf8mb4_general_ci", "utf8mb4_unicode_ci"];

#[test]
fn conditions_mean_what_they_say() {
    for collation in COLLATIONS {
        with_collation(collation, |store| conditions(store));
    }
}

#[test]
fn orders_are_total_and_put_nulls_in_their_place() {
    for collation in COLLATIONS {
        with_collation(collation, |store| orders(store));
    }
}

#[test]
fn keyed_fetches_order_cut_and_count_within_each_key() {
    with_store(|store| keyed(store));
    for collation in COLLATIONS {
        with_collation(collation, |store| sets_of_any_size(store));
    }
}

/// A list of keys has one of few lengths, and is a list of as many values as it says; a long one is no list.
#[test]
fn texts_of_key_sets_are_few() {
    with_store(|store| {
        let texts = |by: ColumnDef| {
            let fetch = Fetch::new(Arc::new(Select::all(&PEOPLE)), Output::Columns(vec![ID]));
            let text = |keys: i64| {
                let fetch = fetch.clone().keyed(vec![by], int_keys(0..keys));
                store.explain(&fetch).unwrap().lines().next().unwrap_or_default().to_owned()
            };
            let texts: std::collections::BTreeSet<_> = (0..1_500).map(text).collect();
            texts.iter().map(|text| text.matches('?').count()).collect::<Vec<_>>()
        };
        let mut of_unique = texts(ID);
        of_unique.sort_unstable();
        assert_eq!(of_unique, [1, 1, 4, 16, 64], "an array, and lists");
        let mut of_others = texts(BOSS);
        of_others.sort_unstable();
        assert_eq!(of_others, [1, 1, 4, 16, 64, 256, 1_024]);
    });
}

#[test]
fn keys_of_several_parts_lead_both_ways() {
    for collation in COLLATIONS {
        with_collation(collation, |store| composite_keys(store));
    }
}

#[test]
fn every_type_goes_in_comes_out_and_is_found() {
    with_store(|store| types(store, f64::MIN));
}

#[cfg(feature = "json")]
#[test]
fn places_in_documents_change_as_in_memory() {
    for collation in COLLATIONS {
        with_collation(collation, |store| super::documents::at_random(store, 48));
    }
}

#[cfg(feature = "json")]
#[test]
fn places_in_documents_are_told_apart() {
    for collation in COLLATIONS {
        with_collation(collation, |store| super::paths::json_places(store));
    }
}

#[test]
fn inserts_are_all_or_nothing() {
    with_store(|store| atomic_inserts(store, 30_000));
}

fn count(table: &'static Table) -> Fetch {
    Fetch::new(Arc::new(Select::all(table)), Output::count())
}

fn person(id: i64, name: &str) -> Insert {
    Insert::new(&PEOPLE, vec![vec![Value::Int(id), name.into(), Value::Null]])
}

fn fault(error: StoreError) -> Fault {
    error.fault().clone()
}

#[test]
fn text_is_compared_to_the_letter() {
    let texts = ["a", "a ", "A", "a\0", "ä", "a\u{308}", "\\", "%", "_", "!", "a%", "long"];
    let long = "x".repeat(190);
    for collation in COLLATIONS {
        with_collation(collation, |store| {
            for (id, text) in texts.iter().copied().chain([&*long]).enumerate() {
                store.insert(&person(id as i64, text)).unwrap();
            }
            for (id, text) in texts.iter().copied().chain([&*long]).enumerate() {
                let equal = Select::matching(&PEOPLE, compare(NAME, Comparison::Equal, text));
                assert_eq!(ids(store, equal), [id as i64], "{collation} {text:?}");
                let keys = Select::matching(&PEOPLE, in_keys(vec![NAME], vec![text.into(), "none".into()]));
                assert_eq!(ids(store, keys), [id as i64], "{collation} {text:?}");
            }
            let of_name = Fetch::new(Arc::new(Select::all(&PEOPLE)), Output::count());
            let of_name = of_name.keyed(vec![NAME], KeySet::new(1, vec!["a".into(), "A".into(), "a ".into()]));
            assert_eq!(rows(store, &of_name).unwrap().len(), 3, "{collation}");
            let mut expected: Vec<_> =
                texts.iter().copied().chain([&*long]).map(|text| vec![Value::from(text)]).collect();
            expected.sort();
            let all = Select::all(&PEOPLE);
            for select in [all.clone(), Select { limit: Some(100), ..all }] {
                let apart = Fetch::new(Arc::new(select), Output::Parts(vec![NAME], Vec::new()));
                let mut found = rows(store, &apart).unwrap();
                found.sort();
                assert_eq!(found, expected, "{collation}");
            }
        });
    }
}

#[test]
fn failures_are_named() {
    const GONE: ColumnDef = column("gone", ColumnType::Text, true);
    static MISSING: Table = Table { name: "missing", ..table(&[ID]) };
    static NARROW: Table = table(&[ID, GONE]);
    const fn table(columns: &'static [ColumnDef]) -> Table {
        Table {
            entity: "Lost",
            schema: None,
            name: "per\"`son",
            columns,
            key: &[ID],
            collation: crate::Collation::Portable,
            rules: &Rules::NONE,
        }
    }
    with_store(|store| {
        let error = rows(store, &count(&MISSING)).unwrap_err();
        assert_eq!(error.fault(), &Fault::MissingTable("missing".into()));
        let fetch = Fetch::new(Arc::new(Select::all(&NARROW)), Output::Columns(vec![GONE]));
        assert_eq!(rows(store, &fetch).unwrap_err().fault(), &Fault::MissingColumn("gone".into()));
        let insert = Insert::new(&NARROW, vec![vec![Value::Int(1), Value::Null]]);
        assert_eq!(store.insert(&insert).unwrap_err().fault(), &Fault::MissingColumn("gone".into()));
        store.insert(&person(1, "one")).unwrap();
        assert_eq!(store.insert(&person(1, "two")).map_err(fault), Err(Fault::Duplicate("PRIMARY".into())));
        let null = Insert::new(&PEOPLE, vec![vec![Value::Null; 3]]);
        assert_eq!(store.insert(&null).map_err(fault), Err(Fault::NotNull("id".into())));
        assert_eq!(store.insert(&person(2, &"x".repeat(201))).map_err(fault), Err(Fault::TooLong("na\"`me".into())));
        assert!(matches!(store.insert(&person(i64::MAX, "wide")).map_err(fault), Err(Fault::Unfit(_))));
        let mut infinite = vec![Value::Null; KINDS.columns.len()];
        (infinite[0], infinite[6]) = (Value::Int(1), Value::Float(f64::INFINITY));
        assert!(matches!(store.insert(&Insert::new(&KINDS, vec![infinite])).map_err(fault), Err(Fault::Lacks(_))));
        let alter = "ALTER TABLE `per\"``son` ADD CONSTRAINT small CHECK (id < 9), \
                     ADD CONSTRAINT led FOREIGN KEY (boss) REFERENCES kind (id)";
        store.connection().batch_execute(alter).unwrap();
        assert_eq!(store.insert(&person(10, "ten")).map_err(fault), Err(Fault::Check("small".into())));
        let stray = Insert::new(&PEOPLE, vec![vec![Value::Int(2), Value::Null, Value::Int(7)]]);
        assert_eq!(store.insert(&stray).map_err(fault), Err(Fault::ForeignKey("led".into())));
        let wide = Select::matching(&PEOPLE, compare(ID, Comparison::Less, i64::MAX));
        assert_eq!(ids(store, wide), [1]);
        let wide = in_keys(vec![ID], vec![Value::Int(1), Value::Int(i64::MAX)]);
        assert_eq!(ids(store, Select::matching(&PEOPLE, wide)), [1]);
    });
}

#[test]
fn a_lost_connection_and_a_lock_are_said() {
    let Some(database) = Database::new("utf8mb4_nopad_bin") else { return };
    let (mut one, mut two) = (database.connect(), database.connect());
    one.batch_execute("BEGIN").unwrap();
    DieselStore::borrowed(&mut one).insert(&person(1, "one")).unwrap();
    two.batch_execute("SET innodb_lock_wait_timeout = 1").unwrap();
    let mut store = DieselStore::borrowed(&mut two);
    assert_eq!(store.insert(&person(1, "one")).map_err(fault), Err(Fault::Locked));
    one.batch_execute("ROLLBACK").unwrap();
    let id = diesel::dsl::sql::<diesel::sql_types::BigInt>("CAST(CONNECTION_ID() AS SIGNED)");
    let id: i64 = diesel::select(id).get_result(store.connection()).unwrap();
    assert_eq!(store.begin_snapshot().unwrap(), Snapshot::Taken);
    one.batch_execute(&format!("KILL CONNECTION {id}")).unwrap();
    assert_eq!(rows(&mut store, &count(&PEOPLE)).unwrap_err().fault(), &Fault::Closed);
    assert_eq!(rows(&mut store, &count(&PEOPLE)).unwrap_err().fault(), &Fault::Closed);
    assert!(store.end_snapshot().is_err());
    assert!(store.begin_snapshot().is_err());
}

#[test]
fn snapshots_see_one_state_and_refuse_writes() {
    let Some(database) = Database::new("utf8mb4_nopad_bin") else { return };
    let (mut one, mut two) = (database.connect(), database.connect());
    one.batch_execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED").unwrap();
    let mut store = DieselStore::borrowed(&mut one);
    assert_eq!(store.begin_snapshot().unwrap(), Snapshot::Taken);
    assert_eq!(rows(&mut store, &count(&PEOPLE)).unwrap(), [[Value::Int(0)]]);
    DieselStore::borrowed(&mut two).insert(&person(1, "x")).unwrap();
    assert_eq!(rows(&mut store, &count(&PEOPLE)).unwrap(), [[Value::Int(0)]]);
    assert_eq!(store.begin_snapshot().unwrap(), Snapshot::Callers);
    assert_eq!(store.insert(&person(2, "y")).map_err(fault), Err(Fault::ReadOnly));
    store.end_snapshot().unwrap();
    assert_eq!(rows(&mut store, &count(&PEOPLE)).unwrap(), [[Value::Int(1)]]);
    store.insert(&person(2, "y")).unwrap();
    // One that is left open ends with the store.
    assert_eq!(store.begin_snapshot().unwrap(), Snapshot::Taken);
    drop(store);
    DieselStore::borrowed(&mut one).insert(&person(3, "z")).unwrap();
}

#[test]
fn an_insert_of_several_statements_joins_the_transaction_of_the_caller() {
    let Some(database) = Database::new("utf8mb4_nopad_bin") else { return };
    let mut connection = database.connect();
    connection
        .transaction::<_, diesel::result::Error, _>(|connection| {
            let mut store = DieselStore::borrowed(connection);
            store.insert(&person(-1, "kept")).unwrap();
            let mut new: Vec<_> = (0..30_000).map(|id| vec![Value::Int(id), Value::Null, Value::Null]).collect();
            new.push(new[0].clone());
            assert!(store.insert(&Insert::new(&PEOPLE, new)).is_err());
            assert_eq!(rows(&mut store, &count(&PEOPLE)).unwrap(), [[Value::Int(1)]]);
            Ok(())
        })
        .unwrap();
    assert_eq!(ids(&mut DieselStore::borrowed(&mut connection), Select::all(&PEOPLE)), [-1]);
}

/// How many rows and index entries the server has read for this connection.
fn reads(store: &mut MysqlStore<'_>) -> u64 {
    use diesel::connection::LoadConnection;
    use diesel::row::{Field, Row};
    let status = diesel::sql_query("SHOW SESSION STATUS LIKE 'Handler_read%'");
    let read = store.connection().load(status).unwrap().map(|row| {
        let row = row.unwrap();
        let number = row.get(1).unwrap();
        String::from_utf8(number.value().unwrap().as_bytes().to_vec()).unwrap().parse::<u64>().unwrap()
    });
    read.sum()
}

/// Twenty thousand rows are there; little more than is wanted is read (a sort reads its rows again).
#[test]
fn indexes_serve_key_sets_texts_and_the_first_rows_of_each_key() {
    static AS_STORED: Table = Table {
        entity: "Note",
        schema: None,
        name: "note",
        columns: &[A, B, PA, PB, ORD],
        key: &[A, B],
        collation: crate::Collation::Native,
        rules: &Rules::NONE,
    };
    for collation in COLLATIONS {
        with_collation(collation, |store| {
            let rows_to_read = "INSERT INTO note SELECT seq, CONCAT('n', seq), seq % 100, 'p', seq FROM seq_1_to_20000; \
                INSERT INTO `per\"``son` SELECT seq, CONCAT('name ', seq), seq % 20 FROM seq_1_to_20000; \
                ANALYZE TABLE note, `per\"``son`";
            for statement in rows_to_read.split(';') {
                diesel::sql_query(statement).execute(store.connection()).unwrap();
            }
            let order = vec![OrderBy::asc(ORD)];
            let notes = Arc::new(Select { order, ..Select::all(&AS_STORED) });
            let by = |by: &[ColumnDef], keys: Vec<Value>| {
                let fetch = Fetch::new(Arc::clone(&notes), Output::Columns(vec![A]));
                fetch.keyed(by.to_vec(), KeySet::new(by.len(), keys))
            };
            let parents: Vec<_> = (0..300).flat_map(|parent| [Value::Int(parent), "p".into()]).collect();
            let mut first = by(&[PA, PB], parents);
            first.keyed.as_mut().unwrap().per_key = Some(3);
            let people =
                |condition| Fetch::new(Arc::new(Select::matching(&PEOPLE, condition)), Output::Columns(vec![ID]));
            let begins = Condition::Text {
                column: NAME,
                case: Case::Counts,
                test: TextTest::StartsWith,
                text: "name 77".into(),
            };
            let led = |condition| {
                let select = Arc::new(Select::matching(&PEOPLE, condition));
                Projection { select, columns: vec![ID] }
            };
            let union = Condition::InSelect {
                columns: vec![BOSS],
                branches: vec![led(compare(ID, Comparison::Equal, 7)), led(compare(ID, Comparison::Equal, 8))],
            };
            let cases = [
                (by(&[A, B], vec![Value::Int(5), "n5".into(), Value::Int(9), "n9".into()]), 2),
                (first, 300),
                (people(compare(NAME, Comparison::Equal, "name 7")), 1),
                (people(in_keys(vec![NAME], vec!["name 7".into(), "name 19999".into()])), 2),
                (people(in_keys(vec![BOSS], vec![Value::Int(7)])), 1_000),
                (people(begins), 111),
                (people(union), 2_000),
            ];
            for (fetch, wanted) in cases {
                let before = reads(store);
                assert_eq!(firsts(store, &fetch).len(), wanted);
                let read = reads(store) - before;
                assert!(
                    read < 3 * wanted as u64 + 1_000,
                    "{collation}, {read} reads: {}",
                    store.explain(&fetch).unwrap()
                );
            }
        });
    }
}

#[test]
fn rows_are_changed_as_in_memory() {
    with_store(|store| writes::outcomes(store));
    with_store(|store| writes::sums(store));
    for collation in COLLATIONS {
        with_collation(collation, |store| writes::at_random(store, 1));
    }
    with_store(|store| writes::many(store));
}

#[test]
fn a_column_of_any_type_is_written_and_expected() {
    with_store(|store| writes::kinds(store, f64::MIN));
}

#[test]
fn whole_selections_are_changed() {
    with_store(|store| writes::bulk(store));
}

#[test]
fn new_rows_come_back_in_their_order() {
    with_store(|store| writes::returned(store));
}
