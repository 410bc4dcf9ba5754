//! Relations as the fields of a view: which of the rows, in what order, how many, by what key.

use super::containers::Holds;
use super::field::ViewField;
use super::node::{Edge, FieldMeta, Load, MAX_ORDER};
use super::rows::{Missing, Supplies};
use super::upkeep::{Orphans, Putting, Upkeep};
use crate::entity::{By, CellError, Column, ColumnDef, Entity, Many, Reader, Scalar, Sole, Through, Valued};
use crate::group::{Condition, Order, OrderBy, Relation};
use std::marker::PhantomData;

/// A relation with its rows chosen. Made by the derive.
#[doc(hidden)]
pub struct Edges<E, C, T> {
    relation: Relation<E, C, T>,
    order: [Option<OrderBy>; MAX_ORDER],
    link_order: [Option<OrderBy>; MAX_ORDER],
    limit: Option<u32>,
    filter: Option<EdgeFilter>,
    by: &'static [ColumnDef],
    value: &'static [ColumnDef],
    upkeep: Upkeep,
}

/// The condition of a view's field on the rows that its relation leads to.
#[derive(Clone, Copy)]
pub struct EdgeFilter {
    /// The view that says it, as its place in the program. With its words it tells one condition from another, which
    /// functions do not.
    pub place: &'static str,
    /// The condition, as it is written.
    pub words: &'static str,
    /// Makes it; called for each statement.
    pub make: fn() -> Condition,
}

pub(super) fn nothing(_: &mut Reader<'_>) -> Result<(), CellError> {
    Ok(())
}

fn held<C, T: Entity, F: Holds<C, T>>((): (), supplies: &mut Supplies) -> Result<F, Missing> {
    F::take(supplies)
}

const fn terms<T, const N: usize>(order: [Order<T>; N]) -> [Option<OrderBy>; MAX_ORDER] {
    let mut terms: [Option<OrderBy>; MAX_ORDER] = [None; MAX_ORDER];
    let mut term = 0;
    while term < N {
        terms[term] = Some(order[term].by);
        term += 1;
    }
    terms
}

/// An order of the view's, or else the relation's own.
const fn or_own(terms: [Option<OrderBy>; MAX_ORDER], own: &'static [OrderBy]) -> [Option<OrderBy>; MAX_ORDER] {
    if terms[0].is_some() {
        return terms;
    }
    let mut terms = terms;
    let mut term = 0;
    while term < own.len() {
        terms[term] = Some(own[term]);
        term += 1;
    }
    terms
}

impl<E: Entity, C, T: Entity> Relation<E, C, T> {
    /// This relation, its rows to be chosen. Emitted by the derive.
    #[doc(hidden)]
    #[must_use]
    pub const fn each(self) -> Edges<E, C, T> {
        let none = [None; MAX_ORDER];
        let (by, value, upkeep): (&[_], &[_], _) = (&[], &[], Upkeep::PLAIN);
        Edges { relation: self, order: none, link_order: none, limit: None, filter: None, by, value, upkeep }
    }

    /// This relation as a field of a view. Emitted by the derive.
    #[doc(hidden)]
    #[must_use]
    pub const fn field<F: Holds<C, T>>(self, field: &'static str) -> ViewField<E, F> {
        self.each().field(field)
    }
}

/// What the derive says of the rows of each parent.
impl<E: Entity, C, T: Entity> Edges<E, C, T> {
    /// Their order. Emitted by the derive.
    #[must_use]
    pub const fn order_by<const N: usize>(mut self, order: [Order<T>; N]) -> Self
    where
        C: ToMany,
    {
        self.order = terms(order);
        self
    }

    /// The order of the links, which counts after that of the rows. Emitted by the derive.
    #[must_use]
    pub const fn link_order_by<const N: usize>(mut self, order: [Order<C::Link>; N]) -> Self
    where
        C: Linked,
    {
        self.link_order = terms(order);
        self
    }

    /// At most so many. Emitted by the derive.
    #[must_use]
    pub const fn limit(mut self, most: u32) -> Self
    where
        C: ToMany,
    {
        self.limit = Some(most);
        self
    }

    /// Those that satisfy a condition. Emitted by the derive.
    #[must_use]
    pub const fn only(mut self, place: &'static str, words: &'static str, make: fn() -> Condition) -> Self
    where
        C: OwnRows,
    {
        self.filter = Some(EdgeFilter { place, words, make });
        self
    }

