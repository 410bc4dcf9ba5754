//! What one save says of a collection, beside its field: that it is replaced as a whole, or what is expected of an element.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, unreachable_pub, dead_code, reason = "tests")]

#[path = "collections/domain.rs"]
mod domain;

use diesel::connection::SimpleConnection;
use domain::*;
use persist::prelude::*;
use persist::store::Fault;
use persist::{Changes, Conflict, Error, Expect};
use persist_tests::stores::{self, Fresh};
use std::collections::BTreeMap;
use std::sync::Barrier;

/// Each store, with an image in it.
fn each(test: impl Fn(&'static str, &mut Context<'_>, i32)) {
    let mut all = stores();
    if !all.iter().any(|fresh| matches!(fresh, Fresh::Mysql(_))) {
        all.extend(stores::mysql(TABLES));
    }
    for mut fresh in all {
        let name = fresh.name();
        let mut context = fresh.context();
        let id = cirros(&mut context).id;
        test(name, &mut context, id);
    }
}

fn load(context: &mut Context<'_>, id: i32) -> FreeForm {
    context.realise(FreeImages::from_keys([id]).view::<FreeForm>()).unwrap().pop().unwrap()
}

fn pairs(properties: &[(&str, &str)]) -> BTreeMap<String, String> {
    properties.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// Somebody else.
fn other(context: &mut Context<'_>, id: i32, change: impl FnOnce(&mut FreeForm)) {
    let mut edit = context.edit::<FreeForm>(id).unwrap();
    change(&mut edit);
    context.save(&mut edit).unwrap();
}

fn conflicts(result: Result<(), Error>) -> Vec<String> {
    match result {
        Err(Error::Conflicts(conflicts)) => conflicts.all().iter().map(ToString::to_string).collect(),
        other => panic!("{other:?}"),
    }
}

fn statements<T>(context: &mut Context<'_>, what: impl FnOnce(&mut Context<'_>) -> T) -> (T, u64) {
    let before = context.stats().statements;
    let done = what(context);
    (done, context.stats().statements - before)
}

#[test]
fn it_becomes_just_what_is_in_hand() {
    each(|name, context, id| {
        let mut image = context.edit::<FreeForm>(id).unwrap();
        let mut like = image.clone();
        like.properties = pairs(&[("speed", "10"), ("size", "3")]);
        let mut plain = 0;
        let undone: Result<(), Error> = context.transaction(|context| {
            let (saved, counted) = statements(context, |context| context.save(&mut like));
            plain = counted;
            saved.and(Err(Error::Broken))
        });
        assert!(matches!(undone, Err(Error::Broken)), "{name}");
        image.properties = pairs(&[("speed", "10"), ("size", "3")]);
        Edit::replace_all(&mut image, free_image::properties);
        let ((), saved) = statements(context, |context| context.save(&mut image).unwrap());
        assert_eq!(saved, plain + 2, "{name}: it is locked, and looked at");
        assert_eq!(load(context, id).properties, image.properties, "{name}");
        // It held for that save.
        other(context, id, |form| drop(form.properties.insert("a".into(), "1".into())));
        image.properties.remove("size");
        let ((), saved) = statements(context, |context| context.save(&mut image).unwrap());
        assert_eq!((saved, load(context, id).properties.len()), (1, 2), "{name}");
    });
}

