#![allow(dead_code)]
use persist::prelude::*;

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

diesel::table! { tags (id) { id -> Integer, } }
diesel::table! { image_tags (image_id, tag_id) { image_id -> Integer, tag_id -> Integer, } }

#[derive(Debug, Clone, Entity)]
#[entity(table = tags)]
struct Tag {
    #[entity(key)]
    id: i32,
}

#[derive(Debug, Clone, Entity)]
#[entity(table = image_tags)]
struct ImageTag {
    #[entity(key, belongs_to(image: Image))]
    image_id: i32,
    #[entity(key, belongs_to(tag: Tag))]
    tag_id: i32,
}

#[derive(Debug, Clone, Entity)]
#[entity(table = images, many_to_many(tags: Tag, through = ImageTag))]
struct Image {
    #[entity(key)]
    id: i32,
    name: String,
    tags: Vec<Tag>,
}

fn main() {}
