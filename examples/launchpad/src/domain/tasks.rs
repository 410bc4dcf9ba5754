//! Tasks: a bug as one distribution has to deal with it.

use super::{Bug, Distribution, DistributionLink, Person, PersonCard};
use crate::schema;
use persist::prelude::*;
use std::fmt;
use std::sync::Arc;

/// What one distribution has to do about a bug.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::bugtask)]
pub struct BugTask {
    /// The key.
    #[entity(key)]
    pub id: i32,
    /// The bug.
    #[entity(column = bug, belongs_to(bug: Bug))]
    pub bug_id: i32,
    /// Whose task it is.
    #[entity(column = distribution, belongs_to(distribution: Distribution))]
    pub distribution_id: i32,
    /// The package and the distribution, for people to read.
    #[entity(column = targetnamecache)]
    pub target: String,
    /// How far it is.
    pub status: Status,
    /// How much it matters there.
    pub importance: Importance,
    /// Who does it.
    #[entity(column = assignee, belongs_to(assignee: Person))]
    pub assignee_id: Option<i32>,
}

/// How far a task is; numbered as in Launchpad's database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Scalar)]
#[scalar(integer)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Status {
    New = 10,
    Incomplete = 15,
    Invalid = 17,
    WontFix = 18,
    Confirmed = 20,
    Triaged = 21,
    InProgress = 22,
    FixCommitted = 25,
    FixReleased = 30,
}

/// How much a task matters; numbered as in Launchpad's database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Scalar)]
#[scalar(integer)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Importance {
    Undecided = 5,
    Wishlist = 10,
    Low = 20,
    Medium = 30,
    High = 40,
    Critical = 50,
}

impl Status {
    /// Those that leave something to do.
    pub const OPEN: [Self; 6] =
        [Self::New, Self::Incomplete, Self::Confirmed, Self::Triaged, Self::InProgress, Self::FixCommitted];

    /// Whether something is left to do.
    #[must_use]
    pub fn is_open(self) -> bool {
        Self::OPEN.contains(&self)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::New => "New",
            Self::Incomplete => "Incomplete",
            Self::Invalid => "Invalid",
            Self::WontFix => "Won't Fix",
            Self::Confirmed => "Confirmed",
            Self::Triaged => "Triaged",
            Self::InProgress => "In Progress",
            Self::FixCommitted => "Fix Committed",
            Self::FixReleased => "Fix Released",
        })
    }
}

impl fmt::Display for Importance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Undecided => "Undecided",
            Self::Wishlist => "Wishlist",
            Self::Low => "Low",
            Self::Medium => "Medium",
            Self::High => "High",
            Self::Critical => "Critical",
        })
    }
}

impl BugTasks {
    /// Those that leave something to do.
    pub fn open(&self) -> Self {
        self.filter(bug_task::status.is_in(Status::OPEN))
    }
}

/// A task as a line below its bug.
#[derive(Debug, Clone, PartialEq, Eq, View)]
#[view(of = BugTask)]
pub struct TaskLine {
    /// The package and the distribution, for people to read.
    pub target: String,
    /// How far it is.
    pub status: Status,
    /// How much it matters there.
    pub importance: Importance,
    /// Whose task it is.
    pub distribution: Arc<DistributionLink>,
    /// Who does it.
    pub assignee: Option<Arc<PersonCard>>,
}
