//! Two editors of one random document: what both made of it is there in the end, the same on every store.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

use persist::prelude::*;
use persist_tests::stores;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

mod schema {
    diesel::table! { leaves (id) { id -> Integer, binary -> Jsonb, text -> Json, } }
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = schema::leaves)]
pub struct Leaf {
    #[entity(key)]
    pub id: i32,
    pub binary: Value,
    pub text: Value,
}

const KEYS: [&str; 8] = ["a", "b", "c", "0", "", "$.a", "q\"q", "é"];

fn document() -> BoxedStrategy<Value> {
    prop_oneof![2 => object(inner()), 1 => inner()].boxed()
}

fn object(values: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    let object = prop::collection::btree_map(prop::sample::select(&KEYS[..]), values, 0..5);
    let json = |(key, value): (&str, _)| (key.to_owned(), value);
    object.prop_map(move |object| object.into_iter().map(json).collect::<Map<_, _>>().into()).boxed()
}

fn inner() -> BoxedStrategy<Value> {
    let leaves = vec![json!(null), json!(true), json!(1), json!(2.5), json!("x"), json!({}), json!([1])];
    let tree = prop::sample::select(leaves).prop_recursive(3, 16, 4, |inner| {
        prop_oneof![1 => prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from), 4 => object(inner.boxed())]
    });
    tree.boxed()
}

/// Another document that has some of `document` in it.
fn edited(document: Value) -> BoxedStrategy<Value> {
    let other = self::document();
    let Value::Object(object) = document.clone() else {
        return prop_oneof![Just(document), other].boxed();
    };
    let values: Vec<_> = object
        .into_iter()
        .map(|(key, value)| {
            let kept = prop_oneof![4 => Just(Some(value.clone())), 2 => edited(value).prop_map(Some), 1 => Just(None)];
            kept.prop_map(move |value| Some((key.clone(), value?)))
        })
        .collect();
    let new = prop::option::weighted(0.3, (prop::sample::select(&KEYS[..]).prop_map(str::to_owned), other.clone()));
    let object = (values, new)
        .prop_map(|(values, new)| Value::from(values.into_iter().flatten().chain(new).collect::<Map<_, _>>()));
    prop_oneof![9 => object, 1 => other].boxed()
}

fn histories() -> impl Strategy<Value = Vec<[Value; 3]>> {
    let one = document().prop_flat_map(|base| (Just(base.clone()), edited(base.clone()), edited(base)));
    prop::collection::vec(one.prop_map(|(base, mine, theirs)| [base, mine, theirs]), 1..4)
}

/// What `now` becomes where somebody has made `new` of `old`: the words of the documentation, as a walk over the three.
fn model(old: Option<&Value>, new: Option<&Value>, now: Option<&Value>) -> Option<Value> {
    if old == new {
        return now.cloned();
    }
    let (Some(Value::Object(old)), Some(Value::Object(new))) = (old, new) else { return new.cloned() };
    let keys: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    let named = |key: &&&String| old.get(**key) == new.get(**key) || !key.contains('"');
    let shared = old.is_empty() || new.is_empty() || old.keys().any(|key| new.contains_key(key));
    if !shared || keys.iter().filter(named).count() < keys.len() {
        return Some(new.clone().into());
    }
    let empty = Map::new();
    let (there, held) = match now {
        Some(Value::Object(held)) => (true, held),
        _ => (false, &empty),
    };
    let mut object = held.clone();
    for key in keys {
        match model(old.get(key), new.get(key), held.get(key)) {
            Some(value) => drop(object.insert(key.clone(), value)),
            None => drop(object.remove(key)),
        }
    }
    if there || !object.is_empty() { Some(object.into()) } else { now.cloned() }
}

/// What is stored once both have been saved, all rows of each at once.
fn saved(histories: &[[Value; 3]], context: &mut Context<'_>) -> Vec<Leaf> {
    let leaf = |id: usize, value: &Value| Leaf { id: id as i32, binary: value.clone(), text: value.clone() };
    let leaves: Vec<_> = histories.iter().enumerate().map(|(id, [base, ..])| leaf(id, base)).collect();
    context.delete_all(&Leafs::all()).unwrap();
    context.insert_all(&leaves).unwrap();
    let edits =
        |context: &mut Context<'_>| context.edit_all(Leafs::all().order_by(leaf::id.asc()).view::<Leaf>()).unwrap();
    let (mut mine, mut theirs) = (edits(context), edits(context));
    for (id, [_, my, their]) in histories.iter().enumerate() {
        *mine[id] = leaf(id, my);
        *theirs[id] = leaf(id, their);
    }
    context.save_all(&mut theirs).unwrap();
    context.save_all(&mut mine).unwrap();
    let found = context.realise(Leafs::all().order_by(leaf::id.asc())).unwrap();
    // What is in hand is what is stored, unless nothing was sent.
    let sent = |id: &usize| histories[*id][0] != histories[*id][1];
    (0..found.len()).filter(sent).for_each(|id| assert_eq!(*mine[id], found[id]));
    found
}

#[test]
fn two_editors_of_a_document_both_survive() {
    let mut all = stores::every(&[Leaf::TABLE]);
    let config = ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() };
    let (all, merged) = (RefCell::new(&mut all), Cell::new(0));
    let outcome = TestRunner::new(config).run(&histories(), |histories| {
        let both = |[base, mine, theirs]: &[Value; 3]| {
            let first = model(Some(base), Some(theirs), Some(base));
            let both = model(Some(base), Some(mine), first.as_ref()).unwrap();
            merged.set(merged.get() + usize::from(both != *mine && both != *theirs));
            both
        };
        let wanted: Vec<_> = histories.iter().map(both).collect();
        for fresh in all.borrow_mut().iter_mut() {
            let found = saved(&histories, &mut fresh.context());
            for ((found, wanted), history) in found.iter().zip(&wanted).zip(&histories) {
                prop_assert_eq!(&found.binary, wanted, "{} {:?}", fresh.name(), history);
                prop_assert_eq!(&found.text, wanted, "{} {:?}", fresh.name(), history);
            }
        }
        Ok(())
    });
    outcome.unwrap();
    assert!(merged.get() > 60, "{}", merged.get());
}
