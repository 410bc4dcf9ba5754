//! Which entities are inserted as they are: [`Insertable`].

use super::Entity;

/// An entity whose columns the program gives, all of them: what [`Context::insert`](crate::Context::insert) takes.
///
/// One with `generated` columns is not: it is [created](crate::Context::create).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an entity",
    label = "not an entity",
    note = "derive `Entity` on it: `#[derive(Entity)] #[entity(table = schema::..)]`"
)]
pub trait Insertable: Entity {}

impl<E: Entity<Columns: GivenBy<E>>> Insertable for E {}

/// Who gives the columns of `E`, as a type. For the words.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{E}` has columns that the database makes, and `insert` writes every field",
    label = "has `generated` columns",
    note = "use `create`, which leaves them to the database and reads them back",
    note = "for copies and fixtures there is `insert_exactly`, which writes every field as it is"
)]
pub trait GivenBy<E> {}

/// The program gives all of them.
#[doc(hidden)]
#[derive(Debug)]
pub enum Given {}

/// The store makes some of them.
#[doc(hidden)]
#[derive(Debug)]
pub enum Made {}

impl<E> GivenBy<E> for Given {}
