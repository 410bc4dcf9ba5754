//! Changes within JSON documents on every store: what is written is the places that changed, and editors of different
//! places both survive.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use persist::edit::To;
use persist::prelude::*;
use persist::{Conflict, Edit, Equal, Error, Fault, Json, Overlap, Take, Value};
use persist_tests::sent::{sent, the_write};
use persist_tests::stores::{self, Fresh};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;

mod schema {
    diesel::table! {
        pages (id) {
            id -> Integer,
            title -> Text,
            meta -> Jsonb,
            extra -> Nullable<Json>,
            settings -> Jsonb,
            look -> Nullable<Json>,
        }
    }
    diesel::table! {
        forms (id) { id -> Integer, state -> Jsonb, }
    }
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = schema::pages)]
pub struct Page {
    #[entity(key)]
    pub id: i32,
    pub title: String,
    pub meta: serde_json::Value,
    pub extra: Option<serde_json::Value>,
    pub settings: Json<Settings>,
    pub look: Option<Json<Look>>,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Settings {
    pub width: u32,
    pub owner: Option<String>,
    pub limits: BTreeMap<String, u64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Look {
    Plain { ink: String, paper: String },
    Themed { theme: String },
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = schema::forms)]
pub struct Form {
    #[entity(key)]
    pub id: i32,
    #[entity(guard)]
    pub state: serde_json::Value,
}

/// What there is to see of a page's settings.
#[derive(Debug, View)]
#[view(of = Page, edit)]
pub struct Card {
    pub id: i32,
    pub settings: Json<Settings>,
    pub look: Option<Json<Look>>,
}

fn a_page(id: i32, meta: serde_json::Value) -> Page {
    Page { id, title: "page".into(), meta, extra: None, settings: Json::default(), look: None }
}

fn on_every_store(test: impl Fn(&mut Fresh)) {
    stores::every(&[Page::TABLE, Form::TABLE]).iter_mut().for_each(test);
}

fn stored(fresh: &mut Fresh, id: i32) -> Page {
    fresh.context().realise(Pages::from_keys([id])).unwrap().remove(0)
}

/// Two edits of the page that is put there with this document.
fn two(fresh: &mut Fresh, meta: serde_json::Value) -> (Edit<Page>, Edit<Page>) {
    let mut context = fresh.context();
    context.insert(&a_page(1, meta)).unwrap();
    (context.edit(1).unwrap(), context.edit(1).unwrap())
}

fn again(fresh: &mut Fresh) -> (Edit<Page>, Edit<Page>) {
    let mut context = fresh.context();
    (context.edit(1).unwrap(), context.edit(1).unwrap())
}

fn names(statement: &str, column: &str) -> bool {
    let written = statement.split("RETURNING").next().unwrap();
    ['"', '`'].iter().any(|quote| written.contains(&format!("{quote}{column}{quote}")))
}

#[test]
fn w03_a_change_within_a_document_is_seen_and_alone_is_written() {
    on_every_store(|fresh| {
        let (mut page, _) = two(fresh, json!({ "browser": { "name": "Links", "version": 2 }, "tags": ["ui"] }));
        page.meta["browser"]["name"] = "Lynx".into();
        page.meta["tags"].as_array_mut().unwrap().push("cli".into());
        page.settings.limits.insert("pages".into(), 7);
        assert_eq!(
            Edit::changes(&page).to_string(),
            r#"meta.browser.name: "Links" -> "Lynx", meta.tags: ["ui"] -> ["ui","cli"], settings.limits.pages: nothing -> 7"#
        );
        let wanted = (*page).clone();
        let log = sent(fresh, |context| context.save(&mut page).unwrap());
        assert_eq!(*page, wanted);
        assert_eq!(stored(fresh, 1), wanted);
        assert!(!Edit::is_changed(&page));
        // Put together anew, in another order, it says the same.
        page.meta = json!({ "tags": ["ui", "cli"], "browser": { "version": 2, "name": "Lynx" } });
        assert!(!Edit::is_changed(&page));
        let Some(statement) = the_write(fresh, log) else { return };
        assert!(statement.starts_with("UPDATE ") && names(&statement, "meta") && names(&statement, "settings"));
        assert!(["title", "extra", "look"].iter().all(|column| !names(&statement, column)), "{statement}");
        assert!(["Lynx", "cli", "browser"].iter().all(|value| !statement.contains(value)), "{statement}");
    });
}

#[test]
fn editors_of_different_places_both_survive() {
    on_every_store(|fresh| {
        let (mut mine, mut theirs) = two(fresh, json!({ "a": { "x": 1, "y": 1 }, "b": 1, "c": { "d": [1, 2] } }));
        mine.meta["a"]["x"] = json!(2);
        mine.meta.as_object_mut().unwrap().remove("b");
        mine.settings.width = 80;
        theirs.meta["a"]["y"] = json!({ "deep": null });
        theirs.meta["c"]["d"][0] = json!(9);
        theirs.meta["new"] = json!("é\u{1f600}");
        theirs.settings.owner = Some("Ada".into());
        fresh.context().save(&mut theirs).unwrap();
        fresh.context().save(&mut mine).unwrap();
        let meta = json!({ "a": { "x": 2, "y": { "deep": null } }, "c": { "d": [9, 2] }, "new": "é\u{1f600}" });
        let settings = Json(Settings { width: 80, owner: Some("Ada".into()), limits: BTreeMap::new() });
        let both = Page { settings, ..a_page(1, meta) };
        assert_eq!(stored(fresh, 1), both);
        assert_eq!(*mine, both);
        // The last writer of one place wins, and of that alone.
        let (mut mine, mut theirs) = again(fresh);
        (mine.meta["new"], theirs.meta["new"], theirs.meta["b"]) = (json!(1), json!(2), json!(3));
        fresh.context().save(&mut theirs).unwrap();
        fresh.context().save(&mut mine).unwrap();
        assert_eq!((&mine.meta["new"], &mine.meta["b"]), (&json!(1), &json!(3)));
    });
}

#[test]
fn w29_what_leads_to_a_place_is_made_and_arrays_are_whole() {
    let cases = [
        // What was read, what I make of it, what is stored by then, and what that becomes.
        (json!({ "a": { "b": 1 } }), json!({ "a": { "b": 2 } }), json!(null), json!({ "a": { "b": 2 } })),
        (json!({ "a": { "b": 1 } }), json!({ "a": { "b": 2 } }), json!({}), json!({ "a": { "b": 2 } })),
        (json!({ "a": { "b": 1 } }), json!({ "a": { "b": 2 } }), json!({ "a": null }), json!({ "a": { "b": 2 } })),
        (
            json!({ "a": { "b": 1 } }),
            json!({ "a": { "b": 2 } }),
            json!({ "a": 1, "c": 1 }),
            json!({ "a": { "b": 2 }, "c": 1 }),
        ),
        (json!({ "a": { "b": 1 } }), json!({ "a": { "b": 2 } }), json!([{ "a": 1 }]), json!({ "a": { "b": 2 } })),
        (
            json!({ "0": { "0": 1 } }),
            json!({ "0": { "0": 2 } }),
            json!({ "0": [{ "0": 5 }] }),
            json!({ "0": { "0": 2 } }),
        ),
        // What is null is a value, and what is nothing is none.
        (json!({ "a": 1, "b": 1 }), json!({ "a": null, "b": 1 }), json!({ "b": 2 }), json!({ "a": null, "b": 2 })),
        (json!({ "a": { "b": 1 } }), json!({ "a": {} }), json!({ "c": 1 }), json!({ "c": 1 })),
        (json!({ "a": { "b": 1 } }), json!({ "a": {} }), json!({ "a": [1] }), json!({ "a": [1] })),
        (json!({ "0": { "0": 1 } }), json!({ "0": {} }), json!({ "0": [1] }), json!({ "0": [1] })),
        (json!({ "0": 1, "a": 1 }), json!({ "a": 1 }), json!([1]), json!([1])),
        (json!({ "a": 1, "b": 1 }), json!({ "b": 1 }), json!("text"), json!("text")),
        (json!({ "a": 1, "b": 1 }), json!({ "b": 1 }), json!({ "a": 2 }), json!({})),
        // An array is a value.
        (
            json!({ "a": [1, 2] }),
            json!({ "a": [1, 2, 3] }),
            json!({ "a": [0, 1, 2], "b": 1 }),
            json!({ "a": [1, 2, 3], "b": 1 }),
        ),
        // Two things without a key in common are different things; of none, and to none, it is key by key.
        (
            json!({ "k": { "a": 1 } }),
            json!({ "k": { "b": 1 } }),
            json!({ "k": { "a": 1, "c": 1 } }),
            json!({ "k": { "b": 1 } }),
        ),
        (
            json!({ "k": {} }),
            json!({ "k": { "b": 1 } }),
            json!({ "k": { "c": 1 } }),
            json!({ "k": { "b": 1, "c": 1 } }),
        ),
        (
            json!({ "k": { "a": 1 } }),
            json!({ "k": {} }),
            json!({ "k": { "a": 1, "c": 1 } }),
            json!({ "k": { "c": 1 } }),
        ),
        (json!({ "a": 1 }), json!([1]), json!({ "b": 1 }), json!([1])),
    ];
    on_every_store(|fresh| {
        let mut context = fresh.context();
        for (id, (read, mine, now, wanted)) in (1..).zip(&cases) {
            context.insert(&Page { extra: Some(now.clone()), ..a_page(id, now.clone()) }).unwrap();
            let mut edit = Edit::from(Page { extra: Some(read.clone()), ..a_page(id, read.clone()) });
            (edit.meta, edit.extra) = (mine.clone(), Some(mine.clone()));
            context.save(&mut edit).unwrap();
            assert_eq!((&edit.meta, edit.extra.as_ref()), (wanted, Some(wanted)), "{read} -> {mine} on {now}");
        }
        // NULL is no document, and becomes one.
        let mut edit = Edit::from(Page { extra: Some(json!({ "a": { "b": 1 } })), ..a_page(1, json!({})) });
        context.apply::<Page>(1, Changes::new().set(page::extra, None)).unwrap();
        edit.extra = Some(json!({ "a": { "b": 1, "c": null } }));
        context.save(&mut edit).unwrap();
        assert_eq!(edit.extra, Some(json!({ "a": { "c": null } })));
        // Nothing goes from NULL.
        let mut edit = Edit::from(Page { extra: Some(json!({ "a": 1, "b": 2 })), ..a_page(1, json!({})) });
        context.apply::<Page>(1, Changes::new().set(page::extra, None)).unwrap();
        edit.extra = Some(json!({ "b": 2 }));
        context.save(&mut edit).unwrap();
        assert_eq!(edit.extra, None);
    });
}

const ODD: [&str; 15] =
    ["a.b", "$", "", "0", "[0]", "*", "**", "#-1", "é\u{1f600}", "it's", "a b", "$.x", "?", "%s", "a\u{7f}"];

#[test]
fn no_character_of_a_key_is_special() {
    on_every_store(|fresh| {
        let with = |value: i32| -> serde_json::Value {
            let odd = ODD.iter().map(|key| ((*key).to_owned(), json!({ *key: value, "kept": 1 })));
            odd.collect::<serde_json::Map<_, _>>().into()
        };
        let (mut mine, mut theirs) = two(fresh, with(1));
        theirs.meta["plain"] = json!(true);
        ODD.iter().for_each(|key| theirs.meta[*key]["theirs"] = json!(1));
        mine.meta = with(2);
        ODD.iter().for_each(|key| mine.meta[*key][format!("new {key}")] = json!({ *key: null }));
        let mut wanted = mine.meta.clone();
        wanted["plain"] = json!(true);
        ODD.iter().for_each(|key| wanted[*key]["theirs"] = json!(1));
        fresh.context().save(&mut theirs).unwrap();
        fresh.context().save(&mut mine).unwrap();
        assert_eq!(mine.meta, wanted);
        let mut edit = fresh.context().edit::<Page>(1).unwrap();
        for key in &ODD {
            edit.meta[*key].as_object_mut().unwrap().remove(*key);
            wanted[*key].as_object_mut().unwrap().remove(*key);
        }
        fresh.context().save(&mut edit).unwrap();
        assert_eq!(stored(fresh, 1).meta, wanted);
    });
}

/// No path names it, so that its object is a value; the objects around that are not.
#[test]
fn a_key_that_would_have_to_be_escaped_is_written_with_its_object() {
    on_every_store(|fresh| {
        let odd = ["a\"b", "a\\b", "a\nb"];
        let with = |value: i32| json!({ odd[0]: value, odd[1]: value, odd[2]: { odd[0]: value }, "k": 1 });
        let (mut mine, mut theirs) = two(fresh, json!({ "odd": with(1), "plain": 1 }));
        mine.meta["odd"] = with(2);
        (theirs.meta["odd"]["k"], theirs.meta["plain"]) = (json!(2), json!(2));
        assert_eq!(Edit::changes(&theirs).to_string(), "meta.odd.k: 1 -> 2, meta.plain: 1 -> 2");
        fresh.context().save(&mut theirs).unwrap();
        fresh.context().save(&mut mine).unwrap();
        assert_eq!(mine.meta, json!({ "odd": with(2), "plain": 2 }));
    });
}

#[test]
fn many_edits_of_different_places_share_a_statement() {
    on_every_store(|fresh| {
        let kinds = ["a", "b", "c", "d", "e"];
        let meta = || json!({ "a": 0, "b": { "b": 0 }, "c": [], "d": { "d": { "d": 0 } }, "e": 0, "kept": true });
        let pages: Vec<_> = (0..100).map(|id| a_page(id, meta())).collect();
        fresh.context().insert_all(&pages).unwrap();
        let load =
            |fresh: &mut Fresh| fresh.context().edit_all(Pages::all().order_by(page::id.asc()).view::<Page>()).unwrap();
        let (mut mine, mut theirs) = (load(fresh), load(fresh));
        for (id, edit) in mine.iter_mut().enumerate() {
            match kinds[id % 5] {
                "a" => edit.meta["a"] = json!(id),
                "b" => edit.meta["b"]["b"] = json!({ "id": id }),
                "c" => edit.meta["c"] = json!([id, null]),
                "d" => edit.meta["d"]["d"]["d"] = json!(null),
                _ => drop(edit.meta.as_object_mut().unwrap().remove("e")),
            }
            if id % 3 == 0 {
                edit.title = format!("page {id}");
            }
        }
        theirs.iter_mut().enumerate().for_each(|(id, edit)| edit.meta["theirs"] = json!(id));
        fresh.context().save_all(&mut theirs).unwrap();
        let log = sent(fresh, |context| context.save_all(&mut mine).unwrap());
        for (id, (edit, again)) in mine.iter().zip(load(fresh)).enumerate() {
            let mut wanted = meta();
            wanted["theirs"] = json!(id);
            match kinds[id % 5] {
                "a" => wanted["a"] = json!(id),
                "b" => wanted["b"]["b"] = json!({ "id": id }),
                "c" => wanted["c"] = json!([id, null]),
                "d" => wanted["d"]["d"]["d"] = json!(null),
                _ => drop(wanted.as_object_mut().unwrap().remove("e")),
            }
            assert_eq!((&edit.meta, &again.meta), (&wanted, &wanted), "{id}");
        }
        let updates = log.map(|log| log.iter().filter(|statement| statement.contains("UPDATE ")).count());
        assert!(updates.is_none_or(|updates| updates == 1), "{updates:?}");
    });
}

/// More different sets of places than a mask has bits.
#[test]
fn no_place_is_lost_in_a_batch_of_many_kinds() {
    on_every_store(|fresh| {
        let pages: Vec<_> = (0..150).map(|id| a_page(id, json!({ "kept": 1 }))).collect();
        fresh.context().insert_all(&pages).unwrap();
        let mut edits = fresh.context().edit_all(Pages::all().view::<Page>()).unwrap();
        for edit in &mut edits {
            let id = edit.id;
            edit.meta[format!("key {id}")] = json!({ "of": id });
        }
        let others = Changes::<Page>::new().set(page::meta, json!({ "theirs": 1 }));
        fresh.context().update(&Pages::all(), others).unwrap();
        fresh.context().save_all(&mut edits).unwrap();
        for page in fresh.context().realise(Pages::all()).unwrap() {
            let id = page.id;
            assert_eq!(page.meta, json!({ "theirs": 1, format!("key {id}"): { "of": id } }));
        }
    });
}

#[test]
fn large_changes_are_written_too() {
    on_every_store(|fresh| {
        let wide = |n: usize, value: i32| -> serde_json::Value {
            (0..n).map(|key| (format!("k{key}"), json!({ "v": value }))).collect::<serde_json::Map<_, _>>().into()
        };
        // By 128 paths of two keys, by 256 of one, and as a whole.
        for (id, places, theirs_survive) in [(1, 128, true), (2, 256, true), (4, 257, false)] {
            let mut context = fresh.context();
            context.insert(&a_page(id, wide(places, 1))).unwrap();
            let mut edit = context.edit::<Page>(id).unwrap();
            let mut theirs = context.edit::<Page>(id).unwrap();
            edit.meta = wide(places, 2);
            theirs.meta["theirs"] = json!(1);
            context.save(&mut theirs).unwrap();
            context.save(&mut edit).unwrap();
            let mut wanted = wide(places, 2);
            if theirs_survive {
                wanted["theirs"] = json!(1);
            }
            assert_eq!(edit.meta, wanted);
        }
        // Eight levels are taken apart, the ninth is a value; a path can be as long as that on every store.
        let deep = |value: serde_json::Value| (0..7).fold(value, |value, _| json!({ "k": value, "l": 1 }));
        let mut context = fresh.context();
        context.insert(&a_page(3, deep(json!({ "a": { "x": 1, "y": 1 }, "b": 1 })))).unwrap();
        let (mut mine, mut theirs) = (context.edit::<Page>(3).unwrap(), context.edit::<Page>(3).unwrap());
        mine.meta = deep(json!({ "a": { "x": 2, "y": 1 }, "b": 1 }));
        theirs.meta = deep(json!({ "a": { "x": 1, "y": 2 }, "b": 2 }));
        context.save(&mut theirs).unwrap();
        context.save(&mut mine).unwrap();
        assert_eq!(mine.meta, deep(json!({ "a": { "x": 2, "y": 1 }, "b": 2 })));
        // Every object on the way is made, of nothing.
        context.apply::<Page>(3, Changes::new().set(page::meta, json!([]))).unwrap();
        mine.meta = deep(json!({ "a": { "x": 2, "y": 1 }, "b": 3 }));
        context.save(&mut mine).unwrap();
        assert_eq!(mine.meta, (0..7).fold(json!({ "b": 3 }), |value, _| json!({ "k": value })));
    });
}

#[test]
fn what_is_said_of_an_edit_is_said_of_its_documents() {
    on_every_store(|fresh| {
        let (mut mine, mut theirs) = two(fresh, json!({ "a": 1, "b": 1 }));
        theirs.meta["b"] = json!(2);
        fresh.context().save(&mut theirs).unwrap();
        // Touched, a document is written as a whole, and so is what replaces one.
        let mut whole = mine.clone();
        whole.meta["a"] = json!(2);
        Edit::touch(&mut whole, page::meta);
        assert_eq!(Edit::changes(&whole).to_string(), r#"meta: {"a":1,"b":1} -> {"a":2,"b":1}"#);
        fresh.context().save(&mut whole).unwrap();
        assert_eq!(stored(fresh, 1).meta, json!({ "a": 2, "b": 1 }));
        // `set` is an assignment.
        Edit::set(&mut mine, page::meta, json!({ "a": 1, "b": 1, "c": 1 }), Equal::Omit);
        assert_eq!(Edit::changes(&mine).to_string(), "meta.c: nothing -> 1");
        assert!(matches!(Edit::changes(&mine).changed()[0].to, To::Paths(_)));
        // What is compared is the document.
        Edit::compare(&mut mine);
        let error = fresh.context().save(&mut mine).unwrap_err();
        let Error::Conflicts(conflicts) = error else { panic!("{error}") };
        let Conflict::Guard { column: "meta", mine: Some(to), actual, .. } = &conflicts.all()[0] else {
            panic!("{conflicts}")
        };
        let text = |value: &Value| serde_json::from_str::<serde_json::Value>(&value.to_string()).unwrap();
        assert_eq!((text(to), text(actual)), (json!({ "a": 1, "b": 1, "c": 1 }), json!({ "a": 2, "b": 1 })));
        Edit::revert(&mut mine);
        assert!(!Edit::is_changed(&mine) && mine.meta == json!({ "a": 1, "b": 1 }));
        // What an edit would write can be written to another row, without a read.
        mine.meta["c"] = json!([3]);
        let changes = Edit::changes(&mine);
        fresh.context().insert(&a_page(2, json!({ "z": 1 }))).unwrap();
        fresh.context().apply(2, changes.clone()).unwrap();
        assert_eq!(stored(fresh, 2).meta, json!({ "c": [3], "z": 1 }));
        fresh.context().update(&Pages::all(), changes).unwrap();
        assert_eq!(stored(fresh, 1).meta, json!({ "a": 2, "b": 1, "c": [3] }));
    });
}

#[test]
fn a_guarded_document_changes_from_what_was_read() {
    on_every_store(|fresh| {
        let mut context = fresh.context();
        context.insert(&Form { id: 1, state: json!({ "step": 1, "by": "Ada" }) }).unwrap();
        let (mut mine, mut theirs) = (context.edit::<Form>(1).unwrap(), context.edit::<Form>(1).unwrap());
        mine.state["step"] = json!(2);
        theirs.state["by"] = json!("Bob");
        context.save(&mut theirs).unwrap();
        assert!(matches!(context.save(&mut mine), Err(Error::Conflicts(_))));
        theirs.state["step"] = json!(2);
        context.save(&mut theirs).unwrap();
        assert_eq!(theirs.state, json!({ "by": "Bob", "step": 2 }));
    });
}

#[test]
fn a_save_that_is_undone_is_a_change_again() {
    on_every_store(|fresh| {
        let (mut mine, mut theirs) = two(fresh, json!({ "a": 1, "b": 1 }));
        mine.meta["a"] = json!(2);
        let undone = fresh.context().transaction(|context| {
            context.save(&mut mine)?;
            Err::<(), _>(Error::Broken)
        });
        assert!(undone.is_err());
        assert_eq!(Edit::changes(&mine).to_string(), "meta.a: 1 -> 2");
        theirs.meta["b"] = json!(2);
        fresh.context().save(&mut theirs).unwrap();
        fresh.context().save(&mut mine).unwrap();
        assert_eq!(mine.meta, json!({ "a": 2, "b": 2 }));
    });
}

#[test]
fn changes_of_different_places_merge_and_of_one_place_overlap() {
    on_every_store(|fresh| {
        let (mut mine, mut theirs) = two(fresh, json!({ "a": { "x": 1, "y": 1 }, "b": 1, "gone": 1, "both": 1 }));
        mine.meta = json!({ "a": { "x": 2, "y": 1 }, "gone": 1, "both": 7 });
        theirs.meta = json!({ "a": { "x": 1, "y": 2 }, "b": 1, "both": 7, "new": 1 });
        fresh.context().save(&mut theirs).unwrap();
        Edit::compare(&mut mine);
        fresh.context().merge(&mut mine).unwrap();
        let both = json!({ "a": { "x": 2, "y": 2 }, "both": 7, "new": 1 });
        assert_eq!((&mine.meta, &stored(fresh, 1).meta), (&both, &both));

        let (mut mine, mut theirs) = again(fresh);
        (mine.meta["a"]["x"], mine.meta["new"]) = (json!(3), json!([3]));
        (theirs.meta["a"]["x"], theirs.meta["both"]) = (json!("four"), json!(8));
        theirs.meta.as_object_mut().unwrap().remove("new");
        fresh.context().save(&mut theirs).unwrap();
        let Err(Error::Overlaps(overlaps)) = fresh.context().rebase(&mut mine) else { panic!("no overlap") };
        let said =
            "Page 1: `meta.a.x` was 2; mine is 3, theirs \"four\"\nPage 1: `meta.new` was 1; mine is [3], theirs NULL";
        assert_eq!(overlaps.to_string(), said);
        assert_eq!(mine.meta["a"]["x"], json!(3));
        let theirs = Edit::into_inner(theirs);
        let decide = |overlap: &Overlap| Some(if overlap.path == ["new"] { Take::Theirs } else { Take::Mine });
        assert!(Edit::rebase_with(&mut mine, theirs, decide));
        assert_eq!(Edit::changes(&mine).to_string(), r#"meta.a.x: "four" -> 3"#);
        fresh.context().save(&mut mine).unwrap();
        assert_eq!(mine.meta, json!({ "a": { "x": 3, "y": 2 }, "both": 8 }));
    });
}

#[test]
fn an_observed_document_does_not_merge() {
    on_every_store(|fresh| {
        let (mut mine, mut theirs) = two(fresh, json!({ "a": 1, "b": 1 }));
        (mine.meta["a"], theirs.meta["b"]) = (json!(2), json!(2));
        Edit::observe(&mut mine, page::meta);
        fresh.context().save(&mut theirs).unwrap();
        let Err(Error::Overlaps(overlaps)) = fresh.context().rebase(&mut mine) else { panic!("no overlap") };
        assert_eq!((overlaps.all().len(), overlaps.all()[0].path.len()), (1, 0));
    });
}

#[test]
fn a_struct_of_ones_own_is_stored_as_json() {
    on_every_store(|fresh| {
        let limits = BTreeMap::from([("rows".to_owned(), u64::MAX)]);
        let settings = Json(Settings { width: 80, owner: None, limits });
        let look = Some(Json(Look::Plain { ink: "black".into(), paper: "white".into() }));
        let page = Page { settings, look, ..a_page(1, json!({})) };
        fresh.context().insert(&page).unwrap();
        assert_eq!(stored(fresh, 1), page);
        // A newer version of the program keeps more in it: that stays.
        let more = json!({ "width": 80, "owner": null, "limits": {}, "colour": "red" });
        fresh.context().apply::<Newer>(1, Changes::new().set(newer::settings, more)).unwrap();
        let mut card = fresh.context().edit_all(Pages::all().view::<Card>()).unwrap().remove(0);
        card.settings.width = 132;
        fresh.context().save(&mut card).unwrap();
        let wanted = json!({ "width": 132, "owner": null, "limits": {}, "colour": "red" });
        assert_eq!(fresh.context().realise(Newers::all()).unwrap()[0].settings, wanted);
        // Of two variants one is there.
        let mut theirs = fresh.context().edit_all(Pages::all().view::<Card>()).unwrap().remove(0);
        card.look = Some(Json(Look::Themed { theme: "dark".into() }));
        assert_eq!(theirs.look.as_deref(), page.look.as_deref());
        theirs.look = None;
        fresh.context().save(&mut theirs).unwrap();
        fresh.context().save(&mut card).unwrap();
        assert_eq!(card.look, Some(Json(Look::Themed { theme: "dark".into() })));
        let wide = Pages::all().filter(page::settings.key("width").eq(132));
        assert_eq!(fresh.context().realise(wide.count()).unwrap(), 1);
    });
}

/// The same rows, in another program.
#[derive(Debug, Entity)]
#[entity(table = schema::pages)]
pub struct Newer {
    #[entity(key)]
    pub id: i32,
    pub settings: serde_json::Value,
}

#[test]
fn what_is_no_json_is_refused_and_what_does_not_fit_is_said() {
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    pub struct Bounds(BTreeMap<Vec<u8>, u8>);
    mod schema {
        diesel::table! { plots (id) { id -> Integer, bounds -> Jsonb, } }
    }
    #[derive(Debug, Clone, PartialEq, Entity)]
    #[entity(table = schema::plots)]
    pub struct Plot {
        #[entity(key)]
        id: i32,
        bounds: Json<Bounds>,
    }
    for mut fresh in stores::every(&[Plot::TABLE, Page::TABLE]) {
        let mut context = fresh.context();
        let (empty, full) = (Bounds(BTreeMap::new()), Bounds(BTreeMap::from([(vec![1], 1)])));
        let error = context.insert(&Plot { id: 1, bounds: Json(full.clone()) }).unwrap_err();
        let Error::Store(error) = error else { panic!("{error}") };
        assert!(matches!(error.fault(), Fault::Unfit(why) if why.contains("key must be a string")), "{error}");
        context.insert(&Plot { id: 1, bounds: Json(empty) }).unwrap();
        let mut edit = context.edit::<Plot>(1).unwrap();
        edit.bounds = Json(full);
        assert!(matches!(context.save(&mut edit), Err(Error::Store(_))));
        let page = a_page(1, json!({}));
        context.insert(&page).unwrap();
        drop(context);
        if !matches!(fresh, Fresh::Memory(_)) {
            fresh.execute("UPDATE pages SET settings = '{\"width\": \"wide\"}'");
            let error = fresh.context().realise(Pages::all()).unwrap_err().to_string();
            assert!(error.contains("settings") && error.contains("invalid type"), "{error}");
        }
    }
}
