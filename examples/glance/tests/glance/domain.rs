//! The rules, on structs written by hand: no store, no context.

use chrono::{NaiveDate, NaiveDateTime};
use glance::domain::{ContainerFormat, DiskFormat, Image, ImageCard, Received, Refusal, Status};
use std::collections::{BTreeMap, BTreeSet};

fn now() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2016, 10, 25).unwrap().and_hms_opt(9, 0, 0).unwrap()
}

fn cirros() -> Image {
    let formats = (Some(DiskFormat::Qcow2), Some(ContainerFormat::Bare));
    Image { id: 7, disk_format: formats.0, container_format: formats.1, ..Image::announced(None, now()) }
}

#[test]
fn an_image_lives_from_queued_to_deleted() {
    let mut image = cirros();
    assert_eq!(image.status, Status::Queued);
    image.begin_upload().unwrap();
    assert_eq!((image.status, image.size), (Status::Saving, None));
    image.finish_upload(Received::of(&b"abc"[..]).unwrap());
    assert_eq!((image.status, image.size), (Status::Active, Some(3)));
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!((image.checksum.as_deref(), image.os_hash_algo.as_deref()), (Some(abc), Some("sha512")));
    image.delete(now()).unwrap();
    assert_eq!((image.status, image.deleted_at), (Status::Deleted, Some(now())));
}

#[test]
fn data_of_any_length_is_received() {
    let data = vec![b'a'; 1_000_000];
    let received = Received::of(&*data).unwrap();
    // The test vector of FIPS 180-2.
    assert_eq!(received.checksum, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    assert_eq!((received.size, received.hash.len()), (1_000_000, 128));
}

#[test]
fn a_status_goes_along_its_ways() {
    assert!(Status::Queued.may_become(Status::Saving) && Status::Saving.may_become(Status::Queued));
    assert!(Status::Active.may_become(Status::Deactivated) && Status::Deactivated.may_become(Status::Active));
    assert!(!Status::Active.may_become(Status::Saving) && !Status::Killed.may_become(Status::Active));
    assert_eq!(Status::Deleted.next(), []);
}

#[test]
fn data_needs_formats() {
    let mut image = Image { container_format: None, ..cirros() };
    assert_eq!(image.begin_upload(), Err(Refusal::FormatMissing("container_format")));
    assert_eq!(image.status, Status::Queued);
}

#[test]
fn formats_fit_one_another_and_change_while_queued() {
    let before = cirros();
    let amazon = Image { disk_format: Some(DiskFormat::Ami), ..before.clone() };
    assert_eq!(amazon.check(&before), Err(Refusal::FormatsDiffer(DiskFormat::Ami, ContainerFormat::Bare)));
    assert_eq!(Image { container_format: Some(ContainerFormat::Ami), ..amazon }.check(&before), Ok(()));

    let active = Image { status: Status::Active, ..before };
    let raw = Image { disk_format: Some(DiskFormat::Raw), ..active.clone() };
    assert_eq!(raw.check(&active), Err(Refusal::FormatsFixed));
}

#[test]
fn what_is_new_is_queued() {
    assert_eq!(cirros().check_new(), Ok(()));
    assert_eq!(Image { status: Status::Active, ..cirros() }.check_new(), Err(Refusal::NotQueued));
}

#[test]
fn needs_are_not_negative() {
    let image = cirros();
    assert_eq!(Image { min_ram: -1, ..image.clone() }.check(&image), Err(Refusal::Negative("min_ram")));
}

#[test]
fn what_is_protected_is_not_deleted() {
    let mut image = Image { protected: true, ..cirros() };
    assert_eq!(image.delete(now()), Err(Refusal::Protected(7)));
    assert_eq!((image.status, image.deleted_at), (Status::Queued, None));
}

#[test]
fn a_card_knows_its_properties() {
    let properties = [("speed".to_owned(), "fast".to_owned())].into();
    let (tags, locations, members) = (BTreeSet::new(), Vec::new(), BTreeMap::new());
    let card = ImageCard { image: cirros(), properties, tags, locations, members };
    assert_eq!((card.property("speed"), card.property("colour")), (Some("fast"), None));
}
