//! What the attributes of an entity make of its columns: the parts of [`Rules`](super::Rules). Emitted by the derive.
//!
//! The bounds are here for their words.

use super::column::{Column, ColumnDef};
use super::rules::{Counter, Guard, Move, Updated};
use super::scalar::{Newtype, Scalar};
use super::value::Value;

/// Scalars that are integers: what a revision and a counter may be. A newtype of one is one.
#[diagnostic::on_unimplemented(
    message = "`lock` and `counter` are for integers, and this is a `{Self}`",
    label = "not an integer that is always there",
    note = "the field is an `i16`, an `i32`, an `i64`, or a newtype of one; it is no `Option`, since NULL is no revision, and \
            nothing can be added to it"
)]
pub trait WholeNumber {}

#[diagnostic::do_not_recommend]
impl WholeNumber for i16 {}
#[diagnostic::do_not_recommend]
impl WholeNumber for i32 {}
#[diagnostic::do_not_recommend]
impl WholeNumber for i64 {}

#[diagnostic::do_not_recommend]
impl<N: Scalar + Newtype<Inner: WholeNumber>> WholeNumber for N {}

/// `#[entity(lock)]`.
#[must_use]
pub const fn lock<E, F: WholeNumber>(column: Column<E, F>) -> ColumnDef {
    column.def()
}

/// `#[entity(guard)]`, along these ways if there are any.
#[must_use]
pub const fn guard<E, F>(column: Column<E, F>, transition: Option<fn(&Value, &Value) -> Move>) -> Guard {
    Guard { column: column.def(), transition }
}

/// `#[entity(updated = ..)]`.
#[must_use]
pub const fn updated<E, F>(column: Column<E, F>, now: fn() -> Value) -> Updated {
    Updated { column: column.def(), now }
}

/// What the column stores of a value.
#[must_use]
pub fn stored<E, F>(column: Column<E, F>, value: F) -> Value {
    column.value_of(&value)
}

/// `#[entity(counter(min = .., max = ..))]`.
///
/// # Panics
/// At compile time, when no number is within the bounds.
#[must_use]
#[track_caller]
pub const fn counter<E, F: WholeNumber>(column: Column<E, F>, least: Option<i64>, most: Option<i64>) -> Counter {
    if let (Some(least), Some(most)) = (least, most) {
        assert!(least <= most, "no number is within these bounds: `min` is greater than `max`");
    }
    Counter { column: column.def(), least, most }
}
