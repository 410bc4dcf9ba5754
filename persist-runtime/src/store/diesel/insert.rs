//! New rows: as statements, and which of them an answer is of.

use super::DieselStore;
use super::assign::returning;
use super::dialect::{Dialect, Syntax};
use super::portions::{Limit, weight};
use super::sql::{Statement, Written};
use super::write::{Read, Site};
use crate::edit::{Insert, Outcome};
use crate::entity::{ColumnDef, Value};
use crate::store::keep::fits;
use crate::store::{Fault, StoreError};
use ::diesel::connection::{DefaultLoadingMode, LoadConnection};
use ahash::AHashMap;

/// How an answer is led back to the row that it is of, where a statement writes several: no backend promises an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Match {
    /// By the key, which was given.
    ByKey,
    /// By the number that the store made up as the key: they rise from row to row.
    ByNumber,
    /// There is no way: each row is a statement.
    Alone,
}

impl Match {
    fn of(insert: &Insert) -> Self {
        let given = |column: &ColumnDef| insert.columns.contains(column);
        match insert.table.key {
            _ if insert.columns.is_empty() => Self::Alone,
            key if key.iter().all(given) => Self::ByKey,
            [only] if fits::is_integer(only.ty) => Self::ByNumber,
            _ => Self::Alone,
        }
    }
}

/// A statement that writes `rows`, and answers with `answer`.
fn insertion(
    syntax: &'static dyn Syntax,
    insert: &Insert,
    rows: &[Vec<Value>],
    answer: &[ColumnDef],
) -> Result<Statement, Fault> {
    let mut sql = Statement::new(syntax);
    sql.text("INSERT INTO ").table(insert.table);
    if insert.columns.is_empty() {
        sql.text(" ").text(syntax.defaults());
    } else {
        columns_and_rows(&mut sql, &insert.columns, &rows.iter().map(Vec::as_slice).collect::<Vec<_>>())?;
    }
    if !answer.is_empty() {
        returning(&mut sql, answer);
    }
    Ok(sql)
}

/// ` (a, b) VALUES (..)`
pub(super) fn columns_and_rows(sql: &mut Statement, columns: &[ColumnDef], rows: &[&[Value]]) -> Written {
    sql.text(" (");
    sql.list(columns, ", ", |sql, column| {
        sql.name(column.name);
        Ok(())
    })?;
    sql.text(") ");
    sql.syntax().new_rows(sql, columns, rows)
}

/// `VALUES (..), (..)`
pub(super) fn values(sql: &mut Statement, columns: &[ColumnDef], rows: &[&[Value]]) -> Written {
    let syntax = sql.syntax();
    if !syntax.keeps(rows.len(), columns.len()) {
        sql.set_varies();
    }
    sql.text("VALUES ");
    sql.list(rows, ", ", |sql, row| {
        sql.text("(");
        sql.list(columns.iter().zip(*row), ", ", |sql, (column, value)| syntax.value(sql, column, value))?;
        sql.text(")");
        Ok(())
    })
}

/// Refuses what a column cannot hold, whatever the database would make of it. NULL is the database's business.
pub(super) fn check(insert: &Insert) -> Result<(), Fault> {
    for row in &insert.rows {
        if row.len() != insert.columns.len() {
            let (given, wanted) = (row.len(), insert.columns.len());
            return Err(Fault::Unfit(format!("a new row has {given} values, there are {wanted} columns")));
        }
        let cells = insert.columns.iter().zip(row).filter(|(_, value)| !value.is_null());
        cells.into_iter().try_for_each(|(column, value)| fits::check_value(column, value))?;
    }
    Ok(())
}

