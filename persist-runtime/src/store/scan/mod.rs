//! The meaning of a [`Fetch`], over rows in hand: the reference that every other store is held to.
//!
//! A store that keeps neutral rows implements [`Rows`], hands over the rows of a table, and leaves the rest to
//! [`answer`]: conditions, orders, limits, keys and counts. Every table that a fetch names is read once for each mention
//! and looked up by hash: the work grows with the tables (and with the sort), never with their product.
//!
//! Nothing here keeps rows, writes them or knows where they come from.

mod aggregate;
mod filter;
mod join;
mod order;
#[cfg(test)]
mod tests;
mod union;

use super::{Fault, Sink, StoreError, place_columns};
use crate::engine::{Fetch, Output};
use crate::entity::{ColumnDef, Table, Value};
use crate::group::{Condition, Per, Select};
use ahash::AHashMap;
use filter::{Among, Test};
use join::Beside;
use order::{Terms, arrange};
use std::borrow::Cow;
use std::fmt;

/// A place that holds rows by table: what a store hands over for [`answer`] to work on.
///
/// ```
/// use persist::engine::{Fetch, Output};
/// use persist::store::{Rows, StoreError, TableRows, answer};
/// use persist::group::Select;
/// use persist::{Cells, Collation, Rules, ColumnDef, ColumnType, Table, Value};
/// use std::sync::Arc;
///
/// const ID: ColumnDef =
///     ColumnDef { name: "id", ty: ColumnType::Integer, nullable: false, value: |raw| raw.integer().map(Value::Int) };
/// static BUGS: Table = Table {
///     entity: "Bug",
///     schema: None,
///     name: "bugs",
///     columns: &[ID],
///     key: &[ID],
///     collation: Collation::Portable,
///     rules: &Rules::NONE,
/// };
///
/// struct Stock(Vec<Vec<Value>>);
///
/// impl Rows for Stock {
///     fn scan<'a>(&'a self, _table: &'static Table) -> Result<TableRows<'a>, StoreError> {
///         Ok(TableRows::new(["id"], &self.0))
///     }
/// }
///
/// let stock = Stock(vec![vec![2.into()], vec![1.into()]]);
/// let mut ids = Vec::new();
/// let mut sink = |cells: &dyn Cells| cells.see(0, &mut |raw| ids.push(raw.integer().unwrap()));
/// answer(&stock, &Fetch::new(Arc::new(Select::all(&BUGS)), Output::Columns(vec![ID])), &mut sink)?;
/// assert_eq!(ids, [1, 2]);
/// # Ok::<(), StoreError>(())
/// ```
pub trait Rows {
    /// All rows of `table`, in any order.
    ///
    /// # Errors
    /// When the table is not there ([`Fault::MissingTable`]), or cannot be read.
    fn scan<'a>(&'a self, table: &'static Table) -> Result<TableRows<'a>, StoreError>;
}

/// One row: its values in the order of [`TableRows`]' columns. Columns past its end are NULL.
pub(super) type Row<'a> = Cow<'a, [Value]>;

/// The rows of one table, with the names of their columns: what [`Rows::scan`] gives. They are taken one by one, and
/// need not all be in memory.
pub struct TableRows<'a> {
    columns: Vec<&'a str>,
    rows: Box<dyn Iterator<Item = Row<'a>> + 'a>,
}

impl<'a> TableRows<'a> {
    /// Rows whose n-th value belongs to the n-th of `columns`.
    ///
    /// A row is borrowed (`&[Value]`, `&Vec<Value>`) or owned (`Vec<Value>`). One that is shorter than `columns` is NULL
    /// in the rest of them.
    pub fn new<R>(columns: impl IntoIterator<Item = &'a str>, rows: R) -> Self
    where
        R: IntoIterator<Item: Into<Cow<'a, [Value]>> + 'a, IntoIter: 'a>,
    {
        Self { columns: columns.into_iter().collect(), rows: Box::new(rows.into_iter().map(Into::into)) }
    }
}

impl fmt::Debug for TableRows<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TableRows").field("columns", &self.columns).finish_non_exhaustive()
    }
}

