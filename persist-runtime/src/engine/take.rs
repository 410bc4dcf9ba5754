//! Taking rows: from the cells of a fetch into the pools of a run, and from their keys to what is fetched next.

use super::error::{Problem, RowError};
use super::levels::Kept;
use super::request::Root;
use super::rounds::Task;
use super::run::{JoinedTaker, KeyLog, Pool, RootPool, Run, Step, StepFetch, Taker, Target, TargetKind};
use super::space::{Space, int_at, key_at, know};
use super::whole::{At, Noted};
use crate::entity::{Cells, ColumnDef, Known, Reader, Row, Unfit, Value};
use crate::view::{NOWHERE, Node, Shown};

impl Run {
    /// Where the rows of a task go.
    pub fn sink(&mut self, task: &Task) -> RunSink<'_> {
        RunSink { taking: self.taking(task.step), rows: 0, known: Vec::new() }
    }

    /// What takes the rows of a step.
    pub(super) fn taking(&mut self, step: usize) -> Taking<'_> {
        let Self { roots, root_pools, pools, targets, spaces, steps, errors, kept, .. } = self;
        let (step, kept) = (&steps[step], kept.get_mut(&step));
        Taking { roots, root_pools, pools, targets, spaces, step, errors, kept, slots: Vec::new() }
    }
}

/// Takes the rows of one fetch into a run.
pub struct RunSink<'r> {
    taking: Taking<'r>,
    rows: u64,
    /// What is known of the cells of the row at hand; kept to save the allocation.
    known: Vec<Known>,
}

/// What takes a row of which some cells are known.
pub(super) struct Taking<'r> {
    pub(super) roots: &'r mut [Root],
    pub(super) root_pools: &'r mut [RootPool],
    pools: &'r mut [Pool],
    pub(super) targets: &'r mut [Target],
    pub(super) spaces: &'r mut [Space],
    pub(super) step: &'r Step,
    pub(super) errors: &'r mut Vec<Noted>,
    /// Where the rows of a whole tree stay until all are there.
    kept: Option<&'r mut Kept>,
    /// The slots that the edges of the row at hand lead to; kept to save the allocation.
    slots: Vec<u32>,
}

impl RunSink<'_> {
    /// How many rows were taken.
    #[must_use]
    pub const fn rows(&self) -> u64 {
        self.rows
    }

    /// Takes one row.
    pub fn row(&mut self, cells: &dyn Cells) {
        self.rows += 1;
        let step = self.taking.step;
        know(step.columns.get(..step.keys).unwrap_or_default(), cells, &mut self.known);
        self.taking.row(Row::new(&self.known, cells));
    }
}

