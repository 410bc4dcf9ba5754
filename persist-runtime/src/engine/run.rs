//! A run: the state of one realise between its rounds.

use super::error::{KeyText, Problem, RowError};
use super::fetch::Fetch;
use super::request::{Asks, Root};
use super::space::{Space, int_at, key_at, know};
use crate::entity::{Cells, ColumnDef, Known, Raw, Reader, Row, Unfit, Value};
use crate::view::{Edge, NOWHERE, Node, ViewRows};

/// One realise, from its requests to its answers.
pub struct Run {
    pub(super) roots: Vec<Root>,
    pub(super) root_pools: Vec<RootPool>,
    pub(super) pools: Vec<Pool>,
    pub(super) targets: Vec<Target>,
    pub(super) spaces: Vec<Space>,
    pub(super) steps: Vec<Step>,
    pub(super) errors: Vec<RowError>,
    /// The last round that was given out.
    pub(super) round: usize,
}

/// What a root realises to.
#[derive(Clone, Copy)]
pub(super) enum RootPool {
    Rows(usize),
    Number(u64),
}

/// The rows of one view, from one source.
pub(super) struct Pool {
    pub(super) node: &'static Node,
    pub(super) rows: Box<dyn ViewRows>,
    /// How many rows there are.
    pub(super) len: u32,
    /// For each row, the slot of the key it was found by. Empty for a root.
    pub(super) owners: Vec<u32>,
    /// For each slot, where its (last) row stands.
    pub(super) positions: Vec<u32>,
    /// The view's edges, in its order.
    pub(super) edges: Vec<EdgeRun>,
    /// For each row its key, where a missing reference would need to name it.
    pub(super) keys: Option<KeyLog>,
}

/// The keys of a pool's rows, in their order.
#[derive(Default)]
pub(super) struct KeyLog {
    ints: Vec<i64>,
    others: Vec<Vec<Value>>,
}

impl KeyLog {
    fn note(&mut self, node: &Node, row: Row<'_>, taker: &Taker) {
        if let (true, [_], Ok(Some(key))) = (self.others.is_empty(), node.table.key, int_at(row, &taker.key)) {
            self.ints.push(key);
        } else {
            self.others.push(read_key(node, row, taker));
        }
    }

    fn get(&self, row: usize) -> Vec<Value> {
        match self.ints.get(row) {
            Some(key) => vec![Value::Int(*key)],
            None => self.others.get(row - self.ints.len()).cloned().unwrap_or_default(),
        }
    }
}

/// One relation of one pool.
#[derive(Clone)]
pub(super) struct EdgeRun {
    pub(super) edge: &'static Edge,
    /// The space of the keys it leads by.
    pub(super) space: usize,
    /// What is fetched for it.
    pub(super) target: usize,
    /// For each row of the pool, the slot of its key.
    pub(super) slots: Vec<u32>,
}

/// What the rows of a fetch are for.
pub(super) struct Target {
    /// The key space of rows that many parents share; none for rows, links and counts of one relation.
    pub(super) shared: Option<usize>,
    /// For each slot of its space, whether it is wanted or asked for.
    pub(super) state: Vec<u8>,
    /// Slots whose rows did not fit: they are not missing, they are faulty.
    pub(super) failed: Vec<u32>,
    pub(super) kind: TargetKind,
}

const WANTED: u8 = 1;
/// By the step at hand: its rows are taken.
const ASKED: u8 = 2;
/// By an earlier step: should its row come again, for somebody else, it is not taken twice.
const DONE: u8 = 3;

