//! What Launchpad is about, one concept per file: its entities, the vocabulary of its groups, its views.
//!
//! Nothing here can reach a database. A rule about one value is a method on the struct that has the data; a rule about
//! which values are meant is a method on a group, which only describes them.

mod bugs;
mod distributions;
mod files;
mod people;
mod pillars;
mod projects;
mod subscriptions;
mod tasks;

pub use bugs::{Bug, BugLine, Bugs, HotBug, bug};
pub use distributions::{Distribution, DistributionCard, DistributionLink, Distributions, distribution};
pub use files::{Branding, Image, LibraryFileAlias, LibraryFileAliases, library_file_alias};
pub use people::{People, Person, PersonCard, Viewer, person};
pub use pillars::{Pillar, Pillars, pillar};
pub use projects::{Project, ProjectCard, Projects, project};
pub use subscriptions::{BugSubscription, BugSubscriptions, bug_subscription};
pub use tasks::{BugTask, BugTasks, Importance, Status, TaskLine, bug_task};
