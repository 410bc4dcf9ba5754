//! Conditions that look for a row in other selects: the traversals and unions of groups.

use super::render::{Scope, cells, cut, numbered, order_by, renumbered, where_filter};
use super::sql::{Statement, Written};
use crate::entity::ColumnDef;
use crate::group::Projection;

/// How many selects stand in one union: SQLite takes 500.
const BRANCHES: usize = 400;

pub(super) fn in_select(sql: &mut Statement, scope: Scope, columns: &[ColumnDef], branches: &[Projection]) -> Written {
    match branches {
        [] => {
            sql.text("1 = 0");
            Ok(())
        }
        branches if branches.len() <= BRANCHES => in_branches(sql, scope, columns, branches),
        branches => {
            sql.text("(");
            let portions = branches.chunks(BRANCHES);
            sql.list(portions, " OR ", |sql, portion| in_branches(sql, scope, columns, portion))?;
            sql.text(")");
            Ok(())
        }
    }
}

fn in_branches(sql: &mut Statement, scope: Scope, columns: &[ColumnDef], branches: &[Projection]) -> Written {
    let places = scope.places(columns);
    let head = sql.syntax().row_head(&places);
    sql.row(&places).text(" IN (");
    if branches.len() > 1 && sql.syntax().derives_unions() {
        let union = sql.alias();
        sql.text("SELECT ").text(head);
        cells(sql, &renumbered(&places, union))?;
        sql.text(" FROM (");
        let write = |sql: &mut Statement, projection| branch(sql, projection, "");
        sql.nested(false, |sql| sql.list(branches, " UNION ALL ", write))?;
        sql.text(") AS ").alias_name(union);
    } else {
        let write = |sql: &mut Statement, projection| branch(sql, projection, head);
        sql.nested(false, |sql| sql.list(branches, " UNION ALL ", write))?;
    }
    sql.text(")");
    Ok(())
}

fn branch(sql: &mut Statement, projection: &Projection, head: &str) -> Written {
    let select = &*projection.select;
    let scope = Scope::of(sql, select.table);
    let places = scope.places(&projection.columns);
    sql.text("SELECT ").text(head);
    if !select.is_cut() {
        if sql.syntax().derives_unions() {
            numbered(sql, &places);
        } else {
            cells(sql, &places)?;
        }
        sql.text(" FROM ").table_as(select.table, scope.alias);
        return where_filter(sql, scope, select);
    }
    // A cut branch is a derived table, since `LIMIT` would otherwise cut the whole union.
    let outside = sql.alias();
    let given = renumbered(&places, outside);
    if sql.syntax().derives_unions() {
        numbered(sql, &given);
    } else {
        cells(sql, &given)?;
    }
    sql.text(" FROM (SELECT ");
    numbered(sql, &places);
    sql.text(" FROM ").table_as(select.table, scope.alias);
    where_filter(sql, scope, select)?;
    order_by(sql, &scope.terms(&select.ordering()))?;
    cut(sql, select)?;
    sql.text(") AS ").alias_name(outside);
    Ok(())
}