pub(super) enum TargetKind {
    /// Rows of a pool.
    Rows(usize),
    /// Pairs of a near and a far slot; the far slot is wanted of another target.
    Links { edge: &'static Edge, pairs: Vec<(u32, u32)>, far_space: usize, far_target: usize },
    /// Numbers of rows.
    Counts(&'static Edge, Vec<i64>),
}

/// One fetch of the plan, merged.
pub(super) struct Step {
    pub(super) round: usize,
    pub(super) fetch: StepFetch,
    /// The columns it reads, those that keys are made of first.
    pub(super) columns: Vec<ColumnDef>,
    /// How many columns keys are made of.
    pub(super) keys: usize,
    /// Where the parts of the key stand that the rows are found by.
    pub(super) by: Vec<u16>,
    pub(super) takers: Vec<Taker>,
}

pub(super) enum StepFetch {
    Root(usize),
    Keyed { space: usize, fetch: Fetch },
}

/// One target's interest in a step: where its columns stand.
pub(super) struct Taker {
    pub(super) target: usize,
    /// The view's columns; for links the far columns; for counts the count.
    pub(super) places: Vec<u16>,
    /// The entity's key.
    pub(super) key: Vec<u16>,
    /// The local columns of each edge.
    pub(super) locals: Vec<Vec<u16>>,
}

/// A fetch to run, and where its rows go.
pub struct Task {
    /// What to ask of the store.
    pub fetch: Fetch,
    step: usize,
}

impl Target {
    pub(super) const fn new(kind: TargetKind) -> Self {
        Self { shared: None, state: Vec::new(), failed: Vec::new(), kind }
    }

    /// Notes that the row of `slot` is wanted; tells whether that was known.
    fn want(&mut self, slot: u32) -> bool {
        let slot = slot as usize;
        if self.state.len() <= slot {
            self.state.resize(slot + 1, 0);
        }
        let known = self.state[slot] != 0;
        if !known {
            self.state[slot] = WANTED;
        }
        known
    }

    fn is_wanted(&self, slot: usize) -> bool {
        self.state.get(slot) == Some(&WANTED)
    }
}

impl Run {
    /// A run of these requests.
    #[must_use]
    pub fn new(asks: Asks) -> Self {
        super::build::build(asks.0)
    }

    /// At most so many statements, not counting chunks.
    #[must_use]
    pub fn most_statements(&self) -> usize {
        self.steps.len()
    }

    /// The fetches of the next round that has any; none when all is read.
    ///
    /// The rows of each go to its [`sink`](Self::sink) before the next call. A fetch carries at most `max_keys` keys.
    pub fn next_round(&mut self, max_keys: usize) -> Vec<Task> {
        let last = self.steps.iter().map(|step| step.round).max().unwrap_or_default();
        while self.round < last {
            self.round += 1;
            let tasks = self.tasks(max_keys);
            if !tasks.is_empty() {
                return tasks;
            }
        }
        Vec::new()
    }

    fn tasks(&mut self, max_keys: usize) -> Vec<Task> {
        let mut tasks = Vec::new();
        for (number, step) in self.steps.iter().enumerate().filter(|(_, step)| step.round == self.round) {
            match &step.fetch {
                StepFetch::Root(root) => {
                    let root = &self.roots[*root];
                    if !root.select.is_never() {
                        tasks.push(Task { fetch: root.fetch(&step.columns), step: number });
                    }
                }
                StepFetch::Keyed { space, fetch } => {
                    let space = &self.spaces[*space];
                    let slots = claim(&mut self.targets, &step.takers, space.len());
                    for portion in slots.chunks(max_keys.max(1)) {
                        let mut fetch = fetch.clone();
                        if let Some(keyed) = &mut fetch.keyed {
                            keyed.keys = space.key_set(portion);
                        }
                        tasks.push(Task { fetch, step: number });
                    }
                }
            }
        }
        tasks
    }

    /// Every fetch of the plan by its round, with no keys in it: for a person to read.
    #[must_use]
    pub fn outline(&self) -> Vec<(usize, Fetch)> {
        let fetch = |step: &Step| match &step.fetch {
            StepFetch::Root(root) => self.roots[*root].fetch(&step.columns),
            StepFetch::Keyed { fetch, .. } => fetch.clone(),
        };
        let mut outline: Vec<_> = self.steps.iter().map(|step| (step.round, fetch(step))).collect();
        outline.sort_by_key(|(round, _)| *round);
        outline
    }

    /// Where the rows of a task go.
    pub fn sink(&mut self, task: &Task) -> RunSink<'_> {
        let Self { root_pools, pools, targets, spaces, steps, errors, .. } = self;
        let step = &steps[task.step];
        RunSink { root_pools, pools, targets, spaces, step, errors, rows: 0, slots: Vec::new(), keys: Vec::new() }
    }
}

/// Marks what the takers want as asked, and gives it, each slot once.
fn claim(targets: &mut [Target], takers: &[Taker], slots: usize) -> Vec<u32> {
    let wanted = |slot: &usize| takers.iter().any(|taker| targets[taker.target].is_wanted(*slot));
    let claimed: Vec<u32> = (0..slots).filter(wanted).map(|slot| slot as u32).collect();
    for taker in takers {
        for state in &mut targets[taker.target].state {
            *state = match *state {
                WANTED => ASKED,
                ASKED => DONE,
                other => other,
            };
        }
    }
    claimed
}

/// Takes the rows of one fetch into a run.
pub struct RunSink<'r> {
    root_pools: &'r mut [RootPool],
    pools: &'r mut [Pool],
    targets: &'r mut [Target],
    spaces: &'r mut [Space],
    step: &'r Step,
    errors: &'r mut Vec<RowError>,
    rows: u64,
    /// The slots that the edges of the row at hand lead to; kept to save the allocation.
    slots: Vec<u32>,
    /// What is known of the cells of the row at hand; kept to save the allocation.
    keys: Vec<Known>,
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
        let mut keys = std::mem::take(&mut self.keys);
        know(self.step.columns.get(..self.step.keys).unwrap_or_default(), cells, &mut keys);
        self.known_row(Row::new(&keys, cells));
        self.keys = keys;
    }

    fn known_row(&mut self, row: Row<'_>) {
        match self.step.fetch {
            StepFetch::Root(root) => match self.root_pools[root] {
                RootPool::Rows(pool) => self.pool_row(row, pool, None, &self.step.takers[0], None),
                RootPool::Number(_) => self.number(row, root),
            },
            StepFetch::Keyed { space, .. } => match self.spaces[space].find(row, &self.step.by) {
                Ok(Some(slot)) => self.keyed_row(row, slot),
                // Not asked for: a store may give more than it was asked, but not less.
                Ok(None) => {}
                Err((part, unfit)) => {
                    let space = &self.spaces[space];
                    let (entity, field) = (space.table.entity, space.by[part].name);
                    self.errors.push(RowError { entity, view: entity, field, key: Vec::new(), problem: unfit.into() });
                }
            },
        }
    }

    fn number(&mut self, row: Row<'_>, root: usize) {
        let read = |raw: Raw<'_>| match raw.0 {
            crate::entity::Cell::Value(Value::Bool(exists)) => Ok(i64::from(*exists)),
            _ => number(raw),
        };
        match row.cell(0, read) {
            Ok(number) => self.root_pools[root] = RootPool::Number(number.unsigned_abs()),
            Err(unfit) => {
                let entity = "count";
                self.errors.push(RowError {
                    entity,
                    view: entity,
                    field: entity,
                    key: Vec::new(),
                    problem: unfit.into(),
                });
            }
        }
    }

    fn keyed_row(&mut self, row: Row<'_>, slot: u32) {
        for taker in &self.step.takers {
            let target = &mut self.targets[taker.target];
            if target.state.get(slot as usize) != Some(&ASKED) {
                continue;
            }
            match &mut target.kind {
                TargetKind::Rows(pool) => {
                    let pool = *pool;
                    self.pool_row(row, pool, Some(slot), taker, Some(taker.target));
                }
                TargetKind::Links { .. } => self.link_row(row, slot, taker),
                TargetKind::Counts(edge, counts) => {
                    let place = usize::from(taker.places.first().copied().unwrap_or_default());
                    match row.cell(place, number) {
                        Ok(count) => {
                            counts.resize(counts.len().max(slot as usize + 1), 0);
                            counts[slot as usize] = count;
                        }
                        Err(unfit) => {
                            let entity = edge.relation.from.entity;
                            let (view, field, problem) = (entity, edge.field, unfit.into());
                            self.errors.push(RowError { entity, view, field, key: Vec::new(), problem });
                        }
                    }
                }
            }
        }
    }

    fn link_row(&mut self, row: Row<'_>, slot: u32, taker: &Taker) {
        let TargetKind::Links { edge, pairs, far_space, far_target } = &mut self.targets[taker.target].kind else {
            return;
        };
        match self.spaces[*far_space].intern(row, &taker.places) {
            Ok(None) => {}
            Ok(Some(far)) => {
                pairs.push((slot, far));
                let far_target = *far_target;
                let _ = self.targets[far_target].want(far);
            }
            Err((part, unfit)) => {
                let (entity, field) = match edge.relation.link {
                    Some(link) => (link.table.entity, link.far.get(part).map_or(edge.field, |column| column.name)),
                    None => (edge.relation.from.entity, edge.field),
                };
                self.errors.push(RowError { entity, view: entity, field, key: Vec::new(), problem: unfit.into() });
            }
        }
    }

    /// Takes a row into a pool: first the keys that lead on, then the view's columns; a row that does not fit is noted
    /// and left out.
    fn pool_row(&mut self, row: Row<'_>, at: usize, slot: Option<u32>, taker: &Taker, target: Option<usize>) {
        let pool = &mut self.pools[at];
        self.slots.clear();
        let mut unfit = None;
        for (run, locals) in pool.edges.iter().zip(&taker.locals) {
            match self.spaces[run.space].intern(row, locals) {
                Ok(slot) => self.slots.push(slot.unwrap_or(NOWHERE)),
                Err((part, why)) => {
                    let column = run.edge.relation.local.get(part);
                    unfit = Some((column.map_or(run.edge.field, |column| column.name), why));
                    break;
                }
            }
        }
        if unfit.is_none()
            && let Err(error) = pool.rows.read(&mut Reader::over(row, &taker.places))
        {
            let (column, why) = *error.0;
            unfit = Some((pool.node.columns().get(column).map_or("?", |column| column.name), why));
        }
        if let Some((field, why)) = unfit {
            if let (Some(target), Some(slot)) = (target, slot) {
                self.targets[target].failed.push(slot);
            }
            let error = row_error(pool.node, field, row, taker, why.into());
            self.errors.push(error);
            return;
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
            pool.positions[slot as usize] = position;
        }
        for (run, slot) in pool.edges.iter_mut().zip(&self.slots) {
            run.slots.push(*slot);
            if *slot == NOWHERE {
                continue;
            }
            let known = self.targets[run.target].want(*slot);
            if known && run.owns_its_rows() {
                let error = row_error(pool.node, run.edge.field, row, taker, Problem::SharedKey);
                self.errors.push(error);
            }
        }
    }
}

