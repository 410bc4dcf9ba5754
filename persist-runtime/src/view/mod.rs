//! Views: structs that are eager-load plans, and the containers that can hold a relation.
//!
//! A view is described by a [`Node`]: a constant tree of columns and edges. The plan (how many statements, in which
//! rounds) is worked out from that tree at compile time. Nothing here knows of stores.

mod containers;
mod field;
mod message;
mod node;
mod plan;
mod rows;
mod schedule;
mod slot;

pub use containers::{Holds, SharedRows};
pub use field::{CountAs, Edges, RowsOfEach, Shows, ToMany, ViewField, flatten};
pub use message::over_budget;
pub use node::{Edge, FieldMeta, Gather, Load, MAX_ORDER, Node};
pub use plan::Plan;
pub use rows::{Finished, Lists, Missing, NOWHERE, Supplies, Supply, Values, ViewRows};
pub use schedule::{Spot, Survey, What, assign_rounds, same_fetch, statements_of};
pub use slot::Slot;

use crate::entity::{CellError, Entity, Reader};
use crate::group::{Group, Select};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// A struct that says what to load: columns of an entity, and relations of it as other views.
///
/// Implemented by `#[derive(View)]`, and by `#[derive(Entity)]` for the entity itself (all columns, no relation).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a view",
    label = "not a view",
    note = "derive `View` on it (`#[view(of = ..)]` names its entity); an entity is a view of itself",
    note = "a relation to one row is held as `V`, `Arc<V>`, `Option<V>` or `Option<Arc<V>>`, one to many as `Vec<V>`, \
            `Vec<Arc<V>>` or `Arc<[V]>`"
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
    /// At most so many statements load any number of rows of this view (chunks past a store's limits and transaction
    /// control apart).
    const STATEMENTS: usize = Survey::of(Self::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF).statements();
    /// In so many rounds; the statements of one round do not wait for one another.
    const ROUNDS: usize = Survey::of(Self::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF).rounds();

    /// Reads the columns of one row.
    #[doc(hidden)]
    fn decode(reader: &mut Reader<'_>) -> Result<Self::Partial, CellError>;

    /// Puts a row together with what its relations hold.
    #[doc(hidden)]
    fn finish(partial: Self::Partial, supplies: &mut Supplies) -> Result<Self, Missing>;

    /// The plan: what is loaded, in which rounds, as text and as a diagram.
    #[must_use]
    fn plan() -> Plan {
        Plan::of(Self::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF)
    }
}

/// `Self` is a view of entity `E`; emitted by the derives.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a view of `{E}`",
    label = "a view of something else",
    note = "use `{E}` itself here, or a view with `#[view(of = {E})]`"
)]
pub trait ViewOf<E>: View {}

/// A group together with the view to load it as: a request that realises to a `Vec<V>`.
#[must_use = "nothing is loaded until a context realises it"]
pub struct Ask<V> {
    pub(crate) select: Arc<Select>,
    view: PhantomData<fn() -> V>,
}

impl<V> Clone for Ask<V> {
    fn clone(&self) -> Self {
        Self { select: Arc::clone(&self.select), view: PhantomData }
    }
}

impl<V: View> fmt::Debug for Ask<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", V::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF.view, self.select)
    }
}

impl<E: Entity<Group: From<Group<E>>>> Group<E> {
    /// Asks for the rows of this group as `V`s; a context realises the request to a `Vec<V>`, in the group's order.
    pub fn view<V: View + ViewOf<E>>(&self) -> Ask<V> {
        Ask { select: Arc::clone(self.select()), view: PhantomData }
    }
}
