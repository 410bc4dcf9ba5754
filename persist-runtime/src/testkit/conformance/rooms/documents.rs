//! JSON documents: what stands in them is found, and what changed in them is written.

use super::super::trial::{Trial, memory};
use crate::Predicate;
use crate::edit::{Changes, Edit};
use crate::group::JsonPlace;
use crate::prelude::*;
use serde_json::{Value, json};

mod schema {
    diesel::table! { pages (id) { id -> Integer, title -> Text, meta -> Jsonb, extra -> Nullable<Json>, } }
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = schema::pages)]
struct Page {
    #[entity(key)]
    id: i32,
    title: String,
    meta: Value,
    extra: Option<Value>,
}

fn a_page(id: i32, meta: Value) -> Page {
    Page { id, title: "page".into(), meta, extra: None }
}

const ODD: [&str; 9] = ["a.b", "$", "a\"b", "a\\b", "", "0", "é\u{1f600}", "*", "[0]"];

fn values() -> Vec<Value> {
    vec![
        Value::Null,
        json!(true),
        json!(false),
        json!(0),
        json!(7),
        json!(7.0),
        json!(7.5),
        json!(-7),
        json!(i64::MAX),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(1e300),
        json!(""),
        json!("7"),
        json!("true"),
        json!("null"),
        json!("é\u{1f600} \"q\" \\ line\n"),
        json!("A"),
        json!("a"),
        json!("a "),
        json!([]),
        json!({}),
        json!([7, "7", null, [true]]),
        json!({ "0": 7, "k": "7" }),
    ]
}

fn documents() -> Vec<Value> {
    let mut all = values();
    all.extend(values().into_iter().map(|value| json!({ "k": value })));
    all.extend(values().into_iter().map(|value| json!([value])));
    all.extend(values().into_iter().map(|value| json!({ "k": { "k": [1, value] } })));
    all.extend(ODD.iter().map(|key| json!({ *key: { *key: "x" } })));
    all
}

/// Places in a column, given by what stands under a key in it, and at a number.
fn places(key: fn(&str) -> JsonPlace<Page>, nth: fn(u32) -> JsonPlace<Page>) -> Vec<JsonPlace<Page>> {
    let k = || key("k");
    let mut all = vec![
        k(),
        k().key("k"),
        k().key("k").nth(1),
        k().key("k").nth(1).nth(3).nth(0),
        k().nth(0),
        k().nth(3).nth(0),
        nth(0),
        nth(0).nth(0),
        nth(1),
        nth(u32::MAX),
        key("0"),
        key("K"),
    ];
    all.extend(ODD.iter().flat_map(|odd| [key(odd), key(odd).key(*odd)]));
    all
}

fn tests(place: &JsonPlace<Page>) -> Vec<Predicate<Page>> {
    let place = || place.clone();
    let mut all = vec![place().exists(), place().is_null(), place().eq(true), place().eq(false)];
    all.extend([0, 7, -7, i64::MAX, i64::MIN, i64::MAX - 1].map(|number| place().eq(number)));
    let texts = ["", "7", "true", "null", "x", "a", "A", "a ", "é\u{1f600} \"q\" \\ line\n"];
    all.extend(texts.map(|text| place().eq(text)));
    all
}

/// Places in documents, type by type, whatever the keys look like: as memory finds them.
pub(crate) fn places_beside_memory(at: &Trial<'_>) {
    let both = |(id, meta): (i32, Value)| Page { extra: Some(meta.clone()), ..a_page(id, meta) };
    let pages: Vec<_> = (0..).zip(documents()).map(both).collect();
    let place = at.place(&[Page::TABLE]);
    let (memory, other) = (&mut memory(), &mut place.context());
    memory.insert_all(&pages).unwrap();
    other.insert_all(&pages).unwrap();
    // In a column of either kind, for stores that have both.
    let in_meta = places(|key| page::meta.key(key), |nth| page::meta.nth(nth));
    let in_extra = places(|key| page::extra.key(key), |nth| page::extra.nth(nth));
    let predicates: Vec<_> = in_meta.iter().chain(&in_extra).flat_map(tests).collect();
    let mut some = 0;
    for predicates in predicates.chunks(50) {
        let counts = |predicate: &Predicate<Page>| {
            let (is, is_not) = (predicate.clone(), !predicate.clone());
            (Pages::all().filter(is).view::<Id>(), Pages::all().filter(is_not).count())
        };
        let asked: Vec<_> = predicates.iter().map(counts).collect();
        let found = other.realise(asked.clone()).unwrap();
        let expected = memory.realise(asked).unwrap();
        for ((found, expected), predicate) in found.iter().zip(&expected).zip(predicates) {
            assert_eq!(found, expected, "{predicate:?}");
            assert_eq!(found.0.len() as u64 + found.1, pages.len() as u64, "{predicate:?}");
            some += usize::from(!found.0.is_empty());
        }
    }
    assert!(some > 120, "{some}");
}

