//! Work 6: 100 entities and 100 views: check, debug build, rebuild after a change to one, and rustc's peak memory, against
//! the same structs with Diesel's derives, `table!` subtracted from both.

use persist_benches::Outcome;
use persist_benches::compile::{Cost, Costs, Side, Workspace, wrap_rustc};
use persist_benches::measure::{Pairs, Report, is_bench, median};
use std::path::Path;
use std::process::ExitCode;

const ENTITIES: usize = 100;
const TURNS: usize = 5;

type Work = fn(&Costs) -> Cost;

fn main() -> Outcome<ExitCode> {
    if let Some(code) = wrap_rustc() {
        return Ok(code);
    }
    if !is_bench() {
        return Ok(ExitCode::SUCCESS);
    }
    let mut workspace = Workspace::new(Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile"), ENTITIES)?;
    let mut turns = Vec::new();
    for _ in 0..TURNS {
        let mut costs = Vec::new();
        for side in Side::ALL {
            costs.push(workspace.costs(side)?);
        }
        turns.push(costs);
    }
    let report = Report::begin("100 entities and 100 views, what rustc takes beyond `table!`");
    let works: [(&str, Work); 3] = [
        ("check", |costs| costs.check),
        ("debug build", |costs| costs.build),
        ("rebuild after a change", |costs| costs.rebuild),
    ];
    let peer = "Diesel's derives";
    for (work, cost) in works {
        let above = |figure: fn(&Cost) -> f64| above_floor(&turns, &|costs| figure(&cost(costs)));
        report.times(&format!("{work}, time"), peer, &above(|cost| cost.time), Some(0.5));
        report.times(&format!("{work}, processor time"), peer, &above(|cost| cost.processor), None);
        let memory = above(|cost| cost.memory);
        let (ours, theirs) = memory.medians();
        let megabytes = |kilobytes: f64| format!("{:.0} MB", kilobytes / 1e3);
        let theirs = format!("{}, {peer}", megabytes(theirs));
        report.row(&format!("{work}, memory"), &megabytes(ours), &theirs, memory.ratio(), Some(0.8));
    }
    println!("\n| crate | work | time | processor time | memory |\n|---|---|---|---|---|");
    for (at, side) in Side::ALL.iter().enumerate() {
        for (work, cost) in works {
            let middle = |figure: fn(&Cost) -> f64| median(turns.iter().map(|turn| figure(&cost(&turn[at]))).collect());
            let (time, processor) = (middle(|cost| cost.time), middle(|cost| cost.processor));
            let memory = middle(|cost| cost.memory) / 1e3;
            println!("| {} | {work} | {time:.2} s | {processor:.2} s | {memory:.0} MB |", side.name());
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What persist and Diesel take beyond the median of the floor, turn by turn.
fn above_floor(turns: &[Vec<Costs>], figure: &dyn Fn(&Costs) -> f64) -> Pairs {
    let floor = median(turns.iter().map(|turn| figure(&turn[0])).collect());
    Pairs::new(turns.iter().map(|turn| (figure(&turn[1]) - floor, figure(&turn[2]) - floor)).collect())
}
