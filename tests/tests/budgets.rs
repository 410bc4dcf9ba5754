//! Budgets of whole requests: checked before anything is sent, and in words that say where the statements go.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use persist::prelude::*;
use persist::{Error, OverBudget};
use persist_tests::data::Data;
use persist_tests::stores;
use persist_tests::tracker::*;

fn refused<T>(result: Result<T, Error>) -> OverBudget {
    match result {
        Err(Error::OverBudget(over)) => over,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("the budget was not held to"),
    }
}

#[test]
fn what_is_sent_is_what_was_counted() {
    for mut fresh in stores::every(TABLES) {
        let name = fresh.name();
        let mut context = fresh.context();
        Data::of(20).insert(&mut context).unwrap();
        let page = || (Tasks::all().view::<TaskPage>(), Members::all().view::<MemberCard>(), Notes::all().count());
        let before = context.stats();
        context.realise(page()).unwrap();
        let sent = (context.stats() - before).statements as usize;
        let before = context.stats();
        let over = refused(context.realise(page().budget(sent - 1)));
        assert_eq!((over.needed, over.budget), (sent, sent - 1), "{name}");
        assert_eq!(context.stats(), before, "nothing was sent");
        context.realise(page().budget(sent)).unwrap();
        let listed: usize = over.parts.iter().map(|part| part.steps.len()).sum();
        assert_eq!(listed, sent);
        assert!(over.parts.is_sorted_by_key(|part| std::cmp::Reverse(part.steps.len())), "the longest first");
        // To look at it is not to send it.
        assert_eq!(context.explain(page().budget(0)).unwrap().statements().len(), sent);
    }
}

#[test]
fn the_words() {
    let mut fresh = stores::memory();
    let mut context = fresh.context();
    let cards = Members::all().filter(member::rank.gt(3)).view::<MemberCard>();
    let over = refused(context.realise((Notes::all().exists(), &cards, Members::all().view::<MemberName>()).budget(3)));
    assert_eq!(
        over.to_string(),
        "up to 4 statements are needed, and the budget is 3: ask for less, or raise the budget
  2 for MemberCard of members where rank > 3: members: the group; teams by name
  1 for existence of notes: existence
  1 for MemberName of members: members: the group"
    );
}

#[test]
fn lists_batches_and_parts() {
    let mut fresh = stores::memory();
    let mut context = fresh.context();
    let counts = || (0..7).map(|n| Tasks::all().limit(n).count()).collect::<Vec<_>>();
    assert_eq!(refused(context.realise(counts().budget(6))).needed, 7);
    assert_eq!(context.realise(counts().budget(7)).unwrap().len(), 7);
    let mut batch = Batch::new();
    let _tickets =
        (batch.add(Tasks::all().count()), batch.add(Notes::all()), batch.add(Teams::all().view::<TeamName>()));
    assert_eq!(refused(context.realise(batch.budget(2))).needed, 3);
    // A part of a request by itself, wherever it stands.
    let mut batch = Batch::new();
    let _ticket = (batch.add(Tasks::all()), batch.add((Notes::all(), Teams::all()).budget(1)));
    let over = refused(context.realise((Members::all(), batch)));
    assert_eq!((over.needed, over.budget), (2, 1));
    let within = context.realise((Members::all(), (Notes::all(), Teams::all()).budget(2).lenient(), Tasks::all()));
    assert!(within.is_ok());
}
