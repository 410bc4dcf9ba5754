//! Scopes: what a context hides might as well not be there, whatever leads to it.

use super::super::domain::*;
use super::super::trial::Trial;
use super::{filled, keys, those};
use crate::context::Error;
use crate::engine::Problem;
use crate::prelude::*;
use std::sync::Arc;

#[derive(Debug, PartialEq, View)]
#[view(of = Task)]
struct Staffed {
    id: uuid::Uuid,
    assignee: Option<Arc<MemberName>>,
    watchers: Vec<Arc<MemberName>>,
    #[view(from = watchers, limit = 1, order_by = member::id.asc())]
    first: Vec<MemberName>,
    #[view(count(watchers))]
    count: i64,
}

#[derive(Debug, PartialEq, View)]
#[view(of = Task)]
struct Needy {
    id: uuid::Uuid,
    owner: Arc<MemberName>,
}

/// Rows are hidden from groups, counts and limits.
pub(crate) fn groups(at: &Trial<'_>) {
    let (place, data) = filled(at, 30);
    let context = &mut place.context();
    context.scope::<Task>(Tasks::all().filter(task::heat.ge(9)));
    let seen = those(&data.tasks, |task| task.heat >= 9);
    assert_eq!(context.realise((Tasks::all(), Tasks::all().count())).unwrap(), (seen.clone(), seen.len() as u64));
    assert_eq!(context.realise(Tasks::all().limit(3)).unwrap(), seen[..3], "what is hidden takes no place");
    assert_eq!(context.realise(Tasks::from_keys(keys(&data.tasks)).count()).unwrap(), seen.len() as u64);
    assert_eq!(context.realise(Tasks::all().max(task::heat)).unwrap(), Some(16));
    assert!(!context.realise(Tasks::all().filter(task::heat.lt(9)).exists()).unwrap());
    let owners = those(&data.members, |member| seen.iter().any(|task| task.owner_id == member.id));
    assert_eq!(context.realise(Tasks::all().owners()).unwrap(), owners);
    assert_eq!(context.without_scope::<Task>().realise(Tasks::all().count()).unwrap(), 30);
}

/// Rows are hidden from what leads to them: a reference that may be NULL is as if it were, links are not there.
pub(crate) fn relations(at: &Trial<'_>) {
    let (place, _) = filled(at, 30);
    let context = &mut place.context();
    let all = context.realise(Tasks::all().view::<Staffed>()).unwrap();
    context.scope::<Member>(Members::all().filter(member::id.ge(8)));
    let seen = context.realise(Tasks::all().view::<Staffed>()).unwrap();
    assert_eq!(seen.len(), all.len());
    let mut hidden = 0;
    for (seen, all) in seen.iter().zip(&all) {
        let kept = |member: &&Arc<MemberName>| member.id >= 8;
        assert_eq!(seen.assignee.as_ref(), all.assignee.as_ref().filter(kept));
        let watchers: Vec<_> = all.watchers.iter().filter(kept).cloned().collect();
        assert_eq!((&seen.watchers, seen.count), (&watchers, watchers.len() as i64));
        assert_eq!(seen.first.first(), watchers.first().map(|member| &**member));
        hidden += all.watchers.len() - watchers.len();
    }
    assert!(hidden > 0);
}

/// A reference that must lead somewhere is an error that tells no more than that it is hidden.
pub(crate) fn required_references(at: &Trial<'_>) {
    let (place, data) = filled(at, 12);
    let context = &mut place.context();
    context.scope::<Member>(Members::all().filter(member::id.ge(1)));
    context.insert(&Task { id: task_id(77), owner_id: 999, ..data.tasks[0].clone() }).unwrap();
    for id in [data.tasks[0].id, task_id(77)] {
        let Err(Error::Rows(rows)) = context.realise(Tasks::from_keys([id]).view::<Needy>()) else { panic!("shown") };
        let [row] = rows.rows() else { panic!("{rows}") };
        assert_eq!((&row.problem, row.field), (&Problem::Hidden { entity: "Member" }, "owner"));
    }
}

/// Conditions and orders through what is hidden.
pub(crate) fn conditions_and_orders(at: &Trial<'_>) {
    let (place, data) = filled(at, 30);
    let context = &mut place.context();
    context.scope::<Note>(Notes::all().filter(note::pinned.eq(true)));
    let pinned = |task: &Task| data.notes.iter().filter(|note| note.pinned && note.task_id == Some(task.id)).count();
    let noted = those(&data.tasks, |task| pinned(task) > 0);
    let some = Tasks::all().filter(task::notes.is_not_empty());
    assert_eq!(context.realise((&some, Notes::all().tasks())).unwrap(), (noted.clone(), noted));
    let mut tasks = data.tasks.clone();
    tasks.sort_by_key(|task| (std::cmp::Reverse(pinned(task)), task.id));
    assert_eq!(context.realise(Tasks::all().order_by(task::notes.count().desc())).unwrap(), tasks);
}

/// What is hidden is not written either.
pub(crate) fn writes_of_groups(at: &Trial<'_>) {
    let (place, data) = filled(at, 30);
    let context = &mut place.context();
    context.scope::<Note>(Notes::all().filter(note::pinned.eq(false)));
    let loose = those(&data.notes, |note| !note.pinned).len() as u64;
    let changes = Changes::<Note>::new().set(note::body, "new");
    assert_eq!(context.update(&Notes::all(), changes).unwrap(), loose);
    assert_eq!(context.delete_all(&Notes::all().filter(note::body.eq("new"))).unwrap(), loose);
    assert_eq!(context.without_scope::<Note>().realise(Notes::all()).unwrap(), those(&data.notes, |note| note.pinned));
}
