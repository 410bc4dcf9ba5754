//! Work 9: load, change, save; many edits at a time; new rows; nothing changed.

use persist::{Context, Edit, MemoryStore};
use persist_benches::measure::{Report, is_bench, side_by_side};
use persist_benches::{Outcome, edits};
use std::time::Instant;

const ROWS: i32 = 1_000;
const UNCHANGED: i32 = 10_000;

fn main() -> Outcome {
    if !is_bench() {
        return Ok(());
    }
    let report = Report::begin("edits of rows of 20 columns");
    let (mut sqlite, mut postgres) = (edits::sqlite(ROWS)?, edits::postgres(ROWS)?);
    let pairs = side_by_side("one of 20, SQLite", &mut sqlite, edits::persist_one, edits::diesel_one_sqlite);
    report.times("load, change 1 of 20 columns, save, SQLite file", "Diesel, that column", &pairs, Some(1.05));
    let pairs = side_by_side("one of 20, SQLite", &mut sqlite, edits::persist_one, edits::diesel_whole_sqlite);
    report.times("the same", "Diesel, the whole row", &pairs, Some(1.0));
    let pairs = side_by_side("one of 20, PostgreSQL", &mut postgres, edits::persist_one, edits::diesel_one_postgres);
    report.times("load, change 1 of 20 columns, save, PostgreSQL", "Diesel, that column", &pairs, Some(1.05));
    let pairs = side_by_side("one of 20, PostgreSQL", &mut postgres, edits::persist_one, edits::diesel_whole_postgres);
    report.times("the same", "Diesel, the whole row", &pairs, Some(1.0));

    edits::take_in_hand(&mut sqlite)?;
    edits::take_in_hand(&mut postgres)?;
    let pairs = side_by_side("edits, PostgreSQL", &mut postgres, edits::persist_each, edits::diesel_each_postgres);
    report.times("1,000 edits of two column sets, PostgreSQL", "a loop in one transaction", &pairs, Some(0.3));
    let pairs = side_by_side("edits, SQLite", &mut sqlite, edits::persist_each, edits::diesel_each_sqlite);
    report.times("1,000 edits of two column sets, SQLite", "a loop in one transaction", &pairs, Some(1.0));
    let pairs = side_by_side("new, PostgreSQL", &mut postgres, edits::persist_insert, edits::diesel_insert_postgres);
    report.times("1,000 new rows with their keys, PostgreSQL", "Diesel's batch", &pairs, Some(1.0));
    let pairs = side_by_side("new, SQLite", &mut sqlite, edits::persist_insert, edits::diesel_insert_sqlite);
    report.times("1,000 new rows with their keys, SQLite", "Diesel's batch", &pairs, Some(1.0));

    let memory = MemoryStore::new();
    let mut context = Context::memory(&memory);
    let mut unchanged: Vec<_> = (1..=UNCHANGED).map(edits::item).map(Edit::from).collect();
    let begun = Instant::now();
    let statements = edits::unchanged(&mut unchanged, &mut context)?;
    let each = begun.elapsed().as_secs_f64() * 1e9 / f64::from(UNCHANGED);
    println!("\n{UNCHANGED} unchanged edits: {statements} statements, {each:.0} ns each");
    Ok(())
}
