//! Collections of what one column of the rows holds: maps to values, and sets.

use super::containers::{Holds, distribute};
use super::maps::{Entry, MapKey};
use super::node::{Load, Node};
use super::rows::{Missing, Supplies};
use super::{View, ViewOf};
use crate::entity::{By, CellError, Entity, Field, Many, Reader, Value, Valued, read_field};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt;
use std::hash::{BuildHasher, Hash};
use std::marker::PhantomData;

/// No column of `T`: what is left of a row when one column of it is all that is held.
pub struct Nothing<T>(PhantomData<fn() -> T>);

impl<T> fmt::Debug for Nothing<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nothing")
    }
}

#[diagnostic::do_not_recommend]
impl<T: Entity> View for Nothing<T> {
    type Of = T;
    type Partial = ();
    const A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF: &'static Node = &Node::of::<Self>(T::TABLE.entity, &[]);

    fn decode(_: &mut Reader<'_>) -> Result<(), CellError> {
        Ok(())
    }

    fn finish((): (), _: &mut Supplies) -> Result<Self, Missing> {
        Ok(Self(PhantomData))
    }
}

#[diagnostic::do_not_recommend]
impl<T: Entity> ViewOf<T> for Nothing<T> {}

/// A key and its value, read one behind the other.
#[derive(Debug, Clone)]
struct Pair<K, S>(K, S);

impl<K: MapKey, S: Held> MapKey for Pair<K, S> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, CellError> {
        Ok(Self(K::read(reader)?, read_field(reader)?))
    }

    fn push_entry(&self, out: &mut Vec<Value>) {
        self.0.push_entry(out);
    }
}

/// The value of one column, alone.
#[derive(Debug, Clone)]
struct Only<S>(S);

impl<S: Held> MapKey for Only<S> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, CellError> {
        read_field(reader).map(Self)
    }

    fn push_entry(&self, out: &mut Vec<Value>) {
        out.push(self.0.field_value());
    }
}

/// What a column holds, in a collection.
pub trait Held: Field + Clone + Send + Sync + 'static {}

impl<S: Field + Clone + Send + Sync + 'static> Held for S {}

type Row<K, T> = Entry<K, Nothing<T>>;

macro_rules! maps {
    ($($map:ident<K, S $(, $hasher:ident)?>, ($($bound:tt)+);)*) => {$(
        impl<K, S, T $(, $hasher)?> Holds<Valued<By<Many, K>, S>, T> for $map<K, S $(, $hasher)?>
        where
            K: MapKey + $($bound)+,
            S: Held,
            T: Entity,
            $($hasher: BuildHasher + Default + Send + 'static,)?
        {
            type View = Nothing<T>;
            const LOAD: Load = Load::Many(Row::<Pair<K, S>, T>::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF, |rows, owners, parents| {
                distribute::<Row<Pair<K, S>, T>, Self>(rows, owners, parents, |rows| {
                    let all = rows.len();
                    let map: Self = rows.into_iter().map(|Entry { key: Pair(key, value), .. }| (key, value)).collect();
                    // Nothing where two have one key, which was looked for before.
                    (map.len() == all).then_some(map)
                })
            });

            fn take(supplies: &mut Supplies) -> Result<Self, Missing> {
                supplies.many::<Self>()
            }
        }
    )*};
}

maps! {
    BTreeMap<K, S>, (Ord);
    HashMap<K, S, H>, (Eq + Hash);
}

macro_rules! sets {
    ($($set:ident<S $(, $hasher:ident)?>, ($($bound:tt)+);)*) => {$(
        impl<S, T $(, $hasher)?> Holds<Valued<Many, S>, T> for $set<S $(, $hasher)?>
        where
            S: Held + $($bound)+,
            T: Entity,
            $($hasher: BuildHasher + Default + Send + 'static,)?
        {
            type View = Nothing<T>;
            const LOAD: Load = Load::Many(Row::<Only<S>, T>::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF, |rows, owners, parents| {
                distribute::<Row<Only<S>, T>, Self>(rows, owners, parents, |rows| {
                    Some(rows.into_iter().map(|Entry { key: Only(value), .. }| value).collect())
                })
            });

            fn take(supplies: &mut Supplies) -> Result<Self, Missing> {
                supplies.many::<Self>()
            }
        }
    )*};
}

sets! {
    BTreeSet<S>, (Ord);
    HashSet<S, H>, (Eq + Hash);
}
