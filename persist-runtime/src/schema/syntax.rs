//! What a backend says of itself to have tables written for it.

use super::model::{Column, TableDef};
use std::borrow::Cow;

/// A backend of Diesel that [`Schema`](super::Schema) makes tables for. Implemented here for those whose feature is on;
/// sealed.
pub trait Dialect: diesel::backend::Backend + Sealed {
    /// What this backend writes differently.
    #[doc(hidden)]
    fn syntax() -> &'static dyn Syntax;
}

/// Only this crate's backends are dialects.
pub trait Sealed {}

/// What a backend writes differently.
pub trait Syntax: Sync {
    /// The backend's name.
    fn backend(&self) -> &'static str;

    /// The character around an identifier.
    fn quote(&self) -> char {
        '"'
    }

    /// How many bytes a name may have, if there is an end to it.
    fn longest_name(&self) -> Option<usize>;

    /// Whether tables that were made in a transaction are gone when that is undone.
    fn undoes_tables(&self) -> bool {
        true
    }

    /// What makes a schema, by its quoted name; none where it cannot be made.
    fn namespace(&self, quoted: &str) -> Option<String>;

    /// Whether references can lead into another schema.
    fn leads_elsewhere(&self) -> bool {
        true
    }

    /// Whether references can be added to a table that is there.
    fn adds_references(&self) -> bool {
        true
    }

    /// Whether indexes stand among the columns of their table.
    fn indexes_within(&self) -> bool {
        false
    }

    /// Whether an index stands in the schema that its own name says.
    fn index_says_schema(&self) -> bool {
        false
    }

    /// What follows the columns.
    fn options(&self) -> &'static str {
        ""
    }

    /// The type of a column, its collation included.
    ///
    /// # Errors
    /// The type's name, where the column must be compared and cannot be.
    #[doc(hidden)]
    fn type_of(&self, column: &Column) -> Result<Cow<'static, str>, &'static str>;

    /// What makes the values of a generated column that is never NULL; none where it is not known of its type.
    ///
    /// # Errors
    /// Why nothing does.
    #[doc(hidden)]
    fn made(&self, table: &TableDef, column: &Column) -> Result<Option<&'static str>, &'static str>;

    /// Whether what [makes](Self::made) the key says that it is the key.
    #[doc(hidden)]
    fn key_is_said(&self, _: &TableDef) -> bool {
        false
    }
}
