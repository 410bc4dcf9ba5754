//! Trees: a view that holds itself to a depth; where it is cut it says so, and cycles are errors.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use persist::prelude::*;
use persist::{Branch, Context, Error, KeyText, Problem};
use persist_tests::stores;
use persist_tests::tracker::*;
use proptest::prelude::*;
use std::sync::Arc;

/// Those below, three levels deep.
#[derive(Debug, PartialEq, View)]
#[view(of = Member, budget = 5)]
struct Below {
    id: i32,
    team: Option<Arc<Team>>,
    #[view(depth = 3, order_by = member::name.desc())]
    reports: Branch<Vec<Below>>,
}

/// Those above and below.
#[derive(Debug, Clone, PartialEq, View)]
#[view(of = Member)]
struct Both {
    id: i32,
    #[view(depth = 2)]
    manager: Branch<Option<Arc<Both>>>,
    #[view(depth = 1)]
    reports: Branch<Arc<[Both]>>,
}

/// Trees within another view, with a limit on each level.
#[derive(Debug, PartialEq, View)]
#[view(of = Task)]
struct Owned {
    #[view(flatten)]
    line: TaskLine,
    owner: Arc<Some2>,
    assignee: Option<Arc<Both>>,
}

#[derive(Debug, Clone, PartialEq, View)]
#[view(of = Member)]
struct Some2 {
    name: String,
    #[view(depth = 2, limit = 2, order_by = member::id.desc())]
    reports: Branch<Vec<Arc<Some2>>>,
}

fn member(id: i32, manager: Option<i32>) -> Member {
    let name = format!("m{id}");
    Member { id, name, rank: None, team_name: (id % 2 > 0).then(|| "red".to_owned()), manager_id: manager }
}

fn below(rows: &[Member], id: i32, left: u32) -> Below {
    let mut reports: Vec<_> = rows.iter().filter(|row| row.manager_id == Some(id)).collect();
    reports.sort_by(|a, b| b.name.cmp(&a.name));
    let team = (id % 2 > 0).then(|| Team { name: "red".into(), motto: None }).map(Arc::new);
    let reports = match left {
        0 => Branch::Cut,
        left => Branch::Loaded(reports.iter().map(|row| below(rows, row.id, left - 1)).collect()),
    };
    Below { id, team, reports }
}

fn both(rows: &[Member], id: i32, up: u32, down: u32) -> Both {
    let row = rows.iter().find(|row| row.id == id).unwrap();
    let above = row.manager_id.map(|above| Arc::new(both(rows, above, up.saturating_sub(1), 0)));
    let manager = if up > 0 { Branch::Loaded(above) } else { Branch::Cut };
    let reports = rows.iter().filter(|row| row.manager_id == Some(id));
    let reports = match down {
        0 => Branch::Cut,
        down => Branch::Loaded(reports.map(|row| both(rows, row.id, 0, down - 1)).collect()),
    };
    Both { id, manager, reports }
}

/// Members, each below one that came before, or below none.
fn forest() -> impl Strategy<Value = Vec<Member>> {
    prop::collection::vec(any::<(bool, u8)>(), 0..14).prop_map(|seeds| {
        let above = |at: usize, (top, n): (bool, u8)| (at > 0 && !top).then(|| i32::from(n) % at as i32);
        seeds.into_iter().enumerate().map(|(at, seed)| member(at as i32, above(at, seed))).collect()
    })
}

fn fill(context: &mut Context<'_>, rows: &[Member]) {
    context.insert(&Team { name: "red".into(), motto: None }).unwrap();
    context.insert_all(rows).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) })]

    #[test]
    fn trees_hold_what_the_rows_say(rows in forest()) {
        for mut fresh in [stores::memory(), stores::sqlite(TABLES)] {
            let mut context = fresh.context();
            fill(&mut context, &rows);
            let before = context.stats();
            let (downs, boths) = context.realise((Members::all().view::<Below>(), Members::all().view::<Both>())).unwrap();
            let sent = context.stats() - before;
            prop_assert!(sent.statements as usize <= Below::STATEMENTS + Both::STATEMENTS);
            prop_assert_eq!(downs, rows.iter().map(|row| below(&rows, row.id, 3)).collect::<Vec<_>>());
            prop_assert_eq!(boths, rows.iter().map(|row| both(&rows, row.id, 2, 1)).collect::<Vec<_>>());
        }
    }
}