#[test]
fn whatever_others_did_to_it_is_a_conflict_that_says_what() {
    each(|name, context, id| {
        let mut image = context.edit::<FreeForm>(id).unwrap();
        image.properties = pairs(&[("size", "3")]);
        image.name = "not written".into();
        Edit::replace_all(&mut image, free_image::properties);
        let read = load(context, id);

        other(context, id, |form| drop(form.properties.insert("a".into(), "1".into())));
        let found = conflicts(context.save(&mut image));
        assert_eq!(found.len(), 1, "{name}");
        assert!(found[0].ends_with(r#""a"): it was put in meanwhile: `value` is "1""#), "{name}: {found:?}");
        other(context, id, |form| drop(form.properties.insert("speed".into(), "10".into())));
        other(context, id, |form| drop(form.properties.remove("colour")));
        let found = conflicts(context.save(&mut image));
        assert_eq!(found.len(), 3, "{name}: all of it: {found:?}");
        assert!(found[0].ends_with(r#""colour"): it is gone"#), "{name}: {found:?}");
        assert!(found[1].ends_with(r#"`value` was expected to be "9", and is "10""#), "{name}: {found:?}");

        // Nothing was written, and it is all in hand; it is saved when all is as it was.
        let stored = load(context, id);
        assert_eq!((stored.name.as_str(), stored.properties.len()), ("cirros", 2), "{name}");
        other(context, id, |form| form.properties.clone_from(&read.properties));
        context.save(&mut image).unwrap();
        assert_eq!(load(context, id), *image, "{name}");
    });
}

#[test]
fn what_is_not_changed_is_looked_at_too() {
    each(|name, context, id| {
        let mut image = context.edit::<FreeForm>(id).unwrap();
        Edit::replace_all(&mut image, free_image::properties);
        assert!(!Edit::is_changed(&image), "{name}");
        let ((), saved) = statements(context, |context| context.save(&mut image).unwrap());
        assert_eq!(saved, 2, "{name}: nothing is written");
        Edit::replace_all(&mut image, free_image::properties);
        other(context, id, |form| form.properties.clear());
        assert_eq!(conflicts(context.save(&mut image)).len(), 2, "{name}");
        context.delete_key::<FreeImage>(id).unwrap();
        assert!(conflicts(context.save(&mut image))[0].ends_with("it is gone"), "{name}");
    });
}

#[test]
fn many_are_as_few_statements_as_one() {
    each(|name, context, _| {
        for _ in 0..10 {
            cirros(context);
        }
        let mut images: Vec<Edit<FreeForm>> = context.edit_all(FreeImages::all().view::<FreeForm>()).unwrap();
        for image in &mut images {
            image.properties = pairs(&[("speed", "10")]);
            Edit::replace_all(image, free_image::properties);
        }
        let ((), saved) = statements(context, |context| context.save_all(&mut images).unwrap());
        assert_eq!(saved, 4, "{name}: the rows locked and looked at, one change each, one out of each");
        other(context, images[3].id, |form| form.properties.clear());
        for image in &mut images {
            image.properties.clear();
            Edit::replace_all(image, free_image::properties);
        }
        assert_eq!(conflicts(context.save_all(&mut images)).len(), 1, "{name}");
        assert_eq!(context.realise(FreeProperties::all().count()).unwrap(), 10, "{name}: none is written");
    });
}

#[test]
fn lists_sets_and_what_is_marked_are_replaced_too() {
    each(|name, context, id| {
        let mut image = context.edit::<ImageForm>(id).unwrap();
        image.locations = ["file:///x", "file:///y"].map(location).into();
        image.tags = ["other".to_owned()].into();
        image.members = [("eve".to_owned(), "pending".to_owned())].into();
        Edit::replace_all(&mut image, domain::image::locations);
        Edit::replace_all(&mut image, domain::image::tags);
        Edit::replace_all(&mut image, domain::image::members);
        context.save(&mut image).unwrap();
        let mut stored = context.edit::<ImageForm>(id).unwrap();
        assert_eq!(*stored, *image, "{name}");

        for relation in ["locations", "tags", "members"] {
            let mut image = context.edit::<ImageForm>(id).unwrap();
            match relation {
                "locations" => Edit::replace_all(&mut image, domain::image::locations),
                "tags" => Edit::replace_all(&mut image, domain::image::tags),
                _ => Edit::replace_all(&mut image, domain::image::members),
            }
            match relation {
                "locations" => stored.locations.swap(0, 1),
                "tags" => drop(stored.tags.insert("more".into())),
                _ => drop(stored.members.remove("eve")),
            }
            context.save(&mut stored).unwrap();
            assert_eq!(conflicts(context.save(&mut image)).len(), 1, "{name}: {relation}");
        }
    });
}

#[test]
fn who_merges_is_asked_about_what_the_others_made_of_it() {
    each(|name, context, id| {
        let mut image = context.edit::<FreeForm>(id).unwrap();
        image.properties = pairs(&[("speed", "9"), ("size", "3")]);
        Edit::replace_all(&mut image, free_image::properties);
        other(context, id, |form| drop(form.properties.insert("a".into(), "1".into())));
        other(context, id, |form| drop(form.properties.insert("speed".into(), "10".into())));
        let overlaps = context.merge(&mut image).unwrap_err().to_string();
        assert!(overlaps.contains(r#"mine is NULL, theirs "1""#), "{name}: {overlaps}");
        assert!(overlaps.contains(r#"was "9"; mine is "9", theirs "10""#), "{name}: {overlaps}");
        assert_eq!(load(context, id).properties.len(), 3, "{name}");
        // Who has looked may insist.
        let theirs = load(context, id);
        assert!(Edit::rebase_with(&mut image, theirs, |_| Some(persist::Take::Mine)), "{name}");
        context.save(&mut image).unwrap();
        assert_eq!(load(context, id).properties, pairs(&[("speed", "9"), ("size", "3")]), "{name}");
    });
}

#[test]
fn a_save_that_is_undone_leaves_what_was_said() {
    each(|name, context, id| {
        let mut image = context.edit::<FreeForm>(id).unwrap();
        image.properties.clear();
        Edit::replace_all(&mut image, free_image::properties);
        let undone: Result<(), Error> = context.transaction(|context| {
            context.save(&mut image)?;
            Err(Error::Broken)
        });
        assert!(undone.is_err(), "{name}");
        other(context, id, |form| drop(form.properties.insert("a".into(), "1".into())));
        assert_eq!(conflicts(context.save(&mut image)).len(), 1, "{name}");
    });
}

/// Two who replace an empty collection at a time: there is no row of it that they could meet at.
#[test]
fn of_two_who_replace_one_is_told() {
    let two = |name: &'static str, mut contexts: [Context<'_>; 2]| {
        for round in 0..20 {
            let mut row = FreeImage { id: 0, name: format!("{round}"), min_ram: 0, revision: 0, writes: 0 };
            contexts[0].create(&mut row).unwrap();
            let empty = FreeForm { id: row.id, name: row.name, properties: BTreeMap::new() };
            let mut edits = [Edit::from(empty.clone()), Edit::from(empty.clone())];
            let start = Barrier::new(2);
            let saved: Vec<_> = std::thread::scope(|scope| {
                let runs = contexts.iter_mut().zip(&mut edits).enumerate().map(|(nth, (context, edit))| {
                    let start = &start;
                    scope.spawn(move || {
                        edit.properties = pairs(&[(&format!("by {nth}"), "1")]);
                        Edit::replace_all(edit, free_image::properties);
                        start.wait();
                        context.save(edit)
                    })
                });
                runs.collect::<Vec<_>>().into_iter().map(|run| run.join().unwrap()).collect()
            });
            let done = saved.iter().filter(|saved| saved.is_ok()).count();
            assert_eq!(done, 1, "{name}: {saved:?}");
            for failed in saved.into_iter().filter_map(Result::err) {
                let told = match &failed {
                    Error::Conflicts(all) => matches!(all.all(), [Conflict::Added { .. }]),
                    Error::Store(error) => matches!(error.fault(), Fault::Serialization),
                    _ => false,
                };
                assert!(told, "{name}: {failed}");
            }
            assert_eq!(load(&mut contexts[0], row.id).properties.len(), 1, "{name}");
        }
    };
    let memory = persist::MemoryStore::new();
    two("memory", [Context::memory(&memory), Context::memory(&memory)]);
    if let Fresh::File(mut connection, dir) = stores::sqlite_file(TABLES) {
        let mut another = stores::sqlite_at(&dir);
        for connection in [&mut connection, &mut another] {
            connection.batch_execute("PRAGMA busy_timeout = 5000").unwrap();
        }
        two("SQLite", [Context::owning(another), Context::borrowing(&mut connection)]);
    }
    if let Some(Fresh::Postgres(mut postgres)) = stores::postgres(TABLES) {
        two("PostgreSQL", [Context::owning(postgres.another()), Context::borrowing(&mut postgres.connection)]);
    }
    if let Some(Fresh::Mysql(mut mysql)) = stores::mysql(TABLES) {
        two("MariaDB", [Context::owning(mysql.another()), Context::borrowing(&mut mysql.connection)]);
    }
}

#[test]
fn what_a_scope_hides_is_not_looked_at() {
    each(|name, context, id| {
        let mut context = context.without_scope::<ImageJob>();
        context.scope::<FreeProperty>(FreeProperties::all().filter(free_property::name.ne("speed")));
        let mut image = context.edit::<FreeForm>(id).unwrap();
        image.properties = pairs(&[("size", "3")]);
        Edit::replace_all(&mut image, free_image::properties);
        context.save(&mut image).unwrap();
        let mut context = context.without_scope::<FreeProperty>();
        assert_eq!(load(&mut context, id).properties, pairs(&[("size", "3"), ("speed", "9")]), "{name}");
    });
}

#[derive(Debug, Clone, PartialEq, Eq, View)]
#[view(of = FreeImage, edit)]
struct NamedForm {
    id: i32,
    name: String,
    #[view(by = free_property::name, value = free_property::value)]
    properties: BTreeMap<String, String>,
    #[view(from = properties, limit = 1)]
    first: Vec<FreeProperty>,
}

#[test]
fn what_cannot_be_meant_is_refused() {
    each(|name, context, id| {
        let refused = |result: Result<(), Error>| match result {
            Err(Error::Refused(refused)) => refused.to_string(),
            other => panic!("{name}: {other:?}"),
        };
        // One of two fields of the relation holds some of it only.
        let mut image = context.edit::<NamedForm>(id).unwrap();
        Edit::replace_all(&mut image, free_image::properties);
        assert!(refused(context.save(&mut image)).contains("`properties` is not held whole"), "{name}");
        let mut image = context.edit::<FreeForm>(id).unwrap();
        image.name = "other".into();
        Edit::expect(&mut image, free_image::properties, "sped".to_owned(), Expect::Any);
        assert!(refused(context.save(&mut image)).contains("has no element of this key"), "{name}");
        let mut image = context.edit::<FreeForm>(id).unwrap();
        Edit::expect(&mut image, free_image::jobs, 1, Expect::Any);
        assert!(refused(context.save(&mut image)).contains("`jobs` is not in the view"), "{name}");
        assert_eq!(load(context, id).name, "cirros", "{name}");
    });
}

#[test]
fn an_element_is_put_whatever_is_there() {
    each(|name, context, id| {
        let mut image = context.edit::<FreeForm>(id).unwrap();
        image.properties.insert("a".into(), "2".into());
        image.properties.insert("b".into(), "2".into());
        let mut careful = image.clone();
        other(context, id, |form| drop(form.properties.insert("a".into(), "1".into())));
        Edit::expect(&mut image, free_image::properties, "a".to_owned(), Expect::Any);
        context.save(&mut image).unwrap();
        assert_eq!(load(context, id).properties["a"], "2", "{name}");
        // The other element, and the next save, are what the field says.
        Edit::expect(&mut careful, free_image::properties, "a".to_owned(), Expect::Any);
        let found = conflicts(context.save(&mut careful));
        assert!(found.len() == 1 && found[0].contains(r#""b"): it is there already"#), "{name}: {found:?}");
    });
}

#[test]
fn an_element_goes_or_changes_as_it_was_read() {
    each(|name, context, id| {
        let mut image = context.edit::<FreeForm>(id).unwrap();
        image.properties.remove("speed");
        image.properties.insert("colour".into(), "red".into());
        Edit::expect(&mut image, free_image::properties, "speed".to_owned(), Expect::Equal);
        Edit::expect(&mut image, free_image::properties, "colour".to_owned(), Expect::Equal);
        other(context, id, |form| drop(form.properties.insert("speed".into(), "10".into())));
        let found = conflicts(context.save(&mut image));
        assert!(found.len() == 1 && found[0].contains(r#"was expected to be "9", and is "10""#), "{name}: {found:?}");
        other(context, id, |form| drop(form.properties.insert("speed".into(), "9".into())));
        other(context, id, |form| drop(form.properties.insert("colour".into(), "green".into())));
        let found = conflicts(context.save(&mut image));
        assert!(
            found.len() == 1 && found[0].contains(r#"was expected to be "blue", and is "green""#),
            "{name}: {found:?}"
        );
        // What was said last counts.
        Edit::expect(&mut image, free_image::properties, "colour".to_owned(), Expect::Any);
        context.save(&mut image).unwrap();
        assert_eq!(load(context, id).properties, pairs(&[("colour", "red")]), "{name}");
    });
}

/// Of a field that puts whatever is there, and takes out only what was read.
#[test]
fn an_element_may_be_more_or_less_careful_than_its_field() {
    each(|name, context, id| {
        let mut image = context.edit::<BoldForm>(id).unwrap();
        image.properties.insert("a".into(), "2".into());
        image.properties.remove("speed");
        Edit::expect(&mut image, free_image::properties, "a".to_owned(), Expect::Absent);
        Edit::expect(&mut image, free_image::properties, "speed".to_owned(), Expect::Any);
        other(context, id, |form| drop(form.properties.insert("speed".into(), "10".into())));
        other(context, id, |form| drop(form.properties.insert("a".into(), "1".into())));
        let found = conflicts(context.save(&mut image));
        assert!(found.len() == 1 && found[0].contains("it is there already"), "{name}: {found:?}");
        Edit::expect(&mut image, free_image::properties, "a".to_owned(), Expect::Any);
        context.save(&mut image).unwrap();
        assert_eq!(load(context, id).properties, pairs(&[("a", "2"), ("colour", "blue")]), "{name}");
    });
}

#[test]
fn a_row_of_a_list_goes_as_it_was_read() {
    each(|name, context, id| {
        let mut image = context.edit::<ImageForm>(id).unwrap();
        let gone = image.locations.remove(2);
        Edit::expect(&mut image, domain::image::locations, gone.id, Expect::Equal);
        let url = Changes::<ImageLocation>::new().set(image_location::url, "file:///changed");
        context.apply(gone.id, url).unwrap();
        let found = conflicts(context.save(&mut image));
        assert!(found.len() == 1 && found[0].contains("`url` was expected"), "{name}: {found:?}");
    });
}
