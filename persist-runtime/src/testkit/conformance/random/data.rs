//! Random rows of the tracker; in some, references lead nowhere.

use super::super::domain::data::Data;
use super::super::domain::*;
use super::draw::Draw;
use super::test::pick;
use uuid::Uuid;

/// The bytes that the values of a row are made of.
type Seed = [u8; 6];

/// Random rows of every table.
pub(crate) fn data(draw: &mut Draw) -> Data {
    let broken = draw.one_in(4);
    let mut rows = |most: u64| (0..draw.below(most)).map(|_| draw.bytes()).collect::<Vec<Seed>>();
    let [teams, members, tasks, notes, watches, votes, pings] = [4, 7, 9, 12, 12, 10, 8].map(&mut rows);
    let teams = unique_by(teams.iter().map(|r| Team { name: pick(r[0]), motto: pick(r[1]) }), |team| team.name.clone());
    let mut made = Made { broken, teams: teams.len(), members: members.len(), tasks: 0 };
    let members = numbered(&members, |id, r| Some(made.member(&teams, id, r)));
    let tasks = numbered(&tasks, |id, r| made.task(id, r));
    made.tasks = tasks.len();
    let notes = numbered(&notes, |id, r| made.note(id, r));
    let watches = unique_by(watches.iter().filter_map(|r| made.watch(r)), |watch| (watch.task_id, watch.member_id));
    let votes = numbered(&votes, |id, r| Some(made.vote(id, r)));
    let pings = numbered(&pings, |id, r| made.ping(&watches, id, r));
    Data { teams, members, tasks, notes, watches, votes, pings }
}

fn unique_by<T, K: Ord>(rows: impl Iterator<Item = T>, key: impl Fn(&T) -> K) -> Vec<T> {
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by_key(&key);
    rows.dedup_by_key(|row| key(row));
    rows
}

fn numbered<T>(seeds: &[Seed], row: impl Fn(u8, &Seed) -> Option<T>) -> Vec<T> {
    (0..).zip(seeds).filter_map(|(id, seed)| row(id, seed)).collect()
}

/// What there is to refer to.
struct Made {
    /// Whether references may lead nowhere.
    broken: bool,
    teams: usize,
    members: usize,
    tasks: usize,
}

impl Made {
    fn target(&self, n: u8, there: usize) -> Option<u8> {
        match u8::try_from(there) {
            _ if self.broken => Some(n % 12),
            Ok(1..) => Some(n % there as u8),
            _ => None,
        }
    }

    fn maybe(&self, n: u8, there: usize) -> Option<u8> {
        if n.is_multiple_of(4) { None } else { self.target(n / 4, there) }
    }

    fn some_member(&self, n: u8) -> Option<i32> {
        self.maybe(n, self.members).map(Into::into)
    }

    fn some_task(&self, n: u8) -> Option<Uuid> {
        self.maybe(n, self.tasks).map(|n| task_id(n.into()))
    }

    fn member(&self, teams: &[Team], id: u8, r: &Seed) -> Member {
        let name = |n: u8| teams.get(usize::from(n)).map_or_else(|| "gone".to_owned(), |team| team.name.clone());
        Member {
            id: id.into(),
            name: pick(r[0]),
            rank: pick(r[1]),
            team_name: self.maybe(r[2], self.teams).map(name),
            manager_id: self.some_member(r[3]),
        }
    }

    fn task(&self, id: u8, r: &Seed) -> Option<Task> {
        Some(Task {
            id: task_id(id.into()),
            title: pick(r[0]),
            heat: pick(r[1]),
            score: pick(r[2]),
            state: pick(r[3]),
            owner_id: self.target(r[4], self.members)?.into(),
            assignee_id: self.some_member(r[5]),
        })
    }

    fn note(&self, id: u8, r: &Seed) -> Option<Note> {
        Some(Note {
            id: id.into(),
            task_id: self.some_task(r[0]),
            author_id: self.target(r[1], self.members)?.into(),
            body: pick(r[2]),
            pinned: pick(r[3]),
        })
    }

    fn watch(&self, r: &Seed) -> Option<Watch> {
        let task_id = task_id(self.target(r[0], self.tasks)?.into());
        Some(Watch { task_id, member_id: self.target(r[1], self.members)?.into() })
    }

    fn vote(&self, id: u8, r: &Seed) -> Vote {
        Vote { id: id.into(), task_id: self.some_task(r[0]), member_id: self.some_member(r[1]) }
    }

    fn ping(&self, watches: &[Watch], id: u8, r: &Seed) -> Option<Ping> {
        let id = id.into();
        if self.broken {
            return Some(Ping { id, task_id: pick(r[0]), member_id: pick(r[1]) });
        }
        let watch = watches.get(usize::from(r[0]) % watches.len().max(1))?;
        Some(Ping { id, task_id: watch.task_id, member_id: (!r[1].is_multiple_of(3)).then_some(watch.member_id) })
    }
}
