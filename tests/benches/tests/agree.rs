//! Every side of every work gives the same, on small data. Nothing is timed here.

use persist_benches::Outcome;
use persist_benches::bugs::{self, Keys, Sides};
use persist_benches::collections::{self, ByHand, Settled};
use persist_benches::cost::{Cost, Journal};
use persist_benches::data::{Size, TempFile};
use persist_benches::edits::{self, Item};
use persist_benches::glance::{self, Parameter};
use persist_benches::measure::assert_same;
use persist_benches::side::Connected;
use persist_benches::writers::{Race, Shared, Way};
use persist_benches::{domain_tests, exists, rows, scaling, stream, top_n, users, writers};
use std::time::Duration;

const SIZE: Size = Size { people: 7, bugs: 23, comments: 3, subscribers: 2 };

#[test]
fn bugs_agree() {
    let file = TempFile::new("agree");
    for path in [None, Some(file.path())] {
        let mut sides = Sides::open(path, SIZE).unwrap();
        let ours = bugs::persist(&mut sides.diesel).unwrap();
        assert_same("eq_any", &ours, &bugs::diesel(&mut sides.diesel, Keys::EqAny).unwrap());
        assert_same("json_each", &ours, &bugs::diesel(&mut sides.diesel, Keys::Json).unwrap());
        assert_same("rusqlite", &ours, &bugs::raw(&mut sides.raw).unwrap());
        assert_eq!(bugs::persist_statements(&mut sides.diesel).unwrap(), bugs::STATEMENTS);
    }
}

#[test]
fn bugs_on_servers_agree() {
    let ours = bugs::persist(&mut Sides::open(None, SIZE).unwrap().diesel).unwrap();
    let postgres = &mut bugs::postgres(SIZE).unwrap().connection;
    assert_same("PostgreSQL and SQLite", &ours, &bugs::persist(postgres).unwrap());
    assert_same("PostgreSQL", &ours, &bugs::diesel_postgres(postgres).unwrap());
    assert_eq!(bugs::persist_statements(postgres).unwrap(), bugs::STATEMENTS);
    let mysql = &mut bugs::mysql(SIZE).unwrap().connection;
    assert_same("MariaDB and SQLite", &ours, &bugs::persist(mysql).unwrap());
    assert_same("eq_any", &ours, &bugs::diesel_mysql(mysql, Keys::EqAny).unwrap());
    assert_same("JSON_TABLE", &ours, &bugs::diesel_mysql(mysql, Keys::Json).unwrap());
    assert_eq!(bugs::persist_statements(mysql).unwrap(), bugs::STATEMENTS);
    let mut beside = bugs::beside_postgres(SIZE).unwrap();
    assert_same("tokio-postgres", &ours, &bugs::by_postgres(&mut beside.driver).unwrap());
    assert_same("mysql_async", &ours, &bugs::by_mysql(&mut bugs::beside_mysql(SIZE).unwrap().driver).unwrap());
}

#[test]
fn drivers_run_the_statements_of_persist() {
    let mut sides = Sides::open(None, SIZE).unwrap();
    assert_eq!(bugs::persist_sql(&mut sides.diesel).unwrap(), bugs::RAW_SQL);
    let postgres = &mut bugs::postgres(SIZE).unwrap().connection;
    assert_eq!(bugs::persist_sql(postgres).unwrap(), bugs::POSTGRES_SQL);
}

#[test]
fn users_agree() {
    let mut connection = users::open(3).unwrap();
    let ours = users::persist(&mut connection).unwrap();
    assert_same("grouped_by", &ours, &users::associations(&mut connection).unwrap());
    assert_same("by hand", &ours, &users::by_hand(&mut connection).unwrap());
}

#[test]
fn rows_agree() {
    let mut sqlite = rows::sqlite(50).unwrap();
    let ours = rows::persist_sqlite(&mut sqlite).unwrap();
    assert_same("SQLite", &ours, &rows::diesel_sqlite(&mut sqlite).unwrap());
    let mut postgres = rows::postgres(50).unwrap();
    assert_same("PostgreSQL and SQLite", &ours, &rows::persist_postgres(&mut postgres).unwrap());
    assert_same("PostgreSQL", &ours, &rows::diesel_postgres(&mut postgres).unwrap());
    assert_same("tokio-postgres", &ours, &rows::by_postgres(&mut postgres.driver().unwrap()).unwrap());
    let mut mysql = rows::mysql(50).unwrap();
    assert_same("MariaDB and SQLite", &ours, &rows::persist_mysql(&mut mysql).unwrap());
    assert_same("MariaDB", &ours, &rows::diesel_mysql(&mut mysql).unwrap());
    assert_same("mysql_async", &ours, &rows::by_mysql(&mut mysql.driver().unwrap()).unwrap());
}

