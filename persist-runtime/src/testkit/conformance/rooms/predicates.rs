//! What a group is narrowed to: each predicate, and its complement, which is the rest.

use super::super::domain::*;
use super::super::trial::Trial;
use super::{filled, keys, owner, those};
use crate::Predicate;
use crate::context::Context;
use crate::prelude::*;
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

/// A predicate, and what it says of one row.
type Says<E> = (Predicate<E>, Box<dyn Fn(&E) -> bool>);

/// A list of predicates with what they say.
macro_rules! say {
    ($($predicate:expr => $test:expr),* $(,)?) => { vec![$(says($predicate, $test)),*] };
}

fn says<E>(predicate: Predicate<E>, test: impl Fn(&E) -> bool + 'static) -> Says<E> {
    (predicate, Box::new(test))
}

/// What satisfies each predicate, and what does not, are the rows that it says.
macro_rules! check {
    ($context:expr, $group:ident, $rows:expr, $says:expr) => {{
        let context: &mut Context<'_> = $context;
        for (predicate, test) in $says {
            let yes = those($rows, |row| test(row));
            let no = those($rows, |row| !test(row));
            let (is, is_not) = ($group::all().filter(predicate.clone()), $group::all().filter(!predicate.clone()));
            let (found, rest, count, exists) = context.realise((&is, &is_not, is.count(), is_not.exists())).unwrap();
            assert_eq!(keys(&found), keys(&yes), "{predicate:?}");
            assert_eq!(keys(&rest), keys(&no), "not {predicate:?}");
            assert_eq!((count, exists), (yes.len() as u64, !no.is_empty()), "{predicate:?}");
        }
    }};
}

/// Equal, different, less, greater, between: of numbers, of texts, of enums.
pub(crate) fn comparisons(at: &Trial<'_>) {
    let (place, data) = filled(at, 30);
    let says: Vec<Says<Task>> = say![
        task::heat.eq(7) => |task| task.heat == 7,
        task::heat.ne(7) => |task| task.heat != 7,
        task::heat.lt(7) => |task| task.heat < 7,
        task::heat.le(7) => |task| task.heat <= 7,
        task::heat.gt(7) => |task| task.heat > 7,
        task::heat.ge(7) => |task| task.heat >= 7,
        task::heat.between(4, 9) => |task| (4..=9).contains(&task.heat),
        task::heat.between(9, 4) => |_| false,
        task::title.gt("task 2") => |task| task.title.as_str() > "task 2",
        task::title.between("task 10", "task 12") => |task| ("task 10"..="task 12").contains(&task.title.as_str()),
        task::state.eq(State::OnHold) => |task| task.state == State::OnHold,
        task::id.le(task_id(3)) => |task| task.id <= task_id(3),
    ];
    check!(&mut place.context(), Tasks, &data.tasks, says);
}

/// A comparison with NULL is false, and its complement true.
pub(crate) fn nulls(at: &Trial<'_>) {
    let (place, data) = filled(at, 30);
    let says: Vec<Says<Task>> = say![
        task::score.eq(1.0) => |task| task.score == Some(1.0),
        task::score.ne(1.0) => |task| task.score != Some(1.0),
        task::score.lt(2.0) => |task| task.score.is_some_and(|score| score < 2.0),
        task::score.ge(2.0) => |task| task.score.is_some_and(|score| score >= 2.0),
        task::score.between(0.5, 3.0) => |task| task.score.is_some_and(|score| (0.5..=3.0).contains(&score)),
        task::score.is_null() => |task| task.score.is_none(),
        task::score.is_not_null() => |task| task.score.is_some(),
        task::score.eq(None) => |task| task.score.is_none(),
        task::score.ne(None) => |task| task.score.is_some(),
        task::score.le(None) => |_| false,
        !task::score.lt(2.0) & !task::score.ge(2.0) => |task| task.score.is_none(),
        task::score.lt(2.0) | task::assignee_id.is_null() =>
            |task| task.score.is_some_and(|score| score < 2.0) || task.assignee_id.is_none(),
        !(task::score.lt(2.0) | task::assignee_id.eq(3)) =>
            |task| task.score.is_none_or(|score| score >= 2.0) && task.assignee_id != Some(3),
    ];
    check!(&mut place.context(), Tasks, &data.tasks, says);
}

