//! Work 3: 10,000 rows of one table, SQLite, PostgreSQL and MariaDB.

use persist_benches::measure::{Report, is_bench, is_wanted, side_by_side};
use persist_benches::{Outcome, rows};

const ROWS: u32 = 10_000;

fn main() -> Outcome {
    if !is_bench() {
        return Ok(());
    }
    let report = Report::begin("10,000 rows of 7 columns");
    if is_wanted("10,000 rows, SQLite") {
        let pairs = side_by_side("SQLite", &mut rows::sqlite(ROWS)?, rows::persist_sqlite, rows::diesel_sqlite);
        report.times("10,000 rows, SQLite", "Diesel", &pairs, Some(1.0));
    }
    if is_wanted("10,000 rows, PostgreSQL") {
        let mut postgres = rows::postgres(ROWS)?;
        let pairs = side_by_side("PostgreSQL", &mut postgres, rows::persist_postgres, rows::diesel_postgres);
        report.times("10,000 rows, PostgreSQL", "Diesel", &pairs, Some(1.0));
    }
    if is_wanted("10,000 rows, MariaDB") {
        let pairs = side_by_side("MariaDB", &mut rows::mysql(ROWS)?, rows::persist_mysql, rows::diesel_mysql);
        report.times("10,000 rows, MariaDB", "Diesel", &pairs, Some(1.0));
    }
    Ok(())
}
