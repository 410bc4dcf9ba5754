//! What an editable view holds, as data: the cells of its row, and the rows that are edited with it ([`Graph`]).

use super::View;
use super::node::{Edge, Load, Node};
use super::rows::{Missing, Supplies, Supply, Values};
use crate::entity::{CellError, Out, Reader, Value};
use std::sync::Arc;

/// A row in hand in its neutral form, with the rows below it: the object graph of a view.
///
/// What did not change is shared by the graphs of a row: to copy one, or to compare two, costs little for each row that
/// both have.
#[derive(Debug, Clone, Eq, Default)]
pub struct Graph {
    /// What its columns hold. Of a row in a map, or in a set, the columns that make it an entry come first.
    pub cells: Arc<[Value]>,
    /// For each relation of its view, in order: the rows that it holds.
    pub below: Vec<Vec<Self>>,
}

impl PartialEq for Graph {
    fn eq(&self, other: &Self) -> bool {
        (Arc::ptr_eq(&self.cells, &other.cells) || self.cells == other.cells) && self.below == other.below
    }
}

/// The rows of a row's relations, on their way into its graph.
#[derive(Debug)]
pub struct Below<'r> {
    /// What the relations to come held when they were read.
    read: std::slice::Iter<'r, Vec<Graph>>,
    rows: Vec<Vec<Graph>>,
}

impl<'r> Below<'r> {
    /// Nothing yet, of a row whose relations were read as these; as none, if it is new.
    #[must_use]
    pub fn beside(read: &'r [Vec<Graph>]) -> Self {
        Self { read: read.iter(), rows: Vec::new() }
    }

    /// The rows of the next relation, told what it held when it was read.
    pub(super) fn push(&mut self, rows: impl FnOnce(&'r [Graph]) -> Vec<Graph>) {
        self.rows.push(rows(self.read.next().map_or(&[], Vec::as_slice)));
    }

    /// What each relation holds.
    #[must_use]
    pub fn into_rows(self) -> Vec<Vec<Graph>> {
        self.rows
    }
}

/// Whether what `push` shows is just what is read from these cells.
pub(crate) fn shows(push: impl FnOnce(&mut Out<'_>), cells: &[Value]) -> bool {
    let (mut cells, mut same) = (cells.iter(), true);
    push(&mut |shown| same = same && cells.next().is_some_and(|cell| shown.holds(cell)));
    same && cells.next().is_none()
}

/// Why a graph is not a view.
#[derive(Debug)]
pub(crate) enum Unread {
    /// These cells of a row of this view do not fit.
    Cells(&'static Node, Vec<Value>, CellError),
    /// The rows are not those of the view.
    Rows,
}

impl From<Missing> for Unread {
    fn from(_: Missing) -> Self {
        Self::Rows
    }
}

impl Graph {
    /// A row without others.
    #[must_use]
    pub fn row(cells: Vec<Value>) -> Self {
        Self { cells: cells.into(), below: Vec::new() }
    }

    /// The view of this.
    pub(crate) fn read<V: View>(&self) -> Result<V, Unread> {
        let node = V::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF;
        let places: Vec<u16> = (0..).take(self.cells.len()).collect();
        let partial = V::decode(&mut Reader::new(&&*self.cells, &places))
            .map_err(|error| Unread::Cells(node, self.cells.to_vec(), error))?;
        Ok(V::finish(partial, &mut supplies(node, &[self])?)?)
    }
}

/// What the relations of these rows hold.
fn supplies(node: &'static Node, parents: &[&Graph]) -> Result<Supplies, Unread> {
    let edges = node.edges().into_iter().enumerate();
    Ok(Supplies::new(edges.map(|(nth, edge)| supply(edge, nth, parents)).collect::<Result<_, _>>()?))
}

fn supply(edge: &'static Edge, nth: usize, parents: &[&Graph]) -> Result<Supply, Unread> {
    let (Load::Sole(node, gather) | Load::Many(node, gather)) = edge.load else { return Err(Unread::Rows) };
    let (mut rows, mut owners) = (Vec::new(), Vec::new());
    for (owner, parent) in (0..).zip(parents) {
        let below = parent.below.get(nth).ok_or(Unread::Rows)?;
        rows.extend(below);
        owners.extend(std::iter::repeat_n(owner, below.len()));
    }
    let mut read = (node.rows)();
    for row in &rows {
        let places: Vec<u16> = (0..).take(row.cells.len()).collect();
        let unfit = |error| Unread::Cells(node, row.cells.to_vec(), error);
        read.read(&mut Reader::new(&&*row.cells, &places)).map_err(unfit)?;
    }
    let finished = read.finish(supplies(node, &rows)?)?.into_owned();
    let containers = gather(finished, &owners, parents.len()).ok_or(Missing)?;
    Ok(Supply { places: (0..).take(parents.len()).collect(), values: Values::Owned(containers) })
}
