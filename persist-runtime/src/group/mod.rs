//! Groups: typed sets of entities, built from one another and never from SQL.
//!
//! A [`Group`] is a description. It holds no row, touches no store, and cannot be iterated; a
//! [context](crate::Context::realise) realises it. Its neutral form is a [`Select`] with a [`Condition`], which is what
//! stores read. Nothing here may look at a row.
//!
//! Groups are those of Launchpad's "persistence layer" proposal (2010), which was not built. Predicates that are true
//! or false and never unknown, and traversals as semi-joins, are the relational algebra's; SQL has neither by itself.

mod aggregate;
mod compare;
mod condition;
mod cursor;
#[cfg(feature = "chrono")]
mod dates;
mod figure;
mod given;
#[cfg(feature = "json")]
mod json;
mod keys;
mod keyset;
mod mixed;
mod mixed_table;
mod operand;
mod order;
mod per;
mod predicate;
mod reach;
mod refers;
mod relation;
mod scope;
mod seal;
mod select;
mod summable;
mod text;
mod through;
mod union;
mod values;

pub use aggregate::{Aggregate, Existence, Extreme, Gives, How, Mean, Measure, Measured, Number, Total, measures};
pub use compare::Nullable;
pub(crate) use condition::names;
pub use condition::{Case, Comparison, Condition, TextTest};
pub use cursor::{Cursor, CursorError, IntoCursor};
pub(crate) use cursor::{Place, Prints};
#[cfg(feature = "chrono")]
pub use dates::Calendar;
pub(crate) use figure::key_of;
pub use figure::{Figure, Figures, PartBy, Parts};
pub use given::{Count, Exists, GroupOf, Realised, Unrealised};
#[cfg(feature = "json")]
pub use json::{Document, JsonPlace, JsonStep, JsonTest};
pub use keys::KeySet;
pub use keyset::Beyond;
pub(crate) use keyset::Start;
pub use mixed::{CommonAs, GroupOfKind, Kinds, Mixed};
#[doc(hidden)]
pub use mixed::{Kind, NoKey, select_of};
#[doc(hidden)]
pub use mixed_table::{local, mixed_columns, mixed_table, mixed_width};
pub use operand::{Compared, Operand};
pub(crate) use order::order_text;
pub use order::{By, IntoOrder, Order, OrderBy, Rank, ToOne, counted, related};
pub use per::PerValue;
pub use predicate::Predicate;
pub use reach::{OntoItself, Onward, Reached};
pub use refers::{RefersTo, RefersToColumn};
pub use relation::{Link, Relation, RelationDef, RelationFilter};
pub(crate) use scope::Narrowing;
pub use scope::{ScopeOf, Scopes};
pub use seal::CursorKey;
pub use select::{Per, Projection, Seen, Select};
pub use summable::Summable;
pub use union::{Branch, BranchCell, Union};
pub use values::Values;

use crate::entity::{Entity, Key};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// A set of entities `E`, not yet loaded: what every generated group (`Bugs` for `Bug`) stands on.
///
/// The methods that narrow or order a group give the generated type back, so that the methods you write on `Bugs` are
/// there after each step. They take `&self`: a group is a value to build others from, and cloning it copies a pointer.
///
/// It is a set: no entity is in it twice, however it was built. Its order matters where its rows are loaded or cut.
///
/// ```
#[doc = tracker!()]
/// impl Bugs {
///     pub fn hot(&self, most: u64) -> Bugs {
///         self.order_by(bug::heat.desc()).limit(most)
///     }
/// }
/// let hot = People::from_keys([1]).bugs().hot(1);                     // nothing is sent
/// let bugs = context.realise(&hot)?;                                  // whole entities
/// assert_eq!((bugs.len(), bugs[0].id), (1, 7));
/// # Ok::<(), persist::Error>(())
/// ```
///
/// A group is realised by itself (`hot`, `&hot`) to a `Vec` of entities, with a [`view`](Self::view) to a `Vec` of
/// that, or to its [`count`](Self::count) or [`exists`](Self::exists). It has no rows of its own, and to iterate it is
/// a compile error:
///
/// ```compile_fail
#[doc = tracker!()]
/// for bug in Bugs::all() {}                                           // "a group holds no rows"
/// ```
#[must_use = "a group loads nothing until a context realises it"]
pub struct Group<E> {
    select: Arc<Select>,
    entity: PhantomData<fn() -> E>,
}

