//! What the two do.

use crate::domain::ImageCard;
use crate::registry::{Error, Registry};
use std::collections::BTreeSet;

/// What one user does with the image of this key.
pub type Edit = fn(&mut Registry<'_>, i32) -> Result<(), Error>;

/// Two edits of one image that have nothing to do with one another, and how to tell that both are there.
pub struct Scenario {
    /// In words.
    pub what: &'static str,
    /// What A does.
    pub a: Edit,
    /// What B does.
    pub b: Edit,
    /// Whether the image shows both.
    pub kept: fn(&ImageCard) -> bool,
}

/// The image that both have before them.
pub(super) fn image(registry: &mut Registry<'_>) -> Result<i32, Error> {
    let properties = [("speed", "slow"), ("colour", "red")].map(|(name, value)| (name.to_owned(), value.to_owned()));
    registry.create(Some("race".to_owned()), |_| (), properties.into(), BTreeSet::new())
}

fn rename(registry: &mut Registry<'_>, id: i32) -> Result<(), Error> {
    registry.update(id, |image| image.name = Some("renamed".to_owned())).map(drop)
}

fn need_memory(registry: &mut Registry<'_>, id: i32) -> Result<(), Error> {
    registry.update(id, |image| image.min_ram = 512).map(drop)
}

fn is_renamed(card: &ImageCard) -> bool {
    card.image.name.as_deref() == Some("renamed")
}

fn needs_memory(card: &ImageCard) -> bool {
    card.image.min_ram == 512
}

/// Those in which Glance keeps one of the two.
pub const SCENARIOS: [Scenario; 5] = [
    Scenario {
        what: "A: name; B: min_ram",
        a: rename,
        b: need_memory,
        kept: |card| is_renamed(card) && needs_memory(card),
    },
    Scenario {
        what: "A: name; B: adds a property",
        a: rename,
        b: |registry, id| registry.set_property(id, "b", "2"),
        kept: |card| is_renamed(card) && card.property("b") == Some("2"),
    },
    Scenario {
        what: "A: adds property a; B: adds property b",
        a: |registry, id| registry.set_property(id, "a", "1"),
        b: |registry, id| registry.set_property(id, "b", "2"),
        kept: |card| (card.property("a"), card.property("b")) == (Some("1"), Some("2")),
    },
    Scenario {
        what: "A: changes property speed; B: changes property colour",
        a: |registry, id| registry.set_property(id, "speed", "fast"),
        b: |registry, id| registry.set_property(id, "colour", "blue"),
        kept: |card| (card.property("speed"), card.property("colour")) == (Some("fast"), Some("blue")),
    },
    Scenario {
        what: "A: deletes property speed; B: min_ram",
        a: |registry, id| registry.unset_property(id, "speed"),
        b: need_memory,
        kept: |card| card.property("speed").is_none() && needs_memory(card),
    },
];