fn number(raw: Raw<'_>) -> Result<i64, Unfit> {
    raw.integer()
}

impl EdgeRun {
    pub(super) const fn owns_its_rows(&self) -> bool {
        matches!(self.edge.load, crate::view::Load::Many(..))
    }
}

fn read_key(node: &Node, row: Row<'_>, taker: &Taker) -> Vec<Value> {
    key_at(node.table.key, row, &taker.key).ok().flatten().map(Vec::from).unwrap_or_default()
}

fn row_error(node: &Node, field: &'static str, row: Row<'_>, taker: &Taker, problem: Problem) -> RowError {
    let key = read_key(node, row, taker);
    RowError { entity: node.table.entity, view: node.view, field, key, problem }
}

impl Run {
    /// References to rows that are not there, as errors.
    pub(super) fn note_dangling(&mut self) {
        let mut errors = Vec::new();
        for pool in &self.pools {
            for run in &pool.edges {
                let edge = run.edge;
                match &self.targets[run.target].kind {
                    TargetKind::Rows(found) if !run.owns_its_rows() => {
                        let target = &self.targets[run.target];
                        for (row, slot) in run.slots.iter().enumerate() {
                            if *slot != NOWHERE && is_missing(&self.pools[*found], target, *slot) {
                                let key = pool.keys.as_ref().map(|keys| keys.get(row)).unwrap_or_default();
                                let referred = self.spaces[run.space].key(*slot);
                                errors.push(dangling(pool.node, edge, key, referred));
                            }
                        }
                    }
                    TargetKind::Links { pairs, far_space, far_target, .. } => {
                        let target = &self.targets[*far_target];
                        let TargetKind::Rows(found) = target.kind else { continue };
                        for (near, far) in pairs {
                            if is_missing(&self.pools[found], target, *far) {
                                let key = self.spaces[run.space].key(*near);
                                errors.push(dangling(pool.node, edge, key, self.spaces[*far_space].key(*far)));
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
        self.errors.append(&mut errors);
    }
}

fn is_missing(found: &Pool, target: &Target, slot: u32) -> bool {
    let there = found.positions.get(slot as usize).is_some_and(|position| *position != NOWHERE);
    !there && !target.failed.contains(&slot)
}

fn dangling(node: &Node, edge: &Edge, key: Vec<Value>, referred: Vec<Value>) -> RowError {
    let problem = Problem::Dangling { entity: edge.relation.to.entity, key: KeyText(referred) };
    RowError { entity: node.table.entity, view: node.view, field: edge.field, key, problem }
}
