//! The first few for each value of a column, or for each row that a relation leads to.

use super::Group;
use super::order::ToOne;
use super::relation::Relation;
use super::select::Per;
use crate::entity::{Column, ColumnDef, Entity, Field};

/// What a group can be limited by: a [`Column`], or a [`Relation`] to one row. What [`Group::limit_per`] takes.
#[diagnostic::on_unimplemented(
    message = "a group of `{E}` cannot be limited for each value of `{Self}`",
    label = "neither a column of `{E}` nor a relation of it",
    note = "name a column or a `belongs_to`: `bugs.limit_per(bug::distro, 3)`"
)]
pub trait PerValue<E> {
    /// The columns whose values are told apart.
    #[doc(hidden)]
    fn columns(self) -> Vec<ColumnDef>;
}

impl<E, F: Field> PerValue<E> for Column<E, F> {
    fn columns(self) -> Vec<ColumnDef> {
        vec![self.def()]
    }
}

impl<E, C: ToOne, T> PerValue<E> for Relation<E, C, T> {
    fn columns(self) -> Vec<ColumnDef> {
        self.def().local.to_vec()
    }
}

impl<E: Entity<Group: From<Group<E>>>> Group<E> {
    /// At most `most` of them for each value of a column, or for each row that a `belongs_to` leads to: the first in the
    /// group's order. NULL is a value here; those that have it are limited together.
    ///
    /// A limit that was set before counts first, as in [`filter`](Self::filter); one that is set after cuts what this
    /// leaves.
    ///
    /// ```
    #[doc = tracker!()]
    /// let hottest = Bugs::all().order_by(bug::heat.desc()).limit_per(bug::owner, 1);
    /// assert_eq!(context.realise(&hottest)?.iter().map(|bug| bug.id).collect::<Vec<_>>(), [7, 9]);
    /// assert_eq!(context.realise(Bugs::all().limit_per(bug::assignee_id, 1).count())?, 2);
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn limit_per(&self, value: impl PerValue<E>, most: u64) -> E::Group {
        let mut select = self.select.open();
        select.per = Some(Per { columns: value.columns(), most });
        Self::make(select)
    }
}
