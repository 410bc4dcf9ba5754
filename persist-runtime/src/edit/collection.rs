//! Collections that are edited with the row that holds them: which fields can be, and what they hold as data.

use super::editable::{EditPart, Editable};
use super::rendered::{Entry, Only, Pair, Rendered, Row};
use crate::entity::{By, Entity, Field, Key, Many, Sole, Valued};
use crate::group::Relation;
use crate::view::{Edges, Graph, Holds, ViewField};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// A field of type `Self` holds rows of `T` that are edited with the row that holds them.
///
/// | relation | held as | a row is told from others by |
/// |---|---|---|
/// | `has_many` | `Vec<V>` | its key, which `V` holds |
/// | `has_many` | a map to `V`, or, with `value = ..`, to what one column holds | the key of the map, unique with the parent |
/// | `has_many` | with `value = ..`, a set of what one column holds | that, unique with the parent |
/// | `has_one` | `Option<V>` | its key, which `V` holds |
///
/// `V` is a view that says `edit`, or an entity. Maps are `BTreeMap`s and `HashMap`s, sets `BTreeSet`s and `HashSet`s.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` is not edited with the row that holds it",
    label = "not a collection of rows of its own",
    note = "a `has_many` is edited as `Vec<V>`, as a map to `V` or, with `value = ..`, to what a column holds, or as a set; a \
            `has_one` as `Option<V>`; `V` is a view of `{T}` that says `edit`, or `{T}` itself",
    note = "rows that others share (`belongs_to`, `many_to_many`, `Arc`) are edited by themselves: drop the field or `edit`",
    note = "a field of an entity that has the name of a `has_many` or a `has_one` holds its rows: if it is a column, give one \
            of the two another name"
)]
pub trait Collection<C, T: Entity>: Holds<C, T> {
    /// The rows, as data; those that are just as they were read are shared.
    #[doc(hidden)]
    fn rows(&self, read: &[Graph]) -> Vec<Graph>;
}

impl<E: Entity, C, T: Entity> Relation<E, C, T> {
    /// This relation as a field of a view that is edited. Emitted by the derive.
    #[doc(hidden)]
    #[must_use]
    pub const fn edited_field<F: Collection<C, T>>(self, field: &'static str) -> ViewField<E, F> {
        self.each().edited_field(field)
    }
}

impl<E: Entity, C, T: Entity> Edges<E, C, T> {
    /// The relation as a field of a view that is edited. Emitted by the derive.
    #[must_use]
    pub const fn edited_field<F: Collection<C, T>>(self, field: &'static str) -> ViewField<E, F> {
        let mut field = self.field(field);
        field.below = Some(F::rows);
        field
    }
}

#[diagnostic::do_not_recommend]
impl<T: Entity, V: Editable> Collection<Many, T> for Vec<V>
where
    Self: Holds<Many, T>,
{
    fn rows(&self, read: &[Graph]) -> Vec<Graph> {
        Rendered::beside(read).all(self.iter().map(Row))
    }
}

#[diagnostic::do_not_recommend]
impl<T: Entity, V: Editable> Collection<Sole, T> for Option<V>
where
    Self: Holds<Sole, T>,
{
    fn rows(&self, read: &[Graph]) -> Vec<Graph> {
        Rendered::beside(read).all(self.iter().map(Row))
    }
}

macro_rules! maps {
    ($($map:ident<K, V $(, $hasher:ident)?>;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<K: Key, T: Entity, V: EditPart $(, $hasher)?> Collection<Many, T> for $map<K, V $(, $hasher)?>
        where
            Self: Holds<Many, T>,
        {
            fn rows(&self, read: &[Graph]) -> Vec<Graph> {
                Rendered::beside(read).entries(self.iter().map(|(key, row)| Entry(key, row)))
            }
        }

        #[diagnostic::do_not_recommend]
        impl<K: Key, B, T: Entity, V: EditPart $(, $hasher)?> Collection<By<Many, B>, T> for $map<K, V $(, $hasher)?>
        where
            Self: Holds<By<Many, B>, T>,
        {
            fn rows(&self, read: &[Graph]) -> Vec<Graph> {
                Rendered::beside(read).entries(self.iter().map(|(key, row)| Entry(key, row)))
            }
        }

        #[diagnostic::do_not_recommend]
        impl<K: Key, B, T: Entity, S: Field $(, $hasher)?> Collection<Valued<By<Many, B>, S>, T> for $map<K, S $(, $hasher)?>
        where
            Self: Holds<Valued<By<Many, B>, S>, T>,
        {
            fn rows(&self, read: &[Graph]) -> Vec<Graph> {
                Rendered::beside(read).entries(self.iter().map(|(key, value)| Pair(key, value)))
            }
        }
    )*};
}

maps! {
    BTreeMap<K, V>;
    HashMap<K, V, H>;
}

macro_rules! sets {
    ($($set:ident<S $(, $hasher:ident)?>;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<T: Entity, S: Field $(, $hasher)?> Collection<Valued<Many, S>, T> for $set<S $(, $hasher)?>
        where
            Self: Holds<Valued<Many, S>, T>,
        {
            fn rows(&self, read: &[Graph]) -> Vec<Graph> {
                Rendered::beside(read).entries(self.iter().map(Only))
            }
        }
    )*};
}

sets! {
    BTreeSet<S>;
    HashSet<S, H>;
}
