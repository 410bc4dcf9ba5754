//! What a request says of one edge of its view, for this call alone: a filter, an order, a limit, a strategy.
//!
//! The view, a constant, is not touched: the fetches of the one request are.

use super::change::{Change, Hop};
use super::{Ask, View};
use crate::entity::Strategy;
use crate::group::{IntoOrder, Predicate};
use std::any::TypeId;
use std::collections::{BTreeMap, HashMap};
use std::marker::PhantomData;
use std::sync::Arc;

/// A field of the view `V`, or of a view that it leads to, which has the type `F`: what [`Ask::edge`] takes.
///
/// `#[view(edges = hot_bug)]` makes one constant for each field that is loaded: `hot_bug::comments`.
/// [`then`](Self::then) leads on to a field of what it holds.
pub struct EdgeOf<V, F> {
    first: Option<Hop>,
    rest: Vec<Hop>,
    types: PhantomData<fn() -> (V, F)>,
}

impl<V: View, F> EdgeOf<V, F> {
    /// The field of this name. Emitted by the derive.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(field: &'static str) -> Self {
        Self { first: Some(Hop { view: TypeId::of::<V>, field }), rest: Vec::new(), types: PhantomData }
    }

    /// A field of what this one holds.
    ///
    /// ```
    #[doc = tracker!()]
    /// #[derive(Clone, View)]
    /// #[view(of = Bug, edges = bug_line)]
    /// struct BugLine {
    ///     title: String,
    ///     assignee: Option<Arc<Person>>,
    /// }
    /// #[derive(View)]
    /// #[view(of = Person, edges = page)]
    /// struct Page {
    ///     bugs: Vec<BugLine>,
    /// }
    /// let ask = People::all().view::<Page>().edge(page::bugs.then(bug_line::assignee), |edge| edge.load(Strategy::Join));
    /// # use persist::Strategy;
    /// let before = context.stats();
    /// context.realise(ask)?;
    /// assert_eq!((context.stats() - before).statements, 2);               // by keys, 3
    /// # Ok::<(), persist::Error>(())
    /// ```
    #[must_use]
    pub fn then<G>(mut self, next: EdgeOf<F::View, G>) -> EdgeOf<V, G>
    where
        F: LeadsTo,
    {
        self.rest.extend(next.first);
        self.rest.extend(next.rest);
        EdgeOf { first: self.first, rest: self.rest, types: PhantomData }
    }
}

/// A flattened field of the view `V`, which holds the view `W`: its fields are [`V`'s own](Self::then).
pub struct FlattenedOf<V, W>(PhantomData<fn() -> (V, W)>);

impl<V: View, W: View> FlattenedOf<V, W> {
    /// Emitted by the derive.
    #[doc(hidden)]
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }

    /// A field of the flattened view.
    #[must_use]
    pub fn then<G>(self, next: EdgeOf<W, G>) -> EdgeOf<V, G> {
        EdgeOf { first: next.first, rest: next.rest, types: PhantomData }
    }
}

impl<V: View, W: View> Default for FlattenedOf<V, W> {
    fn default() -> Self {
        Self::new()
    }
}

/// A field of type `Self` holds what a relation leads to.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` holds no relation, so there is nothing to be said of its rows",
    label = "a column, a count or a tree",
    note = "`edge` is for the fields of a view that hold other views"
)]
pub trait LeadsTo {
    /// The view that it holds.
    type View: View;
}

/// A field that holds many rows: what `filter`, `order_by` and `limit` apply to.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` holds the row that is referred to",
    label = "`filter`, `order_by` and `limit` are for a field that holds many rows"
)]
pub trait ManyRows: LeadsTo {}

macro_rules! leads {
    ($($held:ty),* $(,)?) => {$(
        impl<V: View> LeadsTo for $held {
            type View = V;
        }
    )*};
}

