//! The first three promises, and the reading rows of the list of pitfalls, each as a test of its name.
//!
//! Proved elsewhere, under the same names: R1 and R2 (what is not declared is a compile error) in the UI tests, with the
//! compile-time side of R13, R15 and R17; R8 in `transactions.rs`; R17's equality over sizes in `constant_statements.rs`; R19
//! in the derive's own tests; R20 for every store in `bad_input.rs`; R23 in `inserts.rs`. R6, R9, R18 and R19 are figures too,
//! in the benches: here is what can be counted.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use persist::engine::Fetch;
use persist::prelude::*;
use persist::{Error, Problem, Value};
use persist_tests::data::Data;
use persist_tests::hooked::Tampered;
use persist_tests::stores::{self, Fresh};
use persist_tests::tracker::*;
use std::sync::Arc;

fn filled(n: u32) -> Vec<Fresh> {
    let mut all = stores::every(TABLES);
    all.iter_mut().for_each(|fresh| Data::of(n).insert(&mut fresh.context()).unwrap());
    all
}

/// Promise 1: a realised value cannot query. It holds nothing but its fields, outlives whatever it came from, and goes to
/// another thread.
#[test]
fn a_realised_value_is_a_plain_struct() {
    fn plain<T: Send + Sync + 'static>(value: T) -> T {
        value
    }
    let mut fresh = stores::sqlite(TABLES);
    Data::of(5).insert(&mut fresh.context()).unwrap();
    let pages = plain(fresh.context().realise(Tasks::all().view::<TaskPage>()).unwrap());
    drop(fresh);
    let words = std::thread::spawn(move || pages.iter().map(|page| page.owner.member.name.clone()).collect::<String>());
    assert!(!words.join().unwrap().is_empty());
    // Its size is that of its fields: there is no room for a connection.
    assert_eq!(size_of::<TaskLine>(), size_of::<(uuid::Uuid, String, i32)>());
}

/// A unit test of a domain rule writes the struct literal, and needs no store.
#[test]
fn a_view_is_written_as_a_literal() {
    let card = MemberCard { member: MemberName { id: 1, name: "Ada".into() }, team: None };
    let tree = MemberTree { card, manager: None, reports: Vec::new(), report_count: 0 };
    assert_eq!(tree.card.member.name, "Ada");
}

/// Promise 2: what was not asked for does not exist. The columns that no view declares are not even sent.
#[test]
fn what_is_not_declared_is_not_loaded() {
    for mut fresh in filled(3).into_iter().filter(|fresh| fresh.name() != "memory") {
        let explained = fresh.context().explain(Tasks::all().view::<TaskLine>()).unwrap().to_string();
        assert!(explained.contains("heat") && !explained.contains("score") && !explained.contains("owner_id"));
        assert_eq!(explained.lines().filter(|line| line.contains("SELECT")).count(), 1);
        // Not even if the column is not there.
        fresh.execute("ALTER TABLE tasks DROP COLUMN score");
        assert_eq!(fresh.context().realise(Tasks::all().view::<TaskLine>()).unwrap().len(), 3);
    }
}

/// Promise 3: the number of statements is a constant, known to the compiler.
#[test]
fn the_number_of_statements_is_a_constant() {
    const STATEMENTS: [usize; 4] =
        [TaskLine::STATEMENTS, MemberCard::STATEMENTS, MemberTree::STATEMENTS, TeamPage::STATEMENTS];
    const { assert!(STATEMENTS[0] == 1 && STATEMENTS[1] == 2) };
    let mut table = [0; TaskPage::STATEMENTS];
    table[0] = 1;
    assert_eq!(table.iter().sum::<i32>(), 1);
    for mut fresh in filled(40) {
        let mut context = fresh.context();
        for n in [1, 2, 40] {
            let before = context.stats();
            let keys = (0..n).map(task_id);
            let rows = context.realise(Tasks::from_keys(keys).view::<TaskPage>()).unwrap();
            assert_eq!(rows.len(), n as usize);
            assert!((context.stats() - before).statements <= TaskPage::STATEMENTS as u64);
            assert_eq!(TaskPage::plan().to_string().lines().next().unwrap().matches("statements").count(), 1);
        }
    }
}