#[test]
fn on_servers_too() {
    for mut fresh in stores::servers(TABLES) {
        let rows: Vec<_> = (0..12).map(|id| member(id, (id > 1).then_some(id / 2))).collect();
        let mut context = fresh.context();
        fill(&mut context, &rows);
        let (downs, boths) = context.realise((Members::all().view::<Below>(), Members::all().view::<Both>())).unwrap();
        assert_eq!(downs, rows.iter().map(|row| below(&rows, row.id, 3)).collect::<Vec<_>>());
        assert_eq!(boths, rows.iter().map(|row| both(&rows, row.id, 2, 1)).collect::<Vec<_>>());
    }
}

/// One statement for each level, and one for the teams of all levels, however many rows there are.
#[test]
fn a_level_is_a_statement() {
    assert_eq!((Below::STATEMENTS, Below::ROUNDS), (5, 5));
    assert_eq!((Both::STATEMENTS, Both::ROUNDS), (4, 3));
    for mut fresh in stores::every(TABLES) {
        let mut context = fresh.context();
        context.insert(&Team { name: "red".into(), motto: None }).unwrap();
        let mut counts = Vec::new();
        for families in [1, 2, 50] {
            let first = families * 1_000;
            let rows = (0..families).flat_map(|n| {
                let top = first + n * 10;
                (0..5).map(move |level| member(top + level, (level > 0).then_some(top + level - 1)))
            });
            context.insert_all(&rows.collect::<Vec<_>>()).unwrap();
            let tops = Members::from_keys((0..families).map(|n| first + n * 10));
            let before = context.stats();
            let trees = context.realise(tops.view::<Below>()).unwrap();
            let sent = context.stats() - before;
            counts.push((sent.statements, sent.rounds));
            let deepest = |tree: &Below| {
                let below = |tree: &Below| tree.reports.loaded().map(|below| below.first().map(|row| row.id));
                below(tree).flatten()
            };
            assert!(trees.iter().all(|tree| deepest(tree) == Some(tree.id + 1)));
        }
        assert_eq!(counts, [(5, 5); 3]);
    }
}

/// All below some, or above them, in plain Rust.
fn reached(rows: &[Member], from: &[Member], down: bool) -> Vec<Member> {
    let leads = |one: &Member, other: &Member| {
        if down { other.manager_id == Some(one.id) } else { one.manager_id == Some(other.id) }
    };
    let mut reached: Vec<bool> = rows.iter().map(|row| from.iter().any(|one| leads(one, row))).collect();
    loop {
        let on = |row| (0..rows.len()).any(|other: usize| reached[other] && leads(&rows[other], row));
        let more: Vec<bool> = rows.iter().zip(&reached).map(|(row, reached)| *reached || on(row)).collect();
        if more == reached {
            return rows.iter().zip(reached).filter(|(_, reached)| *reached).map(|(row, _)| row.clone()).collect();
        }
        reached = more;
    }
}

/// Members, each below any other, itself too: there may be circles.
fn graph() -> impl Strategy<Value = Vec<Member>> {
    prop::collection::vec(prop::option::weighted(0.8, 0..10_i32), 10)
        .prop_map(|above| (0..).zip(above).map(|(id, above)| member(id, above)).collect())
}

