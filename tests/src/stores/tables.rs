//! The tables of entities, as the tests want them.

use persist::Table;
use persist::schema::{Dialect, Schema};

/// The namespaces that tables are in, but for the usual one; in one order whoever asks, since some are locked.
pub(super) fn namespaces<'t>(tables: &[&'t Table]) -> Vec<&'t str> {
    let mut names: Vec<_> = tables.iter().filter_map(|table| table.schema).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The statements that make the tables; rows may refer to what is not there, as tests want some to.
pub(super) fn statements<DB: Dialect>(tables: &[&'static Table]) -> String {
    Schema::of(tables).without_foreign_keys().sql::<DB>().unwrap()
}