impl Taking<'_> {
    fn row(&mut self, row: Row<'_>) {
        match self.step.fetch {
            StepFetch::Root(root) => match self.root_pools[root] {
                RootPool::Rows(pool) => {
                    if self.admits(row, root) {
                        let _ = self.pool_row(row, pool, None, &self.step.takers[0], None);
                    }
                }
                RootPool::Figures(_) => self.figures(row, root),
                RootPool::Exists(_) => self.exists(row, root),
            },
            StepFetch::Keyed { space, .. } => match self.slot(row, space) {
                Ok(Some(slot)) => self.keyed_row(row, slot),
                // Not asked for: a store may give more than it was asked, but not less.
                Ok(None) => {}
                Err((part, unfit)) => {
                    let space = &self.spaces[space];
                    let (entity, field) = (space.table.entity, space.by[part].name);
                    let at = self.whoever_asked();
                    self.note(entity, field, unfit.into(), at);
                }
            },
        }
    }

    /// The slot of the key that a row is found by: one that was asked for, or in a tree that leads to others.
    fn slot(&mut self, row: Row<'_>, space: usize) -> Result<Option<u32>, (usize, Unfit)> {
        match self.kept {
            Some(_) => self.spaces[space].intern(row, &self.step.by),
            None => self.spaces[space].find(row, &self.step.by),
        }
    }

    /// A row came for a key that cannot be read: whose it is cannot be told, so it may be anybody's who asked.
    #[cold]
    fn whoever_asked(&mut self) -> At {
        let targets: Vec<_> = self.step.takers.iter().map(|taker| taker.target).collect();
        for target in &targets {
            let target = &mut self.targets[*target];
            let asked = target.state.iter().enumerate().filter(|(_, state)| **state != 0);
            target.failed.extend(asked.map(|(slot, _)| slot as u32));
        }
        At::Targets(targets)
    }

    /// Whether the row of a root is one that was asked for, and not the one more that ends a page.
    fn admits(&mut self, row: Row<'_>, number: usize) -> bool {
        let root = &mut self.roots[number];
        let table = root.select.table;
        match root.page.as_mut().map_or(Ok(true), |page| page.admits(row, table)) {
            Ok(admitted) => admitted,
            Err(error) => {
                self.errors.push(Noted { error: *error, at: At::Root(number) });
                false
            }
        }
    }

    /// The one row of an existence test.
    fn exists(&mut self, row: Row<'_>, root: usize) {
        match row.cell(0, |raw| raw.boolean()) {
            Ok(exists) => self.root_pools[root] = RootPool::Exists(Some(exists)),
            Err(unfit) => self.note(self.roots[root].select.table.entity, "exists", unfit.into(), At::Root(root)),
        }
    }

    /// Notes a row that belongs to no view.
    #[cold]
    pub(super) fn note(&mut self, entity: &'static str, field: &'static str, problem: Problem, at: At) {
        let error = RowError { entity, view: entity, field, part: None, column: None, key: Vec::new(), problem };
        self.errors.push(Noted { error, at });
    }

    fn keyed_row(&mut self, row: Row<'_>, slot: u32) {
        if let Some(kept) = &mut self.kept {
            let joined = self.step.joined.iter().flat_map(|joined| &joined.columns);
            kept.keep(slot, row, self.step.columns.iter().chain(joined));
            return;
        }
        for taker in &self.step.takers {
            let target = &mut self.targets[taker.target];
            if !target.takes(slot, self.step) {
                continue;
            }
            match &mut target.kind {
                TargetKind::Rows(pool) => {
                    let pool = *pool;
                    let _ = self.pool_row(row, pool, Some(slot), taker, Some(taker.target));
                }
                TargetKind::Links { .. } => self.link_row(row, slot, taker),
                TargetKind::Figures { .. } => self.figure(row, slot, taker),
            }
        }
    }

    /// A row that was kept, on one level of its tree.
    pub(super) fn kept_row(&mut self, cells: &dyn Cells, slot: u32, taker: usize, pool: usize, target: usize) {
        let step = self.step;
        let _ = self.pool_row(Row::new(&[], cells), pool, Some(slot), &step.takers[taker], Some(target));
    }

    fn link_row(&mut self, row: Row<'_>, slot: u32, taker: &Taker) {
        let TargetKind::Links { edge, far_space, far_target, link_pool, .. } = self.targets[taker.target].kind else {
            return;
        };
        match self.spaces[far_space].intern(row, &taker.far) {
            Ok(None) => {}
            Ok(Some(far)) => {
                if let Some(pool) = link_pool
                    && !self.pool_row(row, pool, Some(slot), taker, Some(taker.target))
                {
                    return;
                }
                if let TargetKind::Links { pairs, .. } = &mut self.targets[taker.target].kind {
                    pairs.push((slot, far));
                }
                let _ = self.targets[far_target].want(far);
            }
            Err((part, unfit)) => {
                let (entity, field) = match edge.relation.link {
                    Some(link) => (link.table.entity, link.far.get(part).map_or(edge.field, |column| column.name)),
                    None => (edge.relation.from.entity, edge.field),
                };
                self.targets[taker.target].failed.push(slot);
                self.note(entity, field, unfit.into(), At::Targets(vec![taker.target]));
            }
        }
    }

    /// Takes a row into a pool: first the keys that lead on, then the view's columns; a row that does not fit is noted
    /// and left out. Tells whether it was taken.
    fn pool_row(&mut self, row: Row<'_>, at: usize, slot: Option<u32>, taker: &Taker, target: Option<usize>) -> bool {
        let pool = &mut self.pools[at];
        self.slots.clear();
        let mut unfit = None;
        for (run, locals) in pool.edges.iter().zip(&taker.locals) {
            match self.spaces[run.space].intern(row, locals) {
                Ok(slot) => self.slots.push(slot.unwrap_or(NOWHERE)),
                Err((part, why)) => {
                    let column = run.edge.relation.local.get(part);
                    unfit = Some((column.map_or(run.edge.field, |column| column.name), None, None, why));
                    break;
                }
            }
        }
        if unfit.is_none()
            && let Err(error) = pool.rows.read(&mut Reader::over(row, &taker.places))
        {
            let (column, why) = *error.0;
            unfit = Some(match pool.shown(column) {
                Some(Shown { field, part, column }) => (field, part, Some(column.name), why),
                None => ("?", None, None, why),
            });
        }
        if let Some((field, part, column, why)) = unfit {
            if let (Some(target), Some(slot)) = (target, slot) {
                self.targets[target].failed.push(slot);
            }
            let error = row_error(pool.node, field, row, taker, why.into());
            self.errors.push(Noted { error: RowError { part, column, ..error }, at: At::Pool(at) });
            return false;
        }
        if let Some(keys) = &mut pool.keys {
            keys.note(pool.node, row, taker);
        }
        let position = pool.len;
        pool.len += 1;
        if let Some(slot) = slot {
            pool.owners.push(slot);
            if pool.positions.len() <= slot as usize {
                pool.positions.resize(slot as usize + 1, NOWHERE);
            }
            let before = std::mem::replace(&mut pool.positions[slot as usize], position);
            let shared = target.is_some_and(|target| self.targets[target].shared.is_some());
            if shared && before != NOWHERE {
                // Only what many parents share has a target with a space.
                let space = target.and_then(|target| self.targets[target].shared);
                let by = space.map_or(pool.node.table.key, |space| self.spaces[space].by);
                let field = by.first().map_or("key", |column| column.name);
                let error = row_error(pool.node, field, row, taker, shared_key(pool.node, by));
                self.errors.push(Noted { error, at: At::Row(at, position as usize) });
                target.into_iter().for_each(|target| self.targets[target].failed.push(slot));
            }
        }
        for (number, (run, slot)) in pool.edges.iter_mut().zip(&self.slots).enumerate() {
            run.slots.push(*slot);
            if *slot == NOWHERE || taker.joined.iter().any(|joined| joined.edge == number) {
                continue;
            }
            let known = self.targets[run.target].want(*slot);
            if known && run.owns_its_rows() {
                let problem = shared_key(pool.node, run.edge.relation.local);
                let error = row_error(pool.node, run.edge.field, row, taker, problem);
                self.errors.push(Noted { error, at: At::Row(at, position as usize) });
                // Nor is it clear for the other row.
                self.targets[run.target].failed.push(*slot);
            }
        }
        if !taker.joined.is_empty() {
            self.joined_rows(row, at, taker);
        }
        true
    }

    /// Takes the rows that come with the last row of a pool, each once, whoever it comes with.
    fn joined_rows(&mut self, row: Row<'_>, at: usize, taker: &Taker) {
        for JoinedTaker { edge, remote, taker, .. } in &taker.joined {
            let run = &self.pools[at].edges[*edge];
            let Some(slot) = run.slots.last().copied().filter(|slot| *slot != NOWHERE) else { continue };
            let target = &mut self.targets[taker.target];
            // Where nothing was joined the reference leads nowhere, which is found out in the end.
            let there = self.spaces[run.space].find(row, remote).is_ok_and(|found| found == Some(slot));
            if let (TargetKind::Rows(pool), true) = (&target.kind, there) {
                let pool = *pool;
                if target.takes_joined(slot, &self.pools[pool]) {
                    let _ = self.pool_row(row, pool, Some(slot), taker, Some(taker.target));
                }
            }
        }
    }
}

