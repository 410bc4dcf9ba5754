//! What a store lacks is told before it is asked for anything: of all rounds of a request, and of all of a unit of work.
#![allow(missing_docs, dead_code, clippy::unwrap_used, clippy::panic, reason = "tests")]

use persist::edit::Done;
use persist::prelude::*;
use persist::store::{Capabilities, Capability, Lack};
use persist::testkit::conformance::{Case, Subject, Suite, Verdict};
use persist::{Branch, Changes, Error, MemoryStore, View, Work};
use persist_tests::conformance::{MariaDb, Memory, PostgreSql, Sqlite};
use persist_tests::lacking::{Calls, Lacking, Without};
use persist_tests::tracker::*;
use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// A context over a store that lacks one thing, with the number of times that it is asked.
fn without(capability: Capability) -> (Context<'static>, Calls) {
    let (store, calls) = Lacking::of(&MemoryStore::new(), Memory.capabilities().without(capability));
    (Context::over(store), calls)
}

fn lack(error: &Error) -> &Lack {
    error.store().and_then(|error| error.lack()).unwrap_or_else(|| panic!("no lack: {error}"))
}

/// Teams with their members, who have something that is loaded in the third round.
macro_rules! third_round {
    ($($capability:ident: $team:ident, $member:ident { $($field:tt)* })*) => {
        $(
            #[derive(Debug, View)]
            #[view(of = Member)]
            struct $member { id: i32, $($field)* }
            #[derive(Debug, View)]
            #[view(of = Team)]
            struct $team { name: String, members: Vec<$member> }
        )*

        #[test]
        fn in_the_third_round() {
            $(refused::<$team>(Capability::$capability, stringify!($member));)*
        }
    };
}

