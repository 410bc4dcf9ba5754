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
        let sides = &mut (postgres.driver()?, postgres);
        let ours = |(_, postgres): &mut (_, _)| rows::persist_postgres(postgres);
        let pairs = side_by_side("PostgreSQL", sides, ours, |(driver, _)| rows::by_postgres(driver));
        report.times("10,000 rows, PostgreSQL", "tokio-postgres", &pairs, Some(1.25));
    }
    if is_wanted("10,000 rows, MariaDB") {
        let mut mysql = rows::mysql(ROWS)?;
        let pairs = side_by_side("MariaDB", &mut mysql, rows::persist_mysql, rows::diesel_mysql);
        report.times("10,000 rows, MariaDB", "Diesel", &pairs, Some(1.0));
        let sides = &mut (mysql.driver()?, mysql);
        let ours = |(_, mysql): &mut (_, _)| rows::persist_mysql(mysql);
        let pairs = side_by_side("MariaDB", sides, ours, |(driver, _)| rows::by_mysql(driver));
        report.times("10,000 rows, MariaDB", "mysql_async", &pairs, Some(1.25));
    }
    Ok(())
}
