//! Work 9: those of 100,000 bugs on which one of some people has commented, SQLite and PostgreSQL.

use persist_benches::measure::{Report, is_bench, side_by_side};
use persist_benches::{Outcome, exists};

const BUGS: u32 = 100_000;
const PEER: &str = "the same SQL by Diesel";

fn main() -> Outcome {
    if !is_bench() {
        return Ok(());
    }
    let report = Report::begin("Of 100,000 bugs those with a comment by one of some people");
    let mut sqlite = exists::sqlite(BUGS)?;
    let pairs = side_by_side("SQLite", &mut sqlite, exists::persist_sqlite, exists::diesel_sqlite);
    report.times("exists through comments, SQLite", PEER, &pairs, Some(1.05));
    let mut postgres = exists::postgres(BUGS)?;
    let pairs = side_by_side("PostgreSQL", &mut postgres, exists::persist_postgres, exists::diesel_postgres);
    report.times("exists through comments, PostgreSQL", PEER, &pairs, Some(1.05));
    Ok(())
}
