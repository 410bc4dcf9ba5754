//! Groups: typed sets of entities, built from one another and never from SQL.
//!
//! A group is a description. It holds no row, touches no store, and cannot be iterated; a context realises it.

mod condition;
mod predicate;
mod select;

pub(crate) use condition::names;
pub use condition::{Comparison, Condition, KeySet, TextTest};
pub use predicate::{IntoOrder, Nullable, Operand, Order, Predicate};
pub(crate) use select::order_text;
pub use select::{OrderBy, Projection, Select};

use crate::entity::{Entity, Key, Relation};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// A set of entities `E`, not yet loaded: what every generated group (`Bugs` for `Bug`) stands on.
///
/// The methods that narrow or order a group give the generated type back, so that the methods you write on `Bugs` are
/// there after each step. Cloning copies a pointer.
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

impl<E: Entity<Group: From<Group<E>>>> Group<E> {
    fn make(select: Select) -> E::Group {
        Self { select: Arc::new(select), entity: PhantomData }.into()
    }

    /// The rows that this group stands for, as data.
    #[must_use]
    pub const fn select(&self) -> &Arc<Select> {
        &self.select
    }

    /// Every `E` there is.
    pub fn all() -> E::Group {
        Self::make(Select::all(E::TABLE))
    }

    /// Those with one of these keys; a key that is not stored adds nothing.
    pub fn from_keys(keys: impl IntoIterator<Item = E::Key>) -> E::Group {
        let mut values = Vec::new();
        for key in keys {
            key.push_values(&mut values);
        }
        let columns = E::TABLE.key.to_vec();
        let keys = Arc::new(KeySet::new(columns.len(), values));
        Self::make(Select::matching(E::TABLE, Condition::InKeys { columns, keys }))
    }

    /// A group of what is in hand: the stored rows with the keys of these values.
    pub fn of<'e>(entities: impl IntoIterator<Item = &'e E>) -> E::Group {
        Self::from_keys(entities.into_iter().map(Entity::key))
    }

    /// Those that also satisfy `predicate`.
    pub fn filter(&self, predicate: Predicate<E>) -> E::Group {
        let mut select = self.select.open();
        select.narrow(predicate.condition);
        Self::make(select)
    }

    /// The same set in this order instead of the one it has; the key breaks ties.
    ///
    /// A group without an order comes by key.
    pub fn order_by(&self, order: impl IntoOrder<E>) -> E::Group {
        let mut select = self.select.open();
        select.order = order.into_order();
        Self::make(select)
    }

    /// At most `most` of them, in the group's order; `None` is no limit. A limit only narrows: of two, the smaller
    /// counts.
    pub fn limit(&self, most: impl Into<Option<u64>>) -> E::Group {
        let mut select = (*self.select).clone();
        select.limit = match (select.limit, most.into()) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        };
        Self::make(select)
    }

    /// Without the first `skip` of them. With a limit, whichever is said first: skip so many, then take so many.
    pub fn offset(&self, skip: u64) -> E::Group {
        let mut select = (*self.select).clone();
        select.offset = skip;
        Self::make(select)
    }

    /// Those that are in this group, in `other`, or in both; each once, by key. A union has no order of its own: say
    /// [`order_by`](Self::order_by) after it.
    pub fn union(&self, other: &Self) -> E::Group {
        Self::make(self.select.union(&other.select))
    }

    /// What `relation` leads to from this group; each once, by key.
    ///
    /// The derive writes a method for each relation: `bugs.comments()` for `bugs.along(bug::comments)`.
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

    /// How many there are: a request that realises to a `u64`.
    pub fn count(&self) -> Count {
        Count { select: Arc::clone(&self.select) }
    }

    /// Whether there is any: a request that realises to a `bool`.
    pub fn exists(&self) -> Exists {
        Exists { select: Arc::clone(&self.select) }
    }
}

/// "How many?" See [`Group::count`].
#[derive(Debug, Clone)]
#[must_use = "nothing is counted until a context realises it"]
pub struct Count {
    pub(crate) select: Arc<Select>,
}

/// "Is there any?" See [`Group::exists`].
#[derive(Debug, Clone)]
#[must_use = "nothing is looked up until a context realises it"]
pub struct Exists {
    pub(crate) select: Arc<Select>,
}

/// The state of a group that has been realised. No group ever is: rows are plain structs in a `Vec`.
#[diagnostic::on_unimplemented(
    message = "a group holds no rows, so it cannot be iterated",
    label = "this is a description of a set, not its rows",
    note = "realise it first: `context.realise(group.view::<SomeView>())?` gives a `Vec` of plain structs"
)]
pub trait Realised {}

/// The state of every group: nothing is loaded yet.
#[derive(Debug, Clone, Copy)]
pub enum Unrealised {}

/// The other side of `|`: a group of the same entity.
#[diagnostic::on_unimplemented(
    message = "a union needs two groups of the same entity, and `{Self}` is not a group of `{E}`",
    label = "a group of something else",
    note = "realise both in one call instead: `context.realise((a.view::<A>(), b.view::<B>()))`"
)]
pub trait GroupOf<E> {
    /// The group.
    fn group(&self) -> &Group<E>;
}