#[test]
fn growing_numbers_agree() {
    for bugs in [1, 50, 1_500] {
        let mut connection = scaling::open(bugs).unwrap();
        let ours = scaling::persist(&mut connection).unwrap();
        assert_same("scaling", &ours, &scaling::diesel(&mut connection).unwrap());
    }
}

#[test]
fn streams_agree() {
    let mut connection = stream::open(57).unwrap();
    for chunk in [1, 10, 57, 100] {
        let mut ours = Vec::new();
        stream::persist(&mut connection, chunk, |bug| ours.push(bug)).unwrap();
        assert_same("a stream", &ours, &stream::diesel(&mut connection).unwrap());
    }
}

#[test]
fn first_notes_agree() {
    // None, fewer than are asked for, and more.
    for notes in [0_u32, 2, 5, 40] {
        let size = top_n::Size { topics: 11, notes };
        let mut sqlite = top_n::sqlite(size).unwrap();
        let ours = top_n::persist_sqlite(&mut sqlite).unwrap();
        assert!(ours.iter().all(|topic| topic.notes.len() == notes.min(3) as usize));
        assert_same("SQLite", &ours, &top_n::diesel_sqlite(&mut sqlite).unwrap());
        let mut postgres = top_n::postgres(size).unwrap();
        assert_same("PostgreSQL and SQLite", &ours, &top_n::persist_postgres(&mut postgres).unwrap());
        assert_same("PostgreSQL", &ours, &top_n::diesel_postgres(&mut postgres).unwrap());
    }
}

#[test]
fn bugs_with_comments_by_some_agree() {
    let (mut sqlite, mut postgres) = (exists::sqlite(200).unwrap(), exists::postgres(200).unwrap());
    let ours = exists::persist_sqlite(&mut sqlite).unwrap();
    assert!(ours.len() < 200, "the condition leaves some out");
    assert_same("SQLite", &ours, &exists::diesel_sqlite(&mut sqlite).unwrap());
    assert_same("PostgreSQL and SQLite", &ours, &exists::persist_postgres(&mut postgres).unwrap());
    assert_same("PostgreSQL", &ours, &exists::diesel_postgres(&mut postgres).unwrap());
    let theirs = [exists::SQLITE_SQL.join("?1"), exists::POSTGRES_SQL.join("$1")];
    assert_eq!(exists::persist_sql(&mut sqlite, &mut postgres).unwrap(), theirs.map(|sql| vec![sql]));
}

/// One side of a work.
type Edits<C, T> = fn(&mut edits::Side<C>) -> Outcome<Vec<T>>;

/// Ways to change one row, ways to change all, ways to make new ones: persist's first.
struct Ways<C> {
    one: [Edits<C, Item>; 3],
    each: [Edits<C, usize>; 2],
    insert: [Edits<C, usize>; 2],
}

#[test]
fn edits_agree() {
    edits_agree_on(
        &mut edits::sqlite(50).unwrap(),
        Ways {
            one: [edits::persist_one, edits::diesel_one_sqlite, edits::diesel_whole_sqlite],
            each: [edits::persist_each, edits::diesel_each_sqlite],
            insert: [edits::persist_insert, edits::diesel_insert_sqlite],
        },
    );
    edits_agree_on(
        &mut edits::postgres(50).unwrap(),
        Ways {
            one: [edits::persist_one, edits::diesel_one_postgres, edits::diesel_whole_postgres],
            each: [edits::persist_each, edits::diesel_each_postgres],
            insert: [edits::persist_insert, edits::diesel_insert_postgres],
        },
    );
    edits_agree_on(
        &mut edits::mysql(50).unwrap(),
        Ways {
            one: [edits::persist_one, edits::diesel_one_mysql, edits::diesel_whole_mysql],
            each: [edits::persist_each, edits::diesel_each_mysql],
            insert: [edits::persist_insert, edits::diesel_insert_mysql],
        },
    );
}

