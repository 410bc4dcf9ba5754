//! What entities declare of writes, by attributes: revisions, guards with their transitions, what belongs together,
//! counters, what the store makes, what is unique, and what becomes of rows that refer to one that goes.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use persist::edit::Why;
use persist::entity::OnDelete;
use persist::prelude::*;
use persist::{Conflict, Error, Fault, Refused, Transition, Value};
use persist_tests::stores::{self, Fresh};
use serde::{Deserialize, Serialize};

mod schema {
    diesel::table! {
        stores (id) { id -> Integer, name -> Text, }
    }
    diesel::table! {
        images (id) {
            id -> Integer,
            store_id -> Integer,
            parent_id -> Nullable<Integer>,
            name -> Text,
            status -> Text,
            size -> Nullable<BigInt>,
            tries -> Integer,
            low -> Integer,
            high -> Integer,
            pulls -> Integer,
            revision -> BigInt,
        }
    }
    diesel::table! {
        tags (id) { id -> Integer, image_id -> Integer, label -> Text, }
    }
    diesel::table! {
        quotas (id) { id -> Integer, used -> SmallInt, free -> BigInt, low -> Integer, high -> Integer, }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Scalar)]
pub enum Status {
    Queued,
    Saving,
    Active,
    Deleted,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Scalar)]
pub struct Revision(i64);

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::stores, has_many(images: Image, by = store, on_delete = restrict))]
pub struct Store {
    #[entity(key)]
    pub id: i32,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::images, together(low, high), unique(store_id, name))]
#[entity(has_many(tags: Tag, on_delete = cascade), has_many(children: Image, by = parent, on_delete = nullify))]
pub struct Image {
    #[entity(key)]
    pub id: i32,
    #[entity(belongs_to(store: Store))]
    pub store_id: i32,
    #[entity(belongs_to(parent: Image))]
    pub parent_id: Option<i32>,
    pub name: String,
    #[entity(guard = moves)]
    pub status: Status,
    pub size: Option<i64>,
    pub tries: i32,
    pub low: i32,
    pub high: i32,
    #[entity(counter(min = 0, max = 100))]
    pub pulls: i32,
    #[entity(lock)]
    pub revision: Revision,
    #[entity(transient)]
    pub seen: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::tags)]
pub struct Tag {
    #[entity(key, generated)]
    pub id: i32,
    #[entity(belongs_to(image: Image))]
    pub image_id: i32,
    pub label: String,
}

/// Without a revision, so that what else is declared is what decides.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::quotas, together(low, high))]
pub struct Quota {
    #[entity(key)]
    pub id: i32,
    #[entity(counter(max = 20))]
    pub used: i16,
    #[entity(guard)]
    pub free: i64,
    pub low: i32,
    pub high: i32,
}

/// Who is queued again has no size any more, and one try more.
fn moves(from: &Status, to: &Status) -> Transition<Image> {
    match (from, to) {
        (_, Status::Queued) => Transition::with(Changes::new().set(image::size, None).add(image::tries, 1)),
        (Status::Active, Status::Deleted) => Transition::with(Changes::new().expect(image::parent_id, None)),
        _ => {
            Transition::when(matches!((from, to), (Status::Queued, Status::Saving) | (Status::Saving, Status::Active)))
        }
    }
}

fn an_image(id: i32, name: &str) -> Image {
    Image {
        id,
        store_id: 1,
        parent_id: None,
        name: name.into(),
        status: Status::Queued,
        size: Some(7),
        tries: 0,
        low: 5,
        high: 5,
        pulls: 10,
        revision: Revision(1),
        seen: Vec::new(),
    }
}

/// Every store, with two images in it.
fn filled() -> Vec<Fresh> {
    let mut every = stores::every(&[Store::TABLE, Image::TABLE, Tag::TABLE, Quota::TABLE]);
    every.iter_mut().for_each(|fresh| fill(&mut fresh.context()));
    every
}

fn fill(context: &mut Context<'_>) {
    context.insert(&Store { id: 1, name: "main".into() }).unwrap();
    context.insert_all(&[an_image(1, "noble"), an_image(2, "jammy")]).unwrap();
    context.insert(&Quota { id: 1, used: 10, free: 90, low: 5, high: 5 }).unwrap();
}

