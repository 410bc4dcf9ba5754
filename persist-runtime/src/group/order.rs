//! Typed orders: by which columns, which way.

use super::select::OrderBy;
use crate::entity::{Column, Field};
use std::fmt;
use std::marker::PhantomData;

impl<E, F: Field> Column<E, F> {
    /// From the least to the greatest; NULLs come first. An example is at [`Order`].
    #[must_use]
    pub const fn asc(self) -> Order<E> {
        Order { by: OrderBy { column: self.def, descending: false }, entity: PhantomData }
    }

    /// From the greatest to the least; NULLs come last. An example is at [`Order`].
    #[must_use]
    pub const fn desc(self) -> Order<E> {
        Order { by: OrderBy { column: self.def, descending: true }, entity: PhantomData }
    }
}

/// An order by one column of entity `E`: `bug::heat.desc()`.
///
/// NULLs are less than every value, so they come first ascending and last descending, on every store. Text goes by code
/// point (`"Z"` before `"a"`) unless the entity's [collation](crate::Collation) is native.
///
/// ```
#[doc = tracker!()]
/// let bugs = context.realise(Bugs::all().order_by((bug::assignee_id.asc(), bug::title.asc())))?;
/// assert_eq!(bugs.iter().map(|bug| bug.id).collect::<Vec<_>>(), [9, 8, 7]);
/// # Ok::<(), persist::Error>(())
/// ```
pub struct Order<E> {
    pub(crate) by: OrderBy,
    entity: PhantomData<fn() -> E>,
}

impl<E> Clone for Order<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for Order<E> {}

impl<E> Order<E> {
    /// The order as data. Emitted by the derive.
    #[doc(hidden)]
    #[must_use]
    pub const fn term(self) -> OrderBy {
        self.by
    }
}

impl<E> fmt::Debug for Order<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.by.fmt(f)
    }
}

/// One [`Order`], a tuple of up to four, or a `Vec` of any number; the first counts most. What [`Group::order_by`]
/// takes.
///
/// An empty `Vec` is the order by key.
///
/// ```
#[doc = tracker!()]
/// fn sorted(bugs: &Bugs, by_heat: bool) -> Bugs {
///     let mut order = vec![bug::title.asc()];
///     if by_heat {
///         order.insert(0, bug::heat.desc());
///     }
///     bugs.order_by(order)
/// }
/// assert_eq!(context.realise(sorted(&Bugs::all(), true))?[0].id, 7);
/// # Ok::<(), persist::Error>(())
/// ```
///
/// [`Group::order_by`]: crate::Group::order_by
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an order of `{E}`",
    label = "not an order",
    note = "say which way: `column.asc()` or `column.desc()`, or a tuple of such"
)]
pub trait IntoOrder<E> {
    /// The terms, the first of which counts most.
    fn into_order(self) -> Vec<OrderBy>;
}

impl<E> IntoOrder<E> for Order<E> {
    fn into_order(self) -> Vec<OrderBy> {
        vec![self.by]
    }
}

impl<E> IntoOrder<E> for Vec<Order<E>> {
    fn into_order(self) -> Vec<OrderBy> {
        self.into_iter().map(|order| order.by).collect()
    }
}

macro_rules! tuples {
    ($(($($entity:ident $name:ident)+))*) => {$(
        impl<E> IntoOrder<E> for ($(tuples!(@ $entity),)+) {
            fn into_order(self) -> Vec<OrderBy> {
                let ($($name,)+) = self;
                vec![$($name.by),+]
            }
        }
    )*};
    (@ E) => { Order<E> };
}

tuples! { (E a E b) (E a E b E c) (E a E b E c E d) }
