//! Tags: words that images are found by.

use super::Image;
use crate::schema;
use persist::prelude::*;

/// A word that an image is found by.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::image_tags, unique(image_id, name))]
pub struct Tag {
    /// The key, which the store makes up.
    #[entity(key, generated)]
    pub id: i32,
    /// The image.
    #[entity(belongs_to(image: Image))]
    pub image_id: i32,
    /// The word; an image has it once.
    #[entity(column = value)]
    pub name: String,
}

impl Tag {
    /// A tag of the image with this key.
    #[must_use]
    pub fn new(image_id: i32, name: impl Into<String>) -> Self {
        Self { id: 0, image_id, name: name.into() }
    }
}

impl Tags {
    /// Those of this name.
    pub fn named(&self, name: &str) -> Self {
        self.filter(tag::name.eq(name))
    }
}
