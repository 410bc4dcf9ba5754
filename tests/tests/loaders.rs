//! Loaders of views: called once with each key once, after everything is read, and what comes of missing values, missing
//! extras and failures.
#![allow(missing_docs, dead_code, clippy::unwrap_used, clippy::panic, clippy::unnecessary_wraps, reason = "tests")]

use persist::prelude::*;
use persist::{Branch, Error, Problem, Value};
use persist_tests::data::Data;
use persist_tests::stores::{self, Fresh};
use persist_tests::tracker::*;
use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use uuid::Uuid;

/// Another service, which knows of all members but these, and remembers what it was asked.
#[derive(Default)]
struct Karma {
    unknown: Vec<i32>,
    asked: Mutex<Vec<Vec<i32>>>,
    is_down: bool,
}

#[derive(Debug, PartialEq)]
struct Down;

impl std::fmt::Display for Down {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no karma today")
    }
}

impl std::error::Error for Down {}

impl Karma {
    fn asked(&self) -> Vec<Vec<i32>> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}

fn karma_of(karma: &Karma, members: &[i32]) -> Result<HashMap<i32, i64>, Down> {
    karma.asked.lock().unwrap().push(members.to_vec());
    if karma.is_down {
        return Err(Down);
    }
    let known = members.iter().filter(|id| !karma.unknown.contains(id));
    Ok(known.map(|id| (*id, i64::from(*id) * 10)).collect())
}

/// Without extras, by a key of two columns.
fn words_of(_: &(), watches: &[(Uuid, i32)]) -> Result<BTreeMap<(Uuid, i32), String>, Infallible> {
    Ok(watches.iter().map(|(task, member)| ((*task, *member), format!("{task} {member}"))).collect())
}

#[derive(Debug, Clone, PartialEq, View)]
#[view(of = Member)]
struct Rated {
    id: i32,
    #[view(with = karma_of)]
    karma: i64,
    #[view(compute = karma + i64::from(id))]
    sum: i64,
}

#[derive(Debug, Clone, PartialEq, View)]
#[view(of = Member)]
struct Perhaps {
    id: i32,
    #[view(with = karma_of)]
    karma: Option<i64>,
}

/// The loader everywhere: in a view that is flattened, shared, owned, in a list, in a map, behind links.
#[derive(Debug, PartialEq, View)]
#[view(of = Task)]
struct Page {
    title: String,
    owner: Arc<Rated>,
    assignee: Option<Rated>,
    watchers: Vec<Arc<Rated>>,
    #[view(from = watchers)]
    with_links: Vec<(Words, Rated)>,
    #[view(from = watchers)]
    by_id: BTreeMap<i32, Rated>,
}

#[derive(Debug, PartialEq, View)]
#[view(of = Watch)]
struct Words {
    #[view(with = words_of)]
    words: String,
    member_id: i32,
}

#[derive(Debug, PartialEq, View)]
#[view(of = Member)]
struct Tree {
    #[view(flatten)]
    rated: Rated,
    name: String,
    owned: Vec<Page>,
    #[view(depth = 2)]
    reports: Branch<Vec<Tree>>,
}

fn filled() -> Vec<Fresh> {
    let mut all = stores::every(TABLES);
    let mut data = Data::of(30);
    // A tree, without the one who is above himself.
    data.members[0].manager_id = None;
    all.iter_mut().for_each(|fresh| data.insert(&mut fresh.context()).unwrap());
    all
}

fn check(rated: &Rated) {
    assert_eq!((rated.karma, rated.sum), (i64::from(rated.id) * 10, i64::from(rated.id) * 11));
}

fn check_page(page: &Page) {
    check(&page.owner);
    page.assignee.iter().for_each(check);
    page.watchers.iter().for_each(|watcher| check(watcher));
    page.by_id.values().for_each(check);
    for (link, watcher) in &page.with_links {
        check(watcher);
        assert!(link.words.ends_with(&format!(" {}", watcher.id)));
    }
}

fn check_tree(tree: &Tree) -> usize {
    check(&tree.rated);
    tree.owned.iter().for_each(check_page);
    1 + tree.reports.loaded().into_iter().flatten().map(check_tree).sum::<usize>()
}

#[test]
fn each_loader_is_called_once_with_each_key_once() {
    for mut fresh in filled() {
        let karma = Karma::default();
        let mut context = fresh.context();
        let request = (Members::all().view::<Tree>(), Tasks::all().view::<Page>(), Members::all().view::<Rated>());
        let (trees, pages, members) = context.with_extras(&karma).realise(&request).unwrap();
        assert!(trees.iter().map(check_tree).sum::<usize>() > 50, "there are levels below");
        pages.iter().for_each(check_page);
        members.iter().for_each(check);
        assert!(pages.iter().any(|page| page.with_links.len() > 1));
        let [mut asked] = karma.asked().try_into().unwrap();
        asked.sort_unstable();
        assert_eq!(asked, (0..30).collect::<Vec<_>>());
    }
}

