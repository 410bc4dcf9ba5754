//! Slots: what a field of a view may be, and what stands in its place until its relations are there.

use super::View;
use super::node::Node;
use super::rows::Supplies;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// What may be a field of a view: a scalar (a column), or a container of views (a relation).
///
/// Each leaf type says what it becomes inside `Option` and `Vec`, so that the compiler, not the macro, finds out that
/// `Vec<u8>` is a column and `Vec<CommentLine>` a relation. A [`View`] is one by itself, and the derive of scalars implements
/// it; a [`Scalar`](crate::Scalar) written by hand implements it as below, or only entities can show it.
///
/// ```
/// struct Percent(u8);
///
/// impl persist::view::Slot for Percent {
///     type Itself = Self;
///     type Partial = Self;
///     type InOption = Option<Self>;
///     type InVec = Vec<Self>;
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a field of a view",
    label = "neither a column type nor a container of views",
    note = "a relation to one row is held as `V`, `Arc<V>`, `Option<V>` or `Option<Arc<V>>`, one to many as `Vec<V>`, \
            `Vec<Arc<V>>`, `Arc<[V]>` or a map, where `V` derives `View` or `Entity`; use `Arc` in place of `Box` or `Rc`"
)]
pub trait Slot: Sized {
    /// The same type. Generated code names a field's type by way of this, so that what is wrong with it is said once.
    #[doc(hidden)]
    type Itself: Slot;
    /// The decoded part: the value itself for a column, nothing for a relation.
    type Partial: Send + 'static;
    /// The decoded part of an `Option` of this.
    type InOption: Send + 'static;
    /// The decoded part of a `Vec` of this.
    type InVec: Send + 'static;

    /// The same value, in its place: the field of this name in the view of this node.
    #[doc(hidden)]
    #[inline(always)]
    #[must_use]
    fn placed(self, _: &Supplies, _: &'static Node, _: &'static str) -> Self {
        self
    }
}

macro_rules! columns {
    ($($(#[$cfg:meta])? $scalar:ty),* $(,)?) => {$(
        $(#[$cfg])?
        impl Slot for $scalar {
            type Itself = Self;
            type Partial = Self;
            type InOption = Option<Self>;
            type InVec = Vec<Self>;
        }
    )*};
}

columns!(
    bool, u8, i16, i32, i64, f32, f64, String,
    #[cfg(feature = "chrono")] chrono::NaiveDate,
    #[cfg(feature = "chrono")] chrono::NaiveTime,
    #[cfg(feature = "chrono")] chrono::NaiveDateTime,
    #[cfg(feature = "chrono")] chrono::DateTime<chrono::Utc>,
    #[cfg(feature = "uuid")] uuid::Uuid,
    #[cfg(feature = "decimal")] rust_decimal::Decimal,
    #[cfg(feature = "json")] serde_json::Value,
);

/// A view comes later, wherever it stands.
impl<V: View> Slot for V {
    type Itself = Self;
    type Partial = ();
    type InOption = ();
    type InVec = ();
}

#[cfg(feature = "json")]
impl<T: Send + 'static> Slot for crate::entity::Json<T> {
    type Itself = Self;
    type Partial = Self;
    type InOption = Option<Self>;
    type InVec = Vec<Self>;
}

impl<T: Slot> Slot for Option<T> {
    type Itself = Option<T::Itself>;
    type Partial = T::InOption;
    type InOption = ();
    type InVec = ();
}

impl<T: Slot> Slot for Vec<T> {
    type Itself = Vec<T::Itself>;
    type Partial = T::InVec;
    type InOption = Option<T::InVec>;
    type InVec = ();
}

macro_rules! containers {
    ($(($($name:ident)+) $container:ty;)*) => {$(
        impl<$($name),+> Slot for $container {
            type Itself = Self;
            type Partial = ();
            type InOption = ();
            type InVec = ();
        }
    )*};
}

containers! {
    (K V) BTreeMap<K, V>;
    (K V S) HashMap<K, V, S>;
    (K) BTreeSet<K>;
    (K S) HashSet<K, S>;
}

/// A row with its link, in a `Vec`.
impl<W: Slot, V: Slot> Slot for (W, V) {
    type Itself = (W::Itself, V::Itself);
    type Partial = ();
    type InOption = ();
    type InVec = ();
}

impl<V: ?Sized> Slot for Arc<V> {
    type Itself = Self;
    type Partial = ();
    type InOption = ();
    type InVec = ();
}
