//! What views load along relations: each kind, in each container.

use super::super::domain::*;
use super::super::trial::{Trial, memory};
use super::{filled, keys, those};
use crate::context::{Context, Error};
use crate::engine::Problem;
use crate::prelude::*;
use crate::{Strategy, Value};
use std::cmp::Reverse;
use std::sync::Arc;

#[derive(Debug, PartialEq, View)]
#[view(of = Task)]
struct Staff {
    id: uuid::Uuid,
    owner: Arc<Member>,
    assignee: Option<Arc<Member>>,
}

/// One row, and one or none.
pub(crate) fn belongs_to(at: &Trial<'_>) {
    let (place, data) = filled(at, 30);
    let context = &mut place.context();
    let staff = context.realise(Tasks::all().view::<Staff>()).unwrap();
    assert_eq!(staff.len(), data.tasks.len());
    let member = |id: i32| &data.members[usize::try_from(id).unwrap()];
    for (staff, task) in staff.iter().zip(&data.tasks) {
        assert_eq!((staff.id, &*staff.owner), (task.id, member(task.owner_id)));
        assert_eq!(staff.assignee.as_deref(), task.assignee_id.map(member));
    }
    let same = |one: &Staff, other: &Staff| one.owner.id == other.owner.id;
    assert!(staff.windows(2).all(|pair| same(&pair[0], &pair[1]) == Arc::ptr_eq(&pair[0].owner, &pair[1].owner)));
}

/// A reference that leads nowhere is an error of its row, also where there may be none.
pub(crate) fn dangling_references(at: &Trial<'_>) {
    let (place, data) = filled(at, 12);
    let context = &mut place.context();
    let dangling = |context: &mut Context<'_>, task: Task, field: &str| {
        context.insert(&task).unwrap();
        let Err(Error::Rows(rows)) = context.realise(Tasks::all().view::<Staff>()) else { panic!("let through") };
        let [row] = rows.rows() else { panic!("{rows}") };
        assert_eq!((row.entity, row.field), ("Task", field));
        assert!(matches!(row.problem, Problem::Dangling { .. }), "{row}");
        context.delete_key::<Task>(task.id).unwrap();
    };
    dangling(context, Task { id: task_id(77), owner_id: 999, ..data.tasks[0].clone() }, "owner");
    dangling(context, Task { id: task_id(78), assignee_id: Some(999), ..data.tasks[0].clone() }, "assignee");
    assert_eq!(context.realise(Tasks::all().view::<Staff>()).unwrap().len(), 12);
}

#[derive(Debug, PartialEq, View)]
#[view(of = Task)]
struct Noted {
    notes: Vec<Note>,
    #[view(from = notes, order_by = (note::pinned.desc(), note::body.asc()))]
    by_body: Vec<Note>,
    #[view(count(notes))]
    count: i64,
}

/// All rows of each parent, by key and in another order; parents without any stay.
pub(crate) fn has_many(at: &Trial<'_>) {
    let (place, data) = filled(at, 30);
    let noted = place.context().realise(Tasks::all().view::<Noted>()).unwrap();
    assert_eq!(noted.len(), data.tasks.len());
    for (noted, task) in noted.iter().zip(&data.tasks) {
        let mut notes = those(&data.notes, |note| note.task_id == Some(task.id));
        assert_eq!((&noted.notes, noted.count), (&notes, notes.len() as i64));
        notes.sort_by_key(|note| (!note.pinned, note.body.clone(), note.id));
        assert_eq!(noted.by_body, notes);
    }
    assert!(noted.iter().any(|noted| noted.notes.is_empty()) && noted.iter().any(|noted| noted.notes.len() > 1));
}

#[derive(Debug, PartialEq, View)]
#[view(of = Member)]
struct First {
    id: i32,
    #[view(limit = 2, order_by = task::heat.desc())]
    owned: Vec<Task>,
    #[view(limit = 1)]
    notes: Vec<Note>,
    #[view(from = owned, limit = 1, order_by = task::title.desc(), filter = task::heat.lt(9))]
    cool: Vec<TaskLine>,
}

