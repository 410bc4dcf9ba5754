//! Changes of all rows of a selection: one statement, which looks for the rows itself.

use super::assign::{Given, assignments};
use super::batch::Batch;
use super::render::{Scope, where_filter};
use super::sql::{Statement, Written};
use crate::entity::Table;
use crate::group::{Condition, Select};
use crate::store::Fault;
use std::sync::Arc;

/// Refuses rows that no store has, and sees to it that what is cut is cut.
pub(super) fn opened(select: &Arc<Select>) -> Result<Select, Fault> {
    if select.union.is_some() {
        return Err(Fault::Unsupported("write rows of several kinds at once".to_owned()));
    }
    // A cut selection becomes a condition on the key.
    Ok(select.narrowed(Condition::And(Vec::new())))
}

/// `UPDATE t AS t1 SET .. WHERE ..` or `DELETE FROM t AS t1 WHERE ..`
pub(super) fn plain(sql: &mut Statement, batch: &Batch<'_>, select: &Select) -> Written {
    let row = Scope::of(sql, select.table);
    begin(sql, batch, select.table, row)?;
    where_filter(sql, row, select)
}

fn begin(sql: &mut Statement, batch: &Batch<'_>, table: &'static Table, row: Scope) -> Written {
    if batch.deletes {
        sql.text("DELETE FROM ").table_as(table, row.alias);
        return Ok(());
    }
    sql.text("UPDATE ").table_as(table, row.alias).text(" SET ");
    assignments(sql, Given::Bound(batch), row)
}