fn check_reach(context: &mut Context<'_>, rows: &[Member], some: &[i32]) {
    let group = Members::from_keys(some.iter().copied());
    let from: Vec<_> = rows.iter().filter(|row| some.contains(&row.id)).cloned().collect();
    let (below, above) = (reached(rows, &from, true), reached(rows, &from, false));
    let before = context.stats();
    assert_eq!(context.realise(group.reach(member::reports)).unwrap(), below, "below {some:?} of {rows:?}");
    assert_eq!(context.realise(group.reach(member::manager)).unwrap(), above, "above {some:?} of {rows:?}");
    assert!((context.stats() - before).statements <= 2);
    // Narrowed, cut, united, the other way round, and the beginning of further steps.
    let odd = |row: &&Member| row.id % 2 > 0;
    let teamed = group.reach(member::reports).filter(member::team_name.is_not_null());
    assert_eq!(context.realise(&teamed).unwrap(), below.iter().filter(odd).cloned().collect::<Vec<_>>());
    assert_eq!(context.realise(group.reach(member::reports).limit(2).count()).unwrap(), below.len().min(2) as u64);
    let either = context.realise(group.reach(member::reports) | group.reach(member::manager)).unwrap();
    assert!(rows.iter().all(|row| either.contains(row) == (below.contains(row) || above.contains(row))));
    let first: Vec<_> = from.iter().min_by_key(|row| row.id).cloned().into_iter().collect();
    assert_eq!(context.realise(group.limit(1).reach(member::reports)).unwrap(), reached(rows, &first, true));
    let back = context.realise(group.reach(member::manager).reach(member::reports)).unwrap();
    assert_eq!(back, reached(rows, &above, true));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn what_is_reached_is_what_the_rows_say(rows in graph(), some in prop::collection::vec(0..12_i32, 0..4)) {
        for mut fresh in [stores::memory(), stores::sqlite(TABLES)] {
            let mut context = fresh.context();
            fill(&mut context, &rows);
            check_reach(&mut context, &rows, &some);
        }
    }
}

#[test]
fn what_is_reached_on_servers() {
    for mut fresh in stores::servers(TABLES) {
        let above = [None, Some(0), Some(1), Some(1), Some(3), Some(7), Some(5), Some(6), Some(8), None];
        let rows: Vec<_> = (0..).zip(above).map(|(id, above)| member(id, above)).collect();
        let mut context = fresh.context();
        fill(&mut context, &rows);
        for some in [&[][..], &[0], &[4], &[5], &[8], &[0, 5, 9], &[11]] {
            check_reach(&mut context, &rows, some);
        }
    }
}

/// One condition of one statement, which the levels and the rows do not change; what a scope hides leads nowhere.
#[test]
fn a_reach_is_one_statement() {
    for mut fresh in stores::every(TABLES) {
        let mut context = fresh.context();
        let rows: Vec<_> = (0..300).map(|id| member(id, (id > 0).then_some(id - 1))).collect();
        fill(&mut context, &rows);
        let group = Members::from_keys([0]).reach(member::reports);
        let before = context.stats();
        assert_eq!(context.realise((group.count(), group.exists())).unwrap(), (299, true));
        assert_eq!((context.stats() - before).statements, 2);
        let context = context.scope::<Member>(Members::all().filter(member::id.ne(100)));
        assert_eq!(context.realise(group.count()).unwrap(), 99);
    }
}

/// R1 for trees: a level that was not loaded does not read as an empty one.
#[test]
fn r1_a_cut_is_no_empty_list() {
    let mut fresh = stores::memory();
    let mut context = fresh.context();
    fill(
        &mut context,
        &[member(0, None), member(2, Some(0)), member(4, Some(2)), member(6, Some(4)), member(8, Some(6))],
    );
    let tree = context.realise(Members::from_keys([0]).view::<Below>()).unwrap().remove(0);
    let mut level = &tree;
    for _ in 0..3 {
        level = &level.reports.loaded().unwrap()[0];
    }
    assert_eq!((level.id, &level.reports), (6, &Branch::Cut));
    let leaf = context.realise(Members::from_keys([8]).view::<Below>()).unwrap().remove(0);
    assert_eq!(leaf.reports, Branch::Loaded(Vec::new()));
}

