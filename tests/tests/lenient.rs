//! Lenient requests: what is whole comes, what is not is left out with everything that would not be whole without it, and
//! each says so (R20).
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use persist::prelude::*;
use persist::{Error, Lenient, Problem, RowError};
use persist_tests::data::Data;
use persist_tests::random_data::data;
use persist_tests::stores::{self, Fresh};
use persist_tests::tracker::*;
use proptest::prelude::*;
use std::sync::Arc;

/// A row is left out if and only if it cannot be realised alone, and those that are not left out are what they are alone.
macro_rules! check_each {
    ($context:expr, $group:ident, $view:ident, $key:expr) => {{
        let all = $context.realise($group::all()).unwrap();
        let Lenient { whole, errors } = $context.realise($group::all().view::<$view>().lenient()).unwrap();
        let mut whole = whole.into_iter().map(|row| format!("{row:?}")).peekable();
        let mut lost = 0;
        for row in &all {
            let key = $key(row);
            match $context.realise($group::from_keys([key.clone()]).view::<$view>()) {
                Ok(alone) => assert_eq!(whole.next(), Some(format!("{:?}", alone[0])), "{errors:?}"),
                Err(Error::Rows(_)) => {
                    let mut values = Vec::new();
                    persist::Key::push_values(&key, &mut values);
                    let said = |error: &RowError| error.view == stringify!($view) && error.key == values;
                    assert!(errors.iter().any(said), "{key:?} is left out without a word: {errors:?}");
                    lost += 1;
                }
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!(whole.next(), None);
        assert_eq!(lost == 0, errors.is_empty(), "{errors:?}");
        (all.len(), lost)
    }};
}

fn check(context: &mut Context<'_>) -> (usize, usize) {
    let each = [
        check_each!(context, Tasks, TaskPage, |row: &Task| row.id),
        check_each!(context, Members, MemberTree, |row: &Member| row.id),
        check_each!(context, Members, MemberTasks, |row: &Member| row.id),
        check_each!(context, Teams, TeamPage, |row: &Team| row.name.clone()),
        check_each!(context, Watches, WatchPage, |row: &Watch| (row.task_id, row.member_id)),
        check_each!(context, Pings, PingPage, |row: &Ping| row.id),
        check_each!(context, Notes, NoteLine, |row: &Note| row.id),
    ];
    each.into_iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]

    #[test]
    fn a_row_is_left_out_if_it_is_not_whole_alone(data in data(), hidden in prop::option::of(0..6_i32)) {
        let mut fresh = stores::memory();
        data.insert(&mut fresh.context()).unwrap();
        let mut context = fresh.context();
        if let Some(id) = hidden {
            context.scope::<Member>(Members::all().filter(member::id.ne(id)));
        }
        check(&mut context);
    }
}

#[test]
fn references_that_lead_nowhere_lose_their_rows() {
    for mut fresh in stores::every(TABLES) {
        let mut data = Data::of(30);
        data.tasks[3].owner_id = 777;
        data.tasks[4].assignee_id = Some(778);
        data.watches[7].member_id = 779;
        data.members[9].manager_id = Some(780);
        data.insert(&mut fresh.context()).unwrap();
        let (all, lost) = check(&mut fresh.context());
        assert!(lost > 3 && lost < all / 2, "{lost} of {all} on {}", fresh.name());
    }
}

fn spoilt(fresh: &mut Fresh) {
    Data::of(30).insert(&mut fresh.context()).unwrap();
    if let Fresh::Sqlite(_) = fresh {
        fresh.execute("UPDATE notes SET body = x'00' WHERE id = 4; UPDATE members SET name = x'00' WHERE id = 2");
    }
    fresh.execute("UPDATE tasks SET state = 'frozen' WHERE heat = 7");
}

/// The rows themselves are broken: entities too, and what is below them.
#[test]
fn values_that_do_not_fit_lose_their_rows() {
    for mut fresh in stores::databases(TABLES) {
        spoilt(&mut fresh);
        let mut context = fresh.context();
        let Lenient { whole, errors } = context.realise(Tasks::all().lenient()).unwrap();
        assert_eq!(whole.len() + errors.len(), 30);
        assert!(!errors.is_empty() && errors.iter().all(|error| matches!(error.problem, Problem::Unfit(_))));
        let words = errors[0].to_string();
        assert!(
            words.ends_with("field `state`: expected one of `open`, `closed`, `ON HOLD`, found \"frozen\""),
            "{words}"
        );
        // A view that does not look there loses nothing by it.
        assert!(context.realise(Pings::all().lenient()).unwrap().errors.is_empty());

        #[derive(Debug, View)]
        #[view(of = Member)]
        struct Owner {
            id: i32,
            #[allow(dead_code, reason = "loaded with the rest")]
            owned: Vec<Task>,
        }
        let owners = context.realise(Members::all().view::<Owner>().lenient()).unwrap();
        let lost: Vec<_> = owners.errors.iter().filter(|error| error.view == "Owner").collect();
        assert!(!lost.is_empty());
        for error in lost {
            assert_eq!((error.field, &error.problem), ("owned", &Problem::LeftOut { entity: "Task" }));
            assert!(error.to_string().ends_with("left out with a Task that it would not be whole without"), "{error}");
            assert!(owners.whole.iter().all(|owner| persist::Value::from(owner.id) != error.key[0]));
        }
    }
}

#[test]
fn tuples_lists_and_batches() {
    let mut fresh = stores::sqlite(TABLES);
    spoilt(&mut fresh);
    let mut context = fresh.context();
    let apart = context.realise(Tasks::all().lenient()).unwrap();
    let names = context.realise(Members::all().view::<MemberName>().lenient()).unwrap();
    assert_eq!(names.errors.len(), 1);
    // All of a tuple.
    let both = (Tasks::all(), Members::all().view::<MemberName>(), Tasks::all().count()).lenient();
    let both = context.realise(both).unwrap();
    assert_eq!((&both.whole.0, &both.whole.1, both.whole.2), (&apart.whole, &names.whole, 30));
    assert_eq!(both.errors.len(), apart.errors.len() + names.errors.len());
    // A part of it: the rest fails as ever, and does not where it is in order.
    let strict = context.realise((Tasks::all().lenient(), Members::all().view::<MemberName>())).unwrap_err();
    assert!(strict.rows().unwrap().rows().iter().any(|error| error.entity == "Member"), "{strict}");
    let (tasks, teams) = context.realise((Tasks::all().lenient(), Teams::all())).unwrap();
    assert_eq!((tasks, teams.len()), (apart.clone(), 3));
    // Rows that both lead to concern both.
    let pages = || Tasks::all().filter(task::id.ne(task_id(0))).view::<TaskPage>();
    let strict = context.realise((pages().lenient(), Members::all().view::<MemberName>().budget(1)));
    assert!(strict.is_err());
    let each = context.realise(vec![pages().lenient(), pages().lenient()]).unwrap();
    assert_eq!(each[0].errors, each[1].errors);
    assert!(!each[0].errors.is_empty() && each[0].whole == each[1].whole);
    let all = context.realise(vec![pages(), pages()].lenient()).unwrap();
    assert_eq!((&all.whole[0], &all.whole[1]), (&each[0].whole, &each[1].whole));
    // A batch, and a part of one.
    let mut batch = Batch::new();
    let (_, tasks, teams) =
        (batch.add(Teams::all().count()), batch.add(Tasks::all().lenient()), batch.add(Teams::all()));
    let mut outer = Batch::new();
    let (first, inner) = (outer.add(Pings::all().count()), outer.add(batch));
    let mut answers = context.realise(outer).unwrap();
    assert!(answers.take(first) > 0);
    let mut answers = answers.take(inner);
    assert_eq!((answers.take(tasks), answers.take(teams).len()), (apart.clone(), 3));
    let mut batch = Batch::new();
    let tasks = batch.add(Tasks::all());
    let mut all = context.realise(batch.lenient()).unwrap();
    assert_eq!((all.whole.take(tasks), all.errors.len()), (apart.whole.clone(), apart.errors.len()));
}

#[derive(Debug, View)]
#[view(of = Task)]
#[allow(dead_code, reason = "loaded with the rest")]
struct WithOwner {
    owner: Arc<MemberName>,
}

/// A key that is not one leaves open whose rows are whose: neither row is whole.
#[test]
fn a_key_that_is_not_unique_loses_all_who_hold_it() {
    let mut fresh = stores::sqlite(TABLES);
    fresh.execute(
        "DROP TABLE members; CREATE TABLE members (id, name, rank, team_name, manager_id);
         INSERT INTO members (id, name, manager_id) VALUES (1, 'Ada', 1), (1, 'Eve', 1), (2, 'Bo', 1);
         INSERT INTO tasks (id, title, heat, state, owner_id) VALUES
         (zeroblob(16), '', 0, 'open', 1), (x'00000000000000000000000000000001', '', 0, 'open', 2)",
    );
    let mut context = fresh.context();
    let found = context.realise((Tasks::all().view::<WithOwner>()).lenient()).unwrap();
    assert_eq!((found.whole.len(), found.whole[0].owner.id), (1, 2));
    let problems: Vec<_> = found.errors.iter().map(|error| (error.entity, &error.problem)).collect();
    assert_eq!(problems, [("Member", &Problem::SharedKey), ("Task", &Problem::LeftOut { entity: "Member" })]);
    let found = context.realise(Members::all().view::<MemberTree>().lenient()).unwrap();
    assert!(found.whole.is_empty(), "{found:?}");
}

#[test]
fn a_store_that_fails_is_no_row_that_does_not_fit() {
    let mut fresh = stores::sqlite(TABLES);
    fresh.execute("DROP TABLE notes");
    assert!(matches!(fresh.context().realise(Notes::all().lenient()), Err(Error::Store(_))));
}
