//! Measuring two sides of one work.
//!
//! Criterion measures one function after the other, minutes apart, and a machine does not stay the same for minutes. Here
//! the sides take turns, A B A B, and each pair of neighbours is one sample. The figure is the ratio of the medians; its
//! interval is the middle 95 % of that ratio over resampled pairs (a bootstrap). A bound is met when the interval's lower
//! end is.
//!
//! Dropping a result is not part of the time: both sides give the same structs.

use std::fmt;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// For so long a comparison takes samples at least, and at most; it stops in between when the interval is narrow.
const PATIENCE: (Duration, Duration) = (Duration::from_secs(3), Duration::from_secs(15));
/// What counts as narrow: the bounds have two digits.
const NARROW: f64 = 0.015;
/// A sample repeats short work for at least so long.
const SAMPLE: Duration = Duration::from_millis(3);
const FEWEST_PAIRS: usize = 15;
const RESAMPLES: usize = 2_000;

/// Two sides that gave the same result, and how long each took, in seconds per run.
pub struct Pairs(Vec<(f64, f64)>);

/// A ratio with its interval.
#[derive(Debug, Clone, Copy)]
pub struct Ratio {
    /// The ratio of the medians.
    pub middle: f64,
    /// The lower end of its interval.
    pub low: f64,
    /// The upper end of its interval.
    pub high: f64,
}

/// Fails unless two results are equal, and shows the first element that is not.
pub fn assert_same<T: PartialEq + fmt::Debug>(what: &str, ours: &[T], theirs: &[T]) {
    for (at, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
        assert!(ours == theirs, "{what}: element {at} differs: {ours:?} is not {theirs:?}");
    }
    assert_eq!(ours.len(), theirs.len(), "{what}: the lengths differ");
    assert!(!ours.is_empty(), "{what}: nothing is compared");
}

/// Asserts that two sides agree, then lets them take turns. Both work on `state` (their connections).
pub fn side_by_side<S, T, E: fmt::Debug>(
    what: &str,
    state: &mut S,
    ours: impl Fn(&mut S) -> Result<Vec<T>, E>,
    theirs: impl Fn(&mut S) -> Result<Vec<T>, E>,
) -> Pairs
where
    T: PartialEq + fmt::Debug,
{
    let run = |side: &dyn Fn(&mut S) -> Result<Vec<T>, E>, state: &mut S| match side(state) {
        Ok(result) => result,
        Err(error) => panic!("{what}: {error:?}"),
    };
    assert_same(what, &run(&ours, state), &run(&theirs, state));
    let once = timed(1, state, &mut |state| run(&ours, state)) + timed(1, state, &mut |state| run(&theirs, state));
    let repeats = (2.0 * SAMPLE.as_secs_f64() / once).ceil().max(1.0) as u32;
    let begun = Instant::now();
    let mut look = PATIENCE.0;
    let mut pairs = Pairs(Vec::new());
    loop {
        let a = timed(repeats, state, &mut |state| run(&ours, state));
        let b = timed(repeats, state, &mut |state| run(&theirs, state));
        pairs.0.push((a, b));
        if pairs.0.len() >= FEWEST_PAIRS && begun.elapsed() >= look {
            look = begun.elapsed() + Duration::from_secs(2);
            let ratio = pairs.ratio();
            if ratio.high - ratio.low <= NARROW || begun.elapsed() >= PATIENCE.1 {
                return pairs;
            }
        }
    }
}

/// Seconds for one run, of several behind one another; results are dropped off the clock.
pub fn timed<S, T>(repeats: u32, state: &mut S, run: &mut dyn FnMut(&mut S) -> T) -> f64 {
    let mut spent = Duration::ZERO;
    for _ in 0..repeats {
        let begun = Instant::now();
        let result = black_box(run(state));
        spent += begun.elapsed();
        drop(result);
    }
    spent.as_secs_f64() / f64::from(repeats)
}

/// The middle of some numbers.
#[must_use]
pub fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let half = numbers.len() / 2;
    if numbers.len() % 2 == 1 { numbers[half] } else { (numbers[half - 1] + numbers[half]) / 2.0 }
}

impl Pairs {
    /// Samples that were taken in turns elsewhere.
    #[must_use]
    pub const fn new(pairs: Vec<(f64, f64)>) -> Self {
        Self(pairs)
    }

