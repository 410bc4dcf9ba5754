//! References to rows that are not there.

use super::error::{KeyText, Problem, RowError};
use super::run::{Pool, Run, Target, TargetKind};
use crate::entity::Value;
use crate::view::{Edge, NOWHERE, Node};

impl Run {
    /// References to rows that are not there, as errors.
    pub(super) fn note_dangling(&mut self) {
        let mut errors = Vec::new();
        // Searched for each reference.
        self.targets.iter_mut().for_each(|target| target.failed.sort_unstable());
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
    !there && target.failed.binary_search(&slot).is_err()
}

fn dangling(node: &Node, edge: &Edge, key: Vec<Value>, referred: Vec<Value>) -> RowError {
    let problem = Problem::Dangling { entity: edge.relation.to.entity, key: KeyText(referred) };
    RowError { entity: node.table.entity, view: node.view, field: edge.field, column: None, key, problem }
}
