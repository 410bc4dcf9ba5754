//! Everything that a relation of an entity onto itself leads to, and leads on to from there: descendants and ancestors.

use super::condition::Condition;
use super::keys::KeySet;
use super::select::{Projection, Select};
use super::{Group, Relation, RelationDef};
use crate::entity::{ColumnDef, Entity, Many, Maybe, One, Sole};
use std::fmt;
use std::sync::Arc;

/// The columns hold one of the tuples that can be reached: the meaning of [`Condition::Reached`].
///
/// Those that `from` selects can be reached; and those that `step` selects of a row whose columns `by` hold one that can
/// be. Each counts once, so that rows which lead round in a circle come to an end.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Reached {
    /// Columns of the row at hand.
    pub columns: Vec<ColumnDef>,
    /// Where it begins.
    pub from: Projection,
    /// The rows that lead on, and where to.
    pub step: Projection,
    /// The columns of those rows by which they are reached themselves.
    pub by: Vec<ColumnDef>,
}

/// A relation that [`Group::reach`] can follow: one whose foreign key is in the entity's own table.
#[diagnostic::on_unimplemented(
    message = "a relation over a link table cannot be followed to its end",
    label = "a `many_to_many`",
    note = "follow a `belongs_to`, a `has_one` or a `has_many` of the entity onto itself; of this one, take single steps: \
            `group.along(..)`"
)]
pub trait Onward {}

impl Onward for One {}
impl Onward for Maybe {}
impl Onward for Sole {}
impl Onward for Many {}

/// The entity that a relation starts from, where it has to lead to that entity as well: what trees need.
#[diagnostic::on_unimplemented(
    message = "a tree needs a relation of `{E}` onto itself, and this one leads to `{Self}`",
    label = "leads to another entity",
    note = "a view holds a view of `{Self}` here, without `depth`; a group takes a single step, `group.along(..)`"
)]
pub trait OntoItself<E> {}

impl<E: Entity> OntoItself<E> for E {}

impl Select {
    /// The rows that `relation` leads to from these, and from those.
    fn reach(self: &Arc<Self>, relation: &RelationDef) -> Self {
        let from = Projection { select: Arc::clone(self), columns: relation.local.to_vec() };
        let mut reached = relation.reached(from, relation.condition());
        reached.order = relation.order.to_vec();
        reached
    }
}

impl RelationDef {
    /// The rows that this leads to from what `from` selects, and from those; of them all only those that satisfy a
    /// condition.
    fn reached(&self, from: Projection, condition: Option<Condition>) -> Select {
        let mut rows = Select::all(self.to);
        rows.filter = condition;
        let step = Projection { select: Arc::new(rows.clone()), columns: self.local.to_vec() };
        let (columns, by) = (self.remote.to_vec(), self.remote.to_vec());
        rows.narrow(Condition::Reached(Box::new(Reached { columns, from, step, by })));
        rows
    }

    /// The same from the rows that lead by one of `keys`.
    pub(crate) fn reached_by_keys(&self, keys: KeySet, condition: Option<Condition>) -> Select {
        let columns = self.remote.to_vec();
        // Of the keys, those that lead to a row: what it holds is what was looked for.
        let led = Select::matching(self.to, Condition::InKeys { columns: columns.clone(), keys: Arc::new(keys) });
        self.reached(Projection { select: Arc::new(led), columns }, condition)
    }
}

impl<E: Entity<Group: From<Group<E>>>> Group<E> {
    /// Everything that `relation` leads to from this group, and from there, and so on: all descendants by a `has_many`,
    /// all ancestors by a `belongs_to`. Each once, by key.
    ///
    /// It is one condition of one statement (a recursive common table expression), however deep it goes. Rows of the
    /// group itself are in it only if something leads to them. Where rows lead round in a circle it ends all the same:
    /// each is in it once. The relation is one of the entity onto itself, and not a `many_to_many`.
    ///
    /// ```
    #[doc = tracker!()]
    /// # mod tree {
    /// #     diesel::table! { pages (id) { id -> Integer, above_id -> Nullable<Integer>, } }
    /// # }
    /// #[derive(Debug, Clone, Entity)]
    /// #[entity(table = tree::pages, has_many(below: Page, by = above))]
    /// pub struct Page {
    ///     #[entity(key)]
    ///     id: i32,
    ///     #[entity(belongs_to(above: Page))]
    ///     above_id: Option<i32>,
    /// }
    /// context.insert_all(&[(1, None), (2, Some(1)), (3, Some(2)), (4, Some(3))].map(|(id, above_id)| Page { id, above_id }))?;
    ///
    /// let ids = |pages: Vec<Page>| pages.iter().map(|page| page.id).collect::<Vec<_>>();
    /// assert_eq!(ids(context.realise(Pages::from_keys([2]).reach(page::below))?), [3, 4]);
    /// assert_eq!(ids(context.realise(Pages::from_keys([3]).reach(page::above))?), [1, 2]);
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn reach<C: Onward, T: OntoItself<E>>(&self, relation: Relation<E, C, T>) -> E::Group {
        Self::make(self.select.reach(&relation.def()))
    }
}

impl fmt::Display for Reached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} reached from {}, by {}", super::names(&self.columns), self.from, self.step)
    }
}
