//! What columns that refer to one another have in common: on MySQL they have one collation, and texts of one length.

use super::model::TableDef;
use crate::entity::{Collation, ColumnType as Type};

/// How long a text is that is compared, unless too many of them share an index.
const LONGEST: u32 = 255;
/// How many bytes an index of InnoDB has room for.
const ROOM: u32 = 3_072;
/// What it writes of each column besides: a length, and whether it is NULL.
const BESIDE: u32 = 3;
/// How many bytes a character may have.
const WIDEST: u32 = 4;

/// A table and a column of it.
type Place = (usize, usize);

/// Says of each column whether it is compared, and how long it is then.
pub(super) fn share(tables: &mut [TableDef]) {
    for (table, column) in compared(tables) {
        tables[table].columns[column].compared = true;
        tables[table].columns[column].length = LONGEST;
    }
    for table in tables.iter_mut() {
        let lengths: Vec<_> = table.indexed().map(|columns| (columns.clone(), fitting(table, columns))).collect();
        for (columns, length) in lengths {
            for column in table.columns.iter_mut().filter(|column| columns.contains(&column.name)) {
                column.length = column.length.min(length);
            }
        }
    }
    let pairs = pairs(tables);
    // Along a chain of references, step by step. Each step makes something less, so that there is an end.
    while pairs.iter().filter(|pair| align(tables, **pair)).count() > 0 {}
}

fn compared(tables: &[TableDef]) -> Vec<Place> {
    let places = tables.iter().enumerate().flat_map(|(nth, table)| {
        let names = table.indexed().flatten();
        names.filter_map(move |name| Some((nth, table.columns.iter().position(|column| column.name == *name)?)))
    });
    places.collect()
}

/// How long texts in an index of these columns can be.
fn fitting(table: &TableDef, columns: &[&'static str]) -> u32 {
    let (mut fixed, mut varying) = (0, 0);
    for column in columns.iter().filter_map(|name| table.column(name)) {
        fixed += BESIDE;
        match column.ty {
            Type::Text | Type::Binary => varying += 1,
            Type::Decimal => fixed += 30,
            Type::Uuid => fixed += 16,
            _ => fixed += 8,
        }
    }
    (ROOM.saturating_sub(fixed) / (WIDEST * varying.max(1))).min(LONGEST)
}

/// Columns that refer to columns, each with what it refers to.
fn pairs(tables: &[TableDef]) -> Vec<(Place, Place)> {
    let place = |table: usize, name: &str| {
        let column = tables.get(table)?.columns.iter().position(|column| column.name == name)?;
        Some((table, column))
    };
    let mut pairs = Vec::new();
    for (nth, table) in tables.iter().enumerate() {
        for reference in &table.references {
            let columns = reference.columns.iter().zip(&reference.remote);
            pairs.extend(columns.filter_map(|(from, to)| Some((place(nth, from)?, place(reference.to, to)?))));
        }
    }
    pairs
}

/// Makes two columns alike; whether that changed one.
fn align(tables: &mut [TableDef], (from, to): (Place, Place)) -> bool {
    let [a, b] = [from, to].map(|(table, column)| &tables[table].columns[column]);
    let length = a.length.min(b.length);
    let portable = [a, b].iter().any(|column| column.shared_collation == Collation::Portable);
    let collation = if portable { Collation::Portable } else { Collation::Native };
    let mut changed = false;
    for (table, column) in [from, to] {
        let column = &mut tables[table].columns[column];
        changed |= (column.length, column.shared_collation) != (length, collation);
        (column.length, column.shared_collation) = (length, collation);
    }
    changed
}