fn edits_agree_on<C: Connected>(side: &mut edits::Side<C>, ways: Ways<C>) {
    let before = edits::stored(side).unwrap();
    all_write_the_same(side, &ways.one);
    edits::take_in_hand(side).unwrap();
    all_write_the_same(side, &ways.each);
    let after = edits::stored(side).unwrap();
    assert!(before.iter().zip(&after).all(|(before, after)| before != after), "every row is changed");
    for way in ways.insert {
        assert_eq!(way(side).unwrap(), [edits::NEW as usize]);
        assert_same("new rows are taken back", &edits::stored(side).unwrap(), &after);
    }
}

/// They give the same, and leave the same behind.
fn all_write_the_same<C: Connected, T: PartialEq + std::fmt::Debug>(side: &mut edits::Side<C>, ways: &[Edits<C, T>]) {
    let mut results = Vec::new();
    for way in ways {
        // Something else is written in between, so that each writes what was not there.
        edits::persist_one(side).unwrap();
        side.turn = 1_000;
        let given = way(side).unwrap();
        results.push((given, edits::stored(side).unwrap()));
        side.turn = 0;
    }
    for (given, stored) in &results {
        assert_same("what is given", &results[0].0, given);
        assert_same("what is stored", &results[0].1, stored);
    }
}

#[test]
fn one_parameter_of_an_image_agrees() {
    let side = &mut glance::mysql(5).unwrap();
    for parameter in [Parameter::Column, Parameter::Property] {
        let mut results = Vec::new();
        for way in [glance::persist, glance::whole, glance::diesel] {
            let given = way(side, parameter).unwrap();
            assert_same("what is stored", &given, &glance::stored(side, parameter).unwrap());
            assert_eq!(given[0].properties.len(), 10);
            results.push(given);
        }
        assert_same("Glance's way", &results[0], &results[1]);
        assert_same("by hand", &results[0], &results[2]);
        let [ours, whole, that] = [glance::persist, glance::whole, glance::diesel]
            .map(|way| Cost::of(side, |side| way(side, parameter)).unwrap());
        assert!(ours.bytes < whole.bytes && ours.rows == that.rows, "{ours:?} {whole:?} {that:?}");
        assert_eq!([ours, whole, that].map(|cost| cost.statements), [1, 1 + 10 + 1, 1]);
    }
}

#[test]
fn edits_of_collections_agree() {
    let size = collections::Size { images: 3, properties: 20 };
    collections_agree(&mut collections::sqlite("agree", size).unwrap());
    collections_agree(&mut collections::postgres(size).unwrap());
    collections_agree(&mut collections::mysql(size).unwrap());
}

fn collections_agree<C: ByHand + Journal>(side: &mut collections::Side<C>) {
    let before = collections::stored(side).unwrap();
    let ways: [fn(&mut collections::Side<C>) -> Settled; 3] = [collections::persist_one, C::one, C::whole];
    let mut results = Vec::new();
    for way in ways {
        let given = way(side).unwrap();
        assert_same("what is stored", &given, &collections::stored(side).unwrap());
        assert!(given != before && given[0].properties.len() == 21);
        results.push(given);
    }
    assert_same("three statements by hand", &results[0], &results[1]);
    assert_same("Glance's way", &results[0], &results[2]);
    let [ours, three, whole] = ways.map(|way| Cost::of(side, way).unwrap());
    assert_eq!([ours, three, whole].map(|cost| cost.statements), [3, 3, 1 + 21 + 1]);
    assert!(
        ours.sent > ours.statements && ours.rows == three.rows && three.rows.is_none_or(|rows| rows == 3),
        "{ours:?}"
    );
    collections::take_in_hand(side).unwrap();
    assert_same("one of each", &collections::persist_each(side).unwrap(), &C::each(side).unwrap());
}

#[test]
fn writers_lose_nothing() {
    nothing_is_lost(writers::postgres().unwrap(), writers::persist, writers::whole_postgres);
    nothing_is_lost(writers::mysql().unwrap(), writers::persist, writers::whole_mysql);
}

fn nothing_is_lost<C: Shared<Client: Send>>(mut race: Race<C>, ours: Way<C::Client>, theirs: Way<C::Client>) {
    for way in [ours, theirs] {
        let ran = race.run(Duration::from_millis(200), way).unwrap();
        assert!(ran.rows > 0);
        assert_eq!(race.lost().unwrap(), 0, "{ran:?}");
    }
}

#[test]
fn domain_tests_pass() {
    for seed in 0..50 {
        domain_tests::run(seed).unwrap();
    }
}
