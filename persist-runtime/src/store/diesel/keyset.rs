//! "The row comes after this place in the order", in the form that an index of the backend serves.
//!
//! Which backend compares row values by an index is asked of [`Syntax`](super::dialect::Syntax); all others take the
//! [expanded](Beyond::expanded) form, whose first comparison says where an index begins.

use super::render::{Scope, condition};
use super::sql::{Place, Statement, Written};
use crate::entity::{ColumnDef, ColumnType};
use crate::group::{Beyond, Comparison, Condition};
use crate::store::place_columns;

pub(super) fn beyond(sql: &mut Statement, scope: Scope, beyond: &Beyond) -> Written {
    let columns = place_columns(beyond)?;
    match row_value(sql, scope, beyond, &columns) {
        Some((places, descending)) => compare_rows(sql, &places, descending, beyond, &columns),
        None => {
            let expanded = beyond.expanded().unwrap_or(Condition::Or(Vec::new()));
            sql.nested(true, |sql| condition(sql, scope, &expanded))
        }
    }
}

/// The places of the order, and their one direction, if they are compared as a row value.
fn row_value(sql: &Statement, scope: Scope, beyond: &Beyond, columns: &[ColumnDef]) -> Option<(Vec<Place>, bool)> {
    let descending = beyond.order.first()?.descending;
    let plain = beyond.order.iter().zip(columns).zip(&beyond.values).all(|((by, column), value)| {
        let ty = column.ty;
        // Decimals are compared in ways of their own; documents have no order.
        let ordered = !matches!(ty, ColumnType::Decimal | ColumnType::Json | ColumnType::Jsonb);
        by.descending == descending && !column.nullable && !value.is_null() && ordered
    });
    let places = scope.places(columns);
    (plain && places.len() > 1 && sql.syntax().compares_rows(&places)).then_some((places, descending))
}

/// `(a, b) > (1, 2)`
fn compare_rows(
    sql: &mut Statement,
    places: &[Place],
    descending: bool,
    beyond: &Beyond,
    columns: &[ColumnDef],
) -> Written {
    let how = match (descending, beyond.inclusive) {
        (false, false) => Comparison::Greater,
        (false, true) => Comparison::GreaterOrEqual,
        (true, false) => Comparison::Less,
        (true, true) => Comparison::LessOrEqual,
    };
    sql.text("(");
    sql.list(places, ", ", |sql, place| {
        sql.syntax().row_place(sql, place);
        Ok(())
    })?;
    sql.text(") ").text(how.symbol()).text(" (");
    sql.list(columns.iter().zip(&beyond.values), ", ", |sql, (column, value)| sql.syntax().value(sql, column, value))?;
    sql.text(")");
    Ok(())
}
