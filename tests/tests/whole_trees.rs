//! Whole trees: a view that holds itself to the last level, by one statement.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use persist::prelude::*;
use persist::{Branch, Context, Error, KeyText, Problem};
use persist_tests::stores;
use persist_tests::tracker::*;
use proptest::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

/// Everybody below, with what each has besides: of every kind.
#[derive(Debug, PartialEq, View)]
#[view(of = Member, budget = 7)]
struct Below {
    id: i32,
    team: Option<Arc<TeamName>>,
    #[view(count(owned))]
    owned_count: i64,
    notes: Vec<NoteBy>,
    watched: Vec<Arc<TaskLine>>,
    #[view(from = watched)]
    watches: Vec<(Watch, MemberlessTask)>,
    #[view(recursive, order_by = member::name.desc())]
    reports: Branch<Vec<Below>>,
}

/// A note with its task: something owned that leads on to something shared.
#[derive(Debug, PartialEq, View)]
#[view(of = Note)]
struct NoteBy {
    body: String,
    task: Option<Arc<TaskLine>>,
}

#[derive(Debug, Clone, PartialEq, View)]
#[view(of = Task)]
struct MemberlessTask {
    heat: i32,
}

/// Everybody above, the team joined.
#[derive(Debug, Clone, PartialEq, View)]
#[view(of = Member, budget = 2)]
struct Above {
    name: String,
    #[view(recursive)]
    manager: Branch<Option<Arc<Above>>>,
    #[view(load = join)]
    team: Option<Arc<TeamName>>,
}

/// Both ways, and a tree within a tree: each has only one way to go on.
#[derive(Debug, Clone, PartialEq, View)]
#[view(of = Member)]
struct Both {
    id: i32,
    #[view(recursive)]
    manager: Branch<Option<Arc<Both>>>,
    #[view(recursive)]
    reports: Branch<Arc<[Both]>>,
}

/// Trees below something else.
#[derive(Debug, PartialEq, View)]
#[view(of = Team)]
struct Tops {
    name: String,
    members: Vec<Below>,
}

/// A tree whose rows hold trees of their own.
#[derive(Debug, PartialEq, View)]
#[view(of = Member, budget = 4)]
struct Nested {
    id: i32,
    #[view(from = reports)]
    levels: Vec<Both1>,
    #[view(recursive)]
    reports: Branch<Vec<Nested>>,
}

#[derive(Debug, PartialEq, View)]
#[view(of = Member)]
struct Both1 {
    id: i32,
    #[view(recursive)]
    reports: Branch<Vec<Both1>>,
}

/// The same rows above, by ways of different lengths.
#[derive(Debug, PartialEq, View)]
#[view(of = Note)]
struct Chains {
    author: Arc<Above>,
    task: Option<Arc<OwnedTask>>,
}

#[derive(Debug, PartialEq, View)]
#[view(of = Task)]
struct OwnedTask {
    heat: i32,
    owner: Arc<Above>,
}

fn member(id: i32, manager: Option<i32>) -> Member {
    let name = format!("m{id}");
    Member { id, name, rank: None, team_name: (id % 2 > 0).then(|| "red".to_owned()), manager_id: manager }
}

fn task(n: i32) -> Task {
    Task {
        id: task_id(n as u32),
        title: format!("t{n}"),
        heat: n,
        score: None,
        state: State::Open,
        owner_id: n,
        assignee_id: None,
    }
}

fn line(n: i32) -> TaskLine {
    TaskLine { id: task_id(n as u32), title: format!("t{n}"), heat: n }
}