fn conflict(result: Result<(), Error>) -> Conflict {
    match result {
        Err(Error::Conflicts(conflicts)) => conflicts.all()[0].clone(),
        other => panic!("no conflict: {other:?}"),
    }
}

fn refused(result: Result<(), Error>) -> (&'static str, Why) {
    match result {
        Err(Error::Refused(Refused { column, why, .. })) => (column, why),
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn what_is_declared_is_data() {
    let rules = Image::TABLE.rules;
    assert_eq!(rules.lock.unwrap().name, "revision");
    assert_eq!(rules.guards[0].column.name, "status");
    assert_eq!(rules.together, [[image::low.def(), image::high.def()]]);
    assert_eq!(rules.unique, [[image::store_id.def(), image::name.def()]]);
    let pulls = rules.counter(&image::pulls.def()).unwrap();
    assert_eq!((pulls.least, pulls.most), (Some(0), Some(100)));
    assert!(rules.generated.is_empty());
    assert_eq!(Tag::TABLE.rules.generated, [tag::id.def()]);

    let references: Vec<_> = (rules.references)().iter().map(|to| (to.name, to.to.name, to.is_optional())).collect();
    assert_eq!(references, [("store", "stores", false), ("parent", "images", true)]);
    let dependents: Vec<_> = (rules.dependents)().iter().map(|of| (of.name, of.remote[0].name, of.on_delete)).collect();
    assert_eq!(dependents, [("tags", "image_id", OnDelete::Cascade), ("children", "parent_id", OnDelete::Nullify)]);
}

#[test]
fn w19_a_revision_refuses_the_second_writer_and_says_what_the_first_wrote() {
    for mut fresh in filled() {
        let mut context = fresh.context();
        let (mut mine, mut theirs) = (context.edit::<Image>(1).unwrap(), context.edit::<Image>(1).unwrap());
        theirs.name = "theirs".into();
        context.save(&mut theirs).unwrap();
        assert_eq!(theirs.revision, Revision(2));
        mine.low = 4;
        match conflict(context.save(&mut mine)) {
            Conflict::Revision { column, expected, actual, theirs, .. } => {
                assert_eq!((column, expected, actual), ("revision", Value::Int(1), Value::Int(2)));
                assert_eq!(theirs, [("name", Value::from("theirs"))]);
            }
            other => panic!("{other}"),
        }
        context.merge(&mut mine).unwrap();
        assert_eq!((mine.name.as_str(), mine.low, mine.revision), ("theirs", 4, Revision(3)));
    }
}

#[test]
fn a_patch_of_a_row_with_a_revision_wants_one() {
    for mut fresh in filled() {
        let mut context = fresh.context();
        let patch = Changes::<Image>::new().set(image::name, "new");
        assert_eq!(refused(context.apply(1, patch.clone())), ("revision", Why::NoExpectation));
        context.apply(1, patch.expect(image::revision, Revision(1))).unwrap();
        let by_hand = Changes::<Image>::new().set(image::revision, Revision(9)).expect(image::revision, Revision(2));
        assert_eq!(refused(context.apply(1, by_hand)), ("revision", Why::Revision));
    }
}

#[test]
fn w14_a_guarded_column_goes_along_its_transitions() {
    for mut fresh in filled() {
        let mut context = fresh.context();
        let mut image = context.edit::<Image>(1).unwrap();
        image.status = Status::Active;
        let (column, why) = refused(context.save(&mut image));
        assert_eq!(column, "status");
        assert_eq!(why.to_string(), r#"does not go from "queued" to "active""#);
        for status in [Status::Saving, Status::Active, Status::Deleted] {
            image.status = status;
            context.save(&mut image).unwrap();
        }
        assert_eq!((image.size, image.tries), (Some(7), 0));
    }
}

#[test]
fn w15_a_transition_writes_what_goes_with_it() {
    for mut fresh in filled() {
        let mut context = fresh.context();
        let mut image = context.edit::<Image>(1).unwrap();
        image.status = Status::Saving;
        context.save(&mut image).unwrap();
        image.status = Status::Queued;
        context.save(&mut image).unwrap();
        assert_eq!((image.size, image.tries), (None, 1));

        image.status = Status::Saving;
        context.save(&mut image).unwrap();
        image.status = Status::Queued;
        image.size = Some(9);
        assert_eq!(refused(context.save(&mut image)), ("size", Why::Contradiction));
    }
}

#[test]
fn a_transition_may_expect_something() {
    for mut fresh in filled() {
        let mut context = fresh.context();
        let child = Image { parent_id: Some(1), status: Status::Active, ..an_image(3, "child") };
        context.insert(&child).unwrap();
        let mut child = Edit::from(child);
        child.status = Status::Deleted;
        match conflict(context.save(&mut child)) {
            Conflict::Guard { column, expected, actual, .. } => {
                assert_eq!((column, expected, actual), ("parent_id", Value::Null, Value::Int(1)));
            }
            other => panic!("{other}"),
        }
    }
}

#[test]
fn what_is_stored_and_is_no_status_goes_nowhere() {
    let guard = Image::TABLE.rules.guards[0];
    let moves = guard.transition.unwrap();
    assert_eq!(moves(&Value::from("mislaid"), &Value::from("queued")), persist::entity::Move::Refused);
    assert_eq!(moves(&Value::Null, &Value::from("queued")), persist::entity::Move::Refused);
}

#[test]
fn w14_a_patch_of_a_guarded_column_wants_what_it_is() {
    for mut fresh in filled() {
        let mut context = fresh.context();
        let patch = Changes::<Quota>::new().set(quota::free, 1);
        assert_eq!(refused(context.apply(1, patch.clone())), ("free", Why::NoExpectation));
        match conflict(context.apply(1, patch.clone().expect(quota::free, 80))) {
            Conflict::Guard { column, expected, actual, mine, .. } => {
                assert_eq!(
                    (column, expected, actual, mine),
                    ("free", Value::Int(80), Value::Int(90), Some(Value::Int(1)))
                );
            }
            other => panic!("{other}"),
        }
        context.apply(1, patch.expect(quota::free, 90)).unwrap();
    }
}

#[test]
fn w05_columns_that_belong_together_are_not_skewed() {
    for mut fresh in filled() {
        let mut context = fresh.context();
        let (mut one, mut two) = (context.edit::<Quota>(1).unwrap(), context.edit::<Quota>(1).unwrap());
        // Each keeps `low + high <= 20` by what it read; both of them would not.
        one.low = 15;
        two.high = 15;
        context.save(&mut one).unwrap();
        match conflict(context.save(&mut two)) {
            Conflict::Guard { column, expected, actual, mine, .. } => {
                assert_eq!((column, expected, actual, mine), ("low", Value::Int(5), Value::Int(15), None));
            }
            other => panic!("{other}"),
        }
        let stored = &context.realise(Quotas::all()).unwrap()[0];
        assert_eq!((stored.low, stored.high), (15, 5));
    }
}

#[test]
fn w10_differences_of_a_counter_add_up_within_its_bounds() {
    for mut fresh in filled() {
        let mut context = fresh.context();
        let (mut one, mut two) = (context.edit::<Quota>(1).unwrap(), context.edit::<Quota>(1).unwrap());
        one.used += 4;
        two.used += 5;
        context.save(&mut one).unwrap();
        context.save(&mut two).unwrap();
        assert_eq!((one.used, two.used), (14, 19));

        one.used += 3;
        match conflict(context.save(&mut one)) {
            Conflict::Bounds { column, added, actual, .. } => {
                assert_eq!((column, added, actual), ("used", Value::Int(3), Value::Int(19)));
            }
            other => panic!("{other}"),
        }
        assert_eq!(
            refused(context.apply(1, Changes::<Quota>::new().set(quota::used, 21i16))),
            ("used", Why::OutOfRange)
        );
    }
}

#[test]
fn unique_columns_are_unique_on_every_store() {
    for mut fresh in filled() {
        let mut context = fresh.context();
        let twin = context.insert(&an_image(3, "noble")).unwrap_err();
        let Error::Store(error) = twin else { panic!("{twin}") };
        assert!(matches!(error.fault(), Fault::Duplicate(_)), "{error}");
        context.insert(&Image { store_id: 2, ..an_image(3, "noble") }).unwrap();
    }
}

#[test]
fn w08_what_the_store_makes_is_read_back() {
    for mut fresh in filled() {
        let mut context = fresh.context();
        let mut tags = ["a", "b"].map(|label| Tag { id: 0, image_id: 1, label: label.into() });
        context.create_all(&mut tags).unwrap();
        assert_eq!(tags.clone().map(|tag| tag.id), [1, 2]);
        assert_eq!(context.realise(Tags::all()).unwrap(), tags);
    }
}

#[test]
fn what_refers_to_a_row_that_goes_follows_its_declaration() {
    for mut fresh in filled() {
        let mut context = fresh.context();
        context.create(&mut Tag { id: 0, image_id: 1, label: "lts".into() }).unwrap();
        context.insert(&Image { parent_id: Some(1), ..an_image(3, "child") }).unwrap();
        assert!(matches!(conflict(context.delete_key::<Store>(1)), Conflict::Restricted { relation: "images", .. }));
        context.delete_key::<Image>(1).unwrap();
        assert_eq!(context.realise(Tags::all().count()).unwrap(), 0);
        let child = context.realise(Images::from_keys([3])).unwrap();
        assert_eq!((child[0].parent_id, child[0].revision), (None, Revision(2)));
    }
}

#[test]
fn what_is_not_stored_survives_a_save() {
    for mut fresh in filled() {
        let mut context = fresh.context();
        let mut image = context.edit::<Image>(1).unwrap();
        image.seen.push("here".into());
        image.name = "new".into();
        context.save(&mut image).unwrap();
        assert_eq!((image.name.as_str(), image.seen.as_slice()), ("new", &["here".to_owned()][..]));
        Edit::set(&mut image, image::low, 4, persist::Equal::Omit);
        Edit::revert(&mut image);
        assert_eq!(image.seen.len(), 1);
    }
}

#[derive(Debug, PartialEq, View)]
#[view(of = Image, edit = part)]
struct Place {
    name: String,
    #[view(from = store_id)]
    store: i32,
}

#[derive(Debug, PartialEq, View)]
#[view(of = Image, edit)]
struct Line {
    id: i32,
    revision: Revision,
    #[view(flatten)]
    place: Place,
    size: Option<i64>,
    #[view(compute = format!("{}/{}", place.store, place.name))]
    path: String,
}

#[test]
fn a_view_is_edited_by_its_columns() {
    for mut fresh in filled() {
        let mut context = fresh.context();
        let mut line = context.edit::<Line>(1).unwrap();
        line.place.name = "resolute".into();
        line.size = None;
        let changes = Edit::changes(&line).to_string();
        assert_eq!(changes, r#"name: "noble" -> "resolute", size: 7 -> NULL"#);
        context.save(&mut line).unwrap();
        assert_eq!((line.path.as_str(), line.revision), ("1/resolute", Revision(2)), "rebuilt of what is stored");
        assert!(!Edit::is_changed(&line));
        let stored = context.realise(Images::from_keys([1])).unwrap();
        assert_eq!((stored[0].name.as_str(), stored[0].size, stored[0].low), ("resolute", None, 5));

        // What others write to columns that are not in the view counts too, by the revision.
        let mut other = context.edit::<Image>(1).unwrap();
        other.tries = 3;
        context.save(&mut other).unwrap();
        line.size = Some(1);
        assert!(matches!(conflict(context.save(&mut line)), Conflict::Revision { .. }));
        Edit::set(&mut line, image::tries, 9, persist::Equal::Omit);
        assert_eq!(refused(context.save(&mut line)), ("tries", Why::NotInView));
    }
}

/// What a request may change.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, Changes)]
#[changes(of = Image)]
struct ImagePatch {
    #[serde(default, skip_serializing_if = "Change::is_keep")]
    name: Change<String>,
    #[changes(column = parent_id)]
    #[serde(default, skip_serializing_if = "Change::is_keep")]
    parent: Change<Option<i32>>,
    size: Change<Option<i64>>,
    #[changes(add)]
    #[serde(default)]
    pulls: i32,
}

#[test]
fn w07_absent_null_and_a_value_are_three_things() {
    let read = |text: &str| serde_json::from_str::<ImagePatch>(text);
    let patch = read(r#"{ "parent": null, "size": 9 }"#).unwrap();
    let expected = ImagePatch { parent: Change::Set(None), size: Change::Set(Some(9)), ..ImagePatch::default() };
    assert_eq!(patch, expected);
    assert_eq!(Changes::from(patch.clone()).to_string(), "parent_id = NULL, size = 9");
    assert_eq!(serde_json::to_string(&patch).unwrap(), r#"{"parent":null,"size":9,"pulls":0}"#);

    assert_eq!(
        read(r#"{ "size": null, "name": "x", "pulls": 2 }"#).unwrap(),
        ImagePatch { name: Change::Set("x".into()), size: Change::Set(None), pulls: 2, ..ImagePatch::default() }
    );
    // Not NULL, although the field is an `Option`: whoever means `default` says so.
    assert!(read("{}").unwrap_err().to_string().contains("missing field `size`"));
    assert!(read(r#"{ "size": null, "name": null }"#).is_err(), "a name is not NULL");
    let kept = ImagePatch { size: Change::Keep, ..ImagePatch::default() };
    assert!(serde_json::to_string(&kept).unwrap_err().to_string().contains("skip_serializing_if"));
}

#[test]
fn a_patch_is_written_without_a_read() {
    for mut fresh in filled() {
        let mut context = fresh.context();
        let patch = ImagePatch { name: Change::Set("new".into()), pulls: 5, ..ImagePatch::default() };
        assert_eq!(refused(context.apply::<Image>(1, patch.clone())), ("revision", Why::NoExpectation));
        let before = context.stats().statements;
        context.apply(1, Changes::from(patch.clone()).expect(image::revision, Revision(1))).unwrap();
        assert_eq!(context.stats().statements - before, 1);
        let stored = context.realise(Images::from_keys([1])).unwrap();
        assert_eq!((stored[0].name.as_str(), stored[0].pulls, stored[0].size), ("new", 15, Some(7)));

        let nothing = ImagePatch { size: Change::Keep, ..ImagePatch::default() };
        let before = context.stats().statements;
        context.apply::<Image>(1, nothing).unwrap();
        assert_eq!(context.stats().statements, before, "no changes, no statement");
    }
}

mod plain {
    use persist::prelude::*;

    diesel::table! { notes (id) { id -> Integer, text -> Text, about -> Nullable<Integer>, } }

    #[derive(Debug, Clone, PartialEq, Eq, Entity)]
    #[entity(table = notes)]
    pub(super) struct Note {
        #[entity(key)]
        pub id: i32,
        pub text: String,
        pub about: Option<i32>,
    }
}

#[test]
fn plain_changes_are_a_changeset_of_diesels_and_others_are_refused() {
    use diesel::prelude::*;
    use plain::{Note, Notes, note, notes};
    let [one, two] = [1, 2].map(|id| Note { id, text: "old".into(), about: Some(id) });
    for mut fresh in stores::databases(&[Note::TABLE]) {
        fresh.context().insert_all(&[one.clone(), two.clone()]).unwrap();
        let changes = Changes::<Note>::new().set(note::text, "o'clock").set(note::about, None);
        let of_one = diesel::update(notes::table.find(1));
        match &mut fresh {
            Fresh::Sqlite(connection) => of_one.set(changes.as_changeset().unwrap()).execute(connection).unwrap(),
            Fresh::Postgres(postgres) => {
                of_one.set(changes.as_changeset().unwrap()).execute(&mut postgres.connection).unwrap()
            }
            Fresh::Mysql(mysql) => of_one.set(changes.as_changeset().unwrap()).execute(&mut mysql.connection).unwrap(),
            Fresh::Memory(_) | Fresh::File(..) => panic!("not asked for"),
        };
        let written = Note { text: "o'clock".into(), about: None, ..one.clone() };
        assert_eq!(fresh.context().realise(Notes::all()).unwrap(), [written, two.clone()]);
        if let Fresh::Sqlite(connection) = &mut fresh {
            let nothing = diesel::update(notes::table).set(Changes::<Note>::new().as_changeset().unwrap());
            assert!(matches!(nothing.execute(connection), Err(diesel::result::Error::QueryBuilderError(_))));
        }
    }
    let refused = |changes: Changes<Quota>| match changes.as_changeset::<diesel::sqlite::Sqlite>() {
        Err(Error::Refused(Refused { column, why, .. })) => (column, why),
        other => panic!("{other:?}"),
    };
    let changes = Changes::<Quota>::new;
    assert_eq!(refused(changes().set(quota::free, 1)), ("free", Why::NotPlain), "guarded");
    assert_eq!(refused(changes().set(quota::low, 1)), ("low", Why::NotPlain), "together");
    assert_eq!(refused(changes().add(quota::used, 1i16)), ("used", Why::NotPlain), "a sum");
    assert_eq!(refused(changes().set(quota::used, 1i16)), ("used", Why::NotPlain), "a counter");
    assert_eq!(refused(changes().expect(quota::used, 1i16)), ("used", Why::NotPlain), "an expectation");
    assert_eq!(refused(changes().set(quota::id, 1)), ("id", Why::KeyChanged));
    let locked = Changes::<Image>::new().set(image::tries, 1).as_changeset::<diesel::sqlite::Sqlite>();
    assert!(matches!(locked, Err(Error::Refused(Refused { why: Why::NotPlain, .. }))), "a revision");
}

mod whole {
    use persist::prelude::*;

    diesel::table! {
        guests (id) { id -> Integer, name -> Text, street -> Nullable<Text>, city -> Nullable<Text>, revision -> Integer, }
    }

    #[derive(Debug, Clone, PartialEq, Eq, Embedded)]
    pub struct Address {
        pub street: Option<String>,
        pub city: String,
    }

    #[derive(Debug, Clone, PartialEq, Eq, Entity)]
    #[entity(table = guests, changes = GuestChanges)]
    pub struct Guest {
        #[entity(key)]
        pub id: i32,
        pub name: String,
        #[entity(embed(street = street, city = city))]
        pub home: Option<Address>,
        #[entity(lock)]
        pub revision: i32,
    }

    #[derive(Changes)]
    #[changes(of = Guest)]
    pub struct Moved {
        #[changes(column = home.city)]
        pub city: Change<Option<String>>,
    }

    #[derive(View)]
    #[view(of = Guest, edit)]
    pub(super) struct Home {
        pub id: i32,
        pub home: Option<Address>,
        pub revision: i32,
    }
}

#[test]
fn a_patch_of_a_whole_entity_holds_its_columns() {
    use whole::{Address, Guest, GuestChanges, Home, Moved, guest};
    for mut fresh in stores::every(&[Guest::TABLE]) {
        let mut context = fresh.context();
        context.insert(&Guest { id: 1, name: "Ada".into(), home: None, revision: 1 }).unwrap();
        let home = Address { street: None, city: "Bonn".into() };
        let patch = GuestChanges { home: Change::Set(Some(home.clone())), ..GuestChanges::default() };
        assert_eq!(format!("{patch:?}"), r#"Changes(street = NULL, city = "Bonn")"#);
        context.apply(1, Changes::from(patch).expect(guest::revision, 1)).unwrap();
        let city = Moved { city: Change::Set(Some("Köln".into())) };
        context.apply(1, Changes::from(city).expect(guest::revision, 2)).unwrap();

        let mut held = context.edit::<Home>(1).unwrap();
        assert_eq!(held.home, Some(Address { city: "Köln".into(), ..home }));
        held.home = None;
        context.save(&mut held).unwrap();
        let stored = context.realise(whole::Guests::all()).unwrap();
        assert_eq!(stored, [Guest { id: 1, name: "Ada".into(), home: None, revision: 4 }]);
    }
}

#[test]
fn what_the_store_would_make_can_be_written_exactly() {
    for mut fresh in filled() {
        let mut context = fresh.context();
        let tag = Tag { id: 70, image_id: 1, label: "copied".into() };
        context.insert_exactly(&tag).unwrap();
        assert_eq!(context.realise(Tags::all()).unwrap(), [tag]);
    }
}
