//! The fields of a view: what `bug::title` and `bug::comments` become when a view declares them.
//!
//! A field's constant has the type [`ViewField<E, F>`], whatever it is made from; so the derive need not know whether a
//! name is a column or a relation, and a wrong name or type is one error, at the user's field.

use super::graph::{Below, Graph};
use super::node::{FieldMeta, Node};
use super::rows::{Missing, Supplies};
use super::slot::Slot;
use super::{View, ViewOf};
use crate::entity::{CellError, Column, Embed, Field, Out, Reader, read_field};
use crate::group::{Condition, Order, Predicate};
use std::marker::PhantomData;

/// A field of type `F` in a view of `E`: how it is planned, read and finished.
pub struct ViewField<E, F: Slot> {
    /// The field in the plan.
    pub meta: FieldMeta,
    /// Reads the field's column, if it is one.
    pub decode: fn(&mut Reader<'_>) -> Result<F::Partial, CellError>,
    /// Puts the field in place.
    pub finish: fn(F::Partial, &mut Supplies) -> Result<F, Missing>,
    /// Appends the neutral form of the field's columns, if it is columns.
    pub cells: Option<fn(&F, &mut Out<'_>)>,
    /// The rows that the field holds, if they are edited with it; told what it held when it was read.
    #[allow(clippy::type_complexity, reason = "the rows as they were read, and as they are")]
    pub below: Option<fn(&F, &[Graph]) -> Vec<Graph>>,
    pub(super) entity: PhantomData<fn() -> E>,
}

impl<E, F: Slot> ViewField<E, F> {
    /// Appends the neutral form of `field`. Emitted by the derive.
    #[doc(hidden)]
    pub fn push(&self, field: &F, out: &mut Out<'_>) {
        if let Some(cells) = self.cells {
            cells(field, out);
        }
    }

    /// Appends the rows that `field` holds. Emitted by the derive.
    #[doc(hidden)]
    pub fn push_below(&self, field: &F, out: &mut Below<'_>) {
        if let Some(below) = self.below {
            out.push(|read| below(field, read));
        }
    }
}

impl<E, F: Slot> ViewField<E, F> {
    /// Puts the field of a `V` in place. Emitted by the derive.
    ///
    /// # Errors
    /// When the supplies are not those of this view.
    #[doc(hidden)]
    #[inline(always)]
    pub fn place<V: View>(&self, partial: F::Partial, supplies: &mut Supplies) -> Result<F, Missing> {
        let value = (self.finish)(partial, supplies)?;
        Ok(value.placed(supplies, V::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF, self.meta.label()))
    }
}

/// A field of type `Self` can show a column whose field in the entity is a `T`: when both are the same type.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` cannot show a column of type `{T}`",
    label = "not the type of the column",
    note = "a field that shows a column has exactly its type: here `{T}`"
)]
pub trait Shows<T>: Slot {
    /// Reads the column.
    #[doc(hidden)]
    fn decode(reader: &mut Reader<'_>) -> Result<Self::Partial, CellError>;
    /// The value as it was read.
    #[doc(hidden)]
    fn as_read(partial: Self::Partial, _: &mut Supplies) -> Result<Self, Missing>;
    /// Appends its neutral form.
    #[doc(hidden)]
    fn push(&self, out: &mut Out<'_>);
}

impl<T: Field + Slot<Partial = T>> Shows<T> for T {
    #[inline(always)]
    fn decode(reader: &mut Reader<'_>) -> Result<T, CellError> {
        read_field::<T>(reader)
    }

    #[inline(always)]
    fn as_read(value: T, _: &mut Supplies) -> Result<T, Missing> {
        Ok(value)
    }

    fn push(&self, out: &mut Out<'_>) {
        self.show_field(out);
    }
}

impl<E, T> Column<E, T> {
    /// This column as a field of a view. Emitted by the derive.
    #[doc(hidden)]
    #[must_use]
    pub const fn field<F: Shows<T>>(self, field: &'static str) -> ViewField<E, F> {
        let meta = FieldMeta::Column(field, self.def);
        ViewField {
            meta,
            decode: F::decode,
            finish: F::as_read,
            cells: Some(F::push),
            below: None,
            entity: PhantomData,
        }
    }

    /// The same, in a view that is edited. Emitted by the derive.
    #[doc(hidden)]
    #[must_use]
    pub const fn edited_field<F: Shows<T>>(self, field: &'static str) -> ViewField<E, F> {
        self.field(field)
    }
}

/// A field of type `Self` can show an embedded struct that is a `T` in the entity: when both are the same type.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` cannot show an embedded struct of type `{T}`",
    label = "not the type of the embedded struct",
    note = "a field that shows an embedded struct has exactly its type: here `{T}`"
)]
pub trait ShowsWhole<T>: Slot {
    /// Reads the columns.
    #[doc(hidden)]
    fn decode(reader: &mut Reader<'_>) -> Result<Self::Partial, CellError>;
    /// The value as it was read.
    #[doc(hidden)]
    fn as_read(partial: Self::Partial, _: &mut Supplies) -> Result<Self, Missing>;
    /// Appends the neutral form of its columns.
    #[doc(hidden)]
    fn push(&self, out: &mut Out<'_>);
}

impl<T: Embed + Slot<Partial = T>> ShowsWhole<T> for T {
    #[inline]
    fn decode(reader: &mut Reader<'_>) -> Result<T, CellError> {
        T::read_all(reader)
    }

    #[inline(always)]
    fn as_read(value: T, _: &mut Supplies) -> Result<T, Missing> {
        Ok(value)
    }

    fn push(&self, out: &mut Out<'_>) {
        self.push_all(out);
    }
}

impl<E, F: Slot> ViewField<E, F> {
    /// An embedded struct of type `T` as a field of a view. Emitted by the derive.
    #[doc(hidden)]
    #[must_use]
    pub const fn embedded<T: Embed>(field: &'static str, parts: &'static [FieldMeta]) -> Self
    where
        F: ShowsWhole<T>,
    {
        assert!(T::SOUND, "an `Option` of a struct that may consist of NULLs only cannot be told from `None`");
        let meta = FieldMeta::Embed(field, parts);
        Self { meta, decode: F::decode, finish: F::as_read, cells: Some(F::push), below: None, entity: PhantomData }
    }
}

/// What only relations have. No column does: this is for the words.
#[diagnostic::on_unimplemented(
    message = "an aggregate, `filter`, `order_by`, `limit`, `by`, `value`, `put`, `remove`, `orphans`, `position`, `depth` and `recursive` need a relation, and this is a column",
    label = "a column"
)]
pub trait RowsOfEach {}

