//! Cursors: places between two rows of an ordered group, kept from one page to the next.

use super::keyset::Start;
use super::order::{OrderBy, order_text};
use super::select::Select;
use crate::entity::{Entity, Value};
use sha2::{Digest, Sha256};
use std::fmt::{self, Write as _};
use std::marker::PhantomData;
use std::sync::Arc;

/// A place in an ordered group of `E`s, between two rows: where a [page](crate::Page) ends and the next one begins.
///
/// It is made by a page, and holds the values that the row beside it had in the columns of the order, not the row: rows
/// that are inserted or deleted later, that row too, move nothing. It fits the group and the order that it was made in,
/// and no other. To send it to a client and take it back, [`seal`](Self::seal) it with a key of yours.
///
/// An example is at [`Group::page`](crate::Group::page).
pub struct Cursor<E> {
    pub(super) place: Place,
    entity: PhantomData<fn() -> E>,
}

/// A cursor, apart from its entity.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    pub(super) prints: Prints,
    /// A value for each term of the order.
    pub(super) values: Vec<Value>,
    /// Whether the place is after the row with these values, or before it.
    pub(super) after: bool,
}

/// What a place belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Prints {
    pub(super) group: Print,
    pub(super) order: Print,
}

pub(super) type Print = [u8; 8];

impl<E> Clone for Cursor<E> {
    fn clone(&self) -> Self {
        Self::at(self.place.clone())
    }
}

impl<E> PartialEq for Cursor<E> {
    fn eq(&self, other: &Self) -> bool {
        self.place == other.place
    }
}

impl<E> Eq for Cursor<E> {}

impl<E: Entity> fmt::Debug for Cursor<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { values, after, .. } = &self.place;
        let side = if *after { "after" } else { "before" };
        f.debug_tuple("Cursor").field(&E::TABLE.entity).field(&side).field(values).finish()
    }
}

impl<E> Cursor<E> {
    pub(crate) const fn at(place: Place) -> Self {
        Self { place, entity: PhantomData }
    }

    pub(crate) fn into_place(self) -> Place {
        self.place
    }
}

/// What [`AskPage::after`](crate::AskPage::after) takes: a [`Cursor`] of `E` or an `Option` of one, by value or by
/// reference.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a cursor of `{E}`",
    label = "not a cursor of this group",
    note = "a cursor is what a page of the same group has as `next` and `previous`, or, from a sealed text, \
            `Cursor::open(text, &key)?`"
)]
pub trait IntoCursor<E> {
    /// The cursor, if there is one.
    fn into_cursor(self) -> Option<Cursor<E>>;
}

impl<E> IntoCursor<E> for Cursor<E> {
    fn into_cursor(self) -> Option<Cursor<E>> {
        Some(self)
    }
}

impl<E> IntoCursor<E> for Option<Cursor<E>> {
    fn into_cursor(self) -> Option<Cursor<E>> {
        self
    }
}

impl<E> IntoCursor<E> for &Cursor<E> {
    fn into_cursor(self) -> Option<Cursor<E>> {
        Some(self.clone())
    }
}

impl<E> IntoCursor<E> for &Option<Cursor<E>> {
    fn into_cursor(self) -> Option<Cursor<E>> {
        self.clone()
    }
}

impl<E> IntoCursor<E> for Option<&Cursor<E>> {
    fn into_cursor(self) -> Option<Cursor<E>> {
        self.cloned()
    }
}

impl Place {
    /// The place beside the row with these values.
    pub(crate) const fn beside(prints: Prints, values: Vec<Value>, after: bool) -> Self {
        Self { prints, values, after }
    }

    /// The rows on one side of this place.
    pub(crate) fn start(&self, backward: bool) -> Start<'_> {
        // The row itself lies on one side of the place.
        Start { from: Some((&self.values, self.after == backward)), backward }
    }

    /// Fails unless this is a place of this selection.
    pub(crate) fn belongs_to(&self, select: &Arc<Select>) -> Result<(), CursorError> {
        let prints = Prints::of(select);
        if self.prints.order != prints.order {
            return Err(CursorError::Order { wanted: order_text(&select.ordering()) });
        }
        if self.prints.group != prints.group {
            return Err(CursorError::Group { wanted: select.open().to_string() });
        }
        Ok(())
    }
}

impl Prints {
    /// What tells this selection, and its order, from others: of both the whole, down to each value of its conditions.
    pub(crate) fn of(select: &Arc<Select>) -> Self {
        let mut rows = select.open();
        let order: Vec<OrderBy> = rows.ordering();
        rows.order.clear();
        Self { group: print(&rows), order: print(&order) }
    }
}

/// A fingerprint of data, which goes by its `Debug` text: that of a condition leaves nothing out.
fn print(data: &dyn fmt::Debug) -> Print {
    struct Hashed(Sha256);

    impl fmt::Write for Hashed {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0.update(text);
            Ok(())
        }
    }

    let mut hashed = Hashed(Sha256::new());
    // Writing to a hash cannot fail.
    let _ = write!(hashed, "{data:?}");
    let mut print = Print::default();
    print.iter_mut().zip(hashed.0.finalize()).for_each(|(byte, hash)| *byte = hash);
    print
}

/// Why a cursor was refused. It is before anything is sent: a cursor that does not fit moves no page.
///
/// ```
#[doc = tracker!()]
/// use persist::{Cursor, CursorError};
///
/// let hot = Bugs::all().order_by(bug::heat.desc());
/// let next = context.realise(hot.page::<Bug>(2))?.next;
/// let cold = Bugs::all().order_by(bug::heat.asc());
/// let error = cold.page::<Bug>(2).after(&next).unwrap_err();
/// assert_eq!(error.to_string(), "the cursor was made in another order than `heat, id`");
/// # Ok::<(), persist::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CursorError {
    /// The text is no cursor, or one of another version of persist.
    #[error("the text is not a cursor")]
    Malformed,
    /// The cursor was sealed with another key.
    #[error("the cursor was sealed with another key")]
    Key,
    /// The text was changed after it was sealed, or made up.
    #[error("the cursor is not as it was sealed")]
    Altered,
    /// It is a cursor of another entity.
    #[error("the cursor is one of `{found}`, not of `{wanted}`")]
    Entity {
        /// The entity whose cursor was wanted.
        wanted: &'static str,
        /// The entity whose cursor it is.
        found: String,
    },
    /// It was made in another order.
    #[error("the cursor was made in another order than `{wanted}`")]
    Order {
        /// The order of the group that it was used with.
        wanted: String,
    },
    /// It was made in another group: one with another condition, or another value in a condition.
    #[error("the cursor was made in another group than `{wanted}`")]
    Group {
        /// The group that it was used with.
        wanted: String,
    },
}