impl<E> Clone for Group<E> {
    fn clone(&self) -> Self {
        Self { select: Arc::clone(&self.select), entity: PhantomData }
    }
}

impl<E> fmt::Debug for Group<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Group({})", self.select)
    }
}

impl<E> fmt::Display for Group<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.select.fmt(f)
    }
}

impl<E> Group<E> {
    /// [`select`](Self::select), for whoever knows nothing of `E`.
    pub(crate) const fn as_select(&self) -> &Arc<Select> {
        &self.select
    }
}

impl<E: Entity<Group: From<Group<E>>>> Group<E> {
    fn make(select: Select) -> E::Group {
        Self { select: Arc::new(select), entity: PhantomData }.into()
    }

    /// The rows that this group stands for, as data: for a store or a test to look at.
    #[must_use]
    pub const fn select(&self) -> &Arc<Select> {
        &self.select
    }

    /// Every `E` there is, ordered by key.
    ///
    /// ```
    #[doc = tracker!()]
    /// assert_eq!(context.realise(Bugs::all())?.len(), 3);
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn all() -> E::Group {
        Self::make(Select::all(E::TABLE))
    }

    /// Those with one of these keys. A key that is not stored adds nothing, a key given twice adds one; the keys' order
    /// is not kept.
    ///
    /// However many keys there are, the statement's text stays the same. Without any, nothing is sent.
    ///
    /// ```
    #[doc = tracker!()]
    /// let bugs = context.realise(Bugs::from_keys([9, 7, 9, 1000]))?;
    /// assert_eq!(bugs.iter().map(|bug| bug.id).collect::<Vec<_>>(), [7, 9]);
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn from_keys(keys: impl IntoIterator<Item = E::Key>) -> E::Group {
        let mut values = Vec::new();
        for key in keys {
            key.push_values(&mut values);
        }
        let columns = E::TABLE.key.to_vec();
        let keys = Arc::new(KeySet::new(columns.len(), values));
        Self::make(Select::matching(E::TABLE, Condition::InKeys { columns, keys }))
    }

