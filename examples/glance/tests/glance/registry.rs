//! The registry on all stores: one user, and two.

use crate::places::{self, Place};
use glance::domain::{ContainerFormat, DiskFormat, MemberStatus, Status, Visibility};
use glance::registry::Error;
use persist::{Conflict, Value};
use std::cell::RefCell;
use std::path::Path;

fn queued(place: &Place) -> i32 {
    let fill = |image: &mut glance::domain::Image| {
        (image.disk_format, image.container_format) = (Some(DiskFormat::Qcow2), Some(ContainerFormat::Bare));
    };
    let properties = [("speed".to_owned(), "slow".to_owned())].into();
    place.registry().create(Some("cirros".to_owned()), fill, properties, ["tiny".to_owned()].into()).unwrap()
}

fn file() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
}

fn guard(error: &Error) -> (&'static str, Value, Value, Option<Value>) {
    let Error::Persist(error) = error else { panic!("{error}") };
    let [Conflict::Guard { column, expected, actual, mine, .. }] = error.conflicts() else { panic!("{error}") };
    (*column, expected.clone(), actual.clone(), mine.clone())
}

#[test]
fn of_two_uploads_of_one_image_one_wins() {
    for place in places::all() {
        let id = queued(&place);
        let won = RefCell::new(None);
        let mut late = place.registry().holding(|| {
            // Both have seen that it is queued.
            won.replace(place.registry().upload(id, file()).ok());
        });
        let told = late.upload(id, Path::new("is never read")).unwrap_err();
        let (queued, active, saving) = (Value::from("queued"), Value::from("active"), Value::from("saving"));
        assert_eq!(guard(&told), ("status", queued, active, Some(saving)));
        let card = place.registry().show(id).unwrap();
        assert_eq!(Some(&card.image), won.borrow().as_ref());
        assert_eq!(card.locations.len(), 1);
    }
}

#[test]
fn what_is_queued_again_has_no_data() {
    for place in places::all() {
        let id = queued(&place);
        place.registry().upload(id, file()).unwrap();
        place.registry().update(id, |image| image.status = Status::Queued).unwrap();
        let image = place.registry().show(id).unwrap().image;
        assert_eq!((image.status, image.size, image.checksum), (Status::Queued, None, None));
        assert_eq!((image.os_hash_algo, image.os_hash_value), (None, None));
    }
}

#[test]
fn an_upload_that_fails_can_be_tried_again() {
    for place in places::all() {
        let id = queued(&place);
        let told = place.registry().upload(id, Path::new("/nowhere/cirros.img")).unwrap_err();
        assert!(matches!(told, Error::Unreadable(..)), "{told}");
        assert_eq!(place.registry().upload(id, file()).unwrap().status, Status::Active);
    }
}

#[test]
fn formats_only_change_while_it_is_still_queued() {
    for place in places::all() {
        let id = queued(&place);
        let mut late = place.registry().holding(|| drop(place.registry().upload(id, file()).unwrap()));
        let told = late.update(id, |image| image.disk_format = Some(DiskFormat::Raw)).unwrap_err();
        assert_eq!(guard(&told), ("status", Value::from("queued"), Value::from("active"), None));
    }
}

#[test]
fn two_who_change_one_format_each_do_not_mix_them() {
    for place in places::all() {
        let id = queued(&place);
        let mut late = place.registry().holding(|| {
            drop(place.registry().update(id, |image| image.container_format = Some(ContainerFormat::Ovf)).unwrap());
        });
        let told = late.update(id, |image| image.disk_format = Some(DiskFormat::Vmdk)).unwrap_err();
        assert_eq!(guard(&told).0, "container_format");
    }
}

#[test]
fn of_two_who_say_one_thing_the_first_is_heard() {
    for place in places::all() {
        let id = queued(&place);
        let mut late = place.registry().holding(|| place.registry().set_property(id, "colour", "red").unwrap());
        let told = late.set_property(id, "colour", "blue").unwrap_err();
        let Error::Persist(error) = told else { panic!("{told}") };
        assert!(matches!(error.conflicts(), [Conflict::Duplicate { .. }]), "{error}");
        assert_eq!(place.registry().show(id).unwrap().property("colour"), Some("red"));
    }
}

#[test]
fn what_is_deleted_goes_with_all_that_belongs_to_it() {
    for place in places::all() {
        let (one, other) = (queued(&place), queued(&place));
        place.registry().delete(&[one]).unwrap();
        assert!(matches!(place.registry().show(one), Err(Error::NoImage(_))));
        assert_eq!(place.registry().purge().unwrap(), 1);
        assert_eq!(place.registry().show(other).unwrap().properties.len(), 1);
        assert_eq!(place.registry().purge().unwrap(), 0);
    }
}

#[test]
fn all_are_deleted_or_none() {
    for place in places::all() {
        let (one, other) = (queued(&place), queued(&place));
        let mut late = place.registry().holding(|| place.registry().delete(&[other]).unwrap());
        let told = late.delete(&[one, other]).unwrap_err();
        assert_eq!(guard(&told).2, Value::from("deleted"));
        assert_eq!(place.registry().show(one).unwrap().image.status, Status::Queued);
    }
}

#[test]
fn people_find_what_is_theirs_and_what_they_took() {
    for place in places::all() {
        let mut registry = place.registry();
        let (public, shared) = (queued(&place), queued(&place));
        registry.update(public, |image| image.visibility = Visibility::Public).unwrap();
        registry.update(shared, |image| image.owner = Some("ada".to_owned())).unwrap();
        registry.share(shared, "bela").unwrap();
        assert!(matches!(registry.share(shared, "bela"), Err(Error::Offered(..))), "once");
        let found = |who: &str| {
            let found = place.registry().list(Some(who), None).unwrap();
            found.iter().map(|image| image.id).collect::<Vec<_>>()
        };
        assert_eq!((found("ada"), found("bela")), (vec![public, shared], vec![public]));
        registry.answer(shared, "bela", MemberStatus::Accepted).unwrap();
        assert_eq!((found("bela"), found("chidi")), (vec![public, shared], vec![public]));
        assert_eq!(registry.list(None, Some("tiny")).unwrap().len(), 2);
        assert!(registry.list(None, Some("huge")).unwrap().is_empty());
    }
}
