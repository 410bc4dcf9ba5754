//! Changes that cannot be meant: [`Refused`].

use crate::engine::KeyText;
use crate::entity::{ColumnDef, Table, Value};

/// A change was refused before anything was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{entity} {key}: `{column}` {why}")]
#[non_exhaustive]
pub struct Refused {
    /// The entity.
    pub entity: &'static str,
    /// The key of the row; of a whole group, none.
    pub key: KeyText,
    /// The column.
    pub column: &'static str,
    /// Why.
    pub why: Why,
}

/// Why a change was refused: the field [`Refused::why`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Why {
    /// The key of a row is what it is found by. A row of another key is another row: insert it, and delete this one.
    #[error("is of its key, and was changed; a row of another key is another row")]
    KeyChanged,
    /// The column does not go from the one value to the other.
    #[error("does not go from {from} to {to}")]
    Transition {
        /// The value that was read, or expected.
        from: Box<Value>,
        /// The value that was to be written.
        to: Box<Value>,
    },
    /// The column changes only from an expected value, or with an expected revision, and none was given.
    #[error("is not changed without saying what it is expected to be: `.expect(..)`")]
    NoExpectation,
    /// The revision of a row is raised by every write of it, and not written otherwise.
    #[error("is the revision, which every write raises; it is not written otherwise")]
    Revision,
    /// Two things were said of one column: it was assigned and added to, or a transition writes another value to it.
    #[error("is to become two things at once")]
    Contradiction,
    /// New rows refer to one another in a circle, and none of these references may be NULL for a while.
    #[error("refers to a new row that refers back, so that neither can be written first")]
    Circle,
    /// Diesel writes columns that become values, and nothing that has to be watched over.
    #[error("is changed under conditions, which a plain update does not hold to: let a context apply it")]
    NotPlain,
    /// The number does not fit the column, or leaves its bounds.
    #[error("does not hold a number like this")]
    OutOfRange,
    /// The column, or the collection, is not in the view that is edited.
    #[error("is not in the view that is edited")]
    NotInView,
    /// A collection is replaced of which the view holds some rows only.
    #[error("is not held whole by the view that is edited, and cannot be replaced as a whole")]
    NotWhole,
    /// A row moves to another parent, and holds rows itself; where it is taken out of the collection it is not deleted, so that
    /// those are not known to have left it.
    #[error("is of rows below one that moves out of a collection whose orphans are kept: move it by its reference")]
    MovedWithRows,
    /// Something is expected of an element that neither was read nor is in hand.
    #[error("has no element of this key, neither as it was read nor in hand")]
    NoElement,
}

impl Refused {
    #[cold]
    pub(crate) fn new(table: &Table, key: &[Value], column: &ColumnDef, why: Why) -> Self {
        Self { entity: table.entity, key: KeyText(key.to_vec()), column: column.name, why }
    }
}
