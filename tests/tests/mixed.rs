//! Mixed groups: entities of several kinds, searched, ordered and cut as one, on every store.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use persist::prelude::*;
use persist::{MemoryStore, Predicate};
use persist_tests::data::Data;
use persist_tests::random_data::data;
use persist_tests::stores::{self, Fresh};
use persist_tests::tracker::*;
use proptest::prelude::*;
use std::sync::Arc;

/// Keys of three types, with relations of its own in two kinds.
#[derive(Debug, PartialEq, View)]
#[view(common(name: String, rank: Option<i32>), budget = 6)]
pub enum Found {
    Member(Arc<MemberCard>),
    #[view(common(name = title, rank = heat))]
    Task(Task),
    #[view(common(name = body, rank = author_id))]
    Note(Arc<NoteLine>),
}

/// A text key, a key of two columns, and nothing in common.
#[derive(Debug, PartialEq, View)]
#[view(group = AnyOf, columns = any_of)]
pub enum Any {
    Watch(Watch),
    Team(Team),
}

impl Founds {
    pub fn named(&self, text: &str) -> Self {
        self.filter(found::name.contains(text))
    }
}

fn filled(n: u32) -> Vec<Fresh> {
    let mut all = stores::every(TABLES);
    all.iter_mut().for_each(|fresh| Data::of(n).insert(&mut fresh.context()).unwrap());
    all
}

fn label(found: &Found) -> String {
    match found {
        Found::Member(member) => format!("member {}", member.member.id),
        Found::Task(task) => format!("task {}", task.id.as_u128() as u64),
        Found::Note(note) => format!("note {}", note.id),
    }
}

fn labels(context: &mut Context<'_>, group: &Founds) -> Vec<String> {
    context.realise(group).unwrap().iter().map(label).collect()
}

/// What a row of the mixed group is, worked out without it.
#[derive(Debug, Clone, PartialEq)]
struct Row {
    kind: usize,
    key: u64,
    name: String,
    rank: Option<i32>,
}

fn model(data: &Data) -> Vec<Row> {
    let member = |m: &Member| Row { kind: 0, key: m.id as u64, name: m.name.clone(), rank: m.rank };
    let task = |t: &Task| Row { kind: 1, key: t.id.as_u128() as u64, name: t.title.clone(), rank: Some(t.heat) };
    let note = |n: &Note| Row { kind: 2, key: n.id as u64, name: n.body.clone(), rank: Some(n.author_id) };
    let mut rows: Vec<_> = data.members.iter().map(member).chain(data.tasks.iter().map(task)).collect();
    rows.extend(data.notes.iter().map(note));
    rows.sort_by_key(|row| (row.kind, row.key));
    rows
}

fn label_of(row: &Row) -> String {
    format!("{} {}", ["member", "task", "note"][row.kind], row.key)
}

#[test]
fn kinds_come_in_the_order_of_the_variants_each_by_key() {
    let expected: Vec<_> = model(&Data::of(9)).iter().map(label_of).collect();
    for mut fresh in filled(9) {
        assert_eq!(labels(&mut fresh.context(), &Founds::all()), expected);
    }
}

#[test]
fn they_are_ordered_and_cut_as_one() {
    let mut rows = model(&Data::of(20));
    rows.sort_by(|a, b| a.name.cmp(&b.name).then(b.rank.cmp(&a.rank)).then((a.kind, a.key).cmp(&(b.kind, b.key))));
    let expected: Vec<_> = rows.iter().map(label_of).collect();
    let ordered = Founds::all().order_by((found::name.asc(), found::rank.desc()));
    for mut fresh in filled(20) {
        let mut context = fresh.context();
        assert_eq!(labels(&mut context, &ordered), expected);
        // Page by page it is the same.
        let pages = (0..8).flat_map(|page| labels(&mut context, &ordered.limit(10).offset(page * 10)));
        assert_eq!(pages.collect::<Vec<_>>(), expected);
    }
}

