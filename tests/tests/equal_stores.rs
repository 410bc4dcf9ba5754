//! Random rows, groups and views: every store gives what memory gives, to the last element, in the same order, with the
//! same errors; one at a time and all at once.
//!
//! `PROPTEST_CASES` says how many; what once failed is kept in `regressions/equal_stores.txt`.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use persist::{Batch, Context, Error};
use persist_tests::data::Data;
use persist_tests::log_store::LogStore;
use persist_tests::random::{Any, Program, Test, program, test};
use persist_tests::random_data::data;
use persist_tests::stores::{self, Fresh};
use persist_tests::tracker::TABLES;
use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence};

fn config(cases: u32) -> Config {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    let kept = FileFailurePersistence::Direct("regressions/equal_stores.txt");
    Config {
        cases: asked.map_or(cases, |asked: u32| asked * cases / 256),
        failure_persistence: Some(Box::new(kept)),
        max_shrink_iters: 2_000,
        ..Config::default()
    }
}

type Rows = Result<Vec<Vec<String>>, Vec<String>>;

/// What a store answers: rows as text, or the errors of all failing rows.
fn realise(context: &mut Context<'_>, asked: &[(Any, u8)]) -> Rows {
    let mut batch = Batch::new();
    let answers: Vec<_> = asked.iter().map(|(group, view)| group.ask(*view, &mut batch)).collect();
    match context.realise(batch) {
        Ok(mut page) => Ok(answers.into_iter().map(|answer| answer(&mut page)).collect()),
        Err(Error::Rows(rows)) => {
            let mut errors: Vec<_> = rows.into_iter().map(|row| format!("{row:?}")).collect();
            // Rows that are found by their key come in no order.
            errors.sort();
            Err(errors)
        }
        Err(other) => panic!("{asked:?}: {other}"),
    }
}

struct Outcome {
    each: Vec<Rows>,
    counts: Vec<(u64, bool)>,
    figures: Vec<String>,
    together: Rows,
}

fn outcome(context: &mut Context<'_>, programs: &[Program]) -> Outcome {
    let asked: Vec<_> = programs.iter().map(|program| (program.group(), program.view)).collect();
    let before = context.stats();
    let each: Vec<_> = asked.iter().map(|ask| realise(context, std::slice::from_ref(ask))).collect();
    let singly = context.stats() - before;
    let before = context.stats();
    let together = realise(context, &asked);
    let at_once = context.stats() - before;
    assert!(at_once.statements <= singly.statements, "together takes more statements: {asked:?}");
    let counts = asked.iter().map(|(group, _)| group.count(context).unwrap()).collect();
    let figures = asked.iter().map(|(group, _)| group.figures(context).unwrap()).collect();
    Outcome { each, counts, figures, together }
}

/// What holds of any one store.
fn check_itself(programs: &[Program], outcome: &Outcome) {
    for ((rows, (count, exists)), program) in outcome.each.iter().zip(&outcome.counts).zip(programs) {
        assert_eq!(*count > 0, *exists, "{program:?}");
        if let Ok(rows) = rows {
            assert_eq!(rows[0].len() as u64, *count, "{program:?}");
        }
    }
    if let Ok(together) = &outcome.together {
        for (one, rows) in together.iter().zip(&outcome.each) {
            assert_eq!(Ok(std::slice::from_ref(one)), rows.as_deref(), "together and apart");
        }
    }
    assert_eq!(outcome.together.is_err(), outcome.each.iter().any(Result::is_err));
}

fn check_equal(programs: &[Program], expected: &Outcome, found: &Outcome, name: &str) {
    for (n, program) in programs.iter().enumerate() {
        let group = program.group();
        assert_eq!(found.counts[n], expected.counts[n], "{name}: count of {group:?}");
        assert_eq!(found.figures[n], expected.figures[n], "{name}: figures of {group:?}");
        assert_eq!(found.each[n], expected.each[n], "{name}: view {} of {group:?}", program.view);
    }
    assert_eq!(found.together, expected.together, "{name}: together");
}

