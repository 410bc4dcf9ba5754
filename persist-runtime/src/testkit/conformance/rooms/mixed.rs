//! Mixed groups: entities of several kinds, searched, ordered and cut as one.

use super::super::domain::data::Data;
use super::super::domain::*;
use super::super::trial::Trial;
use super::filled;
use crate::context::Context;
use crate::prelude::*;
use std::cmp::Reverse;
use std::sync::Arc;

/// Keys of three types, with relations of its own in two kinds.
#[derive(Debug, PartialEq, View)]
#[view(common(name: String, rank: Option<i32>))]
enum Found {
    Member(Arc<MemberCard>),
    #[view(common(name = title, rank = heat))]
    Task(Task),
    #[view(common(name = body, rank = author_id))]
    Note(Arc<NoteLine>),
}

/// A text key and a key of two columns, and nothing in common.
#[derive(Debug, PartialEq, View)]
#[view(group = AnyOf, columns = any_of)]
enum Any {
    Watch(Watch),
    Team(Team),
}

/// A kind, a key, a name and a rank: what a row of the mixed group is, worked out without it.
type Row = (u8, u64, String, Option<i32>);

fn rows(data: &Data) -> Vec<Row> {
    let number = |task: &Task| u64::try_from(task.id.as_u128() & 0xffff).unwrap();
    let key = |id: i32| u64::try_from(id).unwrap();
    let members = data.members.iter().map(|m| (0, key(m.id), m.name.clone(), m.rank));
    let tasks = data.tasks.iter().map(|t| (1, number(t), t.title.clone(), Some(t.heat)));
    let notes = data.notes.iter().map(|n| (2, n.id.unsigned_abs(), n.body.clone(), Some(n.author_id)));
    members.chain(tasks).chain(notes).collect()
}

fn found(context: &mut Context<'_>, group: &Founds) -> Vec<(u8, u64)> {
    let key = |found: &Found| match found {
        Found::Member(card) => (0, u64::try_from(card.member.id).unwrap()),
        Found::Task(task) => (1, u64::try_from(task.id.as_u128() & 0xffff).unwrap()),
        Found::Note(note) => (2, note.id.unsigned_abs()),
    };
    context.realise(group).unwrap().iter().map(key).collect()
}

fn keys(rows: &[Row]) -> Vec<(u8, u64)> {
    rows.iter().map(|row| (row.0, row.1)).collect()
}

/// Kinds come in the order of the variants, each by key; and in an order of what they have in common.
pub(crate) fn ordered(at: &Trial<'_>) {
    let (place, data) = filled(at, 20);
    let context = &mut place.context();
    let mut rows = rows(&data);
    assert_eq!(found(context, &Founds::all()), keys(&rows));
    rows.sort_by_key(|(kind, key, name, rank)| (name.clone(), Reverse(*rank), *kind, *key));
    let ordered = Founds::all().order_by((found::name.asc(), found::rank.desc()));
    assert_eq!(found(context, &ordered), keys(&rows));
    for page in 0..5 {
        let cut = found(context, &ordered.limit(15).offset(page * 15));
        let from = rows.len().min(usize::try_from(page * 15).unwrap());
        assert_eq!(cut, keys(&rows[from..rows.len().min(from + 15)]));
    }
}

/// Filters below and above a cut, and counts.
pub(crate) fn filtered(at: &Trial<'_>) {
    let (place, data) = filled(at, 20);
    let context = &mut place.context();
    let mut rows = rows(&data);
    let some = Founds::all().filter(found::name.contains("1") | !found::rank.ge(3));
    rows.retain(|(_, _, name, rank)| name.contains('1') || rank.is_none_or(|rank| rank < 3));
    assert_eq!(found(context, &some), keys(&rows));
    assert_eq!(context.realise((some.count(), some.exists())).unwrap(), (rows.len() as u64, true));
    rows.sort_by_key(|(kind, key, name, _)| (Reverse(name.clone()), *kind, *key));
    let first = some.order_by(found::name.desc()).limit(9);
    let above = first.filter(found::rank.is_not_null());
    let left: Vec<_> = rows[..9].iter().filter(|row| row.3.is_some()).cloned().collect();
    assert_eq!(found(context, &above), keys(&left));
    assert_eq!(context.realise(above.count()).unwrap(), left.len() as u64);
}

/// Narrowed to one kind it is a group of its entity; made of groups that are cut already, it holds what they do.
pub(crate) fn narrowed(at: &Trial<'_>) {
    let (place, data) = filled(at, 20);
    let context = &mut place.context();
    let first = Founds::all().order_by((found::rank.desc(), found::name.asc())).limit(12);
    let mut rows = rows(&data);
    rows.sort_by_key(|(kind, key, name, rank)| (Reverse(*rank), name.clone(), *kind, *key));
    let of_tasks = rows[..12].iter().filter(|row| row.0 == 1).count();
    assert_eq!(context.realise(first.only_task().count()).unwrap(), of_tasks as u64);
    let ranked = Members::all().filter(member::rank.ge(5)).order_by(member::rank.desc()).limit(3);
    let some = Founds::of(&ranked, Tasks::from_keys([task_id(3)]), Notes::all().filter(note::id.lt(0)));
    let members = context.realise(ranked.order_by(member::id.asc())).unwrap();
    let mut expected: Vec<_> = members.iter().map(|member| (0, u64::try_from(member.id).unwrap())).collect();
    expected.push((1, 3));
    assert_eq!(found(context, &some), expected);
    let (watches, teams) = (data.watches.into_iter().map(Any::Watch), data.teams.into_iter().map(Any::Team));
    assert_eq!(context.realise(AnyOf::all()).unwrap(), watches.chain(teams).collect::<Vec<_>>());
    assert_eq!(context.realise(AnyOf::all().limit(3).only_watch()).unwrap().len(), 3);
}
