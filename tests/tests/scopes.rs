//! Scopes: what a context hides is as if it were not there, whatever leads to it, on every store; and no statement is
//! added (R16).
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use persist::prelude::*;
use persist::{Batch, Error, Problem};
use persist_tests::data::Data;
use persist_tests::random::{Any, Program, Test, local_test, program};
use persist_tests::random_data::data;
use persist_tests::stores::{self, Fresh};
use persist_tests::tracker::*;
use proptest::prelude::*;
use std::sync::Arc;

type Rows = Result<Vec<String>, Vec<String>>;

fn rows(context: &mut Context<'_>, program: &Program) -> Rows {
    let mut batch = Batch::new();
    let answer = program.group().ask(program.view, &mut batch);
    match context.realise(batch) {
        Ok(mut page) => Ok(answer(&mut page)),
        Err(Error::Rows(rows)) => {
            let mut errors: Vec<_> = rows.into_iter().map(|row| row.to_string()).collect();
            errors.sort();
            Err(errors)
        }
        Err(other) => panic!("{program:?}: {other}"),
    }
}

/// A scope of each of some entities, by a predicate.
type Hidden = Vec<(u8, Test)>;

fn hide(context: &mut Context<'_>, hidden: &Hidden) {
    hidden.iter().for_each(|(entity, test)| Any::start(*entity).filter(test).scope(context));
}

/// The rows that are left.
fn reduced(context: &mut Context<'_>) -> Data {
    let (teams, members, tasks, notes) =
        context.realise((Teams::all(), Members::all(), Tasks::all(), Notes::all())).unwrap();
    let (watches, votes, pings) = context.realise((Watches::all(), Votes::all(), Pings::all())).unwrap();
    Data { teams, members, tasks, notes, watches, votes, pings }
}

fn links_lead_on(data: &Data) -> bool {
    let member = |id: i32| data.members.iter().any(|member| member.id == id);
    let task = |id: uuid::Uuid| data.tasks.iter().any(|task| task.id == id);
    data.watches.iter().all(|watch| member(watch.member_id) && task(watch.task_id))
        && data.votes.iter().all(|vote| vote.member_id.is_none_or(member) && vote.task_id.is_none_or(task))
}

/// One row as the predicates see it decides alone; so the rows that are left can be put into a store of their own.
fn check_as_if_absent(data: &Data, hidden: &Hidden, programs: &[Program]) -> usize {
    let (mut whole, mut left) = (stores::memory(), stores::memory());
    data.insert(&mut whole.context()).unwrap();
    let mut context = whole.context();
    hide(&mut context, hidden);
    let rest = reduced(&mut context);
    rest.insert(&mut left.context()).unwrap();
    // A count over links counts one that leads nowhere there, and none that leads to what is hidden here.
    if !links_lead_on(&rest) {
        return 0;
    }
    let mut compared = 0;
    for program in programs {
        let group = program.group();
        let (found, expected) = (group.count(&mut context).unwrap(), group.count(&mut left.context()).unwrap());
        assert_eq!(found, expected, "{group:?} where {hidden:?}");
        // A reference to a row that is gone is an error there, and here perhaps none.
        if let Ok(expected) = rows(&mut left.context(), program) {
            assert_eq!(rows(&mut context, program), Ok(expected), "{program:?} where {hidden:?}");
            compared += 1;
        }
    }
    compared
}

fn hidden() -> impl Strategy<Value = Hidden> {
    prop::collection::vec((any::<u8>(), local_test()), 1..4)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn what_is_hidden_might_as_well_not_be_there(
        data in data(), hidden in hidden(), programs in prop::collection::vec(program(), 1..4),
    ) {
        check_as_if_absent(&data, &hidden, &programs);
    }

    /// Any group may be a scope, also one that is cut, and one that leads over what other scopes hide.
    #[test]
    fn sqlite_is_memory_within_scopes(
        data in data(), scopes in prop::collection::vec(program(), 1..3), programs in prop::collection::vec(program(), 1..3),
    ) {
        let (mut memory, mut sqlite) = (stores::memory(), stores::sqlite(TABLES));
        check_equal(&mut memory, &mut sqlite, &data, &scopes, &programs);
    }
}

/// The comparison above is not one of nothing with nothing.
#[test]
fn enough_is_compared() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut compared = 0;
    for _ in 0..200 {
        let drawn = (data(), hidden(), program()).new_tree(&mut runner).unwrap().current();
        compared += check_as_if_absent(&drawn.0, &drawn.1, &[drawn.2]);
    }
    assert!(compared > 100, "{compared} of 200");
}

