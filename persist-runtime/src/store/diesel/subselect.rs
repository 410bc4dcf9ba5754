//! Conditions that look for a row in other selects: the traversals and unions of groups.

use super::render::{Scope, and_filter, cells, cut, numbered, order_by, renumbered, where_filter};
use super::sql::{Place, Statement, Written};
use super::union::source;
use crate::entity::ColumnDef;
use crate::group::Projection;

/// How many selects stand in one union: SQLite takes 500.
const BRANCHES: usize = 400;

/// How many selects are each looked into by an `EXISTS` of its own. A planner joins each, so they should be few.
pub(super) const CORRELATED: usize = 8;

pub(super) fn in_select(sql: &mut Statement, scope: Scope, columns: &[ColumnDef], branches: &[Projection]) -> Written {
    let cut = |branch: &Projection| branch.select.is_cut();
    match branches {
        // A cut select would be run for each row.
        [_, ..]
            if sql.is_nested()
                && sql.syntax().correlates()
                && branches.len() <= CORRELATED
                && !branches.iter().any(cut) =>
        {
            correlated(sql, scope, columns, branches, ("EXISTS", " OR "))
        }
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

/// "Some branch (or no branch) holds this row", never unknown: what PostgreSQL makes a semi-join (an anti-join) of, or
/// looks up row by row, where an `IN` would be a list that may not fit in memory.
pub(super) fn correlated(
    sql: &mut Statement,
    scope: Scope,
    columns: &[ColumnDef],
    branches: &[Projection],
    (exists, between): (&str, &str),
) -> Written {
    let places = scope.places(columns);
    sql.text(if branches.len() > 1 { "(" } else { "" });
    sql.list(branches, between, |sql, branch| {
        sql.text(exists).text(" (SELECT 1 FROM ");
        sql.nested(false, |sql| holding(sql, &places, branch))?;
        sql.text(")");
        Ok(())
    })?;
    sql.text(if branches.len() > 1 { ")" } else { "" });
    if branches.is_empty() {
        sql.text(if exists == "EXISTS" { "1 = 0" } else { "1 = 1" });
    }
    Ok(())
}

/// The rows of a branch that hold what stands at `places`.
fn holding(sql: &mut Statement, places: &[Place], projection: &Projection) -> Written {
    let select = &*projection.select;
    let scope = Scope::of(sql, select.table);
    let given = scope.places(&projection.columns);
    let equal = |sql: &mut Statement, given: &[Place]| {
        sql.list(given.iter().zip(places), " AND ", |sql, (given, place)| {
            sql.place(given).text(" = ").place(place);
            Ok(())
        })
    };
    if !select.is_cut() {
        source(sql, select, scope.alias)?;
        sql.text(" WHERE ");
        equal(sql, &given)?;
        return and_filter(sql, scope, select);
    }
    let outside = sql.alias();
    sql.text("(SELECT ");
    numbered(sql, &given);
    sql.text(" FROM ");
    source(sql, select, scope.alias)?;
    where_filter(sql, scope, select)?;
    order_by(sql, &scope.terms(&select.ordering()))?;
    cut(sql, select)?;
    sql.text(") AS ").alias_name(outside).text(" WHERE ");
    equal(sql, &renumbered(&given, outside))
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
        let write = |sql: &mut Statement, projection| branch(sql, projection, "", true);
        sql.nested(false, |sql| sql.list(branches, " UNION ALL ", write))?;
        sql.text(") AS ").alias_name(union);
    } else {
        let numbers = sql.syntax().derives_unions();
        let write = |sql: &mut Statement, projection| branch(sql, projection, head, numbers);
        sql.nested(false, |sql| sql.list(branches, " UNION ALL ", write))?;
    }
    sql.text(")");
    Ok(())
}

/// `SELECT DISTINCT ..`: what the branches give, each once, its `width` columns numbered.
pub(super) fn distinct(sql: &mut Statement, width: usize, branches: &[Projection]) -> Written {
    let union = sql.alias();
    sql.text("SELECT DISTINCT ");
    sql.list(0..width, ", ", |sql, number| {
        sql.alias_name(union).put(format_args!(".c{number} AS c{number}"));
        Ok(())
    })?;
    sql.text(" FROM (");
    let write = |sql: &mut Statement, projection| branch(sql, projection, "", true);
    sql.nested(false, |sql| sql.list(branches, " UNION ALL ", write))?;
    sql.text(") AS ").alias_name(union);
    Ok(())
}

fn branch(sql: &mut Statement, projection: &Projection, head: &str, numbers: bool) -> Written {
    let select = &*projection.select;
    let scope = Scope::of(sql, select.table);
    let places = scope.places(&projection.columns);
    sql.text("SELECT ").text(head);
    if !select.is_cut() {
        if numbers {
            numbered(sql, &places);
        } else {
            cells(sql, &places)?;
        }
        sql.text(" FROM ");
        source(sql, select, scope.alias)?;
        return where_filter(sql, scope, select);
    }
    // A cut branch is a derived table, since `LIMIT` would otherwise cut the whole union.
    let outside = sql.alias();
    let given = renumbered(&places, outside);
    if numbers {
        numbered(sql, &given);
    } else {
        cells(sql, &given)?;
    }
    sql.text(" FROM (SELECT ");
    numbered(sql, &places);
    sql.text(" FROM ");
    source(sql, select, scope.alias)?;
    where_filter(sql, scope, select)?;
    order_by(sql, &scope.terms(&select.ordering()))?;
    cut(sql, select)?;
    sql.text(") AS ").alias_name(outside);
    Ok(())
}
