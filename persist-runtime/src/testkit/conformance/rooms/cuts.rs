//! Limits and offsets: of a group, and of each part of it.

use super::super::domain::*;
use super::super::trial::Trial;
use super::{filled, keys, those};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// The first rows, those after them, and past the end.
pub(crate) fn limit_and_offset(at: &Trial<'_>) {
    let (place, data) = filled(at, 30);
    let context = &mut place.context();
    let mut tasks = data.tasks;
    tasks.sort_by_key(|task| (Reverse(task.heat), task.id));
    let hot = Tasks::all().order_by(task::heat.desc());
    for (limit, offset) in [(5, 0), (5, 3), (0, 0), (1, 29), (5, 28), (5, 30), (99, 0), (u64::MAX, 7)] {
        let group = hot.limit(limit).offset(offset);
        let from = usize::try_from(offset).unwrap();
        let expected: Vec<_> = tasks.iter().skip(from).take(usize::try_from(limit).unwrap()).cloned().collect();
        let (rows, count, exists) = context.realise((&group, group.count(), group.exists())).unwrap();
        assert_eq!(keys(&rows), keys(&expected), "{limit} after {offset}");
        assert_eq!((count, exists), (expected.len() as u64, !expected.is_empty()), "{limit} after {offset}");
    }
    assert_eq!(context.realise(hot.offset(27)).unwrap(), tasks[27..], "an offset alone");
}

/// A filter above a cut looks at what is left; one below it counts first.
pub(crate) fn filters_above_and_below(at: &Trial<'_>) {
    let (place, data) = filled(at, 30);
    let context = &mut place.context();
    let mut tasks = data.tasks;
    tasks.sort_by_key(|task| (Reverse(task.heat), task.id));
    let open = |task: &Task| task.state == State::Open;
    let hottest = Tasks::all().order_by(task::heat.desc()).limit(10);
    let above = hottest.filter(task::state.eq(State::Open));
    let expected = those(&tasks[..10], open);
    assert!(!expected.is_empty() && expected.len() < 10);
    assert_eq!(context.realise((&above, above.count())).unwrap(), (expected.clone(), expected.len() as u64));
    let below = Tasks::all().filter(task::state.eq(State::Open)).order_by(task::heat.desc()).limit(4);
    assert_eq!(context.realise(&below).unwrap(), those(&tasks, open)[..4]);
    // Cut again, in the same order and in another one.
    assert_eq!(context.realise(hottest.limit(3)).unwrap(), tasks[..3]);
    let mut first = tasks[..10].to_vec();
    first.sort_by_key(|task| (task.title.clone(), task.id));
    assert_eq!(context.realise(hottest.order_by(task::title.asc())).unwrap(), first, "the same ten");
}

/// What a cut group leads to.
pub(crate) fn relations_of_cut_groups(at: &Trial<'_>) {
    let (place, data) = filled(at, 30);
    let context = &mut place.context();
    let mut tasks = data.tasks.clone();
    tasks.sort_by_key(|task| (Reverse(task.heat), task.id));
    let hottest = Tasks::all().order_by(task::heat.desc()).limit(4).offset(1);
    let hot = &tasks[1..5];
    let owners = those(&data.members, |member| hot.iter().any(|task| task.owner_id == member.id));
    let notes = those(&data.notes, |note| hot.iter().any(|task| note.task_id == Some(task.id)));
    assert_eq!(context.realise((hottest.owners(), hottest.notes())).unwrap(), (owners.clone(), notes));
    assert_eq!(context.realise(hottest.owners().count()).unwrap(), owners.len() as u64);
}

/// At most so many for each value, of a column that may be NULL, and of a relation.
pub(crate) fn limit_for_each_value(at: &Trial<'_>) {
    let (place, data) = filled(at, 30);
    let context = &mut place.context();
    for most in [1, 2, 5] {
        let mut tasks = data.tasks.clone();
        tasks.sort_by_key(|task| (Reverse(task.heat), task.id));
        let hot = Tasks::all().order_by(task::heat.desc());
        let first_of = |by: &dyn Fn(&Task) -> Option<i32>| {
            let mut seen: BTreeMap<Option<i32>, usize> = BTreeMap::new();
            those(&tasks, |_| true)
                .into_iter()
                .filter(|task| {
                    let seen = seen.entry(by(task)).or_default();
                    *seen += 1;
                    *seen <= most
                })
                .collect::<Vec<_>>()
        };
        let (by_owner, by_assignee) = (first_of(&|task| Some(task.owner_id)), first_of(&|task| task.assignee_id));
        let limit = most as u64;
        assert_eq!(context.realise(hot.limit_per(task::owner, limit)).unwrap(), by_owner);
        assert_eq!(context.realise(hot.limit_per(task::assignee_id, limit)).unwrap(), by_assignee, "NULL is one value");
        let both = hot.limit_per(task::owner, limit).limit(6).offset(1);
        let cut: Vec<_> = by_owner.iter().skip(1).take(6).cloned().collect();
        assert_eq!(context.realise((&both, both.count())).unwrap(), (cut.clone(), cut.len() as u64));
        let filtered = hot.limit_per(task::owner, limit).filter(task::state.eq(State::Open));
        assert_eq!(context.realise(filtered).unwrap(), those(&by_owner, |task| task.state == State::Open));
    }
}
