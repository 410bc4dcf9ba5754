//! Typed predicates: what a [`Column`] can be asked, and the [orders](Order) it gives.
//!
//! Predicates are data; nothing here knows how a store evaluates them.

use super::condition::{Comparison, Condition, KeySet, TextTest};
use crate::entity::{Column, Field, Scalar, TextScalar};
use std::fmt;
use std::marker::PhantomData;
use std::ops::{BitAnd, BitOr, Not};
use std::sync::Arc;

/// A condition on the rows of entity `E`, made from its columns and combined with `&`, `|` and `!`.
///
/// A predicate is true or false, never unknown as in SQL: a comparison with NULL is false, and `!` is the complement,
/// so that `group.filter(p)` and `group.filter(!p)` have every row of the group between them, on every store.
///
/// ```
#[doc = tracker!()]
/// let graces = bug::assignee_id.eq(2);
/// let (hers, rest) = (Bugs::all().filter(graces.clone()), Bugs::all().filter(!graces));
/// assert_eq!(context.realise((hers.count(), rest.count()))?, (1, 2));     // also those of nobody
/// # Ok::<(), persist::Error>(())
/// ```
///
/// `&` binds more tightly than `|`, as everywhere in Rust. A predicate is `Clone`, not `Copy`; a function that gives
/// one is a good place for a rule of the domain.
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
    ///
    /// ```
    #[doc = tracker!()]
    /// let hot_and_free = bug::heat.gt(10).and(bug::assignee_id.is_null());
    /// assert_eq!(context.realise(Bugs::all().filter(hot_and_free).count())?, 1);
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn and(self, other: Self) -> Self {
        Self::new(self.condition.and(other.condition))
    }

    /// At least one holds; the same as `|`.
    ///
    /// ```
    #[doc = tracker!()]
    /// let either = bug::heat.lt(10).or(bug::assignee_id.is_not_null());
    /// assert_eq!(context.realise(Bugs::all().filter(either).count())?, 2);
    /// # Ok::<(), persist::Error>(())
    /// ```
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
///
/// A nullable column is compared with a bare value as well: `bug::assignee_id.eq(2)`. A newtype is compared with
/// itself, not with what it wraps.
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

    /// Equal; on a nullable column `eq(None)` means "is NULL", and NULL equals no value.
    ///
    /// Text is equal when it has the same code points; case counts,
    /// unless the entity's [collation](crate::Collation) is native and the column's own says otherwise.
    ///
    /// ```
    #[doc = tracker!()]
    /// let nobody: Option<i32> = None;
    /// let counts = (Bugs::all().filter(bug::assignee_id.eq(2)), Bugs::all().filter(bug::assignee_id.eq(nobody)));
    /// assert_eq!(context.realise((counts.0.count(), counts.1.count()))?, (1, 2));
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn eq(self, value: impl Operand<F>) -> Predicate<E> {
        self.compare(Comparison::Equal, value)
    }

    /// The complement of [`eq`](Self::eq): NULL differs from every value, and `ne(None)` means "is not NULL".
    ///
    /// ```
    #[doc = tracker!()]
    /// let not_graces = Bugs::all().filter(bug::assignee_id.ne(2));
    /// assert_eq!(context.realise(not_graces.count())?, 2);               // in SQL `<>` would leave these out
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn ne(self, value: impl Operand<F>) -> Predicate<E> {
        !self.eq(value)
    }

    /// Less; false for NULL. Text goes by code point, unless the entity's [collation](crate::Collation) is native.
    ///
    /// ```
    #[doc = tracker!()]
    /// let cool = bug::heat.lt(42) & bug::title.lt("U");                  // also `le`, `gt`, `ge`
    /// assert_eq!(context.realise(Bugs::all().filter(cool).count())?, 1);
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn lt(self, value: impl Operand<F>) -> Predicate<E> {
        self.compare(Comparison::Less, value)
    }

    /// Less or equal, as [`lt`](Self::lt) or [`eq`](Self::eq); false for NULL, also `le(None)`.
    pub fn le(self, value: impl Operand<F>) -> Predicate<E> {
        self.compare(Comparison::LessOrEqual, value)
    }

    /// Greater, the other way round than [`lt`](Self::lt); false for NULL.
    pub fn gt(self, value: impl Operand<F>) -> Predicate<E> {
        self.compare(Comparison::Greater, value)
    }

    /// Greater or equal, as [`gt`](Self::gt) or [`eq`](Self::eq); false for NULL, also `ge(None)`.
    pub fn ge(self, value: impl Operand<F>) -> Predicate<E> {
        self.compare(Comparison::GreaterOrEqual, value)
    }

    /// One of the values; however many there are, the statement's text stays the same. `None` among them means "or
    /// NULL". Of no values, none is: the predicate is false.
    ///
    /// ```
    #[doc = tracker!()]
    /// let some = Bugs::all().filter(bug::heat.is_in([1, 2, 3]));
    /// let all = Bugs::all().filter(bug::assignee_id.is_in([Some(2), None]));
    /// assert_eq!(context.realise((some.count(), all.count()))?, (1, 3));
    /// # Ok::<(), persist::Error>(())
    /// ```
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

    fn text(self, test: TextTest, text: impl Into<String>) -> Predicate<E> {
        Predicate::new(Condition::Text { column: self.def(), test, text: text.into() })
    }
}

