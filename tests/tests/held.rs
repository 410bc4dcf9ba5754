//! Entities that hold rows of their own: loaded, inserted, edited and deleted with them.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, dead_code, reason = "tests")]

use persist::prelude::*;
use persist::{Conflict, Error, MemoryStore};
use persist_tests::stores::{self, Fresh};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

mod schema {
    diesel::table! { images (id) { id -> Integer, name -> Text, revision -> Integer, owner_id -> Nullable<Integer>, } }
    diesel::table! { image_properties (id) { id -> Integer, image_id -> Integer, name -> Text, value -> Text, } }
    diesel::table! { image_tags (image_id, label) { image_id -> Integer, label -> Text, } }
    diesel::table! { image_locations (id) { id -> Integer, image_id -> Integer, position -> Integer, url -> Text, } }
    diesel::table! { location_checks (id) { id -> Integer, location_id -> Integer, algorithm -> Text, digest -> Text, } }
    diesel::table! { image_covers (id) { id -> Integer, image_id -> Nullable<Integer>, url -> Text, } }
    diesel::table! { owners (id) { id -> Integer, name -> Text, } }
    diesel::table! { rooms (id) { id -> Integer, } }
    diesel::table! { parcels (id) { id -> Integer, room_id -> Nullable<Integer>, } }
    diesel::table! { items (id) { id -> Integer, parcel_id -> Integer, name -> Text, what -> Text, } }
    diesel::table! { shelves (code) { code -> Text, label -> Text, } }
    diesel::table! { books (shelf, nth) { shelf -> Text, nth -> Integer, title -> Text, } }
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::images, group = Images)]
#[entity(has_many(properties: ImageProperty), has_many(tags: ImageTag), has_many(locations: ImageLocation))]
#[entity(has_one(cover: ImageCover))]
struct Image {
    #[entity(key, generated)]
    id: i32,
    #[entity(by = image_property::name, value = image_property::value)]
    properties: BTreeMap<String, String>,
    name: String,
    #[entity(value = image_tag::label)]
    tags: BTreeSet<String>,
    #[entity(position = image_location::position)]
    locations: Vec<ImageLocation>,
    #[entity(lock)]
    revision: i32,
    #[entity(belongs_to(owner: Owner))]
    owner_id: Option<i32>,
    #[entity(orphans = nullify)]
    cover: Option<ImageCover>,
    #[entity(transient)]
    seen: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::image_properties, group = ImageProperties, unique(image_id, name))]
struct ImageProperty {
    #[entity(key, generated)]
    id: i32,
    #[entity(belongs_to(image: Image))]
    image_id: i32,
    name: String,
    value: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::image_tags)]
struct ImageTag {
    #[entity(key, belongs_to(image: Image))]
    image_id: i32,
    #[entity(key)]
    label: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::image_locations, has_many(checks: LocationCheck, by = location))]
struct ImageLocation {
    #[entity(key, generated)]
    id: i32,
    #[entity(belongs_to(image: Image))]
    image_id: i32,
    position: i32,
    url: String,
    #[entity(by = location_check::algorithm, value = location_check::digest)]
    checks: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::location_checks, unique(location_id, algorithm))]
struct LocationCheck {
    #[entity(key, generated)]
    id: i32,
    #[entity(belongs_to(location: ImageLocation))]
    location_id: i32,
    algorithm: String,
    digest: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::image_covers, unique(image_id))]
struct ImageCover {
    #[entity(key, generated)]
    id: i32,
    #[entity(belongs_to(image: Image))]
    image_id: Option<i32>,
    url: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::owners, has_many(images: Image))]
struct Owner {
    #[entity(key)]
    id: i32,
    name: String,
}

/// All of whose columns the program gives.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::shelves, group = Shelves, has_many(books: Book, by = on))]
struct Shelf {
    #[entity(key)]
    code: String,
    label: String,
    #[entity(by = book::nth)]
    books: BTreeMap<i32, Book>,
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::books, belongs_to(on: Shelf, by = shelf))]
struct Book {
    #[entity(key)]
    shelf: String,
    #[entity(key)]
    nth: i32,
    title: String,
}

fn stores() -> Vec<Fresh> {
    let tables = [Image::TABLE, ImageProperty::TABLE, ImageTag::TABLE, ImageLocation::TABLE, LocationCheck::TABLE];
    stores::every(&[&tables[..], &[ImageCover::TABLE, Owner::TABLE, Shelf::TABLE, Book::TABLE]].concat())
}

