//! Work 2: users, ten posts each, ten comments on each post, SQLite.

use persist_benches::measure::{Report, is_bench, side_by_side};
use persist_benches::{Outcome, users};

fn main() -> Outcome {
    if !is_bench() {
        return Ok(());
    }
    let report = Report::begin("Users with 10 posts with 10 comments (diesel_bench's associations)");
    for count in [9, 100] {
        let mut connection = users::open(count)?;
        let work = format!("{count} users, SQLite");
        let pairs = side_by_side(&work, &mut connection, users::persist, users::associations);
        report.times(&work, "Diesel, grouped_by", &pairs, Some(1.0));
        let pairs = side_by_side(&work, &mut connection, users::persist, users::by_hand);
        report.times(&work, "Diesel, by hand", &pairs, Some(1.0));
    }
    Ok(())
}
