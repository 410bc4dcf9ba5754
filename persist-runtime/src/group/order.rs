//! Orders: by which columns, related columns and counts, which way; typed ([`Order`]) and as data ([`OrderBy`]).

use super::condition::{Condition, names};
use super::relation::{Relation, RelationDef};
use super::select::{Seen, Select};
use crate::entity::{Column, ColumnDef, Field, Maybe, One, Table};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// One term of an order. NULLs come first ascending and last descending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderBy {
    /// What is compared.
    pub by: By,
    /// From the greatest to the least.
    pub descending: bool,
}

/// What rows are ordered by.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::large_enum_variant, reason = "it stands in constants, which nobody moves")]
pub enum By {
    /// A column of theirs.
    Column(ColumnDef),
    /// A column of the one row that a relation leads to; NULL where it leads to none.
    Related(RelationDef, ColumnDef),
    /// How many rows a relation leads to; never NULL.
    Count(RelationDef),
}

impl PartialEq for By {
    fn eq(&self, other: &Self) -> bool {
        let same = |a: &RelationDef, b: &RelationDef| a.name == b.name && a.from.is(b.from) && a.to.is(b.to);
        match (self, other) {
            (Self::Column(a), Self::Column(b)) => a == b,
            (Self::Related(a, one), Self::Related(b, other)) => same(a, b) && one == other,
            (Self::Count(a), Self::Count(b)) => same(a, b),
            _ => false,
        }
    }
}

impl Eq for By {}

impl OrderBy {
    /// By a column, from the least to the greatest.
    #[must_use]
    pub const fn asc(column: ColumnDef) -> Self {
        Self { by: By::Column(column), descending: false }
    }

    /// By a column, from the greatest to the least.
    #[must_use]
    pub const fn desc(column: ColumnDef) -> Self {
        Self { by: By::Column(column), descending: true }
    }

    /// The column of the rows themselves that it is by, if it is by one.
    #[must_use]
    pub const fn column(&self) -> Option<ColumnDef> {
        match self.by {
            By::Column(column) => Some(column),
            By::Related(..) | By::Count(_) => None,
        }
    }

    /// Whether it is by this column of the rows themselves.
    #[must_use]
    pub fn is_by(&self, column: &ColumnDef) -> bool {
        self.column().as_ref() == Some(column)
    }
}

/// The rows that [`By::Related`] looks at, unless others are [seen](Select::seen): those that the relation can lead to.
#[must_use]
pub fn related(by: &By, relation: &RelationDef, seen: &[Seen]) -> Arc<Select> {
    look(by, seen).unwrap_or_else(|| Arc::new(Select { filter: relation.condition(), ..Select::all(relation.to) }))
}

/// The rows that [`By::Count`] counts, unless others are [seen](Select::seen), and their columns that hold the value of
/// the relation's [`local`](RelationDef::local) ones: those that the relation leads to, or the links to them. A link to
/// nowhere is no link.
#[must_use]
pub fn counted(by: &By, relation: &RelationDef, seen: &[Seen]) -> (Arc<Select>, &'static [ColumnDef]) {
    let Some(link) = relation.link else { return (related(by, relation, seen), relation.remote) };
    let links = look(by, seen).unwrap_or_else(|| {
        let mut links = Select::all(link.table);
        for column in link.far.iter().filter(|column| column.nullable) {
            links.narrow(Condition::IsNull(*column).negated());
        }
        if let Some(condition) = relation.condition() {
            links.narrow(relation.of_keyed(condition));
        }
        Arc::new(links)
    });
    (links, link.near)
}

fn look(by: &By, seen: &[Seen]) -> Option<Arc<Select>> {
    seen.iter().find(|seen| seen.by == *by).map(|seen| Arc::clone(&seen.rows))
}

/// `order`, ended by the columns of the key of `table`, which make it total.
pub(crate) fn total_order(table: &Table, order: &[OrderBy]) -> Vec<OrderBy> {
    let mut total = order.to_vec();
    for column in table.key {
        if !total.iter().any(|by| by.is_by(column)) {
            total.push(OrderBy::asc(*column));
        }
    }
    total
}

pub(crate) fn order_text(order: &[OrderBy]) -> String {
    let terms: Vec<_> = order.iter().map(ToString::to_string).collect();
    terms.join(", ")
}