fn location(url: &str) -> ImageLocation {
    let checks = if url.ends_with('a') { [("md5".to_owned(), "abc".to_owned())].into() } else { BTreeMap::new() };
    ImageLocation { id: 0, image_id: 0, position: 0, url: url.to_owned(), checks }
}

fn new_image(name: &str) -> Image {
    let text = |(one, other): (&str, &str)| (one.to_owned(), other.to_owned());
    Image {
        id: 0,
        properties: [("colour", "blue"), ("speed", "9")].map(text).into(),
        name: name.to_owned(),
        tags: ["small", "test"].map(str::to_owned).into(),
        locations: ["file:///a", "file:///b"].map(location).into(),
        revision: 1,
        owner_id: None,
        cover: Some(ImageCover { id: 0, image_id: None, url: "cover".to_owned() }),
        seen: true,
    }
}

fn stored(context: &mut Context<'_>, name: &str) -> Image {
    let mut image = new_image(name);
    context.create(&mut image).unwrap();
    image
}

/// Each store, with an image in it.
fn each(test: impl Fn(&'static str, &mut Context<'_>, Image)) {
    for mut fresh in stores() {
        let name = fresh.name();
        let mut context = fresh.context();
        let image = stored(&mut context, "cirros");
        test(name, &mut context, image);
    }
}

fn load(context: &mut Context<'_>, id: i32) -> Image {
    context.realise(Images::from_keys([id])).unwrap().pop().unwrap()
}

/// How many statements.
fn counted<T>(context: &mut Context<'_>, what: impl FnOnce(&mut Context<'_>) -> T) -> (T, u64) {
    let before = context.stats().statements;
    let done = what(context);
    (done, context.stats().statements - before)
}

fn shelf(code: &str, titles: &[&str]) -> Shelf {
    let book = |(nth, title): (i32, &&str)| {
        let title = (*title).to_owned();
        (nth, Book { shelf: code.to_owned(), nth, title })
    };
    Shelf { code: code.to_owned(), label: code.to_uppercase(), books: (1..).zip(titles).map(book).collect() }
}

#[test]
fn what_is_held_is_loaded_with_the_entity() {
    assert_eq!((Image::STATEMENTS, Image::ROUNDS), (6, 3), "the image, what it holds, and what that holds");
    assert_eq!((ImageLocation::STATEMENTS, ImageProperty::STATEMENTS), (2, 1));
    let plan = Image::plan().to_string();
    assert!(plan.contains("for Image.properties"), "{plan}");
    each(|name, context, image| {
        let (images, statements) = counted(context, |context| context.realise(Images::all()).unwrap());
        assert_eq!(statements, 6, "{name}");
        assert_eq!(images[0], Image { seen: false, ..image }, "{name}");
        assert_eq!(Image::TABLE.columns.len(), images[0].values().len(), "{name}: columns, and no more");
        stored(context, "another");
        let (images, statements) = counted(context, |context| context.realise(Images::all()).unwrap());
        assert_eq!((images.len(), statements), (2, 6), "{name}: whatever the number of rows");
    });
}

#[test]
fn a_new_one_brings_its_rows_and_gets_their_keys() {
    for mut fresh in stores() {
        let name = fresh.name();
        let mut context = fresh.context();
        let mut images = [new_image("one"), new_image("other")];
        let ((), statements) = counted(&mut context, |context| context.create_all(&mut images).unwrap());
        assert_eq!(statements, 6, "{name}: one for each table");
        for image in &images {
            assert!(image.id > 0 && image.locations.iter().all(|location| location.image_id == image.id), "{name}");
            assert!(image.cover.as_ref().is_some_and(|cover| cover.image_id == Some(image.id)), "{name}");
            assert!(image.seen, "{name}: what is not stored is kept");
            assert_eq!(load(&mut context, image.id), Image { seen: false, ..image.clone() }, "{name}");
        }
    }
}

#[test]
fn edits_write_the_elements_that_differ() {
    each(|name, context, image| {
        let mut edit = context.edit::<Image>(image.id).unwrap();
        edit.properties.insert("speed".to_owned(), "10".to_owned());
        edit.properties.insert("size".to_owned(), "3".to_owned());
        edit.properties.remove("colour");
        edit.locations[0].checks.insert("sha".to_owned(), "1".to_owned());
        let elements: Vec<_> = Edit::elements(&edit).iter().map(ToString::to_string).collect();
        assert_eq!(elements.len(), 4, "{name}: {elements:?}");
        let ((), statements) = counted(context, |context| context.save(&mut edit).unwrap());
        assert_eq!(statements, 5, "{name}: three for the properties, the check, and the revision");
        assert_eq!(edit.revision, 2, "{name}");
        assert_eq!(load(context, image.id), *edit, "{name}");
        let ((), statements) = counted(context, |context| context.save(&mut edit).unwrap());
        assert_eq!(statements, 0, "{name}: nothing changed");
    });
}

