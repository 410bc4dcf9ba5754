//! Rows that are found by columns that are unique, whether those are the key or not.

use super::{Failed, Keep, chosen, rows_of};
use crate::entity::{ColumnDef, Table, Value};
use crate::group::names;
use crate::store::{Fault, StoreError};
use ahash::AHashMap;

/// The rows of a table, as they are found by some columns.
pub(super) enum Found {
    /// By the key: whoever keeps them finds them.
    ByKey(&'static Table),
    /// By other columns. Rows with NULL in one of these are not found.
    ByValues(AHashMap<Vec<Value>, Vec<Value>>),
}

impl Found {
    pub(super) fn by(
        keep: &dyn Keep,
        table: &'static Table,
        by: &[ColumnDef],
        failed: Failed<'_>,
    ) -> Result<Self, StoreError> {
        if by == table.key {
            return Ok(Self::ByKey(table));
        }
        let mut rows = AHashMap::new();
        for row in rows_of(keep, table)? {
            let values = chosen(table, &row, by);
            if !values.iter().any(Value::is_null) && rows.insert(values, row).is_some() {
                let words =
                    format!("two rows of `{}` hold the same {}, by which one is to be found", table.name, names(by));
                return Err(failed(Fault::Unfit(words)));
            }
        }
        Ok(Self::ByValues(rows))
    }

    pub(super) fn row(&self, keep: &dyn Keep, values: &[Value]) -> Result<Option<Vec<Value>>, StoreError> {
        match self {
            Self::ByKey(table) => keep.find(table, values),
            Self::ByValues(rows) => Ok(rows.get(values).cloned()),
        }
    }
}
