//! Which entities are inserted as they are: [`Insertable`].

use super::editable::Editable;
use crate::entity::{Entity, GivenBy};

/// An entity whose columns the program gives, all of them: what [`Context::insert`](crate::Context::insert) takes.
///
/// One with `generated` columns is not: it is [created](crate::Context::create).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an entity",
    label = "not an entity",
    note = "derive `Entity` on it: `#[derive(Entity)] #[entity(table = schema::..)]`"
)]
pub trait Insertable: Editable<Of = Self> + Entity {}

impl<E: Whole<By: GivenBy<E>>> Insertable for E {}

/// An entity, as a view of itself: one bound, so that what is none is told so once.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an entity",
    label = "not an entity",
    note = "derive `Entity` on it: `#[derive(Entity)] #[entity(table = schema::..)]`"
)]
pub trait Whole: Editable<Of = Self> + Entity {
    /// Who gives its columns.
    type By;
}

#[diagnostic::do_not_recommend]
impl<E: Editable<Of = E> + Entity> Whole for E {
    type By = E::Columns;
}
