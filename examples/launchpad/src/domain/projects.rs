//! Projects: software that is made somewhere, whichever distribution packages it.

use super::{Branding, Image, LibraryFileAlias, Person, PersonCard};
use crate::schema;
use persist::prelude::*;
use std::sync::Arc;

/// A piece of software; a product, as the tables call it.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::product, unique(name))]
pub struct Project {
    /// The key.
    #[entity(key)]
    pub id: i32,
    /// The unique name that addresses are made of.
    pub name: String,
    /// The name for people to read.
    #[entity(column = displayname)]
    pub display_name: String,
    /// Who runs it.
    #[entity(column = owner, belongs_to(owner: Person))]
    pub owner_id: i32,
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

/// A project as pages show it, with its branding.
#[derive(Debug, Clone, PartialEq, Eq, View)]
#[view(of = Project, budget = 3)]
pub struct ProjectCard {
    /// The unique name that addresses are made of.
    pub name: String,
    /// The name for people to read.
    pub display_name: String,
    /// Who runs it.
    pub owner: Arc<PersonCard>,
    /// 14 pixels wide.
    pub icon: Option<Arc<Image>>,
    /// 64 pixels wide.
    pub logo: Option<Arc<Image>>,
    /// 192 pixels wide.
    pub mugshot: Option<Arc<Image>>,
    /// Its page.
    #[view(compute = format!("https://launchpad.net/{name}"))]
    pub url: String,
}

impl ProjectCard {
    /// Its images, or those that stand for projects in general.
    #[must_use]
    pub fn branding(&self) -> Branding<'_> {
        let any = Branding { icon: "/@@/product", logo: "/@@/product-logo", mugshot: "/@@/product-mugshot" };
        Branding::new(any, &self.icon, &self.logo, &self.mugshot)
    }
}
