//! The different values of a column in a group, as a request.

use super::Group;
use super::select::Select;
use crate::entity::{Column, ColumnDef, Entity, Field};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// The different values of a column in a group: a [request](crate::Request) that realises to a `Vec`, made by
/// [`Group::values`].
#[must_use = "nothing is asked until a context realises it"]
pub struct Values<F> {
    pub(crate) select: Arc<Select>,
    pub(crate) column: ColumnDef,
    field: PhantomData<fn() -> F>,
}

impl<F> Clone for Values<F> {
    fn clone(&self) -> Self {
        Self { select: Arc::clone(&self.select), column: self.column, field: PhantomData }
    }
}

impl<F> fmt::Debug for Values<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "values of {} of {}", self.column.name, self.select)
    }
}

impl<E: Entity<Group: From<Group<E>>>> Group<E> {
    /// The different values that `column` has in this group, each once: a request that realises to a `Vec` of the field's
    /// type. For filters to choose from, say.
    ///
    /// They ascend: NULL first, which is a value here (`None`), numbers by magnitude, text by code point, whatever the
    /// entity's [collation](crate::Collation). Limit and offset are considered, of the group's rows; its order decides of
    /// which. It is one statement, and no row is loaded for it. JSON is refused, since no database tells all documents
    /// apart as another does.
    ///
    /// ```
    #[doc = tracker!()]
    /// let bugs = Bugs::all();
    /// let (heats, assignees) = context.realise((bugs.values(bug::heat), bugs.values(bug::assignee_id)))?;
    /// assert_eq!(heats, [3, 42]);
    /// assert_eq!(assignees, [None, Some(2)]);
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn values<F: Field>(&self, column: Column<E, F>) -> Values<F> {
        Values { select: Arc::clone(self.select()), column: column.def(), field: PhantomData }
    }
}