/// The context goes to another thread; groups and requests are shared among threads.
#[test]
fn contexts_are_send_and_groups_are_shared() {
    fn send<T: Send>() {}
    fn shared<T: Send + Sync + Clone + 'static>() {}
    send::<Context<'static>>();
    send::<Context<'_>>();
    send::<Batch>();
    shared::<Tasks>();
    shared::<Members>();
    shared::<persist::Ask<TaskPage>>();
    shared::<persist::Predicate<Task>>();
    shared::<persist::Count>();
    fn error<T: std::error::Error + Send + Sync + 'static>() {}
    error::<Error>();
    error::<persist::RowError>();
}

#[test]
fn r03_nothing_queries_behind_the_context() {
    let mut fresh = stores::memory();
    Data::of(10).insert(&mut fresh.context()).unwrap();
    let mut context = fresh.context();
    let pages = context.realise(Tasks::all().view::<TaskPage>()).unwrap();
    let sent = context.stats();
    let words: usize = pages.iter().flat_map(|page| &page.notes).map(|note| note.author.member.name.len()).sum();
    assert!(words > 0 && context.stats() == sent, "reading is not asking");
}

#[test]
fn r04_a_limited_relation_says_so() {
    let plan = TaskPage::plan().to_string();
    assert!(plan.contains("2 per Task") && plan.contains("order by pinned desc, body"), "{plan}");
    let mut fresh = stores::memory();
    Data::of(40).insert(&mut fresh.context()).unwrap();
    let pages = fresh.context().realise(Tasks::all().view::<TaskPage>()).unwrap();
    assert!(pages.iter().any(|page| page.top_notes.len() < page.notes.len()));
    assert!(pages.iter().all(|page| page.top_notes.len() == page.notes.len().min(2)));
    assert!(pages.iter().all(|page| page.note_count == page.notes.len() as i64), "the count counts all");
}

#[test]
fn r05_no_bind_limit_at_100_000_parents() {
    for mut fresh in filled(50) {
        let mut context = fresh.context();
        let keys = 0..100_000;
        let before = context.stats();
        let trees = context.realise(Members::from_keys(keys.clone()).view::<MemberTree>()).unwrap();
        assert_eq!(trees.len(), 50);
        assert_eq!((context.stats() - before).statements, MemberTree::STATEMENTS as u64);
        let ranks = Members::all().filter(member::rank.is_in(keys.clone()) | member::id.is_in(keys.clone()));
        let by_text = Members::all().filter(member::name.is_in(keys.clone().map(|n| format!("member {n}"))));
        let composite = Watches::from_keys(keys.map(|n| (task_id(n as u32), n)));
        let counts = context.realise((ranks.count(), by_text.count(), composite.exists())).unwrap();
        assert_eq!(counts, (50, 50, true));
    }
}

/// Each row is received once, whoever refers to it: what is received grows with the rows, not with their product.
#[test]
fn r06_rows_received_grow_linearly() {
    let mut rows = Vec::new();
    for n in [100, 200, 400] {
        let mut fresh = stores::memory();
        Data::of(n).insert(&mut fresh.context()).unwrap();
        let mut context = fresh.context();
        context.realise(Tasks::all().view::<TaskPage>()).unwrap();
        rows.push(context.stats().rows as f64 / f64::from(n));
    }
    assert!(rows[2] <= rows[0] * 1.05, "{rows:?} rows for each task");
}

