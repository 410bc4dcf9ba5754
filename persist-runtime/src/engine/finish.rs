//! The end of a run: rows are put together bottom-up, each relation's rows before those that hold them.

use super::error::RowErrors;
use super::request::{Answer, Results};
use super::run::{EdgeRun, RootPool, Run, TargetKind};
use super::whole::{At, Noted, Reach};
use crate::view::{Finished, Lists, Load, Missing, NOWHERE, Supplied, Supplies, Supply, Tree, Values};
use std::any::Any;
use std::collections::HashMap;
use std::sync::Arc;

/// Why a run has no answers.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// Rows that do not fit.
    #[error(transparent)]
    Rows(RowErrors),
    /// The plan and the rows contradict one another.
    #[error("the rows contradict the plan")]
    Broken,
}

impl From<Missing> for Failed {
    fn from(_: Missing) -> Self {
        Self::Broken
    }
}

impl Run {
    /// Puts the answers together, once all rounds have been fed.
    ///
    /// # Errors
    /// When rows do not fit what their views promise: all of them are named. When the rows contradict the plan.
    pub fn finish(mut self) -> Result<Results, Failed> {
        if !self.fits {
            return Err(Failed::Broken);
        }
        let failing = self.failing()?;
        let errors = std::mem::take(&mut self.errors).into_iter().map(|noted| noted.error).collect();
        let mut finisher = Finisher { run: self, shared: HashMap::new(), levels: HashMap::new() };
        finisher.levels()?;
        let mut answers = Vec::new();
        for root in 0..finisher.run.roots.len() {
            answers.push(Some(match &mut finisher.run.root_pools[root] {
                RootPool::Rows(pool) => {
                    let pool = *pool;
                    let rows = finisher.pool(pool)?.into_owned();
                    match finisher.run.roots[root].page.take() {
                        Some(page) => Answer::Page(rows, page.ends),
                        None => Answer::Rows(rows),
                    }
                }
                RootPool::Figures(figures) => Answer::Figures(figures.take().ok_or(Missing)?),
                RootPool::Exists(exists) => Answer::Exists(exists.ok_or(Missing)?),
            }));
        }
        Ok(Results { answers, failing, errors })
    }

    /// What the answer of each request is made from, if there are errors: all of them concern lenient requests alone.
    ///
    /// # Errors
    /// When they do not.
    pub(super) fn bear(&mut self) -> Result<Vec<Reach>, Failed> {
        if !std::mem::replace(&mut self.noted, true) {
            self.note_dangling();
            self.note_several();
            self.note_cycles();
        }
        if self.errors.is_empty() {
            return Ok(Vec::new());
        }
        let pool = |pool: &RootPool| if let RootPool::Rows(pool) = pool { Some(*pool) } else { None };
        let reaches: Vec<_> =
            self.root_pools.iter().map(pool).enumerate().map(|(root, pool)| self.reach(root, pool)).collect();
        let borne = |noted: &Noted| {
            let mut concerned = self.roots.iter().zip(&reaches).filter(|(_, reach)| reach.concerns(noted)).peekable();
            // A number that cannot be read has no part that is whole.
            !matches!(noted.at, At::Root(_)) && concerned.peek().is_some() && concerned.all(|(root, _)| root.lenient)
        };
        if !self.errors.iter().all(borne) {
            let errors = std::mem::take(&mut self.errors);
            return Err(Failed::Rows(RowErrors(errors.into_iter().map(|noted| noted.error).collect())));
        }
        Ok(reaches)
    }

    /// For each request, which of the errors concern it; the rows that are not whole are left out.
    fn failing(&mut self) -> Result<Vec<Vec<usize>>, Failed> {
        let reaches = self.bear()?;
        if reaches.is_empty() {
            return Ok(Vec::new());
        }
        self.leave_out();
        let concerned = |reach: &Reach| {
            let errors = self.errors.iter().enumerate().filter(|(_, noted)| reach.concerns(noted));
            errors.map(|(at, _)| at).collect()
        };
        Ok(reaches.iter().map(concerned).collect())
    }
}

struct Finisher {
    run: Run,
    /// Rows that many parents hold, finished once.
    shared: HashMap<usize, Arc<dyn Any + Send + Sync>>,
    /// Levels of whole trees that are finished already.
    levels: HashMap<usize, Finished>,
}

impl Finisher {
    /// The levels of whole trees, the last first, so that no stack is as deep as a tree.
    fn levels(&mut self) -> Result<(), Missing> {
        for (at, shared) in std::mem::take(&mut self.run.levels).into_iter().rev() {
            if shared {
                let _ = self.shared(at)?;
            } else {
                let level = self.pool(at)?;
                self.levels.insert(at, level);
            }
        }
        Ok(())
    }

