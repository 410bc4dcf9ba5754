//! Collections: maps, sets, lists and rows of rows, edited with the row that holds them.

use super::super::References;
use super::super::domain::images::*;
use super::super::trial::{Place, Trial};
use crate::context::{Context, Error};
use crate::edit::{Conflict, Edit};

/// An image in a place where references are kept, if the store can.
fn stored(at: &Trial<'_>) -> (Place, ImageForm) {
    let references = if at.keeps_references() { References::Enforced } else { References::Free };
    let place = at.place_with(TABLES, references);
    let image = cirros(&mut place.context());
    (place, image)
}

fn load(context: &mut Context<'_>, id: i32) -> ImageForm {
    context.realise(Images::from_keys([id]).view::<ImageForm>()).unwrap().remove(0)
}

fn urls(image: &ImageForm) -> Vec<&str> {
    image.locations.iter().map(|location| location.url.as_str()).collect()
}

/// Two who read the same, change it, and save one after the other.
fn two(
    context: &mut Context<'_>,
    id: i32,
    one: impl FnOnce(&mut ImageForm),
    other: impl FnOnce(&mut ImageForm),
) -> (Edit<ImageForm>, Result<(), Error>) {
    let (mut first, mut second) = (context.edit(id).unwrap(), context.edit(id).unwrap());
    one(&mut first);
    other(&mut second);
    context.save(&mut first).unwrap();
    let saved = context.merge(&mut second);
    (second, saved)
}

/// A whole graph is new, with the keys that the store makes.
pub(crate) fn inserted(at: &Trial<'_>) {
    let (place, image) = stored(at);
    assert!(image.id > 0 && image.locations.iter().all(|location| location.id > 0));
    assert!(image.locations.is_sorted_by_key(|location| location.position));
    assert_eq!(load(&mut place.context(), image.id), image);
}

/// What changed of each collection is written, and the revision of the root once.
pub(crate) fn put_changed_and_taken_out(at: &Trial<'_>) {
    let (place, image) = stored(at);
    let context = &mut place.context();
    let mut edit = context.edit::<ImageForm>(image.id).unwrap();
    edit.properties = texts([("speed", "10"), ("size", "3")]);
    edit.tags.remove("test");
    edit.tags.insert("new".into());
    edit.locations.remove(1);
    edit.locations[0].url = "file:///z".into();
    edit.locations[0].checks = texts([("sha1", "def"), ("md5", "xyz")]);
    edit.locations.insert(1, location("file:///y"));
    context.save(&mut edit).unwrap();
    assert_eq!((edit.revision, urls(&edit)), (2, vec!["file:///z", "file:///y", "file:///c"]));
    assert_eq!(edit.locations[0].id, image.locations[0].id, "the same row");
    assert_eq!(load(context, image.id), *edit);
    assert!(!Edit::is_changed(&edit));
    let before = context.stats();
    context.save(&mut edit).unwrap();
    assert_eq!(context.stats(), before, "nothing changed, nothing is sent");
}

/// A list keeps its order, however it is turned.
pub(crate) fn order_of_lists(at: &Trial<'_>) {
    let (place, image) = stored(at);
    let context = &mut place.context();
    for turn in [
        (|list| list.reverse()) as fn(&mut Vec<LocationForm>),
        |list| list.rotate_left(1),
        |list| list.swap(0, 2),
        |list| list.insert(0, location("file:///first")),
        |list| list.push(location("file:///last")),
        |list| drop(list.remove(2)),
        |list| list.clear(),
    ] {
        let mut edit = context.edit::<ImageForm>(image.id).unwrap();
        turn(&mut edit.locations);
        let expected: Vec<_> = urls(&edit).into_iter().map(str::to_owned).collect();
        context.save(&mut edit).unwrap();
        let stored = load(context, image.id);
        assert_eq!(urls(&stored), expected);
        assert_eq!(*edit, stored);
    }
}

/// Two editors of different elements both survive.
pub(crate) fn different_elements(at: &Trial<'_>) {
    let (place, image) = stored(at);
    let context = &mut place.context();
    let one = |image: &mut ImageForm| {
        image.properties.insert("a".into(), "1".into());
        image.properties.insert("speed".into(), "10".into());
        image.tags.remove("test");
        image.locations.remove(0);
    };
    let other = |image: &mut ImageForm| {
        image.name = "other".into();
        image.properties.insert("b".into(), "2".into());
        image.properties.remove("colour");
        image.tags.insert("new".into());
        image.locations.push(location("file:///d"));
    };
    let (edit, saved) = two(context, image.id, one, other);
    saved.unwrap();
    let stored = load(context, image.id);
    assert_eq!(stored.properties, texts([("a", "1"), ("b", "2"), ("speed", "10")]));
    assert_eq!(stored.tags.iter().collect::<Vec<_>>(), ["new", "small"]);
    assert_eq!(urls(&stored), ["file:///b", "file:///c", "file:///d"]);
    assert_eq!((stored.name.as_str(), stored.revision), ("other", 3));
    assert_eq!(*edit, stored);
}

