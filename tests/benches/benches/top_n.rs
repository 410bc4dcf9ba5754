//! Work 8: the first three notes of each of 1,000 topics with 5 and with 5,000 notes each, SQLite and PostgreSQL.

use persist_benches::measure::{Report, is_bench, side_by_side};
use persist_benches::{Outcome, top_n};

const TOPICS: u32 = 1_000;
const NOTES: [u32; 2] = [5, 5_000];
const PEER: &str = "Diesel by hand";

fn main() -> Outcome {
    if !is_bench() {
        return Ok(());
    }
    let report = Report::begin("The first 3 notes of each of 1,000 topics");
    for notes in NOTES {
        let size = top_n::Size { topics: TOPICS, notes };
        // One store at a time: five million rows are enough.
        {
            let mut sqlite = top_n::sqlite(size)?;
            let pairs = side_by_side("SQLite", &mut sqlite, top_n::persist_sqlite, top_n::diesel_sqlite);
            report.times(&format!("first 3 of {notes}, SQLite"), PEER, &pairs, Some(1.1));
        }
        let mut postgres = top_n::postgres(size)?;
        let pairs = side_by_side("PostgreSQL", &mut postgres, top_n::persist_postgres, top_n::diesel_postgres);
        report.times(&format!("first 3 of {notes}, PostgreSQL"), PEER, &pairs, Some(1.1));
    }
    Ok(())
}
