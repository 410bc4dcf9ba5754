//! Strategies: whichever way relations are loaded, the answers are the same, errors included; only the statements differ.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use persist::Ask;
use persist::prelude::*;
use persist::{Error, Strategy};
use persist_tests::data::Data;
use persist_tests::random::{Any, Program, program};
use persist_tests::random_data::data;
use persist_tests::stores::{self, Fresh};
use persist_tests::tracker::*;
use proptest::prelude::{ProptestConfig, Strategy as _, any, prop, proptest};
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
fn any_strategy_gives_the_same_on_servers() {
    for fresh in stores::servers(TABLES) {
        let fresh = std::cell::RefCell::new([fresh]);
        let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(64));
        let strategy = (data(), prop::collection::vec(program(), 1..4), proptest::bool::ANY);
        let ran = runner.run(&strategy, |(data, programs, scoped)| {
            let fresh: &mut [Fresh; 1] = &mut fresh.borrow_mut();
            fresh[0].empty(TABLES);
            let mut memory = [stores::memory()];
            check(&data, &programs, scoped, &mut memory);
            check(&data, &programs, scoped, fresh);
            Ok(())
        });
        if let Err(failed) = ran {
            panic!("{failed}");
        }
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

/// A strategy for each edge, at any depth.
fn mixed(mut ask: Ask<TaskPage>, choices: &[Option<usize>; 11]) -> Ask<TaskPage> {
    macro_rules! load {
        ($($number:literal: $edge:expr;)*) => {$(
            if let Some(choice) = choices[$number] {
                ask = ask.edge($edge, |edge| edge.load(ALL[choice]));
            }
        )*};
    }
    load! {
        0: task_page::owner;
        1: task_page::assignee;
        2: task_page::notes;
        3: task_page::top_notes;
        4: task_page::watchers;
        5: task_page::top_watchers;
        6: task_page::voters;
        7: task_page::owner.then(member_card::team);
        8: task_page::notes.then(note_line::author);
        9: task_page::notes.then(note_line::author).then(member_card::team);
        10: task_page::watchers.then(member_card::team);
    }
    ask
}

/// The rows as text, or the errors, and how many statements that took.
fn outcome<V: View + std::fmt::Debug>(
    context: &mut Context<'_>,
    ask: &Ask<V>,
) -> (Result<Vec<String>, Vec<String>>, u64) {
    let before = context.stats();
    let rows = match context.realise(ask) {
        Ok(rows) => Ok(rows.iter().map(|row| format!("{row:?}")).collect()),
        Err(Error::Rows(rows)) => {
            let mut errors: Vec<_> = rows.into_iter().map(|row| format!("{row:?}")).collect();
            errors.sort();
            Err(errors)
        }
        Err(other) => panic!("{ask:?}: {other}"),
    };
    (rows, (context.stats() - before).statements)
}

fn check_mixed(data: &Data, cut: u8, choices: &[Option<usize>; 11], stores: &mut [Fresh]) {
    let plain = Tasks::all().order_by(task::heat.desc()).limit((cut < 5).then_some(cut.into())).view::<TaskPage>();
    let mixed = mixed(plain.clone(), choices);
    assert!(mixed.plan().statements() <= TaskPage::STATEMENTS, "{}", mixed.plan());
    for fresh in stores {
        let name = fresh.name();
        data.insert(&mut fresh.context()).unwrap();
        let mut context = fresh.context();
        let (expected, by_keys) = outcome(&mut context, &plain);
        let (found, statements) = outcome(&mut context, &mixed);
        assert_eq!(found, expected, "{choices:?} on {name}");
        assert!(statements <= by_keys, "{statements} for {by_keys}: {choices:?} on {name}");
        // The plan of the call is the one that runs.
        let explained = context.explain(&mixed).unwrap();
        assert_eq!(explained.statements().len(), mixed.plan().statements());
    }
}

fn choices() -> impl proptest::strategy::Strategy<Value = [Option<usize>; 11]> {
    prop::array::uniform11(prop::option::of(0..3_usize))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]

    #[test]
    fn any_strategy_on_each_edge_gives_the_same(data in data(), cut in any::<u8>(), choices in choices()) {
        check_mixed(&data, cut % 8, &choices, &mut [stores::memory(), stores::sqlite(TABLES)]);
    }
}

#[test]
fn any_strategy_on_each_edge_gives_the_same_on_servers() {
    for fresh in stores::servers(TABLES) {
        let fresh = std::cell::RefCell::new([fresh]);
        let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(48));
        let strategy = (data(), any::<u8>(), choices()).prop_map(|(data, cut, choices)| (data, cut % 8, choices));
        let ran = runner.run(&strategy, |(data, cut, choices)| {
            let fresh: &mut [Fresh; 1] = &mut fresh.borrow_mut();
            fresh[0].empty(TABLES);
            check_mixed(&data, cut, &choices, fresh);
            Ok(())
        });
        if let Err(failed) = ran {
            panic!("{failed}");
        }
    }
}

