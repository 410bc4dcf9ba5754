//! Which columns each step reads, and where each taker finds its own: those of the step's table, then those of the
//! tables joined to it.

use super::build::Builder;
use super::fetch::{Fetch, Joined, Output};
use super::figures;
use super::run::{JoinedTaker, RootPool, Run, StepFetch, Taker, TargetKind};
use super::scope::visible;
use crate::entity::ColumnDef;
use crate::view::What;

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

/// The tables joined to a step, with the columns that are read of each.
#[derive(Default)]
struct Joins {
    tables: Vec<(Joined, Columns)>,
    /// The entities whose scopes narrow them.
    scopes: Vec<&'static str>,
}

impl Joins {
    /// The join to `join.table`; one that is there already serves.
    fn place(&mut self, join: Joined) -> usize {
        let same = |(known, _): &(Joined, Columns)| {
            known.from == join.from
                && known.local == join.local
                && known.table.is(join.table)
                && known.remote == join.remote
                && known.on == join.on
        };
        self.tables.iter().position(same).unwrap_or_else(|| {
            self.tables.push((join, Columns::default()));
            self.tables.len() - 1
        })
    }
}

impl Builder {
    pub(super) fn layouts(&mut self) {
        for number in 0..self.run.steps.len() {
            let mut takers = std::mem::take(&mut self.run.steps[number].takers);
            let own = self.own_columns(number, &mut takers);
            let mut joins = Joins::default();
            for taker in &mut takers {
                taker.joined = self.joined(taker.spot, None, &mut joins);
            }
            let mut end = own.len();
            let begin = |(_, columns): &(Joined, Columns)| {
                end += columns.0.len();
                end - columns.0.len()
            };
            let starts: Vec<_> = joins.tables.iter().map(begin).collect();
            takers.iter_mut().flat_map(|taker| &mut taker.joined).for_each(|joined| joined.shift(&starts));
            let joined = joins.tables.into_iter().map(|(join, columns)| Joined { columns: columns.0, ..join });
            let step = &mut self.run.steps[number];
            step.takers = takers;
            step.scopes.append(&mut joins.scopes);
            step.joined = joined.collect();
            step.columns = own;
            if let StepFetch::Keyed { fetch, .. } = &mut step.fetch {
                fetch.joined.clone_from(&step.joined);
                if let Fetch { output: Output::Columns(columns), .. } = fetch {
                    columns.clone_from(&step.columns);
                }
            }
        }
    }

    /// The columns of the step's own table: first those that keys are made of, then those of the views.
    fn own_columns(&mut self, number: usize, takers: &mut [Taker]) -> Vec<ColumnDef> {
        let Run { roots, steps, pools, targets, root_pools, spaces, .. } = &mut self.run;
        let step = &mut steps[number];
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
        for taker in &mut *takers {
            if let Some(pool) = pool_of(taker) {
                if pool.keys.is_some() {
                    taker.key = columns.places(pool.node.table.key);
                }
                taker.locals = pool.edges.iter().map(|run| columns.places(run.edge.relation.local)).collect();
            }
            if let Some(TargetKind::Links { edge, .. }) = targets.get(taker.target).map(|target| &target.kind) {
                taker.far = columns.places(edge.relation.link.map_or(&[], |link| link.far));
            }
        }
        step.keys = columns.0.len();
        for taker in &mut *takers {
            if let Some(pool) = pool_of(taker) {
                taker.places = columns.places(pool.by);
                taker.places.append(&mut columns.places(pool.value));
                taker.places.append(&mut columns.places(&pool.node.columns()));
                // Messages name rows by their key.
                taker.key = columns.places(pool.node.table.key);
            }
        }
        figures::lay_out(targets, takers, &mut step.fetch, columns.0.len());
        if let StepFetch::Root(root) = step.fetch
            && let Some(page) = &mut roots[root].page
        {
            page.places = columns.places(&page.columns);
        }
        columns.0
    }

    /// What is joined to the rows of `spot`, which stand in the table `from`. Places are those in the joined table.
    fn joined(&self, spot: usize, from: Option<usize>, joins: &mut Joins) -> Vec<JoinedTaker> {
        let mut takers = Vec::new();
        for (child, at) in self.spots.iter().enumerate().skip(spot.saturating_add(1)) {
            let What::Rows(edge, node, ordinal) = at.what else { continue };
            if at.parent != spot || at.host == child {
                continue;
            }
            let relation = &edge.relation;
            let (visible, applied) = visible(&self.run.scopes, relation.to);
            let on = match (edge.condition(), visible) {
                (Some(own), Some(visible)) => Some(own.and(visible)),
                (own, visible) => own.or(visible),
            };
            joins.scopes.extend(applied);
            let join = joins.place(Joined {
                from,
                local: relation.local.to_vec(),
                table: relation.to,
                remote: relation.remote.to_vec(),
                on,
                columns: Vec::new(),
            });
            let pool = &self.run.pools[self.homes[child].pool];
            let columns = &mut joins.tables[join].1;
            let remote = columns.places(relation.remote);
            let key = columns.places(node.table.key);
            let locals = pool.edges.iter().map(|run| columns.places(run.edge.relation.local)).collect();
            let places = columns.places(&node.columns());
            let joined = self.joined(child, Some(join), joins);
            let taker = Taker { places, key, locals, joined, ..Taker::new(self.homes[child].target, child) };
            takers.push(JoinedTaker { edge: ordinal, join, remote, taker });
        }
        takers
    }
}

impl JoinedTaker {
    /// Makes the places those in the whole row; `starts` says where the columns of each joined table begin.
    fn shift(&mut self, starts: &[usize]) {
        let start = starts.get(self.join).copied().unwrap_or_default() as u16;
        let Taker { places, key, locals, joined, .. } = &mut self.taker;
        let all = [&mut self.remote, places, key].into_iter().chain(locals);
        all.flatten().for_each(|place| *place += start);
        joined.iter_mut().for_each(|inner| inner.shift(starts));
    }
}
