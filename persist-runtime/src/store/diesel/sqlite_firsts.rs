//! The first rows of each key on SQLite.

use super::joins::{Beside, keys_as_table};
use super::render::{and_filter, cells};
use super::source::{Source, order_by, renumbered_places};
use super::sql::{Place, Statement, Written};
use super::sqlite_keys::{KeyPart, PackedKeys};
use crate::engine::{Fetch, Keyed, Keys};
use crate::entity::ColumnDef;

/// A part of a key that the first rows are taken by.
enum Part {
    Packed(KeyPart),
    Selected(Place),
}

pub(super) fn first_of_each(
    sql: &mut Statement,
    fetch: &Fetch,
    keyed: &Keyed,
    most: u64,
    columns: &[ColumnDef],
) -> Written {
    let syntax = sql.syntax();
    let (outer, inner) = (Source::keyed(sql, fetch, keyed), Source::keyed(sql, fetch, keyed));
    let beside = Beside::of(sql, fetch);
    let inner_by = inner.scope.places(&keyed.by);
    sql.text("SELECT ");
    cells(sql, &[outer.scope.places(columns), beside.places()].concat())?;
    sql.text(" FROM ");
    let parts = match &keyed.keys {
        Keys::Given(keys) => {
            let PackedKeys { json, parts } = PackedKeys::of(&inner_by, keys)?;
            sql.text("json_each(").bind(json).text(") AS j");
            parts.into_iter().map(Part::Packed).collect()
        }
        Keys::Selected(_) => {
            let table = keys_as_table(sql, keyed)?;
            renumbered_places(&inner_by, table).into_iter().map(Part::Selected).collect::<Vec<_>>()
        }
    };
    sql.text(" CROSS JOIN ");
    outer.write(sql, &fetch.select)?;
    beside.write(sql, &outer.scope.places(&beside.locals()))?;
    // Nothing is asked of the outer row but its key: with more, the planner would go by the parent's index.
    let key = outer.scope.places(fetch.select.table.key);
    sql.text(" WHERE ").row(&key).text(" IN (SELECT ").text(syntax.row_head(&key));
    cells(sql, &inner.scope.places(fetch.select.table.key))?;
    sql.text(" FROM ");
    inner.write(sql, &fetch.select)?;
    sql.text(" WHERE ");
    sql.list(inner_by.iter().zip(parts), " AND ", |sql, (place, part)| {
        sql.place(place).text(" = ");
        match part {
            Part::Packed(part) => KeyPart::write(sql, part)?,
            Part::Selected(part) => drop(sql.place(&part)),
        }
        sql.text(syntax.exactly(place));
        Ok(())
    })?;
    and_filter(sql, inner.scope, &fetch.select)?;
    order_by(sql, &inner.order)?;
    sql.put(format_args!(" LIMIT {})", i64::try_from(most).unwrap_or(i64::MAX)));
    order_by(sql, &outer.order)
}
