//! From requests to a run: which pools, targets and steps there are.
//!
//! The schedule is the one that [`View::STATEMENTS`](crate::View::STATEMENTS) is counted by, over the forest of all
//! requests.

use super::budget::{Forest, forest};
use super::fetch::{Fetch, Keys, Output};
use super::keyed::{choose, keyed_fetch};
use super::request::{Asks, Root, Wanted};
use super::run::{EdgeRun, KeyLog, Pool, RootPool, Run, Step, StepFetch, Taker, Target, TargetKind};
use super::scope::narrow;
use super::space::Space;
use crate::entity::{ColumnDef, Table};
use crate::group::{Condition, Projection, Scopes, Select};
use crate::view::{Change, Edge, Load, Node, Spot, What, same_fetch, selects_keys};
use std::collections::BTreeMap;
use std::sync::Arc;

impl Root {
    pub(super) fn fetch(&self, step: &Step) -> Fetch {
        let mut fetch = self.shape(step);
        if let Output::Columns(columns) = &mut fetch.output {
            columns.clone_from(&step.columns);
        }
        fetch
    }

    /// The same without the columns of its rows.
    pub(super) fn shape(&self, step: &Step) -> Fetch {
        let output = match &self.wanted {
            Wanted::Rows(_) => Output::Columns(Vec::new()),
            Wanted::Figures(wants) => wants.output(),
            Wanted::Exists => Output::Exists,
        };
        Fetch { joined: step.joined.clone(), ..Fetch::new(Arc::clone(&self.select), output) }
    }

    fn narrow(&mut self, scopes: &Scopes) {
        (self.select, self.scopes) = scopes.select(&self.select);
    }
}

/// Where the rows of a spot go, and which step brings them.
#[derive(Clone, Copy)]
pub(super) struct Home {
    /// For spots with rows: their pool.
    pub(super) pool: usize,
    pub(super) target: usize,
}

pub(super) struct Builder {
    pub(super) run: Run,
    pub(super) spots: Vec<Spot>,
    pub(super) homes: Vec<Home>,
    /// For each spot that is one, its number among the roots.
    root_of: Vec<(usize, usize)>,
    /// What requests choose of the rows of edges.
    changes: Vec<Change>,
    /// For each step, the spots that it serves; the first is the one that it was made for.
    step_spots: Vec<Vec<usize>>,
}

pub(super) fn build(asks: Asks, scopes: Scopes) -> Run {
    let Asks { mut roots, strategy, budgets: _ } = asks;
    roots.iter_mut().for_each(|root| root.narrow(&scopes));
    let Forest { spots, root_of, changes, fits } = forest(&roots, strategy);
    // What holds no row is not asked for.
    let answer = |root: &Root| match &root.wanted {
        // Until its pool is there.
        Wanted::Rows(_) => RootPool::Exists(None),
        Wanted::Exists => RootPool::Exists(root.select.is_never().then_some(false)),
        Wanted::Figures(wants) => {
            // A group in no parts is an answer too, for which no row comes.
            let known = root.select.is_never() || !wants.by.is_empty();
            RootPool::Figures(known.then(|| wants.of_nothing()))
        }
    };
    let root_pools = roots.iter().map(answer).collect();
    let run = Run {
        scopes,
        fits,
        roots,
        root_pools,
        pools: Vec::new(),
        targets: Vec::new(),
        spaces: Vec::new(),
        steps: Vec::new(),
        errors: Vec::new(),
        noted: false,
        kept: BTreeMap::new(),
        levels: Vec::new(),
        round: 0,
        #[cfg(feature = "testkit")]
        log: None,
    };
    let mut builder = Builder { run, spots, homes: Vec::new(), root_of, changes, step_spots: Vec::new() };
    builder.numbers();
    for at in 0..builder.spots.len() {
        builder.spot(at, builder.root_at(at));
    }
    builder.select_keys();
    builder.layouts();
    builder.run
}

const NONE: Home = Home { pool: usize::MAX, target: usize::MAX };

impl Builder {
    /// Figures and existence tests: statements without rows.
    fn numbers(&mut self) {
        for (number, root) in self.run.roots.iter().enumerate() {
            if !matches!(root.wanted, Wanted::Rows(_)) {
                self.run.steps.push(Step::new(1, StepFetch::Root(number)));
                self.step_spots.push(Vec::new());
            }
        }
    }

