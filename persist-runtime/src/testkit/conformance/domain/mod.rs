//! A small tracker: keys of text, UUIDs and several columns, an entity that refers to itself, two relations to one entity,
//! links that can and cannot repeat, and NULL wherever a reference may be.

pub(crate) mod data;
pub(crate) mod docs;
pub(crate) mod images;
mod schema;
mod views;

pub(crate) use views::*;

use crate::Table;
use crate::prelude::*;
use uuid::Uuid;

/// How far a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Scalar)]
pub(crate) enum State {
    /// Not begun.
    Open,
    /// Given up, or finished.
    Closed,
    /// Waiting.
    #[scalar(rename = "ON HOLD")]
    OnHold,
}

/// A team, by name.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::teams, has_many(members: Member))]
pub(crate) struct Team {
    /// The key.
    #[entity(key)]
    pub(crate) name: String,
    /// What it says of itself.
    pub(crate) motto: Option<String>,
}

/// A member of a team, or of none.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::members)]
#[entity(has_many(reports: Member, by = manager))]
#[entity(has_many(owned: Task, by = owner), has_many(assigned: Task, by = assignee))]
#[entity(has_many(notes: Note, by = author))]
#[entity(many_to_many(watched: Task, through = Watch, from = member, to = task))]
pub(crate) struct Member {
    /// The key.
    #[entity(key)]
    pub(crate) id: i32,
    /// The name.
    pub(crate) name: String,
    /// How high.
    pub(crate) rank: Option<i32>,
    /// The team's name.
    #[entity(belongs_to(team: Team))]
    pub(crate) team_name: Option<String>,
    /// Another member.
    #[entity(belongs_to(manager: Member))]
    pub(crate) manager_id: Option<i32>,
}

/// Something to do.
#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = schema::tasks, has_many(notes: Note))]
#[entity(many_to_many(watchers: Member, through = Watch), many_to_many(voters: Member, through = Vote))]
#[entity(has_one(vote: Vote), has_one(top: Note, filter = note::pinned.eq(true)))]
#[entity(has_many(pinned: Note, filter = note::pinned.eq(true), order_by = (note::body.desc(), note::id.desc())))]
#[entity(has_many(loose: Note, filter = note::pinned.eq(false)))]
#[entity(many_to_many(seniors: Member, through = Watch, filter = member::rank.ge(2), order_by = member::name.asc()))]
#[entity(many_to_many(last_voters: Member, through = Vote, link_order_by = vote::id.desc()))]
pub(crate) struct Task {
    /// The key.
    #[entity(key)]
    pub(crate) id: Uuid,
    /// One line.
    pub(crate) title: String,
    /// How urgent it is.
    pub(crate) heat: i32,
    /// What it is worth.
    pub(crate) score: Option<f64>,
    /// How far it is.
    pub(crate) state: State,
    /// Whose it is.
    #[entity(belongs_to(owner: Member))]
    pub(crate) owner_id: i32,
    /// Who works on it.
    #[entity(belongs_to(assignee: Member))]
    pub(crate) assignee_id: Option<i32>,
}

/// A note, on a task or on nothing.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::notes)]
pub(crate) struct Note {
    /// The key.
    #[entity(key)]
    pub(crate) id: i64,
    /// The task.
    #[entity(belongs_to(task: Task))]
    pub(crate) task_id: Option<Uuid>,
    /// Who wrote it.
    #[entity(belongs_to(author: Member))]
    pub(crate) author_id: i32,
    /// What.
    pub(crate) body: String,
    /// Whether it stays on top.
    pub(crate) pinned: bool,
}

/// A member watches a task, once.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::watches, group = Watches, has_many(pings: Ping))]
pub(crate) struct Watch {
    /// The task.
    #[entity(key, belongs_to(task: Task))]
    pub(crate) task_id: Uuid,
    /// The member.
    #[entity(key, belongs_to(member: Member))]
    pub(crate) member_id: i32,
}

/// A vote: a member may vote for a task any number of times, and a vote may have lost either.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::votes)]
pub(crate) struct Vote {
    /// The key.
    #[entity(key)]
    pub(crate) id: i32,
    /// For what.
    #[entity(belongs_to(task: Task))]
    pub(crate) task_id: Option<Uuid>,
    /// By whom.
    #[entity(belongs_to(member: Member))]
    pub(crate) member_id: Option<i32>,
}

/// A ping of a watch, which has a key of two columns.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::pings, belongs_to(watch: Watch, by = (task_id, member_id)))]
pub(crate) struct Ping {
    /// The key.
    #[entity(key)]
    pub(crate) id: i16,
    /// The task.
    pub(crate) task_id: Uuid,
    /// The member, if known.
    pub(crate) member_id: Option<i32>,
}

/// Every table of the tracker.
pub(crate) const TABLES: &[&Table] =
    &[Team::TABLE, Member::TABLE, Task::TABLE, Note::TABLE, Watch::TABLE, Vote::TABLE, Ping::TABLE];

/// The key of the `n`-th task.
pub(crate) fn task_id(n: u32) -> Uuid {
    Uuid::from_u128(u128::from(n) << 64 | u128::from(n))
}
