//! Whatever has a page of its own under the root of the site: distributions, projects and people, looked for as one.

use super::{Branding, DistributionCard, PersonCard, ProjectCard};
use persist::prelude::*;
use std::sync::Arc;

/// Something that a visitor may look for by its name.
#[derive(Debug, Clone, PartialEq, Eq, View)]
#[view(common(name: String, display_name: String), budget = 6)]
pub enum Pillar {
    /// A distribution.
    Distribution(Arc<DistributionCard>),
    /// A project.
    Project(Arc<ProjectCard>),
    /// A person.
    Person(Arc<PersonCard>),
}

impl Pillars {
    /// Those with `text` in one of their names, however it is written, by the name for people to read.
    pub fn search(&self, text: &str) -> Self {
        let shown = pillar::display_name.contains_ignore_ascii_case(text);
        self.filter(shown | pillar::name.contains_ignore_ascii_case(text)).order_by(pillar::display_name.asc())
    }
}

impl Pillar {
    /// What it is, in a word.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Distribution(_) => "distribution",
            Self::Project(_) => "project",
            Self::Person(_) => "person",
        }
    }

    /// The name for people to read.
    #[must_use]
    pub fn display_name(&self) -> &str {
        match self {
            Self::Distribution(card) => &card.link.display_name,
            Self::Project(card) => &card.display_name,
            Self::Person(card) => &card.display_name,
        }
    }

    /// Its page.
    #[must_use]
    pub fn url(&self) -> &str {
        match self {
            Self::Distribution(card) => &card.link.url,
            Self::Project(card) => &card.url,
            Self::Person(card) => &card.url,
        }
    }

    /// Who runs it; nobody runs a person.
    #[must_use]
    pub fn owner(&self) -> Option<&PersonCard> {
        match self {
            Self::Distribution(card) => Some(&card.owner),
            Self::Project(card) => Some(&card.owner),
            Self::Person(_) => None,
        }
    }

    /// Its images.
    #[must_use]
    pub fn branding(&self) -> Branding<'_> {
        match self {
            Self::Distribution(card) => card.branding(),
            Self::Project(card) => card.branding(),
            Self::Person(card) => card.branding(),
        }
    }
}
