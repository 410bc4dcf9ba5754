//! People, and those who look at a page.

use super::{Branding, Bug, BugSubscription, BugTask, Image, LibraryFileAlias};
use crate::schema;
use persist::prelude::*;
use std::sync::Arc;

/// Somebody who reports bugs, fixes them, or follows them.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::person, group = People, unique(name))]
#[entity(has_many(reported: Bug, by = owner))]
#[entity(many_to_many(followed: Bug, through = BugSubscription))]
#[entity(many_to_many(assigned: Bug, through = BugTask, from = assignee))]
pub struct Person {
    /// The key.
    #[entity(key)]
    pub id: i32,
    /// The unique name that addresses are made of.
    pub name: String,
    /// The name for people to read.
    #[entity(column = displayname)]
    pub display_name: String,
    /// 14 pixels wide.
    #[entity(column = icon, belongs_to(icon: LibraryFileAlias))]
    pub icon_id: Option<i32>,
    /// 64 pixels wide.
    #[entity(column = logo, belongs_to(logo: LibraryFileAlias))]
    pub logo_id: Option<i32>,
    /// 192 pixels wide.
    #[entity(column = mugshot, belongs_to(mugshot: LibraryFileAlias))]
    pub mugshot_id: Option<i32>,
}

/// Who looks at a page: what a web framework knows before any query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Viewer {
    /// Anybody: nobody is logged in.
    Anyone,
    /// The person with this key.
    Person(i32),
}

/// A person as pages show them, with their branding.
#[derive(Debug, Clone, PartialEq, Eq, View)]
#[view(of = Person, budget = 2)]
pub struct PersonCard {
    /// The unique name that addresses are made of.
    pub name: String,
    /// The name for people to read.
    pub display_name: String,
    /// 14 pixels wide.
    pub icon: Option<Arc<Image>>,
    /// 64 pixels wide.
    pub logo: Option<Arc<Image>>,
    /// 192 pixels wide.
    pub mugshot: Option<Arc<Image>>,
    /// Their page.
    #[view(compute = format!("https://launchpad.net/~{name}"))]
    pub url: String,
}

impl PersonCard {
    /// Their images, or those that stand for people in general.
    #[must_use]
    pub fn branding(&self) -> Branding<'_> {
        let anyone = Branding { icon: "/@@/person", logo: "/@@/person-logo", mugshot: "/@@/person-mugshot" };
        Branding::new(anyone, &self.icon, &self.logo, &self.mugshot)
    }
}