#[test]
fn editors_of_different_elements_both_survive() {
    each(|name, context, image| {
        let (mut one, mut other): (Edit<Image>, Edit<Image>) =
            (context.edit(image.id).unwrap(), context.edit(image.id).unwrap());
        one.properties.insert("a".to_owned(), "1".to_owned());
        one.locations.remove(0);
        other.name = "other".to_owned();
        other.tags.insert("new".to_owned());
        context.save(&mut one).unwrap();
        let revision = context.save(&mut other).unwrap_err();
        assert!(
            matches!(&revision, Error::Conflicts(all) if matches!(all.all(), [Conflict::Revision { .. }])),
            "{name}"
        );
        context.merge(&mut other).unwrap();
        let image = load(context, image.id);
        assert_eq!(image, *other, "{name}");
        assert_eq!((image.properties["a"].as_str(), image.locations.len(), image.tags.len()), ("1", 1, 3), "{name}");
    });
}

#[test]
fn a_new_one_that_stays_what_it_is_brings_its_rows() {
    for mut fresh in stores() {
        let name = fresh.name();
        let mut context = fresh.context();
        let shelves = [shelf("a", &["Emma", "Faust"]), shelf("b", &["Ilias"]), shelf("c", &[])];
        let ((), statements) = counted(&mut context, |context| context.insert_all(&shelves).unwrap());
        assert_eq!(statements, 2, "{name}");
        assert_eq!(context.realise(Shelves::all()).unwrap(), shelves, "{name}");
        let none: [Shelf; 0] = [];
        let ((), statements) = counted(&mut context, |context| context.insert_all(&none).unwrap());
        assert_eq!(statements, 0, "{name}");
        // All or none.
        let more = [shelf("d", &["Nana"]), shelf("a", &["Emma"])];
        assert!(context.insert_all(&more).is_err(), "{name}");
        assert_eq!(context.realise(Books::all().count()).unwrap(), 3, "{name}");
    }
}

#[test]
fn a_copy_is_as_it_was() {
    for mut fresh in stores() {
        let name = fresh.name();
        let mut context = fresh.context();
        let mut image = new_image("copied");
        (image.id, image.cover) = (70, None);
        for (nth, location) in (1..).zip(&mut image.locations) {
            (location.id, location.image_id, location.position) = (80 + nth, 70, nth);
        }
        context.insert_exactly(&image).unwrap();
        assert_eq!(load(&mut context, 70), Image { seen: false, ..image }, "{name}");
    }
}

#[test]
fn what_is_held_goes_with_its_entity() {
    for mut fresh in stores() {
        let name = fresh.name();
        let mut context = fresh.context();
        let ids = ["one", "two", "three"].map(|name| stored(&mut context, name).id);
        let left = |context: &mut Context<'_>, images: u64| {
            let counts = (Images::all().count(), ImageProperties::all().count(), ImageTags::all().count());
            let more = (ImageLocations::all().count(), LocationChecks::all().count(), ImageCovers::all().count());
            assert_eq!(context.realise(counts).unwrap(), (images, 2 * images, 2 * images), "{name}");
            assert_eq!(context.realise(more).unwrap(), (2 * images, images, 3), "{name}: covers stay");
        };
        left(&mut context, 3);
        let edit = context.edit::<Image>(ids[0]).unwrap();
        context.delete(&edit).unwrap();
        left(&mut context, 2);
        context.delete_key::<Image>(ids[1]).unwrap();
        left(&mut context, 1);
        context.delete_all(&Images::all()).unwrap();
        left(&mut context, 0);
        let covers = context.realise(ImageCovers::all()).unwrap();
        assert!(covers.iter().all(|cover| cover.image_id.is_none()), "{name}: they refer to nothing");
    }
}

