//! What entities cannot say together, what a backend cannot do, and names of all kinds.

use super::{create, databases, with};
use diesel::mysql::Mysql;
use diesel::pg::Pg;
use diesel::sqlite::Sqlite;
use persist::prelude::*;
use persist::schema::{Schema, SchemaError};
use persist::{Table, entities};
use persist_tests::stores::Fresh;

mod tables {
    diesel::table! { marks (id) { id -> Integer, name -> Text, } }
    diesel::table! { documents (meta) { meta -> Json, } }
    diesel::table! { makers (id) { id -> Integer, serial -> BigInt, } }
    diesel::table! { unknowns (id) { id -> Integer, text -> Text, } }
    diesel::table! { times (id) {
        id -> Integer, day -> Date, time -> Time, moment -> Timestamp, zoned -> TimestamptzSqlite, note -> Nullable<Text>,
    } }
    diesel::table! {
        longs (id) {
            id -> Integer,
            #[sql_name = "an_even_longer_name_of_a_column_that_refers_to_something_a"]
            one -> Integer,
            #[sql_name = "an_even_longer_name_of_a_column_that_refers_to_something_b"]
            two -> Integer,
        }
    }
    diesel::table! {
        hostiles (id) {
            #[sql_name = "i\"d`"]
            id -> Integer,
            #[sql_name = "na'me; DROP TABLE marks; --"]
            name -> Text,
            #[sql_name = "up ?"]
            up -> Nullable<Integer>,
        }
    }
    diesel::table! { keys (a, b, c, d, e) { a -> Text, b -> Text, c -> Text, d -> Text, e -> BigInt, } }
    diesel::table! { locks (id) { id -> Integer, a -> Text, b -> Text, c -> Text, } }
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = tables::marks)]
struct Row {
    #[entity(key)]
    id: i32,
    name: String,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = tables::marks, group = NativeRows, collation = native)]
struct NativeRow {
    #[entity(key)]
    id: i32,
    name: String,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = tables::marks, group = NamedRows)]
struct NamedRow {
    #[entity(key)]
    name: String,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = tables::documents)]
struct Document {
    #[entity(key)]
    meta: serde_json::Value,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = tables::makers)]
struct Maker {
    #[entity(key)]
    id: i32,
    #[entity(generated)]
    serial: i64,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = tables::unknowns)]
struct Unknown {
    #[entity(key)]
    id: i32,
    #[entity(generated)]
    text: String,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = tables::longs, name = "a_table_with_a_name_that_is_almost_as_long_as_it_can_be_there")]
struct Long {
    #[entity(key)]
    id: i32,
    #[entity(belongs_to(first: Row), belongs_to(first_again: Row))]
    one: i32,
    #[entity(belongs_to(second: Row), belongs_to(other: Hostile))]
    two: i32,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = tables::hostiles, name = "it's \"a\" `table`", unique(name))]
struct Hostile {
    #[entity(key, generated)]
    id: i32,
    name: String,
    #[entity(belongs_to(upper: Hostile))]
    up: Option<i32>,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = tables::keys)]
struct Wide {
    #[entity(key)]
    a: String,
    #[entity(key)]
    b: String,
    #[entity(key)]
    c: String,
    #[entity(key)]
    d: String,
    #[entity(key)]
    e: i64,
}

/// A part of the wide key, by reference, whose own index has room for more.
#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = tables::locks, unique(a, b), belongs_to(under: Under, by = a))]
struct Lock {
    #[entity(key)]
    id: i32,
    a: String,
    b: String,
    c: String,
}

/// The same columns as a key of one.
#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = tables::keys, name = "unders", unique(b, c, d))]
struct Under {
    #[entity(key)]
    a: String,
    b: String,
    c: String,
    d: String,
    e: i64,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = tables::marks, name = "marks\0", group = NulRows)]
struct Nul {
    #[entity(key)]
    id: i32,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = tables::marks, schema = "persist_schema_test", group = FarRows)]