    /// In a map by a column. Emitted by the derive.
    #[must_use]
    pub const fn by<K>(self, column: Column<T, K>) -> Edges<E, By<C, K>, T>
    where
        C: ToMany,
    {
        let Self { relation, order, link_order, limit, filter, value, upkeep, .. } = self;
        let by = T::TABLE.column(column.def);
        Edges { relation: relation.cast(), order, link_order, limit, filter, by, value, upkeep }
    }

    /// One column of each row, instead of a view of it. Emitted by the derive.
    #[must_use]
    pub const fn value<S>(self, column: Column<T, S>) -> Edges<E, Valued<C, S>, T> {
        let Self { relation, order, link_order, limit, filter, by, upkeep, .. } = self;
        let value = T::TABLE.column(column.def);
        Edges { relation: relation.cast(), order, link_order, limit, filter, by, value, upkeep }
    }

    /// In the order of this column, which is kept when the rows change places. Emitted by the derive.
    #[must_use]
    pub const fn position<P: Scalar>(mut self, column: Column<T, P>) -> Self
    where
        C: ToMany,
    {
        self.order = terms([column.asc()]);
        self.upkeep.position = Some(column.def);
        self
    }

    /// Rows are put whether they are there or not. Emitted by the derive.
    #[must_use]
    pub const fn put_any(mut self) -> Self {
        self.upkeep.put = Putting::Any;
        self
    }

    /// Rows change from what was read only. Emitted by the derive.
    #[must_use]
    pub const fn put_equal(mut self) -> Self {
        self.upkeep.put = Putting::Equal;
        self
    }

    /// Rows go if they still are what was read. Emitted by the derive.
    #[must_use]
    pub const fn remove_equal(mut self) -> Self {
        self.upkeep.remove_equal = true;
        self
    }

    /// Rows that are taken out refer to nothing. Emitted by the derive.
    #[must_use]
    pub const fn nullify_orphans(mut self) -> Self {
        self.upkeep.orphans = Orphans::Nullify;
        self
    }

    /// Rows that are taken out are marked, and not shown then. Emitted by the derive.
    #[must_use]
    pub const fn mark_orphans(mut self, column: Column<T, bool>) -> Self {
        self.upkeep.orphans = Orphans::Mark(column.def);
        self
    }

    /// The relation as a field of a view. Emitted by the derive.
    #[must_use]
    pub const fn field<F: Holds<C, T>>(mut self, field: &'static str) -> ViewField<E, F> {
        if F::BY_KEY && self.by.is_empty() {
            self.by = T::TABLE.key;
        }
        ViewField {
            meta: self.edge(field, F::LOAD),
            decode: nothing,
            finish: held::<C, T, F>,
            cells: None,
            below: None,
            entity: PhantomData,
        }
    }

    pub(super) const fn is_unlimited(&self) -> bool {
        self.limit.is_none()
    }

    pub(super) const fn edge(self, field: &'static str, load: Load) -> FieldMeta {
        let Self { relation, order, link_order, limit, filter, by, value, upkeep } = self;
        let relation = relation.def();
        let links: &[OrderBy] = match relation.link {
            Some(link) => link.order,
            None => &[],
        };
        let (order, link_order) = match load {
            // What is made of all of them does not depend on their order.
            Load::Measure(_) => ([None; MAX_ORDER], [None; MAX_ORDER]),
            _ => (or_own(order, relation.order), or_own(link_order, links)),
        };
        let strategy = relation.load;
        FieldMeta::Edge(Edge { field, relation, load, strategy, order, link_order, limit, filter, by, value, upkeep })
    }
}

/// A relation to many rows: what aggregates, `order_by`, `limit` and `by` apply to.
#[diagnostic::on_unimplemented(
    message = "this relation leads to one row",
    label = "an aggregate, `order_by`, `limit` and `by` need a relation to many rows"
)]
pub trait ToMany {}

impl ToMany for Many {}
impl<L> ToMany for Through<L> {}

/// A relation by way of a linking entity: what `link_order_by` applies to.
#[diagnostic::on_unimplemented(
    message = "this relation has no links",
    label = "`link_order_by` goes by columns of the entity that a `many_to_many` leads through"
)]
pub trait Linked {
    /// That entity.
    type Link;
}

impl<L> Linked for Through<L> {
    type Link = L;
}

/// A relation to rows that are looked for by the parent's key, so that some may be left out: what `filter` applies to.
#[diagnostic::on_unimplemented(
    message = "this relation leads to the row that the field refers to",
    label = "`filter` needs a `has_one`, a `has_many` or a `many_to_many`"
)]
pub trait OwnRows {}

impl OwnRows for Sole {}
impl OwnRows for Many {}
impl<L> OwnRows for Through<L> {}