/// A field that may be NULL: an `Option`. What [`Column::is_null`] asks for.
#[diagnostic::on_unimplemented(
    message = "this column holds a `{Self}`, which is never NULL",
    label = "the field is not an `Option`"
)]
pub trait Nullable {}

impl<T: Scalar> Nullable for Option<T> {}

impl<E, F: Field> Column<E, F> {
    /// The column is NULL. Only columns whose field is an `Option` have this.
    ///
    /// ```
    #[doc = tracker!()]
    /// assert_eq!(context.realise(Bugs::all().filter(bug::assignee_id.is_null()).count())?, 2);
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn is_null(self) -> Predicate<E>
    where
        F: Nullable,
    {
        Predicate::new(Condition::IsNull(self.def()))
    }

    /// The column is not NULL. Only columns whose field is an `Option` have this.
    ///
    /// ```
    #[doc = tracker!()]
    /// assert_eq!(context.realise(Bugs::all().filter(bug::assignee_id.is_not_null()).count())?, 1);
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn is_not_null(self) -> Predicate<E>
    where
        F: Nullable,
    {
        !self.is_null()
    }
}

/// Predicates on text: for `String`, and for newtypes and enums that are stored as text.
impl<E, F: Field> Column<E, F> {
    /// The text begins with `text`; case counts, `%` and `_` are ordinary characters. False for NULL; every text begins
    /// with the empty one.
    ///
    /// ```
    #[doc = tracker!()]
    /// let found = Bugs::all().filter(bug::title.starts_with("Crash"));
    /// assert_eq!(context.realise(found.count())?, 1);
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn starts_with(self, text: impl Into<String>) -> Predicate<E>
    where
        F::Base: TextScalar,
    {
        self.text(TextTest::StartsWith, text)
    }

    /// The text ends with `text`; case counts, `%` and `_` are ordinary characters. False for NULL.
    ///
    /// ```
    #[doc = tracker!()]
    /// let found = Bugs::all().filter(bug::title.ends_with("start"));
    /// assert_eq!(context.realise(found.count())?, 1);
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn ends_with(self, text: impl Into<String>) -> Predicate<E>
    where
        F::Base: TextScalar,
    {
        self.text(TextTest::EndsWith, text)
    }

    /// The text contains `text`; case counts, `%` and `_` are ordinary characters. False for NULL.
    ///
    /// ```
    #[doc = tracker!()]
    /// let found = Bugs::all().filter(bug::title.contains("s"));
    /// assert_eq!(context.realise(found.count())?, 2);
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn contains(self, text: impl Into<String>) -> Predicate<E>
    where
        F::Base: TextScalar,
    {
        self.text(TextTest::Contains, text)
    }
}
