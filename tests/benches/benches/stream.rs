//! Work 7: 10,000 and 1,000,000 bugs with a comment each, a thousand in memory at a time: time for each bug, and the
//! memory that the stream takes, against itself.

use diesel::SqliteConnection;
use peak_alloc::PeakAlloc;
use persist_benches::measure::{Pairs, Ratio, Report, Seconds, is_bench, timed};
use persist_benches::{Outcome, stream};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const SIZES: [u32; 2] = [10_000, 1_000_000];
const TURNS: usize = 7;

fn main() -> Outcome {
    if !is_bench() {
        return Ok(());
    }
    let mut connections = [stream::open(SIZES[0])?, stream::open(SIZES[1])?];
    let report = Report::begin("A stream of bugs with their comments, 1,000 at a time, SQLite");
    let mut pairs = Vec::new();
    for _ in 0..TURNS {
        let mut each = [0.0; 2];
        for ((size, connection), each) in SIZES.iter().zip(&mut connections).zip(&mut each) {
            // The small one as often as makes a tenth of the large one.
            let repeats = (SIZES[1] / size / 10).max(1);
            *each = timed(repeats, connection, &mut |connection| run(connection, *size)) / f64::from(*size);
        }
        pairs.push((each[1], each[0]));
    }
    let pairs = Pairs::new(pairs);
    let (large, small) = pairs.medians();
    let work = "time per bug, 1,000,000 against 10,000";
    report.row(work, &Seconds(large).to_string(), &Seconds(small).to_string(), pairs.ratio(), Some(1.25));
    let (small, large) = (peak(&mut connections[0], SIZES[0]), peak(&mut connections[1], SIZES[1]));
    let kilobytes = |bytes: usize| format!("{:.0} kB", bytes as f64 / 1e3);
    let ratio = Ratio::exact(large as f64 / small as f64);
    report.row("memory at the peak, 1,000,000 against 10,000", &kilobytes(large), &kilobytes(small), ratio, Some(1.1));
    Ok(())
}

fn run(connection: &mut SqliteConnection, size: u32) {
    let mut seen = 0;
    stream::persist(connection, stream::CHUNK, |bug| seen += u32::from(bug.comments.len() == 1)).expect("a stream");
    assert_eq!(seen, size);
}

/// Bytes beyond those that were there before.
fn peak(connection: &mut SqliteConnection, size: u32) -> usize {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    run(connection, size);
    MEMORY.peak_usage() - before
}
