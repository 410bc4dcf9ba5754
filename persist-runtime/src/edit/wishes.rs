//! What was said of the columns of an [`Edit`](super::Edit) besides what its fields hold.

use super::expect::Expect;
use crate::entity::{ColumnDef, Value};

/// What was said of columns besides what the fields hold.
#[derive(Debug, Clone, Default)]
pub(super) struct Wishes {
    pub(super) touched: Vec<ColumnDef>,
    pub(super) added: Vec<(ColumnDef, Value)>,
    pub(super) observed: Vec<ColumnDef>,
    pub(super) asserted: Vec<ColumnDef>,
    /// A sum that does not fit.
    pub(super) overflown: Option<ColumnDef>,
    /// A column that is not in the view.
    pub(super) foreign: Option<ColumnDef>,
    pub(super) compare: bool,
    /// Of collections, by the name of their relation.
    pub(super) rows: Vec<(&'static str, OfRows)>,
}

/// What was said of the rows of a collection.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum OfRows {
    /// Those in hand are all that there will be.
    Whole,
    /// What is expected of the one that is told from others by this.
    Element(Vec<Value>, Expect),
}

impl Wishes {
    /// What was said before a save that was undone counts again.
    pub(super) fn and_before(&mut self, before: &Self) {
        self.touched.extend(&before.touched);
        self.observed.extend(&before.observed);
        self.asserted.extend(&before.asserted);
        for (column, more) in &before.added {
            match self.added.iter_mut().find(|(known, _)| known == column) {
                Some((_, sum)) => match sum.checked_add(more) {
                    Some(both) => *sum = both,
                    None => self.overflown = Some(*column),
                },
                None => self.added.push((*column, more.clone())),
            }
        }
        self.overflown = self.overflown.or(before.overflown);
        self.foreign = self.foreign.or(before.foreign);
        self.compare |= before.compare;
        // What was said last counts.
        self.rows.splice(..0, before.rows.iter().cloned());
    }
}
