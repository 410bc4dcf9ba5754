//! Views: structs that are eager-load plans, and the containers that can hold a relation.
//!
//! A [`View`] is described by a [`Node`]: a constant tree of columns and edges. The plan (how many statements, in which
//! rounds) is worked out from that tree at compile time; [`Plan`] shows it. Nothing here knows of stores, and nothing
//! decides at run time what is loaded.
//!
//! Programs need [`View`], [`Ask`] and [`Plan`]; to write a column type by hand, [`Slot`]. The rest is what the derives
//! emit and the [engine](crate::engine) reads.

mod asked;
mod branch;
mod change;
mod collected;
mod containers;
mod edges;
mod editable;
mod entries;
mod field;
mod graph;
mod kinds;
mod loader;
mod maps;
mod measure;
mod message;
mod node;
mod page;
mod plan;
mod rows;
mod same;
mod schedule;
mod slot;
mod spot;
mod upkeep;
#[cfg(feature = "testkit")]
mod watched;

pub use asked::{AskedEdge, EdgeOf, FlattenedOf, LeadsTo, ManyRows};
pub use branch::{Branch, Grows};
pub use change::{Change, Changes};
#[doc(hidden)]
pub use collected::not_a_collection;
pub(crate) use collected::not_whole;
pub use containers::{Holds, SharedRows};
pub use edges::{EdgeFilter, Edges, Linked, OwnRows, ToMany};
#[doc(hidden)]
pub use editable::{not_editable, not_insertable};
pub use field::{LeadsOn, RowsOfEach, Shows, ShowsWhole, ViewField, flatten};
pub use graph::{Below, Graph};
pub(crate) use graph::{Unread, shows};
pub use kinds::OneKind;
#[doc(hidden)]
pub use kinds::read_kind;
pub use loader::{Accepts, KeyFor, Loaded, Loader, Loads, ValuesOf};
#[doc(hidden)]
pub use loader::{Erased, Typed, loader};
pub use maps::{KeyOf, MapKey};
pub use measure::{MeasuredField, Measures};
pub use message::over_budget;
#[doc(hidden)]
pub use node::flat;
pub(crate) use node::flat_of;
pub use node::{Edge, FieldMeta, Gather, Load, MAX_ORDER, Node, Shown, Supplied, Tree};
pub(crate) use page::PageFrom;
pub use page::{AskPage, Page};
pub use plan::Plan;
pub(crate) use plan::describe;
pub use rows::{Finished, Lists, Missing, NOWHERE, Supplies, Supply, Values, ViewRows};
pub use same::same_fetch;
pub use schedule::{Survey, assign_rounds, statements_of};
pub use slot::Slot;
pub use spot::{Level, Spot, What, selects_keys};
pub use upkeep::{Orphans, Putting, Upkeep};
#[cfg(feature = "testkit")]
pub(crate) use watched::WatchLog;
#[cfg(feature = "testkit")]
pub use watched::Watched;

use crate::entity::{CellError, Entity, Reader, Value};
use crate::group::{Group, Select};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// A struct that says what to load: columns of an entity, and relations of it as other views.
///
/// Implemented by [`#[derive(View)]`](derive@crate::View), whose documentation says what each kind of field means, and
/// by `#[derive(Entity)]` for the entity itself (all columns, and the rows that it holds). Not implemented by hand.
///
/// A loaded view is a plain struct. What is not a field of it was not loaded and cannot be reached from it.
///
/// ```
#[doc = tracker!()]
/// #[derive(View)]
/// #[view(of = Person, budget = 2)]
/// struct Page {
///     name: String,
///     #[view(order_by = bug::heat.desc(), limit = 1)]
///     bugs: Vec<Bug>,                                                 // the hottest of each person
/// }
/// assert_eq!((Page::STATEMENTS, Page::ROUNDS), (2, 2));
/// let pages = context.realise(People::all().view::<Page>())?;
/// assert_eq!(pages.iter().map(|page| page.bugs[0].id).collect::<Vec<_>>(), [7, 9]);
/// # Ok::<(), persist::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a view",
    label = "not a view",
    note = "derive `View` on it (`#[view(of = ..)]` names its entity); an entity is a view of itself",
    note = "a relation to one row is held as `V`, `Arc<V>`, `Option<V>` or `Option<Arc<V>>`, one to many as `Vec<V>`, \
            `Vec<Arc<V>>`, `Arc<[V]>` or a map"
)]
pub trait View: Sized + Send + Sync + 'static {
    /// The entity whose rows this is a view of.
    type Of: Entity;
    /// A row decoded before its relations are there.
    #[doc(hidden)]
    type Partial: Send + 'static;
    /// The view as data. Its name is what the compiler prints when a view leads back to itself: a view is a struct, and
    /// a struct that contains itself would be loaded without end. Use a smaller view (without the relation back) inside.
    #[doc(hidden)]
    const A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF: &'static Node;
    /// Its fetches, scheduled: worked out by the compiler.
    #[doc(hidden)]
    const SURVEY: &'static Survey = &Survey::of(Self::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF);
    /// At most so many statements load any number of rows of this view. It does not depend on the rows; chunks past
    /// the number of keys that one statement of a store can carry, and transaction control, are not counted.
    ///
    /// `#[view(budget = ..)]` makes the compiler hold it to a number.
    const STATEMENTS: usize = Self::SURVEY.statements();
    /// In so many rounds; the statements of one round do not wait for one another. It is the depth of the view, where a
    /// `many_to_many` counts twice.
    const ROUNDS: usize = Self::SURVEY.rounds();

    /// Reads the columns of one row.
    #[doc(hidden)]
    fn decode(reader: &mut Reader<'_>) -> Result<Self::Partial, CellError>;

    /// Puts a row together with what its relations hold.
    #[doc(hidden)]
    fn finish(partial: Self::Partial, supplies: &mut Supplies) -> Result<Self, Missing>;

    /// Appends what makes a row an entry of a map.
    #[doc(hidden)]
    fn push_entry(_: &Self::Partial, _: &mut Vec<Value>) {}

    /// Appends the rows that are edited with it, for each of its relations.
    #[doc(hidden)]
    fn push_below(&self, _: &mut Below<'_>) {}

    /// The plan: what is loaded, in which rounds, as text and as a diagram. No store is asked; the statements of a
    /// certain store are what [`Context::explain`](crate::Context::explain) gives.
    ///
    /// An example is at [`Plan`].
    #[must_use]
    fn plan() -> Plan {
        Plan::of(Self::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF)
    }
}

/// `Self` is a view of entity `E`. Implemented by the derives, together with [`View`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a view of `{E}`",
    label = "a view of something else",
    note = "use `{E}` itself here, or a view with `#[view(of = {E})]`"
)]
pub trait ViewOf<E>: View {}

