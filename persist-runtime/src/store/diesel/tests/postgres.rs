//! PostgreSQL, in temporary tables of the connection; the tests say so and pass where no server listens.

use super::conditions::{conditions, orders};
use super::fixture::*;
use super::keys::{atomic_inserts, composite_keys, keyed};
use super::kinds::types;
use super::server;
use crate::engine::{Fetch, Insert, Output};
use crate::entity::{ColumnDef, ColumnType, Table, Value};
use crate::group::{Comparison, Condition, KeySet, OrderBy, Projection, Select};
use crate::store::diesel::DieselStore;
use crate::store::{Fault, Snapshot, Store};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use std::sync::Arc;

const URL: &str = "postgres://postgres@127.0.0.1:5432/postgres";
const SCHEMA: &str = r#"
    SET client_min_messages = warning;
    CREATE TEMP TABLE "per""`son" (id INTEGER PRIMARY KEY, "na""`me" TEXT, boss INTEGER);
    CREATE INDEX person_boss ON "per""`son" (boss);
    CREATE TEMP TABLE note (a BIGINT NOT NULL, b TEXT NOT NULL, pa SMALLINT NOT NULL, pb TEXT NOT NULL, ord INTEGER,
                            PRIMARY KEY (a, b));
    CREATE INDEX note_parent ON note (pa, pb, ord NULLS FIRST, a, b);
    CREATE TEMP TABLE kind (id INTEGER PRIMARY KEY, v_bool BOOLEAN, v_small SMALLINT, v_int INTEGER, v_big BIGINT,
                            v_real REAL, v_double DOUBLE PRECISION, v_text TEXT, v_blob BYTEA, v_uuid UUID,
                            v_decimal NUMERIC, v_jsonb JSONB, v_date DATE, v_time TIME, v_timestamp TIMESTAMP,
                            v_zoned TIMESTAMPTZ);
"#;

fn connection() -> Option<PgConnection> {
    let url = server::url("PERSIST_TEST_POSTGRES_URL", URL);
    let mut connection = PgConnection::establish(&url).map_err(|error| server::not_run("PostgreSQL", error)).ok()?;
    connection.batch_execute(SCHEMA).unwrap();
    Some(connection)
}