    /// The medians of both sides.
    #[must_use]
    pub fn medians(&self) -> (f64, f64) {
        (median(self.0.iter().map(|pair| pair.0).collect()), median(self.0.iter().map(|pair| pair.1).collect()))
    }

    /// The first side over the second.
    #[must_use]
    pub fn ratio(&self) -> Ratio {
        let of = |pairs: Vec<(f64, f64)>| {
            let (ours, theirs) = Self(pairs).medians();
            ours / theirs
        };
        let mut random = Random(0x9E37_79B9_7F4A_7C15);
        let mut resampled: Vec<f64> = (0..RESAMPLES)
            .map(|_| of(self.0.iter().map(|_| self.0[random.below(self.0.len() as u64) as usize]).collect()))
            .collect();
        resampled.sort_by(f64::total_cmp);
        let at = |share: f64| resampled[((RESAMPLES - 1) as f64 * share) as usize];
        Ratio { middle: of(self.0.clone()), low: at(0.025), high: at(0.975) }
    }
}

/// The same numbers in every run (splitmix64).
pub struct Random(pub u64);

impl Random {
    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.number() % end
    }
}

/// The table of a bench, printed row by row.
pub struct Report;

impl Report {
    /// Prints the head.
    #[must_use]
    pub fn begin(title: &str) -> Self {
        println!("\n{title}\n");
        println!("| work | persist | peer | ratio [95 % interval] | bound | met |");
        println!("|---|---|---|---|---|---|");
        Self
    }

    /// Prints a comparison of times.
    pub fn times(&self, work: &str, peer: &str, pairs: &Pairs, bound: Option<f64>) {
        let (ours, theirs) = pairs.medians();
        self.row(work, &Seconds(ours).to_string(), &format!("{}, {peer}", Seconds(theirs)), pairs.ratio(), bound);
    }

    /// Prints a time that has no peer, in seconds, and a bound on the time itself.
    pub fn alone(&self, work: &str, time: f64, bound: f64) {
        let met = if time <= bound { "yes" } else { "**no**" };
        println!("| {work} | {} | - | - | ≤ {} | {met} |", Seconds(time), Seconds(bound));
    }

    /// Prints a comparison of anything.
    pub fn row(&self, work: &str, ours: &str, theirs: &str, ratio: Ratio, bound: Option<f64>) {
        let (bound, met) = match bound {
            Some(bound) => (format!("≤ {bound}"), if ratio.low <= bound { "yes" } else { "**no**" }),
            None => ("-".to_owned(), "-"),
        };
        println!("| {work} | {ours} | {theirs} | {ratio} | {bound} | {met} |");
    }
}

impl Ratio {
    /// A ratio of two numbers that do not vary.
    #[must_use]
    pub const fn exact(ratio: f64) -> Self {
        Self { middle: ratio, low: ratio, high: ratio }
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.low == self.high {
            return write!(f, "{:.3}", self.middle);
        }
        write!(f, "{:.3} [{:.3}, {:.3}]", self.middle, self.low, self.high)
    }
}

/// A time for people.
pub struct Seconds(pub f64);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micros = self.0 * 1e6;
        match micros {
            ..1e3 => write!(f, "{micros:.1} µs"),
            1e3..1e6 => write!(f, "{:.3} ms", micros / 1e3),
            _ => write!(f, "{:.2} s", self.0),
        }
    }
}

/// Whether this program was started by `cargo bench`; `cargo test --all-targets` must not time anything.
#[must_use]
pub fn is_bench() -> bool {
    std::env::args().any(|argument| argument == "--bench")
}

/// Whether a line of a bench is asked for: those whose names hold one of the arguments are, all if there is none.
#[must_use]
pub fn is_wanted(line: &str) -> bool {
    let mut words = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).peekable();
    words.peek().is_none() || words.any(|word| line.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_lies_in_its_interval() {
        let mut random = Random(7);
        let mut noisy = |middle: f64| middle * (1.0 + random.below(100) as f64 / 1000.0);
        let pairs = Pairs::new((0..101).map(|_| (noisy(1.0), noisy(2.0))).collect());
        let ratio = pairs.ratio();
        assert!(ratio.low <= ratio.middle && ratio.middle <= ratio.high);
        assert!(0.45 < ratio.low && ratio.high < 0.55, "{ratio}");
    }

    #[test]
    fn medians_are_in_the_middle() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), 2.5);
    }
}
