//! Work 10: an image is loaded with its properties, edited, and saved; many images at a time; beside Glance's own way.

use persist_benches::Outcome;
use persist_benches::collections::{self, ByHand, Cost, Journal, Side, Size};
use persist_benches::measure::{Report, is_bench, side_by_side};

const ONE: Size = Size { images: 100, properties: 100 };
const MANY: Size = Size { images: 1_000, properties: 10 };

fn main() -> Outcome {
    if !is_bench() {
        return Ok(());
    }
    let report = Report::begin("an image with its properties");
    let (mut sqlite, mut postgres) = (collections::sqlite("one", ONE)?, collections::postgres(ONE)?);
    one(&report, "SQLite file", &mut sqlite);
    one(&report, "PostgreSQL", &mut postgres);
    each(&report, "SQLite file", &mut collections::sqlite("many", MANY)?)?;
    each(&report, "PostgreSQL", &mut collections::postgres(MANY)?)?;

    println!("\n| three of 100 properties | by | statements | rows | bytes of the log |\n|---|---|---|---|---|");
    costs("SQLite file", &mut sqlite)?;
    costs("PostgreSQL", &mut postgres)
}

fn one<C: ByHand>(report: &Report, store: &str, side: &mut Side<C>) {
    let work = format!("change, add and remove one of 100 properties, {store}");
    let pairs = side_by_side(&work, side, collections::persist_one, C::one);
    report.times(&work, "Diesel, those three", &pairs, Some(1.1));
    let pairs = side_by_side(&work, side, collections::persist_one, C::whole);
    report.times("the same", "Glance's way, by Diesel", &pairs, Some(1.0));
}

fn each<C: ByHand>(report: &Report, store: &str, side: &mut Side<C>) -> Outcome {
    collections::take_in_hand(side)?;
    let work = format!("one of 10 properties of 1,000 images, {store}");
    let pairs = side_by_side(&work, side, collections::persist_each, C::each);
    report.times(&work, "a loop in one transaction", &pairs, None);
    Ok(())
}

fn costs<C: ByHand + Journal>(store: &str, side: &mut Side<C>) -> Outcome {
    println!("| {store} | persist | {} |", Cost::of(side, collections::persist_one)?);
    println!("| {store} | Diesel, those three | {} |", Cost::of(side, C::one)?);
    println!("| {store} | Glance's way, by Diesel | {} |", Cost::of(side, C::whole)?);
    Ok(())
}