#[test]
fn a_row_that_is_put_elsewhere_moves() {
    each(|name, context, image| {
        let mut other = Image { cover: None, ..new_image("other") };
        context.create(&mut other).unwrap();
        let (mut from, mut to): (Edit<Image>, Edit<Image>) =
            (context.edit(image.id).unwrap(), context.edit(other.id).unwrap());
        let cover = from.cover.take();
        to.cover = cover.clone();
        let mut moved = from.locations.remove(0);
        moved.checks.insert("sha".to_owned(), "1".to_owned());
        moved.checks.insert("md5".to_owned(), "def".to_owned());
        to.locations.insert(0, moved.clone());
        let mut work = Work::new();
        let _ = (work.save(&mut to), work.save(&mut from));
        context.commit(work).unwrap();
        let (from, to) = (load(context, image.id), load(context, other.id));
        assert_eq!((from.cover, to.cover.map(|cover| cover.id)), (None, cover.map(|cover| cover.id)), "{name}");
        assert_eq!((from.locations.len(), to.locations[0].id), (1, moved.id), "{name}: the same row");
        assert_eq!(to.locations[0].checks, moved.checks, "{name}: with what it holds");
        // One that loses what it held on its way.
        let (mut from, mut to): (Edit<Image>, Edit<Image>) =
            (context.edit(other.id).unwrap(), context.edit(image.id).unwrap());
        let mut moved = from.locations.remove(0);
        moved.checks.remove("md5");
        to.locations.push(moved);
        let mut work = Work::new();
        let _ = (work.save(&mut from), work.save(&mut to));
        context.commit(work).unwrap();
        let image = load(context, image.id);
        assert_eq!((image.locations.len(), image.locations[1].checks.len()), (2, 1), "{name}");
        assert_eq!(image, *to, "{name}");
    });
}

/// What a parcel holds stays with it when it is taken out of its room, and so is not known to have left it.
#[test]
fn a_row_that_keeps_what_it_holds_is_moved_by_its_reference() {
    for mut fresh in stores::every(&[Room::TABLE, Parcel::TABLE, Item::TABLE]) {
        let name = fresh.name();
        let mut context = fresh.context();
        let items = [("cup".to_owned(), "1".to_owned())].into();
        let parcel = Parcel { id: 0, room_id: None, items };
        let mut rooms = [Room { id: 1, parcels: vec![parcel] }, Room { id: 2, parcels: Vec::new() }].map(Edit::from);
        let rows: Vec<_> = rooms.iter().map(|room| Room::clone(room)).collect();
        context.insert_all(&rows).unwrap();
        rooms = [1, 2].map(|id| context.edit::<Room>(id).unwrap());
        let [from, to] = &mut rooms;
        to.parcels.push(from.parcels.remove(0));
        let mut work = Work::new();
        let _ = (work.save(from), work.save(to));
        let refused = context.commit(work).unwrap_err();
        assert!(matches!(&refused, Error::Refused(why) if why.why == persist::Why::MovedWithRows), "{name}: {refused}");
        assert_eq!(context.realise(Items::all().count()).unwrap(), 1, "{name}");
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::rooms, has_many(parcels: Parcel))]
struct Room {
    #[entity(key)]
    id: i32,
    #[entity(orphans = nullify)]
    parcels: Vec<Parcel>,
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::parcels, has_many(items: Item))]
struct Parcel {
    #[entity(key, generated)]
    id: i32,
    #[entity(belongs_to(room: Room))]
    room_id: Option<i32>,
    #[entity(by = item::name, value = item::what)]
    items: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::items, unique(parcel_id, name))]
struct Item {
    #[entity(key, generated)]
    id: i32,
    #[entity(belongs_to(parcel: Parcel))]
    parcel_id: i32,
    name: String,
    what: String,
}

#[derive(Debug, View)]
#[view(of = Owner, budget = 7)]
struct OwnerPage {
    name: String,
    images: Vec<Image>,
}

#[derive(Debug, View)]
#[view(of = ImageProperty)]
struct PropertyLine {
    name: String,
    image: Arc<Image>,
}

#[derive(Debug, Clone, PartialEq, Eq, View)]
#[view(of = Image, edit)]
struct ImagePage {
    #[view(flatten)]
    image: Image,
}

#[derive(Debug, View)]
#[view(common(name: String))]
enum Thing {
    Image(Image),
    Owner(Arc<Owner>),
}

