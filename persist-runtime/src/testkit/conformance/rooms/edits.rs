//! Edits: what changed is written and nothing else, and what keeps a write from being is said.

use super::super::domain::docs::*;
use super::super::trial::{Place, Trial};
use super::conflict;
use crate::Value;
use crate::context::{Context, Error};
use crate::edit::{Changes, Conflict, Edit};
use crate::prelude::*;
use crate::store::Fault;

/// Three documents and a sheet.
fn written(at: &Trial<'_>) -> Place {
    let place = at.place(&[Doc::TABLE, Sheet::TABLE]);
    place.context().insert_exactly_all(&[a_doc(1), a_doc(2), a_doc(3)]).unwrap();
    place.context().insert(&Sheet { id: 1, name: "one".into(), pages: 3, revision: 1 }).unwrap();
    place
}

fn two(context: &mut Context<'_>) -> (Edit<Doc>, Edit<Doc>) {
    (context.edit(1).unwrap(), context.edit(1).unwrap())
}

fn stored(context: &mut Context<'_>, id: i32) -> Doc {
    context.realise(Docs::from_keys([id])).unwrap().remove(0)
}

/// Editors of different columns both survive, and have in hand what is stored.
pub(crate) fn different_columns(at: &Trial<'_>) {
    let place = written(at);
    let (one, other) = (&mut place.context(), &mut place.context());
    let (mut mine, mut theirs) = (one.edit::<Doc>(1).unwrap(), other.edit::<Doc>(1).unwrap());
    (mine.title, theirs.heat) = ("mine".into(), 99);
    other.save(&mut theirs).unwrap();
    one.save(&mut mine).unwrap();
    let both = Doc { title: "mine".into(), heat: 99, ..a_doc(1) };
    assert_eq!((&*mine, stored(other, 1)), (&both, both.clone()));
    assert!(!Edit::is_changed(&mine));
    assert_eq!(context_rest(one), [a_doc(2), a_doc(3)], "the others are as they were");
}

fn context_rest(context: &mut Context<'_>) -> Vec<Doc> {
    context.realise(Docs::all().filter(doc::id.gt(1))).unwrap()
}

/// Of one column the last writer wins; what did not change is not written; unless it is touched.
pub(crate) fn unchanged_columns(at: &Trial<'_>) {
    let place = written(at);
    let context = &mut place.context();
    let (mut mine, mut touched) = two(context);
    mine.title = "doc 1".into();
    let before = context.stats();
    context.save(&mut mine).unwrap();
    assert_eq!(context.update(&Docs::all(), Changes::new()).unwrap(), 0);
    assert_eq!(context.stats(), before, "nothing changed, nothing is sent");
    context.apply(1, Changes::<Doc>::new().set(doc::title, "theirs")).unwrap();
    context.save(&mut mine).unwrap();
    assert_eq!(stored(context, 1).title, "theirs");
    Edit::touch(&mut touched, doc::title);
    context.save(&mut touched).unwrap();
    assert_eq!(stored(context, 1).title, "doc 1");
}

/// NULL is written and taken away like any value.
pub(crate) fn nulls(at: &Trial<'_>) {
    let place = written(at);
    let context = &mut place.context();
    for body in [Some("new"), Some(""), None, Some("again"), None] {
        let mut edit = context.edit::<Doc>(1).unwrap();
        edit.body = body.map(str::to_owned);
        context.save(&mut edit).unwrap();
        assert_eq!(stored(context, 1), Doc { body: body.map(str::to_owned), ..a_doc(1) });
    }
}

/// A guard says what was expected, from NULL and from a value, and what there is.
pub(crate) fn guards(at: &Trial<'_>) {
    let place = written(at);
    let context = &mut place.context();
    let (mut mine, mut theirs) = two(context);
    (mine.state, theirs.state) = (Some("mine".into()), Some("theirs".into()));
    context.save(&mut theirs).unwrap();
    match conflict(context.save(&mut mine)) {
        Conflict::Guard { column: "state", expected, actual, mine, .. } => {
            assert_eq!((expected, actual, mine), (Value::Null, "theirs".into(), Some("mine".into())));
        }
        other => panic!("{other}"),
    }
    let patch =
        |state: Option<&str>| Changes::<Doc>::new().set(doc::state, None).expect(doc::state, state.map(str::to_owned));
    assert!(matches!(conflict(context.apply(1, patch(None))), Conflict::Guard { .. }));
    assert!(matches!(conflict(context.apply(1, patch(Some("Theirs")))), Conflict::Guard { .. }), "case counts");
    assert!(matches!(conflict(context.apply(1, patch(Some("theirs ")))), Conflict::Guard { .. }), "and blanks");
    context.apply(1, patch(Some("theirs"))).unwrap();
    assert_eq!(stored(context, 1).state, None);
    context.save(&mut mine).unwrap();
    assert_eq!(stored(context, 1).state.as_deref(), Some("mine"), "by now it is what was read");
}

