//! Work 10: 1,000 tests of the domain, each on a small store of its own in memory. There is no peer.

use persist_benches::measure::{Report, is_bench, median, timed};
use persist_benches::{Outcome, domain_tests};

const TESTS: u32 = 1_000;
const TURNS: usize = 15;
/// Well under a millisecond.
const BOUND: f64 = 0.5e-3;

fn main() -> Outcome {
    if !is_bench() {
        return Ok(());
    }
    let report = Report::begin("1,000 tests of the domain on the memory store");
    let all = |(): &mut ()| (0..u64::from(TESTS)).try_for_each(domain_tests::run);
    all(&mut ())?;
    let mean = |_| timed(1, &mut (), &mut |state| all(state).expect("a test")) / f64::from(TESTS);
    let means: Vec<f64> = (0..TURNS).map(mean).collect();
    report.alone("1,000 domain tests, memory, mean of each", median(means), BOUND);
    Ok(())
}
