//! Orders: total, and the same everywhere.

use super::super::domain::*;
use super::super::trial::Trial;
use super::{filled, keys, owner};
use crate::Order;
use crate::prelude::*;
use std::cmp::Reverse;

/// An order, and what it sorts tasks by.
type By<K> = (Vec<Order<Task>>, Box<dyn Fn(&Task) -> K>);

/// What `order` makes of all tasks is what `by` sorts them by; within the same, by key.
fn tasks_by<K: Ord>(at: &Trial<'_>, cases: Vec<By<K>>) {
    let (place, data) = filled(at, 30);
    let context = &mut place.context();
    for (order, by) in cases {
        let mut expected = data.tasks.clone();
        expected.sort_by_key(|task| (by(task), task.id));
        let group = Tasks::all().order_by(order);
        assert_eq!(keys(&context.realise(&group).unwrap()), keys(&expected), "{group:?}");
    }
}

/// Without an order, rows come by key.
pub(crate) fn keys_by_default(at: &Trial<'_>) {
    let place = at.place(TABLES);
    let context = &mut place.context();
    let team = |name: &str| Team { name: name.to_owned(), motto: None };
    context.insert_all(&["b", "a", "B", "", "é", "aa"].map(team)).unwrap();
    let names: Vec<_> = context.realise(Teams::all()).unwrap().into_iter().map(|team| team.name).collect();
    assert_eq!(names, ["", "B", "a", "aa", "b", "é"]);
    let watch = |(task, member_id): (u32, i32)| Watch { task_id: task_id(task), member_id };
    let watches = [(2, 1), (1, 9), (1, -3), (3, 0)].map(watch);
    context.insert_all(&watches).unwrap();
    let [first, second, third, fourth] = watches;
    assert_eq!(context.realise(Watches::all()).unwrap(), [third, second, first, fourth]);
}

/// What is the same in the order comes by key, in whichever direction the order goes.
pub(crate) fn ties(at: &Trial<'_>) {
    tasks_by(
        at,
        vec![
            (
                vec![task::state.asc()],
                Box::new(|task: &Task| match task.state {
                    State::OnHold => "ON HOLD".to_owned(),
                    State::Closed => "closed".to_owned(),
                    State::Open => "open".to_owned(),
                }),
            ),
            (vec![task::title.asc()], Box::new(|task| task.title.clone())),
        ],
    );
    tasks_by(
        at,
        vec![
            (vec![task::owner_id.desc()], Box::new(|task: &Task| (Reverse(task.owner_id), 0))),
            (vec![task::owner_id.desc(), task::heat.asc()], Box::new(|task| (Reverse(task.owner_id), task.heat))),
        ],
    );
}

/// NULLs come first ascending, last descending.
pub(crate) fn nulls(at: &Trial<'_>) {
    tasks_by(
        at,
        vec![
            (vec![task::assignee_id.asc()], Box::new(|task: &Task| task.assignee_id)),
            (vec![task::score.asc()], Box::new(|task| task.score.map(doubled))),
        ],
    );
    tasks_by(at, vec![(vec![task::assignee_id.desc()], Box::new(|task: &Task| Reverse(task.assignee_id)))]);
}

/// Scores are halves.
#[allow(clippy::cast_possible_truncation, reason = "of small numbers")]
fn doubled(score: f64) -> i32 {
    (score * 2.0) as i32
}

/// Text goes by code point: neither by a locale nor without case.
pub(crate) fn text(at: &Trial<'_>) {
    let place = at.place(&[Team::TABLE]);
    let context = &mut place.context();
    let mut mottos = ["", "A", "B", "Z", "a", "a ", "a%b", "a\\b", "a_b", "b", "ss", "z", "ß", "é", "e\u{301}", "É"]
        .map(str::to_owned)
        .to_vec();
    mottos.extend(["\u{ffee}", "\u{1f600}", " a", "-a", "aB", "ab", "\u{7f}", "\u{d7ff}"].map(str::to_owned));
    let team = |(n, motto): (usize, &String)| Team { name: format!("{:02}", n * 7 % 24), motto: Some(motto.clone()) };
    let teams: Vec<_> = mottos.iter().enumerate().map(team).collect();
    context.insert_all(&teams).unwrap();
    mottos.sort_unstable();
    let read = |context: &mut Context<'_>, order| {
        let teams = context.realise(Teams::all().order_by(order)).unwrap();
        teams.into_iter().filter_map(|team| team.motto).collect::<Vec<_>>()
    };
    assert_eq!(read(context, team::motto.asc()), mottos);
    mottos.reverse();
    assert_eq!(read(context, team::motto.desc()), mottos);
}

