//! Every side of every work gives the same, on small data. Nothing is timed here.

use persist_benches::bugs::{self, Keys, Sides};
use persist_benches::data::{Size, TempFile};
use persist_benches::measure::assert_same;
use persist_benches::{rows, scaling, stream, users};

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
fn the_raw_driver_runs_the_statements_of_persist() {
    let mut sides = Sides::open(None, SIZE).unwrap();
    assert_eq!(bugs::persist_sql(&mut sides.diesel).unwrap(), bugs::RAW_SQL);
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
    let mut postgres = rows::Postgres::with(50).unwrap();
    assert_same("PostgreSQL and SQLite", &ours, &rows::persist_postgres(&mut postgres).unwrap());
    assert_same("PostgreSQL", &ours, &rows::diesel_postgres(&mut postgres).unwrap());
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