/// Lists of values, with NULL among them, and of none.
pub(crate) fn lists(at: &Trial<'_>) {
    let (place, data) = filled(at, 30);
    let says: Vec<Says<Task>> = say![
        task::heat.is_in([1, 7, 7, 999]) => |task| [1, 7].contains(&task.heat),
        task::heat.is_in(Vec::<i32>::new()) => |_| false,
        task::title.is_in(["task 1", "task 12", "TASK 3"]) => |task| ["task 1", "task 12"].contains(&task.title.as_str()),
        task::score.is_in([Some(0.5), Some(1.0)]) => |task| [Some(0.5), Some(1.0)].contains(&task.score),
        task::score.is_in([Some(0.5), None]) => |task| task.score.is_none_or(|score| score == 0.5),
        task::state.is_in([State::Open, State::Closed]) => |task| task.state != State::OnHold,
        task::id.is_in([task_id(3), task_id(99)]) => |task| task.id == task_id(3),
        task::heat.is_in(0..400) => |_| true,
        task::heat.is_in([3, 5]) & task::owner_id.is_in([0, 1, 2]) =>
            |task| [3, 5].contains(&task.heat) && task.owner_id < 3,
    ];
    check!(&mut place.context(), Tasks, &data.tasks, says);
}

const MOTTOS: [&str; 22] = [
    "",
    "a",
    "A",
    "ab",
    "AB",
    "aB",
    "ba",
    "a%",
    "a_",
    "%a",
    "_",
    "\\",
    "a\\b",
    "[a]",
    "a*",
    "é",
    "É",
    "e\u{301}",
    "ß",
    "a ",
    " a",
    "\u{1f600}a",
];

fn teams() -> Vec<Team> {
    let team = |(n, motto): (usize, Option<&str>)| Team { name: format!("{n:02}"), motto: motto.map(str::to_owned) };
    MOTTOS.into_iter().map(Some).chain([None]).enumerate().map(team).collect()
}

fn with_teams(at: &Trial<'_>, says: Vec<Says<Team>>) {
    let (place, teams) = (at.place(&[Team::TABLE]), teams());
    let context = &mut place.context();
    context.insert_all(&teams).unwrap();
    check!(context, Teams, &teams, says);
}

/// How a text begins, ends, and what is in it: no character means anything else than itself.
pub(crate) fn text(at: &Trial<'_>) {
    let mut says: Vec<Says<Team>> = Vec::new();
    for wanted in ["", "a", "A", "%", "_", "\\", "b", "é", "\u{301}", " ", "[", "*", "\u{1f600}", "a%"] {
        let motto = |test: fn(&str, &str) -> bool| {
            Box::new(move |team: &Team| team.motto.as_deref().is_some_and(|motto| test(motto, wanted)))
        };
        says.push((team::motto.starts_with(wanted), motto(|motto, wanted| motto.starts_with(wanted))));
        says.push((team::motto.ends_with(wanted), motto(|motto, wanted| motto.ends_with(wanted))));
        says.push((team::motto.contains(wanted), motto(|motto, wanted| motto.contains(wanted))));
        says.push((team::motto.eq(wanted), motto(|motto, wanted| motto == wanted)));
        says.push((team::motto.lt(wanted), motto(|motto, wanted| motto < wanted)));
    }
    with_teams(at, says);
}

/// Without case: that of ASCII letters, and of no others.
pub(crate) fn text_without_case(at: &Trial<'_>) {
    let mut says: Vec<Says<Team>> = Vec::new();
    for wanted in ["", "a", "A", "aB", "É", "é", "ß", "SS", "%", "_", "B", "\\B"] {
        let motto = |test: fn(&str, &str) -> bool| {
            let wanted = wanted.to_ascii_lowercase();
            Box::new(move |team: &Team| {
                team.motto.as_ref().is_some_and(|motto| test(&motto.to_ascii_lowercase(), &wanted))
            })
        };
        says.push((
            team::motto.starts_with_ignore_ascii_case(wanted),
            motto(|motto, wanted| motto.starts_with(wanted)),
        ));
        says.push((team::motto.ends_with_ignore_ascii_case(wanted), motto(|motto, wanted| motto.ends_with(wanted))));
        says.push((team::motto.contains_ignore_ascii_case(wanted), motto(|motto, wanted| motto.contains(wanted))));
        says.push((team::motto.eq_ignore_ascii_case(wanted), motto(|motto, wanted| motto == wanted)));
    }
    with_teams(at, says);
}

