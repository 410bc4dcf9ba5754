//! What `#[derive(Changes)]` makes of the fields of a patch.

use super::change::{Change, Changes};
use crate::entity::{Column, ColumnDef, Embed, Value};
use crate::group::{Relation, Summable};
use crate::view::{FieldMeta, flat_of};

/// A field of a patch that says what becomes of a column whose field is an `F`: a [`Change<F>`].
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` does not say what becomes of a column of type `{F}`",
    label = "not a `Change` of what the column holds",
    note = "its type is `Change<{F}>`; a number that is added is marked `#[changes(add)]`, and has the column's type"
)]
pub trait Patches<F> {
    /// What becomes of it.
    #[doc(hidden)]
    fn into_change(self) -> Change<F>;
}

impl<F> Patches<F> for Change<F> {
    fn into_change(self) -> Self {
        self
    }
}

/// A field of a patch that is added to a column whose field is an `F`: a number of the same type.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` cannot be added to a column of type `{F}`",
    label = "not a number of the column's type",
    note = "numbers are integers, floats, decimals, and newtypes of them; what is to become a value is a `Change<{F}>`, without \
            `add`"
)]
pub trait AddsTo<F>: Sized {
    /// The changes, and itself for this column, if it is not 0.
    #[doc(hidden)]
    fn add_to<E>(self, column: Column<E, F>, changes: Changes<E>) -> Changes<E>;
}

#[diagnostic::do_not_recommend]
impl<F: Summable> AddsTo<F> for F {
    fn add_to<E>(self, column: Column<E, F>, changes: Changes<E>) -> Changes<E> {
        if self.to_value() == F::nothing() { changes } else { changes.add(column, self) }
    }
}

/// What is changed by a patch. No relation is: this is for the words.
#[diagnostic::on_unimplemented(
    message = "a patch says what becomes of columns, and this is a relation",
    label = "a relation",
    note = "name the column that refers to the other row; rows that refer to this one are changed by themselves"
)]
pub trait IsColumn {}

impl<E, F> Column<E, F> {
    /// The changes, and what a field of a patch says of this column. Emitted by the derive.
    #[doc(hidden)]
    pub fn patched<P: Patches<F>>(self, with: P, changes: Changes<E>) -> Changes<E> {
        changes.change(self, with.into_change())
    }

    /// The changes, and `more` for this column, if it is not 0. Emitted by the derive.
    #[doc(hidden)]
    pub fn patched_by<P: AddsTo<F>>(self, more: P, changes: Changes<E>) -> Changes<E> {
        more.add_to(self, changes)
    }
}

impl<E, C, T> Relation<E, C, T> {
    /// Refuses. Emitted by the derive, which does not know a column from a relation.
    #[doc(hidden)]
    pub fn patched<P>(self, _: P, changes: Changes<E>) -> Changes<E>
    where
        Self: IsColumn,
    {
        changes
    }

    /// Refuses, as [`patched`](Self::patched).
    #[doc(hidden)]
    pub fn patched_by<P>(self, _: P, changes: Changes<E>) -> Changes<E>
    where
        Self: IsColumn,
    {
        changes
    }
}

/// The changes, and what a field of a patch says of an embedded struct with these columns. Emitted by the derive.
#[doc(hidden)]
pub fn patched_whole<E, T: Embed, P: Patches<T>>(
    parts: &'static [FieldMeta],
    with: P,
    mut changes: Changes<E>,
) -> Changes<E> {
    if let Change::Set(whole) = with.into_change() {
        let (mut columns, mut values): (Vec<ColumnDef>, Vec<Value>) = (Vec::new(), Vec::new());
        flat_of(parts, &mut columns);
        whole.push_all(&mut |cell| values.push(cell.value()));
        columns.into_iter().zip(values).for_each(|(column, value)| changes.put_value(column, value));
    }
    changes
}