    fn spot(&mut self, at: usize, root: Option<usize>) {
        let spot = self.spots[at];
        let home = match spot.what {
            What::Root(node) => {
                let pool = self.pool(node, &[]);
                if let Some(root) = root {
                    self.run.root_pools[root] = RootPool::Rows(pool);
                    let mut step = Step::new(spot.round, StepFetch::Root(root));
                    step.takers.push(Taker::new(usize::MAX, at));
                    self.run.steps.push(step);
                    self.step_spots.push(vec![at]);
                }
                Home { pool, ..NONE }
            }
            What::Rows(edge, node, ordinal) => self.edge(&spot, edge, ordinal, |builder, space| {
                if edge.is_reference() {
                    builder.shared(space, node, &[], &spot)
                } else {
                    let pool = builder.pool(node, edge.by);
                    builder.run.pools[pool].level = spot.level;
                    builder.run.pools[pool].value = edge.value;
                    if matches!(edge.load, Load::Sole(..)) {
                        builder.run.pools[pool].keys = Some(KeyLog::default());
                    }
                    builder.target(TargetKind::Rows(pool))
                }
            }),
            What::NextLevel(edge, ordinal) => self.edge(&spot, edge, ordinal, |builder, space| {
                builder.run.closed_level(builder.homes[spot.parent].pool, edge.is_reference().then_some(space))
            }),
            What::Links(edge, ordinal) => self.edge(&spot, edge, ordinal, |builder, _| builder.links(edge, &spot)),
            What::Figures(edge, measure, ordinal) => {
                let view = self.run.pools[self.homes[spot.parent].pool].node.view;
                let (entity, field, values) = (edge.relation.from.entity, edge.field, Vec::new());
                let kind = TargetKind::Figures { entity, view, field, measure, values };
                self.edge(&spot, edge, ordinal, |builder, _| builder.target(kind))
            }
            What::Linked(..) => match self.run.targets[self.homes[spot.parent].target].kind {
                TargetKind::Links { far_target, .. } => self.home_of(far_target),
                _ => NONE,
            },
        };
        self.homes.push(home);
        if home.target != usize::MAX && spot.host == at {
            self.join_step(at, home.target);
        }
    }

    /// The relation of a pool that a spot stands for: made once, however many spots lead to it.
    fn edge(
        &mut self,
        spot: &Spot,
        edge: &'static Edge,
        ordinal: usize,
        make: impl FnOnce(&mut Self, usize) -> usize,
    ) -> Home {
        let parent = self.homes[spot.parent].pool;
        if let Some(run) = self.run.pools[parent].edges.get(ordinal) {
            let target = run.target;
            return self.home_of(target);
        }
        let space = self.space(spot.table, spot.by);
        let target = make(self, space);
        self.run.pools[parent].edges.push(EdgeRun { edge, space, target, slots: Vec::new() });
        self.home_of(target)
    }

    fn home_of(&self, target: usize) -> Home {
        match self.run.targets[target].kind {
            TargetKind::Rows(pool) | TargetKind::Links { link_pool: Some(pool), .. } => Home { pool, target },
            _ => Home { target, ..NONE },
        }
    }

    fn links(&mut self, edge: &'static Edge, spot: &Spot) -> usize {
        let relation = &edge.relation;
        let far_space = self.space(relation.to, relation.remote);
        let far_target = edge.node().map_or(usize::MAX, |node| self.shared(far_space, node, edge.by, spot));
        let link_pool = match edge.load {
            Load::Linked(link, ..) => Some(self.pool(link, &[])),
            _ => None,
        };
        self.target(TargetKind::Links { edge, pairs: Vec::new(), far_space, far_target, link_pool })
    }

    fn pool(&mut self, node: &'static Node, by: &'static [ColumnDef]) -> usize {
        // Of these, a message may have to name the parent.
        let named = |edge: &&Edge| !matches!(edge.load, Load::Many(..) | Load::Measure(_)) || !edge.by.is_empty();
        let lenient = self.run.roots.iter().any(|root| root.lenient);
        let named = lenient || !node.loaders().is_empty() || node.edges().iter().any(named);
        self.run.pools.push(Pool { keys: named.then(KeyLog::default), ..Pool::new(node, by) });
        self.run.pools.len() - 1
    }

    fn target(&mut self, kind: TargetKind) -> usize {
        self.run.targets.push(Target::new(kind));
        self.run.targets.len() - 1
    }

    /// The rows of one view that many parents share: one pool for each key space and view, and for each key that they
    /// have in maps.
    fn shared(&mut self, space: usize, node: &'static Node, by: &'static [ColumnDef], spot: &Spot) -> usize {
        let Spot { level, is_apart, .. } = *spot;
        let known = self.run.targets.iter().position(|target| match target.kind {
            TargetKind::Rows(pool) => {
                let pool = &self.run.pools[pool];
                let same = (pool.node.id)() == (node.id)() && pool.by == by && pool.level == level;
                target.shared == Some(space) && same && !target.is_apart && !is_apart
            }
            _ => false,
        });
        known.unwrap_or_else(|| {
            let pool = self.pool(node, by);
            self.run.pools[pool].level = level;
            let target = self.target(TargetKind::Rows(pool));
            self.run.targets[target].shared = Some(space);
            self.run.targets[target].is_apart = is_apart;
            target
        })
    }

