//! Fetches and conditions as statements, once for all backends.
//!
//! Nothing here may ask which backend it writes for: what differs is asked of [`Syntax`](super::dialect::Syntax).

use super::aggregate;
use super::dialect::Syntax;
use super::joins::{Beside, among};
use super::keyset;
use super::per::first_per;
use super::source::{Expression, Ordered, Source, order_by};
use super::sql::{Alias, Place, Statement, Written};
use super::subselect::{self, CORRELATED, correlated, in_select};
use super::union::source;
use crate::engine::{Fetch, Keyed, Output};
use crate::entity::{Collation, ColumnDef, Table, Value};
use crate::group::{Condition, Select, TextTest};
use crate::store::Fault;

/// How many conditions stand in one row without parentheses: a longer row would be too deep a tree for a parser.
const ROW_OF_CONDITIONS: usize = 100;

/// A table in a statement.
#[derive(Clone, Copy)]
pub struct Scope {
    pub(super) alias: Alias,
    pub(super) table: &'static Table,
}

/// One term of an order by a place.
#[derive(Debug, Clone, Copy)]
pub struct Term {
    pub(super) place: Place,
    pub(super) descending: bool,
}

impl Scope {
    pub(super) const fn of(sql: &mut Statement, table: &'static Table) -> Self {
        Self { alias: sql.alias(), table }
    }

    pub(super) const fn place(&self, column: &ColumnDef) -> Place {
        Place::of(self.alias, self.table, column)
    }

    pub(super) fn places(&self, columns: &[ColumnDef]) -> Vec<Place> {
        columns.iter().map(|column| self.place(column)).collect()
    }
}

/// The statement that answers `fetch`.
pub(super) fn statement(syntax: &'static dyn Syntax, fetch: &Fetch) -> Result<Statement, Fault> {
    let mut sql = Statement::new(syntax);
    match &fetch.keyed {
        _ if !fetch.joined.is_empty() && !matches!(fetch.output, Output::Columns(_)) => {
            return Err(Fault::Unsupported("join what is only counted".to_owned()));
        }
        _ if fetch.locked && !is_plain(fetch) => {
            return Err(Fault::Unsupported("lock rows that are read with others, or cut".to_owned()));
        }
        None => unkeyed(&mut sql, fetch)?,
        Some(_) if fetch.select.is_cut() => {
            return Err(Fault::Unsupported("cut a selection and read it by keys at once".to_owned()));
        }
        Some(_) if fetch.select.union.is_some() => {
            return Err(Fault::Unsupported("read a union of tables by keys".to_owned()));
        }
        Some(keyed) => by_keys(&mut sql, fetch, keyed)?,
    }
    Ok(sql)
}

/// Whether it reads rows of one table, as they stand there.
fn is_plain(fetch: &Fetch) -> bool {
    let one = fetch.keyed.is_none() && fetch.joined.is_empty() && fetch.select.union.is_none();
    one && !fetch.select.is_cut() && matches!(fetch.output, Output::Columns(_))
}

fn unkeyed(sql: &mut Statement, fetch: &Fetch) -> Written {
    let select = &*fetch.select;
    match &fetch.output {
        Output::Columns(columns) => {
            let source = Source::of(sql, select);
            let (scope, beside) = (source.scope, Beside::of(sql, fetch));
            sql.text("SELECT ");
            cells(sql, &[scope.places(columns), beside.places()].concat())?;
            sql.text(" FROM ");
            source.write(sql, select)?;
            beside.write(sql, &scope.places(&beside.locals()))?;
            where_filter(sql, scope, select)?;
            order_by(sql, &source.order)?;
            cut(sql, select)?;
            if fetch.locked && sql.syntax().locks_rows() {
                sql.text(" FOR UPDATE");
            }
            Ok(())
        }
        Output::Aggregates(of) => aggregate::of_all(sql, select, of),
        Output::Parts(by, of) => aggregate::of_parts(sql, select, by, of),
        Output::Exists => {
            sql.text("SELECT EXISTS(SELECT 1 FROM ");
            counted(sql, select)?;
            sql.text(")");
            Ok(())
        }
    }
}

/// The rows of `select` where only their number counts: the order does not matter then.
pub(super) fn counted(sql: &mut Statement, select: &Select) -> Written {
    let scope = Scope::of(sql, select.table);
    source(sql, select, scope.alias)?;
    where_filter(sql, scope, select)?;
    cut(sql, select)
}

