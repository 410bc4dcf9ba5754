//! Properties: whatever else somebody wants to say of an image.

use super::Image;
use crate::schema;
use persist::prelude::*;

/// A name and a value, beside an image. Each is a row, so that two people who change two of them do two things.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::image_properties, group = Properties, unique(image_id, name))]
pub struct Property {
    /// The key, which the store makes up.
    #[entity(key, generated)]
    pub id: i32,
    /// What it is said of.
    #[entity(belongs_to(image: Image))]
    pub image_id: i32,
    /// There is one of a name.
    pub name: String,
    /// What it says.
    pub value: String,
}

impl Property {
    /// A property of the image with this key.
    #[must_use]
    pub fn new(image_id: i32, name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { id: 0, image_id, name: name.into(), value: value.into() }
    }
}

impl Properties {
    /// Those of this name.
    pub fn named(&self, name: &str) -> Self {
        self.filter(property::name.eq(name))
    }
}