third_round! {
    LimitPerKey: Cut, First { #[view(limit = 2, order_by = task::heat.desc())] owned: Vec<TaskLine> }
    Aggregates: Counts, Counted { #[view(count(owned))] owned: i64 }
    Joins: Sorted, Sort { #[view(order_by = task::assignee.by(member::name).asc())] owned: Vec<TaskLine> }
    TextTests: Tested, Test { #[view(filter = task::title.contains("x"))] owned: Vec<TaskLine> }
    Subqueries: Filtered, Filter { #[view(filter = task::notes.is_not_empty())] owned: Vec<TaskLine> }
    Recursion: Planted, Tree { #[view(recursive)] reports: Branch<Vec<Tree>> }
    Nan: Valued, Value { #[view(filter = task::score.eq(f64::NAN))] owned: Vec<TaskLine> }
    Nul: Named, Name { #[view(filter = task::title.eq("\0"))] owned: Vec<TaskLine> }
}

/// The request fails as its explanation and its stream do, for what is needed last, and nothing is sent.
fn refused<V: View + persist::view::ViewOf<Team> + Debug + 'static>(capability: Capability, view: &'static str) {
    let (mut context, calls) = without(capability);
    let ask = || Teams::all().view::<V>();
    assert!(context.explain(Teams::all().view::<TeamName>()).is_ok(), "the first round needs nothing");
    let error = context.realise((Teams::all(), ask())).unwrap_err();
    assert_eq!(lack(&error).capability(), capability, "{error}");
    assert_eq!(lack(&error).field().map(|(view, _)| view), Some(view), "{error}");
    let streamed = context.stream(ask(), 2).next().unwrap().unwrap_err();
    for other in [
        streamed,
        context.explain(ask()).unwrap_err(),
        context.explain_indexes(ask()).unwrap_err(),
        context.transaction(|context| context.realise(ask())).unwrap_err(),
    ] {
        assert_eq!(other.to_string(), error.to_string());
    }
    assert_eq!((calls.take(), context.stats()), (1, persist::Stats::default()), "a transaction was begun: {error}");
    let (store, _) = Lacking::of(&MemoryStore::new(), Capabilities::ALL);
    assert!(Context::over(store).realise(ask()).unwrap().is_empty(), "{capability:?}");
}

/// What an error says: of what it was asked, what is lacking, and what can be done.
#[test]
fn in_words() {
    let words = |error: Error| error.to_string();
    let (mut context, _) = without(Capability::LimitPerKey);
    assert_eq!(
        words(context.realise(Teams::all().view::<Cut>()).unwrap_err()),
        "reading `Task`: this store cannot take the first rows of each key (`LimitPerKey`), which `First::owned` asks for; \
         load all of them, or ask for those of one parent at a time"
    );
    let (mut context, _) = without(Capability::TextTests);
    assert_eq!(
        words(context.realise(Teams::all().view::<Tested>()).unwrap_err()),
        "reading `Task`: this store cannot look into a text (`TextTests`), which `title` asks for in `Test::owned`; compare it \
         as a whole"
    );
    let (mut context, _) = without(Capability::Transactions);
    assert_eq!(
        words(context.transaction(|_| Ok::<_, Error>(())).unwrap_err()),
        "beginning `transaction`: this store cannot write several things as one (`Transactions`); commit one row at a time"
    );
}

/// A reference that is joined stands in the first statement; a count or a union beside other requests does too.
#[test]
fn beside_others() {
    #[derive(Debug, View)]
    #[view(of = Task)]
    struct Joined {
        id: uuid::Uuid,
        #[view(load = join)]
        owner: std::sync::Arc<MemberName>,
    }
    let (mut context, calls) = without(Capability::Joins);
    let error = context.realise((Teams::all(), Tasks::all().view::<Joined>())).unwrap_err();
    assert_eq!((lack(&error).capability(), lack(&error).field()), (Capability::Joins, Some(("Joined", "owner"))));
    let by_keys = context.with_strategy(persist::Strategy::Keys);
    assert_eq!(calls.take(), 0);
    let mut by_keys = by_keys;
    by_keys.realise(Tasks::all().view::<Joined>()).unwrap();

    let (mut context, calls) = without(Capability::Aggregates);
    for error in [
        context.realise((Teams::all(), Teams::all().count())).unwrap_err(),
        context.realise((Teams::all(), Tasks::all().max(task::heat))).unwrap_err(),
        context.realise((Teams::all(), Tasks::all().by(task::owner_id).count())).unwrap_err(),
    ] {
        assert_eq!(lack(&error).capability(), Capability::Aggregates, "{error}");
    }
    assert_eq!(calls.take(), 0);
    assert!(!context.realise(Teams::all().exists()).unwrap());
}

/// Without subqueries, a relation that goes by one may still go by keys, where the reads see no one state anyway.
#[test]
fn subselects() {
    #[derive(Debug, View)]
    #[view(of = Team)]
    struct Beneath {
        name: String,
        #[view(load = subselect)]
        members: Vec<MemberName>,
    }
    let ask = || Teams::all().view::<Beneath>();
    let (mut context, calls) = without(Capability::Subqueries);
    let error = context.realise(ask()).unwrap_err();
    assert_eq!(lack(&error).capability(), Capability::Subqueries);
    assert_eq!(error.to_string(), context.explain(ask()).unwrap_err().to_string());
    assert_eq!(calls.take(), 0);
    assert!(context.stream(ask(), 3).next().is_none(), "a chunk goes by keys");
    let mut context = context.with_snapshots(false);
    assert!(context.explain(ask()).is_ok() && context.realise(ask()).unwrap().is_empty());
}

mod schema {
    diesel::table! { sheets (id) { id -> Integer, title -> Text, } }
    diesel::table! { passes (id) { id -> Binary, title -> Text, } }
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = schema::sheets)]
struct Sheet {
    #[entity(key, generated)]
    id: i32,
    title: String,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = schema::passes, group = Passes)]
struct Pass {
    #[entity(key, generated)]
    id: uuid::Uuid,
    title: String,
}

fn a_team(name: &str) -> Team {
    Team { name: name.to_owned(), motto: None }
}

fn a_task(score: f64) -> Task {
    let (id, title) = (task_id(1), String::new());
    Task { id, title, heat: 1, score: Some(score), state: State::Open, owner_id: 1, assignee_id: None }
}

/// Commits a work whose last part needs something.
fn last<'w>(context: &mut Context<'_>, add: impl FnOnce(&mut Work<'w>)) -> Result<Vec<Done>, Error> {
    let mut work = Work::new();
    work.delete_key::<Team>("first".to_owned());
    add(&mut work);
    context.commit(work)
}

/// One of the things of a work needs what is lacking: nothing of it is written, and nothing begun.
#[test]
fn in_a_work() {
    type Add = fn(&mut Context<'_>) -> Result<Vec<Done>, Error>;
    let parts: [(Capability, Option<&str>, Add); 9] = [
        (Capability::Transactions, None, |context| {
            last(context, |work| {
                work.delete_key::<Team>("x".to_owned());
            })
        }),
        (Capability::GroupWrites, None, |context| {
            last(context, |work| {
                work.delete_all(&Members::all());
            })
        }),
        (Capability::ExactSums, Some("exact"), |context| {
            let more = Changes::<Thing>::new().add(thing::exact, rust_decimal::Decimal::ONE);
            last(context, |work| {
                let _ = work.apply(1_i64, more);
            })
        }),
        (Capability::TextTests, Some("name"), |context| {
            let none = Changes::<Member>::new().set(member::rank, None);
            last(context, |work| {
                work.update(&Members::all().filter(member::name.ends_with("x")), none);
            })
        }),
        (Capability::GeneratedKeys, Some("id"), |context| {
            let mut sheet = Sheet { id: 0, title: String::new() };
            last(context, |work| {
                let _ = work.insert(&mut sheet);
            })
        }),
        (Capability::GeneratedValues, Some("id"), |context| {
            let mut pass = Pass { id: uuid::Uuid::nil(), title: String::new() };
            last(context, |work| {
                let _ = work.insert(&mut pass);
            })
        }),
        (Capability::Nul, Some("name"), |context| {
            let mut odd = a_team("a\0b");
            last(context, |work| {
                let _ = work.insert(&mut odd);
            })
        }),
        (Capability::Nan, Some("score"), |context| {
            let mut odd = a_task(f64::NAN);
            last(context, |work| {
                let _ = work.insert(&mut odd);
            })
        }),
        (Capability::Infinity, Some("score"), |context| {
            let far = Changes::<Task>::new().set(task::score, f64::INFINITY);
            last(context, |work| {
                let _ = work.apply(task_id(1), far);
            })
        }),
    ];
    for (capability, column, commit) in parts {
        let (mut context, calls) = without(capability);
        let error = commit(&mut context).unwrap_err();
        assert_eq!((lack(&error).capability(), lack(&error).column()), (capability, column), "{error}");
        assert_eq!((calls.take(), context.stats()), (0, persist::Stats::default()), "{error}");
    }
}

/// Rows that are inserted without a work, and a transaction within another.
#[test]
fn in_rows_and_in_transactions() {
    let (mut context, calls) = without(Capability::Nul);
    let error = context.insert_all(&[a_team("a"), a_team("\0")]).unwrap_err();
    assert_eq!((lack(&error).capability(), calls.take()), (Capability::Nul, 0));
    let error = context.realise(Teams::from_keys(["a".to_owned(), "\0".to_owned()])).unwrap_err();
    assert_eq!((lack(&error).capability(), lack(&error).column(), calls.take()), (Capability::Nul, Some("name"), 0));

    let (mut context, calls) = without(Capability::Savepoints);
    let error = context.transaction(|context| context.transaction(|_| Ok::<_, Error>(()))).unwrap_err();
    assert_eq!((lack(&error).capability(), calls.take()), (Capability::Savepoints, 1));
    let twice = |work: &mut Work<'_>| {
        work.delete_key::<Team>("x".to_owned());
    };
    let error = context.transaction(|context| last(context, twice)).unwrap_err();
    assert_eq!((lack(&error).capability(), calls.take()), (Capability::Savepoints, 1));
    context.transaction(|context| context.insert(&a_team("one row needs none"))).unwrap();

    let (mut context, calls) = without(Capability::Transactions);
    let error = context.retry(3, |context| context.insert(&a_team("a"))).unwrap_err();
    assert_eq!((lack(&error).capability(), calls.take()), (Capability::Transactions, 0));
}

/// The table in the documentation says what the stores say.
#[test]
fn the_table_of_the_documentation() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../persist-runtime/src/store/capability.rs");
    let text = std::fs::read_to_string(file).unwrap();
    let has = [Memory.capabilities(), Sqlite.capabilities(), PostgreSql.capabilities(), MariaDb.capabilities()];
    let row = |capability: &Capability| {
        let cells = has.map(|has| if has.has(*capability) { " yes |" } else { " |" });
        format!("        /// | [`{capability:?}`](Self::{capability:?}) |{}", cells.concat())
    };
    let rows: Vec<_> = Capability::ALL.iter().map(row).collect();
    assert!(text.contains(&rows.join("\n")), "put this into the documentation:\n{}", rows.join("\n"));
}

fn passes(without: Without, case: &Case) -> bool {
    catch_unwind(AssertUnwindSafe(|| Suite::new(without, &[]).check(case))).is_ok_and(|ran| ran == Verdict::Passes)
}

/// Cases need what they say, and nothing else: a store that has just that passes, and without one of it none does.
#[test]
fn cases_say_what_they_need() {
    let (memory, mut wrong) = (Memory.capabilities(), Vec::new());
    for case in Case::ALL.iter().filter(|case| case.room != "capabilities") {
        if case.needs.iter().any(|needed| !memory.has(*needed)) {
            continue;
        }
        if !passes(Without::all_but(case.needs), case) {
            wrong.push(format!("{case:?} needs more than it says"));
        }
        for needed in case.needs {
            if passes(Without::unsaid(*needed), case) {
                wrong.push(format!("{case:?} does not need {needed:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