#[test]
fn it_is_a_view_among_others() {
    assert_eq!((OwnerPage::STATEMENTS, PropertyLine::STATEMENTS, ImagePage::STATEMENTS), (7, 7, 6));
    each(|name, context, image| {
        context.insert(&Owner { id: 1, name: "Ada".to_owned() }).unwrap();
        let mut edit = context.edit::<Image>(image.id).unwrap();
        edit.owner_id = Some(1);
        context.save(&mut edit).unwrap();
        let image = Edit::into_inner(edit);
        let plain = Image { seen: false, ..image.clone() };

        let (pages, statements) =
            counted(context, |context| context.realise(Owners::all().view::<OwnerPage>()).unwrap());
        assert_eq!((&pages[0].images, statements), (&vec![plain.clone()], 7), "{name}");
        let lines = context.realise(ImageProperties::all().view::<PropertyLine>()).unwrap();
        assert!(lines.len() == 2 && *lines[0].image == plain, "{name}");
        assert!(Arc::ptr_eq(&lines[0].image, &lines[1].image), "{name}: decoded once");
        let pages = context.realise(Images::of([&image]).view::<ImagePage>()).unwrap();
        assert_eq!(pages[0].image, plain, "{name}");
        let things = context.realise(Things::of(Images::all(), Owners::all()).order_by(thing::name.asc())).unwrap();
        assert!(matches!(&things[..], [Thing::Owner(_), Thing::Image(found)] if *found == plain), "{name}");
        let streamed: Vec<_> =
            context.stream(Images::all().view::<Image>(), 1).rows().collect::<Result<_, _>>().unwrap();
        assert_eq!(streamed, [plain], "{name}");
    });
}

#[test]
fn what_is_flattened_is_edited_with_its_rows() {
    each(|name, context, image| {
        let mut page = context.edit::<ImagePage>(image.id).unwrap();
        page.image.tags.insert("new".to_owned());
        page.image.name = "other".to_owned();
        context.save(&mut page).unwrap();
        let image = load(context, image.id);
        assert!(image == page.image && image.tags.contains("new") && image.name == "other", "{name}");
    });
}

/// A view shows the relation as ever, by the same constant.
#[derive(Debug, View)]
#[view(of = Image)]
struct ImageLine {
    name: String,
    #[view(count(properties))]
    properties: i64,
    #[view(from = tags, limit = 1)]
    first_tag: Vec<ImageTag>,
}

#[test]
fn the_relation_is_what_it_was() {
    each(|name, context, _| {
        let named = Images::all().filter(image::properties.exists(image_property::value.eq("9")));
        let lines = context.realise(named.view::<ImageLine>()).unwrap();
        assert_eq!((lines[0].properties, lines[0].first_tag[0].label.as_str()), (2, "small"), "{name}");
        assert_eq!(context.realise(Images::all().properties().count()).unwrap(), 2, "{name}");
        context.apply(1, persist::Changes::<Image>::new().set(image::name, "b").expect(image::revision, 1)).unwrap();
    });
}

#[test]
fn half_of_what_is_held_is_not_written() {
    each(|name, context, image| {
        let mut edit = context.edit::<Image>(image.id).unwrap();
        edit.name = "half".to_owned();
        edit.locations[1].url = "changed".to_owned();
        context.delete_key::<ImageLocation>(edit.locations[1].id).unwrap();
        assert!(context.save(&mut edit).is_err(), "{name}");
        assert_eq!(load(context, image.id).name, "cirros", "{name}");
    });
}

/// A scope narrows what an entity holds, as it does any relation.
#[test]
fn what_is_not_to_be_seen_is_not_held() {
    each(|name, context, image| {
        let mut context = context.without_scope::<Owner>();
        context.scope::<ImageProperty>(ImageProperties::all().filter(image_property::name.ne("speed")));
        let mut edit = context.edit::<Image>(image.id).unwrap();
        assert_eq!(edit.properties.keys().collect::<Vec<_>>(), ["colour"], "{name}");
        edit.properties.clear();
        context.save(&mut edit).unwrap();
        let mut context = context.without_scope::<ImageProperty>();
        assert_eq!(load(&mut context, image.id).properties.keys().collect::<Vec<_>>(), ["speed"], "{name}");
    });
}

#[test]
fn memory_is_enough_to_try_it() {
    let memory = MemoryStore::new();
    let mut context = Context::memory(&memory);
    context.insert(&shelf("a", &["Emma"])).unwrap();
    let mut shelf = context.edit::<Shelf>("a".to_owned()).unwrap();
    shelf.books.get_mut(&1).unwrap().title = "Emma Woodhouse".to_owned();
    context.save(&mut shelf).unwrap();
    assert_eq!(context.realise(Books::all()).unwrap()[0].title, "Emma Woodhouse");
}