#[derive(Debug, Clone, PartialEq, View)]
#[view(of = Page)]
struct Id {
    id: i32,
}

/// Types are told apart.
pub(crate) fn types_are_told_apart(at: &Trial<'_>) {
    let place = at.place(&[Page::TABLE]);
    let context = &mut place.context();
    let values =
        [json!(7), json!(7.0), json!("7"), json!(true), json!("true"), Value::Null, json!([7]), json!({ "0": 7 })];
    let pages: Vec<_> = (0..).zip(values).map(|(id, value)| a_page(id, json!({ "k": value }))).collect();
    context.insert_all(&pages).unwrap();
    context.insert(&a_page(99, json!({}))).unwrap();
    let mut ids = |predicate| -> Vec<i32> {
        context.realise(Pages::all().filter(predicate)).unwrap().iter().map(|page| page.id).collect()
    };
    let k = || page::meta.key("k");
    assert_eq!(ids(k().eq(7)), [0, 1]);
    assert_eq!(ids(k().eq("7")), [2]);
    assert_eq!(ids(k().eq(true)), [3]);
    assert_eq!(ids(k().eq("true")), [4]);
    assert_eq!(ids(k().is_null()), [5]);
    assert_eq!(ids(k().nth(0).eq(7)), [6]);
    assert_eq!(ids(k().key("0").eq(7)), [7]);
    assert_eq!(ids(!k().exists()), [99]);
    assert_eq!(ids(page::extra.key("k").exists()), [0_i32; 0], "NULL has no places");
}

/// Editors of different places both survive.
pub(crate) fn different_places(at: &Trial<'_>) {
    let place = at.place(&[Page::TABLE]);
    let context = &mut place.context();
    context.insert(&a_page(1, json!({ "a": { "x": 1, "y": 1 }, "b": 1, "c": { "d": [1, 2] } }))).unwrap();
    let (mut mine, mut theirs) = (context.edit::<Page>(1).unwrap(), context.edit::<Page>(1).unwrap());
    mine.meta["a"]["x"] = json!(2);
    mine.meta.as_object_mut().unwrap().remove("b");
    theirs.meta["a"]["y"] = json!({ "deep": null });
    theirs.meta["c"]["d"][0] = json!(9);
    theirs.meta["new"] = json!("\u{e9}\u{1f600} \" \\");
    context.save(&mut theirs).unwrap();
    context.save(&mut mine).unwrap();
    let both = json!({ "a": { "x": 2, "y": { "deep": null } }, "c": { "d": [9, 2] }, "new": "\u{e9}\u{1f600} \" \\" });
    assert_eq!((&mine.meta, &context.realise(Pages::all()).unwrap()[0].meta), (&both, &both));
    let before = context.stats();
    mine.meta = json!({ "new": both["new"], "c": { "d": [9, 2] }, "a": { "y": { "deep": null }, "x": 2 } });
    context.save(&mut mine).unwrap();
    assert_eq!(context.stats(), before, "put together anew, in another order, it says the same");
}

/// What leads to a place is made; arrays are whole; of NULL a document is made, and nothing goes from it.
pub(crate) fn changed_places(at: &Trial<'_>) {
    // What was read, what is made of it, what is stored by then, and what that becomes.
    let cases = [
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
    let place = at.place(&[Page::TABLE]);
    let context = &mut place.context();
    for (id, (read, mine, now, wanted)) in (1..).zip(&cases) {
        context.insert(&Page { extra: Some(now.clone()), ..a_page(id, now.clone()) }).unwrap();
        let mut edit = Edit::from(Page { extra: Some(read.clone()), ..a_page(id, read.clone()) });
        (edit.meta, edit.extra) = (mine.clone(), Some(mine.clone()));
        context.save(&mut edit).unwrap();
        assert_eq!((&edit.meta, edit.extra.as_ref()), (wanted, Some(wanted)), "{read} -> {mine} on {now}");
        let stored = context.realise(Pages::from_keys([id])).unwrap().remove(0);
        assert_eq!((&stored.meta, stored.extra.as_ref()), (wanted, Some(wanted)), "{read} -> {mine} on {now}");
    }
    let mut edit = Edit::from(Page { extra: Some(json!({ "a": { "b": 1 } })), ..a_page(1, json!({})) });
    context.apply(1, Changes::<Page>::new().set(page::extra, None)).unwrap();
    edit.extra = Some(json!({ "a": { "b": 1, "c": null } }));
    context.save(&mut edit).unwrap();
    assert_eq!(edit.extra, Some(json!({ "a": { "c": null } })));
    let mut edit = Edit::from(Page { extra: Some(json!({ "a": 1, "b": 2 })), ..a_page(1, json!({})) });
    context.apply(1, Changes::<Page>::new().set(page::extra, None)).unwrap();
    edit.extra = Some(json!({ "b": 2 }));
    context.save(&mut edit).unwrap();
    assert_eq!(edit.extra, None);
}
