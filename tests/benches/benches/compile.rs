//! Work 6: 100 entities and 100 views: check, debug build, rebuild after a change to one, and rustc's peak memory, against
//! the same structs with Diesel's derives, `table!` subtracted from both.

use persist_benches::Outcome;
use persist_benches::compile::{Costs, Side, Workspace, wrap_rustc};
use persist_benches::measure::{Pairs, Report, is_bench};
use std::path::Path;
use std::process::ExitCode;

const ENTITIES: usize = 100;
const TURNS: usize = 3;

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
            eprintln!("{}: {:?}", side.name(), costs.last());
        }
        turns.push(costs);
    }
    let report = Report::begin("100 entities and 100 views, what rustc takes beyond `table!`");
    let pairs = |figure: fn(&Costs) -> f64| {
        let above = |side: &Costs, floor: &Costs| (figure(side) - figure(floor)).max(1e-6);
        Pairs::new(turns.iter().map(|turn| (above(&turn[1], &turn[0]), above(&turn[2], &turn[0]))).collect())
    };
    let peer = "Diesel's derives";
    report.times("cargo check", peer, &pairs(|costs| costs.check), Some(0.5));
    report.times("cargo build", peer, &pairs(|costs| costs.build), Some(0.5));
    report.times("rebuild after a change", peer, &pairs(|costs| costs.rebuild), Some(0.5));
    for (work, memory) in
        [("memory of check", pairs(|costs| costs.check_memory)), ("memory of build", pairs(|costs| costs.build_memory))]
    {
        let (ours, theirs) = memory.medians();
        let megabytes = |kilobytes: f64| format!("{:.0} MB", kilobytes / 1e3);
        let theirs = format!("{}, {peer}", megabytes(theirs));
        report.row(work, &megabytes(ours), &theirs, memory.ratio(), Some(0.8));
    }
    println!("\n| crate | check | build | rebuild | memory of check | memory of build |\n|---|---|---|---|---|---|");
    for (at, side) in Side::ALL.iter().enumerate() {
        let middle = |figure: fn(&Costs) -> f64| {
            persist_benches::measure::median(turns.iter().map(|turn| figure(&turn[at])).collect())
        };
        println!(
            "| {} | {:.2} s | {:.2} s | {:.2} s | {:.0} MB | {:.0} MB |",
            side.name(),
            middle(|costs| costs.check),
            middle(|costs| costs.build),
            middle(|costs| costs.rebuild),
            middle(|costs| costs.check_memory) / 1e3,
            middle(|costs| costs.build_memory) / 1e3,
        );
    }
    Ok(ExitCode::SUCCESS)
}
