//! Work 12: eight writers with a column each on 100 rows, for a while, PostgreSQL and MariaDB.

use persist_benches::Outcome;
use persist_benches::measure::{Pairs, Report, is_bench, is_wanted};
use persist_benches::writers::{self, Race, Ran, Shared, Way};
use std::time::Duration;

/// So long all write in one way, and then as long in the other.
const WHILE: Duration = Duration::from_millis(500);
const TURNS: usize = 15;

fn main() -> Outcome {
    if !is_bench() {
        return Ok(());
    }
    let report = Report::begin("8 writers with a column each on 100 rows, time for each row");
    let mut told = Vec::new();
    let work = "8 writers on 100 rows, PostgreSQL";
    if is_wanted(work) {
        told.extend(race(&report, work, writers::postgres()?, writers::persist, writers::whole_postgres)?);
    }
    let work = "8 writers on 100 rows, MariaDB";
    if is_wanted(work) {
        told.extend(race(&report, work, writers::mysql()?, writers::persist, writers::whole_mysql)?);
    }
    println!("\n| work | by | rows per second | begun again | lost |\n|---|---|---|---|---|");
    told.iter().for_each(|line| println!("{line}"));
    Ok(())
}

fn race<C: Shared<Client: Send>>(
    report: &Report,
    work: &str,
    mut race: Race<C>,
    ours: Way<C::Client>,
    theirs: Way<C::Client>,
) -> Outcome<[String; 2]> {
    let (mut all, mut pairs) = ([Ran::default(); 2], Vec::new());
    for _ in 0..TURNS {
        let mut each = [0.0; 2];
        for (at, way) in [ours, theirs].into_iter().enumerate() {
            let ran = race.run(WHILE, way)?;
            assert_eq!(race.lost()?, 0, "{work}: writes are lost");
            each[at] = ran.seconds / ran.rows as f64;
            all[at] = all[at].and(ran);
        }
        pairs.push((each[0], each[1]));
    }
    report.times(work, "whole rows with a revision, again if need be", &Pairs::new(pairs), None);
    let line = |by, ran: Ran| format!("| {work} | {by} | {:.0} | {} | 0 |", ran.rows as f64 / ran.seconds, ran.again);
    Ok([line("persist", all[0]), line("whole rows with a revision", all[1])])
}