fn on_memory(data: &Data, programs: &[Program]) -> Outcome {
    let mut memory = stores::memory();
    data.insert(&mut memory.context()).unwrap();
    let expected = outcome(&mut memory.context(), programs);
    check_itself(programs, &expected);
    expected
}

fn partitions(context: &mut Context<'_>, program: &Program, test: &Test) {
    let group = program.group();
    let view = program.view;
    let mut count = |group: &Any| group.count(context).unwrap().0;
    let (yes, no) = (group.filter(test), group.filter(&Test::Not(Box::new(test.clone()))));
    assert_eq!(count(&yes) + count(&no), count(&group), "{test:?} on {group:?}");
    let both = realise(context, &[(yes, view), (no, view), (group, view)]);
    if let Ok(mut rows) = both {
        let mut whole = rows.pop().unwrap();
        let mut parts = rows.concat();
        whole.sort();
        parts.sort();
        assert_eq!(parts, whole, "{test:?}");
    }
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn sqlite_is_memory(data in data(), programs in prop::collection::vec(program(), 1..5), test in test()) {
        let expected = on_memory(&data, &programs);
        let mut sqlite = stores::sqlite(TABLES);
        data.insert(&mut sqlite.context()).unwrap();
        let found = outcome(&mut sqlite.context(), &programs);
        check_equal(&programs, &expected, &found, "SQLite");
        partitions(&mut sqlite.context(), &programs[0], &test);
    }
}

proptest! {
    #![proptest_config(config(64))]

    /// A store written from outside, which can name three keys at a time.
    #[test]
    fn a_foreign_store_is_memory(data in data(), programs in prop::collection::vec(program(), 1..4)) {
        let expected = on_memory(&data, &programs);
        let log = LogStore::new().with_max_keys(3);
        data.insert(&mut log.context()).unwrap();
        // It may take more statements together than apart, where chunks fall otherwise.
        let asked: Vec<_> = programs.iter().map(|program| (program.group(), program.view)).collect();
        for (ask, rows) in asked.iter().zip(&expected.each) {
            prop_assert_eq!(&realise(&mut log.context(), std::slice::from_ref(ask)), rows);
        }
        prop_assert_eq!(&realise(&mut log.context(), &asked), &expected.together);
    }
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn a_filter_and_its_complement_are_the_whole(data in data(), program in program(), test in test()) {
        let mut memory = stores::memory();
        data.insert(&mut memory.context()).unwrap();
        partitions(&mut memory.context(), &program, &test);
    }
}

/// A comparison of nothing with nothing would always hold: enough of what is random holds rows, and some of it is broken.
#[test]
fn random_groups_hold_something() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut some, mut many, mut errors) = (0, 0, 0);
    for _ in 0..500 {
        let data = data().new_tree(&mut runner).unwrap().current();
        let program = program().new_tree(&mut runner).unwrap().current();
        match on_memory(&data, &[program]).together {
            Ok(rows) => {
                some += usize::from(!rows[0].is_empty());
                many += usize::from(rows[0].len() > 2);
            }
            Err(_) => errors += 1,
        }
    }
    assert!(some > 100 && many > 40 && errors > 3, "{some} with rows, {many} with many, {errors} with errors, of 500");
}

/// Fewer, since each takes a round trip for each statement.
#[test]
fn servers_are_memory() {
    for fresh in stores::servers(TABLES) {
        let name = fresh.name();
        let fresh = std::cell::RefCell::new(fresh);
        let strategy = (data(), prop::collection::vec(program(), 1..5), test());
        let mut runner = proptest::test_runner::TestRunner::new(config(96));
        let ran = runner.run(&strategy, |(data, programs, test)| {
            let fresh: &mut Fresh = &mut fresh.borrow_mut();
            fresh.empty(TABLES);
            data.insert(&mut fresh.context()).unwrap();
            let expected = on_memory(&data, &programs);
            let found = outcome(&mut fresh.context(), &programs);
            check_equal(&programs, &expected, &found, name);
            partitions(&mut fresh.context(), &programs[0], &test);
            Ok(())
        });
        if let Err(failed) = ran {
            panic!("{failed}");
        }
    }
}