/// Every member owns a task, has written a note on it, and watches it and the first.
fn fill(context: &mut Context<'_>, rows: &[Member]) {
    context.insert(&Team { name: "red".into(), motto: None }).unwrap();
    context.insert_all(rows).unwrap();
    context.insert_all(&rows.iter().map(|row| task(row.id)).collect::<Vec<_>>()).unwrap();
    let note = |row: &Member| Note {
        id: row.id.into(),
        task_id: (row.id % 3 > 0).then(|| task_id(row.id as u32)),
        author_id: row.id,
        body: format!("n{}", row.id),
        pinned: false,
    };
    context.insert_all(&rows.iter().map(note).collect::<Vec<_>>()).unwrap();
    let watch = |row: &Member| Watch { task_id: task_id(row.id as u32), member_id: row.id };
    context.insert_all(&rows.iter().map(watch).collect::<Vec<_>>()).unwrap();
}

fn team(id: i32) -> Option<Arc<TeamName>> {
    (id % 2 > 0).then(|| Arc::new(TeamName { name: "red".into() }))
}

fn below(rows: &[Member], id: i32) -> Below {
    let mut reports: Vec<_> = rows.iter().filter(|row| row.manager_id == Some(id)).collect();
    reports.sort_by(|a, b| b.name.cmp(&a.name));
    let task = (id % 3 > 0).then(|| Arc::new(line(id)));
    Below {
        id,
        team: team(id),
        owned_count: 1,
        notes: vec![NoteBy { body: format!("n{id}"), task }],
        watched: vec![Arc::new(line(id))],
        watches: vec![(Watch { task_id: task_id(id as u32), member_id: id }, MemberlessTask { heat: id })],
        reports: Branch::Loaded(reports.iter().map(|row| below(rows, row.id)).collect()),
    }
}

fn above(rows: &[Member], id: i32) -> Above {
    let row = rows.iter().find(|row| row.id == id).unwrap();
    let manager = Branch::Loaded(row.manager_id.map(|manager| Arc::new(above(rows, manager))));
    Above { name: row.name.clone(), manager, team: team(id) }
}

fn both(rows: &[Member], id: i32, up: bool, down: bool) -> Both {
    let row = rows.iter().find(|row| row.id == id).unwrap();
    let manager = row.manager_id.filter(|_| up).map(|manager| Arc::new(both(rows, manager, true, false)));
    let reports = rows.iter().filter(|row| row.manager_id == Some(id)).filter(|_| down);
    let reports = reports.map(|row| both(rows, row.id, false, true)).collect();
    Both {
        id,
        manager: if up { Branch::Loaded(manager) } else { Branch::Cut },
        reports: if down { Branch::Loaded(reports) } else { Branch::Cut },
    }
}

fn nested(rows: &[Member], id: i32) -> Nested {
    let reports = || rows.iter().filter(|row| row.manager_id == Some(id)).map(|row| row.id);
    let levels = reports().map(|id| both1(rows, id)).collect();
    Nested { id, levels, reports: Branch::Loaded(reports().map(|id| nested(rows, id)).collect()) }
}

fn both1(rows: &[Member], id: i32) -> Both1 {
    let reports = rows.iter().filter(|row| row.manager_id == Some(id));
    Both1 { id, reports: Branch::Loaded(reports.map(|row| both1(rows, row.id)).collect()) }
}

/// Members, each below one that came before, or below none.
fn forest() -> impl Strategy<Value = Vec<Member>> {
    prop::collection::vec(any::<(bool, u8)>(), 0..14).prop_map(|seeds| {
        let above = |at: usize, (top, n): (bool, u8)| (at > 0 && !top).then(|| i32::from(n) % at as i32);
        seeds.into_iter().enumerate().map(|(at, seed)| member(at as i32, above(at, seed))).collect()
    })
}

