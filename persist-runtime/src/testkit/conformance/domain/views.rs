//! Views of the tracker with every kind of relation and container.

use super::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A team's name.
#[derive(Debug, Clone, PartialEq, View)]
#[view(of = Team)]
pub(crate) struct TeamName {
    /// The name.
    pub(crate) name: String,
}

/// A member's name.
#[derive(Debug, Clone, PartialEq, View)]
#[view(of = Member)]
pub(crate) struct MemberName {
    /// The key.
    pub(crate) id: i32,
    /// The name.
    pub(crate) name: String,
}

/// A member with the team.
#[derive(Debug, Clone, PartialEq, View)]
#[view(of = Member, budget = 2)]
pub(crate) struct MemberCard {
    /// Name and key.
    #[view(flatten)]
    pub(crate) member: MemberName,
    /// The team.
    pub(crate) team: Option<Arc<TeamName>>,
}

/// A member with those above and below.
#[derive(Debug, PartialEq, View)]
#[view(of = Member, budget = 5)]
pub(crate) struct MemberTree {
    /// Who.
    #[view(flatten)]
    pub(crate) card: MemberCard,
    /// The manager.
    pub(crate) manager: Option<Arc<MemberCard>>,
    /// Everybody below.
    pub(crate) reports: Vec<MemberName>,
    /// How many they are.
    #[view(count(reports))]
    pub(crate) report_count: i64,
}

/// A task in one line.
#[derive(Debug, Clone, PartialEq, View)]
#[view(of = Task)]
pub(crate) struct TaskLine {
    /// The key.
    pub(crate) id: Uuid,
    /// One line.
    pub(crate) title: String,
    /// How urgent.
    pub(crate) heat: i32,
}

/// A note with its author.
#[derive(Debug, PartialEq, View)]
#[view(of = Note, budget = 3)]
pub(crate) struct NoteLine {
    /// The key.
    pub(crate) id: i64,
    /// What.
    pub(crate) body: String,
    /// Who.
    pub(crate) author: Arc<MemberCard>,
}

/// A task with every kind of relation.
#[derive(Debug, PartialEq, View)]
#[view(of = Task)]
pub(crate) struct TaskPage {
    /// The task.
    #[view(flatten)]
    pub(crate) line: TaskLine,
    /// Whose.
    pub(crate) owner: Arc<MemberCard>,
    /// Who works on it.
    pub(crate) assignee: Option<Arc<MemberCard>>,
    /// All notes.
    pub(crate) notes: Vec<NoteLine>,
    /// Two of them.
    #[view(from = notes, limit = 2, order_by = (note::pinned.desc(), note::body.asc()))]
    pub(crate) top_notes: Vec<NoteLine>,
    /// Who watches.
    pub(crate) watchers: Vec<Arc<MemberCard>>,
    /// The first two who watch, by rank.
    #[view(from = watchers, limit = 2, order_by = (member::rank.desc(), member::name.asc()))]
    pub(crate) top_watchers: Vec<MemberName>,
    /// Who voted, as often as they did.
    pub(crate) voters: Vec<Arc<MemberName>>,
    /// How many votes.
    #[view(count(voters))]
    pub(crate) votes: i64,
    /// How many notes.
    #[view(count(notes))]
    pub(crate) note_count: i64,
}

/// A watch with its pings: a key of two columns on both sides.
#[derive(Debug, PartialEq, View)]
#[view(of = Watch)]
pub(crate) struct WatchPage {
    /// Who.
    pub(crate) member: Arc<MemberName>,
    /// What.
    pub(crate) task: Arc<TaskLine>,
    /// The pings.
    pub(crate) pings: Vec<Ping>,
    /// How many.
    #[view(count(pings))]
    pub(crate) ping_count: i64,
}

/// A ping with its watch.
#[derive(Debug, PartialEq, View)]
#[view(of = Ping)]
pub(crate) struct PingPage {
    /// The key.
    pub(crate) id: i16,
    /// The watch, if the ping has one.
    pub(crate) watch: Option<Arc<WatchLine>>,
}

/// A watch with its task.
#[derive(Debug, PartialEq, View)]
#[view(of = Watch)]
pub(crate) struct WatchLine {
    /// The member.
    pub(crate) member_id: i32,
    /// The task.
    pub(crate) task: Arc<TaskLine>,
}

/// A team with its members, their tasks, and the notes on those.
#[derive(Debug, PartialEq, View)]
#[view(of = Team)]
pub(crate) struct TeamPage {
    /// The name.
    pub(crate) name: String,
    /// Everybody, the highest first.
    #[view(order_by = member::rank.desc())]
    pub(crate) members: Vec<MemberTasks>,
}

/// A member with tasks.
#[derive(Debug, PartialEq, View)]
#[view(of = Member)]
pub(crate) struct MemberTasks {
    /// The name.
    pub(crate) name: String,
    /// Three hot ones.
    #[view(limit = 3, order_by = task::heat.desc())]
    pub(crate) owned: Vec<TaskNotes>,
    /// What is to be done.
    pub(crate) assigned: Arc<[TaskLine]>,
    /// What is watched.
    pub(crate) watched: Vec<Arc<TaskLine>>,
}

/// A task with notes.
#[derive(Debug, PartialEq, View)]
#[view(of = Task)]
pub(crate) struct TaskNotes {
    /// The task.
    pub(crate) title: String,
    /// The notes, as they are.
    pub(crate) notes: Vec<Note>,
}

