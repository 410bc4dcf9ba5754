//! Views of the tracker with every kind of relation and container.

use crate::tracker::*;
use persist::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// What a task may have one of.
#[derive(Debug, PartialEq, View)]
#[view(of = Task)]
pub struct TaskSole {
    /// The key.
    pub id: Uuid,
    /// The vote, if there is one; two are an error.
    pub vote: Option<VoteLine>,
    /// The pinned note.
    pub top: Option<Arc<NoteLine>>,
}

/// A vote with its voter.
#[derive(Debug, PartialEq, View)]
#[view(of = Vote)]
pub struct VoteLine {
    /// The key.
    pub id: i32,
    /// Who.
    pub member: Option<Arc<MemberName>>,
}

/// Two relations over one inverse, with conditions of their own and of the view's.
#[derive(Debug, PartialEq, View)]
#[view(of = Task)]
pub struct TaskParts {
    /// All.
    pub notes: Vec<Note>,
    /// In the relation's order.
    pub pinned: Vec<NoteLine>,
    /// The first of them.
    #[view(from = pinned, limit = 1)]
    pub first_pinned: Vec<Note>,
    /// In the view's order.
    #[view(order_by = note::body.asc())]
    pub loose: Arc<[Note]>,
    /// Some of them.
    #[view(from = loose, filter = note::body.ne("a"))]
    pub other: Vec<Arc<Note>>,
    /// The first of each.
    #[view(from = notes, filter = note::body.ne("a") & !note::pinned.eq(true), limit = 1)]
    pub first_other: Vec<Note>,
    /// How many are pinned.
    #[view(count(pinned))]
    pub pinned_count: i64,
    /// How many are not, of some.
    #[view(count(loose), filter = note::body.ne("a"))]
    pub other_count: i64,
    /// Who watches and is senior.
    pub seniors: Vec<Arc<MemberName>>,
    /// The first of these.
    #[view(from = seniors, limit = 1, order_by = member::rank.desc())]
    pub first_senior: Vec<MemberName>,
    /// Of these, some.
    #[view(count(seniors), filter = member::team_name.is_null())]
    pub free_seniors: i64,
    /// Of all, some.
    #[view(from = watchers, filter = member::rank.ge(2))]
    pub also_seniors: Vec<Arc<MemberName>>,
}

/// Rows with their links.
#[derive(Debug, PartialEq, View)]
#[view(of = Task)]
pub struct TaskLinks {
    /// As often as they voted, with each vote.
    pub voters: Vec<(Vote, Arc<MemberCard>)>,
    /// The last two votes.
    #[view(limit = 2)]
    pub last_voters: Vec<(VoteLine, MemberName)>,
    /// By name, then by the link.
    #[view(from = voters, order_by = member::name.asc(), link_order_by = vote::id.desc())]
    pub by_name: Vec<(VoteLine, Arc<MemberName>)>,
    /// The link has relations too.
    pub watchers: Vec<(WatchPage, MemberName)>,
    /// With a condition.
    pub seniors: Vec<(WatchLine, Arc<MemberCard>)>,
}

/// Rows by their key.
#[derive(Debug, PartialEq, View)]
#[view(of = Task)]
pub struct TaskMaps {
    /// Owned.
    pub notes: BTreeMap<i64, NoteLine>,
    /// Owned, shared.
    #[view(filter = note::body.ne("a"))]
    pub pinned: BTreeMap<i64, Arc<Note>>,
    /// Shared.
    pub watchers: BTreeMap<i32, Arc<MemberCard>>,
    /// Cloned.
    pub seniors: BTreeMap<i32, MemberName>,
}

/// Rows by another column, of which two may hold the same.
#[derive(Debug, PartialEq, View)]
#[view(of = Task)]
pub struct TaskMapsBy {
    /// Owned.
    #[view(by = note::body)]
    pub pinned: BTreeMap<String, NoteLine>,
    /// By a column that may be NULL.
    #[view(by = member::rank)]
    pub seniors: BTreeMap<Option<i32>, Arc<MemberName>>,
    /// The same rows by another column.
    #[view(from = seniors, by = member::name)]
    pub by_name: BTreeMap<String, MemberName>,
}