macro_rules! many {
    ($([$($parameter:ident)*] $held:ty;)*) => {$(
        impl<$($parameter,)* V: View> LeadsTo for $held {
            type View = V;
        }

        impl<$($parameter,)* V: View> ManyRows for $held {}
    )*};
}

leads!(V, Arc<V>, Option<V>, Option<Arc<V>>);

many! {
    [] Vec<V>;
    [] Vec<Arc<V>>;
    [] Arc<[V]>;
    [L] Vec<(L, V)>;
    [L] Vec<(L, Arc<V>)>;
    [K] BTreeMap<K, V>;
    [K] BTreeMap<K, Arc<V>>;
    [K S] HashMap<K, V, S>;
    [K S] HashMap<K, Arc<V>, S>;
}

/// What a request says of a field of type `F`; handed to the closure of [`Ask::edge`].
#[must_use = "it says nothing until it is given back"]
pub struct AskedEdge<F> {
    change: Change,
    field: PhantomData<fn() -> F>,
}

type Target<F> = <<F as LeadsTo>::View as View>::Of;

impl<F: LeadsTo> AskedEdge<F> {
    /// Loads it by this strategy, whatever the context, the view and the relation say. An example is at
    /// [`EdgeOf::then`].
    pub const fn load(mut self, strategy: Strategy) -> Self {
        self.change.load = Some(strategy);
        self
    }

    /// Only those that also satisfy `predicate`: filters add up.
    pub fn filter(mut self, predicate: Predicate<Target<F>>) -> Self
    where
        F: ManyRows,
    {
        let condition = predicate.into_condition();
        self.change.filter = Some(match self.change.filter.take() {
            Some(filter) => filter.and(condition),
            None => condition,
        });
        self
    }

    /// In this order, in place of the view's: of two, the last counts. It decides which rows a limit leaves.
    pub fn order_by(mut self, order: impl IntoOrder<Target<F>>) -> Self
    where
        F: ManyRows,
    {
        self.change.order = Some(order.into_order());
        self
    }

    /// At most so many for each parent; of several limits, the view's among them, the smallest counts.
    pub fn limit(mut self, most: u32) -> Self
    where
        F: ManyRows,
    {
        self.change.limit = Some(self.change.limit.map_or(most, |limit| limit.min(most)));
        self
    }
}

impl<V: View> Ask<V> {
    /// Says something of one edge of the view, for this request alone: which of the rows, in what order, how many of
    /// each parent, or how they are loaded. Said twice of one edge, it adds up.
    ///
    /// A request only narrows what the view's field holds: a filter is added, of two limits the smaller counts. An order
    /// takes the place of the view's. Counts beside the field count what they count without it.
    ///
    /// An edge of which rows are chosen is a statement of its own, which merges with no other: a realise takes at most
    /// [`STATEMENTS`](View::STATEMENTS) and one for each such edge. [`plan`](Self::plan) shows them.
    ///
    /// ```
    #[doc = tracker!()]
    /// #[derive(View)]
    /// #[view(of = Person, edges = page)]
    /// struct Page {
    ///     name: String,
    ///     bugs: Vec<Bug>,
    /// }
    /// let hottest = |bugs: persist::AskedEdge<Vec<Bug>>| bugs.filter(bug::heat.gt(10)).order_by(bug::heat.desc()).limit(1);
    /// let pages = context.realise(People::all().view::<Page>().edge(page::bugs, hottest))?;
    /// assert_eq!(pages.iter().map(|page| page.bugs[0].id).collect::<Vec<_>>(), [7, 9]);
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn edge<F: LeadsTo>(mut self, edge: EdgeOf<V, F>, say: impl FnOnce(AskedEdge<F>) -> AskedEdge<F>) -> Self {
        let path: Vec<_> = edge.first.into_iter().chain(edge.rest).collect();
        let change = self.changes.take(&path);
        let AskedEdge { change, .. } = say(AskedEdge { change, field: PhantomData });
        self.changes.put(path, change);
        self
    }
}