fn check(context: &mut Context<'_>, rows: &[Member], some: &[i32]) {
    let group = Members::from_keys(some.iter().copied());
    let rows_of = || rows.iter().filter(|row| some.contains(&row.id));
    let request = (group.view::<Below>(), group.view::<Above>(), group.view::<Both>(), group.view::<Nested>());
    let before = context.stats();
    let (downs, ups, boths, nests) = context.realise(request).unwrap();
    let most = Below::STATEMENTS + Above::STATEMENTS + Both::STATEMENTS + Nested::STATEMENTS;
    assert!((context.stats() - before).statements as usize <= most);
    assert_eq!(downs, rows_of().map(|row| below(rows, row.id)).collect::<Vec<_>>());
    assert_eq!(ups, rows_of().map(|row| above(rows, row.id)).collect::<Vec<_>>());
    assert_eq!(boths, rows_of().map(|row| both(rows, row.id, true, true)).collect::<Vec<_>>());
    assert_eq!(nests, rows_of().map(|row| nested(rows, row.id)).collect::<Vec<_>>());
    let chains = context.realise(Notes::all().view::<Chains>()).unwrap();
    let owned = |id| OwnedTask { heat: id, owner: Arc::new(above(rows, id)) };
    let task = |id| (id % 3 > 0).then(|| Arc::new(owned(id)));
    let chain = |row: &Member| Chains { author: Arc::new(above(rows, row.id)), task: task(row.id) };
    assert_eq!(chains, rows.iter().map(chain).collect::<Vec<_>>());
    let teams = context.realise(Teams::all().view::<Tops>()).unwrap();
    let reds = rows.iter().filter(|row| row.team_name.is_some()).map(|row| below(rows, row.id));
    assert_eq!(teams[0].members, reds.collect::<Vec<_>>());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn whole_trees_hold_what_the_rows_say(rows in forest(), some in prop::collection::vec(0..14_i32, 0..14)) {
        for mut fresh in [stores::memory(), stores::sqlite(TABLES)] {
            let mut context = fresh.context();
            fill(&mut context, &rows);
            check(&mut context, &rows, &some);
        }
    }
}

#[test]
fn on_servers_too() {
    for mut fresh in stores::servers(TABLES) {
        let rows: Vec<_> = (0..14).map(|id| member(id, (id > 1).then_some(id / 2))).collect();
        let mut context = fresh.context();
        fill(&mut context, &rows);
        check(&mut context, &rows, &(0..14).collect::<Vec<_>>());
        check(&mut context, &rows, &[1, 6]);
    }
}

