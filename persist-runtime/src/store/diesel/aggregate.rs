//! Aggregates as statements: of a selection, of its parts, of the rows of each key.

use super::render::{Scope, cells, counted, keyed_filter, where_filter};
use super::source::{Source, renumbered_places};
use super::sql::{Place, Statement, Written};
use super::subselect::derived;
use super::union::source;
use crate::engine::{Fetch, Join, Keyed};
use crate::entity::{Collation, ColumnDef};
use crate::group::{Aggregate, Select};
use crate::store::Fault;

/// Which end of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Least,
    Greatest,
}

impl End {
    /// The function that SQL has for it.
    pub(super) const fn function(self) -> &'static str {
        match self {
            Self::Least => "min",
            Self::Greatest => "max",
        }
    }
}

pub(super) fn of_all(sql: &mut Statement, select: &Select, of: &[Aggregate]) -> Written {
    of_parts(sql, select, &[], of)
}

pub(super) fn of_parts(sql: &mut Statement, select: &Select, by: &[ColumnDef], of: &[Aggregate]) -> Written {
    if !select.is_cut() {
        let scope = Scope::of(sql, select.table);
        let by = scope.places(by);
        selected(sql, &by, of, &scope.places(&columns(of)))?;
        sql.text(" FROM ");
        source(sql, select, scope.alias)?;
        where_filter(sql, scope, select)?;
        return grouped(sql, &by);
    }
    // The cut comes first: the aggregates are of a derived table.
    let outside = sql.alias();
    let given: Vec<_> = by.iter().copied().chain(columns(of)).collect();
    let places = renumbered_places(&Scope { alias: outside, table: select.table }.places(&given), outside);
    let (by, of_columns) = places.split_at(by.len());
    selected(sql, by, of, of_columns)?;
    sql.text(" FROM ");
    if given.is_empty() {
        // Where rows are only counted it does not matter which they are.
        sql.text("(SELECT 1 FROM ");
        counted(sql, select)?;
        sql.text(") AS ").alias_name(outside);
    } else {
        let _ = derived(sql, select, &given, outside)?;
    }
    grouped(sql, by)
}

pub(super) fn by_keys(sql: &mut Statement, fetch: &Fetch, keyed: &Keyed, of: &[Aggregate]) -> Written {
    let mut source = Source::unordered(sql, &fetch.select);
    let scope = source.scope;
    let far = match &keyed.join {
        Some(Join { table, local, remote, .. }) => source.join(sql, scope, local, &Select::all(table), remote),
        None => scope,
    };
    let by = scope.places(&keyed.by);
    selected(sql, &by, of, &far.places(&columns(of)))?;
    sql.text(" FROM ");
    source.write(sql, &fetch.select)?;
    keyed_filter(sql, scope, fetch, keyed)?;
    grouped(sql, &by)
}

/// The columns of the aggregates that have one, in their order.
fn columns(of: &[Aggregate]) -> Vec<ColumnDef> {
    of.iter().filter_map(Aggregate::column).collect()
}

/// `SELECT by, aggregates`; `places` are those of the [`columns`].
fn selected(sql: &mut Statement, by: &[Place], of: &[Aggregate], places: &[Place]) -> Written {
    sql.text("SELECT ");
    if !by.is_empty() || of.is_empty() {
        cells(sql, by)?;
    }
    let mut places = places.iter();
    for (number, aggregate) in of.iter().enumerate() {
        sql.text(if number > 0 || !by.is_empty() { ", " } else { "" });
        // Only the number of rows has no column.
        let place = aggregate.column().and_then(|_| places.next());
        match (aggregate, place) {
            (Aggregate::Min(_), Some(place)) => sql.syntax().extreme(sql, place, End::Least)?,
            (Aggregate::Max(_), Some(place)) => sql.syntax().extreme(sql, place, End::Greatest)?,
            (Aggregate::Sum(_), Some(place)) => sql.syntax().sum(sql, place)?,
            (_, Some(place)) => drop(sql.text("count(").place(place).text(")")),
            (_, None) => drop(sql.text("count(*)")),
        }
    }
    Ok(())
}

fn grouped(sql: &mut Statement, by: &[Place]) -> Written {
    if by.is_empty() {
        return Ok(());
    }
    sql.text(" GROUP BY ");
    sql.list(by, ", ", |sql, place| {
        if place.ty.is_json() {
            return Err(Fault::Unsupported("tell JSON documents apart".to_owned()));
        }
        sql.syntax().grouped(sql, &Place { collation: Collation::Portable, ..*place });
        Ok(())
    })
}
