//! References to rows that are not there.

use super::error::{KeyText, Problem, RowError};
use super::run::{EdgeRun, Pool, Run, Target, TargetKind};
use super::whole::{At, Noted};
use crate::entity::Value;
use crate::view::{Edge, NOWHERE};
use std::collections::HashMap;

impl Run {
    /// References to rows that are not there, as errors.
    pub(super) fn note_dangling(&mut self) {
        let mut errors = Vec::new();
        // Searched for each reference.
        self.targets.iter_mut().for_each(|target| target.failed.sort_unstable());
        self.drop_hidden_links();
        for (at, pool) in self.pools.iter().enumerate() {
            let mut note = |row: usize, run: &EdgeRun, problem| {
                let key = pool.keys.as_ref().map(|keys| keys.get(row)).unwrap_or_default();
                let (entity, view, field) = (pool.node.table.entity, pool.node.view, run.edge.field);
                let error = RowError { entity, view, field, part: None, column: None, key, problem };
                errors.push(Noted { error, at: At::Row(at, row) });
            };
            for run in &pool.edges {
                match &self.targets[run.target].kind {
                    TargetKind::Rows(found) if !run.owns_its_rows() => {
                        let target = &self.targets[run.target];
                        for (row, slot) in run.slots.iter().enumerate() {
                            if *slot != NOWHERE
                                && is_missing(&self.pools[*found], target, *slot)
                                && let Some(problem) = self.missing(run, || self.spaces[run.space].key(*slot))
                            {
                                note(row, run, problem);
                            }
                        }
                    }
                    TargetKind::Links { pairs, far_space, far_target, edge, .. } => {
                        let target = &self.targets[*far_target];
                        let TargetKind::Rows(found) = target.kind else { continue };
                        // Of rows with their links the link stays until it is taken, or they would not be in step.
                        let may_hide = self.scopes.covers(edge.relation.to);
                        let missing = |far: &u32| !may_hide && is_missing(&self.pools[found], target, *far);
                        let mut of_near = HashMap::<u32, Vec<u32>>::new();
                        for (near, far) in pairs.iter().filter(|(_, far)| missing(far)) {
                            of_near.entry(*near).or_default().push(*far);
                        }
                        let of_row = |slot: &u32| of_near.get(slot).map(Vec::as_slice).unwrap_or_default();
                        for (row, slot) in run.slots.iter().enumerate() {
                            for far in of_row(slot) {
                                note(row, run, dangling(edge, self.spaces[*far_space].key(*far)));
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
        self.errors.append(&mut errors);
    }

    /// What is wrong with a reference to a row that is not there, or not to be seen; nothing, if that may be.
    fn missing(&self, run: &EdgeRun, referred: impl FnOnce() -> Vec<Value>) -> Option<Problem> {
        if !self.scopes.covers(run.edge.relation.to) {
            return Some(dangling(run.edge, referred()));
        }
        (!run.edge.is_optional()).then_some(Problem::Hidden { entity: run.edge.relation.to.entity })
    }

    /// Links to what a scope hides do not come; should one be hidden between two statements, it is left out as well.
    fn drop_hidden_links(&mut self) {
        for at in 0..self.targets.len() {
            let TargetKind::Links { edge, far_target, link_pool: None, .. } = &self.targets[at].kind else { continue };
            let TargetKind::Rows(found) = self.targets[*far_target].kind else { continue };
            if !self.scopes.covers(edge.relation.to) {
                continue;
            }
            let far_target = *far_target;
            let (pools, targets) = (&self.pools, &mut self.targets);
            let hidden: Vec<bool> = (0..targets[far_target].state.len())
                .map(|slot| is_missing(&pools[found], &targets[far_target], slot as u32))
                .collect();
            if let TargetKind::Links { pairs, .. } = &mut targets[at].kind {
                pairs.retain(|(_, far)| hidden.get(*far as usize) != Some(&true));
            }
        }
    }
}

fn is_missing(found: &Pool, target: &Target, slot: u32) -> bool {
    let there = found.positions.get(slot as usize).is_some_and(|position| *position != NOWHERE);
    !there && target.failed.binary_search(&slot).is_err()
}

fn dangling(edge: &Edge, referred: Vec<Value>) -> Problem {
    Problem::Dangling { entity: edge.relation.to.entity, key: KeyText(referred) }
}
