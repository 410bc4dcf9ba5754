//! Typed predicates, and how they combine. What makes them stands in the files beside this one: comparisons, tests of
//! text, and tests through relations.
//!
//! Predicates are data; nothing here knows how a store evaluates them.

use super::condition::Condition;
use std::fmt;
use std::marker::PhantomData;
use std::ops::{BitAnd, BitOr, Not};

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

    /// The predicate as data. Emitted by the derive.
    #[doc(hidden)]
    pub fn into_condition(self) -> Condition {
        self.condition
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
        Self::new(self.condition.negated())
    }
}
