//! Maps as containers: rows by their key, or by another column.

use super::containers::{Holds, SharedRows, distribute};
use super::node::{Load, Node};
use super::rows::{Missing, RowsOf, Supplies};
use super::slot::Slot;
use super::{View, ViewOf};
use crate::entity::{By, CellError, Entity, Field, Key, Many, Reader, Scalar, Through, Value, read_field};
use std::any::TypeId;
use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, Hash};
use std::sync::Arc;

/// A row of `V` with its key in a map, read from the columns ahead of the view's own.
#[derive(Debug)]
pub(super) struct Entry<K, V> {
    pub(super) key: K,
    pub(super) row: V,
}

/// What may be the key of a map of rows: an entity's key, or what a column holds.
pub trait MapKey: Clone + Send + Sync + Sized + 'static {
    /// Reads it from the cells that come first.
    ///
    /// # Errors
    /// When they do not fit.
    fn read(reader: &mut Reader<'_>) -> Result<Self, CellError>;

    /// Appends what those cells hold.
    fn push_entry(&self, out: &mut Vec<Value>);
}

impl<K: Key> MapKey for K {
    fn read(reader: &mut Reader<'_>) -> Result<Self, CellError> {
        K::read_from(reader)
    }

    fn push_entry(&self, out: &mut Vec<Value>) {
        self.push_values(out);
    }
}

impl<K: Scalar> MapKey for Option<K> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, CellError> {
        read_field(reader)
    }

    fn push_entry(&self, out: &mut Vec<Value>) {
        out.push(self.field_value());
    }
}

/// The key of entity `T`, which a map has where `by` names no column.
#[diagnostic::on_unimplemented(
    message = "a map of `{T}`s goes by their key, which is not a `{Self}`",
    label = "not by the key of `{T}`",
    note = "make the key of the map that of `{T}`, or name the column it is with `#[view(by = ..)]`"
)]
pub trait KeyOf<T> {}

#[diagnostic::do_not_recommend]
impl<T: Entity<Key = K>, K> KeyOf<T> for K {}

/// The same, to be held by many parents.
#[derive(Debug)]
pub(super) struct SharedEntry<K, V>(Entry<K, Arc<V>>);

/// The node of `V`, to be that of another type.
const fn entry<V: View>() -> Node {
    let Node { view, table, fields, id, rows } = *V::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF;
    Node { view, table, fields, id, rows }
}

/// The same as `V`, of the same columns and relations, but for the key ahead of them.
impl<K: MapKey, V: View> View for Entry<K, V> {
    type Of = V::Of;
    type Partial = (K, V::Partial);
    const A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF: &'static Node =
        &Node { id: TypeId::of::<Self>, rows: RowsOf::<Self>::boxed, ..entry::<V>() };

    fn decode(reader: &mut Reader<'_>) -> Result<Self::Partial, CellError> {
        Ok((K::read(reader)?, V::decode(reader)?))
    }

    fn push_entry((key, _): &Self::Partial, out: &mut Vec<Value>) {
        key.push_entry(out);
    }

    fn finish((key, row): Self::Partial, supplies: &mut Supplies) -> Result<Self, Missing> {
        Ok(Self { key, row: V::finish(row, supplies)? })
    }
}

impl<K: MapKey, V: View> View for SharedEntry<K, V> {
    type Of = V::Of;
    type Partial = (K, V::Partial);
    const A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF: &'static Node =
        &Node { id: TypeId::of::<Self>, rows: RowsOf::<Self>::boxed, ..entry::<V>() };

    fn decode(reader: &mut Reader<'_>) -> Result<Self::Partial, CellError> {
        Entry::<K, V>::decode(reader)
    }

    fn push_entry(partial: &Self::Partial, out: &mut Vec<Value>) {
        Entry::<K, V>::push_entry(partial, out);
    }

    fn finish(partial: Self::Partial, supplies: &mut Supplies) -> Result<Self, Missing> {
        let Entry { key, row } = Entry::<K, V>::finish(partial, supplies)?;
        Ok(Self(Entry { key, row: Arc::new(row) }))
    }
}

