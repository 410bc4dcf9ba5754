//! The fetches of a plan before they are merged, and how each is loaded: by keys, joined to its parent, or by what
//! selects the parents.

use super::node::{Edge, Load, Node};
use super::same::same_columns;
use crate::entity::{ColumnDef, Strategy, Table};
use crate::group::Measure;

/// One fetch of a plan, before fetches are merged.
#[derive(Clone, Copy)]
pub struct Spot {
    /// The spot whose rows lead here; a root is its own.
    pub parent: usize,
    /// The spot whose statement brings its rows: itself, unless it is joined or goes on with a tree.
    pub host: usize,
    /// The table it reads.
    pub table: &'static Table,
    /// The columns that hold the parents' keys.
    pub by: &'static [ColumnDef],
    /// What it reads.
    pub what: What,
    /// How it is to be loaded.
    pub asked: Strategy,
    /// How it is loaded, given how its parent is.
    pub strategy: Strategy,
    /// The earliest round that it can run in: the number of edges on the way from the root that are not joined, plus one.
    pub depth: usize,
    /// The round it runs in, counted from 1.
    pub round: usize,
    /// The level of a tree that it reads.
    pub level: Option<Level>,
    /// Which of the request's own choices of rows is meant for it.
    pub change: Option<usize>,
    /// Whether that limits the rows of each parent.
    pub is_limited: bool,
    /// Whether its rows are shared with no other spot.
    pub is_apart: bool,
}

/// A level of a tree, from the second on: its rows lead on by one field alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    /// Which of the view's fields leads on.
    pub field: usize,
    /// How many levels are below; where that is for the rows to say, as many as can be.
    pub left: u32,
}

/// What a [`Spot`] reads.
#[derive(Clone, Copy)]
pub enum What {
    /// The rows of the group, as this view.
    Root(&'static Node),
    /// Rows by key, as the view of this edge, which is the n-th of the parent's view.
    Rows(&'static Edge, &'static Node, usize),
    /// The next level of a tree that one statement brings to its last: this edge again, the n-th of the same view.
    NextLevel(&'static Edge, usize),
    /// Link rows by the key of the near end, for this edge, which is the n-th of the parent's view.
    Links(&'static Edge, usize),
    /// The rows that link rows lead to, as the view of this edge.
    Linked(&'static Edge, &'static Node),
    /// Aggregates by key, for this edge, which is the n-th of the parent's view.
    Figures(&'static Edge, Measure, usize),
}

impl Spot {
    pub(super) const fn new(
        parent: usize,
        table: &'static Table,
        by: &'static [ColumnDef],
        what: What,
        asked: Strategy,
    ) -> Self {
        Self {
            parent,
            host: 0,
            table,
            by,
            what,
            asked,
            strategy: asked,
            depth: 1,
            round: 0,
            level: None,
            change: None,
            is_limited: false,
            is_apart: false,
        }
    }

    /// How it is loaded below a parent that is loaded as `parent` is.
    const fn strategy_below(&self, parent: &Self) -> Strategy {
        match (self.asked, &self.what) {
            // Each level of a tree is found by the keys of the one before.
            (_, What::Rows(Edge { load: Load::Tree(_), .. }, ..)) => Strategy::Keys,
            // By anything but a key, several rows might be joined to one.
            (Strategy::Join, What::Rows(Edge { load: Load::ToOne(_), relation, .. }, ..))
                if same_columns(relation.remote, relation.to.key) =>
            {
                Strategy::Join
            }
            (Strategy::Subselect, _) if parent.is_selection() => Strategy::Subselect,
            _ => Strategy::Keys,
        }
    }

    /// Whether a selection that needs no keys gives its rows, and no others share their pool.
    const fn is_selection(&self) -> bool {
        match &self.what {
            What::Root(_) => true,
            What::Rows(Edge { load: Load::Many(..) | Load::Sole(..), limit: None, .. }, ..)
            | What::Links(Edge { limit: None, .. }, _) => {
                matches!(self.strategy, Strategy::Subselect) && !self.is_limited
            }
            _ => false,
        }
    }

    /// Whether this, the `index`-th, is a statement without a round.
    pub(super) const fn is_waiting(&self, index: usize) -> bool {
        self.round == 0 && self.host == index
    }
}

/// Decides how each of `spots` is loaded, and from where on it can run.
pub(super) const fn settle(spots: &mut [Spot]) {
    let mut index = 0;
    while index < spots.len() {
        let parent = spots[spots[index].parent];
        let mut spot = spots[index];
        if spot.parent == index {
            (spot.host, spot.depth) = (index, 1);
        } else {
            spot.strategy = spot.strategy_below(&parent);
            let comes_along = matches!(spot.strategy, Strategy::Join) || matches!(spot.what, What::NextLevel(..));
            (spot.host, spot.depth) = if comes_along { (parent.host, parent.depth) } else { (index, parent.depth + 1) };
        }
        spots[index] = spot;
        index += 1;
    }
}

/// Whether the statement that these spots share finds its rows by what selects their parents: if all of them do.
#[must_use]
pub fn selects_keys<'s>(mut spots: impl Iterator<Item = &'s Spot>) -> bool {
    spots.all(|spot| spot.strategy == Strategy::Subselect)
}
