//! Mixed groups: entities of several kinds as one set, which an enum of views stands for.

use super::condition::{Comparison, Condition};
use super::mixed_table::{cells, local};
use super::order::IntoOrder;
use super::predicate::Predicate;
use super::select::{Projection, Select};
use super::union::{Branch, BranchCell, Union};
use super::{Count, Exists, Group, GroupOf};
use crate::entity::{CellError, Column, ColumnDef, Entity, Field, Key, Out, Reader, Table, Value};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// An enum whose variants are views of different entities; implemented by [`#[derive(View)]`](derive@crate::View).
pub trait Kinds: Sized + Send + Sync + 'static {
    /// The type whose associated constants are the common columns: `pillar` for `Pillar`.
    type Cols: Entity;
    /// The typed group: `Pillars` for `Pillar`.
    type Group: From<Mixed<Self>>;
    /// The kinds, in the order of the variants.
    #[doc(hidden)]
    const KINDS: &'static [Kind];
}

/// One kind of a mixed group. Emitted by the derive.
#[doc(hidden)]
#[derive(Debug)]
pub struct Kind {
    /// The table of its entity.
    pub table: &'static Table,
    /// Its columns that stand for the common ones, in their order.
    pub common: &'static [ColumnDef],
}

/// A set of entities of several kinds, not yet loaded: what the group of an enum (`Pillars` for `Pillar`) stands on.
///
/// It is made of one group for each kind, is filtered and ordered by the common columns of the enum, cut as a whole, and
/// realised to a `Vec` of the enum. Without an order it comes kind by kind, in the order of the variants, each by key;
/// with one, that breaks ties.
///
/// The order and the limit are the store's work: one statement finds which rows come in which order, then one for each
/// kind loads those of it, together with whatever else is loaded by key of its entity. How many these are is
/// [`View::STATEMENTS`](crate::View::STATEMENTS) of the enum, as of any view.
///
/// ```
#[doc = tracker!()]
/// #[derive(Debug, View)]
/// #[view(common(name: String))]
/// pub enum Thing {
///     Person(Person),
///     #[view(common(name = title))]
///     Bug(Bug),
/// }
/// const { assert!(Thing::STATEMENTS == 3) };                          // which, then people, then bugs
///
/// let found = Things::all().filter(thing::name.contains("r")).order_by(thing::name.asc()).limit(2);
/// let things = context.realise(&found)?;
/// assert!(matches!(&things[..], [Thing::Bug(bug), Thing::Person(person)] if bug.id == 7 && person.id == 2));
/// assert_eq!(context.realise(found.only_bug().owners())?[0].name, "Ada");
/// # Ok::<(), persist::Error>(())
/// ```
#[must_use = "a group loads nothing until a context realises it"]
pub struct Mixed<M> {
    select: Arc<Select>,
    of: PhantomData<fn() -> M>,
}

impl<M> Clone for Mixed<M> {
    fn clone(&self) -> Self {
        Self { select: Arc::clone(&self.select), of: PhantomData }
    }
}

impl<M> fmt::Debug for Mixed<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mixed({})", self.select)
    }
}

impl<M> fmt::Display for Mixed<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.select.fmt(f)
    }
}

impl<M: Kinds> Mixed<M> {
    const TABLE: &'static Table = <M::Cols as Entity>::TABLE;

    /// One branch for each kind. Emitted by the derive.
    #[doc(hidden)]
    pub fn of(selects: impl IntoIterator<Item = Arc<Select>>) -> Self {
        let branches = selects.into_iter().zip(M::KINDS).enumerate();
        let branches = branches.map(|(kind, (select, _))| Branch { select, cells: cells::<M>(kind) }).collect();
        let mut select = Select::all(Self::TABLE);
        select.union = Some(Arc::new(Union { branches }));
        Self { select: Arc::new(select), of: PhantomData }
    }

    fn make(select: Select) -> M::Group {
        Self { select: Arc::new(select), of: PhantomData }.into()
    }

    /// The rows that this group stands for, as data: for a store or a test to look at.
    #[must_use]
    pub const fn select(&self) -> &Arc<Select> {
        &self.select
    }

    /// The same rows, open to further conditions: a cut selection becomes the one branch of another.
    fn open(&self) -> Select {
        if !self.select.is_cut() {
            return (*self.select).clone();
        }
        let cells = Self::TABLE.columns.iter().map(|column| BranchCell::Column(*column)).collect();
        let mut open = Select::all(Self::TABLE);
        open.order.clone_from(&self.select.order);
        open.union = Some(Arc::new(Union { branches: vec![Branch { select: Arc::clone(&self.select), cells }] }));
        open
    }

    /// Those that also satisfy `predicate`, which is one of the common columns; filters add up. The order stays.
    ///
    /// As with groups of one kind, a limit that was set before counts first. An example is at [`Mixed`].
    pub fn filter(&self, predicate: Predicate<M::Cols>) -> M::Group {
        let mut select = self.open();
        match select.union.as_mut().map(Arc::make_mut) {
            // Each kind is narrowed by its own column, which its indexes serve.
            Some(union) if union.branches.iter().all(|branch| branch.select.union.is_none()) => {
                for branch in &mut union.branches {
                    branch.narrow(Self::TABLE.columns, &predicate.condition);
                }
            }
            _ => select.narrow(predicate.condition),
        }
        Self::make(select)
    }

