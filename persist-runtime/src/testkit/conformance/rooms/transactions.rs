//! Several writes as one, and several reads of one state.

use super::super::domain::docs::*;
use super::super::domain::{Note, Notes, TABLES, TaskPage, Tasks, data::Data, task_id};
use super::super::trial::{Place, Trial};
use super::super::watching::Before;
use crate::context::{Context, Error};
use crate::edit::Edit;
use crate::prelude::*;
use crate::store::{Fault, StoreError};

fn written(at: &Trial<'_>) -> Place {
    let place = at.place(&[Doc::TABLE]);
    place.context().insert_exactly_all(&[a_doc(1), a_doc(2), a_doc(3)]).unwrap();
    place
}

fn titles(context: &mut Context<'_>) -> Vec<String> {
    context.realise(Docs::all()).unwrap().into_iter().map(|doc| doc.title).collect()
}

fn retitle(context: &mut Context<'_>, id: i32, title: &str) -> Result<(), Error> {
    context.apply(id, Changes::<Doc>::new().set(doc::title, title))
}

/// What is committed is there for all, and what is not yet for nobody else.
pub(crate) fn committed(at: &Trial<'_>) {
    let place = written(at);
    let (context, other) = (&mut place.context(), &mut place.context());
    let done = context.transaction(|context| {
        retitle(context, 1, "a")?;
        context.insert_exactly(&a_doc(4))?;
        context.delete_key::<Doc>(2)?;
        assert_eq!(titles(context), ["a", "doc 3", "doc 4"], "its own writes are seen");
        assert_eq!(titles(other), ["doc 1", "doc 2", "doc 3"], "and by nobody else");
        Ok::<_, Error>(7)
    });
    assert_eq!(done.unwrap(), 7);
    assert_eq!(titles(other), ["a", "doc 3", "doc 4"]);
}

/// What is rolled back was never there, and edits are to be saved again.
pub(crate) fn rolled_back(at: &Trial<'_>) {
    let place = written(at);
    let context = &mut place.context();
    let mut edit = context.edit::<Doc>(1).unwrap();
    edit.heat = 77;
    let undone = context.transaction(|context| {
        context.save(&mut edit)?;
        assert!(!Edit::is_changed(&edit));
        context.delete_all(&Docs::all().filter(doc::id.gt(1)))?;
        context.insert_exactly(&a_doc(9))?;
        Err::<(), _>(Error::Broken)
    });
    assert!(matches!(undone, Err(Error::Broken)) && Edit::is_changed(&edit));
    assert_eq!(context.realise(Docs::all()).unwrap(), [a_doc(1), a_doc(2), a_doc(3)]);
    context.save(&mut edit).unwrap();
    assert_eq!(context.realise(Docs::from_keys([1])).unwrap()[0].heat, 77);
}

/// A transaction within another is a part of it: undone alone, or with the whole.
pub(crate) fn nested(at: &Trial<'_>) {
    let place = written(at);
    let context = &mut place.context();
    context
        .transaction(|context| {
            retitle(context, 1, "outer")?;
            let undone = context.transaction(|context| {
                retitle(context, 1, "inner")?;
                retitle(context, 2, "inner too")?;
                Err::<(), _>(Error::Broken)
            });
            assert!(undone.is_err());
            assert_eq!(titles(context), ["outer", "doc 2", "doc 3"]);
            context.transaction(|context| retitle(context, 3, "kept"))
        })
        .unwrap();
    assert_eq!(titles(context), ["outer", "doc 2", "kept"]);
    let undone = context.transaction(|context| {
        context.transaction(|context| retitle(context, 1, "never"))?;
        Err::<(), _>(Error::Broken)
    });
    assert!(undone.is_err());
    assert_eq!(titles(context), ["outer", "doc 2", "kept"]);
}

/// After a row that was refused, what else the transaction writes is written.
pub(crate) fn after_a_refusal(at: &Trial<'_>) {
    let place = written(at);
    let context = &mut place.context();
    context
        .transaction(|context| {
            retitle(context, 1, "before")?;
            let taken = context.transaction(|context| context.insert_exactly(&Doc { id: 9, ..a_doc(2) }));
            assert!(matches!(taken.unwrap_err().store().unwrap().fault(), Fault::Duplicate(_)));
            retitle(context, 3, "after")
        })
        .unwrap();
    assert_eq!(titles(context), ["before", "doc 2", "after"]);
}

/// What collided is done again, from where it began.
pub(crate) fn retried(at: &Trial<'_>) {
    let place = written(at);
    let context = &mut place.context();
    let mut times = 0;
    let done = context.retry(5, |context| {
        times += 1;
        context.apply(1, Changes::<Doc>::new().add(doc::heat, 1))?;
        if times < 3 { Err(StoreError::new("Doc", "updating", Fault::Serialization).into()) } else { Ok(times) }
    });
    assert_eq!(done.unwrap(), 3);
    assert_eq!(context.realise(Docs::from_keys([1])).unwrap()[0].heat, 11, "once");
}

/// A panic undoes what was begun, and leaves the store usable.
pub(crate) fn after_a_panic(at: &Trial<'_>) {
    let place = written(at);
    let context = &mut place.context();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        context.transaction(|context| -> Result<(), Error> {
            retitle(context, 1, "never").unwrap();
            std::panic::resume_unwind(Box::new("on purpose"))
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(titles(context), ["doc 1", "doc 2", "doc 3"]);
    retitle(context, 2, "later").unwrap();
    assert_eq!(titles(&mut place.context()), ["doc 1", "later", "doc 3"]);
}

/// The statements of one realise see one state, whatever others write meanwhile.
pub(crate) fn snapshots(at: &Trial<'_>) {
    let place = at.place(TABLES);
    Data::of(6).insert(&mut place.context()).unwrap();
    let mut other = place.context();
    let mut id = 1_000;
    let note = |id| Note { id, task_id: Some(task_id(0)), author_id: 0, body: "late".into(), pinned: true };
    let before = Before::each_fetch(place.store(), || {
        id += 1;
        other.insert(&note(id)).unwrap();
    });
    let mut context = Context::over(before);
    let of = |context: &mut Context<'_>| {
        let page = context.realise(Tasks::from_keys([task_id(0)]).view::<TaskPage>()).unwrap().remove(0);
        (page.notes.len() as i64, page.note_count)
    };
    let (notes, count) = of(&mut context);
    assert_eq!(notes, count, "one state");
    let (later, count) = of(&mut context);
    assert!(later == count && later > notes, "and then a later one");
    drop(context);
    let late = place.context().realise(Notes::all().filter(super::super::domain::note::id.gt(1_000)).count()).unwrap();
    assert!(late > 4, "somebody wrote before each statement");
}
