//! Aggregates of a relation as fields of a view: `count(comments)`, `max(comments, comment::heat)`.
//!
//! They share a constant's type, as the other fields do, so that a wrong relation, column or type is one error.

use super::View;
use super::edges::{Edges, ToMany};
use super::field::RowsOfEach;
use super::node::{FieldMeta, Load, Node};
use super::rows::{Missing, Supplies};
use crate::entity::{Column, Entity, Raw, Scalar, Unfit, Value};
use crate::group::{Existence, Extreme, Gives, Mean, Measured, Number, Relation, Total};
use std::marker::PhantomData;

type Placed<F> = fn(F, &Supplies, &'static Node, &'static str) -> F;

/// A field of type `F` in a view of `E` that holds an aggregate of a relation.
pub struct MeasuredField<E, F> {
    /// The field in the plan.
    pub meta: FieldMeta,
    /// Puts the field in place.
    pub finish: fn(&mut Supplies) -> Result<F, Missing>,
    placed: Placed<F>,
    entity: PhantomData<fn() -> E>,
}

impl<E, F> MeasuredField<E, F> {
    /// Puts the field of a `V` in place. Emitted by the derive.
    ///
    /// # Errors
    /// When the supplies are not those of this view.
    #[doc(hidden)]
    pub fn place<V: View>(&self, supplies: &mut Supplies) -> Result<F, Missing> {
        let value = (self.finish)(supplies)?;
        Ok((self.placed)(value, supplies, V::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF, self.meta.label()))
    }
}

/// A field that holds an aggregate of the kind `K`.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` cannot hold this aggregate",
    label = "not the type of the aggregate",
    note = "`count` is an `i64`, `exists` a `bool`, `min` and `max` an `Option` of the column's type, `sum` an `i64` (of \
            floats an `f64`, of decimals a `Decimal`), `avg` an `Option<f64>` (of decimals an `Option<Decimal>`)"
)]
pub trait Measures<K>: Sized {
    /// The value out of its neutral form.
    #[doc(hidden)]
    fn measured(value: &Value) -> Result<Self, Unfit>;

    /// The same value, in its place: the field of this name in the view of this node.
    #[doc(hidden)]
    #[must_use]
    fn placed(self, _: &Supplies, _: &'static Node, _: &'static str) -> Self {
        self
    }
}

impl Measures<Number> for i64 {
    fn measured(value: &Value) -> Result<Self, Unfit> {
        Raw::of(value).integer()
    }
}

impl Measures<Existence> for bool {
    fn measured(value: &Value) -> Result<Self, Unfit> {
        Existence::output(value)
    }
}

impl<T: Scalar> Measures<Extreme<T>> for Option<T> {
    fn measured(value: &Value) -> Result<Self, Unfit> {
        Extreme::<T>::output(value)
    }
}

impl<T: Scalar> Measures<Total<T>> for T {
    fn measured(value: &Value) -> Result<Self, Unfit> {
        Total::<T>::output(value)
    }
}

impl<T: Scalar> Measures<Mean<T>> for Option<T> {
    fn measured(value: &Value) -> Result<Self, Unfit> {
        Mean::<T>::output(value)
    }
}

fn measured<K, F: Measures<K>>(supplies: &mut Supplies) -> Result<F, Missing> {
    F::measured(supplies.figure()?).map_err(|_| Missing)
}

impl<E: Entity, C, T: Entity> Relation<E, C, T> {
    /// An aggregate of the rows that this relation leads to, as a field of a view. Emitted by the derive.
    #[doc(hidden)]
    #[must_use]
    pub const fn measured<K, F>(self, measured: Measured<T, K>, field: &'static str) -> MeasuredField<E, F>
    where
        C: ToMany,
        F: Measures<K>,
    {
        self.each().measured(measured, field)
    }
}

impl<E: Entity, C, T: Entity> Edges<E, C, T> {
    /// An aggregate of these rows as a field of a view. Emitted by the derive.
    #[must_use]
    pub const fn measured<K, F>(self, measured: Measured<T, K>, field: &'static str) -> MeasuredField<E, F>
    where
        C: ToMany,
        F: Measures<K>,
    {
        let meta = self.edge(field, Load::Measure(measured.measure));
        MeasuredField { meta, finish: self::measured::<K, F>, placed: F::placed, entity: PhantomData }
    }
}

impl<E, T> Column<E, T> {
    /// Refuses. Emitted by the derive, which does not know a column from a relation.
    #[doc(hidden)]
    #[must_use]
    pub const fn measured<X, K, F>(self, _: Measured<X, K>, field: &'static str) -> MeasuredField<E, F>
    where
        Self: RowsOfEach,
    {
        let meta = FieldMeta::Column(field, self.def());
        MeasuredField { meta, finish: |_| Err(Missing), placed: |value, _, _, _| value, entity: PhantomData }
    }
}
