//! What people have before them: an image in a list, and an image with all that belongs to it.

use super::{Image, Location, MemberStatus, Status, Visibility, location, member, property, tag};
use persist::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

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
    #[view(value = tag::name)]
    pub tags: BTreeSet<String>,
}

/// An image with all that belongs to it: what is shown of it, and what is edited.
///
/// Whoever saves it writes the entries that they put in, changed or took out. What others did to other entries stays.
#[derive(Debug, Clone, PartialEq, Eq, View)]
#[view(of = Image, edit, budget = 5)]
pub struct ImageCard {
    /// The image itself.
    #[view(flatten)]
    pub image: Image,
    /// What else is said of it, by name.
    #[view(by = property::name, value = property::value)]
    pub properties: BTreeMap<String, String>,
    /// The words that it is found by.
    #[view(value = tag::name)]
    pub tags: BTreeSet<String>,
    /// Where its data is, in the order in which that is tried.
    #[view(position = location::position)]
    pub locations: Vec<Location>,
    /// Whom it is shared with, and what they make of it.
    #[view(by = member::who, value = member::status)]
    pub members: BTreeMap<String, MemberStatus>,
}

impl ImageCard {
    /// What the property of this name says.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&str> {
        self.properties.get(name).map(String::as_str)
    }
}
