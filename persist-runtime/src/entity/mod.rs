//! Entities, columns and scalars: the metadata that the derives emit and every other room reads.
//!
//! Programs need [`Entity`], the constants that it makes ([`Column`]) and, to write a column type by hand, [`Scalar`] with
//! [`Raw`] and [`Value`]. [`Table`] and [`ColumnDef`] are the same without types, for stores.
//!
//! Nothing here knows of groups, plans or stores, and nothing does I/O.

mod cardinality;
mod cells;
mod column;
mod decimal;
#[doc(hidden)]
pub mod declare;
mod embed;
mod error;
mod given;
#[cfg(feature = "json")]
mod json;
mod key;
mod nowhere;
mod raw;
#[cfg(feature = "mysql")]
pub(crate) mod raw_mysql;
#[cfg(feature = "postgres")]
pub(crate) mod raw_pg;
#[cfg(feature = "sqlite")]
pub(crate) mod raw_sqlite;
mod rules;
mod scalar;
#[cfg(feature = "chrono")]
pub(crate) mod scalar_chrono;
mod scalar_other;
mod scalar_std;
mod strategy;
mod table;
mod value;

pub use cardinality::{By, Many, Maybe, One, Sole, Through, Valued};
pub use cells::Reader;
#[doc(hidden)]
pub use cells::Row;
pub(crate) use cells::{Known, read_field};
pub use column::{Column, ColumnDef};
pub use decimal::{Decimal, NotADecimal};
#[doc(hidden)]
pub use embed::read_part;
pub use embed::{Embed, Embedded, Nullability, Optional, Required};
pub use error::CellError;
#[doc(hidden)]
pub use given::{Given, GivenBy, Made};
#[cfg(feature = "json")]
pub use json::Json;
pub use key::Key;
#[doc(hidden)]
pub use nowhere::Nowhere;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
pub(crate) use raw::Cell;
pub use raw::{Cells, Misfit, Raw, Unfit};
pub use rules::{Besides, Counter, Dependent, Guard, Move, OnDelete, Reference, Rules, Updated};
pub use scalar::{Field, Newtype, Scalar, StoredAs, TextScalar, Typed};
#[doc(hidden)]
pub use scalar::{Out, Shown};
pub use strategy::Strategy;
pub(crate) use table::same_text;
pub use table::{Collation, Table};
pub(crate) use value::Excerpt;
pub use value::{ColumnType, Value};

/// A plain struct whose values are rows of a table; implemented by [`#[derive(Entity)]`](derive@crate::Entity), not by
/// hand.
///
/// ```
#[doc = tracker!()]
/// # use persist::Entity as _;
/// assert_eq!(bugs[0].key(), 7);
/// assert_eq!(<Bug as persist::Entity>::TABLE.name, "bugs");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an entity",
    label = "not an entity",
    note = "derive `Entity` on it: `#[derive(Entity)] #[entity(table = schema::..)]`"
)]
pub trait Entity: Sized + Send + Sync + 'static {
    /// The key: the type of the key's field, or a tuple of them.
    type Key: Key;
    /// The type whose associated constants are this entity's columns and relations: `bug` for `Bug`.
    type Cols;
    /// The typed group of this entity: `Bugs` for `Bug`.
    type Group;
    /// The table, as Diesel knows it.
    #[doc(hidden)]
    type Source;
    /// Who gives its columns.
    #[doc(hidden)]
    type Columns;
    /// Where it is stored, as data.
    const TABLE: &'static Table;

    /// The key of this value: a clone of the key's field, or a tuple of them.
    fn key(&self) -> Self::Key;

    /// Every stored field in its neutral form, in the order of [`Table::columns`].
    fn values(&self) -> Vec<Value> {
        let mut values = Vec::with_capacity(Self::TABLE.columns.len());
        self.push_values(&mut |cell| values.push(cell.value()));
        values
    }

    /// Shows every stored field as a cell, in the order of [`Table::columns`].
    #[doc(hidden)]
    fn push_values(&self, out: &mut Out<'_>);

    /// Takes over the fields that are not stored from the value that this one replaces.
    #[doc(hidden)]
    fn keep_transient(&mut self, _from: &mut Self) {}
}
