//! Runs one side of one work over and over, for a profiler to look at:
//! `cargo run --profile bench --example one_side -- rows persist 100`.

use persist_benches::bugs::{Keys, Sides};
use persist_benches::collections::{self, ByHand};
use persist_benches::data::Size;
use persist_benches::glance::{self, Parameter};
use persist_benches::{Outcome, bugs, edits, rows, scaling, top_n, users};
use std::hint::black_box;

const fn five() -> top_n::Size {
    top_n::Size { topics: 1_000, notes: 5 }
}

const fn properties() -> collections::Size {
    collections::Size { images: 100, properties: 100 }
}

fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [work, side, times] = arguments.as_slice() else {
        return Err("give a work, a side and a number of runs".into());
    };
    let times: u32 = times.parse()?;
    let held = || -> Outcome<_> {
        let mut side = edits::sqlite(1_000)?;
        edits::take_in_hand(&mut side)?;
        Ok(side)
    };
    let bug_size = Size { people: 200, bugs: 1_000, comments: 5, subscribers: 0 };
    let bug_sides = || Sides::open(None, bug_size);
    let images = || -> Outcome<_> {
        let mut side = collections::sqlite("side", collections::Size { images: 1_000, properties: 10 })?;
        collections::take_in_hand(&mut side)?;
        Ok(side)
    };
    match (work.as_str(), side.as_str()) {
        ("rows", "persist") => run(times, rows::sqlite(10_000)?, rows::persist_sqlite),
        ("rows", "diesel") => run(times, rows::sqlite(10_000)?, rows::diesel_sqlite),
        ("postgres", "persist") => run(times, rows::postgres(10_000)?, rows::persist_postgres),
        ("postgres", "diesel") => run(times, rows::postgres(10_000)?, rows::diesel_postgres),
        ("mysql", "persist") => run(times, rows::mysql(10_000)?, rows::persist_mysql),
        ("mysql", "diesel") => run(times, rows::mysql(10_000)?, rows::diesel_mysql),
        ("glance", "persist") => run(times, glance::mysql(100)?, |side| glance::persist(side, Parameter::Column)),
        ("glance", "diesel") => run(times, glance::mysql(100)?, |side| glance::diesel(side, Parameter::Column)),
        ("glance", "whole") => run(times, glance::mysql(100)?, |side| glance::whole(side, Parameter::Column)),
        ("top-n", "persist") => run(times, top_n::postgres(five())?, top_n::persist_postgres),
        ("top-n", "diesel") => run(times, top_n::postgres(five())?, top_n::diesel_postgres),
        ("bugs", "persist") => run(times, bug_sides()?, |sides| bugs::persist(&mut sides.diesel)),
        ("bugs", "diesel") => run(times, bug_sides()?, |sides| bugs::diesel(&mut sides.diesel, Keys::Json)),
        ("bugs", "rusqlite") => run(times, bug_sides()?, |sides| bugs::raw(&mut sides.raw)),
        ("bugs-postgres", "persist") => {
            run(times, bugs::postgres(bug_size)?, |side| bugs::persist(&mut side.connection))
        }
        ("bugs-postgres", "diesel") => {
            run(times, bugs::postgres(bug_size)?, |side| bugs::diesel_postgres(&mut side.connection))
        }
        ("bugs-postgres", "driver") => {
            run(times, bugs::beside_postgres(bug_size)?, |sides| bugs::by_postgres(&mut sides.driver))
        }
        ("bugs-mysql", "persist") => run(times, bugs::mysql(bug_size)?, |side| bugs::persist(&mut side.connection)),
        ("bugs-mysql", "diesel") => {
            run(times, bugs::mysql(bug_size)?, |side| bugs::diesel_mysql(&mut side.connection, Keys::EqAny))
        }
        ("bugs-mysql", "driver") => {
            run(times, bugs::beside_mysql(bug_size)?, |sides| bugs::by_mysql(&mut sides.driver))
        }
        ("users", "persist") => run(times, users::open(100)?, users::persist),
        ("users", "diesel") => run(times, users::open(100)?, users::by_hand),
        ("users-9", "persist") => run(times, users::open(9)?, users::persist),
        ("users-9", "diesel") => run(times, users::open(9)?, users::by_hand),
        ("scaling-1k", "persist") => run(times, scaling::open(1_000)?, scaling::persist),
        ("scaling", "persist") => run(times, scaling::open(100_000)?, scaling::persist),
        ("scaling", "diesel") => run(times, scaling::open(100_000)?, scaling::diesel),
        ("edits", "persist") => run(times, held()?, edits::persist_each),
        ("edits", "diesel") => run(times, held()?, edits::diesel_each_sqlite),
        ("new", "persist") => run(times, held()?, edits::persist_insert),
        ("new", "diesel") => run(times, held()?, edits::diesel_insert_sqlite),
        ("collections", "persist") => run(times, collections::sqlite("side", properties())?, collections::persist_one),
        ("collections", "diesel") => run(times, collections::sqlite("side", properties())?, ByHand::one),
        ("images", "persist") => run(times, images()?, collections::persist_each),
        ("images", "diesel") => run(times, images()?, ByHand::each),
        _ => Err(format!("there is no `{work}` by `{side}`").into()),
    }
}

fn run<S, T>(times: u32, mut state: S, side: impl Fn(&mut S) -> Outcome<T>) -> Outcome {
    for _ in 0..times {
        black_box(side(&mut state)?);
    }
    Ok(())
}
