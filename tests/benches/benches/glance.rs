//! Work 11: one parameter of an image of 20 columns and 10 properties, on MariaDB, beside Glance's own way.

use persist_benches::Outcome;
use persist_benches::cost::Cost;
use persist_benches::glance::{self, Parameter};
use persist_benches::measure::{Report, is_bench, is_wanted, side_by_side};

const IMAGES: i32 = 1_000;
/// Their layer took 34.54 % less time than what it replaced.
const BOUND: f64 = 0.6546;
const PARAMETERS: [(&str, Parameter); 2] = [
    ("one column of an image, MariaDB", Parameter::Column),
    ("one property of an image, MariaDB", Parameter::Property),
];

fn main() -> Outcome {
    if !is_bench() {
        return Ok(());
    }
    let report = Report::begin("one parameter of an image of 20 columns and 10 properties");
    let mut side = glance::mysql(IMAGES)?;
    let wanted: Vec<_> = PARAMETERS.into_iter().filter(|(work, _)| is_wanted(work)).collect();
    for &(work, parameter) in &wanted {
        let ours = |side: &mut _| glance::persist(side, parameter);
        let pairs = side_by_side(work, &mut side, ours, |side| glance::whole(side, parameter));
        report.times(work, "Glance's way, by Diesel", &pairs, Some(BOUND));
        let pairs = side_by_side(work, &mut side, ours, |side| glance::diesel(side, parameter));
        report.times("the same", "Diesel, that parameter", &pairs, Some(1.05));
    }

    println!("\n| work | by | sent | of which write | rows | bytes of the log |\n|---|---|---|---|---|---|");
    for (work, parameter) in wanted {
        println!("| {work} | persist | {} |", Cost::of(&mut side, |side| glance::persist(side, parameter))?);
        println!(
            "| the same | Glance's way, by Diesel | {} |",
            Cost::of(&mut side, |side| glance::whole(side, parameter))?
        );
        println!(
            "| the same | Diesel, that parameter | {} |",
            Cost::of(&mut side, |side| glance::diesel(side, parameter))?
        );
    }
    Ok(())
}
