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
        self.drop_hidden_links();
        for pool in &self.pools {
            for run in &pool.edges {
                let edge = run.edge;
                let may_hide = self.scopes.covers(edge.relation.to);
                match &self.targets[run.target].kind {
                    TargetKind::Rows(found) if !run.owns_its_rows() => {
                        let target = &self.targets[run.target];
                        for (row, slot) in run.slots.iter().enumerate() {
                            if *slot != NOWHERE && is_missing(&self.pools[*found], target, *slot) {
                                if may_hide && edge.is_optional() {
                                    continue;
                                }
                                let key = pool.keys.as_ref().map(|keys| keys.get(row)).unwrap_or_default();
                                let referred = self.spaces[run.space].key(*slot);
                                errors.push(dangling(pool.node, edge, key, referred, may_hide));
                            }
                        }
                    }
                    TargetKind::Links { pairs, far_space, far_target, .. } => {
                        let target = &self.targets[*far_target];
                        let TargetKind::Rows(found) = target.kind else { continue };
                        for (near, far) in pairs {
                            // Of rows with their links the link stays until it is taken, or they would not be in step.
                            if !may_hide && is_missing(&self.pools[found], target, *far) {
                                let key = self.spaces[run.space].key(*near);
                                let far = self.spaces[*far_space].key(*far);
                                errors.push(dangling(pool.node, edge, key, far, false));
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
        self.errors.append(&mut errors);
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

fn dangling(node: &Node, edge: &Edge, key: Vec<Value>, referred: Vec<Value>, may_hide: bool) -> RowError {
    let entity = edge.relation.to.entity;
    let problem =
        if may_hide { Problem::Hidden { entity } } else { Problem::Dangling { entity, key: KeyText(referred) } };
    RowError { entity: node.table.entity, view: node.view, field: edge.field, part: None, column: None, key, problem }
}