fn by_keys(sql: &mut Statement, fetch: &Fetch, keyed: &Keyed) -> Written {
    match (&fetch.output, keyed.per_key) {
        (Output::Columns(columns), Some(most)) => sql.syntax().first_of_each(sql, fetch, keyed, most, columns),
        (Output::Columns(columns), None) => keyed_rows(sql, fetch, keyed, columns),
        (Output::Aggregates(of), None) => aggregate::by_keys(sql, fetch, keyed, of),
        (Output::Aggregates(_), Some(_)) => Err(Fault::Unsupported("aggregate the first rows of each key".to_owned())),
        (Output::Parts(..), _) => Err(Fault::Unsupported("divide the rows of keys".to_owned())),
        (Output::Exists, _) => Err(Fault::Unsupported("tell by keys whether rows exist".to_owned())),
    }
}

fn keyed_rows(sql: &mut Statement, fetch: &Fetch, keyed: &Keyed, columns: &[ColumnDef]) -> Written {
    let source = if fetch.is_unique() || keyed.unordered {
        Source::unordered(sql, &fetch.select)
    } else {
        Source::keyed(sql, fetch, keyed)
    };
    let (scope, beside) = (source.scope, Beside::of(sql, fetch));
    sql.text("SELECT ");
    cells(sql, &[scope.places(columns), beside.places()].concat())?;
    sql.text(" FROM ");
    source.write(sql, &fetch.select)?;
    beside.write(sql, &scope.places(&beside.locals()))?;
    keyed_filter(sql, scope, fetch, keyed)?;
    if fetch.is_unique() {
        return Ok(());
    }
    // An order that names a column of the key again says nothing new.
    let mut order = source.order;
    order.retain(|ordered| !keyed.by.iter().any(|by| ordered.is_at(scope, by)));
    let mut whole: Vec<_> = keyed.by.iter().map(|column| key_term(scope, column)).collect();
    whole.append(&mut order);
    order_by(sql, &whole)
}

/// A column of the key ahead of an order that is wanted within each key: SQLite takes the rows from an index on the key
/// as they come then, and PostgreSQL has less to compare. Any order of the keys will do, so the index's own.
const fn key_term(scope: Scope, column: &ColumnDef) -> Ordered {
    let place = Place { nullable: false, collation: Collation::Native, ..scope.place(column) };
    Ordered { by: Expression::Place(place), descending: false }
}

pub(super) fn keyed_filter(sql: &mut Statement, scope: Scope, fetch: &Fetch, keyed: &Keyed) -> Written {
    sql.text(" WHERE ");
    among(sql, scope, keyed, fetch.is_unique())?;
    and_filter(sql, scope, &fetch.select)
}

pub(super) fn cells(sql: &mut Statement, places: &[Place]) -> Written {
    if places.is_empty() {
        sql.text("1");
    }
    sql.list(places, ", ", |sql, place| {
        sql.place(place);
        Ok(())
    })
}

pub(super) fn cut(sql: &mut Statement, select: &Select) -> Written {
    if select.is_cut() { sql.syntax().cut(sql, select.limit, select.offset) } else { Ok(()) }
}

pub(super) fn where_filter(sql: &mut Statement, scope: Scope, select: &Select) -> Written {
    if select.filter.is_none() && select.per.is_none() {
        return Ok(());
    }
    sql.text(" WHERE ");
    filter(sql, scope, select)
}

/// ` AND filter`, where what goes before says by which keys the rows are found.
pub(super) fn and_filter(sql: &mut Statement, scope: Scope, select: &Select) -> Written {
    if select.filter.is_none() && select.per.is_none() {
        return Ok(());
    }
    sql.text(" AND ");
    sql.beside_keys(|sql| filter(sql, scope, select))
}

fn filter(sql: &mut Statement, scope: Scope, select: &Select) -> Written {
    match (&select.per, &select.filter) {
        (Some(per), _) => first_per(sql, scope, select, per),
        (None, Some(filter)) => condition(sql, scope, filter),
        (None, None) => Ok(()),
    }
}