fn check_equal(one: &mut Fresh, two: &mut Fresh, data: &Data, scopes: &[Program], programs: &[Program]) {
    let name = two.name();
    data.insert(&mut one.context()).unwrap();
    data.insert(&mut two.context()).unwrap();
    let (mut one, mut two) = (one.context(), two.context());
    for scope in scopes {
        scope.group().scope(&mut one);
        scope.group().scope(&mut two);
    }
    for program in programs {
        let group = program.group();
        let (expected, found) = (group.count(&mut one).unwrap(), group.count(&mut two).unwrap());
        assert_eq!(found, expected, "{name}: {group:?} within {scopes:?}");
        assert_eq!(rows(&mut two, program), rows(&mut one, program), "{name}: {program:?} within {scopes:?}");
    }
}

#[test]
fn servers_are_memory_within_scopes() {
    for fresh in stores::servers(TABLES) {
        let fresh = std::cell::RefCell::new(fresh);
        let programs = || prop::collection::vec(program(), 1..3);
        let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) };
        let ran = proptest::test_runner::TestRunner::new(config).run(
            &(data(), programs(), programs()),
            |(data, scopes, asked)| {
                let fresh: &mut Fresh = &mut fresh.borrow_mut();
                fresh.empty(TABLES);
                check_equal(&mut stores::memory(), fresh, &data, &scopes, &asked);
                Ok(())
            },
        );
        ran.unwrap_or_else(|failed| panic!("{failed}"));
    }
}

/// Tasks and members, all of whose kin can be seen.
fn filled() -> Vec<Fresh> {
    let mut all = stores::every(TABLES);
    for fresh in &mut all {
        Data::of(60).insert(&mut fresh.context()).unwrap();
    }
    all
}

#[test]
fn a_scope_adds_no_statement() {
    for mut fresh in filled() {
        let name = fresh.name();
        let mut context = fresh.context();
        let sent = |context: &mut Context<'_>| {
            let before = context.stats();
            context.realise((Tasks::all().view::<TaskPage>(), Members::all().tasks_count())).unwrap();
            context.stats() - before
        };
        let without = sent(&mut context);
        context.scope::<Ping>(Pings::all().filter(ping::id.lt(0)));
        assert_eq!(sent(&mut context), without, "{name}: a scope that nothing looks at");
        context.scope::<Note>(Notes::all().filter(note::pinned.eq(true)));
        context.scope::<Member>(Members::all().filter(member::id.ge(0)));
        let with = sent(&mut context);
        assert_eq!((with.statements, with.rounds), (without.statements, without.rounds), "{name}");
        assert!(with.rows < without.rows, "{name}: some notes are hidden");
    }
}

trait Owned {
    fn tasks_count(&self) -> persist::Count;
}

impl Owned for Members {
    fn tasks_count(&self) -> persist::Count {
        self.owned().count()
    }
}

#[derive(Debug, PartialEq, View)]
#[view(of = Task)]
struct Staffed {
    id: uuid::Uuid,
    assignee: Option<Arc<MemberName>>,
    watchers: Vec<Arc<MemberName>>,
    #[view(from = watchers, limit = 1, order_by = member::id.asc())]
    first: Vec<MemberName>,
    #[view(count(watchers))]
    watcher_count: i64,
}

#[derive(Debug, PartialEq, View)]
#[view(of = Task)]
struct Needy {
    id: uuid::Uuid,
    owner: Arc<MemberName>,
}

#[test]
fn what_leads_to_a_hidden_row() {
    for mut fresh in filled() {
        let name = fresh.name();
        let mut context = fresh.context();
        let all = context.realise(Tasks::all().view::<Staffed>()).unwrap();
        context.scope::<Member>(Members::all().filter(member::id.ge(20)));
        let seen = context.realise(Tasks::all().view::<Staffed>()).unwrap();
        assert_eq!(seen.len(), all.len(), "{name}: no task is lost with a member");
        let mut hidden = 0;
        for (seen, all) in seen.iter().zip(&all) {
            let kept = |member: &&Arc<MemberName>| member.id >= 20;
            assert_eq!(seen.assignee.as_ref(), all.assignee.as_ref().filter(kept), "{name}: as NULL is");
            let watchers: Vec<_> = all.watchers.iter().filter(kept).cloned().collect();
            assert_eq!(seen.first.first(), watchers.iter().min_by_key(|member| member.id).map(|member| &**member));
            assert_eq!(seen.watcher_count, watchers.len() as i64);
            hidden += all.watchers.len() - watchers.len();
            assert_eq!(seen.watchers, watchers);
        }
        assert!(hidden > 0);
        let task = Tasks::all().filter(task::owner_id.eq(0)).limit(1);
        let error = context.realise(task.view::<Needy>()).unwrap_err();
        let [row] = error.rows().unwrap().rows() else { panic!("{error}") };
        assert_eq!((&row.problem, row.entity, row.field), (&Problem::Hidden { entity: "Member" }, "Task", "owner"));
        assert!(row.to_string().ends_with("the Member that it refers to is outside of the scope of this context"));
        // Whether a row is hidden or not there at all is not told.
        context.insert(&Task { owner_id: 999, assignee_id: Some(998), ..one_task() }).unwrap();
        let gone = context.realise(Tasks::from_keys([task_id(900)]).view::<Needy>()).unwrap_err();
        assert_eq!(gone.rows().unwrap().rows()[0].problem, row.problem);
        let gone = context.realise(Tasks::from_keys([task_id(900)]).view::<Staffed>()).unwrap();
        assert_eq!(gone[0].assignee, None);
    }
}

