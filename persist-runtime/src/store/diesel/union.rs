//! What a selection reads from: its table, or the rows of several tables that stand for it.

use super::render::{Scope, where_filter};
use super::source::{Expression, Ordered, Source, order_by};
use super::sql::{Alias, Place, Statement, Written};
use crate::entity::{Collation, Table};
use crate::group::{Branch, BranchCell, OrderBy, Select};

/// `table AS alias`, or `(SELECT .. UNION ALL SELECT ..) AS alias`.
pub(super) fn source(sql: &mut Statement, select: &Select, alias: Alias) -> Written {
    source_of_first(sql, select, alias, None)
}

/// The same, where only the first rows will be taken of it: then each branch need not give more of its own.
pub(super) fn source_of_first(
    sql: &mut Statement,
    select: &Select,
    alias: Alias,
    first: Option<(&[OrderBy], u64)>,
) -> Written {
    let Some(union) = &select.union else {
        sql.table_as(select.table, alias);
        return Ok(());
    };
    let any = |branch: &&Branch| !branch.select.is_never();
    sql.text("(");
    sql.nested(false, |sql| {
        sql.list(union.branches.iter().filter(any), " UNION ALL ", |sql, branch| {
            let Some((order, most)) = first else { return rows(sql, select.table, branch, None) };
            // A derived table, since `LIMIT` would otherwise cut the whole union.
            let cut = sql.alias();
            sql.text("SELECT * FROM (");
            rows(sql, select.table, branch, Some((order, most)))?;
            sql.text(") AS ").alias_name(cut);
            Ok(())
        })
    })?;
    sql.text(") AS ").alias_name(alias);
    Ok(())
}

/// The rows of a branch, under the names of the union's columns.
fn rows(sql: &mut Statement, table: &Table, branch: &Branch, first: Option<(&[OrderBy], u64)>) -> Written {
    let select = &*branch.select;
    let scope = Scope::of(sql, select.table);
    sql.text("SELECT ");
    sql.list(table.columns.iter().zip(&branch.cells), ", ", |sql, (column, cell)| {
        match cell {
            BranchCell::Column(own) => drop(sql.place(&scope.place(own))),
            BranchCell::Number(number) => drop(sql.put(format_args!("{number}"))),
            BranchCell::Null => sql.syntax().null(sql, column.ty),
        }
        sql.text(" AS ").name(column.name);
        Ok(())
    })?;
    sql.text(" FROM ");
    if select.is_cut() {
        first_of(sql, branch, scope.alias)?;
    } else {
        source(sql, select, scope.alias)?;
        where_filter(sql, scope, select)?;
    }
    let Some((order, most)) = first else { return Ok(()) };
    let terms = branch.order(table.columns, order);
    // In the order of the whole, whatever the table's own collation: what is cut here is not seen there.
    let term = |by: &OrderBy| {
        let place = Place { collation: Collation::Portable, ..scope.place(&by.column()?) };
        Some(Ordered { by: Expression::Place(place), descending: by.descending })
    };
    let terms: Vec<_> = terms.iter().filter_map(term).collect();
    order_by(sql, &terms)?;
    sql.syntax().cut(sql, Some(most), 0)
}

/// The rows of a branch that is cut itself, as a derived table with the same names of columns.
fn first_of(sql: &mut Statement, branch: &Branch, alias: Alias) -> Written {
    let select = &*branch.select;
    let from = Source::of(sql, select);
    let mut columns = Vec::new();
    for cell in &branch.cells {
        if let BranchCell::Column(column) = cell
            && !columns.contains(column)
        {
            columns.push(*column);
        }
    }
    sql.text("(SELECT ");
    sql.list(&columns, ", ", |sql, column| {
        sql.place(&from.scope.place(column)).text(" AS ").name(column.name);
        Ok(())
    })?;
    sql.text(" FROM ");
    from.write(sql, select)?;
    where_filter(sql, from.scope, select)?;
    order_by(sql, &from.order)?;
    sql.syntax().cut(sql, select.limit, select.offset)?;
    sql.text(") AS ").alias_name(alias);
    Ok(())
}

/// How many rows of a union the first rows of `select` may come from, if that can be told.
pub(super) fn limit(select: &Select) -> Option<u64> {
    match (&select.filter, select.limit) {
        (None, Some(limit)) if select.union.is_some() && select.per.is_none() => {
            Some(limit.saturating_add(select.offset))
        }
        _ => None,
    }
}