    /// The same set in this order instead of the one it has: one order by a common column, a tuple, or a `Vec`. Then by
    /// kind, then by key. An example is at [`Mixed`].
    ///
    /// Text goes by code point, also where the collation of an entity is native.
    pub fn order_by(&self, order: impl IntoOrder<M::Cols>) -> M::Group {
        let mut select = self.open();
        select.order = order.into_order();
        Self::make(select)
    }

    /// At most `most` of them, of all kinds together, in the group's order; `None` is no limit. Of two limits the
    /// smaller counts. An example is at [`Mixed`].
    pub fn limit(&self, most: impl Into<Option<u64>>) -> M::Group {
        Self::make(self.select.limited(most.into()))
    }

    /// Without the first `skip` of them, counted over all kinds. With a limit, whichever is said first: skip so many,
    /// then take so many.
    ///
    /// ```
    #[doc = tracker!()]
    /// # #[derive(Debug, View)]
    /// # #[view(common(name: String))]
    /// # pub enum Thing {
    /// #     Person(Person),
    /// #     #[view(common(name = title))]
    /// #     Bug(Bug),
    /// # }
    /// let second = context.realise(Things::all().order_by(thing::name.asc()).limit(2).offset(2))?;
    /// assert!(matches!(&second[..], [Thing::Person(grace), Thing::Bug(slow)] if grace.id == 2 && slow.id == 9));
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn offset(&self, skip: u64) -> M::Group {
        let mut select = (*self.select).clone();
        select.offset = skip;
        Self::make(select)
    }

    /// How many there are, of all kinds, limit and offset considered: a request that realises to a `u64`, by one
    /// statement.
    ///
    /// ```
    #[doc = tracker!()]
    /// # #[derive(Debug, View)]
    /// # #[view(common(name: String))]
    /// # pub enum Thing {
    /// #     Person(Person),
    /// #     #[view(common(name = title))]
    /// #     Bug(Bug),
    /// # }
    /// assert_eq!(context.realise((Things::all().count(), Things::all().limit(4).exists()))?, (5, true));
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn count(&self) -> Count {
        Count { select: Arc::clone(&self.select) }
    }

    /// Whether there is any, of whatever kind: a request that realises to a `bool`, by one statement. An example is at
    /// [`count`](Self::count).
    pub fn exists(&self) -> Exists {
        Exists { select: Arc::clone(&self.select) }
    }

    /// Those of one kind, as a group of its entity. For generated code.
    #[doc(hidden)]
    pub fn only<E: Entity<Group: From<Group<E>>>>(&self, kind: usize) -> E::Group {
        let branches = self.select.union.as_ref().map_or(&[][..], |union| &union.branches);
        if let (false, None, Some(branch)) = (self.select.is_cut(), &self.select.filter, branches.get(kind))
            && branch.select.union.is_none()
        {
            return Group::<E>::make((*branch.select).clone());
        }
        let mut select = self.open();
        let this = i64::try_from(kind).unwrap_or(i64::MAX);
        if let Some(column) = Self::TABLE.columns.first() {
            let (how, value) = (Comparison::Equal, Value::Int(this));
            select.narrow(Condition::Compare { column: *column, how, value });
        }
        let columns = local(Self::TABLE, M::KINDS, kind).to_vec();
        let branches = vec![Projection { select: Arc::new(select), columns }];
        Group::<E>::make(Select::matching(E::TABLE, Condition::InSelect { columns: E::TABLE.key.to_vec(), branches }))
    }
}

/// The rows of a group of one kind. Emitted by the derive.
#[doc(hidden)]
pub fn select_of<E>(group: &impl GroupOfKind<E>) -> Arc<Select> {
    Arc::clone(&group.rows().select)
}

/// What a mixed group is made of, for the kind of entity `E`: a group of `E`, by value or by reference.
#[diagnostic::on_unimplemented(
    message = "this kind is a group of `{E}`, and `{Self}` is none",
    label = "not a group of `{E}`",
    note = "a mixed group is made of one group for each variant, in their order"
)]
pub trait GroupOfKind<E> {
    /// The group.
    #[doc(hidden)]
    fn rows(&self) -> &Group<E>;
}

#[diagnostic::do_not_recommend]
impl<E, G: GroupOf<E>> GroupOfKind<E> for G {
    fn rows(&self) -> &Group<E> {
        self.group()
    }
}

/// A column whose field is a `Self` can stand for a common column of type `T`: one of the same type, or one that is never
/// NULL where `T` is an `Option` of it.
#[diagnostic::on_unimplemented(
    message = "a column of type `{Self}` cannot stand for a common column of type `{T}`",
    label = "the column of this kind has another type",
    note = "a common column has the same type in every kind; it is an `Option` if it is one in some kind"
)]
pub trait CommonAs<T> {}

impl<T: Field> CommonAs<T> for T {}
impl<T: crate::entity::Scalar> CommonAs<Option<T>> for T {}

impl<E, F> Column<E, F> {
    /// This column as one of all kinds. Emitted by the derive.
    #[doc(hidden)]
    #[must_use]
    pub const fn as_common<T>(self) -> ColumnDef
    where
        F: CommonAs<T>,
    {
        self.def
    }
}

/// The key of what has none of its own: a row of a mixed group.
#[doc(hidden)]
#[derive(Debug, Clone)]
pub enum NoKey {}

impl Key for NoKey {
    fn push_values(&self, _: &mut Vec<Value>) {
        match *self {}
    }

    fn show_parts(&self, _: &mut Out<'_>) {
        match *self {}
    }

    fn read_from(_: &mut Reader<'_>) -> Result<Self, CellError> {
        Err(CellError::short(0))
    }
}
