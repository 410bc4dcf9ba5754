//! Work 1: 1,000 bugs, each with assignee and 5 comments, SQLite in memory and on a file.

use persist_benches::Outcome;
use persist_benches::bugs::{self, Keys, Sides};
use persist_benches::data::{Size, TempFile};
use persist_benches::measure::{Report, is_bench, side_by_side};

const SIZE: Size = Size { people: 200, bugs: 1_000, comments: 5, subscribers: 0 };

fn main() -> Outcome {
    if !is_bench() {
        return Ok(());
    }
    let report = Report::begin("1,000 bugs with assignee and 5 comments");
    let file = TempFile::new("bugs");
    for (place, path) in [("in memory", None), ("on a file", Some(file.path()))] {
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
            report.times(&format!("bugs, SQLite {place}"), peer, &pairs, Some(1.0));
        }
        let pairs = side_by_side(
            "rusqlite",
            &mut sides,
            |sides| bugs::persist(&mut sides.diesel),
            |sides| bugs::raw(&mut sides.raw),
        );
        report.times(&format!("bugs, SQLite {place}"), "rusqlite", &pairs, Some(1.25));
    }
    Ok(())
}
