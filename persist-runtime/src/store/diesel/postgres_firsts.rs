//! The first rows of each key on PostgreSQL.

use super::joins::{Beside, Firsts, keys_as_table};
use super::postgres::arrays;
use super::render::{and_filter, cells};
use super::source::{Expression, Ordered, Source, equal, numbered, order_by, renumbered_places};
use super::sql::{Alias, Place, PlaceName, Statement, Written};
use crate::engine::{Fetch, Keyed, Keys};
use crate::entity::{Collation, ColumnDef, ColumnType};

/// The number of a key in a table of `width` columns and its number.
const fn nth_key(keys: Alias, width: usize) -> Ordered {
    let (name, collation) = (PlaceName::Nth(width), Collation::Native);
    let place = Place { alias: keys, name, ty: ColumnType::BigInt, nullable: false, collation };
    Ordered { by: Expression::Place(place), descending: false }
}

pub(super) fn first_of_each(
    sql: &mut Statement,
    fetch: &Fetch,
    keyed: &Keyed,
    most: u64,
    columns: &[ColumnDef],
) -> Written {
    let inner = Source::keyed(sql, fetch, keyed);
    let (rows, beside) = (sql.alias(), Beside::of(sql, fetch));
    let by = inner.scope.places(&keyed.by);
    // What the outer order and the joins need, the inner select gives.
    let Firsts { given, columns, locals, mut order } = Firsts::of(&inner, columns, &beside, rows);
    sql.text("SELECT ");
    cells(sql, &[columns, beside.places()].concat())?;
    sql.text(" FROM ");
    let keys = match &keyed.keys {
        Keys::Given(given) => {
            let keys = sql.alias();
            sql.text("unnest(");
            arrays(sql, &by, given)?;
            sql.text(") WITH ORDINALITY AS ").alias_name(keys).text("(");
            // Rows come key by key. Ordered by the numbers of the keys first, they are in order before they are
            // sorted, which PostgreSQL looks for, and it compares numbers.
            order.insert(0, nth_key(keys, by.len()));
            sql.list(0..=by.len(), ", ", |sql, part| {
                sql.put(format_args!("c{part}"));
                Ok(())
            })?;
            sql.text(")");
            keys
        }
        Keys::Selected(_) => keys_as_table(sql, keyed)?,
    };
    sql.text(" CROSS JOIN LATERAL (SELECT ");
    numbered(sql, &given)?;
    sql.text(" FROM ");
    inner.write(sql, &fetch.select)?;
    sql.text(" WHERE ");
    equal(sql, &by, &renumbered_places(&by, keys))?;
    and_filter(sql, inner.scope, &fetch.select)?;
    order_by(sql, &inner.order)?;
    sql.put(format_args!(" LIMIT {}) AS ", i64::try_from(most).unwrap_or(i64::MAX))).alias_name(rows);
    beside.write(sql, &locals)?;
    order_by(sql, &order)
}
