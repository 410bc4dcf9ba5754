//! Trees: a view that holds itself, along a relation of its entity onto itself.
//!
//! A constant cannot need itself, so a tree's field names no node: it is the node that it stands in. What its rows are
//! held in says where the tree was cut.

use super::containers::distribute;
use super::edges::{Edges, nothing};
use super::field::{RowsOfEach, ViewField};
use super::node::{FieldMeta, Gather, Load, Tree};
use super::rows::{Missing, Supplies};
use super::slot::Slot;
use super::{View, ViewOf};
use crate::entity::{CellError, Column, Entity, Many, Maybe};
use crate::group::{OntoItself, Relation};
use std::marker::PhantomData;
use std::sync::Arc;

/// What a tree holds in place of its next level: the level, or the knowledge that it ends here.
///
/// A field with `#[view(depth = 2)]` is one. On the first level and on the one below, the rows are loaded; those of the
/// second level below have no more than [`Cut`](Self::Cut), which is not the same as a list without rows: whether there
/// are any was not looked at. With `#[view(recursive)]` every level is loaded.
///
/// ```
#[doc = tracker!()]
/// # mod tree {
/// #     diesel::table! { pages (id) { id -> Integer, title -> Text, above_id -> Nullable<Integer>, } }
/// # }
/// use persist::Branch;
///
/// #[derive(Debug, Clone, Entity)]
/// #[entity(table = tree::pages, has_many(below: Page, by = above))]
/// pub struct Page {
///     #[entity(key)]
///     id: i32,
///     title: String,
///     #[entity(belongs_to(above: Page))]
///     above_id: Option<i32>,
/// }
///
/// #[derive(Debug, View)]
/// #[view(of = Page)]
/// struct Chapter {
///     title: String,
///     #[view(depth = 2)]
///     below: Branch<Vec<Chapter>>,
/// }
/// assert_eq!(Chapter::STATEMENTS, 3);                                  // one for each level
///
/// let pages = [(1, None), (2, Some(1)), (3, Some(2)), (4, Some(3))];
/// context.insert_all(&pages.map(|(id, above_id)| Page { id, title: format!("page {id}"), above_id }))?;
/// let first = context.realise(Pages::from_keys([1]).view::<Chapter>())?.remove(0);
/// let second = &first.below.loaded().unwrap()[0];
/// let third = &second.below.loaded().unwrap()[0];
/// assert_eq!((third.title.as_str(), third.below.is_cut()), ("page 3", true));
/// # Ok::<(), persist::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Branch<T> {
    /// The rows of the next level; perhaps there are none.
    Loaded(T),
    /// The tree ends here: what is below was not looked at.
    Cut,
}

impl<T> Branch<T> {
    /// What was loaded; nothing where the tree was cut.
    pub const fn loaded(&self) -> Option<&T> {
        match self {
            Self::Loaded(rows) => Some(rows),
            Self::Cut => None,
        }
    }

    /// What was loaded, by value; nothing where the tree was cut.
    pub fn into_loaded(self) -> Option<T> {
        match self {
            Self::Loaded(rows) => Some(rows),
            Self::Cut => None,
        }
    }

    /// Whether the tree was cut here.
    pub const fn is_cut(&self) -> bool {
        matches!(self, Self::Cut)
    }
}

impl<T> Slot for Branch<T> {
    type Itself = Self;
    type Partial = ();
    type InOption = ();
    type InVec = ();
}

/// A field of type `Self` can hold the next level of a tree of `V`s, along a relation that leads to `C` rows of the same
/// entity.
///
/// | relation | held as |
/// |---|---|
/// | `has_many` | `Branch<Vec<V>>`, `Branch<Vec<Arc<V>>>`, `Branch<Arc<[V]>>` |
/// | a nullable `belongs_to` | `Branch<Option<Arc<V>>>` |
///
/// Implemented here for these types; there is no way to add one.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` cannot hold a tree of `{V}` along this relation",
    label = "not a container for the next level",
    note = "a tree holds the view itself: a `has_many` as `Branch<Vec<{V}>>`, a nullable `belongs_to` as \
            `Branch<Option<Arc<{V}>>>`; other relations make no tree"
)]
pub trait Grows<C, V>: Slot<Partial = ()> {
    /// For rows of their parent's own: puts them into containers.
    #[doc(hidden)]
    const GATHER: Option<Gather>;
    /// Takes what belongs to the row at hand.
    #[doc(hidden)]
    fn take(supplies: &mut Supplies) -> Result<Self, Missing>;
}

