//! Entities of one crate, seen from another: views of them, words on their groups, and the names of both.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

use persist::prelude::*;
use persist::{MemoryStore, Predicate};
use persist_hostile::offers::{Offer, OfferChanges, OfferLine, OfferPatch, Offers, offer};
use persist_hostile::people::{Address, Anything, Anythings, Owner, OwnerId, OwnerLine, Owners, anything, owner};
use persist_hostile::{one, two};
use std::sync::Arc;

#[derive(Debug, PartialEq, View)]
#[view(of = one::Thing, budget = 3)]
struct ThingPage {
    label: String,
    owner: Arc<OwnerLine>,
    others: Vec<two::Thing>,
}

#[derive(Debug, PartialEq, View)]
#[view(of = Owner, budget = 4)]
struct OwnerPage {
    #[view(flatten)]
    line: OwnerLine,
    #[view(from = home.city)]
    city: Option<String>,
    things: Vec<ThingPage>,
}

/// The vocabulary of this crate, on groups of another.
trait Vocabulary {
    fn of_city(&self, city: &str) -> Owners;
}

impl Vocabulary for Owners {
    fn of_city(&self, city: &str) -> Owners {
        let here: Predicate<Owner> = owner::home.city.eq(city);
        self.filter(here)
    }
}

fn filled() -> MemoryStore {
    let store = MemoryStore::new();
    let mut context = Context::memory(&store);
    let home = |city: Option<&str>| Address { street: "Ring".into(), city: city.map(Into::into) };
    let ada = Owner { id: OwnerId(1), name: "Ada".into(), home: home(Some("Bonn")) };
    context.insert_all(&[ada, Owner { id: OwnerId(2), name: "Bela".into(), home: home(None) }]).unwrap();
    context.insert(&one::Thing { id: 1, label: "lamp".into(), owner_id: OwnerId(1) }).unwrap();
    context.insert(&two::Thing { code: "b".into(), label: "bulb".into(), thing_id: Some(1) }).unwrap();
    store
}

#[test]
fn views_and_words_stand_in_another_crate() {
    let store = filled();
    let mut context = Context::memory(&store);
    let pages = context.realise(Owners::all().of_city("Bonn").view::<OwnerPage>()).unwrap();
    assert_eq!(pages.len(), 1);
    assert_eq!((pages[0].city.as_deref(), pages[0].things[0].others[0].label.as_str()), (Some("Bonn"), "bulb"));
    assert_eq!(*pages[0].things[0].owner, pages[0].line);
    assert_eq!(persist_hostile::hidden_notes(&mut context).unwrap(), 0);
}

/// Two entities of one name are two entities.
#[test]
fn two_entities_of_one_name() {
    let mut context = Context::memory(&filled());
    let (ones, twos) = context.realise((one::Things::all(), one::Things::all().others())).unwrap();
    assert_eq!((ones[0].label.as_str(), twos[0].label.as_str()), ("lamp", "bulb"));
    let named = Anythings::all().filter(anything::name.contains("b")).order_by(anything::name.desc());
    let found = context.realise(named).unwrap();
    assert!(matches!(&found[..], [Anything::Thing(bulb)] if bulb.code == "b"));
}

#[test]
fn rules_of_another_crate_are_followed() {
    let store = filled();
    let mut context = Context::memory(&store);
    let owner_id = Some(OwnerId(2));
    let mut new = Offer { id: 0, owner_id, state: "a".into(), low: 1, high: 5, seen: 0, version: 1, from: vec![9] };
    context.create(&mut new).unwrap();
    assert_eq!((new.id, new.from.as_slice()), (1, &[9][..]));
    let patch = Changes::from(OfferPatch { low: Change::Set(2), seen: 3 });
    let patch = patch.expect(offer::version, 1).expect(offer::low, 1).expect(offer::high, 5);
    context.apply(1, patch).unwrap();
    let patch = OfferChanges { state: Change::Set("b".into()), ..OfferChanges::default() };
    let patch = Changes::from(patch).expect(offer::version, 2);
    context.apply(1, patch.expect(offer::state, "a")).unwrap();
    let mut line = context.edit::<OfferLine>(1).unwrap();
    line.range.high = 6;
    context.save(&mut line).unwrap();
    context.delete_key::<Owner>(OwnerId(2)).unwrap();
    let stored = context.realise(Offers::all()).unwrap().remove(0);
    let expected =
        Offer { owner_id: None, state: "b".into(), low: 2, high: 6, seen: 3, version: 5, from: vec![], ..new };
    assert_eq!(stored, expected);
}