/// Children find their parents by key, in whatever order they come and whatever comes in between.
#[test]
fn r07_children_find_their_parents_in_any_order() {
    let mut fresh = stores::memory();
    Data::of(30).insert(&mut fresh.context()).unwrap();
    let expected = fresh.context().realise(Tasks::all().view::<TaskPage>()).unwrap();
    // By turns from the front and from the back: no two neighbours stay together, but each parent's own order stays.
    let tamper = |fetch: &Fetch, rows: Vec<Vec<Value>>| {
        let Some(keyed) = &fetch.keyed else { return rows };
        let width = keyed.by.len();
        let persist::engine::Output::Columns(columns) = &fetch.output else { return rows };
        let places: Vec<_> =
            keyed.by.iter().map(|by| columns.iter().position(|column| column == by).unwrap()).collect();
        let mut by_key: Vec<(Vec<Value>, Vec<Vec<Value>>)> = Vec::new();
        for row in rows {
            let key: Vec<_> = places.iter().map(|place| row[*place].clone()).collect();
            match by_key.iter_mut().find(|(known, _)| *known == key) {
                Some((_, rows)) => rows.push(row),
                None => by_key.push((key, vec![row])),
            }
        }
        assert!(width > 0);
        let mut mixed = Vec::new();
        while by_key.iter().any(|(_, rows)| !rows.is_empty()) {
            for (_, rows) in by_key.iter_mut().rev().filter(|(_, rows)| !rows.is_empty()) {
                mixed.push(rows.remove(0));
            }
        }
        mixed
    };
    let mut context = Context::over(Tampered { inner: fresh.store(), tamper });
    assert_eq!(context.realise(Tasks::all().view::<TaskPage>()).unwrap(), expected);
}

#[derive(Debug, PartialEq, View)]
#[view(of = Member)]
struct TopTasks {
    id: i32,
    #[view(limit = 2, order_by = (task::heat.desc(), task::title.asc()))]
    owned: Vec<TaskLine>,
    #[view(limit = 1, order_by = task::title.desc())]
    watched: Vec<Arc<TaskLine>>,
}

#[test]
fn r10_the_first_n_per_parent_are_cut_by_the_store() {
    for mut fresh in filled(60) {
        let mut context = fresh.context();
        context.realise(Members::all().view::<TopTasks>()).unwrap();
        let (members, owned, links) = (60, 2 * 20, 60);
        assert!(context.stats().rows <= members + owned + 2 * links, "{:?}", context.stats());
        let explained = context.explain(Members::all().view::<TopTasks>()).unwrap().to_string();
        assert!(!explained.contains("OVER ("), "not by a window, which reads everything: {explained}");
    }
}

#[test]
fn r11_each_edge_keeps_its_own_order_and_limit() {
    for mut fresh in filled(30) {
        let pages = fresh.context().realise(Tasks::all().view::<TaskPage>()).unwrap();
        for page in pages {
            assert!(page.notes.is_sorted_by_key(|note| note.id), "the key's order, untouched by its neighbour's");
            assert!(page.top_notes.len() <= 2 && page.votes == page.voters.len() as i64);
        }
    }
}

#[derive(Debug, PartialEq, View)]
#[view(of = Task)]
struct Diamond {
    id: uuid::Uuid,
    owner: Arc<MemberTree>,
    assignee: Option<Arc<MemberTree>>,
    watchers: Vec<Arc<MemberTree>>,
    notes: Vec<NoteLine>,
}

/// Owner, assignee and watchers are one entity, which refers to itself: all are there, and shared.
#[test]
fn r12_two_relations_to_one_entity() {
    for mut fresh in filled(30) {
        let tasks = fresh.context().realise(Tasks::all()).unwrap();
        let rows = fresh.context().realise(Tasks::all().view::<Diamond>()).unwrap();
        for (row, task) in rows.iter().zip(&tasks) {
            assert_eq!(row.owner.card.member.id, task.owner_id);
            assert_eq!(row.assignee.as_ref().map(|member| member.card.member.id), task.assignee_id);
        }
        let both = rows.iter().find(|row| row.assignee.as_ref().is_some_and(|one| one.card.member.id == 0)).unwrap();
        assert!(Arc::ptr_eq(&rows[0].owner, both.assignee.as_ref().unwrap()), "decoded once");
    }
}

trait Named {
    fn shout(&self) -> String;
}

impl Named for MemberName {
    fn shout(&self) -> String {
        self.name.to_uppercase()
    }
}

impl Named for MemberCard {
    fn shout(&self) -> String {
        self.member.shout()
    }
}

#[test]
fn r13_methods_are_there_on_what_comes_back() {
    let mut fresh = stores::memory();
    Data::of(10).insert(&mut fresh.context()).unwrap();
    let pages = fresh.context().realise(Tasks::all().view::<TaskPage>()).unwrap();
    assert_eq!(pages[0].owner.shout(), pages[0].owner.member.shout());
    let names: Vec<&dyn Named> = pages.iter().map(|page| &*page.owner as &dyn Named).collect();
    assert!(names.iter().all(|name| name.shout().starts_with("MEMBER")));
}

