//! Figures: the aggregates of a whole group, or of each of its parts, as requests.

use super::Group;
use super::aggregate::{Extreme, Gives, Mean, Measure, Measured, Number, Total, measures};
use super::relation::Relation;
use super::select::Select;
use super::summable::Summable;
use crate::entity::{Column, ColumnDef, Entity, Field, Key, Maybe, One, Reader, Row, Unfit, Value};
use std::fmt;
use std::hash::Hash;
use std::marker::PhantomData;
use std::sync::Arc;

/// One value made of the rows of a group: a [request](crate::Request), made by [`Group::min`], [`Group::max`],
/// [`Group::sum`] and [`Group::avg`].
#[must_use = "nothing is asked until a context realises it"]
pub struct Figure<K> {
    pub(crate) select: Arc<Select>,
    pub(crate) measure: Measure,
    kind: PhantomData<fn() -> K>,
}

impl<K> Clone for Figure<K> {
    fn clone(&self) -> Self {
        Self { select: Arc::clone(&self.select), measure: self.measure, kind: PhantomData }
    }
}

impl<K> fmt::Debug for Figure<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.measure, self.select)
    }
}

/// A group in parts, made by [`Group::by`]: those rows together that have the same key. Say what of each part.
///
/// ```
#[doc = tracker!()]
/// let bugs = Bugs::all();
/// let (count, hottest) = context.realise((bugs.by(bug::owner).count(), bugs.by(bug::owner).max(bug::heat)))?;
/// assert_eq!((count[&1], count[&2]), (2, 1));
/// assert_eq!(hottest[&1], Some(42));
/// # Ok::<(), persist::Error>(())
/// ```
#[must_use = "say what of each part: `count()`, `min(..)`, `max(..)`, `sum(..)`, `avg(..)`"]
pub struct Parts<E, P> {
    select: Arc<Select>,
    by: Vec<ColumnDef>,
    key: ReadKey<P>,
    entity: PhantomData<fn() -> E>,
}

type ReadKey<P> = fn(&[Value]) -> Result<Option<P>, Unfit>;

/// One value made of each part of a group: a [request](crate::Request) that realises to a `HashMap`, made by the methods
/// of [`Parts`].
#[must_use = "nothing is asked until a context realises it"]
pub struct Figures<P, K> {
    pub(crate) select: Arc<Select>,
    pub(crate) by: Vec<ColumnDef>,
    pub(crate) key: ReadKey<P>,
    pub(crate) measure: Measure,
    kind: PhantomData<fn() -> K>,
}

impl<P, K> Clone for Figures<P, K> {
    fn clone(&self) -> Self {
        let (select, by) = (Arc::clone(&self.select), self.by.clone());
        Self { select, by, key: self.key, measure: self.measure, kind: PhantomData }
    }
}

impl<P, K> fmt::Debug for Figures<P, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} by {} of {}", self.measure, super::names(&self.by), self.select)
    }
}

impl<E: Entity<Group: From<Group<E>>>> Group<E> {
    fn figure<K: Gives>(&self, measured: &Measured<E, K>) -> Figure<K> {
        Figure { select: Arc::clone(self.select()), measure: measured.measure, kind: PhantomData }
    }

    /// The least value of `column` in this group: a request that realises to an `Option`, `None` where there is no value.
    /// NULL is none. Limit and offset are considered, and text goes by code point unless the entity's
    /// [collation](crate::Collation) is native. No row is loaded for it.
    ///
    /// ```
    #[doc = tracker!()]
    /// assert_eq!(context.realise(Bugs::all().min(bug::heat))?, Some(3));
    /// assert_eq!(context.realise(Bugs::all().limit(1).min(bug::heat))?, Some(42));
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn min<F: Field>(&self, column: Column<E, F>) -> Figure<Extreme<F::Base>> {
        self.figure(&measures::min(column))
    }

    /// The greatest value of `column`, otherwise as [`min`](Self::min).
    ///
    /// ```
    #[doc = tracker!()]
    /// let bugs = Bugs::all();
    /// assert_eq!(context.realise((bugs.max(bug::title), bugs.max(bug::assignee_id)))?, (Some("Typo in help".into()), Some(2)));
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn max<F: Field>(&self, column: Column<E, F>) -> Figure<Extreme<F::Base>> {
        self.figure(&measures::max(column))
    }

    /// The sum of `column` in this group: a request that realises to an `i64` for integers, an `f64` for floats, a
    /// `Decimal` for decimals (see [`Summable`]). Without a value it is 0, and NULL is none. Limit and offset are
    /// considered. No row is loaded for it.
    ///
    /// A sum of integers that does not fit an `i64` is an error of the realise, [`Unfit::Overflow`].
    ///
    /// ```
    #[doc = tracker!()]
    /// assert_eq!(context.realise(Bugs::all().sum(bug::heat))?, 87);
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn sum<F: Field<Base: Summable>>(&self, column: Column<E, F>) -> Figure<Total<<F::Base as Summable>::Sum>> {
        self.figure(&measures::sum(column))
    }

