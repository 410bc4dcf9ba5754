//! Rows of the tracker, as many as a case wants.

#![allow(clippy::cast_possible_wrap, clippy::cast_possible_truncation, reason = "a few hundred rows")]

use super::{Member, Note, Ping, State, Task, Team, Vote, Watch, task_id};
use crate::context::{Context, Error};

/// Rows of every table but the one of all types.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Data {
    pub(crate) teams: Vec<Team>,
    pub(crate) members: Vec<Member>,
    pub(crate) tasks: Vec<Task>,
    pub(crate) notes: Vec<Note>,
    pub(crate) watches: Vec<Watch>,
    pub(crate) votes: Vec<Vote>,
    pub(crate) pings: Vec<Ping>,
}

impl Data {
    /// `n` tasks and `n` members, with everything that belongs to them: each table has a row even for one, no reference
    /// leads nowhere, some are NULL, many are shared, and some links and notes repeat.
    pub(crate) fn of(n: u32) -> Self {
        let members_of = n.max(1);
        let some = |n: u32, every: u32, value: u32| (n == 0 || n % every != 1).then_some((value % members_of) as i32);
        let teams = (0..n.div_ceil(10))
            .map(|t| Team { name: format!("team {t}"), motto: (t % 2 == 0).then(|| format!("motto {t}")) });
        let members = (0..n).map(|m| Member {
            id: m as i32,
            name: format!("member {}", m % 7),
            rank: (m % 5 != 1).then_some((m % 11) as i32),
            team_name: (m % 4 != 1).then(|| format!("team {}", m / 10)),
            manager_id: some(m, 3, m / 4),
        });
        let tasks = (0..n).map(|t| Task {
            id: task_id(t),
            title: format!("task {}", t % 13),
            heat: (t * 7 % 17) as i32,
            score: (t % 3 != 1).then(|| f64::from(t % 9) / 2.0),
            state: [State::Open, State::Closed, State::OnHold][(t % 3) as usize],
            owner_id: (t / 3) as i32,
            assignee_id: some(t, 2, t / 2),
        });
        let notes = (0..n + n / 2).map(|i| Note {
            id: i64::from(i),
            task_id: (i % 6 != 5).then(|| task_id(i % n.div_ceil(2))),
            author_id: (i % n) as i32,
            body: format!("note {}", i % 3),
            pinned: i % 4 == 0,
        });
        let watches = (0..n).map(|w| Watch { task_id: task_id(w / 2), member_id: (w * 3 % n / 2 * 2 + w % 2) as i32 });
        let votes = (0..n).map(|v| Vote {
            id: v as i32,
            task_id: (v % 5 != 4).then(|| task_id(v / 3)),
            member_id: some(v, 7, v % 5),
        });
        let mut data = Self {
            teams: teams.collect(),
            members: members.collect(),
            tasks: tasks.collect(),
            notes: notes.collect(),
            watches: watches.collect(),
            votes: votes.collect(),
            pings: Vec::new(),
        };
        data.watches.iter_mut().for_each(|watch| watch.member_id %= members_of as i32);
        data.watches.sort_by_key(|watch| (watch.task_id, watch.member_id));
        data.watches.dedup();
        let pings = data.watches.iter().take(20_000).enumerate().map(|(p, watch)| Ping {
            id: p as i16,
            task_id: watch.task_id,
            member_id: (p % 3 != 1).then_some(watch.member_id),
        });
        data.pings = pings.collect();
        data
    }

    /// Writes all rows.
    ///
    /// # Errors
    /// When the store refuses one.
    pub(crate) fn insert(&self, context: &mut Context<'_>) -> Result<(), Error> {
        context.insert_all(&self.teams)?;
        context.insert_all(&self.members)?;
        context.insert_all(&self.tasks)?;
        context.insert_all(&self.notes)?;
        context.insert_all(&self.watches)?;
        context.insert_all(&self.votes)?;
        context.insert_all(&self.pings)
    }
}
