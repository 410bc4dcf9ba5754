//! What a statement writes into columns, and what it expects of them: once for all backends, for one row that is bound
//! and for many that stand in a table of their own.

use super::batch::Batch;
use super::render::Scope;
#[cfg(feature = "json")]
use super::shape::Places;
use super::shape::{Slot, Used};
use super::sql::{Alias, Place, PlaceName, Statement, Written};
use crate::edit::{Check, Test};
use crate::entity::{Collation, ColumnDef, Value};
use crate::group::Comparison;

/// What a column is compared with, or becomes.
#[derive(Debug, Clone, Copy)]
pub enum Operand<'v> {
    Value(&'v Value),
    Place(Place),
}

/// Where the values of a batch stand in a statement.
#[derive(Debug, Clone, Copy)]
pub(super) enum Given<'b, 'w> {
    /// They are bound where they are needed: there is one row.
    Bound(&'b Batch<'w>),
    /// In a table that numbers its columns by the lanes.
    Table(&'b Batch<'w>, Alias),
}

impl<'b, 'w> Given<'b, 'w> {
    const fn batch(self) -> &'b Batch<'w> {
        match self {
            Self::Bound(batch) | Self::Table(batch, _) => batch,
        }
    }

    pub(super) fn operand(self, lane: usize) -> Operand<'b> {
        match self {
            Self::Bound(batch) => Operand::Value(batch.value(0, lane)),
            Self::Table(batch, alias) => {
                let ColumnDef { ty, .. } = batch.lane_of(lane);
                let name = PlaceName::Nth(lane);
                Operand::Place(Place { alias, name, ty, nullable: true, collation: Collation::Portable })
            }
        }
    }

    /// "The row has this."
    fn has(self, sql: &mut Statement, bit: u32, symbol: &str) {
        if let Operand::Place(mask) = self.operand(self.batch().mask()) {
            sql.text("(").place(&mask).put(format_args!(" & {}) {symbol} 0", 1_i64 << bit));
        }
    }
}

pub(super) fn operand(sql: &mut Statement, column: &ColumnDef, operand: &Operand<'_>) -> Written {
    match operand {
        Operand::Value(value) => sql.syntax().value(sql, column, value),
        Operand::Place(place) => {
            sql.syntax().given(sql, place);
            Ok(())
        }
    }
}

/// `a = 1, b = t1.b + 2`, without the word that begins it. `row` is the row as it was.
pub(super) fn assignments(sql: &mut Statement, given: Given<'_, '_>, row: Scope) -> Written {
    let writes = |used: &&Used<'_>| !used.slot.is_check();
    let slots: Vec<_> = given.batch().slots.iter().filter(writes).collect();
    let columns = super::batch::distinct(slots.iter().map(|used| used.slot.column()));
    sql.list(&columns, ", ", |sql, column| {
        sql.syntax().target(sql, &row.place(column));
        sql.text(" = ");
        let of_column: Vec<_> = slots.iter().filter(|used| used.slot.column() == column).collect();
        if let [Used { bit: None, .. }] = of_column.as_slice() {
            return becomes(sql, given, row, of_column[0]);
        }
        sql.text("CASE");
        for used in of_column {
            sql.text(" WHEN ");
            given.has(sql, used.bit.unwrap_or_default(), "<>");
            sql.text(" THEN ");
            becomes(sql, given, row, used)?;
        }
        sql.text(" ELSE ").place(&row.place(column)).text(" END");
        Ok(())
    })
}

fn becomes(sql: &mut Statement, given: Given<'_, '_>, row: Scope, used: &Used<'_>) -> Written {
    let column = used.slot.column();
    match used.slot {
        #[cfg(feature = "json")]
        Slot::Paths(_, Places(changes)) => sql.syntax().document(sql, &row.place(column), changes, &|sql, nth| {
            operand(sql, column, &given.operand(used.lane + nth))
        }),
        Slot::Plus(_) => sql.syntax().plus(sql, column, &row.place(column), &given.operand(used.lane)),
        _ => operand(sql, column, &given.operand(used.lane)),
    }
}

/// ` AND a = 1 AND ..`: what is expected. `place` says where a column stands.
pub(super) fn expectations(sql: &mut Statement, given: Given<'_, '_>, place: &dyn Fn(&ColumnDef) -> Place) -> Written {
    for used in given.batch().slots.iter().filter(|used| used.slot.is_check()) {
        sql.text(" AND ");
        if let Some(bit) = used.bit {
            given.has(sql.text("("), bit, "=");
            sql.text(" OR ");
        }
        let column = used.slot.column();
        let (place, first) = (place(column), given.operand(used.lane));
        match used.slot {
            Slot::Within(_) => within(sql, &place, &first, &given.operand(used.lane + 1))?,
            _ => sql.syntax().same(sql, column, &place, &first)?,
        }
        sql.text(if used.bit.is_some() { ")" } else { "" });
    }
    Ok(())
}

/// `a = 1`: what is expected of a place.
pub(super) fn holds(sql: &mut Statement, place: &Place, check: &Check) -> Written {
    match &check.test {
        Test::Is(value) => sql.syntax().same(sql, &check.column, place, &Operand::Value(value)),
        Test::Within(least, most) => within(sql, place, &Operand::Value(least), &Operand::Value(most)),
    }
}

fn within(sql: &mut Statement, place: &Place, least: &Operand<'_>, most: &Operand<'_>) -> Written {
    let syntax = sql.syntax();
    let compare = |sql: &mut Statement, how, with: &Operand<'_>| match with {
        Operand::Value(value) => syntax.compare(sql, place, how, value),
        Operand::Place(other) => syntax.compare_places(sql, place, how, other),
    };
    sql.text("(");
    compare(sql, Comparison::GreaterOrEqual, least)?;
    sql.text(" AND ");
    compare(sql, Comparison::LessOrEqual, most)?;
    sql.text(")");
    Ok(())
}

/// `UPDATE t AS t1 SET .. WHERE key = ..` or `DELETE FROM t AS t1 WHERE key = ..` of one row, which is expected to be as the
/// batch says.
pub(super) fn one_row(sql: &mut Statement, batch: &Batch<'_>) -> Written {
    let (row, given) = (Scope::of(sql, batch.table), Given::Bound(batch));
    if batch.deletes {
        sql.text("DELETE FROM ").table_as(batch.table, row.alias);
    } else {
        sql.text("UPDATE ").table_as(batch.table, row.alias).text(" SET ");
        assignments(sql, given, row)?;
    }
    sql.text(" WHERE ");
    let syntax = sql.syntax();
    sql.list(batch.by.iter().enumerate(), " AND ", |sql, (part, column)| {
        syntax.compare(sql, &row.place(column), Comparison::Equal, batch.value(0, part))
    })?;
    expectations(sql, given, &|column| row.place(column))
}

/// ` RETURNING a, b`, or of no columns a number.
pub(super) fn returning(sql: &mut Statement, columns: &[ColumnDef]) {
    sql.text(" RETURNING ");
    if columns.is_empty() {
        sql.text("1");
    }
    for (index, column) in columns.iter().enumerate() {
        sql.text(if index > 0 { ", " } else { "" }).name(column.name);
    }
}
