//! Changes of rows on PostgreSQL: one statement, which locks the rows in the order of their keys, tests the locked rows,
//! and tells what became of each.
//!
//! The test is of the locked row, not of the row that is updated: after it has waited for a lock, a test in the
//! `UPDATE` would look at the state before the wait. And the locks are taken by a select of their own, since an `UPDATE`
//! that is given sorted keys visits its rows in the order that it likes, and two of them deadlock.

use super::assign::{Given, Operand, assignments, expectations, one_row, operand, returning};
use super::batch::{Batch, distinct};
use super::bind::Bind;
use super::postgres::{BY_CODE_POINT, cast, name_of};
use super::postgres_bind::cells;
use super::render::Scope;
use super::source::equal;
use super::sql::{Alias, Place, PlaceName, Statement, Written};
use crate::entity::{Collation, ColumnDef, ColumnType, Value};
use crate::group::Comparison;

/// The rows with what is given for them. A name that no table should have: it would hide it.
const HELD: &str = "persist_held";
/// The rows that were written.
const DONE: &str = "persist_done";

/// What the statement of a batch gives: nothing but the answer where the row can only be written or gone; else its number
/// in the batch, whether it was written, and the answer.
pub(super) fn is_plain(batch: &Batch<'_>) -> bool {
    batch.is_single() && !batch.is_checked()
}

pub(super) fn change(sql: &mut Statement, batch: &Batch<'_>) -> Written {
    if is_plain(batch) {
        one_row(sql, batch)?;
        returning(sql, if batch.deletes { &[] } else { batch.returning });
        return Ok(());
    }
    let columns = columns(batch);
    held(sql, batch, &columns)?;
    done(sql, batch, &columns)?;
    told(sql, batch, &columns);
    Ok(())
}

/// The columns that rows are found by, of what is checked and of the answer, each once.
fn columns(batch: &Batch<'_>) -> Vec<ColumnDef> {
    let checked = batch.slots.iter().filter(|used| used.slot.is_check()).map(|used| used.slot.column());
    distinct(batch.by.iter().chain(checked).chain(batch.returning))
}

/// How many columns of [`HELD`] come before the table's: the lanes, and the number.
fn ahead(batch: &Batch<'_>) -> usize {
    if batch.is_single() { 1 } else { batch.lanes.len() + 1 }
}

const fn nth(alias: Alias, at: usize) -> Place {
    Place { alias, name: PlaceName::Nth(at), ty: ColumnType::BigInt, nullable: false, collation: Collation::Native }
}

/// Where a column of the locked rows is.
fn held_place(batch: &Batch<'_>, columns: &[ColumnDef], alias: Alias, column: &ColumnDef) -> Place {
    let at = columns.iter().position(|known| known == column).unwrap_or_default();
    let place = Place::of(alias, batch.table, column);
    Place { name: PlaceName::Nth(ahead(batch) + at), ..place }
}

fn held(sql: &mut Statement, batch: &Batch<'_>, columns: &[ColumnDef]) -> Written {
    let row = Scope::of(sql, batch.table);
    sql.text("WITH ").text(HELD).text(" AS (SELECT ");
    let given = sql.alias();
    if batch.is_single() {
        sql.text("1 AS c0");
    } else {
        for lane in 0..ahead(batch) {
            sql.text(if lane > 0 { ", " } else { "" }).place(&nth(given, lane));
        }
    }
    for (at, column) in columns.iter().enumerate() {
        sql.text(", ").place(&row.place(column)).put(format_args!(" AS c{}", ahead(batch) + at));
    }
    locked(sql, batch, row, given)?;
    sql.text(")");
    Ok(())
}

/// The rows of a batch, locked in the order of their keys.
pub(super) fn lock(sql: &mut Statement, batch: &Batch<'_>, columns: &[ColumnDef]) -> Written {
    let (row, given) = (Scope::of(sql, batch.table), sql.alias());
    sql.text("SELECT ");
    super::render::cells(sql, &row.places(columns))?;
    locked(sql, batch, row, given)
}

/// ` FROM .. FOR UPDATE`: the rows of a batch, beside what is given for each where there are several.
fn locked(sql: &mut Statement, batch: &Batch<'_>, row: Scope, given: Alias) -> Written {
    let key = row.places(batch.by);
    if batch.is_single() {
        sql.text(" FROM ").table_as(batch.table, row.alias).text(" WHERE ");
        let syntax = sql.syntax();
        sql.list(key.iter().enumerate(), " AND ", |sql, (part, place)| {
            syntax.compare(sql, place, Comparison::Equal, batch.value(0, part))
        })?;
    } else {
        sql.text(" FROM ");
        table_of(sql, batch, given)?;
        sql.text(" JOIN ").table_as(batch.table, row.alias).text(" ON ");
        let keys: Vec<_> = (0..key.len()).map(|part| nth(given, part)).collect();
        equal(sql, &key, &keys)?;
        sql.text(" ORDER BY ");
        sql.list(&key, ", ", |sql, place| {
            sql.place(place);
            Ok(())
        })?;
    }
    // What refers to a row may be written while other columns of the row are.
    sql.text(if batch.deletes { " FOR UPDATE OF " } else { " FOR NO KEY UPDATE OF " }).alias_name(row.alias);
    Ok(())
}

