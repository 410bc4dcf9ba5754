//! Trees to their last level. One fetch brings the rows of all levels; they are kept until all are there, and then dealt
//! out level by level, as if each had been found by the keys of the one before.
//!
//! A row stands on as many levels as there are ways to it (below each row of the group that is above it), and is decoded
//! for each. How many levels there are is known when the rows are: the plan has the first, and each that follows is made
//! like it. What the rows of all levels hold besides is asked for by the later rounds, whichever level they are on.

use super::error::{KeyText, Problem, RowError};
use super::run::{ASKED, DONE, EdgeRun, KeyLog, Pool, Run, Taker, Target, TargetKind, WANTED};
use super::space::key_at;
use super::whole::{At, Noted};
use crate::entity::{Cells, ColumnDef, Raw, Row, Unfit, Value};
use crate::group::{KeySet, Select};
use crate::view::{Edge, NOWHERE};
use std::collections::HashSet;

/// No tree has more levels. A plain struct that holds itself deeper than this cannot be dropped on every stack.
pub(super) const MOST_LEVELS: u32 = 1000;

/// The rows of one fetch of whole trees.
#[derive(Default)]
pub(super) struct Kept(Vec<KeptRow>);

struct KeptRow {
    /// The slot of the key that it is found by.
    slot: u32,
    cells: Vec<Result<Value, Unfit>>,
}

impl Cells for KeptRow {
    fn see(&self, index: usize, see: &mut dyn FnMut(Raw<'_>)) {
        match self.cells.get(index) {
            Some(Ok(value)) => see(Raw::of(value)),
            Some(Err(unfit)) => see(Raw::unfit(unfit)),
            None => {}
        }
    }
}

impl Kept {
    /// Keeps a row; what is wrong with it is told when it is decoded.
    pub(super) fn keep<'c>(&mut self, slot: u32, row: Row<'_>, columns: impl Iterator<Item = &'c ColumnDef>) {
        let cell = |(place, column): (usize, &ColumnDef)| {
            row.cell(place, |raw| if raw.is_null() { Ok(Value::Null) } else { (column.value)(raw) })
        };
        self.0.push(KeptRow { slot, cells: columns.enumerate().map(cell).collect() });
    }
}

impl Edge {
    /// The rows of all levels that the rows which lead by one of `keys` lead to.
    pub(super) fn to_the_last_level(&self, keys: KeySet) -> Select {
        Select { order: self.order(), ..self.relation.reached_by_keys(keys, self.condition()) }
    }
}

/// How the rows of one fetch lead to one another, by the slots of their keys.
struct Ways {
    /// For each slot its rows, in their order.
    rows: Vec<Vec<usize>>,
    /// For each row, the slot that it leads to.
    to: Vec<u32>,
    /// For each slot how many levels of rows there are from there; none where they come to no end.
    levels: Vec<Option<u32>>,
}

impl Ways {
    fn of(kept: &[KeptRow], to: Vec<u32>, slots: usize) -> Self {
        let mut rows = vec![Vec::new(); slots];
        for (number, row) in kept.iter().enumerate() {
            rows[row.slot as usize].push(number);
        }
        let mut ways = Self { levels: vec![None; slots], rows, to };
        ways.count(kept);
        ways
    }

    /// Counts the levels, from the last ones back.
    fn count(&mut self, kept: &[KeptRow]) {
        let mut from = vec![Vec::new(); self.rows.len()];
        let mut open = vec![0_usize; self.rows.len()];
        for (row, to) in kept.iter().zip(&self.to) {
            if *to != NOWHERE {
                from[*to as usize].push(row.slot as usize);
                open[row.slot as usize] += 1;
            }
        }
        let mut ended: Vec<usize> = (0..open.len()).filter(|slot| open[*slot] == 0).collect();
        while let Some(slot) = ended.pop() {
            let below = |row: &usize| self.to.get(*row).and_then(|to| self.levels.get(*to as usize).copied().flatten());
            let deepest = self.rows[slot].iter().filter_map(below).max().unwrap_or_default();
            self.levels[slot] = Some(if self.rows[slot].is_empty() { 0 } else { deepest + 1 });
            for above in &from[slot] {
                open[*above] -= 1;
                if open[*above] == 0 {
                    ended.push(*above);
                }
            }
        }
    }