    fn space(&mut self, table: &'static Table, by: &'static [ColumnDef]) -> usize {
        let known = self.run.spaces.iter().position(|space| space.table.is(table) && space.by == by);
        known.unwrap_or_else(|| {
            self.run.spaces.push(Space::new(table, by));
            self.run.spaces.len() - 1
        })
    }

    /// Lets a target take the rows of the step that its spot shares with others.
    fn join_step(&mut self, at: usize, target: usize) {
        let taker = Taker::new(target, at);
        let spot = self.spots[at];
        // A view that several references lead to asks once for what belongs to it, also where that cannot be merged with
        // anything else: a second step would take the first one's keys for answered.
        let of_target =
            |step: &Step| step.round == spot.round && step.takers.iter().any(|taker| taker.target == target);
        let same = |spots: &Vec<usize>| {
            let first = spots.first().map(|first| &self.spots[*first]);
            first.is_some_and(|first| first.round == spot.round && same_fetch(first, &spot))
        };
        let known = self.run.steps.iter().position(of_target);
        if let Some(step) = known.or_else(|| self.step_spots.iter().position(same)) {
            self.step_spots[step].push(at);
            if let (StepFetch::Keyed { fetch: Fetch { keyed: Some(keyed), .. }, .. }, What::Rows(edge, ..)) =
                (&mut self.run.steps[step].fetch, spot.what)
            {
                keyed.unordered &= edge.has_its_own_order();
            }
            let takers = &mut self.run.steps[step].takers;
            if !takers.iter().any(|taker| taker.target == target) {
                takers.push(taker);
            }
            return;
        }
        let space = self.space(spot.table, spot.by);
        let mut fetch = self.keyed_fetch(&spot);
        let scopes = narrow(&self.run.scopes, &mut fetch);
        let mut step = Step::new(spot.round, StepFetch::Keyed { space, fetch });
        step.scopes = scopes;
        step.tree = match spot.what {
            What::Rows(edge, ..) => Some(edge).filter(|edge| edge.is_recursive()),
            _ => None,
        };
        step.takers.push(taker);
        self.run.steps.push(step);
        self.step_spots.push(vec![at]);
    }

    /// The fetch of a spot, without its keys and columns.
    fn keyed_fetch(&self, spot: &Spot) -> Fetch {
        let mut fetch = keyed_fetch(spot, &self.run.scopes);
        if let Some(change) = spot.change.and_then(|change| self.changes.get(change)) {
            choose(spot, change, &mut fetch);
        }
        fetch
    }

    fn root_at(&self, at: usize) -> Option<usize> {
        self.root_of.iter().find(|(spot, _)| *spot == at).map(|(_, root)| *root)
    }

    /// Lets the steps whose spots all go by subselect find their rows by what selects the parents.
    fn select_keys(&mut self) {
        for number in 0..self.step_spots.len() {
            let spots = &self.step_spots[number];
            if spots.is_empty() || !selects_keys(spots.iter().map(|at| &self.spots[*at])) {
                continue;
            }
            let mut branches: Vec<Projection> = Vec::new();
            for branch in spots.iter().filter_map(|at| self.keys_of(*at)) {
                if !branches.contains(&branch) {
                    branches.push(branch);
                }
            }
            if let StepFetch::Keyed { fetch: Fetch { keyed: Some(keyed), .. }, .. } = &mut self.run.steps[number].fetch
            {
                keyed.keys = Keys::Selected(branches);
            }
        }
    }

    /// What selects the keys that lead to the rows of a spot.
    fn keys_of(&self, at: usize) -> Option<Projection> {
        let columns = match self.spots[at].what {
            What::Root(_) | What::NextLevel(..) => return None,
            What::Rows(edge, ..) | What::Links(edge, _) | What::Figures(edge, ..) => edge.relation.local,
            What::Linked(edge, _) => edge.relation.link?.far,
        };
        Some(Projection { select: self.selection(self.spots[at].parent)?, columns: columns.to_vec() })
    }

    /// What selects the rows of a spot.
    fn selection(&self, at: usize) -> Option<Arc<Select>> {
        if let Some(root) = self.root_at(at) {
            return Some(Arc::clone(&self.run.roots[root].select));
        }
        let by = Condition::InSelect { columns: self.spots[at].by.to_vec(), branches: vec![self.keys_of(at)?] };
        let mut fetch = self.keyed_fetch(&self.spots[at]);
        let _ = narrow(&self.run.scopes, &mut fetch);
        let mut select = Select::clone(&fetch.select);
        select.order = Vec::new();
        select.filter = Some(match select.filter.take() {
            Some(filter) => by.and(filter),
            None => by,
        });
        Some(Arc::new(select))
    }
}
