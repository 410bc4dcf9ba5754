//! Typed predicates: what a column can be asked.

use super::condition::{Comparison, Condition, KeySet, TextTest};
use super::select::OrderBy;
use crate::entity::{Column, Field, Scalar, TextScalar};
use std::fmt;
use std::marker::PhantomData;
use std::ops::{BitAnd, BitOr, Not};
use std::sync::Arc;

/// A condition on the rows of entity `E`, made from its columns and combined with `&`, `|` and `!`.
///
/// A predicate is true or false, never unknown: a comparison with NULL is false, and `!` is the complement, so that
/// `group.filter(p)` and `group.filter(!p)` have every row of the group between them.
#[must_use = "a predicate does nothing until a group is filtered by it"]
pub struct Predicate<E> {
    pub(super) condition: Condition,
    entity: PhantomData<fn() -> E>,
}

impl<E> Predicate<E> {
    pub(super) const fn new(condition: Condition) -> Self {
        Self { condition, entity: PhantomData }
    }

    /// Both hold; the same as `&`.
    pub fn and(self, other: Self) -> Self {
        Self::new(self.condition.and(other.condition))
    }

    /// At least one holds; the same as `|`.
    pub fn or(self, other: Self) -> Self {
        Self::new(self.condition.or(other.condition))
    }
}

impl<E> Clone for Predicate<E> {
    fn clone(&self) -> Self {
        Self::new(self.condition.clone())
    }
}

impl<E> fmt::Debug for Predicate<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.condition.fmt(f)
    }
}

impl<E> BitAnd for Predicate<E> {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        self.and(other)
    }
}

impl<E> BitOr for Predicate<E> {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.or(other)
    }
}

impl<E> Not for Predicate<E> {
    type Output = Self;

    fn not(self) -> Self {
        Self::new(match self.condition {
            Condition::Not(inner) => *inner,
            condition => Condition::Not(Box::new(condition)),
        })
    }
}

/// What a column whose field is an `F` can be compared with: its own type, a reference to it, `&str` for text, and an
/// `Option` where the column is nullable.
#[diagnostic::on_unimplemented(
    message = "a column of type `{F}` cannot be compared with a `{Self}`",
    label = "not comparable with this column"
)]
pub trait Operand<F> {
    /// The value, or nothing for NULL.
    fn operand(self) -> Option<crate::entity::Value>;
}

impl<T: Scalar> Operand<T> for T {
    fn operand(self) -> Option<crate::entity::Value> {
        Some(self.to_value())
    }
}

impl<T: Scalar> Operand<T> for &T {
    fn operand(self) -> Option<crate::entity::Value> {
        Some(self.to_value())
    }
}

impl<T: Scalar> Operand<Option<T>> for T {
    fn operand(self) -> Option<crate::entity::Value> {
        Some(self.to_value())
    }
}

impl<T: Scalar> Operand<Option<T>> for &T {
    fn operand(self) -> Option<crate::entity::Value> {
        Some(self.to_value())
    }
}

impl<T: Scalar> Operand<Option<T>> for Option<T> {
    fn operand(self) -> Option<crate::entity::Value> {
        self.as_ref().map(Scalar::to_value)
    }
}

impl Operand<String> for &str {
    fn operand(self) -> Option<crate::entity::Value> {
        Some(self.into())
    }
}

impl Operand<Option<String>> for &str {
    fn operand(self) -> Option<crate::entity::Value> {
        Some(self.into())
    }
}

impl<E, F: Field> Column<E, F> {
    fn compare(self, how: Comparison, operand: impl Operand<F>) -> Predicate<E> {
        Predicate::new(match (how, operand.operand()) {
            (_, Some(value)) => Condition::Compare { column: self.def(), how, value },
            (Comparison::Equal, None) => Condition::IsNull(self.def()),
            // Nothing is less or greater than NULL.
            (_, None) => Condition::Or(Vec::new()),
        })
    }

    /// Equal; on a nullable column `eq(None)` means "is NULL".
    pub fn eq(self, value: impl Operand<F>) -> Predicate<E> {
        self.compare(Comparison::Equal, value)
    }

    /// The complement of [`eq`](Self::eq): NULL differs from every value.
    pub fn ne(self, value: impl Operand<F>) -> Predicate<E> {
        !self.eq(value)
    }

    /// Less; false for NULL.
    pub fn lt(self, value: impl Operand<F>) -> Predicate<E> {
        self.compare(Comparison::Less, value)
    }

    /// Less or equal; false for NULL.
    pub fn le(self, value: impl Operand<F>) -> Predicate<E> {
        self.compare(Comparison::LessOrEqual, value)
    }

