//! A revision serialises the editors of a row; in the conformance suite they are interleaved at every step.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use persist::Conflict;
use persist::prelude::*;
use persist_tests::stores;

mod schema {
    diesel::table! { papers (id) { id -> Integer, revision -> Integer, name -> Text, note -> Nullable<Text>, } }
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::papers)]
struct Paper {
    #[entity(key)]
    id: i32,
    #[entity(lock)]
    revision: i32,
    name: String,
    note: Option<String>,
}

/// A revision refuses whoever read before another wrote, whatever they wrote; then their changes go onto it.
#[test]
fn a_revision_serialises_all_editors() {
    for mut store in stores::every(&[Paper::TABLE]) {
        let name = store.name();
        let mut context = store.context();
        context.insert(&Paper { id: 1, revision: 1, name: "first".into(), note: None }).unwrap();
        let (mut one, mut two) = (context.edit::<Paper>(1).unwrap(), context.edit::<Paper>(1).unwrap());
        one.name = "one".into();
        two.note = Some("two".into());
        context.save(&mut one).unwrap();
        assert_eq!(one.revision, 2, "{name}");
        let error = context.save(&mut two).unwrap_err();
        let [Conflict::Revision { expected, actual, theirs, .. }] = error.conflicts() else {
            panic!("{name}: {error}")
        };
        assert_eq!((expected.to_string(), actual.to_string()), ("1".into(), "2".into()), "{name}");
        assert_eq!(theirs.as_slice(), [("name", "one".into())], "{name}");
        assert_eq!(two.note.as_deref(), Some("two"), "still in hand");
        context.merge(&mut two).unwrap();
        let both = Paper { id: 1, revision: 3, name: "one".into(), note: Some("two".into()) };
        assert_eq!(*two, both, "{name}");
        assert_eq!(context.realise(Papers::all()).unwrap(), [both], "{name}");
    }
}