    /// The rows that lead round in a circle from `slot`, the last of them first and again at the end; none if the way
    /// meets what is in `met`.
    fn circle(&self, slot: u32, met: &mut HashSet<u32>) -> Option<Vec<usize>> {
        let (mut slots, mut rows, mut here) = (Vec::new(), Vec::new(), slot);
        while met.insert(here) {
            let endless = |row: &&usize| {
                let to = self.to.get(**row).copied().filter(|to| *to != NOWHERE);
                to.is_some_and(|to| self.levels[to as usize].is_none())
            };
            let row = *self.rows[here as usize].iter().find(endless)?;
            slots.push(here);
            rows.push(row);
            here = self.to[row];
        }
        let begin = slots.iter().position(|slot| *slot == here)?;
        let last = *rows.last()?;
        Some(std::iter::once(last).chain(rows.split_off(begin)).collect())
    }
}

impl Run {
    /// Deals out the rows of whole trees that came in the last round.
    pub(super) fn deal(&mut self) {
        let kept = std::mem::take(&mut self.kept);
        for (step, Kept(kept)) in kept {
            for taker in 0..self.steps[step].takers.len() {
                self.deal_to(step, taker, &kept);
            }
        }
    }

    fn deal_to(&mut self, step: usize, taker: usize, kept: &[KeptRow]) {
        let target = self.steps[step].takers[taker].target;
        let TargetKind::Rows(pool) = self.targets[target].kind else { return };
        // A level leads on by one edge alone.
        let Some(own) = self.pools[pool].edges.iter().position(|run| run.edge.is_recursive()) else { return };
        let ways = self.ways(step, taker, own, pool, kept);
        let slots = self.sound(step, taker, pool, own, &ways, kept);
        let (mut pool, mut target, mut slots) = (pool, target, slots);
        while !slots.is_empty() {
            let mut taking = self.taking(step);
            for slot in &slots {
                for row in &ways.rows[*slot as usize] {
                    taking.kept_row(&kept[*row], *slot, taker, pool, target);
                }
            }
            target = self.pools[pool].edges[own].target;
            slots = take_due(&mut self.targets[target], WANTED);
            slots.retain(|slot| ways.rows.get(*slot as usize).is_some_and(|rows| !rows.is_empty()));
            let TargetKind::Rows(next) = self.targets[target].kind else { return };
            if !slots.is_empty() && self.pools[next].edges.is_empty() {
                self.open(next, pool, own);
            }
            pool = next;
        }
    }

    /// Where each kept row leads to.
    fn ways(&mut self, step: usize, taker: usize, own: usize, pool: usize, kept: &[KeptRow]) -> Ways {
        let Self { steps, spaces, pools, .. } = self;
        let (space, locals) = (&mut spaces[pools[pool].edges[own].space], &steps[step].takers[taker].locals[own]);
        // What cannot be read is told when the row is decoded.
        let to = |row: &KeptRow| space.intern(Row::new(&[], row), locals).ok().flatten().unwrap_or(NOWHERE);
        let to = kept.iter().map(to).collect();
        Ways::of(kept, to, space.len())
    }

    /// Of the slots that were asked for, those from which every way comes to an end, and soon enough; for the others there
    /// are errors.
    fn sound(&mut self, step: usize, taker: usize, pool: usize, own: usize, ways: &Ways, kept: &[KeptRow]) -> Vec<u32> {
        let Pool { node, edges, .. } = &self.pools[pool];
        let (node, edge, space) = (*node, edges[own].edge, edges[own].space);
        let Taker { target, key, .. } = &self.steps[step].takers[taker];
        let key_of = |row: usize| {
            let key = key_at(node.table.key, Row::new(&[], &kept[row]), key);
            KeyText(key.ok().flatten().map(Vec::from).unwrap_or_default())
        };
        let target = *target;
        let (mut sound, mut faulty, mut met) = (Vec::new(), Vec::new(), HashSet::new());
        for slot in take_due(&mut self.targets[target], ASKED) {
            let problem = match ways.levels.get(slot as usize) {
                Some(None) => {
                    let path = ways.circle(slot, &mut met);
                    path.map(|rows| Problem::Cycle { path: rows.into_iter().map(key_of).collect() })
                }
                Some(Some(levels)) if *levels > MOST_LEVELS => Some(Problem::TooDeep { most: MOST_LEVELS }),
                _ => {
                    sound.push(slot);
                    continue;
                }
            };
            faulty.push(slot);
            let Some(problem) = problem else { continue };
            let key = match &problem {
                Problem::Cycle { path } => path.first().map(|key| key.0.clone()).unwrap_or_default(),
                _ => self.spaces[space].key(slot),
            };
            let (entity, view, field) = (node.table.entity, node.view, edge.field);
            let error = RowError { entity, view, field, part: None, column: None, key, problem };
            self.errors.push(Noted { error, at: At::Targets(vec![target]) });
        }
        self.targets[target].failed.append(&mut faulty);
        sound
    }