/// What was only looked at can be expected too, and what is written.
pub(crate) fn observed_columns(at: &Trial<'_>) {
    let place = written(at);
    let context = &mut place.context();
    let (mut mine, mut theirs) = two(context);
    (mine.title, theirs.heat) = ("cold".into(), 99);
    Edit::observe(&mut mine, doc::heat);
    context.save(&mut theirs).unwrap();
    match conflict(context.save(&mut mine)) {
        Conflict::Guard { column: "heat", expected, actual, mine: None, .. } => {
            assert_eq!((expected, actual), (Value::Int(10), Value::Int(99)));
        }
        other => panic!("{other}"),
    }
    let (mut mine, mut theirs) = two(context);
    (mine.title, theirs.title) = ("mine".into(), "theirs".into());
    Edit::compare(&mut mine);
    context.save(&mut theirs).unwrap();
    assert!(matches!(conflict(context.save(&mut mine)), Conflict::Guard { column: "title", .. }));
    assert_eq!(stored(context, 1).title, "theirs");
}

/// A row that is gone is not written again, and is no other row.
pub(crate) fn gone(at: &Trial<'_>) {
    let place = written(at);
    let context = &mut place.context();
    let (mut mine, theirs) = two(context);
    mine.title = "mine".into();
    context.delete(&theirs).unwrap();
    assert!(matches!(conflict(context.save(&mut mine)), Conflict::Gone { entity: "Doc", .. }));
    mine.state = Some("guarded".into());
    assert!(matches!(conflict(context.save(&mut mine)), Conflict::Gone { .. }));
    assert!(matches!(conflict(context.delete(&theirs)), Conflict::Gone { .. }));
    assert!(matches!(conflict(context.delete_key::<Doc>(1)), Conflict::Gone { .. }));
    let patch = Changes::<Doc>::new().set(doc::heat, 1);
    assert!(matches!(conflict(context.apply(99, patch)), Conflict::Gone { .. }));
    assert!(matches!(conflict(context.edit::<Doc>(1).map(drop)), Conflict::Gone { .. }));
    assert_eq!(context.realise(Docs::all()).unwrap(), [a_doc(2), a_doc(3)]);
}

/// What two add adds up; a sum that the column cannot hold is refused, and changes nothing.
pub(crate) fn sums(at: &Trial<'_>) {
    let place = written(at);
    let context = &mut place.context();
    let (mut mine, mut theirs) = two(context);
    Edit::add(&mut mine, doc::heat, 5);
    Edit::add(&mut theirs, doc::heat, 7);
    context.save(&mut theirs).unwrap();
    context.save(&mut mine).unwrap();
    assert_eq!((mine.heat, stored(context, 1).heat), (22, 22));
    for much in [i32::MAX, i32::MAX - 21] {
        assert!(context.apply(1, Changes::<Doc>::new().add(doc::heat, much)).is_err());
    }
    assert_eq!(stored(context, 1).heat, 22);
    context.apply(1, Changes::<Doc>::new().add(doc::heat, i32::MAX - 22)).unwrap();
    assert_eq!(stored(context, 1).heat, i32::MAX);
}

/// The bounds of a counter hold, whoever counts.
pub(crate) fn counters(at: &Trial<'_>) {
    let place = written(at);
    let context = &mut place.context();
    let (mut one, mut other) = (context.edit::<Sheet>(1).unwrap(), context.edit::<Sheet>(1).unwrap());
    one.pages -= 3;
    context.save(&mut one).unwrap();
    one.pages -= 1;
    match conflict(context.save(&mut one)) {
        Conflict::Bounds { column: "pages", added, actual, .. } => {
            assert_eq!((added, actual), (Value::Int(-1), Value::Int(0)));
        }
        other => panic!("{other}"),
    }
    other.pages += 2;
    assert!(matches!(conflict(context.save(&mut other)), Conflict::Revision { .. }));
    context.merge(&mut other).unwrap();
    assert_eq!((other.pages, other.revision), (2, 3));
}

