//! A run: the state of one realise between its rounds.

use super::budget::OverBudget;
use super::fetch::{Fetch, Joined, Keyed, Keys};
use super::figures::Figured;
use super::levels::Kept;
use super::loads::LoadedRun;
use super::request::{Asks, Root};
use super::space::Space;
use super::whole::Noted;
use crate::entity::{ColumnDef, Value};
use crate::group::{Measure, Scopes};
use crate::view::{Edge, Level, NOWHERE, Node, ViewRows};
use std::collections::BTreeMap;

/// One realise, from its requests to its answers.
pub struct Run {
    pub(super) scopes: Scopes,
    /// Whether what requests say of edges is said of edges that are there.
    pub(super) fits: bool,
    pub(super) roots: Vec<Root>,
    pub(super) root_pools: Vec<RootPool>,
    pub(super) pools: Vec<Pool>,
    pub(super) targets: Vec<Target>,
    pub(super) spaces: Vec<Space>,
    pub(super) steps: Vec<Step>,
    pub(super) errors: Vec<Noted>,
    /// The rows of whole trees that came in this round, by step.
    pub(super) kept: BTreeMap<usize, Kept>,
    /// The pools that were made for the levels of whole trees, each before those below it; whether many parents share
    /// its rows.
    pub(super) levels: Vec<(usize, bool)>,
    /// Whether the errors are noted that can only be found once everything is read.
    pub(super) noted: bool,
    /// The last round that was given out.
    pub(super) round: usize,
    /// Where watched fields are noted.
    #[cfg(feature = "testkit")]
    pub(crate) log: Option<std::sync::Arc<crate::view::WatchLog>>,
}

/// What a root realises to.
pub(super) enum RootPool {
    /// The rows of a pool.
    Rows(usize),
    /// Figures; none until they are there.
    Figures(Option<Figured>),
    /// Whether there is any; none until that is known.
    Exists(Option<bool>),
}

/// The rows of one view, from one source.
pub(super) struct Pool {
    pub(super) node: &'static Node,
    /// The level of a tree that these rows are of; two levels of one view hold different things.
    pub(super) level: Option<Level>,
    /// The columns ahead of the view's own: the keys of a map.
    pub(super) by: &'static [ColumnDef],
    /// The column behind those, where one is held instead of a view.
    pub(super) value: &'static [ColumnDef],
    pub(super) rows: Box<dyn ViewRows>,
    /// How many rows there are.
    pub(super) len: u32,
    /// For each row, the slot of the key it was found by. Empty for a root.
    pub(super) owners: Vec<u32>,
    /// For each slot, where its (last) row stands.
    pub(super) positions: Vec<u32>,
    /// The view's edges, in its order.
    pub(super) edges: Vec<EdgeRun>,
    /// The view's fields that functions load, in its order.
    pub(super) loaded: Vec<LoadedRun>,
    /// For each row its key, where a missing reference would need to name it, or a loader asks for it.
    pub(super) keys: Option<KeyLog>,
}

/// The keys of a pool's rows, in their order.
#[derive(Default)]
pub(super) struct KeyLog {
    pub(super) ints: Vec<i64>,
    pub(super) others: Vec<Vec<Value>>,
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
    /// Whether nobody else may share its rows all the same.
    pub(super) is_apart: bool,
    /// For each slot of its space, whether it is wanted or asked for.
    pub(super) state: Vec<u8>,
    /// Slots whose rows did not fit: they are not missing, they are faulty.
    pub(super) failed: Vec<u32>,
    pub(super) kind: TargetKind,
}

pub(super) const WANTED: u8 = 1;
/// By the step at hand: its rows are taken.
pub(super) const ASKED: u8 = 2;
/// By an earlier step: should its row come again, for somebody else, it is not taken twice.
pub(super) const DONE: u8 = 3;

