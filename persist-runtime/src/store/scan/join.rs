//! Rows of other tables that are given with those of a fetch.

use super::filter::Test;
use super::{Heading, Row, Rows, TableRows, key_at, value};
use crate::engine::Joined;
use crate::entity::Value;
use crate::store::StoreError;
use ahash::AHashMap;

/// The tables that a fetch joins, ready to be looked up in.
pub(super) struct Beside<'a>(Vec<Other<'a>>);

struct Other<'a> {
    from: Option<usize>,
    local: Vec<usize>,
    rows: AHashMap<Vec<Value>, Row<'a>>,
    places: Vec<usize>,
}

impl<'a> Beside<'a> {
    pub(super) fn of(store: &'a dyn Rows, own: &Heading<'_>, joined: &[Joined]) -> Result<Self, StoreError> {
        let mut headings: Vec<Heading<'a>> = Vec::with_capacity(joined.len());
        let mut others = Vec::with_capacity(joined.len());
        for join in joined {
            let local = match join.from.and_then(|from| headings.get(from)) {
                Some(heading) => heading.places(&join.local)?,
                None => own.places(&join.local)?,
            };
            let (heading, other) = Other::of(store, join, local)?;
            headings.push(heading);
            others.push(other);
        }
        Ok(Self(others))
    }

    /// The cells of a row, then those of what it leads to.
    pub(super) fn give<'r>(&'r self, row: &'r [Value], places: &[usize]) -> Vec<&'r Value> {
        let mut cells: Vec<_> = places.iter().map(|place| value(row, *place)).collect();
        let mut found: Vec<&[Value]> = Vec::with_capacity(self.0.len());
        for other in &self.0 {
            let from = other.from.and_then(|from| found.get(from).copied()).unwrap_or(row);
            // A row that is not there has no cells, and what is past a row's end is NULL.
            let there = key_at(from, &other.local).and_then(|key| other.rows.get(&*key)).map_or(&[][..], |row| row);
            cells.extend(other.places.iter().map(|place| value(there, *place)));
            found.push(there);
        }
        cells
    }
}

impl<'a> Other<'a> {
    fn of(store: &'a dyn Rows, join: &Joined, local: Vec<usize>) -> Result<(Heading<'a>, Self), StoreError> {
        let TableRows { columns, rows } = store.scan(join.table)?;
        let heading = Heading { entity: join.table.entity, columns };
        let remote = heading.places(&join.remote)?;
        let test = join.on.as_ref().map(|on| Test::new(store, &heading, on)).transpose()?;
        let there = rows.filter(|row| test.as_ref().is_none_or(|test| test.holds(row)));
        let keyed = there.filter_map(|row| Some((key_at(&row, &remote)?.into_owned(), row)));
        let (rows, places) = (keyed.collect(), heading.places(&join.columns)?);
        Ok((heading, Self { from: join.from, local, rows, places }))
    }
}