/// A revision refuses whoever read before another wrote, and says what was written; the changes can go onto it.
pub(crate) fn revisions(at: &Trial<'_>) {
    let place = written(at);
    let context = &mut place.context();
    let (mut mine, mut theirs) = (context.edit::<Sheet>(1).unwrap(), context.edit::<Sheet>(1).unwrap());
    (mine.name, theirs.pages) = ("mine".into(), 4);
    context.save(&mut theirs).unwrap();
    assert_eq!(theirs.revision, 2);
    match conflict(context.save(&mut mine)) {
        Conflict::Revision { expected, actual, theirs, .. } => {
            assert_eq!((expected, actual), (Value::Int(1), Value::Int(2)));
            assert_eq!(theirs, [("pages", Value::Int(4))]);
        }
        other => panic!("{other}"),
    }
    context.merge(&mut mine).unwrap();
    assert_eq!(*mine, Sheet { id: 1, name: "mine".into(), pages: 4, revision: 3 });
    theirs.name = "theirs".into();
    assert!(matches!(context.merge(&mut theirs), Err(Error::Overlaps(_))), "both wrote the name");
    assert_eq!(context.update(&Sheets::all(), Changes::new().add(sheet::pages, 1)).unwrap(), 1);
    assert_eq!(context.realise(Sheets::all()).unwrap()[0].revision, 4, "also where a whole group is written");
}

/// All rows of a group, those that it is cut to, and those that are as expected.
pub(crate) fn of_groups(at: &Trial<'_>) {
    let place = written(at);
    let context = &mut place.context();
    let last = Docs::all().order_by(doc::id.desc()).limit(2);
    let changes = Changes::new().set(doc::body, Some("b".into())).add(doc::heat, 1);
    assert_eq!(context.update(&last, changes).unwrap(), 2);
    let bodies: Vec<_> =
        context.realise(Docs::all()).unwrap().iter().map(|doc| (doc.body.is_some(), doc.heat)).collect();
    assert_eq!(bodies, [(false, 10), (true, 11), (true, 11)]);
    let expected = Changes::new().set(doc::state, Some("s".into())).expect(doc::state, None);
    assert_eq!(context.update(&Docs::all().filter(doc::heat.gt(10)), expected.clone()).unwrap(), 2);
    assert_eq!(context.update(&Docs::all(), expected).unwrap(), 1, "who is not as expected is left alone");
    assert_eq!(context.delete_all(&last).unwrap(), 2);
    assert_eq!(context.delete_all(&Docs::all().filter(doc::id.gt(1))).unwrap(), 0);
    assert_eq!(context.delete_all(&Docs::all()).unwrap(), 1);
}

/// A group of which one row cannot be written is not written at all.
pub(crate) fn of_groups_all_or_none(at: &Trial<'_>) {
    let place = written(at);
    let context = &mut place.context();
    let same = context.update(&Docs::all(), Changes::new().set(doc::title, "same")).unwrap_err();
    assert!(matches!(same.store().unwrap().fault(), Fault::Duplicate(_)), "{same}");
    assert_eq!(context.realise(Docs::all()).unwrap(), [a_doc(1), a_doc(2), a_doc(3)]);
    context.insert(&Sheet { id: 2, name: "two".into(), pages: 9, revision: 1 }).unwrap();
    let fewer = context.update(&Sheets::all(), Changes::new().add(sheet::pages, -4));
    assert!(matches!(conflict(fewer), Conflict::Bounds { .. }));
    let pages: Vec<_> =
        context.realise(Sheets::all()).unwrap().iter().map(|sheet| (sheet.pages, sheet.revision)).collect();
    assert_eq!(pages, [(3, 1), (9, 1)]);
}

/// Many edits, each of other columns: each row gets its own, and none what another was to get.
pub(crate) fn many_at_once(at: &Trial<'_>) {
    let place = at.place(&[Doc::TABLE]);
    let context = &mut place.context();
    context.insert_exactly_all(&(10..110).map(a_doc).collect::<Vec<_>>()).unwrap();
    let mut edits = context.edit_all(Docs::all().view::<Doc>()).unwrap();
    for edit in &mut edits {
        match edit.id % 4 {
            0 => edit.body = Some(format!("body {}", edit.id)),
            1 => Edit::add(edit, doc::heat, 1),
            2 => edit.state = Some("state".into()),
            _ => {}
        }
    }
    context.update(&Docs::all(), Changes::new().add(doc::heat, 100)).unwrap();
    context.save_all(&mut edits).unwrap();
    for (edit, stored) in edits.iter().zip(context.realise(Docs::all()).unwrap()) {
        let id = edit.id;
        let expected = Doc {
            body: (id % 4 == 0).then(|| format!("body {id}")),
            heat: 110 + i32::from(id % 4 == 1),
            state: (id % 4 == 2).then(|| "state".into()),
            ..a_doc(id)
        };
        assert_eq!(stored, expected);
        assert!(id % 4 == 3 || **edit == expected, "in hand is what is stored");
    }
}