/// `unnest(..) WITH ORDINALITY AS t2(c0, ..)`: what is given for each row, and its number.
fn table_of(sql: &mut Statement, batch: &Batch<'_>, alias: Alias) -> Written {
    sql.text("unnest(");
    sql.list(0..batch.lanes.len(), ", ", |sql, lane| {
        let column = batch.lane_of(lane);
        let values = || (0..batch.rows.len()).map(move |row| batch.value(row, lane));
        array(sql, &column, values)
    })?;
    sql.text(") WITH ORDINALITY AS ").alias_name(alias).text("(");
    sql.list(0..ahead(batch), ", ", |sql, lane| {
        sql.put(format_args!("c{lane}"));
        Ok(())
    })?;
    sql.text(")");
    Ok(())
}

/// The values of a column as one array, NULLs among them.
fn array<'v, I: Iterator<Item = &'v Value>>(
    sql: &mut Statement,
    column: &ColumnDef,
    values: impl Fn() -> I,
) -> Written {
    sql.bind(Bind::Pg(cells(column.name, column.ty, values)?));
    match cast(column.ty) {
        "" => {}
        cast => drop(sql.text(cast).text("[]")),
    }
    Ok(())
}

/// `SELECT .. FROM unnest(..)`: new rows, in the order that they are given in.
pub(super) fn new_rows(sql: &mut Statement, columns: &[ColumnDef], rows: &[&[Value]]) -> Written {
    let given = sql.alias();
    sql.text("SELECT ");
    for part in 0..columns.len() {
        sql.text(if part > 0 { ", " } else { "" }).place(&nth(given, part));
    }
    sql.text(" FROM unnest(");
    sql.list(columns.iter().enumerate(), ", ", |sql, (part, column)| {
        array(sql, column, || rows.iter().filter_map(move |row| row.get(part)))
    })?;
    sql.text(") WITH ORDINALITY AS ").alias_name(given).text("(");
    sql.list(0..=columns.len(), ", ", |sql, part| {
        sql.put(format_args!("c{part}"));
        Ok(())
    })?;
    sql.text(") ORDER BY ").place(&nth(given, columns.len()));
    Ok(())
}

fn done(sql: &mut Statement, batch: &Batch<'_>, columns: &[ColumnDef]) -> Written {
    let row = Scope::of(sql, batch.table);
    let held = sql.alias();
    let given = if batch.is_single() { Given::Bound(batch) } else { Given::Table(batch, held) };
    let place = |column: &ColumnDef| held_place(batch, columns, held, column);
    sql.text(", ").text(DONE).text(" AS (");
    if batch.deletes {
        sql.text("DELETE FROM ").table_as(batch.table, row.alias).text(" USING ");
    } else {
        sql.text("UPDATE ").table_as(batch.table, row.alias).text(" SET ");
        assignments(sql, given, row)?;
        sql.text(" FROM ");
    }
    sql.text(HELD).text(" AS ").alias_name(held).text(" WHERE ");
    let keys: Vec<_> = batch.by.iter().map(place).collect();
    equal(sql, &row.places(batch.by), &keys)?;
    expectations(sql, given, &place)?;
    sql.text(" RETURNING ").place(&nth(held, ahead(batch) - 1)).text(" AS c0");
    if !batch.deletes {
        for (at, column) in batch.returning.iter().enumerate() {
            sql.text(", ").place(&row.place(column)).put(format_args!(" AS c{}", at + 1));
        }
    }
    sql.text(")");
    Ok(())
}

/// What became of the rows that are there.
fn told(sql: &mut Statement, batch: &Batch<'_>, columns: &[ColumnDef]) {
    let (held, done) = (sql.alias(), sql.alias());
    let (number, written) = (nth(held, ahead(batch) - 1), nth(done, 0));
    sql.text(" SELECT ").place(&number).text(", ").place(&written).text(" IS NOT NULL");
    for (at, column) in batch.returning.iter().enumerate() {
        let stored = held_place(batch, columns, held, column);
        sql.text(", ");
        if batch.deletes {
            sql.place(&stored);
        } else {
            sql.text("CASE WHEN ").place(&written).text(" IS NULL THEN ").place(&stored);
            sql.text(" ELSE ").place(&nth(done, at + 1)).text(" END");
        }
    }
    sql.text(" FROM ").text(HELD).text(" AS ").alias_name(held).text(" LEFT JOIN ").text(DONE).text(" AS ");
    sql.alias_name(done).text(" ON ").place(&written).text(" = ").place(&number);
}

/// `place IS NOT DISTINCT FROM other`: exact, whatever the collation, and of documents what they say.
pub(super) fn same(sql: &mut Statement, column: &ColumnDef, place: &Place, other: &Operand<'_>) -> Written {
    let (document, exactly) = match column.ty {
        // `json` has no equality of its own.
        ColumnType::Json => ("::jsonb", ""),
        ColumnType::Text => ("", BY_CODE_POINT),
        _ => ("", ""),
    };
    sql.place(place).text(document).text(" IS NOT DISTINCT FROM ");
    operand(sql, column, other)?;
    sql.text(document).text(exactly);
    Ok(())
}

/// The sum. There is none of NULL: of that no number can be made, and the statement fails.
pub(super) fn plus(sql: &mut Statement, column: &ColumnDef, place: &Place, more: &Operand<'_>) -> Written {
    if column.nullable {
        sql.text("coalesce(").place(place).text("::text, 'NULL')::").text(name_of(column.ty));
    } else {
        sql.place(place);
    }
    sql.text(" + ");
    operand(sql, column, more)
}
