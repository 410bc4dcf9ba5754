//! What a request says of one edge of its view, for this call alone: a filter, an order, a limit, a strategy.
//!
//! The view, a constant, is not touched: the fetches of the one request are.

use super::node::{FieldMeta, Load, Node};
use super::spot::{Spot, What};
use super::{Ask, View};
use crate::entity::Strategy;
use crate::group::{Condition, IntoOrder, OrderBy, Predicate};
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

/// A field, by the view that declares it.
#[derive(Clone, Copy)]
struct Hop {
    view: fn() -> TypeId,
    field: &'static str,
}

impl PartialEq for Hop {
    fn eq(&self, other: &Self) -> bool {
        (self.view)() == (other.view)() && self.field == other.field
    }
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

/// What is said of an edge, apart from its types.
#[derive(Clone, Default)]
pub struct Change {
    /// Which of the rows.
    pub filter: Option<Condition>,
    /// Their order, in place of the view's.
    pub order: Option<Vec<OrderBy>>,
    /// At most so many of each parent.
    pub limit: Option<u32>,
    /// How they are loaded.
    pub load: Option<Strategy>,
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

/// All that a request says of the edges of its view.
#[derive(Clone, Default)]
pub struct Changes(Vec<(Vec<Hop>, Change)>);

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
        let known = self.changes.0.iter().position(|(known, _)| *known == path);
        let change = known.map(|known| self.changes.0.remove(known).1).unwrap_or_default();
        let AskedEdge { change, .. } = say(AskedEdge { change, field: PhantomData });
        self.changes.0.push((path, change));
        self
    }
}

impl Change {
    /// Whether it chooses rows.
    const fn chooses(&self) -> bool {
        self.filter.is_some() || self.order.is_some() || self.limit.is_some()
    }
}

impl Changes {
    pub(super) const fn none() -> Self {
        Self(Vec::new())
    }

    /// Applies all of them to the spots of one view, the first of which stands at `root`; `chosen` takes those that choose
    /// rows. Tells whether each edge was found.
    pub fn apply(&self, spots: &mut [Spot], root: usize, chosen: &mut Vec<Change>) -> bool {
        let mut all = true;
        for (path, change) in &self.0 {
            let found = find(spots, root, path);
            all &= !found.is_empty();
            if change.chooses() {
                chosen.push(change.clone());
            }
            for at in found {
                if let Some(load) = change.load {
                    spots[at].asked = load;
                    // What links lead to goes as the links do.
                    spots.iter_mut().filter(|spot| spot.is_linked_to(at)).for_each(|spot| spot.asked = load);
                }
                if change.chooses() {
                    spots[at].change = Some(chosen.len() - 1);
                    spots[at].is_limited |= change.limit.is_some();
                    set_apart(spots, at, root);
                }
            }
        }
        all
    }
}

/// Lets nobody else share the rows on the way to a spot: what belongs to them is not what belongs to others.
fn set_apart(spots: &mut [Spot], at: usize, root: usize) {
    let mut above = at;
    while above != root {
        spots[above].is_apart = true;
        above = spots[above].parent;
    }
}

/// The spots that a path leads to: several where a view is flattened twice.
fn find(spots: &[Spot], root: usize, path: &[Hop]) -> Vec<usize> {
    let mut here = vec![root];
    for (number, hop) in path.iter().enumerate() {
        let mut next = Vec::new();
        for at in here {
            let ordinals = spots[at].node().map(|node| node.ordinals(hop)).unwrap_or_default();
            let leads = |spot: &Spot| spot.parent == at && spot.ordinal().is_some_and(|n| ordinals.contains(&n));
            let found = (at + 1..spots.len()).filter(|child| leads(&spots[*child]));
            next.extend(found.map(|child| {
                let is_last = number + 1 == path.len();
                let linked = (child + 1..spots.len()).find(|linked| spots[*linked].is_linked_to(child));
                if is_last { child } else { linked.unwrap_or(child) }
            }));
        }
        here = next;
    }
    here
}

impl Spot {
    const fn node(&self) -> Option<&'static Node> {
        match self.what {
            What::Root(node) | What::Rows(_, node, _) | What::Linked(_, node) => Some(node),
            What::Links(..) | What::Figures(..) | What::NextLevel(..) => None,
        }
    }

    /// Its number among the edges of the parent, if it loads rows.
    const fn ordinal(&self) -> Option<usize> {
        match self.what {
            What::Rows(_, _, ordinal) | What::Links(_, ordinal) => Some(ordinal),
            _ => None,
        }
    }

    const fn is_linked_to(&self, links: usize) -> bool {
        matches!(self.what, What::Linked(..)) && self.parent == links
    }
}

impl Node {
    /// The numbers of the edges, those of flattened views in place, that a view declares by a field.
    fn ordinals(&self, hop: &Hop) -> Vec<usize> {
        let mut found = Vec::new();
        let _ = self.number(hop, 0, &mut found);
        found
    }

    fn number(&self, hop: &Hop, mut ordinal: usize, found: &mut Vec<usize>) -> usize {
        let declares = (self.id)() == (hop.view)();
        for field in self.fields {
            match field {
                FieldMeta::Column(..) | FieldMeta::Embed(..) | FieldMeta::Loaded(_) => {}
                FieldMeta::Flatten(inner) => ordinal = inner.number(hop, ordinal, found),
                FieldMeta::Edge(edge) => {
                    if declares && edge.field == hop.field && !matches!(edge.load, Load::Tree(_)) {
                        found.push(ordinal);
                    }
                    ordinal += 1;
                }
            }
        }
        ordinal
    }
}
