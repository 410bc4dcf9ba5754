//! What is left of a lenient realise: rows that do not fit are out already; here those go that cannot be whole without
//! them, children before parents.

use super::error::{Problem, RowError};
use super::run::{EdgeRun, Run, TargetKind};
use crate::view::{NOWHERE, Node};

/// An error, and where it was met.
pub(super) struct Noted {
    pub(super) error: RowError,
    pub(super) at: At,
}

/// Where an error was met: it concerns the requests whose answers come from there.
pub(super) enum At {
    /// The number, or the place in an order, that a request has for an answer.
    Root(usize),
    /// A row that is not among those of this pool.
    Pool(usize),
    /// The n-th row of a pool.
    Row(usize, usize),
    /// What these targets hold for some keys.
    Targets(Vec<usize>),
}

/// What one request's answer is made from.
pub(super) struct Reach {
    root: usize,
    pools: Vec<bool>,
    targets: Vec<bool>,
}

impl Reach {
    pub(super) fn concerns(&self, noted: &Noted) -> bool {
        match &noted.at {
            At::Root(root) => *root == self.root,
            At::Pool(pool) | At::Row(pool, _) => self.pools[*pool],
            At::Targets(targets) => targets.iter().any(|target| self.targets[*target]),
        }
    }
}

impl Run {
    /// What the answer of a request, whose rows (if any) are those of `pool`, is made from.
    pub(super) fn reach(&self, root: usize, pool: Option<usize>) -> Reach {
        let (pools, targets) = (vec![false; self.pools.len()], vec![false; self.targets.len()]);
        let mut reach = Reach { root, pools, targets };
        let mut ahead: Vec<usize> = pool.into_iter().collect();
        while let Some(pool) = ahead.pop() {
            if std::mem::replace(&mut reach.pools[pool], true) {
                continue;
            }
            for run in &self.pools[pool].edges {
                self.reach_target(run.target, &mut reach, &mut ahead);
            }
        }
        reach
    }

    fn reach_target(&self, target: usize, reach: &mut Reach, ahead: &mut Vec<usize>) {
        reach.targets[target] = true;
        match self.targets[target].kind {
            TargetKind::Rows(pool) => ahead.push(pool),
            TargetKind::Links { far_target, link_pool, .. } => {
                ahead.extend(link_pool);
                self.reach_target(far_target, reach, ahead);
            }
            TargetKind::Figures { .. } => {}
        }
    }

    /// Leaves out every row that is not whole, each with an error.
    pub(super) fn leave_out(&mut self) {
        let mut sieve = Sieve { whole: vec![None; self.pools.len()], run: self };
        // The last levels of trees first, so that no stack is as deep as a tree.
        let levels: Vec<_> = sieve.run.levels.iter().rev().map(|(pool, _)| *pool).collect();
        for pool in levels.into_iter().chain(0..sieve.run.pools.len()) {
            sieve.sift(pool);
        }
        let Sieve { run, whole } = sieve;
        for (pool, keep) in run.pools.iter_mut().zip(whole) {
            let keep = keep.unwrap_or_default();
            if keep.iter().all(|keep| *keep) {
                continue;
            }
            pool.rows.retain(&keep);
            retain(&mut pool.owners, &keep);
            pool.edges.iter_mut().for_each(|run| retain(&mut run.slots, &keep));
            pool.loaded.iter_mut().for_each(|run| retain(&mut run.places, &keep));
            let mut next = 0..;
            let places: Vec<_> =
                keep.iter().map(|keep| keep.then(|| next.next()).flatten().unwrap_or(NOWHERE)).collect();
            for position in &mut pool.positions {
                *position = places.get(*position as usize).copied().unwrap_or(NOWHERE);
            }
            pool.len = next.start;
        }
    }
}

fn retain<T>(rows: &mut Vec<T>, keep: &[bool]) {
    let mut keep = keep.iter();
    rows.retain(|_| keep.next().is_none_or(|keep| *keep));
}

struct Sieve<'r> {
    run: &'r mut Run,
    /// For each pool that was looked at, which of its rows are whole.
    whole: Vec<Option<Vec<bool>>>,
}

impl Sieve<'_> {
    fn sift(&mut self, at: usize) {
        if self.whole[at].is_some() {
            return;
        }
        let mut whole = vec![true; self.run.pools[at].len as usize];
        // These have an error of their own.
        for noted in &self.run.errors {
            if let At::Row(pool, row) = noted.at
                && pool == at
            {
                whole[row] = false;
            }
        }
        self.whole[at] = Some(Vec::new());
        let edges = std::mem::take(&mut self.run.pools[at].edges);
        for run in &edges {
            let broken = self.broken(run);
            for (row, slot) in run.slots.iter().enumerate() {
                if whole[row] && broken.get(*slot as usize) == Some(&true) {
                    whole[row] = false;
                    let pool = &self.run.pools[at];
                    let key = pool.keys.as_ref().map(|keys| keys.get(row)).unwrap_or_default();
                    let error = left_out(pool.node, run, key);
                    self.run.errors.push(Noted { error, at: At::Row(at, row) });
                }
            }
        }
        self.run.pools[at].edges = edges;
        self.whole[at] = Some(whole);
    }

    /// For each key of a relation, whether something of what it leads to is left out.
    fn broken(&mut self, run: &EdgeRun) -> Vec<bool> {
        let mut broken = self.broken_rows(run.target, self.run.spaces[run.space].len());
        if let TargetKind::Links { far_space, far_target, link_pool, .. } = self.run.targets[run.target].kind {
            if let Some(links) = link_pool {
                self.break_owners(links, &mut broken);
            }
            let far = self.broken_rows(far_target, self.run.spaces[far_space].len());
            if let TargetKind::Links { pairs, .. } = &self.run.targets[run.target].kind {
                let lost = pairs.iter().filter(|(_, to)| far.get(*to as usize) == Some(&true));
                lost.for_each(|(near, _)| broken[*near as usize] = true);
            }
        }
        broken
    }

    fn broken_rows(&mut self, target: usize, slots: usize) -> Vec<bool> {
        let mut broken = vec![false; slots];
        for slot in &self.run.targets[target].failed {
            broken[*slot as usize] = true;
        }
        if let TargetKind::Rows(pool) = self.run.targets[target].kind {
            self.break_owners(pool, &mut broken);
        }
        broken
    }

    fn break_owners(&mut self, pool: usize, broken: &mut [bool]) {
        self.sift(pool);
        let whole = self.whole[pool].as_deref().unwrap_or_default();
        for (owner, whole) in self.run.pools[pool].owners.iter().zip(whole) {
            broken[*owner as usize] |= !whole;
        }
    }
}

fn left_out(node: &Node, run: &EdgeRun, key: Vec<crate::entity::Value>) -> RowError {
    let problem = Problem::LeftOut { entity: run.edge.relation.to.entity };
    RowError {
        entity: node.table.entity,
        view: node.view,
        field: run.edge.field,
        part: None,
        column: None,
        key,
        problem,
    }
}
