//! Predicates through relations: whether some, none or all of what a relation leads to satisfies a predicate.

use super::predicate::Predicate;
use super::relation::Relation;
use super::select::Select;
use super::{Group, GroupOf};
use crate::entity::Entity;
use std::sync::Arc;

/// A relation as a question about the rows that it starts from. None of these loads what it leads to.
///
/// | predicate | true where the relation leads to |
/// |---|---|
/// | [`exists(p)`](Self::exists) | some row that satisfies `p` |
/// | [`none(p)`](Self::none) | no such row, perhaps to no row at all: the complement of `exists` |
/// | [`all(p)`](Self::all) | no row that fails `p`, perhaps to no row at all |
/// | [`is_not_empty()`](Self::is_not_empty), [`is_empty()`](Self::is_empty) | some row, no row |
/// | [`leads_into(&group)`](Self::leads_into) | some row of a group |
///
/// They nest, and hold for every kind of relation. A reference that is NULL, or whose row is gone, leads to no row;
/// a relation with a condition of its own leads to the rows that satisfy it and to no others.
impl<E, C, T: Entity> Relation<E, C, T> {
    fn some(self, to: &Arc<Select>) -> Predicate<E> {
        Predicate::new(to.back(&self.def()))
    }

    /// It leads to some row that satisfies `predicate`.
    ///
    /// ```
    #[doc = tracker!()]
    /// let graces = Bugs::all().filter(bug::assignee.exists(person::name.eq("Grace")));
    /// let with_her = People::all().filter(person::bugs.exists(bug::assignee.exists(person::name.eq("Grace"))));
    /// assert_eq!(context.realise((graces.count(), with_her.count()))?, (1, 1));
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn exists(self, predicate: Predicate<T>) -> Predicate<E> {
        self.some(&Arc::new(Select::matching(T::TABLE, predicate.condition)))
    }

    /// It leads to no row that satisfies `predicate`; also where it leads to no row at all.
    ///
    /// ```
    #[doc = tracker!()]
    /// let not_graces = Bugs::all().filter(bug::assignee.none(person::name.eq("Grace")));
    /// assert_eq!(context.realise(not_graces.count())?, 2);               // those of nobody
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn none(self, predicate: Predicate<T>) -> Predicate<E> {
        !self.exists(predicate)
    }

    /// All rows that it leads to satisfy `predicate`; also where it leads to no row at all.
    ///
    /// ```
    #[doc = tracker!()]
    /// let only_hot = People::all().filter(person::bugs.all(bug::heat.gt(10)));
    /// assert_eq!(context.realise(only_hot.count())?, 1);                 // Grace
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn all(self, predicate: Predicate<T>) -> Predicate<E> {
        self.none(!predicate)
    }

    /// It leads to no row.
    ///
    /// ```
    #[doc = tracker!()]
    /// assert_eq!(context.realise(Bugs::all().filter(bug::assignee.is_empty()).count())?, 2);
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn is_empty(self) -> Predicate<E> {
        !self.is_not_empty()
    }

    /// It leads to some row.
    ///
    /// ```
    #[doc = tracker!()]
    /// assert_eq!(context.realise(Bugs::all().filter(bug::assignee.is_not_empty()).count())?, 1);
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn is_not_empty(self) -> Predicate<E> {
        self.some(&Arc::new(Select::all(T::TABLE)))
    }

    /// It leads to some row of `group`. A limit of the group counts first: this is how to ask for "assigned to one of
    /// the ten busiest".
    ///
    /// ```
    #[doc = tracker!()]
    /// let first = People::all().order_by(person::name.asc()).limit(1);   // Ada
    /// assert_eq!(context.realise(Bugs::all().filter(bug::owner.leads_into(&first)).count())?, 2);
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn leads_into(self, group: impl GroupOf<T>) -> Predicate<E> {
        let group: &Group<T> = group.group();
        self.some(&group.select)
    }
}
