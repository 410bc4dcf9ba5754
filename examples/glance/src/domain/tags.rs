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
