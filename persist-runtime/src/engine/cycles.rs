//! Trees whose rows lead back to themselves. A tree that is loaded to a depth ends in spite of a cycle; it is an error all
//! the same, since what is loaded is no tree. Those of whole trees are found where their levels are made.

use super::error::{KeyText, Problem, RowError};
use super::run::{EdgeRun, Pool, Run, TargetKind};
use super::whole::{At, Noted};
use crate::view::{Load, NOWHERE};
use std::collections::HashSet;

/// One level of a tree: its rows, and for each the one that leads to it, among those of the level above. A row that
/// several lead to stands here for each of them.
struct Layer<'r> {
    pool: &'r Pool,
    rows: Vec<Node>,
}

#[derive(Clone, Copy)]
struct Node {
    row: u32,
    above: u32,
    /// Whether the way to it has met a row twice: what is below says nothing new.
    known: bool,
}

impl Run {
    /// Rows of trees that lead back to themselves, as errors; each cycle once.
    pub(super) fn note_cycles(&mut self) {
        let mut errors = Vec::new();
        for pool in self.pools.iter().filter(|pool| pool.level.is_none()) {
            let to_a_depth = |run: &&EdgeRun| matches!(run.edge.load, Load::Tree(_)) && !run.edge.is_recursive();
            for run in pool.edges.iter().filter(to_a_depth) {
                let mut met = HashSet::new();
                let mut layers = vec![Layer::first(pool)];
                let mut run = Some(run);
                while let Some((edge, below)) = run.and_then(|run| Some((run, self.below(run)?))) {
                    self.grow(&mut layers, edge, below, &mut met, &mut errors);
                    let (_, below) = below;
                    // A level leads on by this edge alone.
                    run = below.edges.iter().find(|next| std::ptr::eq(next.edge, edge.edge));
                }
            }
        }
        self.errors.append(&mut errors);
    }

    fn below(&self, run: &EdgeRun) -> Option<(usize, &Pool)> {
        match self.targets.get(run.target)?.kind {
            TargetKind::Rows(pool) => Some((pool, self.pools.get(pool)?)),
            _ => None,
        }
    }

    fn grow<'r>(
        &self,
        layers: &mut Vec<Layer<'r>>,
        run: &EdgeRun,
        (at, below): (usize, &'r Pool),
        met: &mut HashSet<Vec<String>>,
        errors: &mut Vec<Noted>,
    ) {
        let Some(last) = layers.last() else { return };
        let above = last.pool.edges.iter().find(|edge| std::ptr::eq(edge.edge, run.edge));
        let mut rows = last.led_to(above.map_or(&[], |run| &run.slots), run.owns_its_rows(), below);
        for node in &mut rows {
            if let (false, Some(path)) = (node.known, path(layers, below, *node)) {
                node.known = true;
                let mut cycle: Vec<_> = path.iter().skip(1).map(ToString::to_string).collect();
                cycle.sort_unstable();
                if met.insert(cycle) {
                    let (entity, view, field) = (below.node.table.entity, below.node.view, run.edge.field);
                    let key = path.first().map(|key| key.0.clone()).unwrap_or_default();
                    let problem = Problem::Cycle { path };
                    let error = RowError { entity, view, field, part: None, column: None, key, problem };
                    errors.push(Noted { error, at: At::Row(at, node.row as usize) });
                }
            }
        }
        layers.push(Layer { pool: below, rows });
    }
}

impl<'r> Layer<'r> {
    fn first(pool: &'r Pool) -> Self {
        Self { pool, rows: (0..pool.len).map(|row| Node { row, above: NOWHERE, known: false }).collect() }
    }

    /// The rows of `below` that the rows here lead to, by the slots that stand in theirs.
    fn led_to(&self, slots: &[u32], owns: bool, below: &Pool) -> Vec<Node> {
        let led = |above: usize, row: u32| Node { row, above: above as u32, known: self.rows[above].known };
        let slot_of = |node: &Node| slots.get(node.row as usize).copied().unwrap_or(NOWHERE) as usize;
        let here = self.rows.iter().enumerate();
        if !owns {
            let row = |node| below.positions.get(slot_of(node)).copied().unwrap_or(NOWHERE);
            let led_on = here.map(|(above, node)| (above, row(node))).filter(|(_, row)| *row != NOWHERE);
            return led_on.map(|(above, row)| led(above, row)).collect();
        }
        let mut holder = Vec::new();
        for (above, node) in here {
            let slot = slot_of(node);
            if slot != NOWHERE as usize {
                holder.resize(holder.len().max(slot + 1), NOWHERE);
                holder[slot] = above as u32;
            }
        }
        let owned = below.owners.iter().map(|slot| holder.get(*slot as usize).copied().unwrap_or(NOWHERE));
        let owned = (0..).zip(owned).filter(|(_, above)| *above != NOWHERE);
        owned.map(|(row, above)| led(above as usize, row)).collect()
    }
}

/// The way from a row to itself, if `node` is met above already.
fn path(layers: &[Layer<'_>], below: &Pool, node: Node) -> Option<Vec<KeyText>> {
    let keys = below.keys.as_ref()?;
    let mut above = node.above;
    for (depth, layer) in layers.iter().enumerate().rev() {
        let here = layer.rows.get(above as usize)?;
        if layer.pool.keys.as_ref()?.is(here.row as usize, keys, node.row as usize) {
            return way(layers, depth, below, node);
        }
        above = here.above;
    }
    None
}

/// The keys from the level `depth` down to `node`.
fn way(layers: &[Layer<'_>], depth: usize, below: &Pool, node: Node) -> Option<Vec<KeyText>> {
    let mut way = vec![KeyText(below.keys.as_ref()?.get(node.row as usize))];
    let mut above = node.above;
    for layer in layers.get(depth..)?.iter().rev() {
        let here = layer.rows.get(above as usize)?;
        way.push(KeyText(layer.pool.keys.as_ref()?.get(here.row as usize)));
        above = here.above;
    }
    way.reverse();
    Some(way)
}
