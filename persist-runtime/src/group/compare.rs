//! Comparisons of columns: with values, with other columns, with what a group holds.

use super::condition::{Comparison, Condition};
use super::keys::KeySet;
use super::operand::{Compared, Operand};
use super::predicate::Predicate;
use super::refers::RefersTo;
use super::select::Projection;
use super::{Group, GroupOf};
use crate::entity::{Column, ColumnDef, Entity, Field, Scalar};
use std::sync::Arc;

impl<E, F: Field> Column<E, F> {
    fn compare(self, how: Comparison, operand: impl Operand<E, F>) -> Predicate<E> {
        Predicate::new(match (how, operand.operand()) {
            (_, Compared::Value(value)) => Condition::Compare { column: self.def(), how, value },
            (_, Compared::Column(other)) => Condition::CompareColumns { column: self.def(), how, other },
            (Comparison::Equal, Compared::Null) => Condition::IsNull(self.def()),
            // Nothing is less or greater than NULL.
            (_, Compared::Null) => Condition::Or(Vec::new()),
        })
    }

    /// Equal; on a nullable column `eq(None)` means "is NULL", and NULL equals no value.
    ///
    /// Text is equal when it has the same code points; case counts,
    /// unless the entity's [collation](crate::Collation) is native and the column's own says otherwise.
    ///
    /// With another column of the same entity instead of a value: false where either is NULL, also where both are. The
    /// other comparisons take a column too.
    ///
    /// ```
    #[doc = tracker!()]
    /// let nobody: Option<i32> = None;
    /// let counts = (Bugs::all().filter(bug::assignee_id.eq(2)), Bugs::all().filter(bug::assignee_id.eq(nobody)));
    /// assert_eq!(context.realise((counts.0.count(), counts.1.count()))?, (1, 2));
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn eq(self, value: impl Operand<E, F>) -> Predicate<E> {
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
    pub fn ne(self, value: impl Operand<E, F>) -> Predicate<E> {
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
    pub fn lt(self, value: impl Operand<E, F>) -> Predicate<E> {
        self.compare(Comparison::Less, value)
    }

    /// Less or equal, as [`lt`](Self::lt) or [`eq`](Self::eq); false for NULL, also `le(None)`.
    pub fn le(self, value: impl Operand<E, F>) -> Predicate<E> {
        self.compare(Comparison::LessOrEqual, value)
    }

    /// Greater, the other way round than [`lt`](Self::lt); false for NULL.
    pub fn gt(self, value: impl Operand<E, F>) -> Predicate<E> {
        self.compare(Comparison::Greater, value)
    }

    /// Greater or equal, as [`gt`](Self::gt) or [`eq`](Self::eq); false for NULL, also `ge(None)`.
    pub fn ge(self, value: impl Operand<E, F>) -> Predicate<E> {
        self.compare(Comparison::GreaterOrEqual, value)
    }

    /// At least `low` and at most `high`: both ends belong to it. False for NULL, and where `low` is greater than `high`.
    ///
    /// An end may be another column; one that is `None` makes it false.
    ///
    /// ```
    #[doc = tracker!()]
    /// let warm = Bugs::all().filter(bug::heat.between(3, 42));
    /// assert_eq!(context.realise(warm.count())?, 3);
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn between(self, low: impl Operand<E, F>, high: impl Operand<E, F>) -> Predicate<E> {
        self.ge(low) & self.le(high)
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
    pub fn is_in<O: Operand<E, F>>(self, values: impl IntoIterator<Item = O>) -> Predicate<E> {
        let mut keys = Vec::new();
        let mut others = Vec::new();
        for value in values {
            match value.operand() {
                Compared::Value(value) => keys.push(value),
                Compared::Null => others.push(Condition::IsNull(self.def())),
                Compared::Column(other) => {
                    others.push(Condition::CompareColumns { column: self.def(), how: Comparison::Equal, other });
                }
            }
        }
        others.dedup();
        let keys = Condition::InKeys { columns: vec![self.def()], keys: Arc::new(KeySet::new(1, keys)) };
        Predicate::new(others.into_iter().fold(keys, Condition::or))
    }

    /// The column holds the key of an entity of `group`, whether or not there is a relation that says so. Only a column
    /// that holds a key of that type has this. False for NULL; a limit of the group counts first.
    ///
    /// ```
    #[doc = tracker!()]
    /// let ada = People::all().filter(person::name.eq("Ada"));
    /// let hers = Bugs::all().filter(bug::owner_id.in_keys_of(&ada));
    /// assert_eq!(context.realise(hers.count())?, 2);
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn in_keys_of<T: Entity>(self, group: impl GroupOf<T>) -> Predicate<E>
    where
        F: RefersTo<T::Key>,
    {
        let columns = T::TABLE.key.to_vec();
        self.in_select(group.group(), columns)
    }

    /// The column holds what `column` holds in an entity of `group`: both hold the same type, and either may be an
    /// `Option`. False for NULL, which equals no NULL there; a limit of the group counts first.
    ///
    /// ```
    #[doc = tracker!()]
    /// let started = Bugs::all().filter(bug::title.starts_with("Slow"));
    /// let as_hot = Bugs::all().filter(bug::heat.in_values_of(&started, bug::heat));
    /// assert_eq!(context.realise(as_hot.count())?, 2);
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn in_values_of<T: Entity, G>(self, group: impl GroupOf<T>, column: Column<T, G>) -> Predicate<E>
    where
        G: Field<Base = F::Base>,
    {
        self.in_select(group.group(), vec![column.def()])
    }

    fn in_select<T>(self, group: &Group<T>, columns: Vec<ColumnDef>) -> Predicate<E> {
        let branches = vec![Projection { select: Arc::clone(&group.select), columns }];
        Predicate::new(Condition::InSelect { columns: vec![self.def()], branches })
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
