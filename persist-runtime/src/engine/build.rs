//! From requests to a run: which pools, targets and steps there are.
//!
//! The schedule is the one that [`View::STATEMENTS`](crate::View::STATEMENTS) is counted by, over the forest of all
//! requests.

use super::fetch::{Fetch, Join, Output};
use super::request::{Root, Wanted};
use super::run::{EdgeRun, KeyLog, Pool, RootPool, Run, Step, StepFetch, Taker, Target, TargetKind};
use super::scope::{narrow, visible_links};
use super::space::Space;
use crate::entity::{ColumnDef, Table};
use crate::group::{Condition, KeySet, OrderBy, Scopes, Select};
use crate::view::{Edge, Level, Load, Node, Spot, What, assign_rounds, same_fetch};
use std::sync::Arc;

impl Root {
    pub(super) fn fetch(&self, columns: &[ColumnDef]) -> Fetch {
        let output = match self.wanted {
            Wanted::Rows(_) => Output::Columns(columns.to_vec()),
            Wanted::Count => Output::Count,
            Wanted::Exists => Output::Exists,
        };
        Fetch::new(Arc::clone(&self.select), output)
    }

    fn narrow(&mut self, scopes: &Scopes) {
        (self.select, self.scopes) = scopes.select(&self.select);
    }
}

/// Where the rows of a spot go, and which step brings them.
#[derive(Clone, Copy)]
struct Home {
    /// For spots with rows: their pool.
    pool: usize,
    target: usize,
}

struct Builder {
    run: Run,
    spots: Vec<Spot>,
    homes: Vec<Home>,
    /// For each step, the spot that it was made for.
    step_spots: Vec<usize>,
}

pub(super) fn build(mut roots: Vec<Root>, scopes: Scopes) -> Run {
    roots.iter_mut().for_each(|root| root.narrow(&scopes));
    let mut spots = Vec::new();
    let mut root_of = Vec::new();
    for (number, root) in roots.iter().enumerate() {
        if let Wanted::Rows(survey) = root.wanted {
            let offset = spots.len();
            spots.extend(survey.spots().iter().map(|spot| Spot { parent: spot.parent + offset, ..*spot }));
            root_of.push((offset, number));
        }
    }
    assign_rounds(&mut spots);
    // What holds no row is not asked for.
    let answer = |root: &Root| match root.wanted {
        Wanted::Exists => RootPool::Exists(root.select.is_never().then_some(false)),
        _ => RootPool::Count(root.select.is_never().then_some(0)),
    };
    let root_pools = roots.iter().map(answer).collect();
    let run = Run {
        scopes,
        roots,
        root_pools,
        pools: Vec::new(),
        targets: Vec::new(),
        spaces: Vec::new(),
        steps: Vec::new(),
        errors: Vec::new(),
        round: 0,
    };
    let mut builder = Builder { run, spots, homes: Vec::new(), step_spots: Vec::new() };
    builder.numbers();
    for at in 0..builder.spots.len() {
        let root = root_of.iter().find(|(offset, _)| *offset == at).map(|(_, root)| *root);
        builder.spot(at, root);
    }
    builder.layouts();
    builder.run
}

const NONE: Home = Home { pool: usize::MAX, target: usize::MAX };