/// A group together with the view to load it as: a [request](crate::Request) that realises to a `Vec<V>`, made by
/// [`Group::view`](crate::Group::view).
///
/// The rows come in the group's order.
#[must_use = "nothing is loaded until a context realises it"]
pub struct Ask<V> {
    pub(crate) select: Arc<Select>,
    /// What is said of its edges.
    pub(crate) changes: Changes,
    view: PhantomData<fn() -> V>,
}

impl<V> Ask<V> {
    pub(crate) const fn of(select: Arc<Select>) -> Self {
        Self { select, changes: Changes::none(), view: PhantomData }
    }
}

impl<V> Clone for Ask<V> {
    fn clone(&self) -> Self {
        Self { select: Arc::clone(&self.select), changes: self.changes.clone(), view: PhantomData }
    }
}

impl<V> Ask<V> {
    /// The same of other rows.
    pub(crate) fn over(self, select: Select) -> Self {
        Self { select: select.into(), ..self }
    }
}

/// Rows as a view: an [`Ask`], by value or by reference. What [`Context::stream`](crate::Context::stream) takes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say as what its rows are loaded",
    label = "not rows as a view",
    note = "name the view: `group.view::<SomeView>()`; an entity is a view of itself"
)]
pub trait IntoAsk {
    /// The view.
    type View: View;

    /// The request.
    fn into_ask(self) -> Ask<Self::View>;
}

impl<V: View> IntoAsk for Ask<V> {
    type View = V;

    fn into_ask(self) -> Self {
        self
    }
}

impl<V: View> IntoAsk for &Ask<V> {
    type View = V;

    fn into_ask(self) -> Ask<V> {
        self.clone()
    }
}

impl<V: View> Ask<V> {
    /// The plan of this request: that of its view, with what is said of single edges.
    ///
    /// ```
    #[doc = tracker!()]
    /// #[derive(View)]
    /// #[view(of = Person, edges = page)]
    /// struct Page {
    ///     bugs: Vec<Bug>,
    /// }
    /// let ask = People::all().view::<Page>().edge(page::bugs, |bugs| bugs.filter(bug::heat.gt(10)).limit(5));
    /// assert_eq!(ask.plan().to_string(), "\
    /// Page of Person: at most 2 statements, 2 rounds
    /// round 1
    ///   1. people: the group
    ///        for Page: Page
    /// round 2
    ///   2. bugs by owner_id, of these heat > 10, 5 per Person
    ///        for Page.bugs: Bug
    /// ");
    /// ```
    #[must_use]
    pub fn plan(&self) -> Plan {
        Plan::changed(V::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF, &self.changes)
    }
}

impl<V: View> fmt::Debug for Ask<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", V::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF.view, self.select)
    }
}

impl<E: Entity<Group: From<Group<E>>>> Group<E> {
    /// Asks for the rows of this group as `V`s; a context realises the request to a `Vec<V>`, in the group's order.
    ///
    /// ```
    #[doc = tracker!()]
    /// #[derive(View)]
    /// #[view(of = Bug)]
    /// struct Line {
    ///     title: String,
    /// }
    /// let lines = context.realise(Bugs::all().view::<Line>())?;
    /// assert_eq!(lines[2].title, "Slow start");
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn view<V: View + ViewOf<E>>(&self) -> Ask<V> {
        Ask { select: Arc::clone(self.select()), changes: Changes::default(), view: PhantomData }
    }
}
