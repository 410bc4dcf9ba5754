//! The number of statements does not depend on the number of rows: every kind of relation over 1, 2, 50 and 40,000
//! parents, duplicate, NULL and missing keys among them, on every store, and once over 100,000.
//!
//! No table is empty for any size, so the number is not only bounded by `STATEMENTS` but equal to it.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use persist::prelude::*;
use persist::{Ask, MemoryStore};
use persist_tests::atlas::{self, Capital, Country};
use persist_tests::atlas_data;
use persist_tests::data::Data;
use persist_tests::figures::{MemberFigures, TaskFigures, WatchFigures};
use persist_tests::stores::{self, Fresh};
use persist_tests::tracker::*;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;
use std::sync::Arc;

macro_rules! views {
    ($($name:ident of $entity:ident { $($(#[$attr:meta])* $field:ident: $ty:ty),* $(,)? })*) => {$(
        #[derive(Debug, PartialEq, View)]
        #[view(of = $entity)]
        struct $name { $($(#[$attr])* $field: $ty,)* }
    )*};
}

views! {
    Required of Task { id: uuid::Uuid, owner: Arc<MemberName> }
    RequiredByValue of Task { owner: MemberName }
    Nullable of Task { assignee: Option<Arc<MemberName>> }
    NullableByValue of Task { assignee: Option<MemberName> }
    TwoToOneEntity of Task { owner: Arc<MemberName>, assignee: Option<Arc<MemberName>> }
    TextKey of Member { team: Option<Arc<Team>> }
    ToItself of Member { manager: Option<Arc<MemberName>>, reports: Vec<MemberName> }
    HasMany of Task { id: uuid::Uuid, notes: Vec<Note> }
    HasManyShared of Task { notes: Arc<[Note]> }
    HasManyOrdered of Task { #[view(order_by = (note::body.desc(), note::pinned.asc()))] notes: Vec<Arc<Note>> }
    HasManyLimited of Task { #[view(limit = 1)] notes: Vec<Note> }
    HasManyLimitedOrdered of Task { #[view(limit = 2, order_by = note::body.desc())] notes: Vec<Note> }
    ManyToMany of Task { watchers: Vec<Arc<MemberName>> }
    ManyToManyRepeating of Task { voters: Vec<MemberName> }
    ManyToManyLimited of Task { #[view(limit = 1)] voters: Vec<Arc<MemberName>> }
    ManyToManyOrdered of Task { #[view(order_by = member::name.desc())] voters: Vec<Arc<MemberName>> }
    ManyToManyBoth of Task { #[view(limit = 2, order_by = member::rank.desc())] watchers: Vec<Arc<MemberName>> }
    ManyToManyBack of Member { watched: Vec<Arc<TaskLine>> }
    Counts of Task { #[view(count(notes))] notes: i64, #[view(count(voters))] voters: i64 }
    ChildrenOfChildren of Member { owned: Vec<HasMany> }
    FlattenWithRelations of Task { #[view(flatten)] one: Required, #[view(flatten)] many: HasMany }
    CompositeKey of Watch { pings: Vec<Ping>, #[view(count(pings))] count: i64 }
    OwnCondition of Task { pinned: Vec<Note>, loose: Arc<[Note]>, notes: Vec<Note> }
    OwnConditionTwice of Task { pinned: Vec<Note>, #[view(from = pinned)] again: Vec<Arc<Note>> }
    OwnConditionLimited of Task { #[view(limit = 1)] pinned: Vec<Note>, #[view(count(pinned))] count: i64 }
    Filtered of Task { #[view(filter = note::body.ne("note 1"))] notes: Vec<Note> }
    FilteredCount of Task { #[view(count(voters), filter = member::id.lt(3))] voters: i64 }
    FilteredLinks of Task { #[view(filter = member::id.lt(3))] voters: Vec<Arc<MemberName>> }
    Single of Country { capital: Option<Arc<Capital>>, id: i32 }
    Linked of Task { voters: Vec<(Vote, Arc<MemberName>)> }
    LinkedInOrder of Task { last_voters: Vec<(VoteId, MemberName)>, voters: Vec<Arc<MemberName>> }
    LinkedWithRelations of Task { watchers: Vec<(CompositeKey, Arc<MemberName>)> }
    Map of Task { notes: BTreeMap<i64, Note>, #[view(from = notes)] hashed: HashMap<i64, Arc<Note>> }
    MapOfShared of Task { watchers: BTreeMap<i32, Arc<MemberName>>, #[view(from = watchers)] list: Vec<Arc<MemberName>> }
}

#[derive(Debug, PartialEq, View)]
#[view(of = Vote)]
struct VoteId {
    id: i32,
}

/// Sizes: what is given to each store.
const SIZES: [u32; 4] = [1, 2, 50, 40_000];
/// PostgreSQL gets fewer: the others have shown by then that it is not a matter of size.
const MOST_ON_SERVERS: u32 = 4_000;

fn filled(n: u32) -> Vec<Fresh> {
    let data = Data::of(n);
    let mut all = stores::every(TABLES);
    for fresh in &mut all {
        data.insert(&mut fresh.context()).unwrap();
    }
    all
}

/// Realises the same on each store: equal rows, and exactly as many statements and rounds as the view says.
fn check<V: View + PartialEq + Debug>(stores: &mut [Fresh], n: u32, ask: &Ask<V>) {
    let mut first: Option<Vec<V>> = None;
    for fresh in stores {
        let name = fresh.name();
        let mut context = fresh.context();
        let rows = context.realise(ask.clone()).unwrap_or_else(|error| panic!("{ask:?} on {name}: {error}"));
        let sent = context.stats();
        let (statements, rounds) = (V::STATEMENTS as u64, V::ROUNDS as u64);
        // MySQL takes the first rows of 128 keys at a time; further statements for the same keys are told apart.
        assert!(sent.chunks == 0 || (n > 128 && name == "MySQL"), "{ask:?} over {n} on {name}: {sent}");
        assert_eq!((sent.statements - sent.chunks, sent.rounds), (statements, rounds), "{ask:?} over {n} on {name}");
        assert!(!rows.is_empty(), "{ask:?} over {n} on {name}");
        match &first {
            None => first = Some(rows),
            Some(first) => assert!(*first == rows, "{ask:?} over {n} on {name} differs from memory"),
        }
    }
}

fn check_all(stores: &mut [Fresh], n: u32) {
    macro_rules! each {
        ($($group:ident: $($view:ident)*;)*) => {$($(check::<$view>(stores, n, &$group::all().view());)*)*};
    }
    each! {
        Tasks: Required RequiredByValue Nullable NullableByValue TwoToOneEntity HasMany HasManyShared HasManyOrdered
            HasManyLimited HasManyLimitedOrdered ManyToMany ManyToManyRepeating ManyToManyLimited ManyToManyOrdered
            ManyToManyBoth Counts FlattenWithRelations TaskPage TaskFigures OwnCondition OwnConditionTwice
            OwnConditionLimited Filtered FilteredCount FilteredLinks Linked LinkedInOrder LinkedWithRelations Map
            MapOfShared;
        Members: TextKey ToItself ManyToManyBack ChildrenOfChildren MemberTree MemberFigures;
        Watches: CompositeKey WatchPage WatchFigures;
        Pings: PingPage;
        Teams: TeamPage;
    }
}

/// References by a unique column and by a part that may be NULL, links between such, and an entity with itself.
fn check_atlas(stores: &mut [Fresh], n: u32) {
    use persist_tests::atlas::*;
    check::<CountryPage>(stores, n, &Countries::all().view());
    check::<Single>(stores, n, &Countries::all().view());
    check::<CityPage>(stores, n, &Cities::all().view());
    check::<RegionPage>(stores, n, &Regions::all().view());
    check::<DistrictPage>(stores, n, &Districts::all().view());
    check::<LanguagePage>(stores, n, &Languages::all().view());
}

#[test]
fn every_reference_of_the_atlas() {
    for n in SIZES {
        let data = atlas_data::Data::of(n);
        let mut all: Vec<_> = match n {
            0..=MOST_ON_SERVERS => stores::every(atlas::TABLES),
            _ => vec![stores::memory(), stores::sqlite(atlas::TABLES)],
        };
        all.iter_mut().for_each(|fresh| data.insert(&mut fresh.context()).unwrap());
        check_atlas(&mut all, n);
    }
}

#[test]
fn every_relation_over_few_parents() {
    for n in SIZES.into_iter().filter(|n| *n <= MOST_ON_SERVERS).chain([MOST_ON_SERVERS]) {
        check_all(&mut filled(n), n);
    }
}

#[test]
fn every_relation_over_40_000_parents() {
    let n = SIZES[3];
    let data = Data::of(n);
    let mut both = [stores::memory(), stores::sqlite(TABLES)];
    both.iter_mut().for_each(|fresh| data.insert(&mut fresh.context()).unwrap());
    check_all(&mut both, n);
}

/// Two references to one entity are one statement, not two.
#[test]
fn steps_over_the_same_rows_merge() {
    const { assert!(TwoToOneEntity::STATEMENTS == 2) }
    const { assert!(ToItself::STATEMENTS == 3) }
    const { assert!(TaskPage::ROUNDS == 4) }
    // A condition is merged with itself, and with nothing else.
    const { assert!(OwnConditionTwice::STATEMENTS == 2) }
    const { assert!(OwnCondition::STATEMENTS == 4) }
    // Links with their rows are the statements of the rows alone, and share the far end with others.
    const { assert!(Linked::STATEMENTS == ManyToMany::STATEMENTS && Linked::ROUNDS == ManyToMany::ROUNDS) }
    const { assert!(LinkedInOrder::STATEMENTS == 4) }
    const { assert!(Map::STATEMENTS == 2 && MapOfShared::STATEMENTS == 3) }
}

/// 100,000 keys in hand, some twice, some that are not stored.
#[test]
fn keys_in_hand_past_every_limit() {
    let n = 100_000;
    let data = Data { votes: Vec::new(), watches: Vec::new(), pings: Vec::new(), ..Data::of(n) };
    let mut both = [stores::memory(), stores::sqlite(TABLES)];
    for fresh in &mut both {
        data.insert(&mut fresh.context()).unwrap();
    }
    let keys = || (0..n).chain(0..50).chain(n..n + 1_000).map(task_id);
    check::<Required>(&mut both, n, &Tasks::from_keys(keys()).view());
    check::<HasManyLimited>(&mut both, n, &Tasks::from_keys(keys()).view());
    check::<ToItself>(&mut both, n, &Members::from_keys((0..i32::try_from(n).unwrap()).chain([-1, 7, 7])).view());
    let mut context = both[1].context();
    assert_eq!(context.realise(Tasks::from_keys(keys()).count()).unwrap(), u64::from(n), "each once");
}

/// What has no keys is not asked for.
#[test]
fn no_keys_send_nothing() {
    let mut all = stores::every(TABLES);
    for fresh in &mut all {
        let mut context = fresh.context();
        assert!(context.realise(Tasks::all().view::<TaskPage>()).unwrap().is_empty());
        assert_eq!((context.stats().statements, context.stats().rounds), (1, 1), "the group alone");
        let nothing = Tasks::from_keys([]);
        let seen = context.stats();
        let (rows, count, exists) =
            context.realise((nothing.view::<TaskPage>(), nothing.count(), nothing.exists())).unwrap();
        assert!(rows.is_empty() && count == 0 && !exists);
        assert_eq!((context.stats() - seen).statements, 0);
        assert!(context.realise(nothing.notes().limit(5)).unwrap().is_empty());
        assert!(context.realise(Tasks::all().limit(0)).unwrap().is_empty());
        assert_eq!((context.stats() - seen).statements, 0);
    }
}

/// Relations that are NULL throughout are not asked for, and the rest is the same.
#[test]
fn references_that_are_all_null_send_nothing() {
    let memory = MemoryStore::new();
    let mut context = Context::memory(&memory);
    let member = Member { id: 1, name: "Ada".into(), rank: None, team_name: None, manager_id: None };
    context.insert(&member).unwrap();
    let seen = context.stats();
    let rows = context.realise(Members::all().view::<ToItself>()).unwrap();
    assert_eq!(rows, [ToItself { manager: None, reports: Vec::new() }]);
    assert_eq!((context.stats() - seen).statements, 2, "the group, and its reports");
}
