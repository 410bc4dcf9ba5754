//! The first rows for each value of some columns: what a [`Per`] says.

use super::render::{Scope, cells, where_filter};
use super::source::{Source, numbered_places, order_by, renumbered_places};
use super::sql::{Place, Statement, Written};
#[cfg(feature = "mysql")]
use super::{
    joins::{Beside, Firsts},
    render::keyed_filter,
    source::numbered,
};
use crate::group::{Per, Select};
#[cfg(feature = "mysql")]
use crate::{
    engine::{Fetch, Keyed},
    entity::ColumnDef,
};

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
        numbers(sql, &source, &source.scope.places(&per.columns))?;
        source.write(sql, select)?;
        where_filter(sql, source.scope, &Select { per: None, ..select.clone() })
    })?;
    sql.text(") AS ").alias_name(ranked).text(" WHERE ").alias_name(ranked);
    sql.put(format_args!(".n <= {})", i64::try_from(per.most).unwrap_or(i64::MAX)));
    Ok(())
}

/// `, ROW_NUMBER() OVER (..) AS n FROM `: the number of a row among those that have the same at these places.
fn numbers(sql: &mut Statement, source: &Source, by: &[Place]) -> Written {
    sql.text(", ROW_NUMBER() OVER (PARTITION BY ");
    sql.list(by, ", ", |sql, place| {
        sql.syntax().grouped(sql, place);
        Ok(())
    })?;
    order_by(sql, &source.order)?;
    sql.text(") AS n FROM ");
    Ok(())
}

/// The first rows of each of the keys that a select gives, for a backend that cannot look at the rows of one key after the
/// other: all of them are read, and numbered.
#[cfg(feature = "mysql")]
pub(super) fn first_of_selected(
    sql: &mut Statement,
    fetch: &Fetch,
    keyed: &Keyed,
    most: u64,
    columns: &[ColumnDef],
) -> Written {
    let inner = Source::keyed(sql, fetch, keyed);
    let (rows, beside) = (sql.alias(), Beside::of(sql, fetch));
    let Firsts { given, columns, locals, order } = Firsts::of(&inner, columns, &beside, rows);
    sql.text("SELECT ");
    cells(sql, &[columns, beside.places()].concat())?;
    sql.text(" FROM (SELECT ");
    numbered(sql, &given)?;
    numbers(sql, &inner, &inner.scope.places(&keyed.by))?;
    inner.write(sql, &fetch.select)?;
    keyed_filter(sql, inner.scope, fetch, keyed)?;
    sql.text(") AS ").alias_name(rows);
    beside.write(sql, &locals)?;
    sql.text(" WHERE ").alias_name(rows).put(format_args!(".n <= {}", i64::try_from(most).unwrap_or(i64::MAX)));
    order_by(sql, &order)
}
