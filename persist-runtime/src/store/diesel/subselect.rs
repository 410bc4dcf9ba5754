//! Conditions that look for a row in other selects: the traversals and unions of groups.

use super::render::{Scope, and_filter, cells, cut, where_filter};
use super::source::{Source, equal, numbered_places, order_by, renumbered_places};
use super::sql::{Alias, Place, Statement, Written};
use super::union::source;
use crate::entity::ColumnDef;
use crate::group::{Projection, Reached, Select};
use crate::store::Fault;

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
    if select.is_cut() {
        let outside = sql.alias();
        let given = derived(sql, &projection.select, &projection.columns, outside)?;
        sql.text(" WHERE ");
        return equal(sql, &given, places);
    }
    let scope = Scope::of(sql, select.table);
    source(sql, select, scope.alias)?;
    sql.text(" WHERE ");
    equal(sql, &scope.places(&projection.columns), places)?;
    and_filter(sql, scope, select)
}

/// A cut branch, in its order, as a derived table; and what it gives.
pub(super) fn derived(
    sql: &mut Statement,
    select: &Select,
    columns: &[ColumnDef],
    outside: Alias,
) -> Result<Vec<Place>, Fault> {
    let from = Source::of(sql, select);
    let places = from.scope.places(columns);
    sql.text("(SELECT ");
    numbered_places(sql, &places)?;
    sql.text(" FROM ");
    from.write(sql, select)?;
    where_filter(sql, from.scope, select)?;
    order_by(sql, &from.order)?;
    cut(sql, select)?;
    sql.text(") AS ").alias_name(outside);
    Ok(renumbered_places(&places, outside))
}

fn in_branches(sql: &mut Statement, scope: Scope, columns: &[ColumnDef], branches: &[Projection]) -> Written {
    let places = scope.places(columns);
    let head = sql.syntax().row_head(&places);
    sql.row(&places).text(" IN (");
    if branches.len() > 1 && sql.syntax().derives_unions() {
        let union = sql.alias();
        sql.text("SELECT ").text(head);
        cells(sql, &renumbered_places(&places, union))?;
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
#[cfg(any(feature = "sqlite", feature = "postgres"))]
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

/// The row is looked for among what a recursive expression gives: `UNION` leaves out what it gave before, so that it ends.
pub(super) fn reached(sql: &mut Statement, scope: Scope, reached: &Reached) -> Written {
    let places = scope.places(&reached.columns);
    let head = sql.syntax().row_head(&places);
    let set = sql.alias();
    let given = renumbered_places(&places, set);
    let columns = |sql: &mut Statement| {
        sql.list(0..places.len(), ", ", |sql, number| {
            sql.put(format_args!("c{number}"));
            Ok(())
        })
    };
    sql.row(&places).text(" IN (WITH RECURSIVE ").alias_name(set).text(" (");
    columns(sql)?;
    sql.text(") AS (");
    sql.nested(false, |sql| branch(sql, &reached.from, "", false))?;
    sql.text(" UNION SELECT ");
    let step = Scope::of(sql, reached.step.select.table);
    cells(sql, &step.places(&reached.step.columns))?;
    sql.text(" FROM ").alias_name(set).text(" JOIN ").table_as(step.table, step.alias).text(" ON ");
    sql.list(step.places(&reached.by).iter().zip(&given), " AND ", |sql, (by, given)| {
        let exactly = sql.syntax().exactly(by);
        sql.place(by).text(exactly).text(" = ").place(given);
        Ok(())
    })?;
    sql.nested(false, |sql| where_filter(sql, step, &reached.step.select))?;
    sql.text(") SELECT ").text(head);
    cells(sql, &given)?;
    sql.text(" FROM ").alias_name(set).text(")");
    Ok(())
}

fn branch(sql: &mut Statement, projection: &Projection, head: &str, numbers: bool) -> Written {
    let select = &*projection.select;
    sql.text("SELECT ").text(head);
    let give = |sql: &mut Statement, places: &[Place]| {
        if numbers { numbered_places(sql, places) } else { cells(sql, places) }
    };
    if !select.is_cut() {
        let scope = Scope::of(sql, select.table);
        give(sql, &scope.places(&projection.columns))?;
        sql.text(" FROM ");
        source(sql, select, scope.alias)?;
        return where_filter(sql, scope, select);
    }
    // A cut branch is a derived table, since `LIMIT` would otherwise cut the whole union.
    let outside = sql.alias();
    let table = &select.table;
    let places: Vec<_> = projection.columns.iter().map(|column| Place::of(outside, table, column)).collect();
    give(sql, &renumbered_places(&places, outside))?;
    sql.text(" FROM ");
    derived(sql, &projection.select, &projection.columns, outside).map(drop)
}
