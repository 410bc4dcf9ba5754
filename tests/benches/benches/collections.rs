//! Work 10: an image is loaded with its properties, edited, and saved; many images at a time; beside Glance's own way.

use persist_benches::Outcome;
use persist_benches::collections::{self, ByHand, Side, Size};
use persist_benches::cost::{Cost, Journal};
use persist_benches::measure::{Report, is_bench, is_wanted, side_by_side};

const ONE: Size = Size { images: 100, properties: 100 };
const MANY: Size = Size { images: 1_000, properties: 10 };

fn main() -> Outcome {
    if !is_bench() {
        return Ok(());
    }
    let report = Report::begin("an image with its properties");
    let sqlite = |size: Size| collections::sqlite(&format!("{}-images", size.images), size);
    let costs = [
        on(&report, "SQLite file", sqlite)?,
        on(&report, "PostgreSQL", collections::postgres)?,
        on(&report, "MariaDB", collections::mysql)?,
    ];
    println!(
        "\n| three of 100 properties | by | sent | of which write | rows | bytes of the log |\n|---|---|---|---|---|---|"
    );
    costs.into_iter().flatten().for_each(|cost| println!("{cost}"));
    Ok(())
}

/// The lines of a store that are asked for; and what they cost.
fn on<C>(report: &Report, store: &str, open: impl Fn(Size) -> Outcome<Side<C>>) -> Outcome<Vec<String>>
where
    C: ByHand + Journal,
{
    let mut costs = Vec::new();
    let work = format!("change, add and remove one of 100 properties, {store}");
    if is_wanted(&work) {
        let side = &mut open(ONE)?;
        one(report, &work, side);
        let mut cost = |by: &str, cost: Cost| costs.push(format!("| {store} | {by} | {cost} |"));
        cost("persist", Cost::of(side, collections::persist_one)?);
        cost("Diesel, those three", Cost::of(side, C::one)?);
        cost("Glance's way, by Diesel", Cost::of(side, C::whole)?);
    }
    let work = format!("one of 10 properties of 1,000 images, {store}");
    if is_wanted(&work) {
        each(report, &work, &mut open(MANY)?)?;
    }
    Ok(costs)
}

fn one<C: ByHand>(report: &Report, work: &str, side: &mut Side<C>) {
    let pairs = side_by_side(work, side, collections::persist_one, C::one);
    report.times(work, "Diesel, those three", &pairs, Some(1.1));
    let pairs = side_by_side(work, side, collections::persist_one, C::whole);
    report.times("the same", "Glance's way, by Diesel", &pairs, Some(1.0));
}

fn each<C: ByHand>(report: &Report, work: &str, side: &mut Side<C>) -> Outcome {
    collections::take_in_hand(side)?;
    let pairs = side_by_side(work, side, collections::persist_each, C::each);
    report.times(work, "a loop in one transaction", &pairs, None);
    Ok(())
}
