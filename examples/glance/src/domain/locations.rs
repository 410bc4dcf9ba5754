//! Locations: where an image's data is.

use super::Image;
use crate::schema;
use persist::prelude::*;

/// Where an image's data is. There may be several; they are tried in their order.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::image_locations, unique(image_id, position))]
pub struct Location {
    /// The key, which the store makes up.
    #[entity(key, generated)]
    pub id: i32,
    /// The image.
    #[entity(belongs_to(image: Image))]
    pub image_id: i32,
    /// Its place in the order.
    pub position: i32,
    /// The address.
    #[entity(column = value)]
    pub url: String,
}

impl Location {
    /// Data at this address. Which image it belongs to, and where in its order, is told by the list that it is put into.
    #[must_use]
    pub fn at(url: impl Into<String>) -> Self {
        Self { id: 0, image_id: 0, position: 0, url: url.into() }
    }
}