    /// The mean of `column` in this group: a request that realises to an `Option<f64>`, for decimals to an
    /// `Option<Decimal>`; `None` where there is no value, and NULL is none. Limit and offset are considered. It is the sum
    /// divided by the number of values, outside of the store. No row is loaded for it.
    ///
    /// ```
    #[doc = tracker!()]
    /// assert_eq!(context.realise(Bugs::all().avg(bug::heat))?, Some(29.0));
    /// assert_eq!(context.realise(Bugs::from_keys([]).avg(bug::heat))?, None);
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn avg<F: Field<Base: Summable>>(&self, column: Column<E, F>) -> Figure<Mean<<F::Base as Summable>::Mean>> {
        self.figure(&measures::avg(column))
    }

    /// This group in parts: by a `belongs_to` relation, where the key is the other entity's, or by a column, where it is
    /// the column's value. What comes of it is a `HashMap` with an entry for each part that has rows; limit and offset
    /// are considered, of the whole group.
    ///
    /// Rows whose reference is NULL are in no part; rows whose column is NULL are in the part of `None`. An example is at
    /// [`Parts`].
    pub fn by<P: PartBy<E>>(&self, part: P) -> Parts<E, P::Key> {
        Parts { select: Arc::clone(self.select()), by: part.columns(), key: P::key, entity: PhantomData }
    }
}

impl<E, P> Parts<E, P> {
    fn figures<K: Gives>(self, measured: &Measured<E, K>) -> Figures<P, K> {
        let Self { select, by, key, .. } = self;
        Figures { select, by, key, measure: measured.measure, kind: PhantomData }
    }

    /// How many rows each part has, a `u64`. A part without rows is not in the map.
    pub fn count(self) -> Figures<P, Number> {
        self.figures(&measures::count())
    }

    /// The least value of each part, as [`Group::min`].
    pub fn min<F: Field>(self, column: Column<E, F>) -> Figures<P, Extreme<F::Base>> {
        self.figures(&measures::min(column))
    }

    /// The greatest value of each part, as [`Group::max`].
    pub fn max<F: Field>(self, column: Column<E, F>) -> Figures<P, Extreme<F::Base>> {
        self.figures(&measures::max(column))
    }

    /// The sum of each part, as [`Group::sum`].
    pub fn sum<F: Field<Base: Summable>>(self, column: Column<E, F>) -> Figures<P, Total<<F::Base as Summable>::Sum>> {
        self.figures(&measures::sum(column))
    }

    /// The mean of each part, as [`Group::avg`].
    pub fn avg<F: Field<Base: Summable>>(self, column: Column<E, F>) -> Figures<P, Mean<<F::Base as Summable>::Mean>> {
        self.figures(&measures::avg(column))
    }
}

/// What divides a group of `E` into parts: a `belongs_to` relation of `E`, or one of its columns. See [`Group::by`].
#[diagnostic::on_unimplemented(
    message = "a group of `{E}` cannot be divided by this",
    label = "neither a column of `{E}` nor a `belongs_to` of it",
    note = "a column whose field is `Hash` and `Eq`, or a `belongs_to` to an entity whose key is"
)]
pub trait PartBy<E> {
    /// What tells the parts from one another.
    type Key: Hash + Eq;

    /// The columns that hold it.
    #[doc(hidden)]
    fn columns(&self) -> Vec<ColumnDef>;

    /// Reads the key of a part; none for a reference that is NULL.
    ///
    /// # Errors
    /// When the values are not those of such a key.
    #[doc(hidden)]
    fn key(parts: &[Value]) -> Result<Option<Self::Key>, Unfit>;
}

impl<E, F: Field + Hash + Eq> PartBy<E> for Column<E, F> {
    type Key = F;

    fn columns(&self) -> Vec<ColumnDef> {
        vec![self.def()]
    }

    fn key(parts: &[Value]) -> Result<Option<F>, Unfit> {
        F::read_at(Row::new(&[], &parts), 0).map(Some)
    }
}

/// The key of these parts.
pub(crate) fn key_of<K: Key>(parts: &[Value]) -> Result<K, Unfit> {
    let places: Vec<u16> = (0..parts.len() as u16).collect();
    K::read_from(&mut Reader::new(&parts, &places)).map_err(|error| error.0.1)
}

fn referred<K: Key>(parts: &[Value]) -> Result<Option<K>, Unfit> {
    // A reference is NULL where one of its columns is.
    if parts.iter().any(Value::is_null) { Ok(None) } else { key_of(parts).map(Some) }
}

macro_rules! references {
    ($($cardinality:ty)*) => {$(
        impl<E, T: Entity<Key: Hash + Eq>> PartBy<E> for Relation<E, $cardinality, T> {
            type Key = T::Key;

            fn columns(&self) -> Vec<ColumnDef> {
                self.def().local.to_vec()
            }

            fn key(parts: &[Value]) -> Result<Option<T::Key>, Unfit> {
                referred(parts)
            }
        }
    )*};
}

references! { One Maybe }
