//! Work 9: load, change, save; many edits at a time; new rows; nothing changed.

use persist::{Context, Edit, MemoryStore};
use persist_benches::measure::{Report, is_bench, is_wanted, side_by_side};
use persist_benches::{Outcome, edits};
use std::time::Instant;

const ROWS: i32 = 1_000;
const UNCHANGED: i32 = 10_000;

fn main() -> Outcome {
    if !is_bench() {
        return Ok(());
    }
    let report = Report::begin("edits of rows of 20 columns");
    on_sqlite(&report)?;
    on_postgres(&report)?;
    on_mysql(&report)?;
    if is_wanted("unchanged edits") { unchanged() } else { Ok(()) }
}

/// A line of the report, if it is asked for.
macro_rules! line {
    ($report:ident, $work:literal, $peer:literal, $bound:literal, $side:expr, $ours:expr, $theirs:expr) => {
        if is_wanted($work) {
            let pairs = side_by_side($work, $side, $ours, $theirs);
            $report.times($work, $peer, &pairs, Some($bound));
        }
    };
}

fn on_sqlite(report: &Report) -> Outcome {
    use edits::{diesel_each_sqlite, diesel_insert_sqlite, diesel_one_sqlite, diesel_whole_sqlite};
    use edits::{persist_each, persist_insert, persist_one};
    let side = &mut edits::sqlite(ROWS)?;
    line!(report, "one of 20 columns, SQLite file", "Diesel, that column", 1.05, side, persist_one, diesel_one_sqlite);
    line!(report, "one of 20, SQLite file", "Diesel, the whole row", 1.0, side, persist_one, diesel_whole_sqlite);
    edits::take_in_hand(side)?;
    line!(report, "1,000 edits of two column sets, SQLite", "a loop", 1.0, side, persist_each, diesel_each_sqlite);
    line!(report, "1,000 new rows, SQLite", "Diesel, one by one", 1.0, side, persist_insert, diesel_insert_sqlite);
    Ok(())
}

fn on_postgres(report: &Report) -> Outcome {
    use edits::{diesel_each_postgres, diesel_insert_postgres, diesel_one_postgres, diesel_whole_postgres};
    use edits::{persist_each, persist_insert, persist_one};
    let lines = [
        "one of 20 columns, PostgreSQL",
        "one of 20, PostgreSQL",
        "1,000 edits of two column sets, PostgreSQL",
        "1,000 new rows, PostgreSQL",
    ];
    if !lines.into_iter().any(is_wanted) {
        return Ok(());
    }
    let side = &mut edits::postgres(ROWS)?;
    line!(report, "one of 20 columns, PostgreSQL", "Diesel, that column", 1.05, side, persist_one, diesel_one_postgres);
    line!(report, "one of 20, PostgreSQL", "Diesel, the whole row", 1.0, side, persist_one, diesel_whole_postgres);
    edits::take_in_hand(side)?;
    line!(
        report,
        "1,000 edits of two column sets, PostgreSQL",
        "a loop",
        0.3,
        side,
        persist_each,
        diesel_each_postgres
    );
    line!(report, "1,000 new rows, PostgreSQL", "Diesel's batch", 1.0, side, persist_insert, diesel_insert_postgres);
    Ok(())
}

fn on_mysql(report: &Report) -> Outcome {
    use edits::{diesel_each_mysql, diesel_insert_mysql, diesel_one_mysql, diesel_whole_mysql};
    use edits::{persist_each, persist_insert, persist_one};
    let lines = [
        "one of 20 columns, MariaDB",
        "one of 20, MariaDB",
        "1,000 edits of two column sets, MariaDB",
        "1,000 new rows, MariaDB",
    ];
    if !lines.into_iter().any(is_wanted) {
        return Ok(());
    }
    let side = &mut edits::mysql(ROWS)?;
    line!(report, "one of 20 columns, MariaDB", "Diesel, that column", 1.05, side, persist_one, diesel_one_mysql);
    line!(report, "one of 20, MariaDB", "Diesel, the whole row", 1.0, side, persist_one, diesel_whole_mysql);
    edits::take_in_hand(side)?;
    line!(report, "1,000 edits of two column sets, MariaDB", "a loop", 0.3, side, persist_each, diesel_each_mysql);
    line!(report, "1,000 new rows, MariaDB", "Diesel's batch", 1.0, side, persist_insert, diesel_insert_mysql);
    Ok(())
}

fn unchanged() -> Outcome {
    let memory = MemoryStore::new();
    let mut context = Context::memory(&memory);
    let mut unchanged: Vec<_> = (1..=UNCHANGED).map(edits::item).map(Edit::from).collect();
    let begun = Instant::now();
    let statements = edits::unchanged(&mut unchanged, &mut context)?;
    let each = begun.elapsed().as_secs_f64() * 1e9 / f64::from(UNCHANGED);
    println!("\n{UNCHANGED} unchanged edits: {statements} statements, {each:.0} ns each");
    Ok(())
}
