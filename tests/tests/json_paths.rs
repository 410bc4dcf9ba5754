//! What stands within JSON documents, beyond what the conformance suite asks of every store.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

use chrono::NaiveDate;
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

/// How a place in a document is written for people.
#[test]
fn places_are_shown() {
    let k = || thing::json.key("k");
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