macro_rules! many {
    ($($container:ty, $close:expr;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<V: View> Grows<Many, V> for Branch<$container> {
            const GATHER: Option<Gather> =
                Some(|rows, owners, parents| distribute::<V, $container>(rows, owners, parents, $close));

            fn take(supplies: &mut Supplies) -> Result<Self, Missing> {
                if supplies.is_cut() { Ok(Self::Cut) } else { supplies.many().map(Self::Loaded) }
            }
        }
    )*};
}

many! {
    Vec<V>, Some;
    Vec<Arc<V>>, |list| Some(list.into_iter().map(Arc::new).collect());
    Arc<[V]>, |list| Some(Arc::from(list));
}

#[diagnostic::do_not_recommend]
impl<V: View> Grows<Maybe, V> for Branch<Option<Arc<V>>> {
    const GATHER: Option<Gather> = None;

    fn take(supplies: &mut Supplies) -> Result<Self, Missing> {
        if supplies.is_cut() { Ok(Self::Cut) } else { Ok(Self::Loaded(supplies.one::<V>()?.cloned())) }
    }
}

impl<E: Entity, C, T: Entity> Relation<E, C, T> {
    /// This relation as the field of a view of type `V` that holds itself. Emitted by the derive.
    ///
    /// # Panics
    /// At compile time, where the depth is 0.
    #[doc(hidden)]
    #[must_use]
    pub const fn tree_field<V: ViewOf<E>, F: Grows<C, V>>(self, field: &'static str, depth: u32) -> ViewField<E, F>
    where
        T: OntoItself<E>,
    {
        self.each().tree_field::<V, F>(field, depth)
    }

    /// The same, to the last level. Emitted by the derive.
    #[doc(hidden)]
    #[must_use]
    pub const fn whole_tree_field<V: ViewOf<E>, F: Grows<C, V>>(self, field: &'static str) -> ViewField<E, F>
    where
        T: OntoItself<E>,
    {
        self.each().whole_tree_field::<V, F>(field)
    }
}

impl<E: Entity, C, T: Entity> Edges<E, C, T> {
    /// The relation as the field of a view of type `V` that holds itself. Emitted by the derive.
    ///
    /// # Panics
    /// At compile time, where the depth is 0.
    #[must_use]
    pub const fn tree_field<V: ViewOf<E>, F: Grows<C, V>>(self, field: &'static str, depth: u32) -> ViewField<E, F>
    where
        T: OntoItself<E>,
    {
        assert!(depth > 0, "a tree of depth 0 holds nothing below: drop the field");
        self.grow::<V, F>(field, Some(depth))
    }

    /// The same, to the last level. Emitted by the derive.
    ///
    /// # Panics
    /// At compile time, where the rows of each parent are limited.
    #[must_use]
    pub const fn whole_tree_field<V: ViewOf<E>, F: Grows<C, V>>(self, field: &'static str) -> ViewField<E, F>
    where
        T: OntoItself<E>,
    {
        assert!(self.is_unlimited(), "a whole tree has no `limit`");
        self.grow::<V, F>(field, None)
    }

    const fn grow<V: ViewOf<E>, F: Grows<C, V>>(self, field: &'static str, depth: Option<u32>) -> ViewField<E, F> {
        let load = Load::Tree(Tree { depth, gather: F::GATHER });
        ViewField {
            meta: self.edge(field, load),
            decode: nothing,
            finish: grown::<C, V, F>,
            cells: None,
            below: None,
            entity: PhantomData,
        }
    }
}

fn grown<C, V, F: Grows<C, V>>((): (), supplies: &mut Supplies) -> Result<F, Missing> {
    F::take(supplies)
}

impl<E, T> Column<E, T> {
    /// Refuses. Emitted by the derive, which does not know a column from a relation.
    #[doc(hidden)]
    #[must_use]
    pub const fn tree_field<V, F: Slot>(self, field: &'static str, _: u32) -> ViewField<E, F>
    where
        Self: RowsOfEach,
    {
        self.whole_tree_field::<V, F>(field)
    }

    /// Refuses, like [`tree_field`](Self::tree_field).
    #[doc(hidden)]
    #[must_use]
    pub const fn whole_tree_field<V, F: Slot>(self, field: &'static str) -> ViewField<E, F>
    where
        Self: RowsOfEach,
    {
        let meta = FieldMeta::Column(field, self.def);
        ViewField {
            meta,
            decode: |_| Err(CellError::short(0)),
            finish: |_, _| Err(Missing),
            cells: None,
            below: None,
            entity: PhantomData,
        }
    }
}
