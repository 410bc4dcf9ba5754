//! Work 4: 1k, 10k and 100k parents with every kind of relation: time and memory for each parent, and statements.
//!
//! The sizes take turns, so that each sample compares neighbours in time. The same growth by Diesel, by hand, stands
//! beside it: what the processor's caches cost is not ours alone.

use diesel::SqliteConnection;
use peak_alloc::PeakAlloc;
use persist_benches::domain::WideBug;
use persist_benches::measure::{Pairs, Ratio, Report, Seconds, assert_same, is_bench, timed};
use persist_benches::{Outcome, scaling};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const SIZES: [u32; 3] = [1_000, 10_000, 100_000];
const TURNS: usize = 15;

type Side = fn(&mut SqliteConnection) -> Outcome<Vec<WideBug>>;

fn main() -> Outcome {
    if !is_bench() {
        return Ok(());
    }
    let mut connections = Vec::new();
    for size in SIZES {
        connections.push(scaling::open(size)?);
    }
    let report = Report::begin("Growing numbers of parents (assignee, 2 comments, 2 subscribers), SQLite");
    for (size, connection) in SIZES.iter().zip(&mut connections) {
        assert_same("scaling", &scaling::persist(connection)?, &scaling::diesel(connection)?);
        println!("| {size} bugs, statements | {} | - | - | - | - |", scaling::persist_statements(connection)?);
    }
    let ours = growth("persist", &mut connections, scaling::persist)?;
    report.growth("time per bug, 100k against 1k, persist", &ours[1], Some(1.25));
    report.growth("time per bug, 10k against 1k, persist", &ours[0], None);
    let theirs = growth("Diesel", &mut connections, scaling::diesel)?;
    report.growth("time per bug, 100k against 1k, Diesel by hand", &theirs[1], None);
    report.growth("time per bug, 10k against 1k, Diesel by hand", &theirs[0], None);
    report.times("100k bugs (medians from different times)", "Diesel by hand", &across(&ours[1], &theirs[1]), None);
    let mut memory = Vec::new();
    for (size, connection) in SIZES.iter().zip(&mut connections) {
        memory.push(held(*size, connection)?);
    }
    for (what, of) in [("held", 0), ("at the peak", 1)] {
        let (small, large) = (memory[0][of], memory[2][of]);
        let (ours, theirs) = (format!("{large:.0} B"), format!("{small:.0} B, itself at 1k"));
        report.row(&format!("memory {what} per bug at 100k"), &ours, &theirs, Ratio::exact(large / small), Some(1.25));
    }
    Ok(())
}

/// Seconds per bug at 10k and 100k, each beside 1k.
fn growth(who: &str, connections: &mut [SqliteConnection], side: Side) -> Outcome<[Pairs; 2]> {
    let mut pairs = [Vec::new(), Vec::new()];
    for _ in 0..TURNS {
        let mut each = [0.0; 3];
        for ((size, connection), each) in SIZES.iter().zip(connections.iter_mut()).zip(&mut each) {
            let repeats = (SIZES[2] / size).min(30);
            let mut run = |connection: &mut SqliteConnection| side(connection).expect(who);
            *each = timed(repeats, connection, &mut run) / f64::from(*size);
        }
        pairs[0].push((each[1], each[0]));
        pairs[1].push((each[2], each[0]));
    }
    Ok(pairs.map(Pairs::new))
}

/// The first sides of both, per run of the greatest size.
fn across(ours: &Pairs, theirs: &Pairs) -> Pairs {
    let (ours, theirs) = (ours.medians().0, theirs.medians().0);
    let bugs = f64::from(SIZES[2]);
    Pairs::new(vec![(ours * bugs, theirs * bugs)])
}

/// Bytes per bug: of the result, and at the peak while it was loaded.
fn held(size: u32, connection: &mut SqliteConnection) -> Outcome<[f64; 2]> {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let result = scaling::persist(connection)?;
    let (held, peak) = (MEMORY.current_usage() - before, MEMORY.peak_usage() - before);
    drop(result);
    Ok([held as f64 / f64::from(size), peak as f64 / f64::from(size)])
}

trait Growth {
    fn growth(&self, work: &str, pairs: &Pairs, bound: Option<f64>);
}

impl Growth for Report {
    fn growth(&self, work: &str, pairs: &Pairs, bound: Option<f64>) {
        let (large, small) = pairs.medians();
        self.row(work, &Seconds(large).to_string(), &format!("{} at 1k", Seconds(small)), pairs.ratio(), bound);
    }
}
