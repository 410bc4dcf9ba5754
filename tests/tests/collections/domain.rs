//! An image registry: properties as a map, tags as a set, locations as a list with checks below them.

use persist::prelude::*;
use persist_tests::stores::{self, Fresh};
use std::collections::{BTreeMap, BTreeSet, HashMap};

pub mod schema {
    diesel::table! {
        image_jobs (id) { id -> Integer, image_id -> Nullable<Integer>, what -> Text, tries -> Integer, }
    }
    diesel::table! {
        image_covers (id) { id -> Integer, image_id -> Integer, url -> Text, }
    }
    diesel::table! {
        loose_images (id) { id -> Integer, name -> Text, }
    }
    diesel::table! {
        loose_properties (id) { id -> Integer, image_id -> Integer, name -> Text, value -> Text, }
    }
    diesel::table! {
        loose_tags (image_id, label) { image_id -> Integer, label -> Text, }
    }
    diesel::table! {
        loose_locations (id) { id -> Integer, image_id -> Integer, position -> Integer, url -> Text, }
    }
    diesel::table! {
        images (id) { id -> Integer, name -> Text, min_ram -> Integer, revision -> Integer, writes -> BigInt, }
    }
    diesel::table! {
        image_properties (id) { id -> Integer, image_id -> Integer, name -> Text, value -> Text, }
    }
    diesel::table! {
        image_tags (image_id, label) { image_id -> Integer, label -> Text, }
    }
    diesel::table! {
        image_locations (id) {
            id -> Integer, image_id -> Integer, position -> Integer, url -> Text, note -> Nullable<Text>,
        }
    }
    diesel::table! {
        location_checks (id) { id -> Integer, location_id -> Integer, algorithm -> Text, digest -> Text, }
    }
    diesel::table! {
        image_members (image_id, member) { image_id -> Integer, member -> Text, status -> Text, revoked -> Bool, }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::images, group = Images)]
#[entity(has_many(properties: ImageProperty, on_delete = cascade), has_many(tags: ImageTag, on_delete = cascade))]
#[entity(has_many(locations: ImageLocation, on_delete = cascade), has_many(members: ImageMember, on_delete = cascade))]
pub struct Image {
    #[entity(key, generated)]
    pub id: i32,
    pub name: String,
    pub min_ram: i32,
    #[entity(lock)]
    pub revision: i32,
    #[entity(updated = tick)]
    pub writes: i64,
}

/// A clock that never shows the same twice.
pub fn tick() -> i64 {
    static TICKS: std::sync::atomic::AtomicI64 = std::sync::atomic::AtomicI64::new(1);
    TICKS.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::image_properties, group = ImageProperties, unique(image_id, name))]
pub struct ImageProperty {
    #[entity(key, generated)]
    pub id: i32,
    #[entity(belongs_to(image: Image))]
    pub image_id: i32,
    pub name: String,
    pub value: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::image_tags, group = ImageTags)]
pub struct ImageTag {
    #[entity(key, belongs_to(image: Image))]
    pub image_id: i32,
    #[entity(key)]
    pub label: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::image_locations, group = ImageLocations, has_many(checks: LocationCheck, by = location))]
pub struct ImageLocation {
    #[entity(key, generated)]
    pub id: i32,
    #[entity(belongs_to(image: Image))]
    pub image_id: i32,
    pub position: i32,
    pub url: String,
    pub note: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::location_checks, group = LocationChecks, unique(location_id, algorithm))]
pub struct LocationCheck {
    #[entity(key, generated)]
    pub id: i32,
    #[entity(belongs_to(location: ImageLocation))]
    pub location_id: i32,
    pub algorithm: String,
    pub digest: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::image_members, group = ImageMembers)]
pub struct ImageMember {
    #[entity(key, belongs_to(image: Image))]
    pub image_id: i32,
    #[entity(key)]
    pub member: String,
    pub status: String,
    pub revoked: bool,
}

/// The same rows, where nobody counts revisions.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::images, group = FreeImages, has_many(properties: FreeProperty, by = image))]
#[entity(has_one(cover: ImageCover, by = image), has_many(jobs: ImageJob, by = image))]
pub struct FreeImage {
    #[entity(key, generated)]
    pub id: i32,
    pub name: String,
    pub min_ram: i32,
    pub revision: i32,
    pub writes: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::image_properties, group = FreeProperties, unique(image_id, name))]
pub struct FreeProperty {
    #[entity(key, generated)]
    pub id: i32,
    #[entity(belongs_to(image: FreeImage))]
    pub image_id: i32,
    pub name: String,
    pub value: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::image_covers, unique(image_id))]
pub struct ImageCover {
    #[entity(key, generated)]
    pub id: i32,
    #[entity(belongs_to(image: FreeImage))]
    pub image_id: i32,
    pub url: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::image_jobs, group = ImageJobs)]
pub struct ImageJob {
    #[entity(key, generated)]
    pub id: i32,
    #[entity(belongs_to(image: FreeImage))]
    pub image_id: Option<i32>,
    pub what: String,
    pub tries: i32,
}

/// A job outlives its image.
#[derive(Debug, Clone, PartialEq, Eq, View)]
#[view(of = FreeImage, edit)]
pub struct BusyForm {
    pub id: i32,
    pub name: String,
    pub min_ram: i32,
    pub revision: i32,
    pub writes: i64,
    #[view(orphans = nullify)]
    pub jobs: Vec<ImageJob>,
}