/// The first rows of each parent, in the order of the view, after its filter.
pub(crate) fn first_of_each_parent(at: &Trial<'_>) {
    let (place, data) = filled(at, 30);
    for first in place.context().realise(Members::all().view::<First>()).unwrap() {
        let mut owned = those(&data.tasks, |task| task.owner_id == first.id);
        let cool = owned.iter().filter(|task| task.heat < 9).max_by_key(|task| (task.title.clone(), Reverse(task.id)));
        assert_eq!(
            first.cool.iter().map(|task| task.id).collect::<Vec<_>>(),
            cool.map(|t| t.id).into_iter().collect::<Vec<_>>()
        );
        owned.sort_by_key(|task| (Reverse(task.heat), task.id));
        owned.truncate(2);
        assert_eq!(first.owned, owned);
        assert_eq!(first.notes.first(), data.notes.iter().find(|note| note.author_id == first.id));
    }
}

/// One or none of a relation; more than one is an error of the parent.
pub(crate) fn has_one(at: &Trial<'_>) {
    let place = at.place(TABLES);
    let context = &mut place.context();
    let data = data::Data::of(3);
    context.insert_all(&data.teams).unwrap();
    context.insert_all(&data.members).unwrap();
    context.insert_all(&data.tasks).unwrap();
    let note = |id, task, pinned| Note { id, task_id: Some(task_id(task)), author_id: 0, body: "b".into(), pinned };
    context.insert_all(&[note(1, 0, true), note(2, 0, false), note(3, 1, false)]).unwrap();
    let vote = |id, task| Vote { id, task_id: Some(task_id(task)), member_id: None };
    context.insert_all(&[vote(1, 0), vote(2, 2)]).unwrap();
    let soles = context.realise(Tasks::all().view::<TaskSole>()).unwrap();
    let found: Vec<_> = soles
        .iter()
        .map(|sole| (sole.vote.as_ref().map(|vote| vote.id), sole.top.as_ref().map(|top| top.id)))
        .collect();
    assert_eq!(found, [(Some(1), Some(1)), (None, None), (Some(2), None)]);
    context.insert(&vote(3, 0)).unwrap();
    let Err(Error::Rows(rows)) = context.realise(Tasks::all().view::<TaskSole>()) else { panic!("let through") };
    let [row] = rows.rows() else { panic!("{rows}") };
    assert_eq!((row.entity, row.field), ("Task", "vote"));
    assert_eq!(row.key, [Value::Uuid(task_id(0).into_bytes())]);
}

#[derive(Debug, PartialEq, View)]
#[view(of = Task)]
struct Watched {
    watchers: Vec<Arc<MemberName>>,
    #[view(from = watchers, limit = 1, order_by = (member::rank.desc(), member::id.desc()))]
    highest: Vec<MemberName>,
    #[view(count(watchers))]
    count: i64,
    voters: Vec<Arc<MemberName>>,
}

/// Over links, as often as they lead there; a link may have lost its end.
pub(crate) fn many_to_many(at: &Trial<'_>) {
    let (place, data) = filled(at, 30);
    let member = |id: i32| &data.members[usize::try_from(id).unwrap()];
    for (watched, task) in place.context().realise(Tasks::all().view::<Watched>()).unwrap().iter().zip(&data.tasks) {
        let watching = those(&data.watches, |watch| watch.task_id == task.id);
        let mut members: Vec<_> = watching.iter().map(|watch| member(watch.member_id)).collect();
        members.sort_by_key(|member| member.id);
        let ids = |members: &[Arc<MemberName>]| members.iter().map(|member| member.id).collect::<Vec<_>>();
        assert_eq!(ids(&watched.watchers), members.iter().map(|m| m.id).collect::<Vec<_>>());
        assert_eq!(watched.count, members.len() as i64);
        let highest = members.iter().max_by_key(|member| (member.rank, member.id));
        assert_eq!(watched.highest.first().map(|m| m.id), highest.map(|m| m.id));
        let mut voters: Vec<_> =
            data.votes.iter().filter(|v| v.task_id == Some(task.id)).filter_map(|v| v.member_id).collect();
        voters.sort_unstable();
        assert_eq!(ids(&watched.voters), voters, "as often as they voted");
    }
}

