//! Strategies: whichever way relations are loaded, the answers are the same, errors included; only the statements differ.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use persist::prelude::*;
use persist::{Error, Strategy};
use persist_tests::data::Data;
use persist_tests::random::{Any, Program, program};
use persist_tests::random_data::data;
use persist_tests::stores::{self, Fresh};
use persist_tests::tracker::*;
use proptest::prelude::{ProptestConfig, prop, proptest};
use std::sync::Arc;

/// A name and where from.
#[derive(Debug, Clone, PartialEq, View)]
#[view(of = Member)]
struct Joined {
    name: String,
    #[view(load = join)]
    team: Option<Arc<TeamName>>,
    #[view(load = join)]
    manager: Option<Arc<MemberCard>>,
}

#[derive(Debug, PartialEq, View)]
#[view(of = Task)]
struct JoinedTask {
    title: String,
    #[view(load = join)]
    owner: Arc<Joined>,
    #[view(load = join)]
    assignee: Option<Arc<Joined>>,
    #[view(load = subselect)]
    notes: Vec<JoinedNote>,
    #[view(from = notes, load = subselect, limit = 1, order_by = note::body.desc())]
    last: Vec<Note>,
    #[view(load = subselect)]
    watchers: Vec<Arc<MemberName>>,
    #[view(from = voters, load = subselect, limit = 2, order_by = member::name.desc())]
    top_voters: Vec<Arc<MemberName>>,
    #[view(count(voters), load = subselect)]
    votes: i64,
}

#[derive(Debug, PartialEq, View)]
#[view(of = Note)]
struct JoinedNote {
    id: i64,
    #[view(load = join)]
    author: Arc<Joined>,
}

/// The same rows by keys.
#[derive(Debug, Clone, PartialEq, View)]
#[view(of = Member)]
struct Keyed {
    name: String,
    team: Option<Arc<TeamName>>,
    manager: Option<Arc<MemberCard>>,
}

fn filled(n: u32) -> Vec<Fresh> {
    let mut all = stores::every(TABLES);
    all.iter_mut().for_each(|fresh| Data::of(n).insert(&mut fresh.context()).unwrap());
    all
}

const ALL: [Strategy; 3] = [Strategy::Keys, Strategy::Join, Strategy::Subselect];

type Rows = Result<Vec<Vec<String>>, Vec<String>>;

fn realise(context: &mut Context<'_>, asked: &[(Any, u8)]) -> Rows {
    let mut batch = Batch::new();
    let answers: Vec<_> = asked.iter().map(|(group, view)| group.ask(*view, &mut batch)).collect();
    match context.realise(batch) {
        Ok(mut page) => Ok(answers.into_iter().map(|answer| answer(&mut page)).collect()),
        Err(Error::Rows(rows)) => {
            let mut errors: Vec<_> = rows.into_iter().map(|row| format!("{row:?}")).collect();
            errors.sort();
            Err(errors)
        }
        Err(other) => panic!("{asked:?}: {other}"),
    }
}

/// All strategies on each store: the answers of memory by keys, in no more statements.
fn check(data: &Data, programs: &[Program], scoped: bool, stores: &mut [Fresh]) {
    let asked: Vec<_> = programs.iter().map(|program| (program.group(), program.view)).collect();
    let mut expected: Option<(Rows, u64)> = None;
    for fresh in stores {
        let name = fresh.name();
        data.insert(&mut fresh.context()).unwrap();
        for strategy in ALL {
            let mut context = fresh.context().with_strategy(strategy);
            if scoped {
                context.scope::<Member>(Members::all().filter(member::rank.gt(0)));
            }
            let rows = realise(&mut context, &asked);
            let statements = context.stats().statements;
            match &expected {
                None => expected = Some((rows, statements)),
                Some((expected, most)) => {
                    assert_eq!(&rows, expected, "{strategy:?} on {name}: {asked:?}");
                    assert!(statements <= *most, "{strategy:?} on {name}: {statements} for {most} of {asked:?}");
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(192) })]

    #[test]
    fn any_strategy_gives_the_same(
        data in data(), programs in prop::collection::vec(program(), 1..4), scoped in proptest::bool::ANY,
    ) {
        check(&data, &programs, scoped, &mut [stores::memory(), stores::sqlite(TABLES)]);
    }
}

#[test]
fn any_strategy_gives_the_same_on_postgresql() {
    let Some(fresh) = stores::postgres(TABLES) else { return };
    let fresh = std::cell::RefCell::new([fresh]);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(64));
    let strategy = (data(), prop::collection::vec(program(), 1..4), proptest::bool::ANY);
    let ran = runner.run(&strategy, |(data, programs, scoped)| {
        let fresh: &mut [Fresh; 1] = &mut fresh.borrow_mut();
        fresh[0].execute(&TABLES.iter().map(|table| format!("DELETE FROM {};", table.name)).collect::<String>());
        let mut memory = [stores::memory()];
        check(&data, &programs, scoped, &mut memory);
        check(&data, &programs, scoped, fresh);
        Ok(())
    });
    if let Err(failed) = ran {
        panic!("{failed}");
    }
}

/// What is joined adds no statement and no round; a chain of joins is one statement.
#[test]
fn r09_joins_are_counted_when_the_program_is_compiled() {
    const { assert!(Keyed::STATEMENTS == 3 && Keyed::ROUNDS == 3) };
    const { assert!(Joined::STATEMENTS == 2 && Joined::ROUNDS == 2) };
    const { assert!(JoinedTask::STATEMENTS == 8 && JoinedTask::ROUNDS == 3) };
    for mut fresh in filled(40) {
        let mut context = fresh.context();
        let tasks = context.realise(Tasks::all().view::<JoinedTask>()).unwrap();
        // The teams of managers had all come with somebody else.
        assert_eq!((context.stats().statements, context.stats().rounds), (7, 3));
        let before = context.stats();
        let (joined, keyed) =
            context.realise((Members::all().view::<Joined>(), Members::all().view::<Keyed>())).unwrap();
        let same =
            |(one, two): (&Joined, &Keyed)| one.name == two.name && one.team == two.team && one.manager == two.manager;
        assert!(joined.iter().zip(&keyed).all(same) && joined.len() == 40);
        assert!((context.stats() - before).statements <= 4);
        assert!(Arc::ptr_eq(&tasks[0].owner, &tasks[1].owner), "decoded once, shared");
        drop(context);
        let mut by_keys = fresh.context().with_strategy(Strategy::Keys);
        assert_eq!(by_keys.realise(Tasks::all().view::<JoinedTask>()).unwrap(), tasks);
    }
}
