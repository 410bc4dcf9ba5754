//! Work 1: 1,000 bugs, each with assignee and 5 comments, SQLite in memory and on a file, PostgreSQL and MariaDB.

use persist_benches::Outcome;
use persist_benches::bugs::{self, Beside, Keys, Sides};
use persist_benches::data::{Size, TempFile};
use persist_benches::measure::{Report, is_bench, is_wanted, side_by_side};
use persist_benches::mysql::Mysql;
use persist_benches::postgres::Postgres;

const SIZE: Size = Size { people: 200, bugs: 1_000, comments: 5, subscribers: 0 };

fn main() -> Outcome {
    if !is_bench() {
        return Ok(());
    }
    let report = Report::begin("1,000 bugs with assignee and 5 comments");
    on_sqlite(&report)?;
    on_postgres(&report)?;
    on_mysql(&report)
}

fn on_sqlite(report: &Report) -> Outcome {
    let file = TempFile::new("bugs");
    for (place, path) in [("in memory", None), ("on a file", Some(file.path()))] {
        let work = format!("bugs, SQLite {place}");
        if !is_wanted(&work) {
            continue;
        }
        let mut sides = Sides::open(path, SIZE)?;
        let statements = bugs::persist_statements(&mut sides.diesel)?;
        assert!(statements <= bugs::STATEMENTS, "{statements} statements are more than by hand");
        for (peer, keys) in [("Diesel, eq_any", Keys::EqAny), ("Diesel, json_each", Keys::Json)] {
            let pairs = side_by_side(
                peer,
                &mut sides,
                |sides| bugs::persist(&mut sides.diesel),
                |sides| bugs::diesel(&mut sides.diesel, keys),
            );
            report.times(&work, peer, &pairs, Some(1.0));
        }
        let pairs = side_by_side(
            "rusqlite",
            &mut sides,
            |sides| bugs::persist(&mut sides.diesel),
            |sides| bugs::raw(&mut sides.raw),
        );
        report.times(&work, "rusqlite", &pairs, Some(1.25));
    }
    Ok(())
}

fn on_postgres(report: &Report) -> Outcome {
    let work = "bugs, PostgreSQL";
    if is_wanted(work) {
        let side = &mut bugs::postgres(SIZE)?.connection;
        let pairs = side_by_side(work, side, bugs::persist, bugs::diesel_postgres);
        report.times(work, "Diesel, eq_any", &pairs, Some(1.0));
        let sides = &mut bugs::beside_postgres(SIZE)?;
        let ours = |sides: &mut Beside<Postgres, _>| bugs::persist(&mut sides.database.connection);
        let pairs = side_by_side(work, sides, ours, |sides| bugs::by_postgres(&mut sides.driver));
        report.times(work, "tokio-postgres", &pairs, Some(1.25));
    }
    Ok(())
}

fn on_mysql(report: &Report) -> Outcome {
    let work = "bugs, MariaDB";
    if is_wanted(work) {
        let side = &mut bugs::mysql(SIZE)?.connection;
        for (peer, keys) in [("Diesel, eq_any", Keys::EqAny), ("Diesel, JSON_TABLE", Keys::Json)] {
            let pairs = side_by_side(peer, side, bugs::persist, |side| bugs::diesel_mysql(side, keys));
            report.times(work, peer, &pairs, Some(1.0));
        }
        let sides = &mut bugs::beside_mysql(SIZE)?;
        let ours = |sides: &mut Beside<Mysql, _>| bugs::persist(&mut sides.database.connection);
        let pairs = side_by_side(work, sides, ours, |sides| bugs::by_mysql(&mut sides.driver));
        report.times(work, "mysql_async", &pairs, Some(1.25));
    }
    Ok(())
}
