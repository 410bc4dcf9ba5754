//! Aggregates of a relation as fields of a view: `count(comments)`, `max(comments, comment::heat)`.
//!
//! They share a constant's type, as the other fields do, so that a wrong relation, column or type is one error.

use super::edges::{Edges, ToMany};
use super::field::RowsOfEach;
use super::node::{FieldMeta, Load};
use super::rows::{Missing, Supplies};
use crate::entity::{Column, Entity, Raw, Scalar, Unfit, Value};
use crate::group::{Existence, Extreme, Gives, Mean, Measured, Number, Relation, Total};
use std::marker::PhantomData;

/// A field of type `F` in a view of `E` that holds an aggregate of a relation.
pub struct MeasuredField<E, F> {
    /// The field in the plan.
    pub meta: FieldMeta,
    /// Puts the field in place.
    pub finish: fn(&mut Supplies) -> Result<F, Missing>,
    entity: PhantomData<fn() -> E>,
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
        MeasuredField { meta, finish: self::measured::<K, F>, entity: PhantomData }
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
        MeasuredField { meta: FieldMeta::Column(field, self.def()), finish: |_| Err(Missing), entity: PhantomData }
    }
}
