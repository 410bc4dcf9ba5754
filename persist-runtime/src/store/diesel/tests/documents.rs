//! Changes within JSON documents: what every backend makes of them is what memory does.

use super::fixture::*;
use super::writes::{row, set};
use crate::edit::{Insert, Outcome, Set, To, Update, Write};
use crate::engine::{Fetch, Output};
use crate::entity::{ColumnDef, Value};
use crate::group::Select;
use crate::store::{MemoryStore, Store};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Map, Value as Json, json};
use std::cell::RefCell;
use std::sync::Arc;

const KEYS: [&str; 14] =
    ["a", "b", "c", "", "0", "a.b", "$", "[0]", "*", "é\u{1f600}", "it's", "q\"q", "back\\slash", "line\n"];

fn key() -> impl Strategy<Value = String> {
    // Few different ones most of the time, so that they meet.
    prop_oneof![3 => 0..3_usize, 1 => 0..KEYS.len()].prop_map(|nth| KEYS[nth].to_owned())
}

fn document() -> impl Strategy<Value = Json> {
    let leaves = [
        json!(null),
        json!(true),
        json!(false),
        json!(7),
        json!(-7.25),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(""),
        json!("null"),
        json!("é \"q\" \\ {}\n"),
        json!([]),
        json!({}),
    ];
    prop::sample::select(leaves.to_vec()).prop_recursive(4, 32, 4, |inner| {
        let object = prop::collection::btree_map(key(), inner.clone(), 0..5);
        prop_oneof![
            1 => prop::collection::vec(inner, 0..3).prop_map(Json::from),
            3 => object.prop_map(|object| object.into_iter().collect::<Map<_, _>>().into()),
        ]
    })
}

/// Something that is done to a document: where, and what becomes of a key there.
type Change = (Vec<usize>, String, Option<Json>);

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let change = (prop::collection::vec(any::<usize>(), 0..4), key(), prop::option::weighted(0.7, document()));
    prop::collection::vec(change, 0..4)
}

fn changed(document: &Json, changes: &[Change]) -> Json {
    let mut document = document.clone();
    for (steps, key, to) in changes {
        let mut at = &mut document;
        for step in steps {
            if at.as_object().is_none_or(Map::is_empty) {
                break;
            }
            let object = at.as_object_mut().unwrap();
            let nth = step % object.len();
            at = object.values_mut().nth(nth).unwrap();
        }
        match (at, to) {
            (Json::Object(object), Some(to)) => drop(object.insert(key.clone(), to.clone())),
            (Json::Object(object), None) => drop(object.remove(key)),
            (at, to) => *at = to.clone().unwrap_or_default(),
        }
    }
    document
}

/// What was read, what somebody has made of it, and what is stored by then.
fn row_of() -> impl Strategy<Value = (Json, Json, Option<Json>)> {
    let stored = prop_oneof![1 => Just(None), 2 => document().prop_map(|other| Some((other, true))),
                             5 => document().prop_map(|other| Some((other, false)))];
    (document(), changes(), changes(), stored).prop_map(|(base, mine, theirs, stored)| {
        let now = stored.map(|(other, whole)| if whole { other } else { changed(&base, &theirs) });
        let mine = changed(&base, &mine);
        (base, mine, now)
    })
}

fn value(json: &Json) -> Value {
    Value::Json(json.to_string())
}

/// The same document in one form, whatever the store has made of its text.
fn said(values: Vec<Value>) -> Vec<Option<Json>> {
    let json = |value| match value {
        Value::Json(text) => Some(serde_json::from_str(&text).unwrap()),
        _ => None,
    };
    values.into_iter().map(json).collect()
}

fn told(outcomes: Vec<Outcome>) -> Vec<Option<Vec<Option<Json>>>> {
    outcomes
        .into_iter()
        .map(|outcome| if let Outcome::Done(values) = outcome { Some(said(values)) } else { None })
        .collect()
}

fn stored(store: &mut dyn Store, column: ColumnDef) -> Vec<Option<Json>> {
    let fetch = Fetch::new(Arc::new(Select::all(&KINDS)), Output::Columns(vec![column]));
    said(rows(store, &fetch).unwrap().into_iter().flatten().collect())
}

pub(super) fn at_random(store: &mut dyn Store, cases: u32) {
    let column = KINDS.columns.iter().copied().find(|column| column.name == "v_jsonb").unwrap();
    let (store, mut different) = (RefCell::new(store), RefCell::new(0));
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let test = |given: Vec<(Json, Json, Option<Json>)>| {
        let mut store = store.borrow_mut();
        let memory = MemoryStore::new();
        let mut memory = memory.session();
        let now = given.iter().enumerate().map(|(id, (_, _, now))| {
            let cell = |known: &ColumnDef| match now {
                Some(now) if *known == column => value(now),
                _ if *known == ID => Value::Int(id as i64),
                _ => Value::Null,
            };
            KINDS.columns.iter().map(cell).collect()
        });
        let insert = Write::Insert(Insert::new(&KINDS, now.collect()));
        let changes = given.iter().enumerate().filter_map(|(id, (base, mine, _))| {
            let to = To::between(&value(base), value(mine))?;
            *different.borrow_mut() += usize::from(matches!(to, To::Paths(_)));
            // A column more, of some of them.
            let whole = (id % 3 == 0).then(|| set(KINDS.columns[3], 7));
            Some(row(id as i64, std::iter::once(Set { column, to }).chain(whole).collect(), vec![]))
        });
        let update = Write::Update(Update::new(&KINDS, changes.collect(), vec![column]));
        memory.write(&insert).unwrap();
        let wanted = told(memory.write(&update).unwrap());
        Store::begin(&mut **store).unwrap();
        store.write(&insert).unwrap();
        let found = store.write(&update).map(told);
        let both = (stored(&mut **store, column), stored(&mut memory, column));
        store.roll_back().unwrap();
        let found = found.map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(found, wanted, "{}", store.explain_write(&update).unwrap_or_default());
        prop_assert_eq!(both.0, both.1);
        Ok(())
    };
    TestRunner::new(config).run(&prop::collection::vec(row_of(), 1..6), test).unwrap();
    assert!(*different.get_mut() > cases as usize);
}
