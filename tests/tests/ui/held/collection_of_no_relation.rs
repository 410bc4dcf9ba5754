#![allow(dead_code)]
use persist::prelude::*;
use std::collections::BTreeMap;

diesel::table! { images (id) { id -> Integer, name -> Text, } }
diesel::table! { image_properties (id) { id -> Integer, image_id -> Integer, name -> Text, value -> Text, } }

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
#[entity(table = images, has_many(properties: ImageProperty))]
struct Image {
    #[entity(key)]
    id: i32,
    name: String,
    #[entity(by = image_property::name, value = image_property::value)]
    propertys: BTreeMap<String, String>,
}

fn main() {}