/// The map of a list of rows; nothing where two have one key, which was looked for before.
fn collect<K, V, F, M>(
    rows: Vec<Entry<K, V>>,
    hold: fn(V) -> F,
    mut insert: impl FnMut(&mut M, K, F) -> bool,
) -> Option<M>
where
    M: Default,
{
    let mut map = M::default();
    for Entry { key, row } in rows {
        if !insert(&mut map, key, hold(row)) {
            return None;
        }
    }
    Some(map)
}

/// A map by column is the same as one by key, from another column.
macro_rules! maps {
    ($($map:ident<K, $held:ty $(, $hasher:ident)?>, ($($bound:tt)+), $hold:expr, $share:expr, ($($clone:tt)*);)*) => {$(
        impl<K, T, V $(, $hasher)?> Holds<Many, T> for $map<K, $held $(, $hasher)?>
        where
            K: MapKey + KeyOf<T> + $($bound)+,
            T: Entity,
            V: View + ViewOf<T> + Slot,
            $($hasher: BuildHasher + Default + Send + 'static,)?
        {
            type View = V;
            const LOAD: Load = <Self as Holds<By<Many, K>, T>>::LOAD;
            const BY_KEY: bool = true;

            fn take(supplies: &mut Supplies) -> Result<Self, Missing> {
                supplies.many::<Self>()
            }
        }

        impl<K, T, V $(, $hasher)?> Holds<By<Many, K>, T> for $map<K, $held $(, $hasher)?>
        where
            K: MapKey + $($bound)+,
            T: Entity,
            V: View + ViewOf<T> + Slot,
            $($hasher: BuildHasher + Default + Send + 'static,)?
        {
            type View = V;
            const LOAD: Load = Load::Many(Entry::<K, V>::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF, |rows, owners, parents| {
                distribute::<Entry<K, V>, Self>(rows, owners, parents, |rows| {
                    collect(rows, $hold, |map: &mut Self, key, row| map.insert(key, row).is_none())
                })
            });

            fn take(supplies: &mut Supplies) -> Result<Self, Missing> {
                supplies.many::<Self>()
            }
        }

        impl<K, L, T, V $(, $hasher)?> Holds<Through<L>, T> for $map<K, $held $(, $hasher)?>
        where
            K: MapKey + KeyOf<T> + $($bound)+,
            T: Entity,
            V: View + ViewOf<T> + Slot $($clone)*,
            $($hasher: BuildHasher + Default + Send + 'static,)?
        {
            type View = V;
            const LOAD: Load = <Self as Holds<By<Through<L>, K>, T>>::LOAD;
            const BY_KEY: bool = true;

            fn take(supplies: &mut Supplies) -> Result<Self, Missing> {
                <Self as Holds<By<Through<L>, K>, T>>::take(supplies)
            }
        }

        impl<K, L, T, V $(, $hasher)?> Holds<By<Through<L>, K>, T> for $map<K, $held $(, $hasher)?>
        where
            K: MapKey + $($bound)+,
            T: Entity,
            V: View + ViewOf<T> + Slot $($clone)*,
            $($hasher: BuildHasher + Default + Send + 'static,)?
        {
            type View = V;
            const LOAD: Load = Load::Through(SharedEntry::<K, V>::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF);

            fn take(supplies: &mut Supplies) -> Result<Self, Missing> {
                let mut map = Self::default();
                for entry in supplies.shared::<SharedEntry<K, V>>()? {
                    let SharedEntry(Entry { key, row }) = &**entry.ok_or(Missing)?;
                    if map.insert(key.clone(), ($share)(row)).is_some() {
                        return Err(Missing);
                    }
                }
                Ok(map)
            }
        }
    )*};
}

maps! {
    BTreeMap<K, V>, (Ord), |row| row, |row: &Arc<V>| V::clone(row), (+ SharedRows);
    BTreeMap<K, Arc<V>>, (Ord), Arc::new, Arc::clone, ();
    HashMap<K, V, S>, (Eq + Hash), |row| row, |row: &Arc<V>| V::clone(row), (+ SharedRows);
    HashMap<K, Arc<V>, S>, (Eq + Hash), Arc::new, Arc::clone, ();
}
