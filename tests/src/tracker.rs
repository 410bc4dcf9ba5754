//! A richer tracker: keys of text, UUIDs and several columns, an entity that refers to itself, two relations to one
//! entity, links that can and cannot repeat, NULL wherever a reference may be, and a column of every scalar type.

use crate::tracker_schema as schema;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use persist::Table;
use persist::prelude::*;
use std::sync::Arc;
use uuid::Uuid;

/// How far a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Scalar)]
pub enum State {
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
pub struct Team {
    /// The key.
    #[entity(key)]
    pub name: String,
    /// What it says of itself.
    pub motto: Option<String>,
}

/// A member of a team, or of none.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::members)]
#[entity(has_many(reports: Member, by = manager))]
#[entity(has_many(owned: Task, by = owner), has_many(assigned: Task, by = assignee))]
#[entity(has_many(notes: Note, by = author))]
#[entity(many_to_many(watched: Task, through = Watch, from = member, to = task))]
pub struct Member {
    /// The key.
    #[entity(key)]
    pub id: i32,
    /// The name.
    pub name: String,
    /// How high.
    pub rank: Option<i32>,
    /// The team's name.
    #[entity(belongs_to(team: Team))]
    pub team_name: Option<String>,
    /// Another member.
    #[entity(belongs_to(manager: Member))]
    pub manager_id: Option<i32>,
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
pub struct Task {
    /// The key.
    #[entity(key)]
    pub id: Uuid,
    /// One line.
    pub title: String,
    /// How urgent it is.
    pub heat: i32,
    /// What it is worth.
    pub score: Option<f64>,
    /// How far it is.
    pub state: State,
    /// Whose it is.
    #[entity(belongs_to(owner: Member))]
    pub owner_id: i32,
    /// Who works on it.
    #[entity(belongs_to(assignee: Member))]
    pub assignee_id: Option<i32>,
}

/// A note, on a task or on nothing.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::notes)]
pub struct Note {
    /// The key.
    #[entity(key)]
    pub id: i64,
    /// The task.
    #[entity(belongs_to(task: Task))]
    pub task_id: Option<Uuid>,
    /// Who wrote it.
    #[entity(belongs_to(author: Member))]
    pub author_id: i32,
    /// What.
    pub body: String,
    /// Whether it stays on top.
    pub pinned: bool,
}

/// A member watches a task, once.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::watches, group = Watches, has_many(pings: Ping))]
pub struct Watch {
    /// The task.
    #[entity(key, belongs_to(task: Task))]
    pub task_id: Uuid,
    /// The member.
    #[entity(key, belongs_to(member: Member))]
    pub member_id: i32,
}

/// A vote: a member may vote for a task any number of times, and a vote may have lost either.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::votes)]
pub struct Vote {
    /// The key.
    #[entity(key)]
    pub id: i32,
    /// For what.
    #[entity(belongs_to(task: Task))]
    pub task_id: Option<Uuid>,
    /// By whom.
    #[entity(belongs_to(member: Member))]
    pub member_id: Option<i32>,
}

/// A ping of a watch, which has a key of two columns.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::pings, belongs_to(watch: Watch, by = (task_id, member_id)))]
pub struct Ping {
    /// The key.
    #[entity(key)]
    pub id: i16,
    /// The task.
    pub task_id: Uuid,
    /// The member, if known.
    pub member_id: Option<i32>,
}

/// A column of every scalar type.
#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = schema::things)]
#[allow(missing_docs, reason = "each column is named after its type")]
pub struct Thing {
    #[entity(key)]
    pub id: i64,
    pub truth: bool,
    pub small: i16,
    pub whole: i32,
    pub big: i64,
    pub single: f32,
    pub double: f64,
    pub text: String,
    pub bytes: Vec<u8>,
    pub day: NaiveDate,
    pub time: NaiveTime,
    pub moment: NaiveDateTime,
    pub zoned: DateTime<Utc>,
    pub uuid: Uuid,
    pub exact: rust_decimal::Decimal,
    pub json: serde_json::Value,
    pub maybe_text: Option<String>,
    pub maybe_whole: Option<i32>,
    pub maybe_exact: Option<rust_decimal::Decimal>,
    pub maybe_moment: Option<NaiveDateTime>,
    pub maybe_bytes: Option<Vec<u8>>,
}

/// Every table of the tracker.
pub const TABLES: &[&Table] =
    &[Team::TABLE, Member::TABLE, Task::TABLE, Note::TABLE, Watch::TABLE, Vote::TABLE, Ping::TABLE, Thing::TABLE];

/// A team's name.
#[derive(Debug, Clone, PartialEq, View)]
#[view(of = Team)]
pub struct TeamName {
    /// The name.
    pub name: String,
}

/// A member's name.
#[derive(Debug, Clone, PartialEq, View)]
#[view(of = Member)]
pub struct MemberName {
    /// The key.
    pub id: i32,
    /// The name.
    pub name: String,
}

/// A member with the team.
#[derive(Debug, Clone, PartialEq, View)]
#[view(of = Member, budget = 2, edges)]
pub struct MemberCard {
    /// Name and key.
    #[view(flatten)]
    pub member: MemberName,
    /// The team.
    pub team: Option<Arc<TeamName>>,
}

/// A member with those above and below.
#[derive(Debug, PartialEq, View)]
#[view(of = Member, budget = 5)]
pub struct MemberTree {
    /// Who.
    #[view(flatten)]
    pub card: MemberCard,
    /// The manager.
    pub manager: Option<Arc<MemberCard>>,
    /// Everybody below.
    pub reports: Vec<MemberName>,
    /// How many they are.
    #[view(count(reports))]
    pub report_count: i64,
}

/// A task in one line.
#[derive(Debug, Clone, PartialEq, View)]
#[view(of = Task)]
pub struct TaskLine {
    /// The key.
    pub id: Uuid,
    /// One line.
    pub title: String,
    /// How urgent.
    pub heat: i32,
}

/// A note with its author.
#[derive(Debug, PartialEq, View)]
#[view(of = Note, budget = 3, edges)]
pub struct NoteLine {
    /// The key.
    pub id: i64,
    /// What.
    pub body: String,
    /// Who.
    pub author: Arc<MemberCard>,
}

/// A task with every kind of relation.
#[derive(Debug, PartialEq, View)]
#[view(of = Task, edges = task_page)]
pub struct TaskPage {
    /// The task.
    #[view(flatten)]
    pub line: TaskLine,
    /// Whose.
    pub owner: Arc<MemberCard>,
    /// Who works on it.
    pub assignee: Option<Arc<MemberCard>>,
    /// All notes.
    pub notes: Vec<NoteLine>,
    /// Two of them.
    #[view(from = notes, limit = 2, order_by = (note::pinned.desc(), note::body.asc()))]
    pub top_notes: Vec<NoteLine>,
    /// Who watches.
    pub watchers: Vec<Arc<MemberCard>>,
    /// The first two who watch, by rank.
    #[view(from = watchers, limit = 2, order_by = (member::rank.desc(), member::name.asc()))]
    pub top_watchers: Vec<MemberName>,
    /// Who voted, as often as they did.
    pub voters: Vec<Arc<MemberName>>,
    /// How many votes.
    #[view(count(voters))]
    pub votes: i64,
    /// How many notes.
    #[view(count(notes))]
    pub note_count: i64,
}

/// A watch with its pings: a key of two columns on both sides.
#[derive(Debug, PartialEq, View)]
#[view(of = Watch)]
pub struct WatchPage {
    /// Who.
    pub member: Arc<MemberName>,
    /// What.
    pub task: Arc<TaskLine>,
    /// The pings.
    pub pings: Vec<Ping>,
    /// How many.
    #[view(count(pings))]
    pub ping_count: i64,
}

/// A ping with its watch.
#[derive(Debug, PartialEq, View)]
#[view(of = Ping)]
pub struct PingPage {
    /// The key.
    pub id: i16,
    /// The watch, if the ping has one.
    pub watch: Option<Arc<WatchLine>>,
}

/// A watch with its task.
#[derive(Debug, PartialEq, View)]
#[view(of = Watch)]
pub struct WatchLine {
    /// The member.
    pub member_id: i32,
    /// The task.
    pub task: Arc<TaskLine>,
}

/// A team with its members, their tasks, and the notes on those.
#[derive(Debug, PartialEq, View)]
#[view(of = Team)]
pub struct TeamPage {
    /// The name.
    pub name: String,
    /// Everybody, the highest first.
    #[view(order_by = member::rank.desc())]
    pub members: Vec<MemberTasks>,
}

/// A member with tasks.
#[derive(Debug, PartialEq, View)]
#[view(of = Member)]
pub struct MemberTasks {
    /// The name.
    pub name: String,
    /// Three hot ones.
    #[view(limit = 3, order_by = task::heat.desc())]
    pub owned: Vec<TaskNotes>,
    /// What is to be done.
    pub assigned: Arc<[TaskLine]>,
    /// What is watched.
    pub watched: Vec<Arc<TaskLine>>,
}

/// A task with notes.
#[derive(Debug, PartialEq, View)]
#[view(of = Task)]
pub struct TaskNotes {
    /// The task.
    pub title: String,
    /// The notes, as they are.
    pub notes: Vec<Note>,
}

/// A task whose relations come in orders of related rows and of counts.
#[derive(Debug, PartialEq, View)]
#[view(of = Task)]
pub struct TaskRanks {
    /// The task.
    pub title: String,
    /// The notes by their author's name.
    #[view(order_by = (note::author.by(member::name).desc(), note::body.asc()))]
    pub notes: Vec<Note>,
    /// Two of them, the lowest author's first.
    #[view(from = notes, limit = 2, order_by = (note::author.by(member::rank).asc(), note::author.by(member::name).asc()))]
    pub low_notes: Vec<Note>,
    /// Two who watch, by their team and by how much they have.
    #[view(from = watchers, limit = 2, order_by = (member::team.by(team::motto).asc(), member::owned.count().desc()))]
    pub watchers: Vec<MemberName>,
    /// Who voted, those who watch most first.
    #[view(order_by = (member::watched.count().desc(), member::manager.by(member::name).asc()))]
    pub voters: Vec<Arc<MemberName>>,
}

/// The key of the `n`-th task.
#[must_use]
pub fn task_id(n: u32) -> Uuid {
    Uuid::from_u128(u128::from(n) << 64 | u128::from(n))
}