    fn pool(&mut self, at: usize) -> Result<Finished, Missing> {
        if let Some(level) = self.levels.remove(&at) {
            return Ok(level);
        }
        let pool = &mut self.run.pools[at];
        let edges = std::mem::take(&mut pool.edges);
        let rows = std::mem::replace(&mut pool.rows, (pool.node.rows)());
        let loaded = std::mem::take(&mut pool.loaded);
        let declared = pool.node.supplied();
        let mut supplies = Vec::with_capacity(declared.len());
        let (mut edges, mut loaded) = (edges.into_iter().peekable(), loaded.into_iter());
        for supplied in declared {
            let edge = match supplied {
                Supplied::Edge(edge) => edge,
                Supplied::Loaded(_) => {
                    supplies.push(loaded.next().ok_or(Missing)?.into_supply());
                    continue;
                }
            };
            let run = match edge.load {
                // A tree that goes on no further has no run for it.
                Load::Tree(_) => edges.next_if(|run| std::ptr::eq(run.edge, edge)),
                _ => edges.next(),
            };
            supplies.push(match run {
                Some(run) => self.edge(run)?,
                None => Supply { places: Vec::new(), values: Values::Cut },
            });
        }
        let supplies = Supplies::new(supplies);
        #[cfg(feature = "testkit")]
        let supplies = supplies.noting(self.run.log.clone());
        rows.finish(supplies)
    }

    fn shared(&mut self, pool: usize) -> Result<Arc<dyn Any + Send + Sync>, Missing> {
        if let Some(rows) = self.shared.get(&pool) {
            return Ok(Arc::clone(rows));
        }
        let rows = self.pool(pool)?.into_shared();
        self.shared.insert(pool, Arc::clone(&rows));
        Ok(rows)
    }

    fn edge(&mut self, mut run: EdgeRun) -> Result<Supply, Missing> {
        let mut slots = self.run.spaces[run.space].len();
        if !run.edge.is_reference() {
            // A parent without a key has no rows, in a container of its own.
            for place in run.slots.iter_mut().filter(|place| **place == NOWHERE) {
                *place = slots as u32;
                slots += 1;
            }
        }
        let target = run.target;
        match (&mut self.run.targets[target].kind, run.edge.load) {
            (TargetKind::Rows(pool), Load::ToOne(_) | Load::Tree(Tree { gather: None, .. })) => {
                let pool = *pool;
                let places = self.positions(pool, run.slots.iter().copied());
                Ok(Supply { places, values: Values::Shared(self.shared(pool)?) })
            }
            (
                TargetKind::Rows(pool),
                Load::Sole(_, gather) | Load::Many(_, gather) | Load::Tree(Tree { gather: Some(gather), .. }),
            ) => {
                let pool = *pool;
                let owners = std::mem::take(&mut self.run.pools[pool].owners);
                let rows = self.pool(pool)?.into_owned();
                let values = gather(rows, &owners, slots).ok_or(Missing)?;
                Ok(Supply { places: run.slots, values: Values::Owned(values) })
            }
            (TargetKind::Links { pairs, far_target, .. }, Load::Through(_)) => {
                let (pairs, far_target) = (std::mem::take(pairs), *far_target);
                let (lists, rows) = self.linked(pairs, far_target, slots)?;
                Ok(Supply { places: run.slots, values: Values::Lists(lists, rows) })
            }
            (TargetKind::Links { pairs, far_target, link_pool: Some(links), .. }, Load::Linked(_, gather, _)) => {
                let (pairs, far_target, links) = (std::mem::take(pairs), *far_target, *links);
                let owners = std::mem::take(&mut self.run.pools[links].owners);
                let links = gather(self.pool(links)?.into_owned(), &owners, slots).ok_or(Missing)?;
                let (lists, rows) = self.linked(pairs, far_target, slots)?;
                Ok(Supply { places: run.slots, values: Values::Linked(links, lists, rows) })
            }
            (TargetKind::Figures { measure, values, .. }, Load::Measure(_)) => {
                let mut values = std::mem::take(values);
                values.resize_with(slots, measure.absent);
                Ok(Supply { places: run.slots, values: Values::Figures(values) })
            }
            _ => Err(Missing),
        }
    }

    /// The rows at the far end of pairs, and for each near slot where they stand.
    fn linked(
        &mut self,
        mut pairs: Vec<(u32, u32)>,
        far_target: usize,
        slots: usize,
    ) -> Result<(Lists, Arc<dyn Any + Send + Sync>), Missing> {
        let TargetKind::Rows(pool) = self.run.targets[far_target].kind else { return Err(Missing) };
        let positions = self.positions(pool, pairs.iter().map(|(_, far)| *far));
        for (pair, position) in pairs.iter_mut().zip(positions) {
            pair.1 = position;
        }
        Ok((Lists::of(&pairs, slots), self.shared(pool)?))
    }

    /// Where the rows of these slots stand in a pool.
    fn positions(&self, pool: usize, slots: impl Iterator<Item = u32>) -> Vec<u32> {
        let positions = &self.run.pools[pool].positions;
        slots.map(|slot| positions.get(slot as usize).copied().unwrap_or(NOWHERE)).collect()
    }
}