impl Pool {
    /// The field, and the column, that the n-th cell is read for.
    fn shown(&self, at: usize) -> Option<Shown> {
        match self.by.get(at) {
            Some(column) => Some(Shown { field: column.name, part: None, column: *column }),
            None => self.node.shown().into_iter().nth(at - self.by.len()),
        }
    }
}

/// What is wrong when two rows share what `columns` hold.
fn shared_key(node: &Node, columns: &[ColumnDef]) -> Problem {
    match columns.iter().find(|column| !node.table.key.contains(column)) {
        Some(column) => Problem::NotUnique(column.name),
        None => Problem::SharedKey,
    }
}

fn read_key(node: &Node, row: Row<'_>, taker: &Taker) -> Vec<Value> {
    key_at(node.table.key, row, &taker.key).ok().flatten().map(Vec::from).unwrap_or_default()
}

fn row_error(node: &Node, field: &'static str, row: Row<'_>, taker: &Taker, problem: Problem) -> RowError {
    let key = read_key(node, row, taker);
    RowError { entity: node.table.entity, view: node.view, field, part: None, column: None, key, problem }
}

impl KeyLog {
    fn note(&mut self, node: &Node, row: Row<'_>, taker: &Taker) {
        if let (true, [_], Ok(Some(key))) = (self.others.is_empty(), node.table.key, int_at(row, &taker.key)) {
            self.ints.push(key);
        } else {
            self.others.push(read_key(node, row, taker));
        }
    }

    /// Whether a row has the same key as one of another log.
    pub(super) fn is(&self, row: usize, other: &Self, other_row: usize) -> bool {
        match (self.ints.get(row), other.ints.get(other_row)) {
            (Some(one), Some(two)) => one == two,
            _ => self.get(row) == other.get(other_row),
        }
    }

    pub(super) fn get(&self, row: usize) -> Vec<Value> {
        match self.ints.get(row) {
            Some(key) => vec![Value::Int(*key)],
            None => self.others.get(row.saturating_sub(self.ints.len())).cloned().unwrap_or_default(),
        }
    }
}