#[test]
fn r14_parents_without_children_stay() {
    for mut fresh in filled(20) {
        let lone = Member { id: 500, name: "lone".into(), rank: None, team_name: None, manager_id: None };
        fresh.context().insert(&lone).unwrap();
        let trees = fresh.context().realise(Members::all().view::<MemberTree>()).unwrap();
        assert_eq!(trees.len(), 21);
        let last = &trees[20];
        assert!(
            last.reports.is_empty() && last.report_count == 0 && last.manager.is_none() && last.card.team.is_none()
        );
        let tasks = fresh.context().realise(Members::from_keys([500]).view::<MemberTasks>()).unwrap();
        assert!(tasks[0].owned.is_empty() && tasks[0].assigned.is_empty() && tasks[0].watched.is_empty());
    }
}

#[test]
fn r15_the_plan_lists_what_is_loaded() {
    let plan = TaskPage::plan();
    let text = plan.to_string();
    for field in
        ["owner", "assignee", "notes", "top_notes", "watchers", "top_watchers", "voters", "votes", "note_count"]
    {
        assert!(text.contains(&format!("TaskPage.{field}")), "{field} in {text}");
    }
}

impl PersistNotes for Notes {
    fn visible_to(&self, member: &Member) -> Notes {
        let own = member::id.eq(member.id);
        let team = Members::all().filter(own).owned().notes();
        self.filter(note::pinned.eq(true)) | self.filter(note::author_id.eq(member.id)) | team
    }
}

trait PersistNotes {
    fn visible_to(&self, member: &Member) -> Notes;
}

#[test]
fn r16_visibility_is_a_group() {
    for mut fresh in filled(30) {
        let mut context = fresh.context();
        let viewers = context.realise(Members::all()).unwrap();
        for viewer in &viewers[..5] {
            let before = context.stats();
            let notes = context.realise(Notes::all().visible_to(viewer)).unwrap();
            assert_eq!((context.stats() - before).statements, 1, "not one for each note");
            assert!(!notes.is_empty() && notes.len() < 45);
            let allowed = |note: &&Note| note.pinned || note.author_id == viewer.id;
            assert!(notes.iter().filter(allowed).count() > 0);
        }
    }
}

#[test]
fn r17_a_budget_is_held_by_the_compiler() {
    const { assert!(MemberTree::STATEMENTS <= 5 && MemberCard::STATEMENTS == 2 && NoteLine::STATEMENTS == 3) }
}

#[test]
fn r20_an_unknown_value_names_its_row() {
    let mut fresh = stores::sqlite(TABLES);
    Data::of(5).insert(&mut fresh.context()).unwrap();
    fresh.execute("UPDATE tasks SET state = 'melted' WHERE heat = 7");
    let Err(Error::Rows(rows)) = fresh.context().realise(Tasks::all()) else { panic!("let through") };
    let [row] = rows.rows() else { panic!("{rows}") };
    assert_eq!((row.entity, row.field), ("Task", "state"));
    assert!(matches!(row.problem, Problem::Unfit(_)) && rows.to_string().contains("melted"));
}

fn team(name: &str, motto: Option<&str>) -> Team {
    Team { name: name.into(), motto: motto.map(Into::into) }
}

#[test]
fn r21_one_order_everywhere() {
    for mut fresh in stores::every(TABLES) {
        let mut context = fresh.context();
        let mottos = [("e", None), ("d", Some("b")), ("c", Some("B")), ("b", Some("b")), ("a", None), ("f", Some("é"))];
        mottos.iter().for_each(|(name, motto)| context.insert(&team(name, *motto)).unwrap());
        let mut order = |order| -> String {
            let rows = context.realise(Teams::all().order_by(order).view::<TeamName>()).unwrap();
            rows.into_iter().map(|row| row.name).collect()
        };
        // NULLs first, then by code point, ties by key; and the other way round, ties still by key.
        assert_eq!(order(vec![team::motto.asc()]), "aecbdf");
        assert_eq!(order(vec![team::motto.desc()]), "fbdcae");
        assert_eq!(order(vec![team::motto.asc(), team::name.desc()]), "eacdbf");
        assert_eq!(order(vec![]), "abcdef");
    }
}

