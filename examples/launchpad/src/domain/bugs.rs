//! Bugs.

use super::{BugSubscription, BugTask, Importance, Person, PersonCard, Status, TaskLine, Viewer};
use super::{bug_subscription, bug_task, person};
use crate::schema;
use chrono::{NaiveDate, NaiveDateTime};
use persist::prelude::*;
use std::sync::Arc;

/// Something that does not work.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::bug)]
#[entity(has_many(tasks: BugTask), has_many(subscriptions: BugSubscription))]
#[entity(many_to_many(subscribers: Person, through = BugSubscription))]
#[entity(many_to_many(assignees: Person, through = BugTask, to = assignee))]
pub struct Bug {
    /// The number that people know it by.
    #[entity(key)]
    pub id: i32,
    /// What is wrong, in a line.
    pub title: String,
    /// Who reported it.
    #[entity(column = owner, belongs_to(owner: Person))]
    pub owner_id: i32,
    /// Whether only those concerned may see it.
    pub private: bool,
    /// How much attention it has.
    pub heat: i32,
    /// When it was reported.
    #[entity(column = datecreated)]
    pub date_created: NaiveDateTime,
    /// When something about it last changed.
    pub date_last_updated: NaiveDateTime,
}

impl Bugs {
    /// Those that `viewer` may see: what is public, what they reported, and what they are subscribed to.
    pub fn visible_to(&self, viewer: Viewer) -> Self {
        let public = bug::private.eq(false);
        let Viewer::Person(viewer) = viewer else { return self.filter(public) };
        let followed = self.subscriptions().filter(bug_subscription::person_id.eq(viewer)).bugs();
        self.filter(public | bug::owner_id.eq(viewer)) | followed
    }

    /// The hottest first; of equally hot ones, the one that was reported first.
    pub fn by_heat(&self) -> Self {
        self.order_by(bug::heat.desc())
    }
}

/// A bug as a line in a list.
#[derive(Debug, Clone, PartialEq, Eq, View)]
#[view(of = Bug)]
pub struct BugLine {
    /// The number that people know it by.
    pub id: i32,
    /// What is wrong, in a line.
    pub title: String,
    /// Whether only those concerned may see it.
    pub private: bool,
    /// How much attention it has.
    pub heat: i32,
    /// When something about it last changed.
    pub date_last_updated: NaiveDateTime,
}

impl BugLine {
    /// For how many days nothing about it has changed.
    #[must_use]
    pub fn quiet_days(&self, today: NaiveDate) -> i64 {
        (today - self.date_last_updated.date()).num_days()
    }
}

/// A bug with everybody and everything concerned.
#[derive(Debug, Clone, PartialEq, Eq, View)]
#[view(of = Bug, budget = 7)]
pub struct HotBug {
    /// The bug itself.
    #[view(flatten)]
    pub bug: BugLine,
    /// Who reported it.
    pub owner: Arc<PersonCard>,
    /// What each distribution has to do, in the order in which they learned of it.
    #[view(order_by = bug_task::id.asc())]
    pub tasks: Vec<TaskLine>,
    /// Some of those who follow it.
    #[view(order_by = person::name.asc(), limit = 5)]
    pub subscribers: Vec<Arc<PersonCard>>,
    /// How many follow it.
    #[view(count(subscriptions))]
    pub subscriber_count: i64,
    /// Its page.
    #[view(compute = canonical_url(&bug, &tasks))]
    pub url: String,
}

/// A bug lives with the distribution that learned of it first.
fn canonical_url(bug: &BugLine, tasks: &[TaskLine]) -> String {
    match tasks.first() {
        Some(task) => format!("https://bugs.launchpad.net/{}/+bug/{}", task.distribution.name, bug.id),
        None => format!("https://bugs.launchpad.net/bugs/{}", bug.id),
    }
}

impl HotBug {
    /// What is left to do.
    pub fn open_tasks(&self) -> impl Iterator<Item = &TaskLine> {
        self.tasks.iter().filter(|task| task.status.is_open())
    }

    /// How much it matters where it matters most and is not done; nothing if it is done everywhere.
    #[must_use]
    pub fn importance(&self) -> Option<Importance> {
        self.open_tasks().map(|task| task.importance).max()
    }

    /// Whether it waits in vain: something is left to do, nobody is at it, and nothing has changed for two months.
    #[must_use]
    pub fn is_stale(&self, today: NaiveDate) -> bool {
        let attended = |task: &TaskLine| task.assignee.is_some() || task.status == Status::InProgress;
        let mut open = self.open_tasks().peekable();
        open.peek().is_some() && !open.any(attended) && self.bug.quiet_days(today) > 60
    }

    /// How many follow it besides the `subscribers` in hand.
    #[must_use]
    pub fn further_subscribers(&self) -> i64 {
        self.subscriber_count - self.subscribers.len() as i64
    }
}