/// One statement for the order, one for each kind, and those of their relations, however many rows there are.
#[test]
fn the_number_of_statements_is_constant() {
    const { assert!(Found::STATEMENTS == 5 && Found::ROUNDS == 4) };
    assert_eq!(Any::STATEMENTS, 3);
    for n in [1, 2, 50] {
        for mut fresh in filled(n) {
            let mut context = fresh.context();
            let found = context.realise(Founds::all().order_by(found::rank.desc()).limit(60)).unwrap();
            assert!(found.len() > n as usize);
            let sent = context.stats();
            assert!(sent.statements <= Found::STATEMENTS as u64, "{n}: {sent}");
            if n > 1 {
                assert_eq!((sent.statements, sent.rounds), (Found::STATEMENTS as u64, Found::ROUNDS as u64), "{n}");
            }
        }
    }
}

/// The rows are found by the store: what is cut off is not sent.
#[test]
fn the_store_orders_and_cuts() {
    for mut fresh in filled(100) {
        let name = fresh.name();
        let mut context = fresh.context();
        let page = Founds::all().order_by(found::name.desc()).limit(3);
        context.realise(&page).unwrap();
        assert!(context.stats().rows <= 3 + 3 + 3 * 3, "{:?}", context.stats());
        let plan = context.explain(&page).unwrap();
        let first = &plan.statements()[0].text;
        if name != "memory" {
            assert_eq!(first.matches("UNION ALL").count(), 2, "{first}");
            assert_eq!(first.matches("LIMIT").count(), 4, "each kind gives no more than the whole: {first}");
        }
    }
}

/// What is loaded by key of the same entity elsewhere is the same statement.
#[test]
fn kinds_share_statements_with_others() {
    let mut fresh = stores::memory();
    Data::of(20).insert(&mut fresh.context()).unwrap();
    let mut context = fresh.context();
    let notes = Notes::all().view::<NoteLine>();
    let (found, notes) = context.realise((Founds::all(), notes)).unwrap();
    assert!(found.len() > notes.len() && !notes.is_empty());
    // Notes as a group of their own, and no further statement for their authors and their teams.
    assert_eq!(context.stats().statements, Found::STATEMENTS as u64 + 1);
}

#[test]
fn of_groups_that_are_filtered_and_cut_already() {
    for mut fresh in filled(30) {
        let mut context = fresh.context();
        let members = Members::all().filter(member::rank.ge(5)).order_by(member::rank.desc()).limit(4);
        let tasks = Tasks::all().filter(task::heat.lt(0));
        let some = Founds::of(&members, tasks, Notes::from_keys([3, 4]));
        let expected: Vec<_> = context
            .realise(members.order_by(member::id.asc()))
            .unwrap()
            .iter()
            .map(|m| format!("member {}", m.id))
            .chain(["note 3".into(), "note 4".into()])
            .collect();
        assert_eq!(labels(&mut context, &some), expected);
        assert_eq!(context.realise((some.count(), some.limit(5).count(), some.exists())).unwrap(), (6, 5, true));
        let none = Founds::of(Members::from_keys([]), Tasks::from_keys([]), Notes::from_keys([]));
        let before = context.stats();
        assert!(context.realise(&none).unwrap().is_empty());
        assert_eq!(context.realise((none.count(), none.exists())).unwrap(), (0, false));
        assert_eq!(context.stats() - before, persist::Stats::default(), "nothing is sent");
    }
}

#[test]
fn filters_below_and_above_a_cut() {
    for mut fresh in filled(30) {
        let mut context = fresh.context();
        let named = Founds::all().named("er 3").named("member");
        assert!(labels(&mut context, &named).iter().all(|label| label.starts_with("member ")));
        let first = Founds::all().order_by(found::name.asc()).limit(10);
        let all = labels(&mut context, &first);
        let members: Vec<_> = all.iter().filter(|label| label.starts_with("member")).cloned().collect();
        let ranked = first.filter(found::rank.is_not_null() | found::name.eq("?"));
        let of_them = labels(&mut context, &ranked);
        assert!(
            of_them.len() <= 10 && of_them.iter().all(|label| all.contains(label)),
            "the ten first, then the filter"
        );
        assert_eq!(context.realise(ranked.count()).unwrap(), of_them.len() as u64);
        let again = labels(&mut context, &ranked.filter(found::rank.gt(3)).limit(2));
        assert!(again.len() <= 2 && again.iter().all(|label| of_them.contains(label)));
        // Narrowed to a kind, of the ten as of all.
        let narrowed = context.realise(first.only_member().count()).unwrap();
        assert_eq!(narrowed, members.len() as u64);
        assert_eq!(
            context.realise(ranked.only_member().count()).unwrap() as usize,
            of_them.iter().filter(|label| label.starts_with("member")).count()
        );
    }
}

