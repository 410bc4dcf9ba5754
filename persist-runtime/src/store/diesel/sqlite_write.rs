//! Changes of rows on SQLite: statements that answer with the rows that they have written, or of which the rows are read in
//! the end. It has one writer at a time: whoever has begun to write can look at leisure what is there.

use super::assign::{Given, Operand, assignments, expectations, one_row, operand, returning};
use super::batch::Batch;
use super::render::Scope;
use super::sql::{Alias, Place, PlaceName, Statement, Written};
use super::ways::Telling;
use crate::entity::{ColumnDef, ColumnType, Value};
use crate::group::Comparison;
use crate::store::{Capability, Lack};

/// What is given for the rows. A name that no table should have: it would hide it.
const GIVEN: &str = "persist_given";

/// How many values a statement over several rows binds at most.
pub(super) const BINDS_KEPT: usize = 1_000;

/// Whether only the statement itself can tell which rows it has written: not, if all that are found are, and are found by
/// the same afterwards.
pub(super) fn must_tell(batch: &Batch<'_>) -> bool {
    let moves = || batch.slots.iter().any(|used| batch.by.contains(used.slot.column()));
    batch.is_checked() || batch.deletes || batch.returning.is_empty() || moves()
}

pub(super) fn change(sql: &mut Statement, batch: &Batch<'_>) -> Written {
    if batch.is_single() {
        one_row(sql, batch)?;
        returning(sql, if batch.deletes { &[] } else { batch.returning });
        return Ok(());
    }
    if !sql.syntax().keeps(batch.rows.len(), batch.lanes.len()) {
        sql.set_varies();
    }
    let (row, given) = (Scope::of(sql, batch.table), sql.alias());
    table_of(sql, batch)?;
    if batch.deletes {
        delete(sql, batch, row, given)?
    } else {
        update(sql, batch, row, given)?
    }
    if sql.syntax().telling(batch) == Telling::Later {
        return Ok(());
    }
    let wanted: &[ColumnDef] = if batch.deletes { &[] } else { batch.returning };
    let answer: Vec<_> = batch.by.iter().chain(wanted).copied().collect();
    returning(sql, &answer);
    Ok(())
}

/// `WITH given (c0, ..) AS (VALUES (..), ..) `
fn table_of(sql: &mut Statement, batch: &Batch<'_>) -> Written {
    sql.text("WITH ").text(GIVEN).text(" (");
    sql.list(0..batch.lanes.len(), ", ", |sql, lane| {
        sql.put(format_args!("c{lane}"));
        Ok(())
    })?;
    sql.text(") AS (VALUES ");
    let columns: Vec<_> = (0..batch.lanes.len()).map(|lane| batch.lane_of(lane)).collect();
    let syntax = sql.syntax();
    sql.list(0..batch.rows.len(), ", ", |sql, row| {
        sql.text("(");
        sql.list(columns.iter().enumerate(), ", ", |sql, (lane, column)| {
            syntax.value(sql, column, batch.value(row, lane))
        })?;
        sql.text(")");
        Ok(())
    })?;
    sql.text(") ");
    Ok(())
}

fn update(sql: &mut Statement, batch: &Batch<'_>, row: Scope, given: Alias) -> Written {
    sql.text("UPDATE ").table_as(batch.table, row.alias).text(" SET ");
    assignments(sql, Given::Table(batch, given), row)?;
    sql.text(" FROM ").text(GIVEN).text(" AS ").alias_name(given).text(" WHERE ");
    found(sql, batch, row, given)?;
    expectations(sql, Given::Table(batch, given), &|column| row.place(column))
}

/// It has no `DELETE .. USING`.
fn delete(sql: &mut Statement, batch: &Batch<'_>, row: Scope, given: Alias) -> Written {
    let goes = Scope::of(sql, batch.table);
    let key = goes.places(batch.table.key);
    let head = sql.syntax().row_head(&key);
    sql.text("DELETE FROM ")
        .table_as(batch.table, goes.alias)
        .text(" WHERE ")
        .row(&key)
        .text(" IN (SELECT ")
        .text(head);
    super::render::cells(sql, &row.places(batch.table.key))?;
    sql.text(" FROM ").text(GIVEN).text(" AS ").alias_name(given).text(" CROSS JOIN ");
    sql.table_as(batch.table, row.alias).text(" WHERE ");
    found(sql, batch, row, given)?;
    expectations(sql, Given::Table(batch, given), &|column| row.place(column))?;
    sql.text(")");
    Ok(())
}

/// The row has the key that is given.
fn found(sql: &mut Statement, batch: &Batch<'_>, row: Scope, given: Alias) -> Written {
    let syntax = sql.syntax();
    sql.list(batch.by.iter().enumerate(), " AND ", |sql, (part, column)| {
        let name = PlaceName::Nth(part);
        let other = Place { alias: given, name, ..row.place(column) };
        syntax.compare_places(sql, &row.place(column), Comparison::Equal, &other)
    })
}

pub(super) fn same(sql: &mut Statement, place: &Place, other: &Operand<'_>) -> Written {
    let syntax = sql.syntax();
    match other {
        Operand::Value(Value::Null) => {
            sql.place(place).text(" IS NULL");
            Ok(())
        }
        Operand::Value(value) => syntax.compare(sql, place, Comparison::Equal, value),
        Operand::Place(other) => {
            sql.text("(").place(place).text(" IS NULL AND ").place(other).text(" IS NULL OR ");
            syntax.compare_places(sql, place, Comparison::Equal, other)?;
            sql.text(")");
            Ok(())
        }
    }
}

/// The sum. SQLite keeps any integer in any column, and makes a float of one that is too great for it; so what the column
/// cannot hold fails here (of the least integer there is no absolute value), as NULL does (which is no JSON).
pub(super) fn plus(sql: &mut Statement, column: &ColumnDef, place: &Place, more: &Operand<'_>) -> Written {
    let (least, most) = match column.ty {
        ColumnType::SmallInt => (i64::from(i16::MIN), i64::from(i16::MAX)),
        ColumnType::Integer => (i64::from(i32::MIN), i64::from(i32::MAX)),
        ColumnType::BigInt => (i64::MIN, i64::MAX),
        ColumnType::Double => return sum(sql, column, place, more),
        _ => return Err(Lack::of(Capability::ExactSums).in_column(column.name).fault()),
    };
    sql.text("CASE WHEN typeof(");
    sum(sql, column, place, more)?;
    sql.text(") = 'integer' AND ");
    sum(sql, column, place, more)?;
    sql.put(format_args!(" BETWEEN {least} AND {most} THEN "));
    sum(sql, column, place, more)?;
    sql.text(" ELSE abs(-9223372036854775807 - (").place(place).text(" IS NOT NULL)) END");
    Ok(())
}

fn sum(sql: &mut Statement, column: &ColumnDef, place: &Place, more: &Operand<'_>) -> Written {
    if column.nullable {
        sql.text("coalesce(").place(place).text(", json('?' || coalesce(").place(place).text(", '')))");
    } else {
        sql.place(place);
    }
    sql.text(" + ");
    operand(sql, column, more)
}
