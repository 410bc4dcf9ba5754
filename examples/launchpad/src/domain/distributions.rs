//! Distributions.

use super::{Branding, Bug, BugTask, Bugs, Image, LibraryFileAlias, Person, PersonCard};
use crate::schema;
use persist::prelude::*;
use std::sync::Arc;

/// A collection of packages that is released as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::distribution, unique(name))]
#[entity(has_many(tasks: BugTask), many_to_many(bugs: Bug, through = BugTask))]
pub struct Distribution {
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

impl Distributions {
    /// The bugs that leave something to do in one of these.
    pub fn open_bugs(&self) -> Bugs {
        self.tasks().open().bugs()
    }

    /// The `n` hottest open bugs, or all of them; the hottest first.
    pub fn hot_bugs(&self, n: impl Into<Option<u64>>) -> Bugs {
        let bugs = self.open_bugs().by_heat();
        match n.into() {
            Some(n) => bugs.limit(n),
            None => bugs,
        }
    }
}

/// A distribution as others mention it.
#[derive(Debug, Clone, PartialEq, Eq, View)]
#[view(of = Distribution)]
pub struct DistributionLink {
    /// The unique name that addresses are made of.
    pub name: String,
    /// The name for people to read.
    pub display_name: String,
    /// Its page.
    #[view(compute = format!("https://launchpad.net/{name}"))]
    pub url: String,
}

/// A distribution as its own part of a page, with its branding.
#[derive(Debug, Clone, PartialEq, Eq, View)]
#[view(of = Distribution, budget = 4)]
pub struct DistributionCard {
    /// Its names and its address.
    #[view(flatten)]
    pub link: DistributionLink,
    /// Who runs it.
    pub owner: Arc<PersonCard>,
    /// 14 pixels wide.
    pub icon: Option<Arc<Image>>,
    /// 64 pixels wide.
    pub logo: Option<Arc<Image>>,
    /// 192 pixels wide.
    pub mugshot: Option<Arc<Image>>,
    /// How many tasks it ever had.
    #[view(count(tasks))]
    pub task_count: i64,
}

impl DistributionCard {
    /// Its images, or those that stand for distributions in general.
    #[must_use]
    pub fn branding(&self) -> Branding<'_> {
        let any =
            Branding { icon: "/@@/distribution", logo: "/@@/distribution-logo", mugshot: "/@@/distribution-mugshot" };
        Branding::new(any, &self.icon, &self.logo, &self.mugshot)
    }
}
