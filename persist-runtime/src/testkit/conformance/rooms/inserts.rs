//! New rows: keys that are given and keys that the store makes, all or none, and what is refused.

use super::super::References;
use super::super::domain::data::Data;
use super::super::domain::docs::{Doc, Docs, a_doc, doc};
use super::super::domain::*;
use super::super::trial::Trial;
use crate::context::Error;
use crate::prelude::*;
use crate::store::Fault;

fn duplicate<T: std::fmt::Debug>(result: Result<T, Error>, entity: &str) {
    match result {
        Err(Error::Store(error)) => {
            assert_eq!(error.entity(), entity);
            assert!(matches!(error.fault(), Fault::Duplicate(_)), "{error}");
        }
        other => panic!("{other:?}"),
    }
}

/// One, many, and none, which is no statement.
pub(crate) fn one_and_many(at: &Trial<'_>) {
    let place = at.place(TABLES);
    let context = &mut place.context();
    context.insert(&Team { name: "red".into(), motto: None }).unwrap();
    context.insert_all(&Vec::<Team>::new()).unwrap();
    assert_eq!(context.stats().statements, 1);
    let data = Data::of(3_000);
    context.insert_all(&data.tasks).unwrap();
    context.insert_all(&data.notes).unwrap();
    assert_eq!(context.realise(Tasks::all()).unwrap(), data.tasks);
    assert_eq!(context.realise(Notes::all()).unwrap(), data.notes);
}

/// A key that is taken is a duplicate; nothing of what comes with it is written.
pub(crate) fn duplicate_keys(at: &Trial<'_>) {
    let place = at.place(TABLES);
    let context = &mut place.context();
    let team = |n: u32| Team { name: format!("team {n}"), motto: Some("x".into()) };
    context.insert(&team(2_999)).unwrap();
    let mut rows: Vec<_> = (0..3_000).map(team).collect();
    duplicate(context.insert_all(&rows), "Team");
    duplicate(context.insert_all(&[team(1), team(1)]), "Team");
    duplicate(context.insert(&team(2_999)), "Team");
    assert_eq!(context.realise(Teams::all()).unwrap(), [team(2_999)]);
    rows.pop();
    context.insert_all(&rows).unwrap();
    assert_eq!(context.realise(Teams::all().count()).unwrap(), 3_000);
    let watch = |member_id| Watch { task_id: task_id(1), member_id };
    context.insert_all(&[watch(1), watch(2)]).unwrap();
    duplicate(context.insert(&watch(2)), "Watch");
}

/// So is a value of unique columns; NULLs are none.
pub(crate) fn duplicate_values(at: &Trial<'_>) {
    let place = at.place(&[Doc::TABLE]);
    let context = &mut place.context();
    context.insert_exactly_all(&[a_doc(1), a_doc(2)]).unwrap();
    duplicate(context.insert_exactly(&Doc { id: 3, ..a_doc(2) }), "Doc");
    context.insert_exactly(&Doc { id: 3, title: "DOC 2".into(), ..a_doc(2) }).unwrap();
    context.insert_exactly(&Doc { id: 4, title: "doc 2 ".into(), ..a_doc(2) }).unwrap();
    duplicate(context.apply(1, Changes::<Doc>::new().set(doc::title, "doc 2")), "Doc");
    assert_eq!(context.realise(Docs::all().count()).unwrap(), 4);
}

/// Keys that the store makes come back, each to its row, in any number.
pub(crate) fn generated_keys(at: &Trial<'_>) {
    let place = at.place(&[Doc::TABLE]);
    let context = &mut place.context();
    let new = |n: i32| Doc { title: format!("new {}", 500 - n), ..a_doc(0) };
    let mut one = new(500);
    context.create(&mut one).unwrap();
    let mut docs: Vec<_> = (0..500).map(new).collect();
    context.create_all(&mut docs).unwrap();
    assert!(docs.windows(2).all(|pair| one.id < pair[0].id && pair[0].id < pair[1].id));
    assert_eq!(docs[7].title, "new 493");
    assert_eq!(context.realise(Docs::all().filter(doc::id.ne(one.id))).unwrap(), docs);
    let mut taken = [Doc { title: "other".into(), ..a_doc(0) }, new(3)];
    duplicate(context.create_all(&mut taken), "Doc");
    assert_eq!(taken[0].id, 0, "in hand is what was");
    assert_eq!(context.realise(Docs::all().count()).unwrap(), 501);
    context.delete_all(&Docs::all()).unwrap();
    let mut again = new(1);
    context.create(&mut again).unwrap();
    assert!(again.id > docs[499].id, "no number is used again");
}

/// A reference that leads nowhere is refused, where the schema has a foreign key; so is the end of a reference that is kept.
pub(crate) fn foreign_keys(at: &Trial<'_>) {
    let place = at.place_with(TABLES, References::Enforced);
    let context = &mut place.context();
    let refused = |result: Result<(), Error>| match result {
        Err(Error::Store(error)) => assert!(matches!(error.fault(), Fault::ForeignKey(_)), "{error}"),
        other => panic!("{other:?}"),
    };
    let member = |id, team_name: Option<&str>| Member {
        id,
        name: "m".into(),
        rank: None,
        team_name: team_name.map(str::to_owned),
        manager_id: None,
    };
    refused(context.insert(&member(1, Some("nowhere"))));
    context.insert(&Team { name: "red".into(), motto: None }).unwrap();
    context.insert_all(&[member(1, Some("red")), member(2, None)]).unwrap();
    refused(context.apply(2, Changes::<Member>::new().set(member::team_name, Some("blue".into()))));
    refused(context.delete_key::<Team>("red".to_owned()));
    refused(context.insert(&Watch { task_id: task_id(1), member_id: 1 }));
    assert_eq!(
        context.realise((Teams::all().count(), Members::all().count(), Watches::all().count())).unwrap(),
        (1, 2, 0)
    );
    context.apply(1, Changes::<Member>::new().set(member::team_name, None)).unwrap();
    context.delete_key::<Team>("red".to_owned()).unwrap();
}