/// By several columns, each in its direction.
pub(crate) fn several_columns(at: &Trial<'_>) {
    tasks_by(
        at,
        vec![
            (
                vec![task::title.asc(), task::heat.desc()],
                Box::new(|task: &Task| (task.title.clone(), Reverse(Some(task.heat)))),
            ),
            (
                vec![task::title.asc(), task::assignee_id.desc(), task::id.asc()],
                Box::new(|task| (task.title.clone(), Reverse(task.assignee_id))),
            ),
        ],
    );
    // The key as a part of the order, the other way round.
    let (place, data) = filled(at, 12);
    let mut backwards = data.tasks.clone();
    backwards.sort_by_key(|task| (task.state == State::Open, Reverse(task.id)));
    let group = Tasks::all().filter(task::state.ne(State::Open)).order_by(task::id.desc());
    backwards.retain(|task| task.state != State::Open);
    assert_eq!(place.context().realise(group).unwrap(), backwards);
}

/// By a column of the row that a reference leads to; no such row is NULL.
pub(crate) fn related_rows(at: &Trial<'_>) {
    let (place, data) = filled(at, 30);
    let context = &mut place.context();
    let assignee = |task: &Task| task.assignee_id.map(|id| data.members[usize::try_from(id).unwrap()].clone());
    let mut tasks = data.tasks.clone();
    tasks.sort_by_key(|task| (owner(&data, task).name.clone(), task.id));
    let by_owner = Tasks::all().order_by(task::owner.by(member::name).asc());
    assert_eq!(context.realise(&by_owner).unwrap(), tasks);
    tasks.sort_by_key(|task| (Reverse(assignee(task).and_then(|member| member.rank)), task.heat, task.id));
    let by_rank = Tasks::all().order_by((task::assignee.by(member::rank).desc(), task::heat.asc()));
    assert_eq!(context.realise(&by_rank).unwrap(), tasks);
    assert_eq!(context.realise(by_rank.limit(7).offset(2)).unwrap(), tasks[2..9]);
    // Of itself.
    let mut members = data.members.clone();
    let manager = |m: &Member| m.manager_id.map(|id| data.members[usize::try_from(id).unwrap()].name.clone());
    members.sort_by_key(|member| (manager(member), member.id));
    assert_eq!(context.realise(Members::all().order_by(member::manager.by(member::name).asc())).unwrap(), members);
}

/// By how many rows a relation leads to, over links and with conditions too.
pub(crate) fn counts(at: &Trial<'_>) {
    let (place, data) = filled(at, 30);
    let context = &mut place.context();
    let notes = |task: &Task| data.notes.iter().filter(|note| note.task_id == Some(task.id)).count();
    let loose = |task: &Task| data.notes.iter().filter(|note| note.task_id == Some(task.id) && !note.pinned).count();
    let watchers = |task: &Task| data.watches.iter().filter(|watch| watch.task_id == task.id).count();
    let mut tasks = data.tasks.clone();
    tasks.sort_by_key(|task| (Reverse(notes(task)), task.id));
    assert_eq!(context.realise(Tasks::all().order_by(task::notes.count().desc())).unwrap(), tasks);
    tasks.sort_by_key(|task| (watchers(task), Reverse(loose(task)), task.id));
    let group = Tasks::all().order_by((task::watchers.count().asc(), task::loose.count().desc()));
    assert_eq!(context.realise(&group).unwrap(), tasks);
    assert_eq!(context.realise(group.limit(5)).unwrap(), tasks[..5]);
}