/// Each link with the row that it leads to, in the order of the links.
pub(crate) fn links_with_their_rows(at: &Trial<'_>) {
    let (place, data) = filled(at, 30);
    let mut votes = 0;
    for (links, task) in place.context().realise(Tasks::all().view::<TaskLinks>()).unwrap().iter().zip(&data.tasks) {
        let mut expected = those(&data.votes, |vote| vote.task_id == Some(task.id) && vote.member_id.is_some());
        for (vote, member) in &links.voters {
            assert_eq!(vote.member_id, Some(member.member.id));
        }
        votes += links.voters.len();
        let mut found: Vec<_> = links.voters.iter().map(|(vote, _)| vote.clone()).collect();
        found.sort_by_key(|vote| vote.id);
        assert_eq!(found, expected);
        expected.reverse();
        let last: Vec<_> = links.last_voters.iter().map(|(vote, _)| vote.id).collect();
        assert_eq!(last, expected.iter().take(2).map(|vote| vote.id).collect::<Vec<_>>());
        let order = |(vote, member): &(VoteLine, Arc<MemberName>)| (member.name.clone(), Reverse(vote.id));
        assert!(links.by_name.is_sorted_by_key(order));
    }
    assert!(votes > 5);
}

/// An entity that refers to itself, up and down.
pub(crate) fn of_itself(at: &Trial<'_>) {
    let (place, data) = filled(at, 30);
    for (tree, member) in
        place.context().realise(Members::all().view::<MemberTree>()).unwrap().iter().zip(&data.members)
    {
        let reports = those(&data.members, |other| other.manager_id == Some(member.id));
        assert_eq!(tree.reports.iter().map(|m| m.id).collect::<Vec<_>>(), keys(&reports));
        assert_eq!(tree.report_count, reports.len() as i64);
        assert_eq!(tree.manager.as_ref().map(|manager| manager.member.id), member.manager_id);
        assert_eq!(tree.card.team.as_ref().map(|team| &team.name), member.team_name.as_ref());
    }
}

/// Keys of several columns, on both sides, and with a part that may be NULL.
pub(crate) fn composite_keys(at: &Trial<'_>) {
    let (place, data) = filled(at, 30);
    let context = &mut place.context();
    for (page, watch) in context.realise(Watches::all().view::<WatchPage>()).unwrap().iter().zip(&data.watches) {
        let pings = those(&data.pings, |ping| ping.task_id == watch.task_id && ping.member_id == Some(watch.member_id));
        assert_eq!((&page.pings, page.ping_count), (&pings, pings.len() as i64));
        assert_eq!((page.member.id, page.task.id), (watch.member_id, watch.task_id));
    }
    for (page, ping) in context.realise(Pings::all().view::<PingPage>()).unwrap().iter().zip(&data.pings) {
        let watch = page.watch.as_ref().map(|watch| (watch.task.id, watch.member_id));
        assert_eq!((page.id, watch), (ping.id, ping.member_id.map(|member| (ping.task_id, member))));
    }
}

/// A relation's own condition holds in what is loaded, cut and counted.
pub(crate) fn conditions(at: &Trial<'_>) {
    let (place, data) = filled(at, 30);
    let high = |id: i32| data.members[usize::try_from(id).unwrap()].rank.is_some_and(|rank| rank >= 2);
    for (parts, task) in place.context().realise(Tasks::all().view::<TaskParts>()).unwrap().iter().zip(&data.tasks) {
        let mut pinned = those(&data.notes, |note| note.task_id == Some(task.id) && note.pinned);
        pinned.sort_by_key(|note| Reverse((note.body.clone(), note.id)));
        assert_eq!(parts.pinned.iter().map(|note| note.id).collect::<Vec<_>>(), keys(&pinned));
        assert_eq!((parts.first_pinned.first(), parts.pinned_count), (pinned.first(), pinned.len() as i64));
        let seniors = data.watches.iter().filter(|watch| watch.task_id == task.id && high(watch.member_id)).count();
        assert_eq!((parts.seniors.len(), parts.also_seniors.len()), (seniors, seniors));
        assert_eq!(parts.first_senior.len(), seniors.min(1));
    }
}

/// Rows by their key, and by another column.
pub(crate) fn maps(at: &Trial<'_>) {
    let (place, data) = filled(at, 30);
    let context = &mut place.context();
    for (maps, task) in context.realise(Tasks::all().view::<TaskMaps>()).unwrap().iter().zip(&data.tasks) {
        let notes = those(&data.notes, |note| note.task_id == Some(task.id));
        assert_eq!(maps.notes.keys().copied().collect::<Vec<_>>(), keys(&notes));
        assert!(maps.notes.iter().all(|(id, note)| note.id == *id && data.notes[*id as usize].body == note.body));
        let pinned = those(&notes, |note| note.pinned && note.body != "a");
        assert_eq!(maps.pinned.values().map(|note| (**note).clone()).collect::<Vec<_>>(), pinned);
    }
}

