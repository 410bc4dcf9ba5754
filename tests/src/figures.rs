//! Views and requests of the tracker that are aggregates.

use crate::tracker::*;
use persist::prelude::*;
use persist::{Context, Error};
use std::collections::BTreeMap;
use std::fmt::Debug;

/// Every aggregate of the notes of a task, of those who watch it and of those who voted, some twice.
#[derive(Debug, PartialEq, View)]
#[view(of = Task, budget = 5)]
#[allow(missing_docs, reason = "each field is named after what it is")]
pub struct TaskFigures {
    pub id: uuid::Uuid,
    #[view(exists(notes))]
    pub any_note: bool,
    #[view(count(notes))]
    pub notes: i64,
    #[view(min(notes, note::body))]
    pub first_body: Option<String>,
    #[view(max(notes, note::body))]
    pub last_body: Option<String>,
    #[view(sum(notes, note::author_id))]
    pub authors: i64,
    #[view(max(notes, note::pinned))]
    pub pinned: Option<bool>,
    #[view(max(watchers, member::rank))]
    pub highest: Option<i32>,
    #[view(min(watchers, member::name))]
    pub first_watcher: Option<String>,
    #[view(avg(watchers, member::rank))]
    pub mean_rank: Option<f64>,
    #[view(count(watchers), filter = member::rank.gt(1))]
    pub high_watchers: i64,
    #[view(sum(watchers, member::rank), filter = member::rank.gt(1))]
    pub high_ranks: i64,
    #[view(exists(voters))]
    pub any_vote: bool,
    #[view(sum(voters, member::rank))]
    pub votes_by_rank: i64,
}

/// Aggregates of a member's tasks, one relation after the other, and below a relation.
#[derive(Debug, PartialEq, View)]
#[view(of = Member, budget = 7)]
#[allow(missing_docs, reason = "each field is named after what it is")]
pub struct MemberFigures {
    #[view(flatten)]
    pub hot: HotMember,
    #[view(avg(owned, task::score))]
    pub mean_score: Option<f64>,
    #[view(sum(owned, task::score))]
    pub score: f64,
    #[view(min(owned, task::state))]
    pub first_state: Option<State>,
    #[view(max(owned, task::id))]
    pub last_task: Option<uuid::Uuid>,
    #[view(count(owned), filter = task::state.eq(State::Open))]
    pub open: i64,
    #[view(max(owned, task::heat), filter = task::state.eq(State::Open))]
    pub hottest_open: Option<i32>,
    #[view(max(owned, task::heat), filter = !task::state.eq(State::Open))]
    pub hottest_closed: Option<i32>,
    #[view(exists(assigned))]
    pub busy: bool,
    #[view(max(watched, task::heat))]
    pub hottest_watched: Option<i32>,
    pub reports: Vec<HotMember>,
}

/// Aggregates in a view that others flatten.
#[derive(Debug, PartialEq, View)]
#[view(of = Member)]
#[allow(missing_docs, reason = "each field is named after what it is")]
pub struct HotMember {
    pub id: i32,
    #[view(sum(owned, task::heat))]
    pub heat: i64,
    #[view(count(owned))]
    pub owned: i64,
}

/// Aggregates by a key of two columns.
#[derive(Debug, PartialEq, View)]
#[view(of = Watch, budget = 2)]
#[allow(missing_docs, reason = "each field is named after what it is")]
pub struct WatchFigures {
    pub member_id: i32,
    #[view(exists(pings))]
    pub pinged: bool,
    #[view(max(pings, ping::id))]
    pub last_ping: Option<i16>,
}

/// The figures of whole groups, as text.
pub trait GroupFigures {
    /// Some figures of the group and of its parts.
    ///
    /// # Errors
    /// When the store cannot tell.
    fn figures(&self, context: &mut Context<'_>) -> Result<String, Error>;
}

fn sorted<K: Ord, V>(parts: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    parts.into_iter().collect()
}

fn text(figures: impl Debug) -> String {
    format!("{figures:?}")
}

impl GroupFigures for Tasks {
    fn figures(&self, context: &mut Context<'_>) -> Result<String, Error> {
        let whole = (self.min(task::title), self.max(task::score), self.sum(task::heat), self.avg(task::score));
        let more = (self.max(task::id), self.min(task::state), self.sum(task::score), self.avg(task::heat));
        let by = (
            self.by(task::owner).max(task::heat),
            self.by(task::assignee).count(),
            self.by(task::title).avg(task::score),
        );
        let values = (self.values(task::title), self.values(task::score), self.values(task::assignee_id));
        let values = (values, self.values(task::state), self.values(task::id));
        let (whole, more, by, values) = context.realise((whole, more, by, values))?;
        Ok(text((whole, more, sorted(by.0), sorted(by.1), sorted(by.2), values)))
    }
}

impl GroupFigures for Members {
    fn figures(&self, context: &mut Context<'_>) -> Result<String, Error> {
        let whole =
            (self.max(member::name), self.sum(member::rank), self.avg(member::rank), self.min(member::team_name));
        let by = (self.by(member::team).sum(member::rank), self.by(member::rank).count());
        let values = (self.values(member::name), self.values(member::team_name));
        let (whole, by, values) = context.realise((whole, by, values))?;
        Ok(text((whole, sorted(by.0), sorted(by.1), values)))
    }
}

impl GroupFigures for Teams {
    fn figures(&self, context: &mut Context<'_>) -> Result<String, Error> {
        let values = self.values(team::motto);
        let (least, by, values) =
            context.realise((self.min(team::motto), self.by(team::motto).max(team::name), values))?;
        Ok(text((least, sorted(by), values)))
    }
}

impl GroupFigures for Notes {
    fn figures(&self, context: &mut Context<'_>) -> Result<String, Error> {
        let whole = (self.min(note::pinned), self.sum(note::id));
        let values = (self.values(note::pinned), self.values(note::body));
        let (whole, by, values) = context.realise((whole, self.by(note::pinned).min(note::task_id), values))?;
        Ok(text((whole, sorted(by), values)))
    }
}

impl GroupFigures for Watches {
    fn figures(&self, context: &mut Context<'_>) -> Result<String, Error> {
        let (greatest, by) = context.realise((self.max(watch::task_id), self.by(watch::member).count()))?;
        Ok(text((greatest, sorted(by))))
    }
}

impl GroupFigures for Votes {
    fn figures(&self, context: &mut Context<'_>) -> Result<String, Error> {
        let (sum, by) = context.realise((self.sum(vote::member_id), self.by(vote::task).count()))?;
        Ok(text((sum, sorted(by))))
    }
}

impl GroupFigures for Pings {
    fn figures(&self, context: &mut Context<'_>) -> Result<String, Error> {
        let (sum, by) = context.realise((self.sum(ping::id), self.by(ping::watch).max(ping::id)))?;
        Ok(text((sum, sorted(by))))
    }
}