fn with_store(test: impl FnOnce(&mut DieselStore<'_, PgConnection>)) {
    if let Some(mut connection) = connection() {
        test(&mut DieselStore::borrowed(&mut connection));
    }
}

#[test]
fn conditions_mean_what_they_say() {
    with_store(|store| conditions(store));
}

#[test]
fn orders_are_total_and_put_nulls_in_their_place() {
    with_store(|store| orders(store));
}

#[test]
fn keyed_fetches_order_cut_and_count_within_each_key() {
    with_store(|store| keyed(store));
}

#[test]
fn keys_of_several_parts_lead_both_ways() {
    with_store(|store| composite_keys(store));
}

#[test]
fn every_type_goes_in_comes_out_and_is_found() {
    with_store(|store| types(store, f64::NEG_INFINITY));
}

#[test]
fn inserts_are_all_or_nothing() {
    with_store(|store| atomic_inserts(store, 30_000));
    let Some(mut connection) = connection() else { return };
    connection
        .transaction::<_, diesel::result::Error, _>(|connection| {
            connection.batch_execute("INSERT INTO note VALUES (1, 'kept', 1, '', 1)")?;
            let mut store = DieselStore::borrowed(connection);
            let mut new: Vec<_> = (0..30_000).map(|id| vec![Value::Int(id), Value::Null, Value::Null]).collect();
            new.push(new[0].clone());
            assert!(store.insert(&Insert::new(&PEOPLE, new)).is_err());
            // The savepoint kept the caller's transaction alive.
            assert_eq!(rows(&mut store, &count(&NOTES)).unwrap(), [[Value::Int(1)]]);
            Ok(())
        })
        .unwrap();
}

fn count(table: &'static Table) -> Fetch {
    Fetch::new(Arc::new(Select::all(table)), Output::count())
}

fn person(id: i64, name: &str) -> Insert {
    Insert::new(&PEOPLE, vec![vec![Value::Int(id), name.into(), Value::Null]])
}

#[test]
fn failures_are_named() {
    const GONE: ColumnDef = column("gone", ColumnType::Text, true);
    const JSON: ColumnDef = column("v_jsonb", ColumnType::Json, true);
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
        }
    }
    with_store(|store| {
        let error = rows(store, &count(&MISSING)).unwrap_err();
        assert_eq!(error.fault(), &Fault::MissingTable("missing".into()));
        let fetch = Fetch::new(Arc::new(Select::all(&NARROW)), Output::Columns(vec![GONE]));
        assert_eq!(rows(store, &fetch).unwrap_err().fault(), &Fault::MissingColumn("gone".into()));
        let insert = Insert::new(&NARROW, vec![vec![Value::Int(1), Value::Null]]);
        assert_eq!(store.insert(&insert).unwrap_err().fault(), &Fault::MissingColumn("gone".into()));
        let select = Select::matching(&KINDS, in_keys(vec![JSON], vec![Value::Json("1".into())]));
        let error = rows(store, &Fetch::new(Arc::new(select), Output::count())).unwrap_err();
        assert!(matches!(error.fault(), Fault::Unsupported(_)), "{error}");
        let fault = |error: crate::store::StoreError| error.fault().clone();
        assert!(matches!(store.insert(&person(1, "nul\0")).map_err(fault), Err(Fault::Unsupported(_))));
        store.insert(&person(1, "one")).unwrap();
        assert_eq!(store.insert(&person(1, "two")).map_err(fault), Err(Fault::Duplicate("per\"`son_pkey".into())));
        let null = Insert::new(&PEOPLE, vec![vec![Value::Null; 3]]);
        assert_eq!(store.insert(&null).map_err(fault), Err(Fault::NotNull("id".into())));
        let alter = r#"ALTER TABLE "per""`son" ADD CONSTRAINT small CHECK (id < 9), ADD CONSTRAINT led FOREIGN KEY (boss) REFERENCES kind"#;
        store.connection().batch_execute(alter).unwrap();
        assert_eq!(store.insert(&person(10, "ten")).map_err(fault), Err(Fault::Check("small".into())));
        let stray = Insert::new(&PEOPLE, vec![vec![Value::Int(2), Value::Null, Value::Int(7)]]);
        assert_eq!(store.insert(&stray).map_err(fault), Err(Fault::ForeignKey("led".into())));
        let wide = Select::matching(&PEOPLE, compare(ID, Comparison::Less, i64::MAX));
        assert_eq!(ids(store, wide), [1]);
        assert_eq!(
            ids(store, Select::matching(&PEOPLE, in_keys(vec![ID], vec![Value::Int(1), Value::Int(i64::MAX)]))),
            [1]
        );
    });
}

#[test]
fn a_lost_connection_and_a_lock_are_said() {
    let (Some(mut one), Some(mut two)) = (connection(), connection()) else { return };
    static LOCKED: Table = Table { name: "persist_locked", schema: Some("public"), ..COPY };
    const COPY: Table = Table {
        entity: "Locked",
        schema: None,
        name: "",
        columns: &[ID],
        key: &[ID],
        collation: crate::Collation::Portable,
    };
    one.batch_execute(
        "DROP TABLE IF EXISTS public.persist_locked; CREATE TABLE public.persist_locked (id INTEGER PRIMARY KEY)",
    )
    .unwrap();
    one.batch_execute("BEGIN; LOCK TABLE public.persist_locked").unwrap();
    two.batch_execute("SET lock_timeout = '50ms'").unwrap();
    let mut store = DieselStore::borrowed(&mut two);
    assert_eq!(rows(&mut store, &count(&LOCKED)).unwrap_err().fault(), &Fault::Locked);
    one.batch_execute("ROLLBACK; DROP TABLE public.persist_locked").unwrap();
    let pid: i32 = diesel::select(diesel::dsl::sql::<diesel::sql_types::Integer>("pg_backend_pid()"))
        .get_result(store.connection())
        .unwrap();
    assert_eq!(store.begin_snapshot().unwrap(), Snapshot::Taken);
    one.batch_execute(&format!("SELECT pg_terminate_backend({pid}, 5000)")).unwrap();
    assert_eq!(rows(&mut store, &count(&PEOPLE)).unwrap_err().fault(), &Fault::Closed);
    assert_eq!(rows(&mut store, &count(&PEOPLE)).unwrap_err().fault(), &Fault::Closed);
    assert!(store.end_snapshot().is_err());
    let again = store.begin_snapshot();
    assert!(again.is_err(), "{again:?}");
}