impl fmt::Display for OrderBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.by {
            By::Column(column) => f.write_str(names(&[*column]).as_str())?,
            By::Related(relation, column) => write!(f, "{}.{}", relation.name, column.name)?,
            By::Count(relation) => write!(f, "count of {}", relation.name)?,
        }
        if self.descending { f.write_str(" desc") } else { Ok(()) }
    }
}

impl<E, F: Field> Column<E, F> {
    /// From the least to the greatest; NULLs come first. An example is at [`Order`].
    #[must_use]
    pub const fn asc(self) -> Order<E> {
        Order::new(By::Column(self.def), false)
    }

    /// From the greatest to the least; NULLs come last. An example is at [`Order`].
    #[must_use]
    pub const fn desc(self) -> Order<E> {
        Order::new(By::Column(self.def), true)
    }
}

/// A relation to one row: what rows can be ordered by the columns of, and limited by.
#[diagnostic::on_unimplemented(
    message = "this relation leads to many rows",
    label = "a relation to one row is needed here: a `belongs_to`",
    note = "order by how many there are instead: `relation.count().desc()`"
)]
pub trait ToOne {}

impl ToOne for One {}
impl ToOne for Maybe {}

impl<E, C, T> Relation<E, C, T> {
    /// A column of the row that this leads to, for an order: `bug::owner.by(person::name).asc()`. Where it leads to no
    /// row, that is NULL, which comes first ascending and last descending. An example is at [`Order`].
    pub const fn by<F: Field>(self, column: Column<T, F>) -> Rank<E>
    where
        C: ToOne,
    {
        Rank { by: By::Related(self.def, column.def), entity: PhantomData }
    }

    /// How many rows this leads to, for an order: `person::bugs.count().desc()`. For a `many_to_many` the links count,
    /// as often as they are there. An example is at [`Order`].
    pub const fn count(self) -> Rank<E> {
        Rank { by: By::Count(self.def), entity: PhantomData }
    }
}

/// What entities `E` can be ordered by besides their columns: made by [`Relation::by`] and [`Relation::count`].
#[must_use = "say which way: `asc()` or `desc()`"]
pub struct Rank<E> {
    by: By,
    entity: PhantomData<fn() -> E>,
}

impl<E> Clone for Rank<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for Rank<E> {}

impl<E> fmt::Debug for Rank<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.by.fmt(f)
    }
}

impl<E> Rank<E> {
    /// From the least to the greatest; NULLs come first.
    #[must_use]
    pub const fn asc(self) -> Order<E> {
        Order::new(self.by, false)
    }

    /// From the greatest to the least; NULLs come last.
    #[must_use]
    pub const fn desc(self) -> Order<E> {
        Order::new(self.by, true)
    }
}

/// One term of an order of entities `E`: by a column (`bug::heat.desc()`), by a column of the row that a relation leads
/// to (`bug::owner.by(person::name).asc()`), or by how many rows it leads to (`person::bugs.count().desc()`).
///
/// NULLs are less than every value, so they come first ascending and last descending, on every store. Text goes by code
/// point (`"Z"` before `"a"`) unless the entity's [collation](crate::Collation) is native.
///
/// ```
#[doc = tracker!()]
/// let bugs = context.realise(Bugs::all().order_by((bug::assignee_id.asc(), bug::title.asc())))?;
/// assert_eq!(bugs.iter().map(|bug| bug.id).collect::<Vec<_>>(), [9, 8, 7]);
///
/// let by_owner = Bugs::all().order_by((bug::owner.by(person::name).desc(), bug::heat.desc()));
/// assert_eq!(context.realise(by_owner)?.iter().map(|bug| bug.id).collect::<Vec<_>>(), [9, 7, 8]);
/// let busiest = context.realise(People::all().order_by(person::bugs.count().desc()).limit(1))?;
/// assert_eq!(busiest[0].name, "Ada");
/// # Ok::<(), persist::Error>(())
/// ```
pub struct Order<E> {
    pub(crate) by: OrderBy,
    entity: PhantomData<fn() -> E>,
}

impl<E> Order<E> {
    const fn new(by: By, descending: bool) -> Self {
        Self { by: OrderBy { by, descending }, entity: PhantomData }
    }
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