#[test]
fn statements_are_what_they_are_without() {
    #[derive(View)]
    #[view(of = Member)]
    struct Plain {
        id: i32,
    }
    assert_eq!((Rated::STATEMENTS, Rated::ROUNDS), (Plain::STATEMENTS, Plain::ROUNDS));
    for mut fresh in filled() {
        let karma = Karma::default();
        let mut context = fresh.context();
        let before = context.stats();
        context.with_extras(&karma).realise(Members::all().view::<Rated>()).unwrap();
        assert_eq!((context.stats() - before).statements, 1);
    }
}

#[test]
fn no_rows_no_call() {
    for mut fresh in filled() {
        let karma = Karma::default();
        let mut context = fresh.context();
        let mut context = context.with_extras(&karma);
        for none in [Members::from_keys([]), Members::from_keys([777])] {
            assert_eq!(context.realise(none.view::<Rated>()).unwrap(), []);
        }
        let teams = Tasks::all().filter(task::assignee_id.is_null());
        #[derive(View)]
        #[view(of = Task)]
        struct Assigned {
            assignee: Option<Rated>,
        }
        assert!(context.realise(teams.view::<Assigned>()).unwrap().iter().all(|task| task.assignee.is_none()));
        assert_eq!(karma.asked(), Vec::<Vec<i32>>::new());
    }
}

#[test]
fn a_key_without_a_value() {
    for mut fresh in filled() {
        let karma = Karma { unknown: vec![3, 5], ..Karma::default() };
        let mut context = fresh.context();
        let mut context = context.with_extras(&karma);
        let members = context.realise(Members::all().view::<Perhaps>()).unwrap();
        let without: Vec<_> = members.iter().filter(|member| member.karma.is_none()).map(|member| member.id).collect();
        assert_eq!(without, [3, 5]);

        let error = context.realise(Members::all().view::<Rated>()).unwrap_err();
        let rows = error.rows().unwrap().rows();
        let keys: Vec<_> = rows.iter().map(|row| row.key.clone()).collect();
        assert_eq!(keys, [[Value::Int(3)], [Value::Int(5)]]);
        assert_eq!(rows[0].problem, Problem::NotLoaded { function: "karma_of" });
        assert_eq!(rows[0].to_string(), "Member 3, field `karma` of `Rated`: `karma_of` gave no value for it");
    }
}

/// What cannot be without it goes with it, whether it is owned, shared or flattened.
#[test]
fn lenient_leaves_out_what_has_no_value() {
    for mut fresh in filled() {
        let karma = Karma { unknown: vec![2], ..Karma::default() };
        let mut context = fresh.context();
        let owners: HashMap<_, _> =
            context.realise(Tasks::all()).unwrap().iter().map(|task| (task.title.clone(), task.owner_id)).collect();
        let mut context = context.with_extras(&karma);
        #[derive(Debug, View)]
        #[view(of = Task)]
        struct Owned {
            title: String,
            owner: Arc<Rated>,
            #[view(from = watchers)]
            perhaps: Vec<Perhaps>,
        }
        let found = context.realise(Tasks::all().view::<Owned>().lenient()).unwrap();
        assert!(!owners.is_empty() && found.whole.len() < 30 && found.whole.len() > 20);
        assert!(found.whole.iter().all(|task| task.owner.id != 2));
        found.whole.iter().for_each(|task| check(&task.owner));
        assert_eq!(found.errors.len(), 1 + 30 - found.whole.len(), "{:?}", found.errors);
        assert_eq!(found.errors[0].problem, Problem::NotLoaded { function: "karma_of" });
        // Rows that are left out for another reason, or for both.
        let tree = context.realise(Members::all().view::<Tree>().lenient()).unwrap();
        assert!(tree.whole.iter().map(check_tree).sum::<usize>() > 0);
        assert!(tree.whole.len() < 30);
    }
}

/// Rows that do not fit fail the realise before anybody is asked.
#[test]
fn nobody_is_asked_for_rows_that_do_not_fit() {
    for mut fresh in stores::every(TABLES) {
        let mut data = Data::of(30);
        data.tasks[3].owner_id = 777;
        data.insert(&mut fresh.context()).unwrap();
        let karma = Karma::default();
        let mut context = fresh.context();
        let mut context = context.with_extras(&karma);
        assert!(matches!(context.realise(Tasks::all().view::<Page>()), Err(Error::Rows(_))));
        assert!(karma.asked().is_empty());
        let lenient = context.realise(Tasks::all().view::<Page>().lenient()).unwrap();
        assert_eq!((lenient.whole.len(), karma.asked().len()), (29, 1));
        lenient.whole.iter().for_each(check_page);
    }
}

#[test]
fn the_functions_own_error_comes_back() {
    for mut fresh in filled() {
        let karma = Karma { is_down: true, ..Karma::default() };
        let mut context = fresh.context();
        for _ in 0..2 {
            let error = context.with_extras(&karma).realise((Tasks::all().view::<Page>(), Tasks::all())).unwrap_err();
            assert_eq!(error.to_string(), "`karma_of`, which loads field `karma` of `Rated`, failed: no karma today");
            let source = std::error::Error::source(&error).unwrap();
            assert_eq!(source.downcast_ref::<Down>(), Some(&Down));
        }
        // The snapshot has ended: the connection is as good as new.
        context.insert(&Team { name: "new".into(), motto: None }).unwrap();
        assert_eq!(context.with_extras(&Karma::default()).realise(Tasks::all().view::<Page>()).unwrap().len(), 30);
    }
}

