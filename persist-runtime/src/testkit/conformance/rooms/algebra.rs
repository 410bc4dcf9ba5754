//! Groups united, intersected and taken from one another.

use super::super::domain::*;
use super::super::trial::Trial;
use super::{filled, those};
use std::cmp::Reverse;

/// What is in either, once.
pub(crate) fn union(at: &Trial<'_>) {
    let (place, data) = filled(at, 30);
    let context = &mut place.context();
    let (hot, open) = (Tasks::all().filter(task::heat.gt(9)), Tasks::all().filter(task::state.eq(State::Open)));
    let either = those(&data.tasks, |task| task.heat > 9 || task.state == State::Open);
    let group = hot.clone() | open.clone();
    assert_eq!(context.realise((&group, group.count())).unwrap(), (either.clone(), either.len() as u64));
    assert_eq!(context.realise(hot.clone() | hot.clone()).unwrap(), those(&data.tasks, |task| task.heat > 9));
    assert_eq!(context.realise(hot.clone() | Tasks::from_keys([])).unwrap().len(), 12, "and nothing");
    let narrowed = group.filter(task::owner_id.lt(5)).order_by(task::heat.desc()).limit(3);
    let mut expected = those(&either, |task| task.owner_id < 5);
    expected.sort_by_key(|task| (Reverse(task.heat), task.id));
    assert_eq!(context.realise(narrowed).unwrap(), expected[..3]);
}

/// What several relations lead to is one group.
pub(crate) fn union_of_relations(at: &Trial<'_>) {
    let (place, data) = filled(at, 30);
    let context = &mut place.context();
    let tasks = Tasks::all().filter(task::heat.ge(14));
    let hot = those(&data.tasks, |task| task.heat >= 14);
    let is = |member: &Member| {
        hot.iter().any(|task| {
            let watches = || data.watches.iter().filter(|watch| watch.task_id == task.id);
            task.owner_id == member.id
                || task.assignee_id == Some(member.id)
                || watches().any(|watch| watch.member_id == member.id)
        })
    };
    let people = tasks.owners() | tasks.assignees() | tasks.watchers();
    let expected = those(&data.members, is);
    assert_eq!(context.realise((&people, people.count())).unwrap(), (expected.clone(), expected.len() as u64));
    let onward = those(&data.tasks, |task| expected.iter().any(|member| task.owner_id == member.id));
    assert_eq!(context.realise(people.owned()).unwrap(), onward);
}

/// What is in both, in the order of the left side.
pub(crate) fn intersection(at: &Trial<'_>) {
    let (place, data) = filled(at, 30);
    let context = &mut place.context();
    let hot = Tasks::all().filter(task::heat.gt(9)).order_by(task::heat.desc());
    let open = Tasks::all().filter(task::state.eq(State::Open)).order_by(task::title.asc());
    let mut both = those(&data.tasks, |task| task.heat > 9 && task.state == State::Open);
    both.sort_by_key(|task| (Reverse(task.heat), task.id));
    assert_eq!(context.realise(hot.clone() & open.clone()).unwrap(), both);
    both.sort_by_key(|task| (task.title.clone(), task.id));
    assert_eq!(context.realise(open & hot).unwrap(), both);
}

/// What is in one and not in the other.
pub(crate) fn difference(at: &Trial<'_>) {
    let (place, data) = filled(at, 30);
    let context = &mut place.context();
    let hot = Tasks::all().filter(task::heat.gt(9));
    let assigned = Members::all().filter(member::rank.ge(3)).assigned();
    let ranked = |id: i32| data.members[usize::try_from(id).unwrap()].rank.is_some_and(|rank| rank >= 3);
    let is_assigned = |task: &Task| task.assignee_id.is_some_and(ranked);
    let expected = those(&data.tasks, |task| task.heat > 9 && !is_assigned(task));
    assert!(!expected.is_empty());
    assert_eq!(context.realise(hot.clone() - assigned.clone()).unwrap(), expected);
    assert!(!context.realise((hot.clone() - hot.clone()).exists()).unwrap());
    let rest = Tasks::all() - hot.clone();
    assert_eq!(context.realise(rest).unwrap(), those(&data.tasks, |task| task.heat <= 9));
}

/// Of groups that are cut: the cut comes first.
pub(crate) fn of_cut_groups(at: &Trial<'_>) {
    let (place, data) = filled(at, 30);
    let context = &mut place.context();
    let mut by_heat = data.tasks.clone();
    by_heat.sort_by_key(|task| (Reverse(task.heat), task.id));
    let mut by_title = data.tasks.clone();
    by_title.sort_by_key(|task| (task.title.clone(), task.id));
    let (hottest, first) = (
        Tasks::all().order_by(task::heat.desc()).limit(8),
        Tasks::all().order_by(task::title.asc()).limit(9).offset(1),
    );
    let (hot, named) = (&by_heat[..8], &by_title[1..10]);
    let either = those(&data.tasks, |task| hot.contains(task) || named.contains(task));
    assert_eq!(context.realise(hottest.clone() | first.clone()).unwrap(), either);
    assert_eq!(context.realise(hottest.clone() & first.clone()).unwrap(), those(hot, |task| named.contains(task)));
    assert_eq!(context.realise(hottest.clone() - first.clone()).unwrap(), those(hot, |task| !named.contains(task)));
    let count = (hottest.clone() - first.clone()).limit(3).count();
    assert_eq!(context.realise(count).unwrap(), 3);
}

/// What is in hand, and keys that are not there, that come twice, and that are of several columns.
pub(crate) fn keys_in_hand(at: &Trial<'_>) {
    let (place, data) = filled(at, 30);
    let context = &mut place.context();
    let some = [task_id(7), task_id(3), task_id(99), task_id(7)];
    let expected = those(&data.tasks, |task| some.contains(&task.id));
    assert_eq!(context.realise(Tasks::from_keys(some)).unwrap(), expected);
    assert_eq!(context.realise(Tasks::of(&data.tasks[4..9]).count()).unwrap(), 5);
    let united = Tasks::from_keys(some) | Tasks::of(&data.tasks[..2]);
    assert_eq!(context.realise(&united).unwrap().len(), 4);
    let watches = Watches::from_keys([(data.watches[2].task_id, data.watches[2].member_id), (task_id(0), 77)]);
    assert_eq!(context.realise(&watches).unwrap(), data.watches[2..3]);
    assert_eq!(context.realise(Teams::from_keys(["team 1".to_owned(), String::new()])).unwrap(), data.teams[1..2]);
    let before = context.stats();
    assert!(context.realise(Tasks::from_keys([])).unwrap().is_empty());
    assert_eq!(context.stats(), before, "nothing is asked for");
}