    /// A group of what is in hand: the stored rows with the keys of these values. Only the keys count; the other fields
    /// are what the store has.
    ///
    /// ```
    #[doc = tracker!()]
    /// let bugs = context.realise(Bugs::all().filter(bug::heat.gt(10)))?;
    /// assert_eq!(context.realise(Bugs::of(&bugs).assignees().count())?, 1);
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn of<'e>(entities: impl IntoIterator<Item = &'e E>) -> E::Group {
        Self::from_keys(entities.into_iter().map(Entity::key))
    }

    /// Those that also satisfy `predicate`; filters add up. The order stays.
    ///
    /// A limit that was set before counts first: `bugs.limit(20).filter(p)` are those of the twenty that satisfy `p`,
    /// `bugs.filter(p).limit(20)` are twenty that do.
    ///
    /// ```
    #[doc = tracker!()]
    /// let hottest = Bugs::all().order_by(bug::heat.desc()).limit(1);
    /// let open = bug::assignee_id.is_null();
    /// assert_eq!(context.realise(hottest.filter(open.clone()).count())?, 0);  // the hottest is Grace's
    /// assert_eq!(context.realise(Bugs::all().filter(open).limit(1).count())?, 1);
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn filter(&self, predicate: Predicate<E>) -> E::Group {
        let mut select = self.select.open();
        select.narrow(predicate.condition);
        Self::make(select)
    }

    /// The same set in this order instead of the one it has: one order, a tuple of up to four of which the first counts
    /// most, or a `Vec` of any number. The key breaks ties, so that every order is total.
    ///
    /// A group without an order comes by key. After a limit, the order is that of the rows that were left.
    ///
    /// ```
    #[doc = tracker!()]
    /// let bugs = context.realise(Bugs::all().order_by((bug::heat.desc(), bug::title.desc())))?;
    /// assert_eq!(bugs.iter().map(|bug| bug.id).collect::<Vec<_>>(), [9, 7, 8]);
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn order_by(&self, order: impl IntoOrder<E>) -> E::Group {
        let mut select = self.select.open();
        select.order = order.into_order();
        select.seen.clear();
        Self::make(select)
    }

    /// At most `most` of them, in the group's order; `None` is no limit. A limit only narrows: of two, the smaller
    /// counts.
    ///
    /// ```
    #[doc = tracker!()]
    /// let shown: Option<u64> = None;                                      // "show all"
    /// let bugs = Bugs::all();
    /// let counts = (bugs.limit(2).count(), bugs.limit(2).limit(9).count(), bugs.limit(shown).count());
    /// assert_eq!(context.realise(counts)?, (2, 2, 3));
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn limit(&self, most: impl Into<Option<u64>>) -> E::Group {
        Self::make(self.select.limited(most.into()))
    }

    /// Without the first `skip` of them. With a limit, whichever is said first: skip so many, then take so many. A
    /// second offset takes the place of the first; they do not add up.
    ///
    /// ```
    #[doc = tracker!()]
    /// let second = context.realise(Bugs::all().limit(1).offset(1))?;
    /// assert_eq!(second[0].id, 8);
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn offset(&self, skip: u64) -> E::Group {
        let mut select = (*self.select).clone();
        select.offset = skip;
        Self::make(select)
    }

    /// Those that are in this group, in `other`, or in both; each once. `a | b` is the same.
    ///
    /// A union comes by key and has no order of its own: say [`order_by`](Self::order_by) after it. Limits of either
    /// side count first, within that side.
    ///
    /// ```
    #[doc = tracker!()]
    /// let concerned = Bugs::all().owners() | Bugs::all().assignees();     // Grace is in both
    /// assert_eq!(context.realise(concerned.count())?, 2);
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn union(&self, other: &Self) -> E::Group {
        Self::make(self.select.union(&other.select))
    }

    /// Those that are in this group and in `other`, in the order of this one. `a & b` is the same.
    ///
    /// Limits of either side count first, within that side.
    ///
    /// ```
    #[doc = tracker!()]
    /// let both = Bugs::all().owners() & Bugs::all().assignees();          // Grace
    /// assert_eq!(context.realise(both.count())?, 1);
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn intersection(&self, other: &Self) -> E::Group {
        Self::make(self.select.among(&other.select, true))
    }

    /// Those of this group that are not in `other`, in the order of this one. `a - b` is the same.
    ///
    /// Limits of either side count first, within that side: `bugs - bugs.limit(3)` are all but the first three.
    ///
    /// ```
    #[doc = tracker!()]
    /// let only_owners = Bugs::all().owners() - Bugs::all().assignees();   // Ada
    /// assert_eq!(context.realise(only_owners)?[0].name, "Ada");
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn difference(&self, other: &Self) -> E::Group {
        Self::make(self.select.among(&other.select, false))
    }

    /// What `relation` leads to from this group; each once, by key, or in the relation's own order where it has one. A
    /// reference that is NULL leads nowhere; of a relation with a condition, only the rows that satisfy it are led to.
    ///
    /// The derive writes a method for each relation: `bugs.owners()` for `bugs.along(bug::owner)`. It is a semi-join
    /// (`id IN (SELECT owner_id ..)`): rows do not repeat, and an order of this group matters only together with its
    /// limit.
    ///
    /// ```
    #[doc = tracker!()]
    /// let assignees = context.realise(Bugs::all().along(bug::assignee))?;
    /// assert_eq!(assignees.len(), 1);
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn along<C, T>(&self, relation: Relation<E, C, T>) -> T::Group
    where
        T: Entity<Group: From<Group<T>>>,
    {
        Group::<T>::make(self.select.along(&relation.def()))
    }

    /// [`along`](Self::along), for generated code: `G` is the group of `T`.
    #[doc(hidden)]
    pub fn lead<C, T, G: From<Group<T>>>(&self, relation: Relation<E, C, T>) -> G {
        Group { select: Arc::new(self.select.along(&relation.def())), entity: PhantomData }.into()
    }

    /// How many there are, limit and offset considered: a request that realises to a `u64`. No row is loaded for it.
    ///
    /// ```
    #[doc = tracker!()]
    /// assert_eq!(context.realise(Bugs::all().filter(bug::heat.eq(42)).count())?, 2);
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn count(&self) -> Count {
        Count { select: Arc::clone(&self.select) }
    }

    /// Whether there is any: a request that realises to a `bool`. No row is loaded for it.
    ///
    /// ```
    #[doc = tracker!()]
    /// assert!(!context.realise(Bugs::all().filter(bug::heat.gt(1000)).exists())?);
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn exists(&self) -> Exists {
        Exists { select: Arc::clone(&self.select) }
    }
}
