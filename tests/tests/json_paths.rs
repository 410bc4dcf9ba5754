//! Tests of what stands within JSON documents: the same on every store, type by type, whatever the keys look like.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

use chrono::NaiveDate;
use persist::Predicate;
use persist::group::JsonPlace;
use persist::prelude::*;
use persist_tests::stores;
use persist_tests::tracker::*;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use uuid::Uuid;

fn thing(id: i64, json: Value) -> Thing {
    let moment = NaiveDate::from_ymd_opt(2010, 1, 1).unwrap().and_hms_opt(1, 2, 3).unwrap();
    Thing {
        id,
        truth: true,
        small: 0,
        whole: 0,
        big: 0,
        single: 0.0,
        double: 0.0,
        text: String::new(),
        bytes: Vec::new(),
        day: moment.date(),
        time: moment.time(),
        moment,
        zoned: moment.and_utc(),
        uuid: Uuid::nil(),
        exact: Decimal::ZERO,
        json,
        maybe_text: None,
        maybe_whole: None,
        maybe_exact: None,
        maybe_moment: None,
        maybe_bytes: None,
    }
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

fn places() -> Vec<JsonPlace<Thing>> {
    let k = || thing::json.key("k");
    let mut all = vec![
        k(),
        k().key("k"),
        k().key("k").nth(1),
        k().key("k").nth(1).nth(3).nth(0),
        k().nth(0),
        k().nth(3).nth(0),
        thing::json.nth(0),
        thing::json.nth(0).nth(0),
        thing::json.nth(1),
        thing::json.nth(u32::MAX),
        thing::json.key("0"),
        thing::json.key("K"),
    ];
    all.extend(ODD.iter().flat_map(|key| [thing::json.key(*key), thing::json.key(*key).key(*key)]));
    all
}

fn tests(place: &JsonPlace<Thing>) -> Vec<Predicate<Thing>> {
    let place = || place.clone();
    let mut all = vec![place().exists(), place().is_null(), place().eq(true), place().eq(false)];
    all.extend([0, 7, -7, i64::MAX, i64::MIN, i64::MAX - 1].map(|number| place().eq(number)));
    let texts = ["", "7", "true", "null", "x", "a", "A", "a ", "é\u{1f600} \"q\" \\ line\n"];
    all.extend(texts.map(|text| place().eq(text)));
    all
}

#[test]
fn every_store_finds_what_memory_finds() {
    let documents: Vec<_> = documents().into_iter().enumerate().map(|(id, json)| thing(id as i64, json)).collect();
    let mut all = stores::every(TABLES);
    all.iter_mut().for_each(|fresh| fresh.context().insert_all(&documents).unwrap());
    let predicates: Vec<_> = places().iter().flat_map(tests).collect();
    let groups = predicates.into_iter().flat_map(|predicate| {
        let all = Things::all();
        [all.filter(predicate.clone()), all.filter(!predicate)]
    });
    #[derive(View)]
    #[view(of = Thing)]
    struct Id {
        id: i64,
    }
    let groups: Vec<_> = groups.collect();
    let mut first: Option<Vec<Vec<i64>>> = None;
    for fresh in &mut all {
        let found = fresh.context().realise(groups.iter().map(|group| group.view::<Id>()).collect::<Vec<_>>()).unwrap();
        let found: Vec<Vec<i64>> = found.into_iter().map(|rows| rows.iter().map(|row| row.id).collect()).collect();
        for (pair, groups) in found.chunks(2).zip(groups.chunks(2)) {
            assert_eq!(pair[0].len() + pair[1].len(), documents.len(), "{groups:?}");
        }
        let expected = first.get_or_insert_with(|| found.clone());
        for ((found, expected), group) in found.iter().zip(expected).zip(&groups) {
            assert_eq!(found, expected, "{group:?} on {}", fresh.name());
        }
    }
    assert!(first.unwrap().iter().step_by(2).filter(|found| !found.is_empty()).count() > 60);
}

/// What memory finds is what the words say.
#[test]
fn types_are_told_apart() {
    let mut fresh = stores::memory();
    let mut context = fresh.context();
    let values =
        [json!(7), json!(7.0), json!("7"), json!(true), json!("true"), Value::Null, json!([7]), json!({ "0": 7 })];
    let things: Vec<_> = (0..).zip(values).map(|(id, value)| thing(id, json!({ "k": value }))).collect();
    context.insert_all(&things).unwrap();
    context.insert(&thing(99, json!({}))).unwrap();
    let mut ids = |predicate| -> Vec<i64> {
        context.realise(Things::all().filter(predicate)).unwrap().iter().map(|thing| thing.id).collect()
    };
    let k = || thing::json.key("k");
    assert_eq!(ids(k().eq(7)), [0, 1]);
    assert_eq!(ids(k().eq("7")), [2]);
    assert_eq!(ids(k().eq(true)), [3]);
    assert_eq!(ids(k().eq(String::from("true"))), [4]);
    assert_eq!(ids(k().is_null()), [5]);
    assert_eq!(ids(k().nth(0).eq(7)), [6]);
    assert_eq!(ids(k().key("0").eq(7)), [7]);
    assert_eq!(ids(!k().exists()), [99]);
    assert_eq!(format!("{:?}", k().key("a.b").nth(2)), r#"json."k"."a.b"[2]"#);
    assert_eq!(Things::all().filter(k().eq("7")).to_string(), r#"things where json."k" = "7""#);
}

/// SQLite keeps any text in any column.
#[test]
fn a_text_that_is_no_document_has_no_places() {
    let mut fresh = stores::sqlite(TABLES);
    fresh.context().insert_all(&[thing(1, json!({ "k": 1 })), thing(2, json!({ "k": 1 }))]).unwrap();
    fresh.execute("UPDATE things SET json = '{\"k\": 1' WHERE id = 2");
    let mut context = fresh.context();
    let k = || thing::json.key("k");
    assert_eq!(context.realise(Things::all().filter(k().eq(1)).count()).unwrap(), 1);
    assert_eq!(context.realise(Things::all().filter(!k().exists()).count()).unwrap(), 1);
}
