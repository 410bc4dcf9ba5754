//! Rows where the relation promises one: of a `has_one`, and under one key of a map.

use super::error::{KeyText, KeyTexts, Problem, RowError};
use super::run::{EdgeRun, Pool, Run, TargetKind};
use super::whole::{At, Noted};
use crate::entity::Value;
use crate::view::{Load, NOWHERE};
use ahash::AHashSet;
use std::collections::{HashMap, HashSet};

/// What is wrong with the rows of one key, by its slot.
type Faults = HashMap<u32, Problem>;

impl Run {
    /// Several rows where one was promised, as errors of the parents.
    pub(super) fn note_several(&mut self) {
        let mut errors = Vec::new();
        for (at, pool) in self.pools.iter().enumerate() {
            for run in &pool.edges {
                let faults = self.faults(run);
                if faults.is_empty() {
                    continue;
                }
                for (row, slot) in run.slots.iter().enumerate() {
                    if let Some(problem) = faults.get(slot) {
                        let key = pool.keys.as_ref().map(|keys| keys.get(row)).unwrap_or_default();
                        let (node, field, problem) = (pool.node, run.edge.field, problem.clone());
                        let (entity, view) = (node.table.entity, node.view);
                        let error = RowError { entity, view, field, part: None, column: None, key, problem };
                        errors.push(Noted { error, at: At::Row(at, row) });
                    }
                }
            }
        }
        self.errors.append(&mut errors);
    }

    fn faults(&self, run: &EdgeRun) -> Faults {
        let entity = run.edge.relation.to.entity;
        match (&self.targets[run.target].kind, run.edge.load) {
            (TargetKind::Rows(pool), Load::Sole(..)) => sole(&self.pools[*pool], entity),
            (TargetKind::Rows(pool), _) if !run.edge.by.is_empty() => {
                let pool = &self.pools[*pool];
                let keys = pool.rows.entries();
                entries(entity, pool.owners.iter().copied().zip(keys.chunks_exact(run.edge.by.len())))
            }
            (TargetKind::Links { pairs, far_target, .. }, _) if !run.edge.by.is_empty() => {
                let TargetKind::Rows(pool) = self.targets[*far_target].kind else { return Faults::new() };
                let (pool, width) = (&self.pools[pool], run.edge.by.len());
                let keys = pool.rows.entries();
                let entry = |(near, far): &(u32, u32)| {
                    let position = pool.positions.get(*far as usize).filter(|position| **position != NOWHERE)?;
                    let begin = *position as usize * width;
                    Some((*near, keys.get(begin..begin + width)?))
                };
                entries(entity, pairs.iter().filter_map(entry))
            }
            _ => Faults::new(),
        }
    }
}

/// The parents that more than one row of `pool` belongs to. (`positions` has the last row of each.)
fn sole(pool: &Pool, entity: &'static str) -> Faults {
    let more = |(row, owner): (usize, &u32)| (pool.positions[*owner as usize] as usize != row).then_some(*owner);
    let several: HashSet<u32> = pool.owners.iter().enumerate().filter_map(more).collect();
    let mut keys: HashMap<u32, Vec<KeyText>> = HashMap::new();
    for (row, owner) in pool.owners.iter().enumerate().filter(|(_, owner)| several.contains(owner)) {
        let key = pool.keys.as_ref().map(|keys| keys.get(row)).unwrap_or_default();
        keys.entry(*owner).or_default().push(KeyText(key));
    }
    keys.into_iter().map(|(owner, keys)| (owner, Problem::Several { entity, keys: KeyTexts(keys) })).collect()
}

/// The parents of which two rows have one key in their map, with the first such key.
fn entries<'r>(entity: &'static str, rows: impl Iterator<Item = (u32, &'r [Value])> + Clone) -> Faults {
    let mut faults = Faults::new();
    // As they come where an index on parent and key has them.
    if rows.clone().is_sorted_by(|one, next| one < next) {
        return faults;
    }
    let mut seen = AHashSet::new();
    for (owner, key) in rows {
        if !seen.insert((owner, key)) {
            faults.entry(owner).or_insert_with(|| Problem::SameEntry { entity, key: KeyText(key.to_vec()) });
        }
    }
    faults
}
