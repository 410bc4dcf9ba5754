//! What groups mean, against sets and lists in plain Rust: stores that agree with one another could still agree on
//! something wrong.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use persist::{Batch, Context, Predicate};
use persist_tests::random::{Any, Test, program, test};
use persist_tests::random_data::data;
use persist_tests::stores;
use persist_tests::tracker::*;
use proptest::prelude::*;
use std::collections::BTreeSet;
use uuid::Uuid;

/// The rows of a group as entities, as text.
fn rows(context: &mut Context<'_>, group: &Any) -> Vec<String> {
    let mut batch = Batch::new();
    let answer = group.ask(0, &mut batch);
    answer(&mut context.realise(batch).unwrap())
}

fn set(rows: &[String]) -> BTreeSet<&String> {
    rows.iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn groups_are_sets_and_lists(
        data in data(), one in program(), two in program(), test in test(), by in prop::collection::vec(any::<(u8, bool)>(), 1..4),
        limit in 0..5_u8, offset in 0..5_u8,
    ) {
        let mut memory = stores::memory();
        data.insert(&mut memory.context()).unwrap();
        let context = &mut memory.context();
        // As sets, uncut: `open` has the same rows in an order of its own.
        let open = one.group().filter(&Test::And(Box::new(always()), Box::new(always())));
        let all = rows(context, &open);
        prop_assert_eq!(set(&all).len(), all.len(), "each once");
        let group = one.group();
        let plain = rows(context, &group);
        prop_assert_eq!(set(&plain), set(&all));
        if let Some(union) = group.or(&two.group()) {
            let (second, union) = (rows(context, &two.group()), rows(context, &union));
            let expected: BTreeSet<_> = set(&all).union(&set(&second)).copied().collect();
            prop_assert_eq!(set(&union), expected);
            prop_assert_eq!(set(&union).len(), union.len(), "each once");
            let second = set(&second);
            for same in [true, false] {
                let some = rows(context, &group.among(&two.group(), same).unwrap());
                let expected: Vec<_> = plain.iter().filter(|row| second.contains(row) == same).cloned().collect();
                prop_assert_eq!(some, expected, "in the order of the first");
            }
        }
        // As lists.
        let some = rows(context, &open.filter(&test));
        let mut kept = all.iter();
        prop_assert!(some.iter().all(|row| kept.any(|other| other == row)), "a filter keeps the order");
        let ordered = open.order(&by);
        let whole = rows(context, &ordered);
        prop_assert_eq!(set(&whole), set(&all), "an order keeps the rows");
        let cut = ordered.cut(Some(limit), Some(offset));
        let expected: Vec<_> = whole.iter().skip(offset.into()).take(limit.into()).cloned().collect();
        prop_assert_eq!(rows(context, &cut), expected.clone());
        prop_assert_eq!(rows(context, &ordered.cut(None, Some(offset)).cut(Some(limit), None)), expected.clone());
        // A filter on a cut group chooses among those, in the order that they had.
        let of_those = rows(context, &cut.filter(&test));
        let expected: Vec<_> = expected.into_iter().filter(|row| some.contains(row)).collect();
        prop_assert_eq!(of_those, expected);
    }

    #[test]
    fn predicates_through_relations_say_what_the_rows_say(data in data(), test in test()) {
        let mut memory = stores::memory();
        data.insert(&mut memory.context()).unwrap();
        let context = &mut memory.context();
        let those: BTreeSet<i32> =
            context.realise(Members::all().filter(test.of())).unwrap().iter().map(|member| member.id).collect();
        let watchers = |task: &Task| -> Vec<i32> {
            let there = |id: &i32| data.members.iter().any(|member| member.id == *id);
            data.watches.iter().filter(|w| w.task_id == task.id).map(|w| w.member_id).filter(there).collect()
        };
        let mut check = |predicate: Predicate<Task>, expected: &dyn Fn(&Task) -> bool| {
            let expected: Vec<_> = data.tasks.iter().filter(|task| expected(task)).cloned().collect();
            assert_eq!(context.realise(Tasks::all().filter(predicate)).unwrap(), expected);
        };
        check(task::watchers.exists(test.of()), &|task| watchers(task).iter().any(|id| those.contains(id)));
        check(task::watchers.none(test.of()), &|task| !watchers(task).iter().any(|id| those.contains(id)));
        check(task::watchers.all(test.of()), &|task| watchers(task).iter().all(|id| those.contains(id)));
        check(task::watchers.is_empty(), &|task| watchers(task).is_empty());
        check(task::assignee.exists(test.of()), &|task| task.assignee_id.is_some_and(|id| those.contains(&id)));
        check(task::assignee.none(test.of()), &|task| !task.assignee_id.is_some_and(|id| those.contains(&id)));
        check(task::notes.is_not_empty(), &|task| data.notes.iter().any(|note| note.task_id == Some(task.id)));
        let pinned = |note: &&Note| note.task_id.is_some() && !note.pinned;
        let loose: BTreeSet<_> = data.notes.iter().filter(pinned).filter_map(|note| note.task_id).collect();
        check(task::notes.all(note::pinned.eq(true)), &|task| !loose.contains(&task.id));
        check(task::owner_id.in_keys_of(Members::all().filter(test.of())), &|task| those.contains(&task.owner_id));
        let ranks: BTreeSet<_> = data.members.iter().filter_map(|member| member.rank).collect();
        check(task::heat.in_values_of(Members::all(), member::rank), &|task| ranks.contains(&task.heat));
        let one = |task: &Task| task.assignee_id == Some(task.owner_id);
        check(task::owner_id.eq(task::assignee_id), &one);
        check(task::assignee_id.ne(task::owner_id), &|task| !one(task));
        check(task::heat.between(0, 1), &|task| (0..=1).contains(&task.heat));
        check(task::assignee_id.between(task::owner_id, Some(2)), &|task| {
            task.assignee_id.is_some_and(|id| (task.owner_id..=2).contains(&id))
        });
    }

    #[test]
    fn orders_and_limits_per_value_are_those_of_the_rows(data in data(), test in test(), most in 0..3_u64) {
        let mut memory = stores::memory();
        data.insert(&mut memory.context()).unwrap();
        let context = &mut memory.context();
        let member = |id: i32| data.members.iter().find(|member| member.id == id);
        let name = |id: Option<i32>| id.and_then(member).map(|member| member.name.clone());
        let notes = |task: &Task| data.notes.iter().filter(|note| note.task_id == Some(task.id)).count();
        let all = Tasks::all().filter(test.of());
        let mut tasks = context.realise(&all).unwrap();
        let by_assignee = all.order_by((task::assignee.by(member::name).desc(), task::notes.count().asc()));
        tasks.sort_by_key(|task| (std::cmp::Reverse(name(task.assignee_id)), notes(task), task.id));
        prop_assert_eq!(context.realise(&by_assignee).unwrap(), tasks.clone());
        let first_few = |per: &dyn Fn(&Task) -> Option<i32>| -> Vec<Task> {
            let before = |at: usize| tasks[..at].iter().filter(|task| per(task) == per(&tasks[at])).count() as u64;
            (0..tasks.len()).filter(|at| before(*at) < most).map(|at| tasks[at].clone()).collect()
        };
        let per_owner = first_few(&|task| Some(task.owner_id));
        prop_assert_eq!(context.realise(by_assignee.limit_per(task::owner, most)).unwrap(), per_owner.clone());
        let per_assignee = first_few(&|task| task.assignee_id);
        prop_assert_eq!(context.realise(by_assignee.limit_per(task::assignee_id, most)).unwrap(), per_assignee);
        let cut = by_assignee.limit_per(task::owner, most).limit(2);
        let owners: BTreeSet<_> = per_owner.iter().take(2).map(|task| task.owner_id).collect();
        let owners: Vec<_> = data.members.iter().filter(|member| owners.contains(&member.id)).cloned().collect();
        prop_assert_eq!(context.realise(cut.owners()).unwrap(), owners);
    }

    #[test]
    fn relations_lead_where_the_rows_say(data in data(), test in test(), limit in prop::option::of(0..4_u8)) {
        let mut memory = stores::memory();
        data.insert(&mut memory.context()).unwrap();
        let context = &mut memory.context();
        let most = limit.map_or(u64::MAX, u64::from);
        let group = Tasks::all().filter(test.of()).order_by(task::title.desc()).limit(most);
        let tasks = context.realise(&group).unwrap();
        let ids: BTreeSet<Uuid> = tasks.iter().map(|task| task.id).collect();
        let members = |keys: BTreeSet<i32>| data.members.iter().filter(|m| keys.contains(&m.id)).cloned().collect::<Vec<_>>();
        let owners = members(tasks.iter().map(|task| task.owner_id).collect());
        let assignees = members(tasks.iter().filter_map(|task| task.assignee_id).collect());
        let watchers = members(data.watches.iter().filter(|w| ids.contains(&w.task_id)).map(|w| w.member_id).collect());
        let of_these = |id: &Option<Uuid>| id.is_some_and(|id| ids.contains(&id));
        let voters = members(data.votes.iter().filter(|v| of_these(&v.task_id)).filter_map(|v| v.member_id).collect());
        let notes: Vec<_> = data.notes.iter().filter(|note| of_these(&note.task_id)).cloned().collect();
        let found = context.realise((group.owners(), group.assignees(), group.watchers(), group.voters(), group.notes()));
        prop_assert_eq!(found.unwrap(), (owners.clone(), assignees.clone(), watchers, voters, notes));
        let either = owners.iter().chain(&assignees).map(|member| member.id).collect();
        prop_assert_eq!(context.realise(group.owners() | group.assignees()).unwrap(), members(either));

        let group = Members::all().filter(test.of()).limit(most);
        let found = context.realise(&group).unwrap();
        let ids: BTreeSet<i32> = found.iter().map(|member| member.id).collect();
        let managers = members(found.iter().filter_map(|member| member.manager_id).collect());
        let reports = data.members.iter().filter(|m| m.manager_id.is_some_and(|id| ids.contains(&id))).cloned().collect();
        let teams = data.teams.iter().filter(|t| found.iter().any(|m| m.team_name.as_ref() == Some(&t.name))).cloned().collect();
        let watched: BTreeSet<Uuid> = data.watches.iter().filter(|w| ids.contains(&w.member_id)).map(|w| w.task_id).collect();
        let watched: Vec<_> = data.tasks.iter().filter(|task| watched.contains(&task.id)).cloned().collect();
        let expected: (Vec<_>, Vec<_>, Vec<_>, Vec<_>) = (managers, reports, teams, watched);
        let found = context.realise((group.managers(), group.reports(), group.teams(), group.watched()));
        prop_assert_eq!(found.unwrap(), expected);

        let group = Watches::all().filter(test.of());
        let watches = context.realise(&group).unwrap();
        let here = |ping: &&Ping| watches.iter().any(|w| w.task_id == ping.task_id && Some(w.member_id) == ping.member_id);
        let pings: Vec<_> = data.pings.iter().filter(here).cloned().collect();
        prop_assert_eq!(context.realise(group.pings()).unwrap(), pings);
        let back = context.realise(group.pings().watches()).unwrap();
        let hit = |watch: &&Watch| data.pings.iter().any(|p| p.task_id == watch.task_id && p.member_id == Some(watch.member_id));
        prop_assert_eq!(back, watches.iter().filter(hit).cloned().collect::<Vec<_>>());
    }
}

/// True of every row.
fn always() -> Test {
    let leaf = Test::Leaf(0, 0, 0);
    Test::Or(Box::new(leaf.clone()), Box::new(Test::Not(Box::new(leaf))))
}
