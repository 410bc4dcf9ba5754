//! The rounds of a run: which fetches the next one has, with which keys.

use super::fetch::{Fetch, Keys};
use super::levels::Kept;
use super::run::{ASKED, DONE, Run, Step, StepFetch, Taker, Target, WANTED};
use super::scope::narrow;
use crate::group::KeySet;
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

    /// The fetches that find their rows by what selects the parents: a store may not be able to do one.
    pub fn subselects(&self) -> impl Iterator<Item = &Fetch> {
        self.steps.iter().filter(|step| step.selects_keys()).filter_map(|step| match &step.fetch {
            StepFetch::Keyed { fetch, .. } => Some(fetch),
            StepFetch::Root(_) => None,
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