/// A task whose relations come in orders of related rows and of counts.
#[derive(Debug, PartialEq, View)]
#[view(of = Task)]
pub(crate) struct TaskRanks {
    /// The task.
    pub(crate) title: String,
    /// The notes by their author's name.
    #[view(order_by = (note::author.by(member::name).desc(), note::body.asc()))]
    pub(crate) notes: Vec<Note>,
    /// Two of them, the lowest author's first.
    #[view(from = notes, limit = 2, order_by = (note::author.by(member::rank).asc(), note::author.by(member::name).asc()))]
    pub(crate) low_notes: Vec<Note>,
    /// Two who watch, by their team and by how much they have.
    #[view(from = watchers, limit = 2, order_by = (member::team.by(team::motto).asc(), member::owned.count().desc()))]
    pub(crate) watchers: Vec<MemberName>,
    /// Who voted, those who watch most first.
    #[view(order_by = (member::watched.count().desc(), member::manager.by(member::name).asc()))]
    pub(crate) voters: Vec<Arc<MemberName>>,
}

/// What a task may have one of.
#[derive(Debug, PartialEq, View)]
#[view(of = Task)]
pub(crate) struct TaskSole {
    /// The key.
    pub(crate) id: Uuid,
    /// The vote, if there is one; two are an error.
    pub(crate) vote: Option<VoteLine>,
    /// The pinned note.
    pub(crate) top: Option<Arc<NoteLine>>,
}

/// A vote with its voter.
#[derive(Debug, PartialEq, View)]
#[view(of = Vote)]
pub(crate) struct VoteLine {
    /// The key.
    pub(crate) id: i32,
    /// Who.
    pub(crate) member: Option<Arc<MemberName>>,
}

/// Two relations over one inverse, with conditions of their own and of the view's.
#[derive(Debug, PartialEq, View)]
#[view(of = Task)]
pub(crate) struct TaskParts {
    /// All.
    pub(crate) notes: Vec<Note>,
    /// In the relation's order.
    pub(crate) pinned: Vec<NoteLine>,
    /// The first of them.
    #[view(from = pinned, limit = 1)]
    pub(crate) first_pinned: Vec<Note>,
    /// In the view's order.
    #[view(order_by = note::body.asc())]
    pub(crate) loose: Arc<[Note]>,
    /// Some of them.
    #[view(from = loose, filter = note::body.ne("a"))]
    pub(crate) other: Vec<Arc<Note>>,
    /// The first of each.
    #[view(from = notes, filter = note::body.ne("a") & !note::pinned.eq(true), limit = 1)]
    pub(crate) first_other: Vec<Note>,
    /// How many are pinned.
    #[view(count(pinned))]
    pub(crate) pinned_count: i64,
    /// How many are not, of some.
    #[view(count(loose), filter = note::body.ne("a"))]
    pub(crate) other_count: i64,
    /// Who watches and is senior.
    pub(crate) seniors: Vec<Arc<MemberName>>,
    /// The first of these.
    #[view(from = seniors, limit = 1, order_by = member::rank.desc())]
    pub(crate) first_senior: Vec<MemberName>,
    /// Of these, some.
    #[view(count(seniors), filter = member::team_name.is_null())]
    pub(crate) free_seniors: i64,
    /// Of all, some.
    #[view(from = watchers, filter = member::rank.ge(2))]
    pub(crate) also_seniors: Vec<Arc<MemberName>>,
}

/// Rows with their links.
#[derive(Debug, PartialEq, View)]
#[view(of = Task)]
pub(crate) struct TaskLinks {
    /// As often as they voted, with each vote.
    pub(crate) voters: Vec<(Vote, Arc<MemberCard>)>,
    /// The last two votes.
    #[view(limit = 2)]
    pub(crate) last_voters: Vec<(VoteLine, MemberName)>,
    /// By name, then by the link.
    #[view(from = voters, order_by = member::name.asc(), link_order_by = vote::id.desc())]
    pub(crate) by_name: Vec<(VoteLine, Arc<MemberName>)>,
    /// The link has relations too.
    pub(crate) watchers: Vec<(WatchPage, MemberName)>,
    /// With a condition.
    pub(crate) seniors: Vec<(WatchLine, Arc<MemberCard>)>,
}

/// Rows by their key.
#[derive(Debug, PartialEq, View)]
#[view(of = Task)]
pub(crate) struct TaskMaps {
    /// Owned.
    pub(crate) notes: BTreeMap<i64, NoteLine>,
    /// Owned, shared.
    #[view(filter = note::body.ne("a"))]
    pub(crate) pinned: BTreeMap<i64, Arc<Note>>,
    /// Shared.
    pub(crate) watchers: BTreeMap<i32, Arc<MemberCard>>,
    /// Cloned.
    pub(crate) seniors: BTreeMap<i32, MemberName>,
}

/// Rows by another column, of which two may hold the same.
#[derive(Debug, PartialEq, View)]
#[view(of = Task)]
pub(crate) struct TaskMapsBy {
    /// Owned.
    #[view(by = note::body)]
    pub(crate) pinned: BTreeMap<String, NoteLine>,
    /// By a column that may be NULL.
    #[view(by = member::rank)]
    pub(crate) seniors: BTreeMap<Option<i32>, Arc<MemberName>>,
    /// The same rows by another column.
    #[view(from = seniors, by = member::name)]
    pub(crate) by_name: BTreeMap<String, MemberName>,
}
