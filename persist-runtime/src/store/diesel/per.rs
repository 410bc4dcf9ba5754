//! The first rows for each value of some columns: what a [`Per`] says.

use super::render::{Scope, cells, where_filter};
use super::source::{Source, numbered_places, order_by, renumbered_places};
use super::sql::{Statement, Written};
use crate::group::{Per, Select};

/// "The row at `scope` is one of the first for its value": its key is among those that a window numbers low enough.
pub(super) fn first_per(sql: &mut Statement, scope: Scope, select: &Select, per: &Per) -> Written {
    let key = scope.places(select.table.key);
    let head = sql.syntax().row_head(&key);
    sql.row(&key).text(" IN (SELECT ").text(head);
    let ranked = sql.alias();
    sql.nested(false, |sql| {
        let source = Source::of(sql, select);
        let key = source.scope.places(select.table.key);
        cells(sql, &renumbered_places(&key, ranked))?;
        sql.text(" FROM (SELECT ");
        numbered_places(sql, &key)?;
        sql.text(", ROW_NUMBER() OVER (PARTITION BY ");
        sql.list(source.scope.places(&per.columns), ", ", |sql, place| {
            sql.syntax().grouped(sql, &place);
            Ok(())
        })?;
        order_by(sql, &source.order)?;
        sql.text(") AS n FROM ");
        source.write(sql, select)?;
        where_filter(sql, source.scope, &Select { per: None, ..select.clone() })
    })?;
    sql.text(") AS ").alias_name(ranked).text(" WHERE ").alias_name(ranked);
    sql.put(format_args!(".n <= {})", i64::try_from(per.most).unwrap_or(i64::MAX)));
    Ok(())
}