#[test]
fn narrowed_to_one_kind_it_is_a_group_of_its_entity() {
    for mut fresh in filled(30) {
        let mut context = fresh.context();
        let found = Founds::all().filter(found::rank.ge(5)).order_by(found::name.asc());
        let tasks: Tasks = found.only_task();
        assert_eq!(tasks.to_string(), "tasks where heat >= 5", "the group that it was made of");
        let expected = context.realise(Tasks::all().filter(task::heat.ge(5)).owners().count()).unwrap();
        assert_eq!(context.realise(tasks.owners().count()).unwrap(), expected);
        assert_eq!(context.realise(AnyOf::all().limit(3).only_watch()).unwrap().len(), 3, "a key of two columns");
        assert_eq!(context.realise(AnyOf::all().only_team()).unwrap().len(), 3);
    }
}

#[test]
fn keys_of_every_shape() {
    for mut fresh in filled(30) {
        let mut context = fresh.context();
        let all = context.realise(AnyOf::all()).unwrap();
        let (watches, teams) = context.realise((Watches::all(), Teams::all())).unwrap();
        let expected: Vec<_> = watches.into_iter().map(Any::Watch).chain(teams.into_iter().map(Any::Team)).collect();
        assert_eq!(all, expected);
    }
}

/// A scope hides rows of a kind from the order, from the count, from what is narrowed, and above a cut.
#[test]
fn scopes_reach_every_kind() {
    for mut fresh in filled(30) {
        let mut context = fresh.context();
        context.scope::<Task>(Tasks::all().filter(task::heat.ge(9)));
        let visible = context.realise(Tasks::all().count()).unwrap();
        let all = labels(&mut context, &Founds::all());
        assert_eq!(all.iter().filter(|label| label.starts_with("task")).count() as u64, visible);
        let cut = Founds::all().order_by(found::rank.desc()).limit(20);
        let first = context.realise(&cut).unwrap();
        assert_eq!(first.len(), 20, "what is hidden takes no place");
        assert!(first.iter().all(|found| !matches!(found, Found::Task(task) if task.heat < 9)));
        assert_eq!(context.realise(Founds::all().count()).unwrap(), all.len() as u64);
        assert_eq!(context.realise(Founds::all().only_task().count()).unwrap(), visible);
        assert_eq!(context.realise(cut.filter(found::rank.lt(9)).only_task().count()).unwrap(), 0);
    }
}

/// However kinds are loaded, it is the same.
#[test]
fn every_strategy_gives_the_same() {
    use persist::Strategy;
    for mut fresh in filled(30) {
        let cut = Founds::all().named("a").order_by((found::name.desc(), found::rank.asc())).limit(25).offset(3);
        for group in [Founds::all(), cut.clone(), cut.filter(found::rank.gt(2))] {
            let expected = fresh.context().realise(&group).unwrap();
            for strategy in [Strategy::Keys, Strategy::Join, Strategy::Subselect] {
                let mut context = fresh.context().with_strategy(strategy);
                assert_eq!(context.realise(&group).unwrap(), expected, "{strategy:?}");
            }
        }
    }
}

#[derive(Debug, Clone)]
struct Search {
    text: Option<String>,
    least: Option<i32>,
    by: u8,
    limit: Option<u64>,
    offset: u64,
    then: Option<i32>,
}

fn search() -> impl Strategy<Value = Search> {
    let text = prop::option::of(prop::sample::select(vec!["a", "B", "%", "_", "", "ß"]).prop_map(String::from));
    let limit = prop::option::of(0_u64..9);
    (text, prop::option::of(-1..4), 0_u8..6, limit, 0_u64..4, prop::option::weighted(0.3, 0..3))
        .prop_map(|(text, least, by, limit, offset, then)| Search { text, least, by, limit, offset, then })
}