/// One statement for all levels, and one for each other relation of the rows of all levels.
#[test]
fn a_whole_tree_is_one_statement() {
    assert_eq!((Below::STATEMENTS, Below::ROUNDS), (7, 4));
    assert_eq!((Above::STATEMENTS, Above::ROUNDS), (2, 2));
    assert_eq!((Both::STATEMENTS, Both::ROUNDS), (3, 2));
    assert_eq!((Nested::STATEMENTS, Nested::ROUNDS), (4, 4));
    for mut fresh in stores::every(TABLES) {
        let mut context = fresh.context();
        let mut sent = Vec::new();
        context.insert(&Team { name: "red".into(), motto: None }).unwrap();
        for levels in [3, 30, 300] {
            let first = levels * 10;
            let rows: Vec<_> = (0..levels).map(|n| member(first + n, (n > 0).then_some(first + n - 1))).collect();
            context.insert_all(&rows).unwrap();
            let before = context.stats();
            let (tops, bottoms) = context
                .realise((
                    Members::from_keys([first]).view::<Below>(),
                    Members::from_keys([first + levels - 1]).view::<Above>(),
                ))
                .unwrap();
            let stats = context.stats() - before;
            sent.push((stats.statements, stats.rounds));
            let (mut down, mut up) = (1, 1);
            let mut here = &tops[0];
            while let [next] = here.reports.loaded().unwrap().as_slice() {
                (here, down) = (next, down + 1);
            }
            let mut here = &bottoms[0];
            while let Some(next) = here.manager.loaded().unwrap() {
                (here, up) = (next, up + 1);
            }
            assert_eq!((down, up), (levels, levels));
        }
        assert_eq!(sent[0], sent[2], "{sent:?}");
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

#[derive(Debug, PartialEq, View)]
#[view(of = Member)]
struct Down {
    id: i32,
    #[view(recursive)]
    reports: Branch<Vec<Down>>,
}

#[derive(Debug, Clone, PartialEq, View)]
#[view(of = Member)]
struct Up {
    id: i32,
    #[view(recursive)]
    manager: Branch<Option<Arc<Up>>>,
}

#[test]
fn a_cycle_is_reported_with_its_way() {
    for mut fresh in stores::every(TABLES) {
        let mut context = fresh.context();
        // 0 is above itself; 2, 4 and 6 go round, and 8 hangs below them, with 10; 12 is on its own.
        let rows = [(0, Some(0)), (2, Some(6)), (4, Some(2)), (6, Some(4)), (8, Some(6)), (10, Some(8)), (12, None)];
        fill(&mut context, &rows.map(|(id, above)| member(id, above)));
        let one = |id| Members::from_keys([id]);
        assert_eq!(cycles(context.realise(one(0).view::<Down>())), [(vec![0.into()], "0 0".to_owned())]);
        assert_eq!(cycles(context.realise(one(2).view::<Down>())), [(vec![2.into()], "2 4 6 2".to_owned())]);
        assert_eq!(cycles(context.realise(one(2).view::<Up>())), [(vec![2.into()], "2 6 4 2".to_owned())]);
        assert_eq!(cycles(context.realise(one(10).view::<Up>())).len(), 1, "the way there is no cycle");
        // Each once, wherever it is entered.
        assert_eq!(cycles(context.realise(Members::all().view::<Down>())).len(), 2);
        let error = context.realise(one(2).view::<Down>()).unwrap_err().to_string();
        assert_eq!(error, "Member 2, field `reports` of `Down`: it leads back to itself, by way of 2, 4, 6, 2");
        // What does not lead there is whole.
        assert!(context.realise(one(8).view::<Down>()).is_ok());
        let lenient = context.realise(Members::all().view::<Down>().lenient()).unwrap();
        assert_eq!(lenient.whole.iter().map(|row| row.id).collect::<Vec<_>>(), [8, 10, 12]);
    }
}

/// Deeper than a struct may hold itself: an error, no stack that ends.
#[test]
fn a_tree_that_is_too_deep_is_an_error() {
    let mut fresh = stores::memory();
    let mut context = fresh.context();
    let rows: Vec<_> = (0..1_200).map(|id| member(2 * id, (id > 0).then(|| 2 * id - 2))).collect();
    context.insert_all(&rows).unwrap();
    let mut levels = |id| context.realise(Members::from_keys([id]).view::<Down>());
    assert!(levels(2 * 199).is_ok(), "1,000 below");
    let error = levels(2 * 198).unwrap_err();
    assert_eq!(error.to_string(), "Member 396, field `reports` of `Down`: it leads on for more than 1000 levels");
}

/// Nor does it matter how the context loads what else there is.
#[test]
fn with_every_strategy() {
    let rows: Vec<_> = (0..14).map(|id| member(id, (id > 1).then_some(id / 2))).collect();
    for mut fresh in stores::every(TABLES) {
        fill(&mut fresh.context(), &rows);
        for strategy in [persist::Strategy::Keys, persist::Strategy::Join, persist::Strategy::Subselect] {
            let mut context = fresh.context().with_strategy(strategy);
            let (downs, ups) =
                context.realise((Members::all().view::<Below>(), Members::all().view::<Above>())).unwrap();
            assert_eq!(downs, rows.iter().map(|row| below(&rows, row.id)).collect::<Vec<_>>());
            assert_eq!(ups, rows.iter().map(|row| above(&rows, row.id)).collect::<Vec<_>>());
        }
    }
}

/// A condition of the field holds on every level, and what is below a row that does not satisfy it is not reached.
#[derive(Debug, PartialEq, View)]
#[view(of = Member)]
struct NotFour {
    id: i32,
    #[view(recursive, filter = member::id.ne(4))]
    reports: Branch<Vec<NotFour>>,
}

#[test]
fn a_condition_holds_on_every_level() {
    for mut fresh in stores::every(TABLES) {
        let mut context = fresh.context();
        let rows = [(0, None), (2, Some(0)), (4, Some(2)), (6, Some(4)), (8, Some(2))];
        fill(&mut context, &rows.map(|(id, above)| member(id, above)));
        let tree = context.realise(Members::from_keys([0]).view::<NotFour>()).unwrap().remove(0);
        let row = |id, reports| NotFour { id, reports: Branch::Loaded(reports) };
        assert_eq!(tree, row(0, vec![row(2, vec![row(8, Vec::new())])]));
    }
}

struct Doubles;

fn double_of(_: &Doubles, ids: &[i32]) -> Result<HashMap<i32, i32>, String> {
    assert_eq!(ids.len(), 3, "each once, of all levels");
    Ok(ids.iter().map(|id| (*id, 2 * id)).collect())
}

#[derive(Debug, PartialEq, View)]
#[view(of = Member)]
struct Doubled {
    #[view(with = double_of)]
    double: i32,
    #[view(recursive)]
    reports: Branch<Vec<Doubled>>,
}

/// A function of the program is called once for the rows of all levels.
#[test]
fn loaders_load_every_level() {
    let mut fresh = stores::memory();
    let mut context = fresh.context();
    fill(&mut context, &[member(1, None), member(2, Some(1)), member(3, Some(2))]);
    let trees = context.with_extras(&Doubles).realise(Members::all().limit(1).view::<Doubled>()).unwrap();
    let row = |double, reports| Doubled { double, reports: Branch::Loaded(reports) };
    assert_eq!(trees, [row(2, vec![row(4, vec![row(6, Vec::new())])])]);
}

/// What a scope hides is not in a tree, nor what is below it; a manager who is hidden is none.
#[test]
fn a_scope_holds_on_every_level() {
    for mut fresh in stores::every(TABLES) {
        let mut context = fresh.context();
        let rows = [(0, None), (2, Some(0)), (4, Some(2)), (6, Some(4)), (8, Some(0))];
        fill(&mut context, &rows.map(|(id, above)| member(id, above)));
        let context = &mut context.scope::<Member>(Members::all().filter(member::id.ne(4)));
        let plan = context.explain(Members::all().view::<Down>()).unwrap().to_string();
        assert_eq!(plan.matches("in the scope of Member").count(), 2, "{plan}");
        let tree = context.realise(Members::from_keys([0]).view::<Down>()).unwrap().remove(0);
        let leaf = |id| Down { id, reports: Branch::Loaded(Vec::new()) };
        assert_eq!(tree.reports, Branch::Loaded(vec![leaf(2), leaf(8)]));
        let up = context.realise(Members::from_keys([6]).view::<Up>()).unwrap().remove(0);
        assert_eq!(up.manager, Branch::Loaded(None));
    }
}

/// A manager who is not there is an error on whatever level; a row that does not fit too.
#[test]
fn what_is_not_there_is_an_error() {
    let mut fresh = stores::memory();
    let mut context = fresh.context();
    context.insert_all(&[(2, Some(4)), (4, Some(6)), (6, Some(7))].map(|(id, above)| member(id, above))).unwrap();
    let error = context.realise(Members::from_keys([2]).view::<Up>()).unwrap_err().to_string();
    assert_eq!(error, "Member 6, field `manager` of `Up`: it refers to Member 7, which is not there");
}

#[test]
fn the_plan_says_that_it_is_whole() {
    assert_eq!(
        Up::plan().to_string(),
        "Up of Member: at most 2 statements, 2 rounds\n\
         round 1\n  1. members: the group\n       for Up: Up\n\
         round 2\n  2. members by id, to the last level\n       for Up.manager: Up\n"
    );
}