/// One column beside another: false where either is NULL.
pub(crate) fn columns(at: &Trial<'_>) {
    let (place, data) = filled(at, 30);
    let both = |test: fn(i32, i32) -> bool| move |task: &Task| task.assignee_id.is_some_and(|a| test(a, task.owner_id));
    let says: Vec<Says<Task>> = say![
        task::assignee_id.eq(task::owner_id) => both(|a, o| a == o),
        task::assignee_id.ne(task::owner_id) => |task| task.assignee_id != Some(task.owner_id),
        task::assignee_id.lt(task::owner_id) => both(|a, o| a < o),
        task::assignee_id.ge(task::owner_id) => both(|a, o| a >= o),
        task::heat.gt(task::owner_id) => |task| task.heat > task.owner_id,
        task::heat.is_in([task::owner_id]) => |task| task.heat == task.owner_id,
        task::heat.between(task::owner_id, 9) => |task| (task.owner_id..=9).contains(&task.heat),
    ];
    check!(&mut place.context(), Tasks, &data.tasks, says);
    let says: Vec<Says<Member>> = say![
        member::rank.eq(member::manager_id) => |m: &Member| m.rank.is_some() && m.rank == m.manager_id,
        member::rank.ne(member::manager_id) => |m: &Member| m.rank.is_none() || m.rank != m.manager_id,
        member::name.lt(member::team_name) => |m: &Member| m.team_name.as_ref().is_some_and(|team| m.name < *team),
    ];
    check!(&mut place.context(), Members, &data.members, says);
}

mod events {
    use super::super::values::sql::Zoned;
    use super::*;

    diesel::table! {
        use diesel::sql_types::*;
        use super::Zoned;
        events (id) { id -> Integer, day -> Date, moment -> Timestamp, zoned -> Zoned, maybe -> Nullable<Timestamp>, }
    }

    #[derive(Debug, Clone, PartialEq, Entity)]
    #[entity(table = events)]
    pub(super) struct Event {
        #[entity(key)]
        pub(super) id: i32,
        pub(super) day: NaiveDate,
        pub(super) moment: NaiveDateTime,
        pub(super) zoned: DateTime<Utc>,
        pub(super) maybe: Option<NaiveDateTime>,
    }
}

/// Days, months and years: both ends belong to them.
pub(crate) fn calendar(at: &Trial<'_>) {
    use events::{Event, Events, event};
    let moments = [
        "2019-12-31T23:59:59.999999",
        "2020-01-01T00:00:00",
        "2020-01-31T23:59:59.999999",
        "2020-02-01T00:00:00",
        "2020-02-29T12:00:00.5",
        "2020-03-01T00:00:00",
        "9999-12-31T23:59:59.999999",
    ];
    let event = |(id, text): (i32, &str)| {
        let moment: NaiveDateTime = text.parse().unwrap();
        let maybe = (id % 2 == 0).then_some(moment);
        Event { id, day: moment.date(), moment, zoned: moment.and_utc(), maybe }
    };
    let events: Vec<_> = (0..).zip(moments).map(event).collect();
    let place = at.place(&[Event::TABLE]);
    let context = &mut place.context();
    context.insert_all(&events).unwrap();
    let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
    let among = |ids: &'static [i32]| move |event: &Event| ids.contains(&event.id);
    let says: Vec<Says<Event>> = say![
        event::moment.on(day(2020, 2, 29)) => among(&[4]),
        event::day.on(day(2020, 2, 29)) => among(&[4]),
        event::zoned.on(day(2019, 12, 31)) => among(&[0]),
        event::moment.on(day(9999, 12, 31)) => among(&[6]),
        event::day.in_month(2020, 1) => among(&[1, 2]),
        event::moment.in_month(2020, 1) => among(&[1, 2]),
        event::zoned.in_month(2020, 2) => among(&[3, 4]),
        event::moment.in_month(2020, 13) => among(&[]),
        event::moment.in_year(2020) => among(&[1, 2, 3, 4, 5]),
        event::zoned.in_year(9999) => among(&[6]),
        event::maybe.in_year(2020) => among(&[2, 4]),
    ];
    check!(context, Events, &events, says);
}