/// What a request says of an edge narrows that edge, on every store, in a statement of its own.
#[test]
fn a_request_chooses_the_rows_of_an_edge() {
    let data = Data::of(40);
    for mut fresh in filled(40) {
        let mut context = fresh.context();
        let ask = Tasks::all()
            .view::<TaskPage>()
            .edge(task_page::notes, |notes| notes.filter(note::pinned.eq(true)).order_by(note::id.desc()).limit(2))
            .edge(task_page::watchers, |members| {
                members.filter(member::rank.gt(0)).order_by(member::id.desc()).limit(1)
            })
            .edge(task_page::top_notes, |notes| notes.limit(9));
        let pages = context.realise(&ask).unwrap();
        let sent = context.stats().statements;
        assert!(sent <= TaskPage::STATEMENTS as u64 + 3, "{sent}: {}", ask.plan());
        for page in &pages {
            let of_task = |note: &&Note| note.task_id == Some(page.line.id);
            let mut pinned: Vec<_> = data.notes.iter().filter(of_task).filter(|n| n.pinned).map(|n| n.id).collect();
            pinned.sort_unstable_by(|a, b| b.cmp(a));
            pinned.truncate(2);
            assert_eq!(page.notes.iter().map(|note| note.id).collect::<Vec<_>>(), pinned);
            let watching =
                data.watches.iter().filter(|watch| watch.task_id == page.line.id).map(|watch| watch.member_id);
            let high = |id: &i32| data.members[*id as usize].rank.is_some_and(|rank| rank > 0);
            let last: Vec<_> = watching.filter(high).max().into_iter().collect();
            assert_eq!(page.watchers.iter().map(|card| card.member.id).collect::<Vec<_>>(), last);
            assert!(page.top_notes.len() <= 2, "the view's limit still counts");
            assert_eq!(page.note_count as usize, data.notes.iter().filter(of_task).count(), "a count counts all");
        }
        assert!(pages.iter().any(|page| !page.notes.is_empty() && page.notes.len() < page.note_count as usize));
        assert!(pages.iter().any(|page| !page.watchers.is_empty()));
    }
}

#[derive(Debug, PartialEq, View)]
#[view(of = Member, edges = owner_tasks)]
struct OwnerTasks {
    id: i32,
    owned: Vec<TaskLine>,
}

#[derive(Debug, PartialEq, View)]
#[view(of = Task, edges = both_tasks)]
struct BothTasks {
    #[view(flatten)]
    owner: TaskOwner,
    assignee: Option<Arc<OwnerTasks>>,
}

#[derive(Debug, PartialEq, View)]
#[view(of = Task, edges = task_owner)]
struct TaskOwner {
    owner: Arc<OwnerTasks>,
}

/// Rows that several references share are not shared with one below which something was chosen.
#[test]
fn what_is_chosen_below_one_reference_leaves_the_others_whole() {
    for mut fresh in filled(30) {
        let mut context = fresh.context();
        let plain = context.realise(Tasks::all().view::<BothTasks>()).unwrap();
        for load in ALL {
            let of_owner = both_tasks::owner.then(task_owner::owner);
            let ask = Tasks::all()
                .view::<BothTasks>()
                .edge(both_tasks::owner.then(task_owner::owner), |owner| owner.load(load))
                .edge(of_owner.then(owner_tasks::owned), |owned| owned.order_by(task::id.desc()).limit(1));
            for (chosen, plain) in context.realise(&ask).unwrap().iter().zip(&plain) {
                assert_eq!(chosen.assignee, plain.assignee);
                assert_eq!(
                    chosen.owner.owner.owned.as_slice(),
                    &plain.owner.owner.owned[plain.owner.owner.owned.len() - 1..]
                );
            }
            assert!(plain.iter().any(|row| row.owner.owner.owned.len() > 1));
        }
    }
}

/// Without a snapshot, what selects the parents may not select the same ones again: keys are used then.
#[test]
fn r08_a_subselect_needs_one_state() {
    for mut fresh in filled(10) {
        let context = fresh.context().with_strategy(Strategy::Subselect);
        let snapshot = context.explain(Tasks::all().limit(3).view::<TaskPage>()).unwrap().to_string();
        let context = context.with_snapshots(false);
        let without = context.explain(Tasks::all().limit(3).view::<TaskPage>()).unwrap().to_string();
        let selects = |text: &str| text.lines().filter(|line| line.matches("tasks").count() > 0).count();
        assert!(selects(&snapshot) > selects(&without), "{snapshot}\n{without}");
    }
}
