//! What a request says of edges, apart from their types, and how it is laid over the spots of its run.

use super::node::{FieldMeta, Load, Node};
use super::spot::{Spot, What};
use crate::entity::Strategy;
use crate::group::{Condition, OrderBy};
use std::any::TypeId;

/// A field, by the view that declares it.
#[derive(Clone, Copy)]
pub(super) struct Hop {
    pub(super) view: fn() -> TypeId,
    pub(super) field: &'static str,
}

impl PartialEq for Hop {
    fn eq(&self, other: &Self) -> bool {
        (self.view)() == (other.view)() && self.field == other.field
    }
}

/// What is said of an edge, apart from its types.
#[derive(Clone, Default)]
pub struct Change {
    /// Which of the rows.
    pub filter: Option<Condition>,
    /// Their order, in place of the view's.
    pub order: Option<Vec<OrderBy>>,
    /// At most so many of each parent.
    pub limit: Option<u32>,
    /// How they are loaded.
    pub load: Option<Strategy>,
}

/// All that a request says of the edges of its view.
#[derive(Clone, Default)]
pub struct Changes(Vec<(Vec<Hop>, Change)>);

impl Change {
    /// Whether it chooses rows.
    const fn chooses(&self) -> bool {
        self.filter.is_some() || self.order.is_some() || self.limit.is_some()
    }
}

impl Changes {
    pub(super) const fn none() -> Self {
        Self(Vec::new())
    }

    /// Takes out what is said of an edge by now.
    pub(super) fn take(&mut self, path: &[Hop]) -> Change {
        let known = self.0.iter().position(|(known, _)| known == path);
        known.map(|known| self.0.remove(known).1).unwrap_or_default()
    }

    pub(super) fn put(&mut self, path: Vec<Hop>, change: Change) {
        self.0.push((path, change));
    }

    /// Applies all of them to the spots of one view, the first of which stands at `root`; `chosen` takes those that choose
    /// rows. Tells whether each edge was found.
    pub fn apply(&self, spots: &mut [Spot], root: usize, chosen: &mut Vec<Change>) -> bool {
        let mut all = true;
        for (path, change) in &self.0 {
            let found = find(spots, root, path);
            all &= !found.is_empty();
            if change.chooses() {
                chosen.push(change.clone());
            }
            for at in found {
                if let Some(load) = change.load {
                    spots[at].asked = load;
                    // What links lead to goes as the links do.
                    spots.iter_mut().filter(|spot| spot.is_linked_to(at)).for_each(|spot| spot.asked = load);
                }
                if change.chooses() {
                    spots[at].change = Some(chosen.len() - 1);
                    spots[at].is_limited |= change.limit.is_some();
                    set_apart(spots, at, root);
                }
            }
        }
        all
    }
}

/// Lets nobody else share the rows on the way to a spot: what belongs to them is not what belongs to others.
fn set_apart(spots: &mut [Spot], at: usize, root: usize) {
    let mut above = at;
    while above != root {
        spots[above].is_apart = true;
        above = spots[above].parent;
    }
}

/// The spots that a path leads to: several where a view is flattened twice.
fn find(spots: &[Spot], root: usize, path: &[Hop]) -> Vec<usize> {
    let mut here = vec![root];
    for (number, hop) in path.iter().enumerate() {
        let mut next = Vec::new();
        for at in here {
            let ordinals = spots[at].node().map(|node| node.ordinals(hop)).unwrap_or_default();
            let leads = |spot: &Spot| spot.parent == at && spot.ordinal().is_some_and(|n| ordinals.contains(&n));
            let found = (at + 1..spots.len()).filter(|child| leads(&spots[*child]));
            next.extend(found.map(|child| {
                let is_last = number + 1 == path.len();
                let linked = (child + 1..spots.len()).find(|linked| spots[*linked].is_linked_to(child));
                if is_last { child } else { linked.unwrap_or(child) }
            }));
        }
        here = next;
    }
    here
}

impl Spot {
    const fn node(&self) -> Option<&'static Node> {
        match self.what {
            What::Root(node) | What::Rows(_, node, _) | What::Linked(_, node) => Some(node),
            What::Links(..) | What::Figures(..) | What::NextLevel(..) => None,
        }
    }

    /// Its number among the edges of the parent, if it loads rows.
    const fn ordinal(&self) -> Option<usize> {
        match self.what {
            What::Rows(_, _, ordinal) | What::Links(_, ordinal) => Some(ordinal),
            _ => None,
        }
    }

    const fn is_linked_to(&self, links: usize) -> bool {
        matches!(self.what, What::Linked(..)) && self.parent == links
    }
}

impl Node {
    /// The numbers of the edges, those of flattened views in place, that a view declares by a field.
    fn ordinals(&self, hop: &Hop) -> Vec<usize> {
        let mut found = Vec::new();
        let _ = self.number(hop, 0, &mut found);
        found
    }

    fn number(&self, hop: &Hop, mut ordinal: usize, found: &mut Vec<usize>) -> usize {
        let declares = (self.id)() == (hop.view)();
        for field in self.fields {
            match field {
                FieldMeta::Column(..) | FieldMeta::Embed(..) | FieldMeta::Loaded(_) => {}
                FieldMeta::Flatten(inner) => ordinal = inner.number(hop, ordinal, found),
                FieldMeta::Edge(edge) => {
                    if declares && edge.field == hop.field && !matches!(edge.load, Load::Tree(_)) {
                        found.push(ordinal);
                    }
                    ordinal += 1;
                }
            }
        }
        ordinal
    }
}