/// What leads to other rows. No column does: this is for the words.
#[diagnostic::on_unimplemented(
    message = "`load` says how a relation is loaded, and this is a column",
    label = "a column"
)]
pub trait LeadsOn {}

/// What a view asks of relations only: what says so is said of the first option, the others go along.
impl<E, T> Column<E, T> {
    /// Refuses. Emitted by the derive, which does not know a column from a relation.
    #[doc(hidden)]
    #[must_use]
    pub const fn each(self) -> Self
    where
        Self: RowsOfEach,
    {
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn order_by<X, const N: usize>(self, _: [Order<X>; N]) -> Self {
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn link_order_by<X, const N: usize>(self, _: [Order<X>; N]) -> Self {
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn limit(self, _: u32) -> Self {
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn only(self, _: &'static str, _: &'static str, _: fn() -> Condition) -> Self {
        self
    }

    #[doc(hidden)]
    pub fn condition<X>(self, predicate: Predicate<X>) -> Condition {
        predicate.into_condition()
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn by<X, K>(self, _: Column<X, K>) -> Self {
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn value<X, K>(self, _: Column<X, K>) -> Self {
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn position<X, K>(self, _: Column<X, K>) -> Self {
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn put_any(self) -> Self {
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn put_equal(self) -> Self {
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn remove_equal(self) -> Self {
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn nullify_orphans(self) -> Self {
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn mark_orphans<X, K>(self, _: Column<X, K>) -> Self {
        self
    }

    /// Refuses. Emitted by the derive, which does not know a column from a relation.
    #[doc(hidden)]
    #[must_use]
    pub const fn by_keys(self) -> Self
    where
        Self: LeadsOn,
    {
        self
    }

    /// Refuses, as [`by_keys`](Self::by_keys).
    #[doc(hidden)]
    #[must_use]
    pub const fn by_join(self) -> Self
    where
        Self: LeadsOn,
    {
        self
    }

    /// Refuses, as [`by_keys`](Self::by_keys).
    #[doc(hidden)]
    #[must_use]
    pub const fn by_subselect(self) -> Self
    where
        Self: LeadsOn,
    {
        self
    }
}

/// Another view of the same entity as part of a view of `E`. Emitted by the derive.
#[doc(hidden)]
#[must_use]
pub const fn flatten<E, V: ViewOf<E>>() -> &'static Node {
    <V as View>::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF
}