/// Answers `fetch` from the rows of `rows`, as the documentation of [`Fetch`] and [`Select`] says.
///
/// Where a fetch is keyed and its selection is cut (by a limit or an offset), the cut comes first: the rows are those of
/// the selection, and of these the ones that hold a key.
///
/// # Errors
/// When a table or a column is missing, or `rows` cannot read one; when the fetch asks for what a [`Fetch`] never does
/// (existence or parts by key, an aggregate with a limit per key).
pub fn answer(rows: &dyn Rows, fetch: &Fetch, sink: &mut dyn Sink) -> Result<(), StoreError> {
    refuse(fetch)?;
    let none = fetch.select.is_never() || fetch.keyed.as_ref().is_some_and(|keyed| keyed.keys.is_never());
    let chosen = if none { None } else { Some(Chosen::of(rows, &fetch.select)?) };
    match (&fetch.output, &fetch.keyed, chosen) {
        (Output::Aggregates(of), None, chosen) => aggregate::all(chosen.as_ref(), of, sink)?,
        (Output::Exists, _, chosen) => one(sink, Value::Bool(chosen.is_some_and(|chosen| !chosen.rows.is_empty()))),
        (_, _, None) => {}
        (Output::Parts(by, of), _, Some(chosen)) => aggregate::parts(&chosen, by, of, sink)?,
        (Output::Aggregates(of), Some(keyed), Some(chosen)) => aggregate::by_key(rows, &chosen, keyed, of, sink)?,
        (Output::Columns(columns), _, Some(chosen)) => chosen.give(rows, fetch, columns, sink)?,
    }
    Ok(())
}

/// Refuses what no fetch may ask for.
pub(crate) fn refuse(fetch: &Fetch) -> Result<(), StoreError> {
    let failed = |fault| StoreError::new(fetch.table().entity, "reading", fault);
    match &fetch.select.filter {
        Some(Condition::Beyond(beyond)) => place_columns(beyond).map(drop).map_err(failed)?,
        Some(Condition::And(all)) => {
            for condition in all {
                if let Condition::Beyond(beyond) = condition {
                    place_columns(beyond).map(drop).map_err(failed)?;
                }
            }
        }
        _ => {}
    }
    let what = match (&fetch.output, &fetch.keyed) {
        (Output::Exists, Some(_)) => "tell for each key whether it has rows",
        (Output::Parts(..), Some(_)) => "divide the rows of keys",
        (Output::Parts(by, _), None) if by.iter().any(|column| column.ty.is_json()) => "tell JSON documents apart",
        (Output::Aggregates(_), Some(keyed)) if keyed.per_key.is_some() => "aggregate with a limit per key",
        (Output::Exists | Output::Aggregates(_) | Output::Parts(..), _) if !fetch.joined.is_empty() => {
            "join what is only counted"
        }
        _ => return Ok(()),
    };
    Err(failed(Fault::Unsupported(what.to_owned())))
}

fn one(sink: &mut dyn Sink, value: Value) {
    sink.row(&vec![&value]);
}

/// What stands where in the rows of one table.
struct Heading<'a> {
    entity: &'static str,
    columns: Vec<&'a str>,
}

impl Heading<'_> {
    fn place(&self, column: &ColumnDef) -> Result<usize, StoreError> {
        let place = self.columns.iter().position(|name| *name == column.name);
        place.ok_or_else(|| StoreError::new(self.entity, "reading", Fault::MissingColumn(column.name.to_owned())))
    }

    fn places(&self, columns: &[ColumnDef]) -> Result<Vec<usize>, StoreError> {
        columns.iter().map(|column| self.place(column)).collect()
    }
}