struct Far {
    #[entity(key, belongs_to(near: Row, group = near_rows))]
    id: i32,
    name: String,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = tables::times)]
struct Times {
    #[entity(key, generated)]
    id: i32,
    #[entity(generated)]
    day: chrono::NaiveDate,
    #[entity(generated)]
    time: chrono::NaiveTime,
    #[entity(generated)]
    moment: chrono::NaiveDateTime,
    #[entity(generated)]
    zoned: chrono::DateTime<chrono::Utc>,
    #[entity(generated)]
    note: Option<String>,
}

fn words<T: std::fmt::Debug>(result: Result<T, SchemaError>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn an_entity_that_is_not_listed_is_named() {
    let error = Schema::of(entities![Long, Row]).sql::<Sqlite>().unwrap_err();
    let SchemaError::Unlisted { entity, relation, fields, to } = &error else { panic!("{error:?}") };
    let column = "an_even_longer_name_of_a_column_that_refers_to_something_b";
    assert_eq!((*entity, *relation, fields.as_slice(), *to), ("Long", "other", [column].as_slice(), "Hostile"));
    assert_eq!(
        error.to_string(),
        format!("`Long.other` (over {column}) refers to `Hostile`, which is not in the list of entities")
    );
}

#[test]
fn entities_of_one_table_agree_about_it() {
    assert_eq!(
        words(Schema::of(entities![Row, NativeRow]).sql::<Pg>()),
        "`Row` and `NativeRow` disagree about `marks.name`: Text (collation Portable) that is never NULL and Text (collation \
         Native) that is never NULL"
    );
    assert_eq!(
        words(Schema::of(entities![Row, NamedRow]).sql::<Mysql>()),
        "`Row` and `NamedRow` disagree about the key of `marks`: id and name"
    );
    assert!(Schema::of(entities![Row, Row]).sql::<Mysql>().unwrap().matches("CREATE TABLE").count() == 1);
}

#[test]
fn what_a_backend_cannot_do_is_said_before_anything_is_sent() {
    assert_eq!(
        words(Schema::of(entities![Document]).sql::<Pg>()),
        "`Document.meta` is in a key, a `unique(..)` or a `belongs_to`, and PostgreSQL cannot compare json"
    );
    assert!(words(Schema::of(entities![Document]).sql::<Mysql>()).ends_with("MySQL cannot compare JSON"));
    assert!(Schema::of(entities![Document]).sql::<Sqlite>().is_ok());
    assert_eq!(
        words(Schema::of(entities![Maker]).sql::<Sqlite>()),
        "`Maker.serial` is `generated`, and SQLite cannot be told how to make it: only an integer that is the whole key counts up"
    );
    assert!(words(Schema::of(entities![Maker]).sql::<Mysql>()).contains("only a column that a key"));
    assert!(Schema::of(entities![Maker]).sql::<Pg>().is_ok());
    for sql in [
        Schema::of(entities![Unknown]).sql::<Sqlite>(),
        Schema::of(entities![Unknown]).sql::<Pg>(),
        Schema::of(entities![Unknown]).sql::<Mysql>(),
    ] {
        assert!(words(sql).starts_with("`Unknown.text` is `generated`"));
    }
    assert_eq!(
        words(Schema::of(entities![Nul]).sql::<Sqlite>()),
        "\"marks\\0\" of `Nul` is no name on SQLite: it has a NUL in it"
    );
}

/// What stands between quotes after `CONSTRAINT` and `INDEX`.
fn names(sql: &str, quote: char) -> Vec<&str> {
    let after = |word| sql.split(word).skip(1);
    let named = after("CONSTRAINT ").chain(after("INDEX "));
    named.map(|rest| rest.split(quote).nth(1).unwrap()).collect()
}

#[test]
fn names_that_are_too_long_or_taken_are_cut_and_stay_apart() {
    let all = entities![Long, Row, Hostile];
    let pg = Schema::of(all).sql::<Pg>().unwrap();
    let mysql = Schema::of(all).sql::<Mysql>().unwrap();
    for (sql, quote, most) in [(&pg, '"', 63), (&mysql, '`', 64)] {
        let names: Vec<_> = names(sql, quote).into_iter().filter(|name| name.starts_with("a_table")).collect();
        // The key, three references (two relations are one), two indexes.
        assert_eq!(names.len(), 6, "{names:?}");
        assert!(names.iter().all(|name| name.len() <= most), "{names:?}");
        assert!(names.iter().enumerate().all(|(nth, name)| !names[..nth].contains(name)), "{names:?}");
    }
    assert_eq!(pg, Schema::of(entities![Long, Row, Hostile]).sql::<Pg>().unwrap());
    with(all);
}

#[test]
fn a_table_whose_name_is_too_long_is_refused() {
    static LONG: Table = Table {
        entity: "Long",
        schema: None,
        name: "n123456789_123456789_123456789_123456789_123456789_123456789_1234",
        columns: Row::TABLE.columns,
        key: Row::TABLE.key,
        collation: persist::Collation::Portable,
        rules: &persist::Rules::NONE,
    };
    assert!(words(Schema::of(&[&LONG]).sql::<Pg>()).ends_with("it has more than 63 bytes"));
    assert!(words(Schema::of(&[&LONG]).sql::<Mysql>()).ends_with("it has more than 64 bytes"));
    assert!(Schema::of(&[&LONG]).sql::<Sqlite>().is_ok());
}

#[test]
fn hostile_names_are_names() {
    for mut fresh in with(entities![Hostile, Row]) {
        let name = fresh.name();
        let mut context = fresh.context();
        context.insert(&Row { id: 1, name: "still here".into() }).unwrap();
        let mut first = Hostile { id: 0, name: "a".into(), up: None };
        context.create(&mut first).unwrap();
        let mut second = Hostile { id: 0, name: "b".into(), up: Some(first.id) };
        context.create(&mut second).unwrap();
        assert_eq!(context.realise(Hostiles::all()).unwrap(), [first, second], "{name}");
        assert!(context.create(&mut Hostile { id: 0, name: "c".into(), up: Some(99) }).is_err(), "{name}");
        assert!(context.create(&mut Hostile { id: 0, name: "a".into(), up: None }).is_err(), "{name}");
        drop(context);
        assert_eq!(fresh.rows_of("marks"), 1, "{name}");
    }
}

#[test]
fn keys_of_many_texts_fit_their_index() {
    let sql = Schema::of(entities![Wide, Lock, Under]).sql::<Mysql>().unwrap();
    // 3,072 bytes, without 3 for each of five columns and 8 for a number, over four texts of four bytes a character.
    assert_eq!(sql.matches("VARCHAR(190)").count(), 4, "{sql}");
    // One of them is a key by itself, and what refers to it stands in a constraint of two.
    assert_eq!(sql.matches("VARCHAR(255)").count(), 6, "{sql}");
    let text = "é".repeat(190);
    for mut fresh in with(entities![Wide, Lock, Under]) {
        let [a, b, c, d] = [(); 4].map(|()| text.clone());
        let wide = Wide { a, b, c, d, e: 1 };
        fresh.context().insert(&wide).unwrap();
        assert_eq!(fresh.context().realise(Wides::of([&wide])).unwrap(), [wide]);
    }
}

#[test]
fn references_on_mysql_have_one_collation_on_both_sides() {
    let sql = Schema::of(super::domain::ENTITIES).sql::<Mysql>().unwrap();
    let labels = sql.lines().skip_while(|line| *line != "CREATE TABLE `labels` (").nth(1).unwrap();
    assert!(labels.contains("utf8mb4_nopad_bin"), "{labels}");
    // By itself it is ordered as the database likes.
    let sql = Schema::of(entities![super::domain::Label]).sql::<Mysql>().unwrap();
    assert!(sql.contains("`name` VARCHAR(255) NOT NULL"), "{sql}");
}

#[test]
fn times_that_the_database_makes_are_now() {
    for mut fresh in with(entities![Times]) {
        let name = fresh.name();
        let mut context = fresh.context();
        let zero = chrono::DateTime::UNIX_EPOCH;
        let (day, time, moment) = (zero.date_naive(), zero.time(), zero.naive_utc());
        let mut made = Times { id: 0, day, time, moment, zoned: zero, note: Some("mine".into()) };
        context.create(&mut made).unwrap();
        let now = chrono::Utc::now();
        assert!((now - made.zoned).abs() < chrono::Duration::seconds(30), "{name}: {made:?} at {now}");
        assert!((made.zoned.naive_utc() - made.moment).abs() < chrono::Duration::seconds(1), "{name}: {made:?}");
        let apart = made.moment - made.day.and_time(made.time);
        assert!(
            apart.abs() < chrono::Duration::seconds(1) || apart.abs() > chrono::Duration::hours(23),
            "{name}: {made:?}"
        );
        assert_eq!(made.note, None, "{name}");
    }
}

#[test]
fn tables_of_another_schema_are_made_in_it() {
    for mut fresh in databases() {
        let name = fresh.name();
        match &fresh {
            Fresh::Sqlite(_) => fresh.execute("ATTACH DATABASE ':memory:' AS persist_schema_test"),
            Fresh::Mysql(_) => {
                fresh.execute("DO GET_LOCK('persist_schema_test', 600); DROP DATABASE IF EXISTS persist_schema_test")
            }
            _ => fresh.execute("SELECT pg_advisory_lock(77); DROP SCHEMA IF EXISTS persist_schema_test CASCADE"),
        }
        create(&mut fresh, &Schema::of(entities![Far]).without_foreign_keys()).unwrap();
        fresh.context().insert(&Far { id: 1, name: "far".into() }).unwrap();
        assert_eq!(fresh.rows_of("persist_schema_test.marks"), 1, "{name}");
        match &fresh {
            Fresh::Sqlite(_) => {}
            Fresh::Mysql(_) => fresh.execute("DROP DATABASE persist_schema_test"),
            _ => fresh.execute("DROP SCHEMA persist_schema_test CASCADE"),
        }
    }
}

#[test]
fn mysql_is_not_made_to_commit_the_callers_transaction() {
    for mut fresh in databases() {
        fresh.execute("CREATE TABLE before_it (id INTEGER)");
        let inside = match &mut fresh {
            Fresh::Mysql(mysql) => in_transaction(&mut mysql.connection),
            Fresh::Postgres(postgres) => in_transaction(&mut postgres.connection),
            Fresh::Sqlite(connection) => in_transaction(connection),
            _ => panic!("another store"),
        };
        match (&fresh, inside) {
            (Fresh::Mysql(_), Err(SchemaError::InTransaction { .. })) | (_, Ok(())) => {}
            (_, other) => panic!("{}: {other:?}", fresh.name()),
        }
        assert_eq!(fresh.rows_of("before_it"), 0, "{}", fresh.name());
        assert!(super::try_execute(&mut fresh, "SELECT * FROM marks").is_err(), "it was undone");
    }
}

/// Makes a table within a transaction that is undone.
fn in_transaction<C>(connection: &mut C) -> Result<(), SchemaError>
where
    C: diesel::Connection<Backend: persist::schema::Dialect>,
{
    let mut made = Ok(());
    let _ = connection.transaction::<(), _, _>(|connection| {
        connection.batch_execute("INSERT INTO before_it VALUES (1)")?;
        made = Schema::create(connection, entities![Row]);
        Err(diesel::result::Error::RollbackTransaction)
    });
    made
}
