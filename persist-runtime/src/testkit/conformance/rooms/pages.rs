//! Pages and streams: the rows of a group, a few at a time, each once.

use super::super::domain::*;
use super::super::trial::Trial;
use super::{filled, keys};
use crate::context::Context;
use crate::group::{Cursor, CursorKey};
use crate::view::Page;

fn sealed(cursor: &Cursor<Member>) -> Cursor<Member> {
    let key = CursorKey::new([7; 32]);
    Cursor::open(&cursor.seal(&key), &key).unwrap()
}

/// All pages from the beginning on, then all from the end on; through texts, as links have them.
fn walk(context: &mut Context<'_>, group: &Members, size: u32) -> [Vec<Vec<i32>>; 2] {
    let ask = || group.page::<Member>(size);
    let mut forward = Vec::new();
    let mut page: Page<Member> = context.realise(ask()).unwrap();
    assert!(page.previous.is_none());
    loop {
        forward.push(keys(&page.rows));
        let Some(next) = page.next.take() else { break };
        page = context.realise(ask().after(sealed(&next)).unwrap()).unwrap();
    }
    let mut backward = Vec::new();
    page = context.realise(ask().last()).unwrap();
    assert!(page.next.is_none());
    loop {
        backward.insert(0, keys(&page.rows));
        let Some(previous) = page.previous.take() else { break };
        page = context.realise(ask().before(sealed(&previous)).unwrap()).unwrap();
    }
    [forward, backward]
}

fn check(at: &Trial<'_>, groups: &[Members]) {
    let (place, _) = filled(at, 23);
    let context = &mut place.context();
    for group in groups {
        let rows = keys(&context.realise(group).unwrap());
        for size in [1, 4, 23, 50] {
            for pages in walk(context, group, size) {
                assert_eq!(pages.concat(), rows, "{group:?} by {size}");
                let count = rows.len().div_ceil(usize::try_from(size).unwrap()).max(1);
                assert_eq!(pages.len(), count, "{group:?} by {size}");
            }
        }
    }
}

/// Pages by key, and by columns in either direction.
pub(crate) fn of_columns(at: &Trial<'_>) {
    let all = Members::all();
    check(
        at,
        &[
            all.clone(),
            all.order_by(member::id.desc()),
            all.order_by(member::name.asc()),
            all.order_by((member::name.desc(), member::id.desc())),
            all.order_by((member::name.asc(), member::id.desc())),
        ],
    );
}

/// Pages in an order with NULLs.
pub(crate) fn of_nulls(at: &Trial<'_>) {
    let all = Members::all();
    check(
        at,
        &[
            all.order_by(member::rank.asc()),
            all.order_by(member::rank.desc()),
            all.order_by((member::team_name.desc(), member::rank.asc(), member::name.desc())),
        ],
    );
}

/// Pages of what is filtered, cut, led to, and of nothing.
pub(crate) fn of_groups(at: &Trial<'_>) {
    let ranked = Members::all().order_by(member::rank.desc());
    check(
        at,
        &[
            ranked.limit(7).offset(2),
            ranked.filter(member::name.ne("member 1")),
            Tasks::all().filter(task::heat.gt(5)).owners().order_by(member::name.asc()),
            ranked.filter(member::id.lt(0)),
            Members::from_keys([]),
        ],
    );
}

/// Rows that come and go between two pages: none comes twice, none that stays is passed over.
pub(crate) fn while_rows_come_and_go(at: &Trial<'_>) {
    let (place, data) = filled(at, 20);
    let (context, other) = (&mut place.context(), &mut place.context());
    let group = Members::all().order_by(member::rank.asc());
    let ask = || group.page::<Member>(3);
    let mut page: Page<Member> = context.realise(ask()).unwrap();
    let mut seen = Vec::new();
    let mut gone = Vec::new();
    for step in 0.. {
        seen.append(&mut page.rows);
        let Some(next) = page.next.take() else { break };
        let rank = [None, Some(0), Some(5), Some(11)][step % 4];
        let new = 100 + i32::try_from(step).unwrap();
        other.insert(&Member { id: new, rank, ..data.members[0].clone() }).unwrap();
        // The row that the cursor was made of, at times.
        let old = if step % 2 == 0 { seen.last().unwrap().id } else { data.members[step].id };
        if other.delete_key::<Member>(old).is_ok() {
            gone.push(old);
        }
        page = context.realise(ask().after(&next).unwrap()).unwrap();
    }
    assert!(seen.iter().map(|member| (member.rank, member.id)).is_sorted(), "in order");
    let mut ids = keys(&seen);
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), seen.len(), "none twice");
    assert!(data.members.iter().all(|member| gone.contains(&member.id) || seen.contains(member)), "none passed over");
}

/// Chunks of a stream are the whole together.
pub(crate) fn streams(at: &Trial<'_>) {
    let (place, _) = filled(at, 20);
    let context = &mut place.context();
    let ranked = Members::all().order_by((member::rank.desc(), member::name.asc()));
    for (group, size, sizes) in [
        (ranked.clone(), 7, vec![7, 7, 6]),
        (ranked.clone(), 10, vec![10, 10]),
        (ranked.clone(), 100, vec![20]),
        (ranked.limit(8).offset(3), 3, vec![3, 3, 2]),
        (ranked.filter(member::id.lt(0)), 3, vec![]),
    ] {
        let whole = context.realise(&group).unwrap();
        let chunks: Vec<Vec<Member>> = context.stream(group.view::<Member>(), size).collect::<Result<_, _>>().unwrap();
        assert_eq!(chunks.iter().map(Vec::len).collect::<Vec<_>>(), sizes, "{group:?} by {size}");
        assert_eq!(chunks.concat(), whole);
        let trees: Vec<MemberTree> =
            context.stream(group.view::<MemberTree>(), size).rows().collect::<Result<_, _>>().unwrap();
        assert!(trees.iter().zip(&whole).all(|(tree, member)| tree.card.member.id == member.id));
    }
}

/// What others write while a stream runs is not in it; after a stream that was dropped half way all goes on.
pub(crate) fn streams_see_one_state(at: &Trial<'_>) {
    let (place, data) = filled(at, 8);
    let (context, other) = (&mut place.context(), &mut place.context());
    let mut stream = context.stream(Members::all().view::<Member>(), 3);
    assert_eq!(stream.next().unwrap().unwrap().len(), 3);
    other.insert(&Member { id: 100, ..data.members[0].clone() }).unwrap();
    let rest: Vec<Vec<Member>> = stream.by_ref().collect::<Result<_, _>>().unwrap();
    assert_eq!(rest.concat(), data.members[3..]);
    drop(stream);
    assert_eq!(context.realise(Members::all().count()).unwrap(), 9);
    let mut stream = context.stream(Members::all().view::<Member>(), 3);
    stream.next().unwrap().unwrap();
    drop(stream);
    context.insert(&Member { id: 101, ..data.members[0].clone() }).unwrap();
    assert_eq!(context.realise(Members::all().count()).unwrap(), 10);
}
