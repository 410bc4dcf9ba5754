//! What a store says of itself, and that it does not do by halves what it cannot do.

mod attempts;

use super::super::domain::docs::{Doc, Docs, a_doc};
use super::super::trial::Trial;
use crate::Entity;
use crate::context::Error;
use crate::store::{Capability, Snapshot};
use attempts::attempt;

/// The store says what its subject says.
pub(crate) fn as_declared(at: &Trial<'_>) {
    let place = at.place(&[Doc::TABLE]);
    assert_eq!(place.store().capabilities(), at.subject.capabilities());
    assert!(!place.store().name().is_empty());
}

/// A transaction is open from its beginning to its end; or none can be begun.
pub(crate) fn transactions(at: &Trial<'_>) {
    let place = at.place(&[Doc::TABLE]);
    let mut store = place.store();
    assert!(!store.in_transaction().unwrap());
    if at.subject.capabilities().has(Capability::Transactions) {
        store.begin().unwrap();
        assert!(store.in_transaction().unwrap());
        store.roll_back().unwrap();
    } else {
        let refused = store.begin().unwrap_err();
        assert_eq!(refused.lack().map(|lack| lack.capability()), Some(Capability::Transactions), "{refused}");
    }
    assert!(!store.in_transaction().unwrap());
}

/// A snapshot is taken, or is said not to be; within a transaction it is the transaction's.
pub(crate) fn snapshots(at: &Trial<'_>) {
    let place = at.place(&[Doc::TABLE]);
    let mut store = place.store();
    let has = at.subject.capabilities();
    if has.has(Capability::Snapshots) {
        assert_eq!(store.begin_snapshot().unwrap(), Snapshot::Taken);
        store.end_snapshot().unwrap();
    } else {
        assert_eq!(store.begin_snapshot().unwrap(), Snapshot::None);
    }
    if has.has(Capability::Transactions) {
        store.begin().unwrap();
        assert_eq!(store.begin_snapshot().unwrap(), Snapshot::Callers);
        store.commit().unwrap();
    }
    assert!(!store.in_transaction().unwrap());
}

/// A key is made up, or the row is refused and not there.
pub(crate) fn generated_keys(at: &Trial<'_>) {
    let place = at.place(&[Doc::TABLE]);
    let context = &mut place.context();
    let mut doc = a_doc(0);
    match context.create(&mut doc) {
        Ok(()) => assert!(doc.id > 0),
        Err(Error::Store(error)) => {
            assert!(!at.subject.capabilities().has(Capability::GeneratedKeys), "{error}");
            assert_eq!(error.lack().map(|lack| lack.capability()), Some(Capability::GeneratedKeys), "{error}");
            assert_eq!(context.realise(Docs::all()).unwrap(), []);
        }
        Err(other) => panic!("{other}"),
    }
}

/// What a store has is done. What it lacks is refused for that, by whatever needs it: typed, and nothing is sent or written.
pub(crate) fn done_or_refused(at: &Trial<'_>) {
    let has = at.subject.capabilities();
    for capability in Capability::ALL {
        match attempt(at, *capability) {
            Ok(()) => {
                let is_needed = !matches!(capability, Capability::Snapshots | Capability::ForeignKeys);
                assert!(has.has(*capability) || !is_needed, "{capability:?} is said to be lacking, and was done");
            }
            Err(Error::Store(error)) => {
                let Some(lack) = error.lack() else { panic!("{capability:?}: {error}") };
                // It may need another thing as well.
                assert!(!has.has(lack.capability()), "{capability:?}: {error}");
            }
            Err(other) => panic!("{capability:?}: {other}"),
        }
    }
}
