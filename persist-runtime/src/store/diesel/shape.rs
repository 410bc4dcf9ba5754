//! What rows have that share a statement: what is done with which columns, and where the values for it stand.
//!
//! What not all of the rows have is a bit in a mask.

use super::batch::Change;
#[cfg(feature = "json")]
use crate::edit::PathChanges;
use crate::edit::{Check, Set, Test, To};
use crate::entity::{ColumnDef, Value};

/// Something that a statement does with a column, given a value or two for each row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot<'w> {
    /// It becomes the value.
    Becomes(&'w ColumnDef),
    /// The value is added.
    Plus(&'w ColumnDef),
    /// These places within it become the values, or go.
    #[cfg(feature = "json")]
    Paths(&'w ColumnDef, Places<'w>),
    /// It must be the value.
    Is(&'w ColumnDef),
    /// It must lie between the two.
    Within(&'w ColumnDef),
}

/// Places within a document; which, not what they become.
#[cfg(feature = "json")]
#[derive(Debug, Clone, Copy)]
pub(super) struct Places<'w>(pub(super) &'w PathChanges);

#[cfg(feature = "json")]
impl PartialEq for Places<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.0.is_alike(other.0)
    }
}

#[cfg(feature = "json")]
impl Eq for Places<'_> {}

/// A slot of a batch, with its bit in the mask if not all rows have it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Used<'w> {
    pub(super) slot: Slot<'w>,
    pub(super) bit: Option<u32>,
    /// Where its (first) value is among the lanes.
    pub(super) lane: usize,
}

/// A column of what a statement is given: a value for each row.
#[derive(Debug, Clone, Copy)]
pub(super) enum Lane {
    Key(usize),
    Mask,
    /// A value of a slot: the how many-th.
    Slot(usize, usize),
}

/// What rows have that share a statement, and where its values stand.
#[derive(Debug, Clone)]
pub(super) struct Shape<'w> {
    pub(super) slots: Vec<Used<'w>>,
    pub(super) lanes: Vec<Lane>,
}

impl<'w> Slot<'w> {
    pub(super) const fn of_set(set: &'w Set) -> Self {
        match &set.to {
            To::Value(_) => Self::Becomes(&set.column),
            To::Plus(_) => Self::Plus(&set.column),
            #[cfg(feature = "json")]
            To::Paths(changes) => Self::Paths(&set.column, Places(changes)),
        }
    }

    pub(super) const fn of_check(check: &'w Check) -> Self {
        match check.test {
            Test::Is(_) => Self::Is(&check.column),
            Test::Within(..) => Self::Within(&check.column),
        }
    }

    pub(super) const fn column(&self) -> &'w ColumnDef {
        match self {
            Self::Becomes(column) | Self::Plus(column) | Self::Is(column) | Self::Within(column) => column,
            #[cfg(feature = "json")]
            Self::Paths(column, _) => column,
        }
    }

    pub(super) const fn is_check(&self) -> bool {
        matches!(self, Self::Is(_) | Self::Within(_))
    }

    /// How many values it is given for each row.
    fn width(&self) -> usize {
        match self {
            Self::Becomes(_) | Self::Plus(_) | Self::Is(_) => 1,
            Self::Within(_) => 2,
            #[cfg(feature = "json")]
            Self::Paths(_, Places(changes)) => changes.values().count(),
        }
    }

    /// How many keys a statement is given for it, whatever the rows are.
    pub(super) fn keys(&self) -> usize {
        match self {
            #[cfg(feature = "json")]
            Self::Paths(_, Places(changes)) => changes.keys(),
            _ => 0,
        }
    }

    pub(super) fn is_in(&self, row: &Change<'w>) -> bool {
        row.slots().any(|slot| slot == *self)
    }

    /// The `nth` value that a row has for it.
    pub(super) fn value(&self, row: &Change<'w>, nth: usize) -> Option<&'w Value> {
        if self.is_check() {
            let check = row.checks.iter().find(|check| Self::of_check(check) == *self)?;
            match (&check.test, nth) {
                (Test::Is(value) | Test::Within(value, _), 0) | (Test::Within(_, value), 1) => Some(value),
                _ => None,
            }
        } else {
            row.sets.iter().find(|set| Self::of_set(set) == *self)?.to.value(nth)
        }
    }
}

impl<'w> Shape<'w> {
    pub(super) fn of(by: &[ColumnDef], rows: &[Change<'w>]) -> Self {
        let mut counted: Vec<(Slot<'w>, usize)> = Vec::new();
        for slot in rows.iter().flat_map(|row| row.slots()) {
            match counted.iter_mut().find(|(known, _)| *known == slot) {
                Some((_, rows)) => *rows += 1,
                None => counted.push((slot, 1)),
            }
        }
        let mut lanes: Vec<_> = (0..by.len()).map(Lane::Key).collect();
        if counted.iter().any(|(_, having)| *having < rows.len()) {
            lanes.push(Lane::Mask);
        }
        let (mut slots, mut bits) = (Vec::with_capacity(counted.len()), 0..);
        for (index, (slot, having)) in counted.into_iter().enumerate() {
            let bit = if having < rows.len() { bits.next() } else { None };
            slots.push(Used { slot, bit, lane: lanes.len() });
            lanes.extend((0..slot.width()).map(|nth| Lane::Slot(index, nth)));
        }
        Self { slots, lanes }
    }

    /// What a row has of what not all rows have.
    pub(super) fn mask(&self, row: &Change<'w>) -> Value {
        let has = |used: &&Used<'w>| used.slot.is_in(row);
        let bits = self.slots.iter().filter(|used| used.bit.is_some()).filter(has).filter_map(|used| used.bit);
        Value::Int(bits.fold(0, |mask, bit| mask | 1 << bit))
    }
}
