//! A position is a number.
use persist::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

mod schema {
    diesel::table! {
        images (id) { id -> Integer, name -> Text, }
    }
    diesel::table! {
        properties (id) { id -> Integer, image_id -> Integer, name -> Text, value -> Text, rank -> Integer, }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::images, has_many(properties: Property))]
pub struct Image {
    #[entity(key)]
    pub id: i32,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::properties)]
pub struct Property {
    #[entity(key, generated)]
    pub id: i32,
    #[entity(belongs_to(image: Image))]
    pub image_id: i32,
    pub name: String,
    pub value: String,
    pub rank: i32,
}

#[derive(View)]
#[view(of = Image, edit)]
pub struct ImageForm {
    pub id: i32,
    #[view(position = property::name)]
    pub properties: Vec<Property>,
}

fn main() {
    let _: (BTreeMap<i32, i32>, BTreeSet<i32>);
}