impl Builder {
    /// Counts and existence tests: statements without rows.
    fn numbers(&mut self) {
        for (number, root) in self.run.roots.iter().enumerate() {
            if !matches!(root.wanted, Wanted::Rows(_)) {
                let fetch = StepFetch::Root(number);
                self.run.steps.push(Step {
                    round: 1,
                    fetch,
                    scopes: Vec::new(),
                    columns: Vec::new(),
                    keys: 0,
                    by: Vec::new(),
                    takers: Vec::new(),
                });
                self.step_spots.push(usize::MAX);
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
                    let taker = Taker::of(usize::MAX);
                    self.run.steps.push(Step {
                        round: spot.round,
                        fetch: StepFetch::Root(root),
                        scopes: Vec::new(),
                        columns: Vec::new(),
                        keys: 0,
                        by: Vec::new(),
                        takers: vec![taker],
                    });
                    self.step_spots.push(at);
                }
                Home { pool, ..NONE }
            }
            What::Rows(edge, node, ordinal) => self.edge(&spot, edge, ordinal, |builder, space| {
                if edge.is_reference() {
                    builder.shared(space, node, &[], spot.level)
                } else {
                    let pool = builder.pool(node, edge.by);
                    builder.run.pools[pool].level = spot.level;
                    if matches!(edge.load, Load::Sole(..)) {
                        builder.run.pools[pool].keys = Some(KeyLog::default());
                    }
                    builder.target(TargetKind::Rows(pool))
                }
            }),
            What::Links(edge, ordinal) => self.edge(&spot, edge, ordinal, |builder, _| builder.links(edge)),
            What::Counts(edge, ordinal) => {
                self.edge(&spot, edge, ordinal, |builder, _| builder.target(TargetKind::Counts(edge, Vec::new())))
            }
            What::Linked(..) => match self.run.targets[self.homes[spot.parent].target].kind {
                TargetKind::Links { far_target, .. } => self.home_of(far_target),
                _ => NONE,
            },
        };
        self.homes.push(home);
        if home.target != usize::MAX {
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

    fn links(&mut self, edge: &'static Edge) -> usize {
        let relation = &edge.relation;
        let far_space = self.space(relation.to, relation.remote);
        let far_target = edge.node().map_or(usize::MAX, |node| self.shared(far_space, node, edge.by, None));
        let link_pool = match edge.load {
            Load::Linked(link, ..) => Some(self.pool(link, &[])),
            _ => None,
        };
        self.target(TargetKind::Links { edge, pairs: Vec::new(), far_space, far_target, link_pool })
    }

    fn pool(&mut self, node: &'static Node, by: &'static [ColumnDef]) -> usize {
        // Of these, a message may have to name the parent.
        let named =
            |edge: &&Edge| matches!(edge.load, Load::ToOne(_) | Load::Sole(..) | Load::Tree(_)) || !edge.by.is_empty();
        let refers = node.edges().iter().any(named);
        self.run.pools.push(Pool {
            node,
            by,
            level: None,
            entries: Vec::new(),
            rows: (node.rows)(),
            len: 0,
            owners: Vec::new(),
            positions: Vec::new(),
            edges: Vec::new(),
            keys: refers.then(KeyLog::default),
        });
        self.run.pools.len() - 1
    }

    fn target(&mut self, kind: TargetKind) -> usize {
        self.run.targets.push(Target::new(kind));
        self.run.targets.len() - 1
    }

    /// The rows of one view that many parents share: one pool for each key space and view, and for each key that they
    /// have in maps.
    fn shared(&mut self, space: usize, node: &'static Node, by: &'static [ColumnDef], level: Option<Level>) -> usize {
        let known = self.run.targets.iter().position(|target| match target.kind {
            TargetKind::Rows(pool) => {
                let pool = &self.run.pools[pool];
                let same = (pool.node.id)() == (node.id)() && pool.by == by && pool.level == level;
                target.shared == Some(space) && same
            }
            _ => false,
        });
        known.unwrap_or_else(|| {
            let pool = self.pool(node, by);
            self.run.pools[pool].level = level;
            let target = self.target(TargetKind::Rows(pool));
            self.run.targets[target].shared = Some(space);
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
        let taker = Taker::of(target);
        let spot = self.spots[at];
        // A view that several references lead to asks once for what belongs to it, also where that cannot be merged with
        // anything else: a second step would take the first one's keys for answered.
        let of_target =
            |step: &Step| step.round == spot.round && step.takers.iter().any(|taker| taker.target == target);
        let same = |step: &usize| {
            *step != usize::MAX && self.spots[*step].round == spot.round && same_fetch(&self.spots[*step], &spot)
        };
        let known = self.run.steps.iter().position(of_target);
        if let Some(step) = known.or_else(|| self.step_spots.iter().position(same)) {
            let takers = &mut self.run.steps[step].takers;
            if !takers.iter().any(|taker| taker.target == target) {
                takers.push(taker);
            }
            return;
        }
        let space = self.space(spot.table, spot.by);
        let mut fetch = keyed_fetch(&spot, &self.run.scopes);
        let scopes = narrow(&self.run.scopes, &mut fetch);
        let fetch = StepFetch::Keyed { space, fetch };
        let (columns, by) = (Vec::new(), Vec::new());
        self.run.steps.push(Step { round: spot.round, fetch, scopes, columns, keys: 0, by, takers: vec![taker] });
        self.step_spots.push(at);
    }

    /// Now that all edges are known: which columns each step reads, and where each taker finds its own.
    fn layouts(&mut self) {
        let Run { roots, steps, pools, targets, root_pools, spaces, .. } = &mut self.run;
        for step in steps {
            let mut columns = Columns::default();
            if let StepFetch::Keyed { space, .. } = step.fetch {
                step.by = columns.places(spaces[space].by);
            }
            let pool_of = |taker: &Taker| match step.fetch {
                StepFetch::Root(root) => match root_pools[root] {
                    RootPool::Rows(pool) => Some(&pools[pool]),
                    _ => None,
                },
                StepFetch::Keyed { .. } => match targets[taker.target].kind {
                    TargetKind::Rows(pool) | TargetKind::Links { link_pool: Some(pool), .. } => Some(&pools[pool]),
                    _ => None,
                },
            };
            for taker in &mut step.takers {
                if let Some(pool) = pool_of(taker) {
                    taker.key = columns.places(pool.node.table.key);
                    taker.entry = columns.places(pool.by);
                    taker.locals = pool.edges.iter().map(|run| columns.places(run.edge.relation.local)).collect();
                }
                if let Some(TargetKind::Links { edge, .. }) = targets.get(taker.target).map(|target| &target.kind) {
                    taker.far = columns.places(edge.relation.link.map_or(&[], |link| link.far));
                }
            }
            step.keys = columns.0.len();
            for taker in &mut step.takers {
                if let Some(pool) = pool_of(taker) {
                    taker.places = columns.places(pool.by);
                    taker.places.append(&mut columns.places(&pool.node.columns()));
                } else if let Some(TargetKind::Counts(..)) = targets.get(taker.target).map(|target| &target.kind) {
                    taker.places = vec![columns.0.len() as u16];
                }
            }
            if let StepFetch::Root(root) = step.fetch
                && let Some(page) = &mut roots[root].page
            {
                page.places = columns.places(&page.columns);
            }
            step.columns = columns.0;
            if let StepFetch::Keyed { fetch: Fetch { output: Output::Columns(columns), .. }, .. } = &mut step.fetch {
                columns.clone_from(&step.columns);
            }
        }
    }
}

/// The columns of a fetch, each once.
#[derive(Default)]
struct Columns(Vec<ColumnDef>);

impl Columns {
    fn places(&mut self, columns: &[ColumnDef]) -> Vec<u16> {
        let place = |column: &ColumnDef| {
            let at = self.0.iter().position(|known| known == column).unwrap_or_else(|| {
                self.0.push(*column);
                self.0.len() - 1
            });
            at as u16
        };
        columns.iter().map(place).collect()
    }
}

/// The fetch of a spot, without its keys and columns.
fn keyed_fetch(spot: &Spot, scopes: &Scopes) -> Fetch {
    let mut select = Select::all(spot.table);
    let mut output = Output::Columns(Vec::new());
    let (mut per_key, mut join) = (None, None);
    match spot.what {
        What::Rows(edge, ..) => {
            select.filter = found(scopes, edge);
            select.order = edge.order();
            per_key = edge.limit.map(u64::from);
        }
        What::Links(edge, _) => {
            let far = edge.relation.link.map_or(&[][..], |link| link.far);
            select.order = edge.link_order();
            select.order.extend(far.iter().map(|column| OrderBy { column: *column, descending: false }));
            per_key = edge.limit.map(u64::from);
            let order = edge.order();
            if !order.is_empty() {
                let (table, remote) = (edge.relation.to, edge.relation.remote.to_vec());
                join = Some(Join { table, local: far.to_vec(), remote, order });
            }
            select.filter = found(scopes, edge);
        }
        What::Counts(edge, _) => {
            output = Output::Count;
            select.filter = found(scopes, edge);
        }
        What::Root(_) | What::Linked(..) => {}
    }
    let mut fetch =
        Fetch::new(Arc::new(select), output).keyed(spot.by.to_vec(), KeySet::new(spot.by.len(), Vec::new()));
    if let Some(keyed) = &mut fetch.keyed {
        keyed.per_key = per_key;
        keyed.join = join;
    }
    fetch
}

/// What the rows that hold the parent's key must satisfy: rows, or links to them.
fn found(scopes: &Scopes, edge: &Edge) -> Option<Condition> {
    // A condition on links looks at the rows that they lead to: no NULL leads to one, and a scope narrows them there.
    edge.condition().or_else(|| links(scopes, edge))
}

/// Which rows of a link table count as links, where the edge has one.
fn links(scopes: &Scopes, edge: &Edge) -> Option<Condition> {
    let far = not_null(edge.relation.link.map_or(&[], |link| link.far));
    match (far, visible_links(scopes, edge)) {
        (Some(far), Some(visible)) => Some(far.and(visible)),
        (far, visible) => far.or(visible),
    }
}

/// A link to nowhere is no link.
fn not_null(columns: &[ColumnDef]) -> Option<Condition> {
    let nullable = columns.iter().filter(|column| column.nullable);
    let all: Vec<_> = nullable.map(|column| Condition::Not(Box::new(Condition::IsNull(*column)))).collect();
    if all.is_empty() { None } else { Some(Condition::And(all)) }
}