/// What a view's answer is, or its errors, as text.
fn shown<T: std::fmt::Debug>(answer: Result<Vec<T>, Error>) -> Vec<String> {
    match answer {
        Ok(rows) => rows.iter().map(|row| format!("{row:?}")).collect(),
        Err(Error::Rows(rows)) => {
            let mut errors: Vec<_> = rows.into_iter().map(|row| format!("{row:?}")).collect();
            // Rows that are found by their key come in no order.
            errors.sort();
            errors
        }
        Err(other) => panic!("{other}"),
    }
}

/// Every view of the domain, as text.
fn everything(context: &mut Context<'_>) -> Vec<Vec<String>> {
    macro_rules! all {
        ($($group:ident: $($view:ident)*;)*) => {
            vec![$($(shown(context.realise($group::all().view::<$view>()))),*),*]
        };
    }
    all! {
        Teams: Team TeamName TeamPage;
        Members: Member MemberCard MemberTree MemberTasks;
        Tasks: TaskLine TaskPage TaskNotes TaskSole TaskParts TaskLinks TaskMaps TaskMapsBy TaskRanks;
        Notes: NoteLine;
        Watches: WatchPage WatchLine;
        Votes: VoteLine;
        Pings: PingPage;
    }
}

fn same_as_memory(place_context: &mut Context<'_>, data: &data::Data) {
    let memory = &mut memory();
    data.insert(memory).unwrap();
    for (found, expected) in everything(place_context).iter().zip(everything(memory)) {
        assert_eq!(*found, expected);
    }
}

/// Views of several levels give what memory gives, in the same order.
pub(crate) fn pages(at: &Trial<'_>) {
    let (place, data) = filled(at, 40);
    same_as_memory(&mut place.context(), &data);
    let (place, data) = filled(at, 2);
    same_as_memory(&mut place.context(), &data);
    same_as_memory(&mut at.place(TABLES).context(), &data::Data::default());
}

/// However relations are loaded, it is the same.
pub(crate) fn strategies(at: &Trial<'_>) {
    let (place, data) = filled(at, 25);
    for strategy in [Strategy::Keys, Strategy::Join] {
        same_as_memory(&mut place.context().with_strategy(strategy), &data);
    }
    let mut context = place.context().with_strategy(Strategy::Subselect);
    let open = Tasks::all().filter(task::state.eq(State::Open));
    let noted = context.realise(open.view::<TaskNotes>()).unwrap();
    let notes = |task: &Task| those(&data.notes, |note| note.task_id == Some(task.id));
    let expected: Vec<_> = those(&data.tasks, |task| task.state == State::Open).iter().map(notes).collect();
    assert_eq!(noted.into_iter().map(|task| task.notes).collect::<Vec<_>>(), expected);
}

/// More parents than a statement can name at once.
pub(crate) fn more_parents_than_keys(at: &Trial<'_>) {
    let place = at.place(&[Team::TABLE, Member::TABLE]);
    let context = &mut place.context();
    let member = |id: i32| Member {
        id,
        name: format!("m{id}"),
        rank: None,
        team_name: None,
        manager_id: (id > 0).then_some((id - 1) / 2),
    };
    let members: Vec<_> = (0..3_000).map(member).collect();
    context.insert_all(&members).unwrap();
    let trees = context.realise(Members::all().view::<MemberTree>()).unwrap();
    let below = |id: i32| those(&members, |member| member.manager_id == Some(id));
    assert_eq!(trees.len(), 3_000);
    for id in [0, 1, 777, 1_499, 1_500, 2_999] {
        let tree = &trees[usize::try_from(id).unwrap()];
        assert_eq!(tree.reports.iter().map(|report| report.id).collect::<Vec<_>>(), keys(&below(id)));
        assert_eq!(tree.manager.as_ref().map(|m| m.member.id), members[usize::try_from(id).unwrap()].manager_id);
    }
    let sent = context.stats();
    assert!(sent.statements - sent.chunks <= <MemberTree as View>::STATEMENTS as u64 + 1, "{sent}");
}
