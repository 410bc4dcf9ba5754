//! Relations between entities, as typed constants ([`Relation`]) and as data ([`RelationDef`]).

use super::condition::Condition;
use super::order::OrderBy;
use super::predicate::Predicate;
use super::refers::{RefersToColumn, RefersToNothing, ToOne};
use super::select::Projection;
use crate::entity::{Column, ColumnDef, Dependent, Many, OnDelete, Reference, Sole, Strategy, Table, Through};
use std::fmt;
use std::marker::PhantomData;

/// A relation, apart from its types: from columns of one table to columns of another, perhaps over a link table. For
/// the engine and for tools.
#[derive(Clone, Copy)]
pub struct RelationDef {
    /// The relation's name.
    pub name: &'static str,
    /// The table it starts from.
    pub from: &'static Table,
    /// The columns of `from` whose values lead on.
    pub local: &'static [ColumnDef],
    /// The table between, for a `many_to_many`.
    pub link: Option<Link>,
    /// The table it leads to.
    pub to: &'static Table,
    /// The columns of `to` that hold those values.
    pub remote: &'static [ColumnDef],
    /// Which of those rows, where not all.
    pub filter: Option<RelationFilter>,
    /// Their order, where it is not by key alone: the first term counts most, the key ends it.
    pub order: &'static [OrderBy],
    /// How it is loaded, unless something nearer says otherwise.
    pub load: Strategy,
}

/// The condition of a relation on the rows that it leads to.
#[derive(Clone, Copy)]
pub struct RelationFilter {
    /// The module that declares it. With the names of entity and relation it tells one condition from another, which
    /// functions do not.
    pub module: &'static str,
    /// Makes the condition; called for each statement.
    pub make: fn() -> Condition,
}

/// The table between the two ends of a `many_to_many`.
#[derive(Debug, Clone, Copy)]
pub struct Link {
    /// The table.
    pub table: &'static Table,
    /// Its columns that hold the key of the near end.
    pub near: &'static [ColumnDef],
    /// Its columns that hold the key of the far end.
    pub far: &'static [ColumnDef],
    /// The order of the links, where it is not by the far end's alone.
    pub order: &'static [OrderBy],
}

impl fmt::Debug for RelationDef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{} to {}", self.from.entity, self.name, self.to.entity)
    }
}

impl RelationDef {
    /// From columns to columns, without anything else said.
    const fn plain(
        name: &'static str,
        from: &'static Table,
        local: &'static [ColumnDef],
        to: &'static Table,
        remote: &'static [ColumnDef],
    ) -> Self {
        Self { name, from, local, link: None, to, remote, filter: None, order: &[], load: Strategy::Keys }
    }

    /// What the rows that it leads to satisfy besides, if it says so.
    #[must_use]
    pub fn condition(&self) -> Option<Condition> {
        self.filter.map(|filter| (filter.make)())
    }

    /// `condition`, which rows of [`to`](Self::to) satisfy, of the rows that hold the parent's key: the same, or of the
    /// links to such rows.
    pub(crate) fn of_keyed(&self, condition: Condition) -> Condition {
        let Some(link) = self.link else { return condition };
        let select = std::sync::Arc::new(super::Select::matching(self.to, condition));
        let branch = Projection { select, columns: self.remote.to_vec() };
        Condition::InSelect { columns: link.far.to_vec(), branches: vec![branch] }
    }
}

/// A relation of entity `E` that leads to `C` (one of [`One`](crate::entity::One), [`Maybe`](crate::entity::Maybe), [`Sole`],
/// [`Many`], [`Through`]) rows of entity `T`.
///
/// `#[derive(Entity)]` makes one constant for each relation that the entity declares: `bug::owner`. Groups have a
/// traversal for each, and the fields of a view hold what they lead to; the constant itself is what
/// [`Group::along`](crate::Group::along) takes, and what groups are filtered through: [`exists`](Self::exists),
/// [`none`](Self::none), [`all`](Self::all).
///
/// ```
#[doc = tracker!()]
/// let owners = Bugs::all().along(bug::owner);                         // the same as `Bugs::all().owners()`
/// assert_eq!(context.realise(owners.count())?, 2);
/// # Ok::<(), persist::Error>(())
/// ```
pub struct Relation<E, C, T> {
    pub(crate) def: RelationDef,
    types: PhantomData<Ends<E, C, T>>,
}

type Ends<E, C, T> = fn() -> (E, C, T);

impl<E, C, T> Clone for Relation<E, C, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E, C, T> Copy for Relation<E, C, T> {}

impl<E, C, T> fmt::Debug for Relation<E, C, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.def.fmt(f)
    }
}

/// The tables come as arguments, without bounds: a type that is no entity is told so once, where it is named.
impl<E, C, T> Relation<E, C, T> {
    /// The relation as data.
    #[must_use]
    pub const fn def(self) -> RelationDef {
        self.def
    }

    /// What the rows that it starts from refer to: a `belongs_to`, apart from its types.
    #[doc(hidden)]
    #[must_use]
    pub const fn reference(self) -> Reference {
        let RelationDef { name, local, to, remote, .. } = self.def;
        Reference { name, local, to, remote }
    }

    const fn dependent(self, on_delete: OnDelete) -> Dependent {
        let RelationDef { name, local, link, to, remote, .. } = self.def;
        let (table, remote) = match link {
            Some(link) => (link.table, link.near),
            None => (to, remote),
        };
        Dependent { name, local, table, remote, on_delete }
    }