pub(super) fn condition(sql: &mut Statement, scope: Scope, what: &Condition) -> Written {
    match what {
        Condition::And(all) => row_of(sql, scope, all, " AND ", "1 = 1"),
        Condition::Or(any) if any.len() > 1 => sql.nested(true, |sql| row_of(sql, scope, any, " OR ", "1 = 0")),
        Condition::Or(any) => row_of(sql, scope, any, " OR ", "1 = 0"),
        Condition::Not(inner) => negation(sql, scope, inner),
        Condition::Compare { column, how, value } => sql.syntax().compare(sql, &scope.place(column), *how, value),
        Condition::IsNull(column) => {
            sql.place(&scope.place(column)).text(" IS NULL");
            Ok(())
        }
        Condition::CompareColumns { column, how, other } => {
            sql.syntax().compare_places(sql, &scope.place(column), *how, &scope.place(other))
        }
        Condition::Text { column, test, text, .. } if text.is_empty() && *test != TextTest::Equals => {
            sql.place(&scope.place(column)).text(" IS NOT NULL");
            Ok(())
        }
        Condition::Text { column, test, case, text } => {
            sql.syntax().text_test(sql, &scope.place(column), *test, *case, &case.fold(text))
        }
        #[cfg(feature = "json")]
        Condition::Json { column, path, test } => sql.syntax().json_test(sql, &scope.place(column), path, test),
        Condition::InKeys { columns, keys } => sql.syntax().in_keys(sql, &scope.places(columns), keys),
        Condition::InSelect { columns, branches } => in_select(sql, scope, columns, branches),
        Condition::Reached(reached) => subselect::reached(sql, scope, reached),
        Condition::Beyond(beyond) => keyset::beyond(sql, scope, beyond),
    }
}

/// Never `NOT (..)`: that is unknown where the inside is, and the complement is wanted.
fn negation(sql: &mut Statement, scope: Scope, inner: &Condition) -> Written {
    if let Condition::InSelect { columns, branches } = inner
        && sql.syntax().correlates()
        && branches.len() <= CORRELATED
    {
        return correlated(sql, scope, columns, branches, ("NOT EXISTS", " AND "));
    }
    sql.text("(");
    sql.nested(true, |sql| condition(sql, scope, inner))?;
    sql.text(") IS NOT TRUE");
    Ok(())
}

fn row_of(sql: &mut Statement, scope: Scope, parts: &[Condition], between: &str, none: &str) -> Written {
    match parts {
        [] => {
            sql.text(none);
            return Ok(());
        }
        [only] => return condition(sql, scope, only),
        _ => {}
    }
    sql.text("(");
    if parts.len() <= ROW_OF_CONDITIONS {
        let lead = if between == " AND " { leading_set(scope.table, parts) } else { None };
        sql.list(parts, between, |sql, part| match (lead, key_part(scope.table, part)) {
            (Some(lead), Some(place)) if place != lead => sql.beside_keys(|sql| condition(sql, scope, part)),
            _ => condition(sql, scope, part),
        })?;
    } else {
        let rows = parts.chunks(parts.len().div_ceil(ROW_OF_CONDITIONS));
        sql.list(rows, between, |sql, row| row_of(sql, scope, row, between, none))?;
    }
    sql.text(")");
    Ok(())
}

/// Which column of a composite key a part looks for in a set.
fn key_part(table: &Table, part: &Condition) -> Option<usize> {
    match part {
        Condition::InKeys { columns, .. } | Condition::InSelect { columns, .. } if table.key.len() > 1 => {
            let [column] = columns.as_slice() else { return None };
            table.key.iter().position(|key| key == column)
        }
        _ => None,
    }
}

/// Of several columns of a composite key that are looked for in sets: the one that rows should be found by.
fn leading_set(table: &Table, parts: &[Condition]) -> Option<usize> {
    parts.iter().filter_map(|part| key_part(table, part)).min()
}

/// The text after every text that begins with `prefix`, in code point order; none where there is no such text.
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub(super) fn successor(prefix: &str) -> Option<String> {
    let mut text = prefix.to_owned();
    while let Some(last) = text.pop() {
        let next = if last == '\u{D7FF}' { Some('\u{E000}') } else { char::from_u32(u32::from(last) + 1) };
        if let Some(next) = next {
            text.push(next);
            return Some(text);
        }
    }
    None
}

/// A value of another kind than its column.
pub(super) fn misfit(column: &str, expected: &str, value: &Value) -> Fault {
    Fault::Unfit(format!("`{column}` takes {expected}, not {}", value.kind()))
}