impl<C> DieselStore<'_, C>
where
    C: LoadConnection<DefaultLoadingMode>,
    C::Backend: Dialect,
{
    pub(super) fn insert_rows(&mut self, site: Site, insert: &Insert) -> Result<Vec<Outcome>, StoreError> {
        check(insert).map_err(|fault| site.failed(fault))?;
        let portions: Vec<_> = portions(Self::syntax(), insert).collect();
        // One statement is all or nothing by itself; a server that answers with no rows does not take it.
        self.as_one(site, portions.len() > 1, &[], |store| {
            let mut outcomes = Vec::with_capacity(insert.rows.len());
            for rows in portions {
                store.insert_chunk(site, insert, rows, &mut outcomes)?;
            }
            Ok(outcomes)
        })
    }

    fn insert_chunk(
        &mut self,
        site: Site,
        insert: &Insert,
        rows: &[Vec<Value>],
        outcomes: &mut Vec<Outcome>,
    ) -> Result<(), StoreError> {
        let answer = answer(insert, rows.len());
        let statement = insertion(Self::syntax(), insert, rows, &answer).map_err(|fault| site.failed(fault))?;
        if answer.is_empty() {
            self.count(site, &statement)?;
            outcomes.resize(outcomes.len() + rows.len(), Outcome::Done(Vec::new()));
            return Ok(());
        }
        let readers: Vec<Read> = answer.iter().map(|column| column.value).collect();
        let mut stored = self.rows_of(site, statement, &readers)?;
        if stored.len() != rows.len() {
            return Err(site.failed(Fault::Unsupported("answer with new rows as they are stored".to_owned())));
        }
        if rows.len() > 1 {
            stored = in_order(insert, &answer, rows, stored);
        }
        outcomes.extend(stored.into_iter().map(Outcome::Done));
        Ok(())
    }
}

/// The rows, as one statement each takes them.
fn portions<'i>(syntax: &dyn Syntax, insert: &'i Insert) -> impl Iterator<Item = &'i [Vec<Value>]> {
    let columns = insert.columns.len();
    let alone = columns == 0 || !insert.returning.is_empty() && Match::of(insert) == Match::Alone;
    let limit = syntax.limit(columns);
    let rows = if alone { 1 } else { limit.rows.min(syntax.max_binds() / columns) };
    Limit { rows, ..limit }.portions(&insert.rows, |row| weight(row))
}

/// What a statement of so many rows answers with: what is wanted, and behind it what that lacks of the key, if the key tells
/// which row it is of.
fn answer(insert: &Insert, rows: usize) -> Vec<ColumnDef> {
    let key = if rows > 1 && !insert.returning.is_empty() { insert.table.key } else { &[] };
    let beside = key.iter().filter(|column| !insert.returning.contains(column));
    insert.returning.iter().chain(beside).copied().collect()
}

/// The answers in the order of the rows, without what only tells that.
fn in_order(
    insert: &Insert,
    answer: &[ColumnDef],
    rows: &[Vec<Value>],
    mut stored: Vec<Vec<Value>>,
) -> Vec<Vec<Value>> {
    let key = insert.table.key.iter();
    let places = |columns: &[ColumnDef]| -> Vec<_> {
        key.clone().filter_map(|part| columns.iter().position(|known| known == part)).collect()
    };
    let (given, told) = (places(&insert.columns), places(answer));
    match Match::of(insert) {
        Match::ByNumber => stored.sort_by(|one, other| one[told[0]].cmp(&other[told[0]])),
        Match::ByKey => {
            let of = |row: &[Value], places: &[usize]| places.iter().map(|at| row[*at].clone()).collect::<Vec<_>>();
            let order: AHashMap<_, _> = rows.iter().enumerate().map(|(at, row)| (of(row, &given), at)).collect();
            // A key that a trigger has changed is not found; it stays where it came.
            stored.sort_by_key(|row| order.get(&of(row, &told)).copied().unwrap_or(usize::MAX));
        }
        Match::Alone => {}
    }
    stored.iter_mut().for_each(|row| row.truncate(insert.returning.len()));
    stored
}

/// The statements of an insert, as text.
pub(super) fn explained(syntax: &'static dyn Syntax, insert: &Insert) -> Result<Vec<Statement>, Fault> {
    check(insert)?;
    portions(syntax, insert).map(|rows| insertion(syntax, insert, rows, &answer(insert, rows.len()))).collect()
}