/// Some, none, all of what a relation leads to, of each kind of relation.
pub(crate) fn through_relations(at: &Trial<'_>) {
    let (place, data) = filled(at, 30);
    let context = &mut place.context();
    let notes = data.notes.clone();
    let of = move |task: &Task| those(&notes, |note| note.task_id == Some(task.id));
    let (one, two, three) = (of.clone(), of.clone(), of.clone());
    let watches = data.watches.clone();
    let high: Vec<_> = data.members.iter().filter(|m| m.rank.is_some_and(|rank| rank > 4)).map(|m| m.id).collect();
    let watching = move |task: &Task| those(&watches, |watch| watch.task_id == task.id);
    let (some_high, all_high, members) = (high.clone(), high.clone(), data.members.clone());
    let (watching_all, rank) = (watching.clone(), move |id: i32| members[usize::try_from(id).unwrap()].rank);
    let says: Vec<Says<Task>> = say![
        task::notes.is_not_empty() => move |task| !of(task).is_empty(),
        task::notes.exists(note::pinned.eq(true)) => move |task| one(task).iter().any(|note| note.pinned),
        task::notes.none(note::pinned.eq(true)) => move |task| !two(task).iter().any(|note| note.pinned),
        task::notes.all(note::pinned.eq(true)) => move |task| three(task).iter().all(|note| note.pinned),
        task::owner.exists(member::rank.gt(4)) => move |task| rank(task.owner_id).is_some_and(|rank| rank > 4),
        task::assignee.is_empty() => |task| task.assignee_id.is_none(),
        task::watchers.exists(member::rank.gt(4)) =>
            move |task| watching(task).iter().any(|watch| some_high.contains(&watch.member_id)),
        task::watchers.all(member::rank.gt(4)) =>
            move |task| watching_all(task).iter().all(|watch| all_high.contains(&watch.member_id)),
    ];
    check!(context, Tasks, &data.tasks, says);
    // Of itself, and two relations on.
    let (members, managed) = (data.members.clone(), data.members.clone());
    let (tasks, pinned) = (data.tasks.clone(), data.notes.clone());
    let says: Vec<Says<Member>> = say![
        member::reports.is_not_empty() => move |m: &Member| members.iter().any(|other| other.manager_id == Some(m.id)),
        member::manager.exists(member::manager.is_empty()) => move |m: &Member| {
            m.manager_id.is_some_and(|id| managed[usize::try_from(id).unwrap()].manager_id.is_none())
        },
        member::owned.exists(task::notes.exists(note::pinned.eq(true))) => move |m: &Member| {
            let of_task = |task: &Task| pinned.iter().any(|note| note.pinned && note.task_id == Some(task.id));
            tasks.iter().any(|task| task.owner_id == m.id && of_task(task))
        },
    ];
    check!(context, Members, &data.members, says);
}

/// Relations by keys of several columns, also where a part of them is NULL.
pub(crate) fn through_composite_keys(at: &Trial<'_>) {
    let (place, data) = filled(at, 30);
    let context = &mut place.context();
    let pings = data.pings.clone();
    let of = move |watch: &Watch| {
        pings.iter().any(|ping| ping.task_id == watch.task_id && ping.member_id == Some(watch.member_id))
    };
    let none = of.clone();
    let says: Vec<Says<Watch>> = say![
        watch::pings.is_not_empty() => of,
        watch::pings.exists(ping::id.ge(0)) & watch::member_id.ge(0) => none,
    ];
    check!(context, Watches, &data.watches, says);
    let says: Vec<Says<Ping>> = say![
        ping::watch.is_empty() => |ping: &Ping| ping.member_id.is_none(),
        ping::watch.exists(watch::member_id.gt(2)) => |ping: &Ping| ping.member_id.is_some_and(|id| id > 2),
    ];
    check!(context, Pings, &data.pings, says);
}

/// A relation that leads into a group, which may be cut.
pub(crate) fn into_groups(at: &Trial<'_>) {
    let (place, data) = filled(at, 30);
    let context = &mut place.context();
    let mut hot: Vec<_> =
        data.tasks.iter().map(|task| (std::cmp::Reverse(task.heat), task.id, task.owner_id)).collect();
    hot.sort_unstable();
    let owners: Vec<_> = hot[..3].iter().map(|(_, _, owner)| *owner).collect();
    let hottest = Tasks::all().order_by(task::heat.desc()).limit(3);
    let says: Vec<Says<Member>> = say![
        member::owned.leads_into(hottest.clone()) => move |m: &Member| owners.contains(&m.id),
    ];
    check!(context, Members, &data.members, says);
    let (ranked, ranks) = (Members::all().filter(member::rank.ge(9)), [9, 10]);
    let owned_by: Vec<_> = data.tasks.iter().filter(|task| owner(&data, task).rank >= Some(9)).map(|t| t.id).collect();
    let says: Vec<Says<Task>> = say![
        task::owner_id.in_keys_of(&ranked) => move |task| owned_by.contains(&task.id),
        task::heat.in_values_of(&ranked, member::rank) => move |task| ranks.contains(&task.heat),
        task::assignee_id.in_values_of(&hottest, task::owner_id) => {
            let owners: Vec<_> = hot[..3].iter().map(|(_, _, owner)| Some(*owner)).collect();
            move |task| owners.contains(&task.assignee_id)
        },
    ];
    check!(context, Tasks, &data.tasks, says);
}
