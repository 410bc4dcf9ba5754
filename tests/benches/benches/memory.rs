//! Work 5: what a result holds, against the same data in plain `Vec`s of structs, one for each table.
//!
//! Bytes as they are asked of the allocator; SQLite has an allocator of its own and is not counted.

use diesel::prelude::*;
use peak_alloc::PeakAlloc;
use persist_benches::bugs::{self, Sides};
use persist_benches::data::Size;
use persist_benches::domain::schema;
use persist_benches::domain::{Bug, Comment, Person};
use persist_benches::measure::{Ratio, Report, is_bench};
use persist_benches::{Outcome, rows};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const SIZE: Size = Size { people: 200, bugs: 1_000, comments: 5, subscribers: 0 };

fn main() -> Outcome {
    if !is_bench() {
        return Ok(());
    }
    let report = Report::begin("Memory held after load, against plain Vecs of structs");
    let mut sides = Sides::open(None, SIZE)?;
    let connection = &mut sides.diesel;
    drop(bugs::persist(connection)?);
    let ours = held(|| bugs::persist(connection))?;
    let plain = held(|| {
        // Of exactly the size, so that what is counted is the data.
        let mut bugs: Vec<Bug> = schema::bugs::table.load(connection)?;
        let mut people: Vec<Person> = schema::people::table.load(connection)?;
        let mut comments: Vec<Comment> = schema::comments::table.load(connection)?;
        bugs.shrink_to_fit();
        people.shrink_to_fit();
        comments.shrink_to_fit();
        Ok((bugs, people, comments))
    })?;
    let by_hand = held(|| bugs::diesel(connection, bugs::Keys::Json))?;
    row(&report, "1,000 bugs with assignee and 5 comments", ours, plain, "plain Vecs", Some(1.2));
    row(&report, "the same", ours, by_hand, "Diesel by hand, in the same shape", None);

    let mut sqlite = rows::sqlite(10_000)?;
    let ours = held(|| rows::persist_sqlite(&mut sqlite))?;
    let plain = held(|| {
        let mut bugs = rows::diesel_sqlite(&mut sqlite)?;
        bugs.shrink_to_fit();
        Ok(bugs)
    })?;
    let by_hand = held(|| rows::diesel_sqlite(&mut sqlite))?;
    row(&report, "10,000 rows", ours, plain, "a plain Vec of exactly the size", Some(1.2));
    row(&report, "the same", ours, by_hand, "Diesel's `load` as it comes", None);
    Ok(())
}

fn held<T>(load: impl FnOnce() -> Outcome<T>) -> Outcome<usize> {
    let before = MEMORY.current_usage();
    let result = load()?;
    let held = MEMORY.current_usage() - before;
    drop(result);
    Ok(held)
}

fn row(report: &Report, work: &str, ours: usize, theirs: usize, peer: &str, bound: Option<f64>) {
    let kilobytes = |bytes: usize| format!("{:.0} kB", bytes as f64 / 1e3);
    let ratio = Ratio::exact(ours as f64 / theirs as f64);
    report.row(work, &kilobytes(ours), &format!("{}, {peer}", kilobytes(theirs)), ratio, bound);
}
