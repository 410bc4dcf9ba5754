//! Collections: child rows, map entries, sets and ordered lists, edited with the row that holds them.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, unreachable_pub, dead_code, reason = "tests")]

#[path = "collections/domain.rs"]
mod domain;

use domain::*;
use persist::prelude::*;
use persist::{Conflict, Error};
use persist_tests::sent::sent;
use persist_tests::stores::Fresh;

/// Each store, with an image in it.
fn each(test: impl Fn(&'static str, &mut Fresh, i32)) {
    for mut fresh in stores() {
        let id = cirros(&mut fresh.context()).id;
        test(fresh.name(), &mut fresh, id);
    }
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

fn conflicts(result: Result<(), Error>) -> Vec<String> {
    match result {
        Err(Error::Conflicts(conflicts)) => conflicts.all().iter().map(ToString::to_string).collect(),
        other => panic!("{other:?}"),
    }
}

fn load(context: &mut Context<'_>, id: i32) -> ImageForm {
    context.realise(Images::from_keys([id]).view::<ImageForm>()).unwrap().pop().unwrap()
}

#[test]
fn a_graph_is_inserted_with_the_keys_that_the_store_makes() {
    for mut fresh in stores() {
        let name = fresh.name();
        let mut context = fresh.context();
        let image = cirros(&mut context);
        assert!(image.id > 0 && image.locations.iter().all(|location| location.id > 0), "{name}: {image:?}");
        assert!(image.locations[0].checks["md5"].id > 0, "{name}");
        assert!(image.locations.is_sorted_by_key(|location| location.position), "{name}");
        assert_eq!(load(&mut context, image.id), image, "{name}");
        assert_eq!(ImageForm::STATEMENTS, 6, "the image, its four collections, and the checks of its locations");
    }
}

#[test]
fn elements_are_put_changed_and_taken_out() {
    for mut fresh in stores() {
        let name = fresh.name();
        let mut context = fresh.context();
        let id = cirros(&mut context).id;
        let mut image = context.edit::<ImageForm>(id).unwrap();
        image.properties.insert("speed".to_owned(), "10".to_owned());
        image.properties.insert("size".to_owned(), "3".to_owned());
        image.properties.remove("colour");
        let before = context.stats().statements;
        context.save(&mut image).unwrap();
        assert_eq!(context.stats().statements - before, 4, "{name}: one of each kind, and the revision");
        assert_eq!(image.revision, 2, "{name}: once");
        assert!(!Edit::is_changed(&image), "{name}");
        assert_eq!(load(&mut context, id), *image, "{name}");
        assert_eq!(image.properties.len(), 2, "{name}");
    }
}

/// What fails within a commit fails with all of it: nothing in it is undone by itself.
#[test]
fn a_commit_needs_no_savepoints() {
    each(|name, fresh, id| {
        let put = |context: &mut Context<'_>| {
            let mut image = context.edit::<ImageForm>(id).unwrap();
            image.properties.insert("size".to_owned(), "3".to_owned());
            context.save(&mut image).unwrap();
        };
        let Some(sent) = sent(fresh, put) else { return };
        assert!(sent.iter().any(|sql| sql.starts_with("INSERT")), "{name}: {sent:?}");
        assert!(!sent.iter().any(|sql| sql.starts_with("SAVEPOINT")), "{name}: {sent:?}");
    });
}

#[test]
fn a_commit_that_fails_leaves_the_transaction_around_it_usable() {
    each(|name, fresh, id| {
        let mut context = fresh.context();
        let done = context.transaction(|context| {
            let (mut first, mut second): (Edit<FreeForm>, Edit<FreeForm>) = (context.edit(id)?, context.edit(id)?);
            first.properties.insert("size".into(), "3".into());
            context.save(&mut first)?;
            second.properties.insert("size".into(), "4".into());
            second.name = "other".into();
            assert_eq!(conflicts(context.save(&mut second)).len(), 1, "{name}");
            second.properties.insert("size".into(), "3".into());
            context.merge(&mut second)
        });
        done.unwrap();
        let image = load(&mut context, id);
        assert_eq!((image.name.as_str(), image.properties["size"].as_str()), ("other", "3"), "{name}");
    });
}

#[test]
fn nothing_changed_is_no_statement() {
    each(|name, fresh, id| {
        let mut context = fresh.context();
        let mut image = context.edit::<ImageForm>(id).unwrap();
        let form = image.clone();
        image.properties = form.properties.clone();
        image.locations.reverse();
        image.locations.reverse();
        let before = context.stats().statements;
        context.save(&mut image).unwrap();
        assert_eq!(context.stats().statements, before, "{name}");
    });
}

#[test]
fn w1_an_unrelated_save_keeps_the_property_that_another_added() {
    each(|name, fresh, id| {
        let mut context = fresh.context();
        let add = |image: &mut ImageForm| drop(image.properties.insert("a".to_owned(), "1".to_owned()));
        let (image, saved) = two(&mut context, id, add, |image| image.name = "other".to_owned());
        saved.unwrap();
        assert_eq!((image.name.as_str(), image.properties["a"].as_str()), ("other", "1"), "{name}");
        assert_eq!(load(&mut context, id), *image, "{name}");
    });
}

#[test]
fn w11_editors_of_different_elements_both_survive() {
    each(|name, fresh, id| {
        let mut context = fresh.context();
        let one = |image: &mut ImageForm| {
            image.properties.insert("a".to_owned(), "1".to_owned());
            image.properties.insert("speed".to_owned(), "10".to_owned());
            image.tags.remove("test");
            image.locations.remove(0);
        };
        let other = |image: &mut ImageForm| {
            image.properties.insert("b".to_owned(), "2".to_owned());
            image.properties.remove("colour");
            image.tags.insert("new".to_owned());
            image.locations.push(location("file:///d"));
        };
        two(&mut context, id, one, other).1.unwrap();
        let image = load(&mut context, id);
        let properties: Vec<_> = image.properties.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(properties, ["a=1", "b=2", "speed=10"], "{name}");
        assert_eq!(image.tags.iter().collect::<Vec<_>>(), ["new", "small"], "{name}");
        let urls: Vec<_> = image.locations.iter().map(|location| location.url.as_str()).collect();
        assert_eq!(urls, ["file:///b", "file:///c", "file:///d"], "{name}");
        assert_eq!(image.revision, 3, "{name}");
    });
}

#[test]
fn w12_of_two_creators_of_one_key_the_second_is_told() {
    each(|name, fresh, id| {
        let mut context = fresh.context();
        let (mut first, mut second): (Edit<FreeForm>, Edit<FreeForm>) =
            (context.edit(id).unwrap(), context.edit(id).unwrap());
        first.properties.insert("a".into(), "1".into());
        second.properties.insert("a".into(), "2".into());
        second.name = "not written".into();
        context.save(&mut first).unwrap();
        let found = conflicts(context.save(&mut second));
        assert_eq!(found, [format!(r#"FreeProperty ({id}, "a"): it is there already: `value` is "1""#)], "{name}");
        assert_eq!((load(&mut context, id).properties["a"].as_str()), "1", "{name}: the first stays");
        assert_eq!(load(&mut context, id).name, "cirros", "{name}");
        // Who merges is told what is there.
        let overlap = context.merge(&mut second).unwrap_err().to_string();
        assert!(overlap.contains(r#"mine is "2", theirs "1""#), "{name}: {overlap}");
    });
}

#[test]
fn what_may_be_put_whatever_is_there_takes_its_place() {
    each(|name, fresh, id| {
        let mut context = fresh.context();
        let (mut first, mut second): (Edit<FreeForm>, Edit<BoldForm>) =
            (context.edit(id).unwrap(), context.edit(id).unwrap());
        first.properties.insert("a".into(), "1".into());
        second.properties.insert("a".into(), "2".into());
        context.save(&mut first).unwrap();
        context.save(&mut second).unwrap();
        assert_eq!((load(&mut context, id).properties["a"].as_str()), "2", "{name}");
    });
}

#[test]
fn a_removal_on_an_old_value_fails_after_a_rewrite() {
    each(|name, fresh, id| {
        let mut context = fresh.context();
        let (mut first, mut second): (Edit<FreeForm>, Edit<BoldForm>) =
            (context.edit(id).unwrap(), context.edit(id).unwrap());
        first.properties.insert("speed".into(), "10".into());
        second.properties.remove("speed");
        context.save(&mut first).unwrap();
        let found = conflicts(context.save(&mut second));
        let words = format!(r#"FreeProperty ({id}, "speed"): `value` was expected to be "9", and is "10""#);
        assert_eq!(found, [words], "{name}");
        assert!(load(&mut context, id).properties.contains_key("speed"), "{name}");
    });
}

#[test]
fn a_change_that_compares_fails_after_a_rewrite() {
    each(|name, fresh, id| {
        let mut context = fresh.context();
        let (mut first, mut second): (Edit<FreeForm>, Edit<CarefulForm>) =
            (context.edit(id).unwrap(), context.edit(id).unwrap());
        first.properties.insert("speed".into(), "10".into());
        second.properties.get_mut("speed").unwrap().value = "11".into();
        context.save(&mut first).unwrap();
        let found = conflicts(context.save(&mut second));
        assert!(found.len() == 1 && found[0].contains("`value` was expected to be"), "{name}: {found:?}");
    });
}

#[test]
fn an_entry_is_what_its_key_says() {
    each(|name, fresh, id| {
        let mut context = fresh.context();
        let mut image = context.edit::<CarefulForm>(id).unwrap();
        let speed = image.properties["speed"].clone();
        image.properties.insert("velocity".into(), speed);
        let refused = context.save(&mut image).unwrap_err();
        assert!(matches!(&refused, Error::Refused(refused) if refused.column == "name"), "{name}: {refused}");
        let fresh = FreeProperty { id: 0, image_id: 0, name: "velocity".into(), value: "1".into() };
        image.properties.insert("velocity".into(), fresh);
        context.save(&mut image).unwrap();
        assert_eq!(image.properties["velocity"].image_id, id, "{name}: where it belongs is not for the element to say");
    });
}

#[test]
fn a_tag_that_is_there_already_is_no_conflict() {
    each(|name, fresh, id| {
        let mut context = fresh.context();
        let tag = |image: &mut ImageForm| assert!(image.tags.insert("new".to_owned()));
        two(&mut context, id, tag, tag).1.unwrap();
        assert_eq!(load(&mut context, id).tags.len(), 3, "{name}");
    });
}

#[test]
fn what_is_gone_already_is_taken_out_without_a_word() {
    each(|name, fresh, id| {
        let mut context = fresh.context();
        let out = |image: &mut ImageForm| {
            image.properties.remove("speed");
            image.tags.clear();
            image.locations.pop();
        };
        two(&mut context, id, out, out).1.unwrap();
        let image = load(&mut context, id);
        assert_eq!((image.properties.len(), image.tags.len(), image.locations.len()), (1, 0, 2), "{name}");
    });
}

#[test]
fn a_list_keeps_its_order_with_few_writes() {
    each(|name, fresh, id| {
        let mut context = fresh.context();
        let mut image = context.edit::<ImageForm>(id).unwrap();
        let before: Vec<_> = image.locations.iter().map(|location| (location.id, location.position)).collect();
        let last = image.locations.pop().unwrap();
        image.locations.insert(1, last);
        context.save(&mut image).unwrap();
        let after: Vec<_> = image.locations.iter().map(|location| (location.id, location.position)).collect();
        assert_eq!([after[0], after[2]], [before[0], before[1]], "{name}: these stay as they are");
        assert_eq!(after[1].0, before[2].0, "{name}");
        let urls: Vec<_> = load(&mut context, id).locations.into_iter().map(|location| location.url).collect();
        assert_eq!(urls, ["file:///a", "file:///c", "file:///b"], "{name}");
    });
}

#[test]
fn rows_below_rows_are_edited_too() {
    each(|name, fresh, id| {
        let mut context = fresh.context();
        let mut image = context.edit::<ImageForm>(id).unwrap();
        image.locations[0].checks.get_mut("md5").unwrap().digest = "def".to_owned();
        image.locations[1].checks.insert("sha".to_owned(), CheckForm { id: 0, digest: "1".to_owned() });
        image.locations.push(location("file:///d"));
        image.locations[3].checks.insert("sha".to_owned(), CheckForm { id: 0, digest: "2".to_owned() });
        context.save(&mut image).unwrap();
        assert_eq!(load(&mut context, id), *image, "{name}");
        let mut image = context.edit::<ImageForm>(id).unwrap();
        image.locations.remove(0);
        context.save(&mut image).unwrap();
        assert_eq!(
            context.realise(LocationChecks::all().count()).unwrap(),
            2,
            "{name}: those of the location went with it"
        );
    });
}

#[test]
fn a_row_that_is_put_elsewhere_moves() {
    each(|name, fresh, id| {
        let mut context = fresh.context();
        let mut empty = ImageForm { id: 0, name: "empty".to_owned(), locations: Vec::new(), ..load(&mut context, id) };
        empty.tags.clear();
        empty.properties.clear();
        empty.members.clear();
        let mut work = Work::new();
        let _ = work.insert(&mut empty);
        context.commit(work).unwrap();
        // A column that the view does not show.
        let note = persist::Changes::<ImageLocation>::new().set(image_location::note, Some("kept".to_owned()));
        let moved = load(&mut context, id).locations[1].id;
        context.apply(moved, note).unwrap();

        let mut from = context.edit::<ImageForm>(id).unwrap();
        let mut to = context.edit::<ImageForm>(empty.id).unwrap();
        to.locations.push(from.locations.remove(1));
        let mut work = Work::new();
        let (_, _) = (work.save(&mut to), work.save(&mut from));
        context.commit(work).unwrap();
        let row = context.realise(ImageLocations::from_keys([moved])).unwrap().pop().unwrap();
        assert_eq!((row.image_id, row.note.as_deref()), (empty.id, Some("kept")), "{name}: the same row");
        assert_eq!(load(&mut context, id).locations.len(), 2, "{name}");

        // One with rows below it, by their own keys.
        let (mut from, mut to): (Edit<ImageForm>, Edit<ImageForm>) =
            (context.edit(id).unwrap(), context.edit(empty.id).unwrap());
        let check = from.locations[0].checks["md5"].id;
        to.locations.push(from.locations.remove(0));
        let mut work = Work::new();
        let (_, _) = (work.save(&mut to), work.save(&mut from));
        context.commit(work).unwrap();
        assert_eq!(load(&mut context, empty.id).locations[1].checks["md5"].id, check, "{name}: the same rows");
    });
}

#[test]
fn what_was_dropped_is_revived_when_it_is_put_again() {
    each(|name, fresh, id| {
        let mut context = fresh.context();
        let members = |context: &mut Context<'_>| context.realise(ImageMembers::all()).unwrap();
        let mut image = context.edit::<ImageForm>(id).unwrap();
        image.members.remove("ann");
        context.save(&mut image).unwrap();
        assert!(!load(&mut context, id).members.contains_key("ann"), "{name}");
        assert_eq!(members(&mut context).iter().filter(|member| member.revoked).count(), 1, "{name}: marked");
        image.members.insert("ann".to_owned(), "again".to_owned());
        context.save(&mut image).unwrap();
        assert_eq!(load(&mut context, id).members["ann"], "again", "{name}");
        assert_eq!(members(&mut context).len(), 2, "{name}: one row for each");
    });
}

#[test]
fn the_second_deletion_says_gone() {
    each(|name, fresh, id| {
        let mut context = fresh.context();
        let (one, other) = (context.edit::<ImageForm>(id).unwrap(), context.edit::<ImageForm>(id).unwrap());
        context.delete(&one).unwrap();
        assert_eq!(context.realise(ImageProperties::all().count()).unwrap(), 0, "{name}");
        let gone = context.delete(&other).unwrap_err();
        let Error::Conflicts(conflicts) = gone else { panic!("{name}: {gone:?}") };
        assert!(matches!(conflicts.all(), [Conflict::Gone { .. }]), "{name}");
    });
}

#[test]
fn w26_half_a_graph_is_not_written() {
    each(|name, fresh, id| {
        let mut context = fresh.context();
        let mut image = context.edit::<ImageForm>(id).unwrap();
        image.name = "half".to_owned();
        image.locations[0].url = "changed".to_owned();
        let gone = image.locations[2].id;
        image.locations[2].url = "changed too".to_owned();
        context.delete_key::<ImageLocation>(gone).unwrap();
        let found = conflicts(context.save(&mut image));
        assert_eq!(found, [format!("ImageLocation {gone}: it is gone")], "{name}");
        let stored = load(&mut context, id);
        assert_eq!((stored.name.as_str(), stored.locations[0].url.as_str()), ("cirros", "file:///a"), "{name}");
        assert!(Edit::is_changed(&image), "{name}: still in hand");
    });
}

#[test]
fn w13_the_root_is_written_once_when_only_its_collections_are() {
    each(|name, fresh, id| {
        let mut context = fresh.context();
        let mut image = context.edit::<ImageForm>(id).unwrap();
        let (revision, written) = (image.revision, image.writes);
        image.tags.insert("new".to_owned());
        image.locations[0].checks.clear();
        context.save(&mut image).unwrap();
        assert_eq!(image.revision, revision + 1, "{name}");
        assert!(image.writes > written, "{name}: and says when");
        let written = image.writes;
        context.save(&mut image).unwrap();
        assert_eq!((image.revision, image.writes), (revision + 1, written), "{name}: nothing changed");
        assert_eq!(load(&mut context, id), *image, "{name}");
    });
}

#[test]
fn edits_of_many_roots_are_few_statements() {
    each(|name, fresh, id| {
        let mut context = fresh.context();
        for _ in 0..20 {
            cirros(&mut context);
        }
        let mut images: Vec<Edit<FreeForm>> = context.edit_all(FreeImages::all().view::<FreeForm>()).unwrap();
        for image in &mut images {
            let speed = format!("{}", image.id);
            image.properties.insert("speed".to_owned(), speed);
        }
        let before = context.stats().statements;
        context.save_all(&mut images).unwrap();
        assert_eq!(context.stats().statements - before, 1, "{name}: one property of each of 21");
        assert_eq!(load(&mut context, id).properties["speed"], id.to_string(), "{name}");
    });
}

#[test]
fn a_save_that_is_undone_leaves_the_collections_to_be_saved_again() {
    each(|name, fresh, id| {
        let mut context = fresh.context();
        let mut image = context.edit::<ImageForm>(id).unwrap();
        image.properties.insert("a".to_owned(), "1".to_owned());
        image.locations.push(location("file:///d"));
        let undone: Result<(), Error> = context.transaction(|context| {
            context.save(&mut image)?;
            Err(Error::Broken)
        });
        assert!(undone.is_err());
        assert!(Edit::is_changed(&image), "{name}");
        image.properties.insert("b".to_owned(), "2".to_owned());
        context.save(&mut image).unwrap();
        let stored = load(&mut context, id);
        assert_eq!((stored.properties.len(), stored.locations.len()), (4, 4), "{name}");
        assert_eq!(stored, *image, "{name}");
    });
}

#[test]
fn reverting_takes_the_collections_back() {
    each(|name, fresh, id| {
        let mut context = fresh.context();
        let mut image = context.edit::<ImageForm>(id).unwrap();
        let read = image.clone();
        image.properties.clear();
        image.tags.insert("new".to_owned());
        image.locations.reverse();
        Edit::revert(&mut image);
        assert_eq!(*image, *read, "{name}");
        assert!(!Edit::is_changed(&image), "{name}");
    });
}

#[test]
fn the_one_row_of_a_has_one_is_put_changed_replaced_and_taken_out() {
    each(|name, fresh, id| {
        let mut context = fresh.context();
        let cover = |url: &str| Some(CoverForm { id: 0, url: url.to_owned() });
        let stored = |context: &mut Context<'_>| {
            let of = context.realise(FreeImages::from_keys([id]).view::<CoveredForm>()).unwrap().pop().unwrap();
            of.cover.map(|cover| (cover.id, cover.url))
        };
        let mut image = context.edit::<CoveredForm>(id).unwrap();
        assert_eq!(image.cover, None, "{name}");
        image.cover = cover("a");
        context.save(&mut image).unwrap();
        let (first, _) = stored(&mut context).unwrap();
        image.cover.as_mut().unwrap().url = "b".to_owned();
        context.save(&mut image).unwrap();
        assert_eq!(stored(&mut context), Some((first, "b".to_owned())), "{name}: the same row");
        image.cover = cover("c");
        assert_eq!(Edit::elements(&image).len(), 2, "{name}: one goes, one comes");
        context.save(&mut image).unwrap();
        let (second, url) = stored(&mut context).unwrap();
        assert!(second != first && url == "c", "{name}: another row, where no two may be");
        image.cover = None;
        context.save(&mut image).unwrap();
        assert_eq!(stored(&mut context), None, "{name}");
    });
}

#[test]
fn a_mark_that_the_elements_show_is_written_once() {
    each(|name, fresh, id| {
        let mut context = fresh.context();
        let mut image = context.edit::<MembersForm>(id).unwrap();
        let eve = ImageMember { image_id: 0, member: "eve".into(), status: "pending".into(), revoked: true };
        image.members.insert("eve".to_owned(), eve);
        let ann = image.members.remove("ann").unwrap();
        context.save(&mut image).unwrap();
        assert_eq!(image.members.keys().collect::<Vec<_>>(), ["bob", "eve"], "{name}");
        assert!(!image.members["eve"].revoked, "{name}: what is put in is there");
        image.members.insert("ann".to_owned(), ann);
        context.save(&mut image).unwrap();
        assert_eq!(load(&mut context, id).members.len(), 3, "{name}: revived");
    });
}

#[test]
fn what_is_not_to_be_deleted_refers_to_nothing_or_moves() {
    each(|name, fresh, id| {
        let mut context = fresh.context();
        let job = |what: &str| ImageJob { id: 0, image_id: None, what: what.to_owned(), tries: 0 };
        let jobs = |context: &mut Context<'_>| {
            let jobs = context.realise(ImageJobs::all()).unwrap().into_iter();
            jobs.map(|job| (job.id, job.image_id, job.tries)).collect::<Vec<_>>()
        };
        let mut image = context.edit::<BusyForm>(id).unwrap();
        image.jobs.extend(["scan", "copy", "sign"].map(job));
        context.save(&mut image).unwrap();
        let ids: Vec<_> = image.jobs.iter().map(|job| job.id).collect();
        assert_eq!(jobs(&mut context)[0], (ids[0], Some(id), 0), "{name}");

        image.jobs.remove(0);
        context.save(&mut image).unwrap();
        assert_eq!(jobs(&mut context)[0], (ids[0], None, 0), "{name}: it is there, and belongs to nothing");

        // To an image that is there, and to one that is new.
        let other = cirros(&mut context).id;
        let mut other = context.edit::<BusyForm>(other).unwrap();
        let mut fresh = BusyForm { id: 0, jobs: Vec::new(), ..(*image).clone() };
        let mut moved = image.jobs.remove(0);
        moved.tries = 1;
        other.jobs.push(moved);
        fresh.jobs.push(image.jobs.remove(0));
        let mut work = Work::new();
        let _ = (work.save(&mut image), work.save(&mut other), work.insert(&mut fresh));
        context.commit(work).unwrap();
        assert!(fresh.id > other.id, "{name}");
        let expected = [(ids[0], None, 0), (ids[1], Some(other.id), 1), (ids[2], Some(fresh.id), 0)];
        assert_eq!(jobs(&mut context), expected, "{name}: the same rows");
        assert_eq!(fresh.jobs[0].image_id, Some(fresh.id), "{name}");
    });
}