pub(super) enum TargetKind {
    /// Rows of a pool.
    Rows(usize),
    /// Pairs of a near and a far slot; the far slot is wanted of another target.
    Links {
        edge: &'static Edge,
        pairs: Vec<(u32, u32)>,
        far_space: usize,
        far_target: usize,
        /// Where the link rows go, if they are held too: one for each pair.
        link_pool: Option<usize>,
    },
    /// One value for each slot, made of the rows of its key.
    Figures { entity: &'static str, view: &'static str, field: &'static str, measure: Measure, values: Vec<Value> },
}

/// One fetch of the plan, merged.
pub(super) struct Step {
    pub(super) round: usize,
    pub(super) fetch: StepFetch,
    /// For a keyed fetch and for what is joined, the entities whose scopes narrowed it.
    pub(super) scopes: Vec<&'static str>,
    /// The columns it reads, those that keys are made of first.
    pub(super) columns: Vec<ColumnDef>,
    /// How many columns keys are made of.
    pub(super) keys: usize,
    /// Where the parts of the key stand that the rows are found by.
    pub(super) by: Vec<u16>,
    pub(super) takers: Vec<Taker>,
    /// The tables that come with it.
    pub(super) joined: Vec<Joined>,
    /// The edge whose whole tree it brings, if it does.
    pub(super) tree: Option<&'static Edge>,
}

#[allow(clippy::large_enum_variant, reason = "a run has few steps, and they stay where they are")]
pub(super) enum StepFetch {
    Root(usize),
    Keyed { space: usize, fetch: Fetch },
}

/// One target's interest in a step: where its columns stand.
#[derive(Clone)]
pub(super) struct Taker {
    pub(super) target: usize,
    /// The view's columns; for figures their aggregates.
    pub(super) places: Vec<u16>,
    /// For links, the far columns.
    pub(super) far: Vec<u16>,
    /// The entity's key.
    pub(super) key: Vec<u16>,
    /// The local columns of each edge.
    pub(super) locals: Vec<Vec<u16>>,
    /// The edges whose rows come with it.
    pub(super) joined: Vec<JoinedTaker>,
    /// The spot that it stands for.
    pub(super) spot: usize,
}

/// An edge whose rows come with those of its parent.
#[derive(Clone)]
pub(super) struct JoinedTaker {
    /// Its number among the edges of the parent.
    pub(super) edge: usize,
    /// The number of its table among those that are joined to the step.
    pub(super) join: usize,
    /// Where the columns stand that the edge leads to.
    pub(super) remote: Vec<u16>,
    pub(super) taker: Taker,
}

impl Step {
    pub(super) const fn new(round: usize, fetch: StepFetch) -> Self {
        Self {
            round,
            fetch,
            scopes: Vec::new(),
            columns: Vec::new(),
            keys: 0,
            by: Vec::new(),
            takers: Vec::new(),
            joined: Vec::new(),
            tree: None,
        }
    }

    /// Whether its rows are found by what selects the parents.
    pub(super) const fn selects_keys(&self) -> bool {
        matches!(
            &self.fetch,
            StepFetch::Keyed { fetch: Fetch { keyed: Some(Keyed { keys: Keys::Selected(_), .. }), .. }, .. }
        )
    }
}

impl Pool {
    pub(super) fn new(node: &'static Node, by: &'static [ColumnDef]) -> Self {
        Self {
            node,
            level: None,
            by,
            value: &[],
            rows: (node.rows)(),
            len: 0,
            owners: Vec::new(),
            positions: Vec::new(),
            edges: Vec::new(),
            loaded: node.loaders().into_iter().map(LoadedRun::new).collect(),
            keys: None,
        }
    }
}

impl Taker {
    /// A taker that does not know its places yet.
    pub(super) fn new(target: usize, spot: usize) -> Self {
        let [places, far, key] = [const { Vec::new() }; 3];
        Self { target, places, far, key, locals: Vec::new(), joined: Vec::new(), spot }
    }
}

impl Target {
    pub(super) const fn new(kind: TargetKind) -> Self {
        Self { shared: None, is_apart: false, state: Vec::new(), failed: Vec::new(), kind }
    }

    /// Notes that the row of `slot` is wanted; tells whether that was known.
    pub(super) fn want(&mut self, slot: u32) -> bool {
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

    pub(super) fn is_wanted(&self, slot: usize) -> bool {
        self.state.get(slot) == Some(&WANTED)
    }

    /// Whether a row of `slot` is taken that a step brings.
    pub(super) fn takes(&mut self, slot: u32, step: &Step) -> bool {
        match self.state.get_mut(slot as usize) {
            Some(state) if *state == WANTED && self.shared.is_some() && step.selects_keys() => {
                *state = ASKED;
                true
            }
            state => state.is_some_and(|state| *state == ASKED),
        }
    }

    /// Whether a row of `slot` is taken that comes with its parent: if none was, found by its key, whether it fitted or
    /// not. Once taken, it is not asked for.
    pub(super) fn takes_joined(&mut self, slot: u32, pool: &Pool) -> bool {
        let at = slot as usize;
        if self.state.len() <= at {
            self.state.resize(at + 1, 0);
        }
        match std::mem::replace(&mut self.state[at], DONE) {
            DONE => false,
            ASKED => pool.positions.get(at).is_none_or(|at| *at == NOWHERE) && !self.failed.contains(&slot),
            _ => true,
        }
    }
}

impl Run {
    /// A run of these requests, within these scopes.
    ///
    /// # Errors
    /// When a request may need more statements than its budget.
    pub fn new(asks: Asks, scopes: Scopes) -> Result<Self, OverBudget> {
        asks.check_budgets()?;
        Ok(Self::unbudgeted(asks, scopes))
    }

    /// A run to be looked at, whatever its budgets.
    #[must_use]
    pub fn unbudgeted(asks: Asks, scopes: Scopes) -> Self {
        super::build::build(asks, scopes)
    }

    /// At most so many statements, not counting chunks.
    #[must_use]
    pub fn most_statements(&self) -> usize {
        self.steps.len()
    }
}

impl EdgeRun {
    pub(super) const fn owns_its_rows(&self) -> bool {
        self.edge.owns_its_rows()
    }
}
