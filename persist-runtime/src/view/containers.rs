//! Containers: the types in which a view's field holds what a relation leads to.

use super::node::Load;
use super::rows::{Missing, Supplies};
use super::slot::Slot;
use super::{View, ViewOf};
use crate::entity::{Entity, Many, Maybe, One, Sole, Through};
use std::any::Any;
use std::sync::Arc;

/// A field of type `Self` can hold a relation that leads to `C` (one, maybe one, many, through) rows of `T`.
///
/// | relation | held as | what is shared |
/// |---|---|---|
/// | a required `belongs_to` ([`One`]) | `V`, `Arc<V>` | `Arc<V>` by all parents that refer to it; `V` is a clone |
/// | a nullable `belongs_to` ([`Maybe`]) | `Option<V>`, `Option<Arc<V>>` | the same; NULL is `None` |
/// | `has_one` ([`Sole`]) | `Option<V>`, `Option<Arc<V>>` | nothing: each row has one parent |
/// | `has_many` ([`Many`]) | `Vec<V>`, `Vec<Arc<V>>`, `Arc<[V]>`, a map to `V` or `Arc<V>` | nothing: each row has one parent |
/// | `many_to_many` ([`Through`]) | `Vec<V>`, `Vec<Arc<V>>`, a map to `V` or `Arc<V>` | `Arc<V>` by all parents that lead to it; `V` is a clone |
/// | the same, with its links | `Vec<(W, V)>`, `Vec<(W, Arc<V>)>` | the same; `W`, a view of the link, is the parent's own |
///
/// A map is a `BTreeMap` or a `HashMap`; its key is that of `T`, or the column that `#[view(by = ..)]` names.
///
/// Implemented here for these types; there is no way to add one.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` cannot hold this relation to `{T}`",
    label = "not a container for it",
    note = "a required `belongs_to` is held as `V` or `Arc<V>`, a nullable one and a `has_one` as `Option<V>` or \
            `Option<Arc<V>>`, a `has_many` as `Vec<V>`, `Vec<Arc<V>>` or `Arc<[V]>`, a `many_to_many` as `Vec<Arc<V>>`, \
            `Vec<V>` or, with its links, `Vec<(W, V)>` or `Vec<(W, Arc<V>)>`; the last two also as a `BTreeMap` or a \
            `HashMap` by the key or the column that `by` names; `V` is a view of `{T}`"
)]
pub trait Holds<C, T: Entity>: Slot<Partial = ()> {
    /// The view that it holds.
    type View: View;
    /// What is loaded for it.
    #[doc(hidden)]
    const LOAD: Load;
    /// Whether it is a map by the key of `T`.
    #[doc(hidden)]
    const BY_KEY: bool = false;
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

/// Gives each parent the only row that is its own.
fn hand_out<V: View, F: Send + 'static>(
    rows: Box<dyn Any + Send>,
    owners: &[u32],
    parents: usize,
    close: fn(V) -> F,
) -> Option<Box<dyn Any + Send>> {
    let rows = rows.downcast::<Vec<V>>().ok()?;
    let mut given: Vec<Option<Option<F>>> = std::iter::repeat_with(|| Some(None)).take(parents).collect();
    for (row, owner) in rows.into_iter().zip(owners) {
        *given.get_mut(*owner as usize)? = Some(Some(close(row)));
    }
    Some(Box::new(given))
}

macro_rules! sole {
    ($($held:ty, $close:expr;)*) => {$(
        impl<T: Entity, V: View + ViewOf<T> + Slot<InOption = ()>> Holds<Sole, T> for Option<$held> {
            type View = V;
            const LOAD: Load = Load::Sole(V::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF, |rows, owners, parents| {
                hand_out::<V, $held>(rows, owners, parents, $close)
            });

            fn take(supplies: &mut Supplies) -> Result<Self, Missing> {
                supplies.many::<Self>()
            }
        }
    )*};
}

sole! {
    V, |row| row;
    Arc<V>, Arc::new;
}

/// Distributes children over `parents` lists, each of exactly its size, each in the order the children came. A list
/// that cannot be closed is missing; its parent was found faulty before, and does not ask for it.
pub(super) fn distribute<V: Send + 'static, F: Send + 'static>(
    rows: Box<dyn Any + Send>,
    owners: &[u32],
    parents: usize,
    close: fn(Vec<V>) -> Option<F>,
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
    let closed: Vec<Option<F>> = lists.into_iter().map(close).collect();
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
    Vec<V>, Some;
    Vec<Arc<V>>, |list| Some(list.into_iter().map(Arc::new).collect());
    Arc<[V]>, |list| Some(Self::from(list));
}

impl<L, T: Entity, V: View + ViewOf<T>> Holds<Through<L>, T> for Vec<Arc<V>> {
    type View = V;
    const LOAD: Load = Load::Through(V::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF);

    fn take(supplies: &mut Supplies) -> Result<Self, Missing> {
        supplies.shared::<V>()?.map(|row| row.cloned().ok_or(Missing)).collect()
    }
}

impl<L, T: Entity, V: View + ViewOf<T> + SharedRows + Slot<InVec = ()>> Holds<Through<L>, T> for Vec<V> {
    type View = V;
    const LOAD: Load = Load::Through(V::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF);

    fn take(supplies: &mut Supplies) -> Result<Self, Missing> {
        supplies.shared::<V>()?.map(|row| row.map(|row| V::clone(row)).ok_or(Missing)).collect()
    }
}

macro_rules! linked {
    ($($held:ty, $($clone:ident)?, $share:expr;)*) => {$(
        impl<L, T, W, V> Holds<Through<L>, T> for Vec<(W, $held)>
        where
            L: Entity,
            T: Entity,
            W: View + ViewOf<L> + Slot,
            V: View + ViewOf<T> + Slot $(+ $clone)?,
        {
            type View = V;
            const LOAD: Load = Load::Linked(
                W::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF,
                |rows, owners, parents| distribute::<W, Vec<W>>(rows, owners, parents, Some),
                V::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF,
            );

            fn take(supplies: &mut Supplies) -> Result<Self, Missing> {
                supplies.linked::<W, V, $held>($share)
            }
        }
    )*};
}

linked! {
    V, SharedRows, |row| V::clone(row);
    Arc<V>, , Arc::clone;
}