    /// Greater; false for NULL.
    pub fn gt(self, value: impl Operand<F>) -> Predicate<E> {
        self.compare(Comparison::Greater, value)
    }

    /// Greater or equal; false for NULL.
    pub fn ge(self, value: impl Operand<F>) -> Predicate<E> {
        self.compare(Comparison::GreaterOrEqual, value)
    }

    /// One of the values; however many there are, the statement's text stays the same.
    pub fn is_in<O: Operand<F>>(self, values: impl IntoIterator<Item = O>) -> Predicate<E> {
        let mut null = false;
        let mut keys = Vec::new();
        for value in values {
            match value.operand() {
                Some(value) => keys.push(value),
                None => null = true,
            }
        }
        let keys = Condition::InKeys { columns: vec![self.def()], keys: Arc::new(KeySet::new(1, keys)) };
        Predicate::new(if null { keys.or(Condition::IsNull(self.def())) } else { keys })
    }

    /// From the least to the greatest; NULLs come first.
    #[must_use]
    pub const fn asc(self) -> Order<E> {
        Order { by: OrderBy { column: self.def, descending: false }, entity: PhantomData }
    }

    /// From the greatest to the least; NULLs come last.
    #[must_use]
    pub const fn desc(self) -> Order<E> {
        Order { by: OrderBy { column: self.def, descending: true }, entity: PhantomData }
    }

    fn text(self, test: TextTest, text: impl Into<String>) -> Predicate<E> {
        Predicate::new(Condition::Text { column: self.def(), test, text: text.into() })
    }
}

/// A field that may be NULL: an `Option`.
#[diagnostic::on_unimplemented(
    message = "this column holds a `{Self}`, which is never NULL",
    label = "the field is not an `Option`"
)]
pub trait Nullable {}

impl<T: Scalar> Nullable for Option<T> {}

impl<E, F: Field> Column<E, F> {
    /// The column is NULL.
    pub fn is_null(self) -> Predicate<E>
    where
        F: Nullable,
    {
        Predicate::new(Condition::IsNull(self.def()))
    }

    /// The column is not NULL.
    pub fn is_not_null(self) -> Predicate<E>
    where
        F: Nullable,
    {
        !self.is_null()
    }
}

/// Predicates on text.
impl<E, F: Field> Column<E, F> {
    /// The text begins with `text`; case counts, `%` and `_` are ordinary characters.
    pub fn starts_with(self, text: impl Into<String>) -> Predicate<E>
    where
        F::Base: TextScalar,
    {
        self.text(TextTest::StartsWith, text)
    }

    /// The text ends with `text`; case counts, `%` and `_` are ordinary characters.
    pub fn ends_with(self, text: impl Into<String>) -> Predicate<E>
    where
        F::Base: TextScalar,
    {
        self.text(TextTest::EndsWith, text)
    }

    /// The text contains `text`; case counts, `%` and `_` are ordinary characters.
    pub fn contains(self, text: impl Into<String>) -> Predicate<E>
    where
        F::Base: TextScalar,
    {
        self.text(TextTest::Contains, text)
    }
}

/// An order by one column of entity `E`: `bug::heat.desc()`.
pub struct Order<E> {
    pub(crate) by: OrderBy,
    entity: PhantomData<fn() -> E>,
}

impl<E> Clone for Order<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for Order<E> {}

impl<E> fmt::Debug for Order<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.by.fmt(f)
    }
}

/// One order, or a tuple of them, the first of which counts most.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an order of `{E}`",
    label = "not an order",
    note = "say which way: `column.asc()` or `column.desc()`, or a tuple of such"
)]
pub trait IntoOrder<E> {
    /// The terms, the first of which counts most.
    fn into_order(self) -> Vec<OrderBy>;
}

impl<E> IntoOrder<E> for Order<E> {
    fn into_order(self) -> Vec<OrderBy> {
        vec![self.by]
    }
}

impl<E> IntoOrder<E> for Vec<Order<E>> {
    fn into_order(self) -> Vec<OrderBy> {
        self.into_iter().map(|order| order.by).collect()
    }
}

macro_rules! tuples {
    ($(($($entity:ident $name:ident)+))*) => {$(
        impl<E> IntoOrder<E> for ($(tuples!(@ $entity),)+) {
            fn into_order(self) -> Vec<OrderBy> {
                let ($($name,)+) = self;
                vec![$($name.by),+]
            }
        }
    )*};
    (@ E) => { Order<E> };
}

tuples! { (E a E b) (E a E b E c) (E a E b E c E d) }
