//! What people look at: an image in a list, and an image with all that belongs to it.

use super::{Image, Location, Member, Property, Status, Tag, Visibility, location, member, property, tag};
use persist::prelude::*;

/// An image as a line in a list.
#[derive(Debug, Clone, PartialEq, Eq, View)]
#[view(of = Image, budget = 2)]
pub struct ImageLine {
    /// The key.
    pub id: i32,
    /// What people call it.
    pub name: Option<String>,
    /// Where it is in its life.
    pub status: Status,
    /// Who may see it.
    pub visibility: Visibility,
    /// Of the data, in bytes.
    pub size: Option<i64>,
    /// The words that it is found by.
    #[view(order_by = tag::name.asc())]
    pub tags: Vec<Tag>,
}

/// An image with all that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq, View)]
#[view(of = Image, budget = 5)]
pub struct ImageCard {
    /// The image itself.
    #[view(flatten)]
    pub image: Image,
    /// What else is said of it.
    #[view(order_by = property::name.asc())]
    pub properties: Vec<Property>,
    /// The words that it is found by.
    #[view(order_by = tag::name.asc())]
    pub tags: Vec<Tag>,
    /// Where its data is.
    #[view(order_by = location::position.asc())]
    pub locations: Vec<Location>,
    /// Whom it is shared with.
    #[view(order_by = member::who.asc())]
    pub members: Vec<Member>,
}

impl ImageCard {
    /// What the property of this name says.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&str> {
        self.properties.iter().find(|property| property.name == name).map(|property| &*property.value)
    }
}
