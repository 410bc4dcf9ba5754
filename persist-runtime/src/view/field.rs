//! The fields of a view: what `bug::title` and `bug::comments` become when a view declares them.
//!
//! A field's constant has the type [`ViewField<E, F>`], whatever it is made from; so the derive need not know whether a
//! name is a column or a relation, and a wrong name or type is one error, at the user's field.

use super::containers::Holds;
use super::node::{Edge, FieldMeta, Load, MAX_ORDER, Node};
use super::rows::{Missing, Supplies};
use super::slot::Slot;
use super::{View, ViewOf};
use crate::entity::{CellError, Column, Entity, Field, Many, Reader, Relation, Through, read_field};
use crate::group::{Order, OrderBy};
use std::marker::PhantomData;

/// A field of type `F` in a view of `E`: how it is planned, read and finished.
pub struct ViewField<E, F: Slot> {
    /// The field in the plan.
    pub meta: FieldMeta,
    /// Reads the field's column, if it is one.
    pub decode: fn(&mut Reader<'_>) -> Result<F::Partial, CellError>,
    /// Puts the field in place.
    pub finish: fn(F::Partial, &mut Supplies) -> Result<F, Missing>,
    entity: PhantomData<fn() -> E>,
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
}

impl<E, T> Column<E, T> {
    /// This column as a field of a view. Emitted by the derive.
    #[doc(hidden)]
    #[must_use]
    pub const fn field<F: Shows<T>>(self, field: &'static str) -> ViewField<E, F> {
        let meta = FieldMeta::Column(field, self.def);
        ViewField { meta, decode: F::decode, finish: F::as_read, entity: PhantomData }
    }
}

/// What only relations have. No column does: this is for the words.
#[diagnostic::on_unimplemented(
    message = "`count`, `order_by` and `limit` need a relation to many rows, and this is a column",
    label = "a column"
)]
pub trait RowsOfEach {}

/// What a view asks of relations only.
impl<E, T> Column<E, T> {
    /// Refuses. Emitted by the derive, which does not know a column from a relation.
    #[doc(hidden)]
    #[must_use]
    pub const fn of_each<X, const N: usize>(self, _: [Order<X>; N], _: Option<u32>) -> Self
    where
        Self: RowsOfEach,
    {
        self
    }

    /// Refuses. Emitted by the derive, which does not know a column from a relation.
    #[doc(hidden)]
    #[must_use]
    pub const fn count_field<F: Slot>(self, field: &'static str) -> ViewField<E, F>
    where
        Self: RowsOfEach,
    {
        let meta = FieldMeta::Column(field, self.def);
        ViewField { meta, decode: |_| Err(CellError::short(0)), finish: |_, _| Err(Missing), entity: PhantomData }
    }
}

fn nothing(_: &mut Reader<'_>) -> Result<(), CellError> {
    Ok(())
}

fn held<C, T: Entity, F: Holds<C, T>>((): (), supplies: &mut Supplies) -> Result<F, Missing> {
    F::take(supplies)
}

impl<E: Entity, C, T: Entity> Relation<E, C, T> {
    /// This relation as a field of a view. Emitted by the derive.
    #[doc(hidden)]
    #[must_use]
    pub const fn field<F: Holds<C, T>>(self, field: &'static str) -> ViewField<E, F> {
        Edges { relation: self, order: [None; MAX_ORDER], limit: None }.field(field)
    }

    /// The number of rows that this relation leads to, as a field of a view. Emitted by the derive.
    #[doc(hidden)]
    #[must_use]
    pub const fn count_field<F: CountAs>(self, field: &'static str) -> ViewField<E, F>
    where
        C: ToMany,
    {
        let edge = Edge { field, relation: self.def, load: Load::Count, order: [None; MAX_ORDER], limit: None };
        ViewField { meta: FieldMeta::Edge(edge), decode: F::uncounted, finish: F::counted, entity: PhantomData }
    }

    /// Chooses the order and the number of the rows of each parent. Emitted by the derive.
    #[doc(hidden)]
    #[must_use]
    pub const fn of_each<const N: usize>(self, order: [Order<T>; N], limit: Option<u32>) -> Edges<E, C, T>
    where
        C: ToMany,
    {
        let mut terms: [Option<OrderBy>; MAX_ORDER] = [None; MAX_ORDER];
        let mut term = 0;
        while term < N {
            terms[term] = Some(order[term].by);
            term += 1;
        }
        Edges { relation: self, order: terms, limit }
    }
}

/// A relation with the order and the number of its rows chosen. Made by the derive.
#[doc(hidden)]
pub struct Edges<E, C, T> {
    relation: Relation<E, C, T>,
    order: [Option<OrderBy>; MAX_ORDER],
    limit: Option<u32>,
}

impl<E: Entity, C, T: Entity> Edges<E, C, T> {
    /// The relation as a field of a view. Emitted by the derive.
    #[must_use]
    pub const fn field<F: Holds<C, T>>(self, field: &'static str) -> ViewField<E, F> {
        let edge = Edge { field, relation: self.relation.def, load: F::LOAD, order: self.order, limit: self.limit };
        ViewField { meta: FieldMeta::Edge(edge), decode: nothing, finish: held::<C, T, F>, entity: PhantomData }
    }
}

/// A relation to many rows: what `count`, `order_by` and `limit` apply to.
#[diagnostic::on_unimplemented(
    message = "this relation leads to one row",
    label = "`count`, `order_by` and `limit` need a relation to many rows"
)]
pub trait ToMany {}

impl ToMany for Many {}
impl ToMany for Through {}

/// A field that holds a count.
#[diagnostic::on_unimplemented(
    message = "a count is an `i64`, and the field is `{Self}`",
    label = "make this an `i64`"
)]
pub trait CountAs: Slot {
    #[doc(hidden)]
    fn uncounted(reader: &mut Reader<'_>) -> Result<Self::Partial, CellError>;
    #[doc(hidden)]
    fn counted(partial: Self::Partial, supplies: &mut Supplies) -> Result<Self, Missing>;
}

impl CountAs for i64 {
    fn uncounted(_: &mut Reader<'_>) -> Result<i64, CellError> {
        Ok(0)
    }

    fn counted(_: i64, supplies: &mut Supplies) -> Result<i64, Missing> {
        supplies.count()
    }
}

/// Another view of the same entity as part of a view of `E`. Emitted by the derive.
#[doc(hidden)]
#[must_use]
pub const fn flatten<E, V: ViewOf<E>>() -> &'static Node {
    <V as View>::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF
}