static NULL: Value = Value::Null;

fn value(row: &[Value], place: usize) -> &Value {
    row.get(place).unwrap_or(&NULL)
}

/// The values at `places` as a key; none if one of them is NULL, since such a key matches nothing.
fn key_at<'r>(row: &'r [Value], places: &[usize]) -> Option<Cow<'r, [Value]>> {
    match places {
        // The usual key has one part: nothing is copied to look it up.
        [only] => Some(value(row, *only)).filter(|part| !part.is_null()).map(|part| std::slice::from_ref(part).into()),
        _ => {
            let parts = places.iter().map(|place| Some(value(row, *place)).filter(|part| !part.is_null()).cloned());
            parts.collect::<Option<Vec<_>>>().map(Cow::Owned)
        }
    }
}

/// Of each value of what stands at `places`, NULL included, the first `most` rows.
fn first_of_each<'a>(rows: Vec<Row<'a>>, places: &[usize], most: u64) -> Vec<Row<'a>> {
    let mut taken = AHashMap::<Vec<Value>, u64>::new();
    let mut first = |row: &Row<'_>| {
        let taken = taken.entry(places.iter().map(|place| value(row, *place).clone()).collect()).or_default();
        *taken += 1;
        *taken <= most
    };
    rows.into_iter().filter(|row| first(row)).collect()
}

/// The rows of a selection. They are in its order only where it is cut.
struct Chosen<'a> {
    heading: Heading<'a>,
    rows: Vec<Row<'a>>,
}

impl<'a> Chosen<'a> {
    fn of(store: &'a dyn Rows, select: &Select) -> Result<Self, StoreError> {
        let TableRows { columns, rows } = match &select.union {
            None => store.scan(select.table)?,
            Some(union) => union::rows(store, select.table, union)?,
        };
        let heading = Heading { entity: select.table.entity, columns };
        let mut rows: Vec<_> = match &select.filter {
            None => rows.collect(),
            Some(filter) => {
                let test = Test::new(store, &heading, filter)?;
                rows.filter(|row| test.holds(row)).collect()
            }
        };
        if select.is_cut() {
            let count = |rows: u64| usize::try_from(rows).unwrap_or(usize::MAX);
            let terms = Terms::new(store, &heading, &select.ordering(), &select.seen)?;
            rows.sort_by(|a, b| terms.compare(a, b));
            if let Some(Per { columns, most }) = &select.per {
                rows = first_of_each(rows, &heading.places(columns)?, *most);
            }
            rows.drain(..count(select.offset).min(rows.len()));
            rows.truncate(select.limit.map_or(usize::MAX, count));
        }
        Ok(Self { heading, rows })
    }

    fn give(
        self,
        store: &dyn Rows,
        fetch: &Fetch,
        columns: &[ColumnDef],
        sink: &mut dyn Sink,
    ) -> Result<(), StoreError> {
        let Self { heading, mut rows } = self;
        let keyed = fetch.keyed.as_ref();
        let places = heading.places(columns)?;
        let by = heading.places(keyed.map_or(&[], |keyed| &keyed.by))?;
        if let Some(keyed) = keyed {
            let among = Among::of(store, by.clone(), &keyed.keys)?;
            rows.retain(|row| among.holds(row));
        }
        let beside = Beside::of(store, &heading, &fetch.joined)?;
        let rows = arrange(store, &heading, rows, &fetch.select, keyed.and_then(|keyed| keyed.join.as_ref()))?;
        let most = keyed.and_then(|keyed| keyed.per_key);
        let mut given = AHashMap::<_, u64>::new();
        for row in &rows {
            if let Some((most, key)) = most.and_then(|most| Some((most, key_at(row, &by)?))) {
                let given = given.entry(key).or_default();
                if *given >= most {
                    continue;
                }
                *given += 1;
            }
            sink.row(&beside.give(row, &places));
        }
        Ok(())
    }
}
