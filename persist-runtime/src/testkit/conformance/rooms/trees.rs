//! Trees: to a depth, whole, and what is reached; cycles are found.

use super::super::domain::*;
use super::super::trial::{Place, Trial};
use super::{keys, those};
use crate::context::Error;
use crate::engine::Problem;
use crate::prelude::*;
use crate::view::Branch;

#[derive(Debug, PartialEq, View)]
#[view(of = Member)]
struct Below {
    id: i32,
    #[view(depth = 2, order_by = member::name.desc())]
    reports: Branch<Vec<Below>>,
}

#[derive(Debug, PartialEq, View)]
#[view(of = Member)]
struct Whole {
    id: i32,
    #[view(recursive)]
    reports: Branch<Vec<Whole>>,
}

/// Whose manager is who: 0 over 1, 2 and 3; 1 over 4 and 5; 4 over 6; 6 over 7; and 8 alone.
const MANAGERS: [Option<i32>; 9] = [None, Some(0), Some(0), Some(0), Some(1), Some(1), Some(4), Some(6), None];

fn planted(at: &Trial<'_>, managers: &[Option<i32>]) -> (Place, Vec<Member>) {
    let member = |(id, manager_id): (i32, &Option<i32>)| Member {
        id,
        name: format!("m{id}"),
        rank: None,
        team_name: None,
        manager_id: *manager_id,
    };
    let members: Vec<_> = (0..).zip(managers).map(member).collect();
    let place = at.place(&[Team::TABLE, Member::TABLE]);
    place.context().insert_all(&members).unwrap();
    (place, members)
}

/// So many levels, and a word where it is cut.
pub(crate) fn to_a_depth(at: &Trial<'_>) {
    let (place, _) = planted(at, &MANAGERS);
    let leaf = |id| Below { id, reports: Branch::Cut };
    let above = |id, reports| Below { id, reports: Branch::Loaded(reports) };
    let one = above(1, vec![leaf(5), leaf(4)]);
    let expected = vec![above(0, vec![above(3, vec![]), above(2, vec![]), one]), above(8, vec![])];
    let roots = Members::all().filter(member::manager_id.is_null());
    assert_eq!(place.context().realise(roots.view::<Below>()).unwrap(), expected);
}

/// All levels, however many there are.
pub(crate) fn whole(at: &Trial<'_>) {
    let (place, _) = planted(at, &MANAGERS);
    let context = &mut place.context();
    let node = |id, reports| Whole { id, reports: Branch::Loaded(reports) };
    let deep = node(4, vec![node(6, vec![node(7, vec![])])]);
    let expected =
        vec![node(0, vec![node(1, vec![deep, node(5, vec![])]), node(2, vec![]), node(3, vec![])]), node(8, vec![])];
    let roots = Members::all().filter(member::manager_id.is_null());
    assert_eq!(context.realise(roots.view::<Whole>()).unwrap(), expected);
    // A group that holds a row and what is below it.
    let some = context.realise(Members::from_keys([4, 6]).view::<Whole>()).unwrap();
    assert_eq!(some, [node(4, vec![node(6, vec![node(7, vec![])])]), node(6, vec![node(7, vec![])])]);
}

/// What some rows lead to, directly or over others.
pub(crate) fn reach(at: &Trial<'_>) {
    let (place, members) = planted(at, &MANAGERS);
    let context = &mut place.context();
    let those_of = |ids: &[i32]| those(&members, |member| ids.contains(&member.id));
    let below = Members::from_keys([1]).reach(member::reports);
    let above = Members::from_keys([6, 8]).reach(member::manager);
    let both = context.realise((&below, &above, below.count())).unwrap();
    assert_eq!(both, (those_of(&[4, 5, 6, 7]), those_of(&[0, 1, 4]), 4));
    let cut = below.filter(member::id.gt(4)).order_by(member::id.desc()).limit(2);
    assert_eq!(keys(&context.realise(cut).unwrap()), [7, 6]);
    assert_eq!(context.realise(&below & &above).unwrap(), those_of(&[4]));
    assert_eq!(
        context.realise(Members::from_keys([7]).reach(member::manager).reach(member::reports)).unwrap().len(),
        7
    );
}

/// A cycle in the data ends, or is an error: it never hangs and is never cut in silence.
pub(crate) fn cycles(at: &Trial<'_>) {
    let (place, members) = planted(at, &[Some(2), Some(0), Some(1), None, Some(5), Some(4)]);
    let context = &mut place.context();
    let reached = Members::from_keys([1]).reach(member::reports);
    assert_eq!(context.realise(&reached).unwrap(), those(&members, |member| member.id < 3));
    for realised in [
        context.realise(Members::from_keys([4]).view::<Below>()).map(drop),
        context.realise(Members::from_keys([1]).view::<Whole>()).map(drop),
    ] {
        let Err(Error::Rows(rows)) = realised else { panic!("{realised:?}") };
        assert!(matches!(rows.rows()[0].problem, Problem::Cycle { .. }), "{rows}");
    }
    assert_eq!(
        context.realise(Members::from_keys([3]).view::<Whole>()).unwrap(),
        [Whole { id: 3, reports: Branch::Loaded(vec![]) }]
    );
}