    /// The rows that it leads to, or its links, go with the row that they refer to. Emitted by the derive.
    #[doc(hidden)]
    #[must_use]
    pub const fn cascade<X, D>(self, _: Relation<X, D, E>) -> Dependent {
        self.dependent(OnDelete::Cascade)
    }

    /// They keep the row that they refer to. Emitted by the derive.
    #[doc(hidden)]
    #[must_use]
    pub const fn restrict<X, D>(self, _: Relation<X, D, E>) -> Dependent {
        self.dependent(OnDelete::Restrict)
    }

    /// They refer to nothing, as their relation back allows. Emitted by the derive.
    #[doc(hidden)]
    #[must_use]
    pub const fn nullify<X, D: RefersToNothing>(self, _: Relation<X, D, E>) -> Dependent {
        self.dependent(OnDelete::Nullify)
    }

    /// A `belongs_to` over the columns `local`. Emitted by the derive.
    #[doc(hidden)]
    #[must_use]
    pub const fn belongs_to(
        name: &'static str,
        from: &'static Table,
        local: &'static [ColumnDef],
        to: &'static Table,
    ) -> Self {
        Self::new(RelationDef::plain(name, from, local, to, to.key))
    }

    /// A `belongs_to` over one column, `local`, to a column that is not the key. Emitted by the derive.
    #[doc(hidden)]
    #[must_use]
    pub const fn belongs_to_column<F: RefersToColumn<R>, R>(
        name: &'static str,
        from: &'static Table,
        local: Column<E, F>,
        to: &'static Table,
        remote: Column<T, R>,
    ) -> Self {
        let (local, remote) = (from.column(local.def), to.column(remote.def));
        Self::new(RelationDef::plain(name, from, local, to, remote))
    }

    /// The same relation, held otherwise.
    pub(crate) const fn cast<D>(self) -> Relation<E, D, T> {
        Relation::new(self.def)
    }

    const fn new(def: RelationDef) -> Self {
        Self { def, types: PhantomData }
    }

    /// The same, to the rows that satisfy a condition; `module` is where it is declared. Emitted by the derive.
    #[doc(hidden)]
    #[must_use]
    pub const fn filtered(mut self, module: &'static str, make: fn() -> Condition) -> Self {
        self.def.filter = Some(RelationFilter { module, make });
        self
    }

    /// The same, in an order. Emitted by the derive.
    #[doc(hidden)]
    #[must_use]
    pub const fn ordered(mut self, order: &'static [OrderBy]) -> Self {
        self.def.order = order;
        self
    }

    const fn loaded(mut self, load: Strategy) -> Self {
        self.def.load = load;
        self
    }

    /// The same, loaded by keys. Emitted by the derives.
    #[doc(hidden)]
    #[must_use]
    pub const fn by_keys(self) -> Self {
        self.loaded(Strategy::Keys)
    }

    /// The same, loaded with the parent, in one row. Emitted by the derives.
    #[doc(hidden)]
    #[must_use]
    pub const fn by_join(self) -> Self
    where
        C: ToOne,
    {
        self.loaded(Strategy::Join)
    }

    /// The same, loaded by what selects the parents. Emitted by the derives.
    #[doc(hidden)]
    #[must_use]
    pub const fn by_subselect(self) -> Self {
        self.loaded(Strategy::Subselect)
    }

    /// A condition on the rows that it leads to. Emitted by the derive.
    #[doc(hidden)]
    pub fn condition(self, predicate: Predicate<T>) -> Condition {
        predicate.into_condition()
    }

    const fn back(self, name: &'static str) -> RelationDef {
        let RelationDef { from, local, to, remote, .. } = self.def;
        RelationDef::plain(name, to, remote, from, local)
    }
}

impl<E, T> Relation<E, Sole, T> {
    /// The other side of a `belongs_to` that no two rows share. Emitted by the derive.
    #[doc(hidden)]
    #[must_use]
    pub const fn has_one<C>(name: &'static str, inverse: Relation<T, C, E>) -> Self {
        Self::new(inverse.back(name))
    }
}

impl<E, T> Relation<E, Many, T> {
    /// The other side of a `belongs_to`. Emitted by the derive.
    #[doc(hidden)]
    #[must_use]
    pub const fn has_many<C>(name: &'static str, inverse: Relation<T, C, E>) -> Self {
        Self::new(inverse.back(name))
    }
}

impl<E, L, T> Relation<E, Through<L>, T> {
    /// A relation over the two `belongs_to` of a linking entity. Emitted by the derive.
    #[doc(hidden)]
    #[must_use]
    pub const fn many_to_many<C1, C2>(name: &'static str, near: Relation<L, C1, E>, far: Relation<L, C2, T>) -> Self {
        let link = Link { table: near.def.from, near: near.def.local, far: far.def.local, order: &[] };
        let ends = RelationDef::plain(name, near.def.to, near.def.remote, far.def.to, far.def.remote);
        Self::new(RelationDef { link: Some(link), ..ends })
    }

    /// The same, in an order of the links. Emitted by the derive.
    #[doc(hidden)]
    #[must_use]
    pub const fn links_ordered(mut self, order: &'static [OrderBy]) -> Self {
        if let Some(link) = &mut self.def.link {
            link.order = order;
        }
        self
    }
}