#[derive(Debug, Clone, PartialEq, Eq, View)]
#[view(of = ImageCover, edit)]
pub struct CoverForm {
    pub id: i32,
    pub url: String,
}

#[derive(Debug, Clone, PartialEq, Eq, View)]
#[view(of = FreeImage, edit)]
pub struct CoveredForm {
    pub id: i32,
    pub cover: Option<CoverForm>,
}

#[derive(Debug, Clone, PartialEq, Eq, View)]
#[view(of = FreeImage, edit)]
pub struct FreeForm {
    pub id: i32,
    pub name: String,
    #[view(by = free_property::name, value = free_property::value)]
    pub properties: BTreeMap<String, String>,
}

/// A property is put whatever is there, and goes only as it was read.
#[derive(Debug, Clone, PartialEq, Eq, View)]
#[view(of = FreeImage, edit)]
pub struct BoldForm {
    pub id: i32,
    #[view(by = free_property::name, value = free_property::value, put = any, remove = equal)]
    pub properties: BTreeMap<String, String>,
}

/// A property changes only from what was read.
#[derive(Debug, Clone, PartialEq, Eq, View)]
#[view(of = FreeImage, edit)]
pub struct CarefulForm {
    pub id: i32,
    #[view(by = free_property::name, put = equal)]
    pub properties: BTreeMap<String, FreeProperty>,
}

/// The same rows again, all of them without revisions.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::loose_images, group = LooseImages)]
#[entity(has_many(properties: LooseProperty, by = image), has_many(tags: LooseTag, by = image))]
#[entity(has_many(locations: LooseLocation, by = image))]
pub struct LooseImage {
    #[entity(key, generated)]
    pub id: i32,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::loose_properties, unique(image_id, name))]
pub struct LooseProperty {
    #[entity(key, generated)]
    pub id: i32,
    #[entity(belongs_to(image: LooseImage))]
    pub image_id: i32,
    pub name: String,
    pub value: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::loose_tags)]
pub struct LooseTag {
    #[entity(key, belongs_to(image: LooseImage))]
    pub image_id: i32,
    #[entity(key)]
    pub label: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::loose_locations)]
pub struct LooseLocation {
    #[entity(key, generated)]
    pub id: i32,
    #[entity(belongs_to(image: LooseImage))]
    pub image_id: i32,
    pub position: i32,
    pub url: String,
}

pub const LOOSE: &[&persist::Table] = &[LooseImage::TABLE, LooseProperty::TABLE, LooseTag::TABLE, LooseLocation::TABLE];

/// What was revoked is marked, in a column that the elements show.
#[derive(Debug, Clone, PartialEq, Eq, View)]
#[view(of = Image, edit)]
pub struct MembersForm {
    pub id: i32,
    pub revision: i32,
    #[view(by = image_member::member, orphans = image_member::revoked)]
    pub members: BTreeMap<String, ImageMember>,
}

/// All of an image.
#[derive(Debug, Clone, PartialEq, Eq, View)]
#[view(of = Image, edit)]
pub struct ImageForm {
    pub id: i32,
    pub name: String,
    pub min_ram: i32,
    pub revision: i32,
    pub writes: i64,
    #[view(by = image_property::name, value = image_property::value)]
    pub properties: BTreeMap<String, String>,
    #[view(value = image_tag::label)]
    pub tags: BTreeSet<String>,
    #[view(position = image_location::position)]
    pub locations: Vec<LocationForm>,
    #[view(by = image_member::member, value = image_member::status, orphans = image_member::revoked)]
    pub members: HashMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Eq, View)]
#[view(of = ImageLocation, edit)]
pub struct LocationForm {
    pub id: i32,
    pub position: i32,
    pub url: String,
    #[view(by = location_check::algorithm)]
    pub checks: BTreeMap<String, CheckForm>,
}

#[derive(Debug, Clone, PartialEq, Eq, View)]
#[view(of = LocationCheck, edit)]
pub struct CheckForm {
    pub id: i32,
    pub digest: String,
}

pub const TABLES: &[&persist::Table] = &[
    Image::TABLE,
    ImageProperty::TABLE,
    ImageTag::TABLE,
    ImageLocation::TABLE,
    LocationCheck::TABLE,
    ImageMember::TABLE,
    ImageCover::TABLE,
    ImageJob::TABLE,
];

pub fn stores() -> Vec<Fresh> {
    stores::every(TABLES)
}

pub fn location(url: &str) -> LocationForm {
    LocationForm { id: 0, position: 0, url: url.to_owned(), checks: BTreeMap::new() }
}

/// An image with something of everything, stored.
pub fn cirros(context: &mut Context<'_>) -> ImageForm {
    let text =
        |pairs: &[(&str, &str)]| pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect::<Vec<_>>();
    let mut image = ImageForm {
        id: 0,
        name: "cirros".to_owned(),
        min_ram: 64,
        revision: 1,
        writes: 0,
        properties: text(&[("colour", "blue"), ("speed", "9")]).into_iter().collect(),
        tags: ["small", "test"].map(str::to_owned).into(),
        locations: ["file:///a", "file:///b", "file:///c"].map(location).into(),
        members: text(&[("ann", "pending"), ("bob", "accepted")]).into_iter().collect(),
    };
    let check = CheckForm { id: 0, digest: "abc".to_owned() };
    image.locations[0].checks.insert("md5".to_owned(), check);
    let mut work = Work::new();
    let _ = work.insert(&mut image);
    context.commit(work).unwrap();
    image
}
