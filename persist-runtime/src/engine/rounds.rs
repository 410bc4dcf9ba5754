//! The rounds of a run: which fetches the next one has, with which keys.

use super::fetch::{Fetch, Keys};
use super::levels::Kept;
use super::run::{ASKED, DONE, EdgeRun, Pool, RootPool, Run, Step, StepFetch, Taker, Target, TargetKind, WANTED};
use super::scope::narrow;
use crate::group::KeySet;
use std::borrow::Cow;
use std::sync::Arc;

/// A fetch to run, and where its rows go.
pub struct Task {
    /// What to ask of the store.
    pub fetch: Fetch,
    /// Whether this asks for more keys of a fetch that the store could not take at once.
    pub is_chunk: bool,
    pub(super) step: usize,
}

/// A fetch of the plan: what [`Run::outline`] lists.
pub struct Outline {
    /// The round it runs in, counted from 1.
    pub round: usize,
    /// The fetch, without keys.
    pub fetch: Fetch,
    /// The entities whose scopes narrowed it.
    pub scopes: Vec<&'static str>,
}

/// A fetch of the plan before anything is sent: what [`Run::planned`] lists.
pub struct Planned<'r> {
    /// The fetch, without keys, and with the columns of its rows or without.
    pub fetch: Cow<'r, Fetch>,
    step: usize,
}

impl Run {
    /// The fetches of the next round that has any; none when all is read.
    ///
    /// The rows of each go to its [`sink`](Self::sink) before the next call. `max_keys` says how many keys a fetch
    /// may carry.
    pub fn next_round(&mut self, max_keys: impl Fn(&Fetch) -> usize) -> Vec<Task> {
        self.deal();
        let last = self.steps.iter().map(|step| step.round).max().unwrap_or_default();
        while self.round < last {
            self.round += 1;
            let tasks = self.tasks(&max_keys);
            if !tasks.is_empty() {
                return tasks;
            }
        }
        Vec::new()
    }

    fn tasks(&mut self, max_keys: &dyn Fn(&Fetch) -> usize) -> Vec<Task> {
        let mut tasks = Vec::new();
        for (number, step) in self.steps.iter().enumerate().filter(|(_, step)| step.round == self.round) {
            match &step.fetch {
                StepFetch::Root(root) => {
                    let root = &self.roots[*root];
                    if !root.select.is_never() {
                        tasks.push(Task { fetch: root.fetch(step), is_chunk: false, step: number });
                    }
                }
                StepFetch::Keyed { space, fetch } => {
                    let space = &self.spaces[*space];
                    let selects = step.selects_keys();
                    let slots = claim(&mut self.targets, &step.takers, space.len(), selects);
                    if selects && !slots.is_empty() {
                        tasks.push(Task { fetch: fetch.clone(), is_chunk: false, step: number });
                        continue;
                    }
                    if let (Some(edge), false) = (step.tree, slots.is_empty()) {
                        let mut fetch = fetch.clone();
                        fetch.select = Arc::new(edge.to_the_last_level(space.key_set(&slots)));
                        let _ = narrow(&self.scopes, &mut fetch);
                        self.kept.insert(number, Kept::default());
                        tasks.push(Task { fetch, is_chunk: false, step: number });
                        continue;
                    }
                    for (chunk, portion) in slots.chunks(max_keys(fetch).max(1)).enumerate() {
                        let mut fetch = fetch.clone();
                        if let Some(keyed) = &mut fetch.keyed {
                            keyed.keys = Keys::Given(space.key_set(portion));
                        }
                        tasks.push(Task { fetch, is_chunk: chunk > 0, step: number });
                    }
                }
            }
        }
        tasks
    }

    /// Every fetch of the plan, in all rounds, without the columns of its rows: what it needs of a store is known before the
    /// first is sent.
    pub fn planned(&self) -> impl Iterator<Item = Planned<'_>> {
        self.steps.iter().enumerate().map(|(number, step)| {
            let fetch = match &step.fetch {
                StepFetch::Root(root) => Cow::Owned(self.roots[*root].shape(step)),
                StepFetch::Keyed { fetch, .. } => Cow::Borrowed(fetch),
            };
            Planned { fetch, step: number }
        })
    }

    /// The view and its field that a fetch is for, if one is; of a group's own rows with others beside them, the field
    /// that the first of those are for.
    #[must_use]
    pub fn field_of(&self, planned: &Planned<'_>) -> Option<(&'static str, &'static str)> {
        let step = &self.steps[planned.step];
        let named = |pool: &Pool, run: &EdgeRun| (pool.node.view, run.edge.field);
        step.takers.iter().find_map(|taker| match (&step.fetch, taker.joined.first()) {
            (StepFetch::Root(root), Some(joined)) => {
                let RootPool::Rows(pool) = self.root_pools.get(*root)? else { return None };
                let pool = &self.pools[*pool];
                pool.edges.get(joined.edge).map(|run| named(pool, run))
            }
            (StepFetch::Root(_), None) => None,
            (StepFetch::Keyed { .. }, _) => self.pools.iter().find_map(|pool| {
                let leads = |run: &&EdgeRun| match self.targets[run.target].kind {
                    TargetKind::Links { far_target, .. } => far_target == taker.target || run.target == taker.target,
                    _ => run.target == taker.target,
                };
                pool.edges.iter().find(leads).map(|run| named(pool, run))
            }),
        })
    }

    /// Finds every row by its key, since what selects the parents may not select the same ones again. To be called before
    /// the first round, where the reads do not see one state of the store.
    pub fn without_subselects(&mut self) {
        for step in &mut self.steps {
            if let StepFetch::Keyed { fetch: Fetch { keyed: Some(keyed), .. }, .. } = &mut step.fetch
                && matches!(keyed.keys, Keys::Selected(_))
            {
                keyed.keys = Keys::Given(KeySet::new(keyed.by.len(), Vec::new()));
            }
        }
    }

    /// Every fetch of the plan by its round, with no keys in it: for a person to read.
    #[must_use]
    pub fn outline(&self) -> Vec<Outline> {
        let line = |step: &Step| {
            let mut scopes = step.scopes.clone();
            let fetch = match &step.fetch {
                StepFetch::Root(root) => {
                    scopes.extend(&self.roots[*root].scopes);
                    self.roots[*root].fetch(step)
                }
                StepFetch::Keyed { fetch, .. } => fetch.clone(),
            };
            scopes.sort_unstable();
            scopes.dedup();
            Outline { round: step.round, fetch, scopes }
        };
        let mut outline: Vec<_> = self.steps.iter().map(line).collect();
        outline.sort_by_key(|line| line.round);
        outline
    }
}

/// Marks what the takers want as asked, and gives it, each slot once.
///
/// What selects the parents of some may not lead to everything that others want of the same rows: what is shared stays
/// wanted then until it comes.
fn claim(targets: &mut [Target], takers: &[Taker], slots: usize, selects: bool) -> Vec<u32> {
    let wanted = |slot: &usize| takers.iter().any(|taker| targets[taker.target].is_wanted(*slot));
    let claimed: Vec<u32> = (0..slots).filter(wanted).map(|slot| slot as u32).collect();
    for taker in takers {
        let target = &mut targets[taker.target];
        let waits = selects && target.shared.is_some();
        for state in &mut target.state {
            *state = match *state {
                WANTED if !waits => ASKED,
                ASKED => DONE,
                other => other,
            };
        }
    }
    claimed
}