fn one_task() -> Task {
    let (title, state) = ("a".to_owned(), State::Open);
    Task { id: task_id(900), title, heat: 0, score: None, state, owner_id: 0, assignee_id: None }
}

#[test]
fn conditions_through_what_is_hidden() {
    for mut fresh in filled() {
        let name = fresh.name();
        let mut context = fresh.context();
        context.scope::<Note>(Notes::all().filter(note::pinned.eq(true)));
        let pinned = context.without_scope::<Note>().realise(Notes::all().filter(note::pinned.eq(true))).unwrap();
        let tasks = Notes::all().tasks();
        let expected: std::collections::BTreeSet<_> = pinned.iter().filter_map(|note| note.task_id).collect();
        let found = context.realise(&tasks).unwrap();
        assert_eq!(found.iter().map(|task| task.id).collect::<std::collections::BTreeSet<_>>(), expected, "{name}");
        let (count, some, none) = context
            .realise((
                Notes::all().count(),
                Notes::all().limit(3),
                Notes::all().filter(note::pinned.eq(false)).exists(),
            ))
            .unwrap();
        assert_eq!((count, some.len(), none), (pinned.len() as u64, 3, false), "{name}: the filter before the limit");
        assert!(some.iter().all(|note| note.pinned));
    }
}

/// Nothing puts a scope back, since nothing takes it away.
#[test]
fn a_scope_cannot_be_lost() {
    let mut fresh = stores::memory();
    Data::of(10).insert(&mut fresh.context()).unwrap();
    let mut context = fresh.context();
    context.scope::<Task>(Tasks::from_keys([]));
    let mut early = || -> Result<u64, Error> {
        let mut all = context.without_scope::<Task>();
        let count = all.realise(Tasks::all().count())?;
        if count > 0 {
            return Ok(count);
        }
        all.realise(Tasks::all().count())
    };
    assert_eq!(early().unwrap(), 10);
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let mut all = context.without_scope::<Task>();
        assert_eq!(all.realise(Tasks::all().count()).unwrap(), 0, "on purpose");
    }));
    assert!(panicked.is_err());
    std::mem::forget(context.without_scope::<Task>());
    let before = context.stats();
    assert_eq!(context.realise(Tasks::all().count()).unwrap(), 0);
    assert_eq!(context.stats(), before, "nothing can be there, so nothing is sent");
    assert_eq!(context.without_scope::<Note>().realise(Tasks::all().count()).unwrap(), 0, "another's stays");
    assert_eq!(context.without_scope::<Task>().without_scope::<Note>().realise(Tasks::all().count()).unwrap(), 10);
    assert_eq!((context.stats() - before).statements, 1, "and counts here");
}

#[test]
fn scopes_are_shown() {
    let mut fresh = stores::sqlite(TABLES);
    let mut context = fresh.context();
    context.scope::<Note>(Notes::all().filter(note::pinned.eq(true)));
    context.scope::<Member>(Members::all().filter(member::id.gt(0)));
    let explained = context.explain(Tasks::all().view::<TaskPage>()).unwrap();
    for statement in explained.statements() {
        for (entity, test) in [("Note", "`pinned` = ?"), ("Member", "`id` > ?")] {
            assert_eq!(statement.scopes.contains(&entity), statement.text.contains(test), "{statement}");
        }
    }
    assert!(explained.to_string().contains("\n    in the scope of Note\n"), "{explained}");
    let plan = context.plan::<TaskPage>().to_string();
    assert!(plan.contains("notes by task_id\n       in the scope of Note\n"), "{plan}");
    assert!(plan.contains("votes: aggregates by task_id\n       in the scope of Member\n"), "{plan}");
    assert!(!TaskPage::plan().to_string().contains("scope"));
}