#[test]
fn missing_extras_are_found_before_anything_is_sent() {
    for mut fresh in filled() {
        let mut context = fresh.context();
        let before = context.stats();
        let pages = Tasks::all().view::<Page>();
        let realised = context.realise((Teams::all(), &pages)).unwrap_err();
        let streamed = context.stream(&pages, 3).next().unwrap().unwrap_err();
        let other = context.with_extras(&7_i32).realise(pages.clone().lenient()).unwrap_err();
        for error in [realised, streamed, other] {
            let Error::Extras(missing) = error else { panic!("{error}") };
            assert_eq!((missing.view, missing.field), ("Rated", "karma"));
            assert!(missing.extras.ends_with("::Karma"), "{missing}");
        }
        assert_eq!(context.stats(), before);
        assert!(context.explain(Tasks::all().view::<Page>()).unwrap().loaders()[0].contains("karma_of"));
    }
}

#[test]
fn extras_go_by_type_and_the_last_counts() {
    for mut fresh in filled() {
        let (one, two) = (Karma::default(), Karma::default());
        let mut context = fresh.context();
        context.scope::<Member>(Members::all().filter(member::id.lt(5)));
        let mut context = context.with_extras(&one);
        let mut context = context.with_extras(&"other");
        assert_eq!(context.realise(Members::all().view::<Rated>()).unwrap().len(), 5, "scopes stay");
        assert_eq!(one.asked().len(), 1);
        assert_eq!(context.with_extras(&two).realise(Members::all().view::<Rated>()).unwrap().len(), 5);
        assert_eq!((one.asked().len(), two.asked().len()), (0, 1));
        assert_eq!(context.without_scope::<Member>().realise(Members::all().view::<Rated>()).unwrap().len(), 30);
        assert_eq!(one.asked().len(), 1);
    }
}

#[test]
fn streams_ask_for_each_chunk() {
    for mut fresh in filled() {
        let karma = Karma::default();
        let mut context = fresh.context();
        let mut context = context.with_extras(&karma);
        let rows: Result<Vec<_>, _> = context.stream(Members::all().view::<Rated>(), 12).rows().collect();
        rows.unwrap().iter().for_each(check);
        assert_eq!(karma.asked().iter().map(Vec::len).collect::<Vec<_>>(), [12, 12, 6]);
    }
}

/// A function may name the map that it gives by any of its types, and a closure is a function.
#[test]
fn functions_of_many_forms() {
    fn optional(_: &(), ids: &[i32]) -> Result<HashMap<i32, Option<i64>>, String> {
        Ok(ids.iter().map(|id| (*id, (*id != 1).then_some(7))).collect())
    }
    mod service {
        pub(super) mod names {
            pub(in super::super) fn of(
                _: &(),
                ids: &[i32],
            ) -> Result<std::collections::BTreeMap<i32, std::sync::Arc<str>>, Box<dyn std::error::Error + Send + Sync>>
            {
                Ok(ids.iter().map(|id| (*id, id.to_string().into())).collect())
            }
        }
    }
    #[derive(Debug, View)]
    #[view(of = Member)]
    struct Forms {
        #[view(with = optional)]
        optional: Option<i64>,
        #[view(with = service::names::of)]
        name: Arc<str>,
        #[view(with = |_: &(), ids: &[i32]| Ok::<_, Infallible>(ids.iter().map(|id| (*id, *id)).collect::<HashMap<_, _>>()))]
        same: i32,
    }
    let mut fresh = stores::memory();
    Data::of(3).insert(&mut fresh.context()).unwrap();
    let found = fresh.context().realise(Members::all().view::<Forms>()).unwrap();
    let found: Vec<_> = found.iter().map(|row| (row.optional, &*row.name, row.same)).collect();
    assert_eq!(found, [(Some(7), "0", 0), (None, "1", 1), (Some(7), "2", 2)]);
}

#[test]
fn plans_name_the_functions() {
    persist::assert_plan!(
        Words,
        "Words of Watch: at most 1 statement, 1 round
round 1
  1. watches: the group
       for Words: Words
then, once each
  words_of
       for Words.words"
    );
    let plan = Page::plan().to_string();
    assert!(
        plan.contains("then, once each\n  karma_of\n       for Page.owner.karma\n       for Page.assignee.karma\n"),
        "{plan}"
    );
    let mut fresh = stores::memory();
    let explained = fresh.context().explain((Members::all().view::<Rated>(), Watches::all().view::<Words>())).unwrap();
    assert!(
        explained.to_string().ends_with("then, once each\n  karma_of for Rated.karma\n  words_of for Words.words\n")
    );
}