/// Of two who put something else under one key, the second is told.
pub(crate) fn one_key_twice(at: &Trial<'_>) {
    let (place, image) = stored(at);
    let context = &mut place.context();
    let put = |value: &str| {
        let value = value.to_owned();
        move |image: &mut ImageForm| drop(image.properties.insert("a".into(), value))
    };
    let (_, saved) = two(context, image.id, put("1"), put("2"));
    assert!(matches!(saved, Err(Error::Overlaps(_))), "{saved:?}");
    assert_eq!(load(context, image.id).properties["a"], "1", "the first stays");
    let tag = |image: &mut ImageForm| assert!(image.tags.insert("same".into()));
    two(context, image.id, tag, tag).1.unwrap();
    assert_eq!(load(context, image.id).tags.len(), 3, "an element of a set that is there already is no conflict");
}

/// An element that is marked when it goes is not shown, and comes back as the same row.
pub(crate) fn marked_elements(at: &Trial<'_>) {
    let (place, image) = stored(at);
    let context = &mut place.context();
    let mut edit = context.edit::<ImageForm>(image.id).unwrap();
    edit.members.remove("ann");
    context.save(&mut edit).unwrap();
    assert_eq!(load(context, image.id).members, texts([("bob", "accepted")]));
    assert_eq!(context.realise(ImageMembers::all().count()).unwrap(), 2, "the row is there");
    edit.members.insert("ann".into(), "again".into());
    edit.members.insert("eve".into(), "new".into());
    context.save(&mut edit).unwrap();
    assert_eq!(load(context, image.id).members, texts([("ann", "again"), ("bob", "accepted"), ("eve", "new")]));
    assert_eq!(context.realise(ImageMembers::all().count()).unwrap(), 3);
}

/// The revision of the root keeps the collections too; nothing of a save that is refused is written.
pub(crate) fn refused_as_a_whole(at: &Trial<'_>) {
    let (place, image) = stored(at);
    let context = &mut place.context();
    let (mut mine, mut theirs) =
        (context.edit::<ImageForm>(image.id).unwrap(), context.edit::<ImageForm>(image.id).unwrap());
    theirs.tags.insert("theirs".into());
    context.save(&mut theirs).unwrap();
    mine.properties.clear();
    mine.locations.clear();
    mine.members.insert("eve".into(), "new".into());
    let refused = context.save(&mut mine).unwrap_err();
    assert!(matches!(refused.conflicts(), [Conflict::Revision { .. }]), "{refused}");
    assert_eq!(load(context, image.id), *theirs);
    assert!(Edit::is_changed(&mine), "still in hand");
    context.merge(&mut mine).unwrap();
    let stored = load(context, image.id);
    assert!(stored.properties.is_empty() && stored.locations.is_empty() && stored.tags.contains("theirs"));
}

/// With a row goes what is declared to go with it.
pub(crate) fn deleted_with_the_row(at: &Trial<'_>) {
    let (place, image) = stored(at);
    let context = &mut place.context();
    let other = cirros(context);
    context.delete_key::<Image>(image.id).unwrap();
    let left = (ImageProperties::all().count(), ImageTags::all().count(), LocationChecks::all().count());
    assert_eq!(context.realise(left).unwrap(), (2, 2, 1));
    assert_eq!(load(context, other.id), other);
}

/// Many roots in few statements.
pub(crate) fn of_many_rows(at: &Trial<'_>) {
    let (place, _) = stored(at);
    let context = &mut place.context();
    (0..20).for_each(|_| drop(cirros(context)));
    let mut edits = context.edit_all(Images::all().view::<ImageForm>()).unwrap();
    for edit in &mut edits {
        let id = edit.id.to_string();
        edit.properties.insert("speed".into(), id.clone());
        edit.tags.insert(id);
    }
    let before = context.stats().statements;
    context.save_all(&mut edits).unwrap();
    assert!(context.stats().statements - before <= 4);
    let stored = context.realise(Images::all().view::<ImageForm>()).unwrap();
    assert_eq!(stored.len(), 21);
    for (image, edit) in stored.iter().zip(&edits) {
        assert_eq!((image, &image.properties["speed"]), (&**edit, &image.id.to_string()));
    }
}