impl Search {
    fn group(&self) -> Founds {
        let mut group = Founds::all();
        if let Some(text) = &self.text {
            group = group.named(text);
        }
        if let Some(least) = self.least {
            let test: Predicate<found> = found::rank.ge(least);
            group = group.filter(!test);
        }
        group = match self.by {
            0 => group,
            1 => group.order_by(found::name.asc()),
            2 => group.order_by(found::name.desc()),
            3 => group.order_by(found::rank.asc()),
            4 => group.order_by((found::rank.desc(), found::name.asc())),
            _ => group.order_by(vec![found::rank.desc()]),
        };
        group = group.limit(self.limit).offset(self.offset);
        match self.then {
            Some(least) => group.filter(found::rank.ge(least)),
            None => group,
        }
    }

    fn rows(&self, data: &Data) -> Vec<Row> {
        let mut rows = model(data);
        rows.retain(|row| self.text.as_ref().is_none_or(|text| row.name.contains(text.as_str())));
        rows.retain(|row| self.least.is_none_or(|least| row.rank.is_none_or(|rank| rank < least)));
        match self.by {
            0 => {}
            1 => rows.sort_by(|a, b| a.name.cmp(&b.name)),
            2 => rows.sort_by(|a, b| b.name.cmp(&a.name)),
            3 => rows.sort_by_key(|row| row.rank),
            4 => rows.sort_by(|a, b| b.rank.cmp(&a.rank).then(a.name.cmp(&b.name))),
            _ => rows.sort_by_key(|row| std::cmp::Reverse(row.rank)),
        }
        let most = self.limit.map_or(usize::MAX, |limit| limit as usize);
        let mut rows: Vec<_> = rows.into_iter().skip(self.offset as usize).take(most).collect();
        rows.retain(|row| self.then.is_none_or(|least| row.rank.is_some_and(|rank| rank >= least)));
        rows
    }

    fn check(&self, context: &mut Context<'_>, data: &Data, name: &str) {
        let (group, expected) = (self.group(), self.rows(data));
        assert_eq!(context.realise(group.count()).unwrap(), expected.len() as u64, "{name}: count of {group:?}");
        assert_eq!(context.realise(group.exists()).unwrap(), !expected.is_empty(), "{name}: {group:?}");
        let tasks = expected.iter().filter(|row| row.kind == 1).count();
        assert_eq!(context.realise(group.only_task().count()).unwrap(), tasks as u64, "{name}: tasks of {group:?}");
        match context.realise(&group) {
            Ok(found) => {
                let labels: Vec<_> = found.iter().map(label).collect();
                assert_eq!(labels, expected.iter().map(label_of).collect::<Vec<_>>(), "{name}: {group:?}");
            }
            // References of some random rows lead nowhere.
            Err(error) => assert!(error.rows().is_some(), "{name}: {group:?}: {error}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]

    #[test]
    fn every_store_finds_what_the_model_says(data in data(), searches in prop::collection::vec(search(), 1..4)) {
        let memory = MemoryStore::new();
        data.insert(&mut Context::memory(&memory)).unwrap();
        let mut sqlite = stores::sqlite(TABLES);
        data.insert(&mut sqlite.context()).unwrap();
        for search in &searches {
            search.check(&mut Context::memory(&memory), &data, "memory");
            search.check(&mut sqlite.context(), &data, "SQLite");
        }
    }
}

#[test]
fn servers_find_what_the_model_says() {
    for fresh in stores::servers(TABLES) {
        let name = fresh.name();
        let fresh = std::cell::RefCell::new(fresh);
        let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) };
        let mut runner = proptest::test_runner::TestRunner::new(config);
        let ran = runner.run(&(data(), prop::collection::vec(search(), 1..4)), |(data, searches)| {
            let fresh: &mut Fresh = &mut fresh.borrow_mut();
            fresh.empty(TABLES);
            data.insert(&mut fresh.context()).unwrap();
            searches.iter().for_each(|search| search.check(&mut fresh.context(), &data, name));
            Ok(())
        });
        if let Err(failed) = ran {
            panic!("{failed}");
        }
    }
}
