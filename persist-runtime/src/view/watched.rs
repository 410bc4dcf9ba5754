//! Fields that note whether they are read: for tests that ask what was loaded for nothing.
//!
//! A plain field cannot tell, so that it takes a type of its own; without a report that asks, it notes nothing.

use super::containers::Holds;
use super::field::{Shows, ShowsWhole};
use super::loader::Accepts;
use super::measure::Measures;
use super::node::{Gather, Load, Node};
use super::rows::{Missing, Supplies};
use super::slot::Slot;
use super::{Grows, LeadsTo, ManyRows};
use crate::entity::{CellError, Entity, Out, Reader, Unfit, Value};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// A field of a view that notes whether it is read: around whatever type the field has. It is what a `T` is, by way of
/// `Deref`; taking it so, comparing it, showing it (`Display`) and iterating over it is reading it.
/// `Debug` and `Clone` are not.
///
/// A [`Report`](crate::testkit::Report) says which were loaded and never read; an example is there. Where none was asked
/// for, and in a struct literal (`vec![].into()`), nothing is noted.
pub struct Watched<T> {
    value: T,
    mark: Option<Arc<Mark>>,
}

/// What is known of one field of one view, in all rows.
#[derive(Default)]
struct Mark {
    rows: AtomicU64,
    read: AtomicBool,
}

/// What was loaded into watched fields, by view and field.
#[derive(Default)]
pub(crate) struct WatchLog(Mutex<BTreeMap<(&'static str, &'static str), Arc<Mark>>>);

impl WatchLog {
    fn mark(&self, view: &'static str, field: &'static str) -> Arc<Mark> {
        let mut marks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(marks.entry((view, field)).or_default())
    }

    /// Each view and field, in how many rows it was loaded, and whether it was read in any.
    pub(crate) fn fields(&self) -> Vec<(&'static str, &'static str, u64, bool)> {
        let marks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let field = |((view, field), mark): (&(&'static str, &'static str), &Arc<Mark>)| {
            (*view, *field, mark.rows.load(Ordering::Relaxed), mark.read.load(Ordering::Relaxed))
        };
        marks.iter().map(field).collect()
    }
}

impl<T> Watched<T> {
    const fn unmarked(value: T) -> Self {
        Self { value, mark: None }
    }

    /// The same, noted as a field that was loaded.
    fn marked(self, supplies: &Supplies, node: &'static Node, field: &'static str) -> Self {
        let mark = supplies.log().map(|log| log.mark(node.view, field));
        if let Some(mark) = &mark {
            mark.rows.fetch_add(1, Ordering::Relaxed);
        }
        Self { value: self.value, mark }
    }

    fn note(&self) {
        if let Some(mark) = &self.mark {
            mark.read.store(true, Ordering::Relaxed);
        }
    }

    /// The value, which counts as read.
    pub fn into_inner(self) -> T {
        self.note();
        self.value
    }
}

impl<T> Deref for Watched<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.note();
        &self.value
    }
}

impl<T> DerefMut for Watched<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.note();
        &mut self.value
    }
}

impl<T> From<T> for Watched<T> {
    fn from(value: T) -> Self {
        Self::unmarked(value)
    }
}

impl<T: Clone> Clone for Watched<T> {
    fn clone(&self) -> Self {
        Self { value: self.value.clone(), mark: self.mark.clone() }
    }
}

impl<T: fmt::Debug> fmt::Debug for Watched<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<T: fmt::Display> fmt::Display for Watched<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: PartialEq> PartialEq for Watched<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: Eq> Eq for Watched<T> {}

impl<T: Default> Default for Watched<T> {
    fn default() -> Self {
        Self::unmarked(T::default())
    }
}

impl<T: IntoIterator> IntoIterator for Watched<T> {
    type Item = T::Item;
    type IntoIter = T::IntoIter;

    fn into_iter(self) -> T::IntoIter {
        self.into_inner().into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Watched<T>
where
    &'a T: IntoIterator,
{
    type Item = <&'a T as IntoIterator>::Item;
    type IntoIter = <&'a T as IntoIterator>::IntoIter;

    fn into_iter(self) -> Self::IntoIter {
        (**self).into_iter()
    }
}

impl<T: Slot> Slot for Watched<T> {
    type Itself = Watched<T::Itself>;
    type Partial = T::Partial;
    type InOption = ();
    type InVec = ();

    fn placed(self, supplies: &Supplies, node: &'static Node, field: &'static str) -> Self {
        self.marked(supplies, node, field)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Shows<T>> Shows<T> for Watched<T> {
    fn decode(reader: &mut Reader<'_>) -> Result<T::Partial, CellError> {
        T::decode(reader)
    }

    fn as_read(partial: T::Partial, supplies: &mut Supplies) -> Result<Self, Missing> {
        T::as_read(partial, supplies).map(Self::unmarked)
    }

    // To be written is not to be read.
    fn push(&self, out: &mut Out<'_>) {
        self.value.push(out);
    }
}

#[diagnostic::do_not_recommend]
impl<T: ShowsWhole<T>> ShowsWhole<T> for Watched<T> {
    fn decode(reader: &mut Reader<'_>) -> Result<T::Partial, CellError> {
        T::decode(reader)
    }

    fn as_read(partial: T::Partial, supplies: &mut Supplies) -> Result<Self, Missing> {
        T::as_read(partial, supplies).map(Self::unmarked)
    }

    // To be written is not to be read.
    fn push(&self, out: &mut Out<'_>) {
        self.value.push(out);
    }
}

#[diagnostic::do_not_recommend]
impl<C, T: Entity, H: Holds<C, T>> Holds<C, T> for Watched<H> {
    type View = H::View;
    const LOAD: Load = H::LOAD;
    const BY_KEY: bool = H::BY_KEY;

    fn take(supplies: &mut Supplies) -> Result<Self, Missing> {
        H::take(supplies).map(Self::unmarked)
    }
}

#[diagnostic::do_not_recommend]
impl<C, V, G: Grows<C, V>> Grows<C, V> for Watched<G> {
    const GATHER: Option<Gather> = G::GATHER;

    fn take(supplies: &mut Supplies) -> Result<Self, Missing> {
        G::take(supplies).map(Self::unmarked)
    }
}

#[diagnostic::do_not_recommend]
impl<K, F: Measures<K>> Measures<K> for Watched<F> {
    fn measured(value: &Value) -> Result<Self, Unfit> {
        F::measured(value).map(Self::unmarked)
    }

    fn placed(self, supplies: &Supplies, node: &'static Node, field: &'static str) -> Self {
        self.marked(supplies, node, field)
    }
}

macro_rules! accepts {
    ($($held:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<T> Accepts<T> for Watched<$held> {
            fn accept(value: Option<T>) -> Option<Self> {
                <$held as Accepts<T>>::accept(value).map(Self::unmarked)
            }

            fn placed(self, supplies: &Supplies, node: &'static Node, field: &'static str) -> Self {
                self.marked(supplies, node, field)
            }
        }
    )*};
}

accepts!(T, Option<T>);

#[diagnostic::do_not_recommend]
impl<F: LeadsTo> LeadsTo for Watched<F> {
    type View = F::View;
}

#[diagnostic::do_not_recommend]
impl<F: ManyRows> ManyRows for Watched<F> {}
