//! What was loaded and never read (R15), reported by fields that are watched.
#![allow(missing_docs, dead_code, clippy::unwrap_used, clippy::unnecessary_wraps, reason = "tests")]

use persist::prelude::*;
use persist::testkit::{self, Report, Watched};
use persist::{Branch, Error, Strategy};
use persist_tests::data::Data;
use persist_tests::stores;
use persist_tests::tracker::*;
use std::collections::{BTreeMap, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

fn words_of(_: &(), ids: &[uuid::Uuid]) -> Result<HashMap<uuid::Uuid, String>, String> {
    Ok(ids.iter().map(|id| (*id, id.to_string())).collect())
}

/// A line that others flatten: its fields are its own.
#[derive(Debug, Clone, PartialEq, View)]
#[view(of = Member)]
struct Card {
    name: Watched<String>,
    team: Watched<Option<Arc<TeamName>>>,
}

/// Every kind of field, watched.
#[derive(Debug, PartialEq, View)]
#[view(of = Task, edges = page)]
struct Page {
    title: Watched<String>,
    score: Watched<Option<f64>>,
    owner: Watched<Arc<Card>>,
    assignee: Watched<Option<Card>>,
    #[view(limit = 2, order_by = note::body.desc())]
    notes: Watched<Vec<Note>>,
    watchers: Watched<Vec<Arc<MemberName>>>,
    #[view(from = watchers)]
    by_id: Watched<BTreeMap<i32, MemberName>>,
    #[view(count(notes))]
    note_count: Watched<i64>,
    #[view(max(notes, note::body))]
    last: Watched<Option<String>>,
    #[view(with = words_of)]
    words: Watched<String>,
    #[view(with = words_of)]
    perhaps: Watched<Option<String>>,
}

#[derive(Debug, View)]
#[view(of = Member)]
struct Tree {
    #[view(flatten)]
    card: Card,
    #[view(depth = 2)]
    manager: Watched<Branch<Option<Arc<Tree>>>>,
}

fn filled(rows: u32) -> Vec<stores::Fresh> {
    let mut all = stores::every(TABLES);
    let mut data = Data::of(rows);
    data.members.iter_mut().take(1).for_each(|member| member.manager_id = None);
    all.iter_mut().for_each(|fresh| data.insert(&mut fresh.context()).unwrap());
    all
}

fn read<T>(field: &Watched<T>) {
    let _: &T = field;
}

fn unread(report: &Report) -> Vec<String> {
    report.unread().iter().map(|unread| format!("{}.{}", unread.view, unread.field)).collect()
}

#[test]
fn each_field_is_reported_until_it_is_read() {
    for mut fresh in filled(12) {
        let mut context = fresh.context();
        let (mut watched, report) = testkit::watch(&mut context);
        let pages = watched.realise(Tasks::all().view::<Page>()).unwrap();
        let all = [
            "Card.name",
            "Card.team",
            "Page.assignee",
            "Page.by_id",
            "Page.last",
            "Page.note_count",
            "Page.notes",
            "Page.owner",
            "Page.perhaps",
            "Page.score",
            "Page.title",
            "Page.watchers",
            "Page.words",
        ];
        assert_eq!(unread(&report), all);
        assert_eq!(report.unread().iter().find(|unread| unread.field == "title").unwrap().rows, 12);

        // Neither of these is reading.
        let copies: Vec<_> = pages.iter().map(|page| page.owner.clone()).collect();
        assert!(!format!("{pages:?}").is_empty() && copies.len() == 12);
        assert_eq!(unread(&report), all);

        // One row is enough; and what is within is read by itself.
        assert!(pages[0].title.starts_with("task"));
        assert!(pages[3].owner.name.contains("member"));
        for _ in &pages[1].notes {}
        read(&pages[0].note_count);
        read(&pages[0].last);
        read(&pages[11].score);
        let left = ["Card.team", "Page.assignee", "Page.by_id", "Page.perhaps", "Page.watchers", "Page.words"];
        assert_eq!(unread(&report), left);

        // A copy is of the same field.
        read(&copies[0].team);
        read(&pages[0].assignee);
        assert_eq!((pages[0].by_id.len(), pages[0].words.len()), (pages[0].watchers.len(), 36));
        assert_eq!(unread(&report), ["Page.perhaps"]);
        assert!(pages.into_iter().all(|page| page.perhaps.into_inner().is_some()));
        assert_eq!(unread(&report), [""; 0]);
    }
}

/// The values are those that are loaded without being watched, by any strategy, and the statements too.
#[test]
fn watching_changes_nothing() {
    for mut fresh in filled(12) {
        let mut context = fresh.context();
        let plain = context.realise(Tasks::all().view::<Page>()).unwrap();
        let tasks = context.realise(Tasks::all().view::<TaskPage>()).unwrap();
        drop(context);
        for strategy in [Strategy::Keys, Strategy::Join, Strategy::Subselect] {
            let mut context = fresh.context().with_strategy(strategy);
            let (mut watched, _report) = testkit::watch(&mut context);
            let pages = watched.realise(Tasks::all().view::<Page>()).unwrap();
            assert_eq!(pages, plain);
            assert!(watched.stats().statements <= Page::STATEMENTS as u64);
        }
        for (page, task) in plain.iter().zip(&tasks) {
            assert_eq!((&*page.title, *page.note_count), (&task.line.title, task.note_count));
            assert_eq!(page.owner.name.as_str(), task.owner.member.name);
            let ids = |members: &[Arc<MemberName>]| members.iter().map(|member| member.id).collect::<Vec<_>>();
            assert_eq!(ids(&page.watchers), task.watchers.iter().map(|card| card.member.id).collect::<Vec<_>>());
            assert_eq!(page.notes.len(), task.top_notes.len());
        }
    }
}

#[test]
fn requests_may_choose_rows_of_watched_edges() {
    for mut fresh in filled(12) {
        let ask = Tasks::all().view::<Page>().edge(page::notes, |notes| notes.filter(note::pinned.eq(true)).limit(1));
        let pages = fresh.context().realise(ask).unwrap();
        assert!(pages.iter().any(|page| !page.notes.is_empty()));
        assert!(pages.iter().all(|page| page.notes.iter().all(|note| note.pinned) && page.notes.len() < 2));
    }
}

#[test]
fn trees_streams_and_borrowed_contexts() {
    for mut fresh in filled(12) {
        let mut context = fresh.context();
        context.scope::<Member>(Members::all().filter(member::id.lt(8)));
        let (mut watched, report) = testkit::watch(&mut context);
        let mut count = 0;
        for tree in watched.stream(Members::all().view::<Tree>(), 3).rows() {
            count += usize::from(!tree.unwrap().card.name.is_empty());
        }
        assert_eq!(count, 8, "scopes stay");
        assert_eq!(unread(&report), ["Card.team", "Tree.manager"]);
        let trees = watched.without_scope::<Member>().with_extras(&1).realise(Members::all().view::<Tree>()).unwrap();
        drop(watched);
        assert!(trees.iter().any(|tree| tree.manager.loaded().unwrap().is_some()));
        assert_eq!(unread(&report), ["Card.team"]);
        // What the context itself loads is not in the report.
        drop(context.realise(Tasks::all().view::<Page>()).unwrap());
        assert_eq!(unread(&report), ["Card.team"]);
    }
}

#[test]
fn a_test_demands_that_all_is_read() {
    fn words(check: impl FnOnce()) -> String {
        let failed = catch_unwind(AssertUnwindSafe(check)).unwrap_err();
        failed
            .downcast_ref::<String>()
            .map(String::as_str)
            .or(failed.downcast_ref::<&str>().copied())
            .unwrap()
            .to_owned()
    }
    fn page(context: &mut Context<'_>) -> Result<String, Error> {
        let cards = context.realise(Members::from_keys([0, 1]).view::<Card>())?;
        Ok(cards.iter().map(|card| format!("{}\n", card.name)).collect())
    }
    let mut fresh = stores::memory();
    Data::of(12).insert(&mut fresh.context()).unwrap();
    let mut context = fresh.context();
    let (mut watched, report) = testkit::watch(&mut context);
    assert!(words(|| report.assert_all_read()).starts_with("no watched field was loaded"));
    assert_eq!(page(&mut watched).unwrap(), "member 0\nmember 1\n");
    assert_eq!(words(|| report.assert_all_read()), "loaded and never read:\n    Card.team, in 2 rows");
    let cards = watched.realise(Members::from_keys([3]).view::<Card>()).unwrap();
    assert!(cards[0].team.is_some());
    report.assert_all_read();
}

/// A unit test of a domain rule writes the struct literal, as ever.
#[test]
fn a_watched_view_is_written_as_a_literal() {
    let card = Card { name: "Ada".to_owned().into(), team: None.into() };
    assert_eq!((card.name.len(), card.clone()), (3, card));
    let mut notes: Watched<Vec<i32>> = vec![1, 2].into();
    notes.push(3);
    assert_eq!(notes.into_iter().sum::<i32>(), 6);
}