/// Each row that was not written is named, with why; then none is written.
pub(crate) fn outcomes_of_each(at: &Trial<'_>) {
    let place = written(at);
    let context = &mut place.context();
    let mut edits = context.edit_all(Docs::all().view::<Doc>()).unwrap();
    edits.iter_mut().for_each(|edit| edit.state = Some("done".into()));
    context.apply(2, Changes::<Doc>::new().set(doc::state, Some("raced".into())).expect(doc::state, None)).unwrap();
    context.delete_key::<Doc>(3).unwrap();
    let error = context.save_all(&mut edits).unwrap_err();
    assert!(matches!(error.conflicts(), [Conflict::Guard { .. }, Conflict::Gone { .. }]), "{error}");
    assert_eq!(stored(context, 1).state, None);
    assert!(edits.iter().all(Edit::is_changed));
    context.save(&mut edits[0]).unwrap();
    assert_eq!(stored(context, 1).state.as_deref(), Some("done"));
}

/// A patch is written without a read, and only where what it expects is so.
pub(crate) fn patches(at: &Trial<'_>) {
    let place = written(at);
    let context = &mut place.context();
    let before = context.stats().statements;
    context.apply(2, Changes::<Doc>::new().set(doc::title, "new").add(doc::heat, -3).set(doc::body, None)).unwrap();
    assert_eq!(context.stats().statements - before, 1);
    assert_eq!(stored(context, 2), Doc { title: "new".into(), heat: 7, ..a_doc(2) });
    let sheet = Changes::<Sheet>::new().set(sheet::name, "patched");
    assert!(matches!(context.apply(1, sheet.clone()), Err(Error::Refused(_))), "a revision wants to be expected");
    assert!(matches!(conflict(context.apply(1, sheet.clone().expect(sheet::revision, 7))), Conflict::Revision { .. }));
    context.apply(1, sheet.expect(sheet::revision, 1)).unwrap();
    assert_eq!(context.realise(Sheets::all()).unwrap()[0].revision, 2);
    let taken = context.apply(2, Changes::<Doc>::new().set(doc::title, "doc 3")).unwrap_err();
    assert!(matches!(taken.store().unwrap().fault(), Fault::Duplicate(_)), "{taken}");
}

/// A transition is allowed or not, and has its side writes, whoever asks.
pub(crate) fn transitions(at: &Trial<'_>) {
    let place = at.place(&[Account::TABLE]);
    let context = &mut place.context();
    context.insert(&an_account(1, Status::Queued)).unwrap();
    let (mut mine, mut theirs) = (context.edit::<Account>(1).unwrap(), context.edit::<Account>(1).unwrap());
    mine.status = Status::Active;
    assert!(matches!(context.save(&mut mine), Err(Error::Refused(_))), "not from the queue");
    (mine.status, theirs.status) = (Status::Saving, Status::Saving);
    context.save(&mut mine).unwrap();
    assert!(matches!(conflict(context.save(&mut theirs)), Conflict::Guard { column: "status", .. }));
    mine.status = Status::Active;
    context.save(&mut mine).unwrap();
    mine.status = Status::Queued;
    context.save(&mut mine).unwrap();
    assert_eq!((mine.size, context.realise(Accounts::all()).unwrap()[0].size), (None, None));
}

/// Columns that form an invariant are not skewed by two who each keep it.
pub(crate) fn columns_that_belong_together(at: &Trial<'_>) {
    let place = at.place(&[Account::TABLE]);
    let context = &mut place.context();
    context.insert(&an_account(1, Status::Queued)).unwrap();
    let (mut mine, mut theirs) = (context.edit::<Account>(1).unwrap(), context.edit::<Account>(1).unwrap());
    (mine.low, theirs.high) = (15, 15);
    context.save(&mut mine).unwrap();
    match conflict(context.save(&mut theirs)) {
        Conflict::Guard { column: "low", expected, actual, .. } => {
            assert_eq!((expected, actual), (Value::Int(5), Value::Int(15)));
        }
        other => panic!("{other}"),
    }
    let stored = &context.realise(Accounts::all()).unwrap()[0];
    assert_eq!((stored.low, stored.high), (15, 5));
}
