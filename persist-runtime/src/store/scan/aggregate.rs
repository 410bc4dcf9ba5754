//! Aggregates over rows in hand. NULL is no value; sums of integers and decimals are exact.

use super::filter::Among;
use super::order::Joined;
use super::{Chosen, Heading, Rows, key_at, value};
use crate::engine::Keyed;
use crate::entity::{ColumnDef, Decimal, Value};
use crate::group::Aggregate;
use crate::store::{Fault, Sink, StoreError};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// One row, of all rows: also of none.
pub(super) fn all(chosen: Option<&Chosen<'_>>, of: &[Aggregate], sink: &mut dyn Sink) -> Result<(), StoreError> {
    let mut cells: Vec<_> = of.iter().map(Cell::new).collect();
    if let Some(chosen) = chosen {
        let places = places(&chosen.heading, of)?;
        for row in &chosen.rows {
            add(&chosen.heading, &mut cells, &places, row)?;
        }
    }
    give(&[], cells, sink);
    Ok(())
}

/// One row for each different key in the columns `by`, NULL among them, in the order of the keys.
pub(super) fn parts(
    chosen: &Chosen<'_>,
    by: &[ColumnDef],
    of: &[Aggregate],
    sink: &mut dyn Sink,
) -> Result<(), StoreError> {
    let Chosen { heading, rows } = chosen;
    let (by, places) = (heading.places(by)?, places(heading, of)?);
    let mut parts = BTreeMap::new();
    for row in rows {
        let key: Vec<&Value> = by.iter().map(|place| value(row, *place)).collect();
        let cells = parts.entry(key).or_insert_with(|| of.iter().map(Cell::new).collect::<Vec<_>>());
        add(heading, cells, &places, row)?;
    }
    for (key, cells) in parts {
        give(&key, cells, sink);
    }
    Ok(())
}

/// One row for each of the keys that has rows.
pub(super) fn by_key(
    store: &dyn Rows,
    chosen: &Chosen<'_>,
    keyed: &Keyed,
    of: &[Aggregate],
    sink: &mut dyn Sink,
) -> Result<(), StoreError> {
    let Chosen { heading, rows } = chosen;
    let by = heading.places(&keyed.by)?;
    let joined = keyed.join.as_ref().map(|join| Ok((Joined::of(store, join, &[])?, heading.places(&join.local)?)));
    let joined: Option<(Joined<'_>, Vec<usize>)> = joined.transpose()?;
    // The columns are those of the far table, where there is one.
    let heading = joined.as_ref().map_or(heading, |(joined, _)| &joined.heading);
    let places = places(heading, of)?;
    let among = Among::of(store, by.clone(), &keyed.keys)?;
    let mut known = BTreeMap::<Cow<'_, [Value]>, Vec<Cell>>::new();
    for row in rows.iter().filter(|row| among.holds(row)) {
        let Some(key) = key_at(row, &by) else { continue };
        let cells = known.entry(key).or_insert_with(|| of.iter().map(Cell::new).collect());
        match &joined {
            Some((joined, local)) => add(heading, cells, &places, joined.row(key_at(row, local).as_deref()))?,
            None => add(heading, cells, &places, row)?,
        }
    }
    for (key, cells) in known {
        give(&key.iter().collect::<Vec<_>>(), cells, sink);
    }
    Ok(())
}

fn give(key: &[&Value], cells: Vec<Cell>, sink: &mut dyn Sink) {
    let cells: Vec<Value> = cells.into_iter().map(Cell::value).collect();
    sink.row(&key.iter().copied().chain(&cells).collect::<Vec<_>>());
}

/// For each aggregate, where its column stands.
fn places(heading: &Heading<'_>, of: &[Aggregate]) -> Result<Vec<Option<usize>>, StoreError> {
    of.iter().map(|aggregate| aggregate.column().map(|column| heading.place(&column)).transpose()).collect()
}

fn add(heading: &Heading<'_>, cells: &mut [Cell], places: &[Option<usize>], row: &[Value]) -> Result<(), StoreError> {
    for (cell, place) in cells.iter_mut().zip(places) {
        let value = place.map(|place| value(row, place));
        if !value.is_some_and(Value::is_null) {
            let added = cell.add(value);
            added.map_err(|fault| StoreError::new(heading.entity, "reading", fault))?;
        }
    }
    Ok(())
}

/// One aggregate in the making.
enum Cell {
    Count(i64),
    Least(Value),
    Greatest(Value),
    Sum(Sum),
}

enum Sum {
    Nothing,
    Int(i128),
    Float(f64),
    Decimal(Decimal),
}

impl Cell {
    const fn new(of: &Aggregate) -> Self {
        match of {
            Aggregate::Count | Aggregate::CountOf(_) => Self::Count(0),
            Aggregate::Min(_) => Self::Least(Value::Null),
            Aggregate::Max(_) => Self::Greatest(Value::Null),
            Aggregate::Sum(_) => Self::Sum(Sum::Nothing),
        }
    }

    /// Takes a value that is not NULL; none where the row counts.
    fn add(&mut self, value: Option<&Value>) -> Result<(), Fault> {
        match (self, value) {
            (Self::Count(count), _) => *count += 1,
            (Self::Least(least), Some(value)) if least.is_null() || value < least => least.clone_from(value),
            (Self::Greatest(greatest), Some(value)) if value > greatest => greatest.clone_from(value),
            (Self::Sum(sum), Some(value)) => sum.add(value)?,
            (Self::Least(_) | Self::Greatest(_) | Self::Sum(_), _) => {}
        }
        Ok(())
    }

    fn value(self) -> Value {
        match self {
            Self::Count(count) => Value::Int(count),
            Self::Least(value) | Self::Greatest(value) => value,
            Self::Sum(Sum::Nothing) => Value::Null,
            Self::Sum(Sum::Int(sum)) => match i64::try_from(sum) {
                Ok(fits) => Value::Int(fits),
                Err(_) => Value::Decimal(Decimal::new(sum, 0)),
            },
            Self::Sum(Sum::Float(sum)) => Value::Float(sum),
            Self::Sum(Sum::Decimal(sum)) => Value::Decimal(sum),
        }
    }
}

impl Sum {
    fn add(&mut self, value: &Value) -> Result<(), Fault> {
        *self = match (&*self, value) {
            (Self::Nothing, Value::Int(value)) => Self::Int((*value).into()),
            // No table has so many rows that this would not fit.
            (Self::Int(sum), Value::Int(value)) => Self::Int(sum.saturating_add((*value).into())),
            (Self::Nothing, Value::Float(value)) => Self::Float(*value),
            (Self::Float(sum), Value::Float(value)) => Self::Float(sum + value),
            (Self::Nothing, Value::Decimal(value)) => Self::Decimal(*value),
            (Self::Decimal(sum), Value::Decimal(value)) => match sum.checked_add(*value) {
                Some(sum) => Self::Decimal(sum),
                None => return Err(Fault::Unsupported("add up to more than 38 digits".to_owned())),
            },
            (_, other) => return Err(Fault::Unsupported(format!("add up {}", other.kind()))),
        };
        Ok(())
    }
}
