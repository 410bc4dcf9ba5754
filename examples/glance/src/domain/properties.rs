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
