//! Who gives the columns of an entity, as a type.

/// Who gives the columns of `E`. For the words.
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
