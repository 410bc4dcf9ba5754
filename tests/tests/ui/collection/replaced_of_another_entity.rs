#![allow(dead_code)]
use persist::prelude::*;
use std::collections::BTreeMap;

diesel::table! { images (id) { id -> Integer, name -> Text, } }
diesel::table! { image_properties (id) { id -> Integer, image_id -> Integer, name -> Text, value -> Text, } }
diesel::table! { image_tags (image_id, label) { image_id -> Integer, label -> Text, } }

#[derive(Debug, Clone, Entity)]
#[entity(table = images, has_many(properties: ImageProperty), has_many(tags: ImageTag))]
struct Image {
    #[entity(key)]
    id: i32,
    name: String,
}

#[derive(Debug, Clone, Entity)]
#[entity(table = image_properties, group = ImageProperties, unique(image_id, name))]
struct ImageProperty {
    #[entity(key, generated)]
    id: i32,
    #[entity(belongs_to(image: Image))]
    image_id: i32,
    name: String,
    value: String,
}

#[derive(Debug, Clone, Entity)]
#[entity(table = image_tags)]
struct ImageTag {
    #[entity(key, belongs_to(image: Image))]
    image_id: i32,
    #[entity(key)]
    label: String,
}

#[derive(View)]
#[view(of = Image, edit)]
struct Form {
    id: i32,
    #[view(by = image_property::name, value = image_property::value)]
    properties: BTreeMap<String, String>,
}

fn main() {
    let form = Form { id: 1, properties: BTreeMap::new() };
    let mut edit = Edit::from(form);
    Edit::replace_all(&mut edit, image_property::image);
}
