//! Two editors of one collection: what they made of it, put together element by element.

use super::expect::Said;
use super::layout::Layout;
use super::rebase::{Merge, Row, Take};
use crate::entity::Value;
use crate::view::{Graph, Node};
use ahash::AHashMap;

impl Merge<'_> {
    /// The collections of a row, one after the other.
    pub(super) fn below(
        &mut self,
        node: &'static Node,
        base: &[Vec<Graph>],
        mine: &[Vec<Graph>],
        theirs: &[Vec<Graph>],
        said: Said<'_>,
    ) -> Vec<Vec<Graph>> {
        if base.is_empty() {
            return Vec::new();
        }
        let layouts = Layout::all(node);
        let lists = base.iter().zip(mine.iter().zip(theirs));
        layouts
            .iter()
            .zip(lists)
            .map(|(layout, (base, (mine, theirs)))| self.rows(layout, base, mine, theirs, said))
            .collect()
    }

    /// Mine in my order, then what only they have.
    fn rows(
        &mut self,
        layout: &Layout,
        base: &[Graph],
        mine: &[Graph],
        theirs: &[Graph],
        said: Said<'_>,
    ) -> Vec<Graph> {
        let whole = said.is_whole(layout);
        let by_identity = |rows: &'_ [Graph]| -> AHashMap<Vec<Value>, usize> {
            rows.iter().enumerate().map(|(at, row)| (layout.identity(row), at)).collect()
        };
        let (read_at, mine_at, theirs_at) = (by_identity(base), by_identity(mine), by_identity(theirs));
        let mut merged = Vec::with_capacity(mine.len().max(theirs.len()));
        for row in mine {
            let identity = layout.identity(row);
            let read = read_at.get(&identity).map(|at| &base[*at]);
            // A key that the store is yet to make says nothing.
            let is_new = read.is_none() && !layout.has_entries() && layout.table.key.iter().any(|c| layout.is_made(c));
            let stored = if is_new { None } else { theirs_at.get(&identity).map(|at| &theirs[*at]) };
            merged.extend(match whole && read != stored {
                true => self.of_whole(layout, [read, Some(row), stored]),
                false => self.element(layout, read, row, stored, said),
            });
        }
        for stored in theirs {
            let identity = layout.identity(stored);
            if mine_at.contains_key(&identity) {
                continue;
            }
            match read_at.get(&identity).map(|at| &base[*at]) {
                read if whole && read != Some(stored) => {
                    merged.extend(self.of_whole(layout, [read, None, Some(stored)]));
                }
                // They put it in.
                None => merged.push(stored.clone()),
                // I took it out. Whether that counts although they changed it is for the policy to say.
                Some(read) if said.policy(layout, stored).1 && read != stored => {
                    merged.extend(self.removed(layout, read, stored));
                }
                Some(_) => {}
            }
        }
        merged
    }

    /// A row that I have in hand.
    fn element(
        &mut self,
        layout: &Layout,
        base: Option<&Graph>,
        mine: &Graph,
        theirs: Option<&Graph>,
        said: Said<'_>,
    ) -> Option<Graph> {
        let (base, theirs) = match (base, theirs) {
            (Some(base), theirs) if base == mine => return theirs.cloned(),
            (base, Some(theirs)) if base == Some(theirs) => return Some(mine.clone()),
            (None, None) => return Some(mine.clone()),
            // They took it out, and I changed it.
            (Some(base), None) => return self.changed_and_gone(layout, base, mine),
            (Some(base), Some(theirs)) => (base.clone(), theirs),
            // Both put it in.
            (None, Some(theirs)) => (Graph::row(both_new(layout, mine, theirs)), theirs),
        };
        let mine_cells = made_as(layout, mine, theirs);
        let cells = self.cells(&row(layout, theirs), &base.cells, &mine_cells, &theirs.cells);
        let nothing = vec![Vec::new(); mine.below.len()];
        let read = if base.below.len() == mine.below.len() { &base.below } else { &nothing };
        let below = self.below(layout.node, read, &mine.below, &theirs.below, said);
        Some(Graph { cells: cells.into(), below })
    }

    /// A row of a collection that I replace as a whole, which they have changed: what was read, mine, and theirs. Whatever
    /// they made of it is not what mine was said of.
    fn of_whole(&mut self, layout: &Layout, [base, mine, theirs]: [Option<&Graph>; 3]) -> Option<Graph> {
        let cell =
            |row: Option<&Graph>, place| row.and_then(|row| row.cells.get(place)).cloned().unwrap_or(Value::Null);
        let (mut take, shown) = (Take::Mine, theirs.or(mine)?);
        for (place, column) in layout.told() {
            let [base, mine, theirs] = [base, mine, theirs].map(|row| cell(row, place));
            if mine != theirs {
                take = self.ask(&row(layout, shown), column.name, &[], [&base, &mine, &theirs])?;
            }
        }
        match take {
            Take::Mine => mine.cloned(),
            Take::Theirs => theirs.cloned(),
        }
    }

    fn changed_and_gone(&mut self, layout: &Layout, base: &Graph, mine: &Graph) -> Option<Graph> {
        let mut take = Take::Theirs;
        for ((column, read), now) in layout.columns.iter().zip(base.cells.iter()).zip(mine.cells.iter()) {
            if read != now {
                take = self.ask(&row(layout, base), column.name, &[], [read, now, &Value::Null])?;
            }
        }
        (take == Take::Mine).then(|| mine.clone())
    }

    fn removed(&mut self, layout: &Layout, base: &Graph, theirs: &Graph) -> Option<Graph> {
        let mut take = Take::Mine;
        for ((column, read), stored) in layout.columns.iter().zip(base.cells.iter()).zip(theirs.cells.iter()) {
            if read != stored {
                take = self.ask(&row(layout, base), column.name, &[], [read, &Value::Null, stored])?;
            }
        }
        (take == Take::Theirs).then(|| theirs.clone())
    }
}

fn row<'r>(layout: &'r Layout, row: &Graph) -> Row<'r> {
    let key = layout.key_or_identity(row);
    Row { table: layout.table, key, columns: &layout.columns, counts: &|_| false, observes: &|_| false }
}

/// What two new rows are told from: nothing, but for what makes them one, and what the store made.
fn both_new(layout: &Layout, mine: &Graph, theirs: &Graph) -> Vec<Value> {
    let cell = |(mine, theirs): (&Value, &Value)| if mine == theirs { mine.clone() } else { Value::Null };
    let mut cells: Vec<_> = mine.cells.iter().zip(theirs.cells.iter()).map(cell).collect();
    for (place, column) in layout.columns.iter().enumerate() {
        if layout.is_made(column) {
            cells[place].clone_from(&theirs.cells[place]);
        }
    }
    cells
}

/// My cells, but for what the store made: that is theirs.
fn made_as(layout: &Layout, mine: &Graph, theirs: &Graph) -> Vec<Value> {
    let mut cells = mine.cells.to_vec();
    for (place, column) in layout.columns.iter().enumerate() {
        if layout.is_made(column) || layout.reference().contains(column) {
            cells[place].clone_from(&theirs.cells[place]);
        }
    }
    cells
}