    /// The level below that of a pool, as long as no row is known to be there: a target whose pool leads nowhere.
    pub(super) fn closed_level(&mut self, above: usize, shared: Option<usize>) -> usize {
        let Pool { node, level, by, .. } = self.pools[above];
        let level = Pool { level, keys: Some(KeyLog::default()), ..Pool::new(node, by) };
        self.pools.push(level);
        // Each level of a tree is its own: what it leads to is not what another leads to.
        let target = Target { shared, is_apart: true, ..Target::new(TargetKind::Rows(self.pools.len() - 1)) };
        self.targets.push(target);
        self.targets.len() - 1
    }

    /// Lets a level lead on as the one above it does, by its `own` edge to the next.
    fn open(&mut self, level: usize, above: usize, own: usize) {
        let shared = self.targets[self.pools[above].edges[own].target].shared;
        let mut edges = self.twins(above, Some(own));
        edges[own].target = self.closed_level(level, shared);
        self.pools[level].edges = edges;
        self.levels.push((level, shared.is_some()));
    }

    /// The edges of a pool, without rows, for another pool of the same view. What is shared stays so.
    fn twins(&mut self, pool: usize, but: Option<usize>) -> Vec<EdgeRun> {
        let edges = self.pools[pool].edges.iter().map(|run| (run.edge, run.space, run.target)).collect::<Vec<_>>();
        let twin = |(number, (edge, space, target))| {
            let target = if Some(number) == but { target } else { self.twin(target) };
            EdgeRun { edge, space, target, slots: Vec::new() }
        };
        edges.into_iter().enumerate().map(twin).collect()
    }

    /// A target for the same rows of other parents, which whatever brings those brings too.
    fn twin(&mut self, target: usize) -> usize {
        let of = &self.targets[target];
        if of.shared.is_some() {
            return target;
        }
        let kind = match &of.kind {
            TargetKind::Rows(pool) => {
                let pool = *pool;
                TargetKind::Rows(self.twin_pool(pool))
            }
            TargetKind::Links { edge, far_space, far_target, link_pool, .. } => {
                let (edge, far_space, far_target, link_pool) = (*edge, *far_space, *far_target, *link_pool);
                let link_pool = link_pool.map(|pool| self.twin_pool(pool));
                TargetKind::Links { edge, pairs: Vec::new(), far_space, far_target, link_pool }
            }
            TargetKind::Figures { entity, view, field, measure, .. } => {
                TargetKind::Figures { entity, view, field, measure: *measure, values: Vec::new() }
            }
        };
        let is_apart = self.targets[target].is_apart;
        self.targets.push(Target { is_apart, ..Target::new(kind) });
        let twin = self.targets.len() - 1;
        for step in &mut self.steps {
            let taker = step.takers.iter().find(|taker| taker.target == target);
            let taker = taker.map(|taker| Taker { target: twin, ..taker.clone() });
            step.takers.extend(taker);
        }
        twin
    }

    fn twin_pool(&mut self, pool: usize) -> usize {
        let edges = self.twins(pool, None);
        let Pool { node, level, by, ref keys, .. } = self.pools[pool];
        let keys = keys.as_ref().map(|_| KeyLog::default());
        self.pools.push(Pool { level, keys, edges, ..Pool::new(node, by) });
        self.pools.len() - 1
    }
}

/// The slots whose rows are due now; they are done then.
fn take_due(target: &mut Target, due: u8) -> Vec<u32> {
    let mut slots = Vec::new();
    for (slot, state) in target.state.iter_mut().enumerate().filter(|(_, state)| **state == due) {
        *state = DONE;
        slots.push(slot as u32);
    }
    slots
}