#[test]
fn snapshots_see_one_state_and_refuse_writes() {
    with_store(|store| {
        assert_eq!(store.begin_snapshot().unwrap(), Snapshot::Taken);
        assert_eq!(rows(store, &count(&PEOPLE)).unwrap(), [[Value::Int(0)]]);
        assert_eq!(store.begin_snapshot().unwrap(), Snapshot::Callers);
        let isolation = diesel::dsl::sql::<diesel::sql_types::Text>("current_setting('transaction_isolation')");
        assert_eq!(diesel::select(isolation).get_result(store.connection()), Ok("repeatable read".to_owned()));
        store.end_snapshot().unwrap();
        store.insert(&person(1, "x")).unwrap();
    });
}

fn plan(store: &mut DieselStore<'_, PgConnection>, fetch: &Fetch, binds: &[&str]) -> String {
    let mut text = store.explain(fetch).unwrap().split("\n--").next().unwrap().to_owned();
    for (index, bind) in binds.iter().enumerate() {
        text = text.replace(&format!("${}", index + 1), bind);
    }
    let query = diesel::sql_query(format!("EXPLAIN {text}"));
    use diesel::connection::LoadConnection;
    use diesel::row::{Field, Row};
    let rows = LoadConnection::<diesel::connection::DefaultLoadingMode>::load(store.connection(), query).unwrap();
    let lines =
        rows.map(|row| String::from_utf8(row.unwrap().get(0).unwrap().value().unwrap().as_bytes().to_vec()).unwrap());
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn indexes_serve_key_sets_and_the_first_rows_of_each_key() {
    with_store(|store| {
        store
            .connection()
            .batch_execute(
                "INSERT INTO note SELECT n, 'n', n % 100, 'p', n FROM generate_series(1, 20000) n; ANALYZE note",
            )
            .unwrap();
        let keyed = |by: &[ColumnDef], per_key| {
            let order = vec![OrderBy::asc(NOTES.columns[4])];
            let select = Select { order, ..Select::all(&NOTES) };
            let mut fetch = Fetch::new(Arc::new(select), Output::Columns(NOTES.columns.to_vec()));
            fetch = fetch.keyed(by.to_vec(), KeySet::new(by.len(), vec![]));
            fetch.keyed.as_mut().unwrap().per_key = per_key;
            fetch
        };
        let by_key = plan(store, &keyed(&NOTES.columns[..1], None), &["'{1,2,3}'::bigint[]"]);
        assert!(by_key.contains("note_pkey"), "{by_key}");
        let arrays = ["'{1,2,3}'::smallint[]", "'{p,p,p}'::text[]"];
        let first = plan(store, &keyed(&NOTES.columns[2..4], Some(3)), &arrays);
        assert!(first.contains("note_parent"), "{first}");
        let all = plan(store, &keyed(&NOTES.columns[2..4], None), &arrays);
        assert!(all.contains("note_parent"), "{all}");
    });
}

/// Beside other conditions an `IN` would be a list, walked for each row where it does not fit in memory.
#[test]
fn predicates_through_relations_are_joins_or_look_ups() {
    with_store(|store| {
        let below = || {
            let branch = Projection { select: Arc::new(Select::all(&PEOPLE)), columns: vec![BOSS] };
            Condition::InSelect { columns: vec![ID], branches: vec![branch] }
        };
        let mut text = |condition| {
            let fetch = Fetch::new(Arc::new(Select::matching(&PEOPLE, condition)), Output::count());
            (plan(store, &fetch, &[]), store.explain(&fetch).unwrap())
        };
        let (some, _) = text(below());
        assert!(some.contains(" Join") && !some.contains("SubPlan"), "{some}");
        let (none, _) = text(Condition::Not(Box::new(below())));
        assert!(none.contains("Anti Join"), "{none}");
        let (_, either) = text(Condition::Or(vec![Condition::IsNull(NAME), below()]));
        assert!(either.contains(" OR EXISTS (SELECT 1 FROM"), "{either}");
    });
}
