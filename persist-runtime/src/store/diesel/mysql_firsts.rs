//! The first rows of each key on MySQL and MariaDB.

use super::dialect::Syntax;
use super::joins::{Beside, Firsts};
use super::mysql::MOST_BYTES;
use super::render::{and_filter, cells, statement};
use super::source::{Source, numbered, order_by};
use super::sql::{Statement, Written};
use crate::engine::{Fetch, Keyed, Keys};
use crate::entity::{ColumnDef, Value};
use crate::group::{Comparison, KeySet};

/// How many selects stand in one statement that takes the first rows of each key; there is one for each key, and the
/// next larger of these numbers, so that there are few texts of a statement.
const SELECTS: [usize; 4] = [1, 8, 32, 128];

/// A select for each key: neither server stops early within a window, and MariaDB has no `LATERAL`.
pub(super) fn first_of_each(
    sql: &mut Statement,
    fetch: &Fetch,
    keyed: &Keyed,
    most: u64,
    columns: &[ColumnDef],
) -> Written {
    let syntax = sql.syntax();
    let Keys::Given(keys) = &keyed.keys else {
        return super::per::first_of_selected(sql, fetch, keyed, most, columns);
    };
    // A select of its own for each key.
    sql.set_varies();
    let inner = Source::keyed(sql, fetch, keyed);
    let (rows, beside) = (sql.alias(), Beside::of(sql, fetch));
    let by = inner.scope.places(&keyed.by);
    // What the outer order and the joins need, the inner selects give.
    let Firsts { given, columns, locals, order } = Firsts::of(&inner, columns, &beside, rows);
    let selects = SELECTS.into_iter().find(|selects| keys.len() <= *selects).unwrap_or(keys.len());
    let none = vec![Value::Null; by.len()];
    let keys = keys.iter().chain(std::iter::repeat(&*none)).take(selects);
    sql.text("SELECT ");
    cells(sql, &[columns, beside.places()].concat())?;
    sql.text(" FROM (");
    sql.list(keys, " UNION ALL ", |sql, key| {
        sql.text("(SELECT ");
        numbered(sql, &given)?;
        sql.text(" FROM ");
        inner.write(sql, &fetch.select)?;
        sql.text(" WHERE ");
        sql.list(by.iter().zip(key), " AND ", |sql, (place, part)| {
            syntax.compare(sql, place, Comparison::Equal, part)
        })?;
        and_filter(sql, inner.scope, &fetch.select)?;
        order_by(sql, &inner.order)?;
        sql.put(format_args!(" LIMIT {})", i64::try_from(most).unwrap_or(i64::MAX)));
        Ok(())
    })?;
    sql.text(") AS ").alias_name(rows);
    beside.write(sql, &locals)?;
    order_by(sql, &order)
}

/// What narrows the rows stands in the select of each key.
pub(super) fn most_firsts(syntax: &'static dyn Syntax, fetch: &Fetch, keyed: &Keyed) -> usize {
    let none = KeySet::new(keyed.by.len(), Vec::new());
    let of_one = Fetch { keyed: Some(Keyed { keys: Keys::Given(none), ..keyed.clone() }), ..fetch.clone() };
    let Ok(one) = statement(syntax, &of_one) else { return 1 };
    let most = (MOST_BYTES / one.bytes().max(1)).min(syntax.max_binds() / one.values().max(1));
    SELECTS.into_iter().rfind(|selects| *selects <= most).unwrap_or(1)
}