/// Within other views, beside other references to the same entity, in one request with others.
#[test]
fn trees_within_other_views() {
    for mut fresh in stores::every(TABLES) {
        let mut context = fresh.context();
        let rows = [member(0, None), member(2, Some(0)), member(4, Some(0)), member(6, Some(0)), member(8, Some(6))];
        fill(&mut context, &rows);
        let task = |n, owner_id, assignee_id| Task {
            id: task_id(n),
            title: "t".into(),
            heat: 0,
            score: None,
            state: State::Open,
            owner_id,
            assignee_id,
        };
        context.insert_all(&[task(0, 0, Some(8)), task(1, 6, Some(8)), task(2, 0, None)]).unwrap();
        let tasks = context.realise(Tasks::all().view::<Owned>()).unwrap();
        let leaf = |name: &str| Arc::new(Some2 { name: name.into(), reports: Branch::Loaded(Vec::new()) });
        let last = Arc::new(Some2 { name: "m8".into(), reports: Branch::Cut });
        let six = Arc::new(Some2 { name: "m6".into(), reports: Branch::Loaded(vec![last]) });
        assert_eq!(tasks[0].owner.reports, Branch::Loaded(vec![six, leaf("m4")]), "the two highest");
        assert!(Arc::ptr_eq(&tasks[0].owner, &tasks[2].owner));
        assert_eq!(tasks[1].owner.reports, Branch::Loaded(vec![leaf("m8")]));
        assert_eq!(tasks[1].assignee.as_deref(), Some(&both(&rows, 8, 2, 1)));
        let page = context.realise(Members::all().page::<Both>(2)).unwrap();
        assert_eq!(page.rows, [both(&rows, 0, 2, 1), both(&rows, 2, 2, 1)]);
    }
}

/// The ways of all cycles that are reported.
fn cycles<T>(realised: Result<T, Error>) -> Vec<(Vec<persist::Value>, String)> {
    let Err(Error::Rows(rows)) = realised else { panic!("no rows that do not fit") };
    let way = |problem| match problem {
        Problem::Cycle { path } => path.iter().map(KeyText::to_string).collect::<Vec<_>>().join(" "),
        other => panic!("{other}"),
    };
    rows.into_iter().map(|row| (row.key.clone(), way(row.problem))).collect()
}

#[test]
fn a_cycle_is_reported_with_its_way() {
    for mut fresh in stores::every(TABLES) {
        let mut context = fresh.context();
        // 0 is above itself; 2, 4 and 6 go round, and 8 hangs below them.
        let rows = [member(0, Some(0)), member(2, Some(6)), member(4, Some(2)), member(6, Some(4)), member(8, Some(6))];
        fill(&mut context, &rows);
        let one = |id| Members::from_keys([id]);
        let found = cycles(context.realise(one(0).view::<Below>()));
        assert_eq!(found, [(vec![0.into()], "0 0".to_owned())]);
        assert_eq!(cycles(context.realise(one(2).view::<Below>())), [(vec![2.into()], "2 4 6 2".to_owned())]);
        // Each once, wherever it is entered.
        assert_eq!(cycles(context.realise(Members::all().view::<Below>())).len(), 2);
        // Once for each field that meets it; two levels upward do not see that three go round.
        let twice = [(vec![0.into()], "0 0".to_owned()), (vec![0.into()], "0 0".to_owned())];
        assert_eq!(cycles(context.realise(one(0).view::<Both>())), twice);
        assert!(context.realise(one(8).view::<Both>()).is_ok());
        let error = context.realise(one(2).view::<Below>()).unwrap_err().to_string();
        let words = "Member 2, field `reports` of `Below`: it leads back to itself, by way of 2, 4, 6, 2";
        assert_eq!(error, words);
    }
}

/// What a scope hides is not in a tree, nor what is below it; a manager who is hidden is none.
#[test]
fn a_scope_holds_on_every_level() {
    for mut fresh in stores::every(TABLES) {
        let mut context = fresh.context();
        let rows = [member(0, None), member(2, Some(0)), member(4, Some(2)), member(6, Some(0)), member(8, Some(4))];
        fill(&mut context, &rows);
        let context = context.scope::<Member>(Members::all().filter(member::id.ne(4)));
        let tree = context.realise(Members::from_keys([0]).view::<Below>()).unwrap().remove(0);
        assert_eq!(tree, below(&[rows[0].clone(), rows[1].clone(), rows[3].clone()], 0, 3));
        let leaf = context.realise(Members::from_keys([8]).view::<Both>()).unwrap().remove(0);
        assert_eq!(leaf.manager, Branch::Loaded(None));
    }
}

#[test]
fn the_plan_shows_each_level() {
    let plan = Both::plan().to_string();
    assert!(plan.contains("for Both.manager.manager: Both"), "{plan}");
    assert!(plan.contains("at most 4 statements, 3 rounds"), "{plan}");
}
