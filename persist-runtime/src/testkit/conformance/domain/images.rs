//! An image registry: properties as a map, tags as a set, locations as a list with checks below them, members that are
//! marked when they go.

use crate::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

mod schema {
    diesel::table! { images (id) { id -> Integer, name -> Text, revision -> Integer, } }
    diesel::table! { image_properties (id) { id -> Integer, image_id -> Integer, name -> Text, value -> Text, } }
    diesel::table! { image_tags (image_id, label) { image_id -> Integer, label -> Text, } }
    diesel::table! { image_locations (id) { id -> Integer, image_id -> Integer, position -> Integer, url -> Text, } }
    diesel::table! { location_checks (id) { id -> Integer, location_id -> Integer, algorithm -> Text, digest -> Text, } }
    diesel::table! {
        image_members (image_id, member) { image_id -> Integer, member -> Text, status -> Text, revoked -> Bool, }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::images)]
#[entity(has_many(properties: ImageProperty, on_delete = cascade), has_many(tags: ImageTag, on_delete = cascade))]
#[entity(has_many(locations: ImageLocation, on_delete = cascade), has_many(members: ImageMember, on_delete = cascade))]
pub(crate) struct Image {
    #[entity(key, generated)]
    pub(crate) id: i32,
    pub(crate) name: String,
    #[entity(lock)]
    pub(crate) revision: i32,
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::image_properties, group = ImageProperties, unique(image_id, name))]
pub(crate) struct ImageProperty {
    #[entity(key, generated)]
    pub(crate) id: i32,
    #[entity(belongs_to(image: Image))]
    pub(crate) image_id: i32,
    pub(crate) name: String,
    pub(crate) value: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::image_tags)]
pub(crate) struct ImageTag {
    #[entity(key, belongs_to(image: Image))]
    pub(crate) image_id: i32,
    #[entity(key)]
    pub(crate) label: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::image_locations, has_many(checks: LocationCheck, by = location, on_delete = cascade))]
pub(crate) struct ImageLocation {
    #[entity(key, generated)]
    pub(crate) id: i32,
    #[entity(belongs_to(image: Image))]
    pub(crate) image_id: i32,
    pub(crate) position: i32,
    pub(crate) url: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::location_checks, unique(location_id, algorithm))]
pub(crate) struct LocationCheck {
    #[entity(key, generated)]
    pub(crate) id: i32,
    #[entity(belongs_to(location: ImageLocation))]
    pub(crate) location_id: i32,
    pub(crate) algorithm: String,
    pub(crate) digest: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::image_members)]
pub(crate) struct ImageMember {
    #[entity(key, belongs_to(image: Image))]
    pub(crate) image_id: i32,
    #[entity(key)]
    pub(crate) member: String,
    pub(crate) status: String,
    pub(crate) revoked: bool,
}

pub(crate) const TABLES: &[&crate::Table] = &[
    Image::TABLE,
    ImageProperty::TABLE,
    ImageTag::TABLE,
    ImageLocation::TABLE,
    LocationCheck::TABLE,
    ImageMember::TABLE,
];

/// All of an image.
#[derive(Debug, Clone, PartialEq, Eq, View)]
#[view(of = Image, edit)]
pub(crate) struct ImageForm {
    pub(crate) id: i32,
    pub(crate) name: String,
    pub(crate) revision: i32,
    #[view(by = image_property::name, value = image_property::value)]
    pub(crate) properties: BTreeMap<String, String>,
    #[view(value = image_tag::label)]
    pub(crate) tags: BTreeSet<String>,
    #[view(position = image_location::position)]
    pub(crate) locations: Vec<LocationForm>,
    #[view(by = image_member::member, value = image_member::status, orphans = image_member::revoked)]
    pub(crate) members: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Eq, View)]
#[view(of = ImageLocation, edit)]
pub(crate) struct LocationForm {
    pub(crate) id: i32,
    pub(crate) position: i32,
    pub(crate) url: String,
    #[view(by = location_check::algorithm, value = location_check::digest)]
    pub(crate) checks: BTreeMap<String, String>,
}

pub(crate) fn location(url: &str) -> LocationForm {
    LocationForm { id: 0, position: 0, url: url.to_owned(), checks: BTreeMap::new() }
}

pub(crate) fn texts<const N: usize>(pairs: [(&str, &str); N]) -> BTreeMap<String, String> {
    pairs.into_iter().map(|(one, two)| (one.to_owned(), two.to_owned())).collect()
}

/// An image with something of everything, stored.
pub(crate) fn cirros(context: &mut Context<'_>) -> ImageForm {
    let mut image = ImageForm {
        id: 0,
        name: "cirros".to_owned(),
        revision: 1,
        properties: texts([("colour", "blue"), ("speed", "9")]),
        tags: ["small", "test"].map(str::to_owned).into(),
        locations: ["file:///a", "file:///b", "file:///c"].map(location).into(),
        members: texts([("ann", "pending"), ("bob", "accepted")]),
    };
    image.locations[0].checks = texts([("md5", "abc")]);
    let mut work = Work::new();
    let _ = work.insert(&mut image);
    context.commit(work).unwrap();
    image
}