#[test]
fn r22_string_predicates_have_one_meaning() {
    for mut fresh in stores::every(TABLES) {
        let mut context = fresh.context();
        let teams = [team("100%", None), team("100x", None), team("a_c", None), team("abc", None), team("ABC", None)];
        context.insert_all(&teams).unwrap();
        let mut names = |predicate| -> Vec<String> {
            let rows = context.realise(Teams::all().filter(predicate).view::<TeamName>()).unwrap();
            rows.into_iter().map(|row| row.name).collect()
        };
        assert_eq!(names(team::name.starts_with("100%")), ["100%"]);
        assert_eq!(names(team::name.contains("_")), ["a_c"]);
        assert_eq!(names(team::name.ends_with("bc")), ["abc"]);
        assert_eq!(names(team::name.starts_with("AB")), ["ABC"]);
        assert_eq!(names(team::name.contains("")).len(), 5);
        assert_eq!(names(!team::name.contains("b")), ["100%", "100x", "ABC", "a_c"]);
    }
}

mod wide {
    #![allow(missing_docs, reason = "made by `table!`")]
    diesel::table! {
        lefts (id) {
            id -> Integer, a0 -> Integer, a1 -> Integer, a2 -> Integer, a3 -> Integer, a4 -> Integer, a5 -> Integer,
            a6 -> Integer, a7 -> Integer, a8 -> Integer, a9 -> Integer, b0 -> Integer, b1 -> Integer, b2 -> Integer,
            b3 -> Integer, b4 -> Integer, b5 -> Integer, b6 -> Integer, b7 -> Integer, b8 -> Integer, b9 -> Integer,
            right_id -> Integer,
        }
    }
    diesel::table! {
        rights (id) {
            id -> Integer, a0 -> Integer, a1 -> Integer, a2 -> Integer, a3 -> Integer, a4 -> Integer, a5 -> Integer,
            a6 -> Integer, a7 -> Integer, a8 -> Integer, a9 -> Integer, b0 -> Integer, b1 -> Integer, b2 -> Integer,
            b3 -> Integer, b4 -> Integer, b5 -> Integer, b6 -> Integer, b7 -> Integer, b8 -> Integer, b9 -> Integer,
        }
    }
}

macro_rules! wide {
    ($name:ident, $table:path, { $($more:tt)* }, $($field:ident)*) => {
        #[derive(Debug, Clone, PartialEq, Entity)]
        #[entity(table = $table)]
        pub struct $name {
            #[entity(key)]
            id: i32,
            $($field: i32,)*
            $($more)*
        }
    };
}
wide!(Right, wide::rights, {}, a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 b0 b1 b2 b3 b4 b5 b6 b7 b8 b9);
wide!(Left, wide::lefts, { #[entity(belongs_to(right: Right))] right_id: i32 },
    a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 b0 b1 b2 b3 b4 b5 b6 b7 b8 b9);

#[derive(Debug, PartialEq, View)]
#[view(of = Left)]
struct Both {
    #[view(flatten)]
    left: Left,
    right: Arc<Right>,
}

/// A statement of more columns than Diesel has tuples for (32 in these tests): there is no query type to check.
#[test]
fn r18_no_query_type_grows_with_the_columns() {
    use persist::{Entity as _, Strategy};
    for mut fresh in stores::every(&[Left::TABLE, Right::TABLE]) {
        let [a0, a1, a2, a3, a4, a5, a6, a7, a8, a9] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
        let [b0, b1, b2, b3, b4, b5, b6, b7, b8, b9] = [10, 11, 12, 13, 14, 15, 16, 17, 18, 19];
        let right = Right { id: 7, a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, b0, b1, b2, b3, b4, b5, b6, b7, b8, b9 };
        let (right_id, id) = (7, 1);
        let left =
            Left { id, a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, right_id };
        let mut context = fresh.context().with_strategy(Strategy::Join);
        context.insert(&right).unwrap();
        context.insert(&left).unwrap();
        let before = context.stats();
        let both = context.realise(Lefts::all().view::<Both>()).unwrap();
        assert_eq!(both, [Both { left, right: Arc::new(right) }]);
        assert_eq!((context.stats() - before).statements, 1, "43 columns in one");
    }
}
