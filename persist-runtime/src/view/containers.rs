//! Containers: the types in which a view's field holds what a relation leads to.

use super::node::Load;
use super::rows::{Missing, Supplies};
use super::slot::Slot;
use super::{View, ViewOf};
use crate::entity::{Entity, Many, Maybe, One, Through};
use std::any::Any;
use std::sync::Arc;

/// A field of type `Self` can hold a relation that leads to `C` (one, maybe one, many, through) rows of `T`.
///
/// | relation | held as | what is shared |
/// |---|---|---|
/// | a required `belongs_to` ([`One`]) | `V`, `Arc<V>` | `Arc<V>` by all parents that refer to it; `V` is a clone |
/// | a nullable `belongs_to` ([`Maybe`]) | `Option<V>`, `Option<Arc<V>>` | the same; NULL is `None` |
/// | `has_many` ([`Many`]) | `Vec<V>`, `Vec<Arc<V>>`, `Arc<[V]>` | nothing: each row has one parent |
/// | `many_to_many` ([`Through`]) | `Vec<V>`, `Vec<Arc<V>>` | `Arc<V>` by all parents that lead to it; `V` is a clone |
///
/// Implemented here for these types; there is no way to add one.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` cannot hold this relation to `{T}`",
    label = "not a container for it",
    note = "a required `belongs_to` is held as `V` or `Arc<V>`, a nullable one as `Option<V>` or `Option<Arc<V>>`, a \
            `has_many` as `Vec<V>`, `Vec<Arc<V>>` or `Arc<[V]>`, a `many_to_many` as `Vec<Arc<V>>` or `Vec<V>`; `V` is a \
            view of `{T}`"
)]
pub trait Holds<C, T: Entity>: Slot<Partial = ()> {
    /// The view that it holds.
    type View: View;
    /// What is loaded for it.
    #[doc(hidden)]
    const LOAD: Load;
    /// Takes what belongs to the row at hand.
    #[doc(hidden)]
    fn take(supplies: &mut Supplies) -> Result<Self, Missing>;
}

/// A view that many parents may hold by value: each gets a clone.
#[diagnostic::on_unimplemented(
    message = "several parents may hold one `{Self}`, so it must be `Clone` to be held by value",
    label = "derive `Clone` on it, or hold it as `Arc<{Self}>`"
)]
pub trait SharedRows: Clone {}

#[diagnostic::do_not_recommend]
impl<V: Clone> SharedRows for V {}

impl<T: Entity, V: View + ViewOf<T> + SharedRows + Slot<Partial = ()>> Holds<One, T> for V {
    type View = V;
    const LOAD: Load = Load::ToOne(V::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF);

    fn take(supplies: &mut Supplies) -> Result<Self, Missing> {
        supplies.one::<V>()?.map(|row| V::clone(row)).ok_or(Missing)
    }
}

impl<T: Entity, V: View + ViewOf<T>> Holds<One, T> for Arc<V> {
    type View = V;
    const LOAD: Load = Load::ToOne(V::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF);

    fn take(supplies: &mut Supplies) -> Result<Self, Missing> {
        supplies.one::<V>()?.map(Self::clone).ok_or(Missing)
    }
}

impl<T: Entity, V: View + ViewOf<T> + SharedRows + Slot<InOption = ()>> Holds<Maybe, T> for Option<V> {
    type View = V;
    const LOAD: Load = Load::ToOne(V::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF);

    fn take(supplies: &mut Supplies) -> Result<Self, Missing> {
        Ok(supplies.one::<V>()?.map(|row| V::clone(row)))
    }
}

impl<T: Entity, V: View + ViewOf<T>> Holds<Maybe, T> for Option<Arc<V>> {
    type View = V;
    const LOAD: Load = Load::ToOne(V::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF);

    fn take(supplies: &mut Supplies) -> Result<Self, Missing> {
        Ok(supplies.one::<V>()?.cloned())
    }
}

/// Distributes children over `parents` lists, each of exactly its size, each in the order the children came.
fn distribute<V: View, F: Send + 'static>(
    rows: Box<dyn Any + Send>,
    owners: &[u32],
    parents: usize,
    close: fn(Vec<V>) -> F,
) -> Option<Box<dyn Any + Send>> {
    let rows = rows.downcast::<Vec<V>>().ok()?;
    let mut counts = vec![0_usize; parents];
    for owner in owners {
        *counts.get_mut(*owner as usize)? += 1;
    }
    let mut lists: Vec<_> = counts.into_iter().map(Vec::with_capacity).collect();
    for (row, owner) in rows.into_iter().zip(owners) {
        lists.get_mut(*owner as usize)?.push(row);
    }
    let closed: Vec<Option<F>> = lists.into_iter().map(|list| Some(close(list))).collect();
    Some(Box::new(closed))
}

macro_rules! many {
    ($($container:ty, $close:expr;)*) => {$(
        impl<T: Entity, V: View + ViewOf<T> + Slot<InVec = ()>> Holds<Many, T> for $container {
            type View = V;
            const LOAD: Load = Load::Many(V::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF, |rows, owners, parents| {
                distribute::<V, Self>(rows, owners, parents, $close)
            });

            fn take(supplies: &mut Supplies) -> Result<Self, Missing> {
                supplies.many::<Self>()
            }
        }
    )*};
}

many! {
    Vec<V>, |list| list;
    Vec<Arc<V>>, |list| list.into_iter().map(Arc::new).collect();
    Arc<[V]>, Self::from;
}

impl<T: Entity, V: View + ViewOf<T>> Holds<Through, T> for Vec<Arc<V>> {
    type View = V;
    const LOAD: Load = Load::Through(V::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF);

    fn take(supplies: &mut Supplies) -> Result<Self, Missing> {
        supplies.shared::<V>()?.map(|row| row.cloned().ok_or(Missing)).collect()
    }
}

impl<T: Entity, V: View + ViewOf<T> + SharedRows + Slot<InVec = ()>> Holds<Through, T> for Vec<V> {
    type View = V;
    const LOAD: Load = Load::Through(V::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF);

    fn take(supplies: &mut Supplies) -> Result<Self, Missing> {
        supplies.shared::<V>()?.map(|row| row.map(|row| V::clone(row)).ok_or(Missing)).collect()
    }
}
