//! From entities to tables: entities of one table are united, and references find where they lead.

use super::SchemaError;
use super::model::{Column, ReferenceDef, TableDef, same_columns};
use super::shared::share;
use crate::entity::{ColumnDef, ColumnType, OnDelete, Reference, Table};

/// The tables of these entities, in the order in which they are first there.
pub(super) fn tables(entities: &[&'static Table], foreign_keys: bool) -> Result<Vec<TableDef>, SchemaError> {
    let mut tables: Vec<TableDef> = Vec::new();
    for table in entities {
        match tables.iter_mut().find(|known| known.of.is(table)) {
            Some(known) => unite(known, table)?,
            None => tables.push(new(table)),
        }
    }
    for table in entities {
        for reference in (table.rules.references)() {
            refer(&mut tables, entities, table, reference, foreign_keys)?;
        }
    }
    tables.iter_mut().for_each(index);
    share(&mut tables);
    if !foreign_keys {
        tables.iter_mut().for_each(|table| table.references.clear());
    }
    Ok(tables)
}

fn names(columns: &[ColumnDef]) -> Vec<&'static str> {
    columns.iter().map(|column| column.name).collect()
}

fn new(table: &'static Table) -> TableDef {
    let mut new = TableDef {
        of: table,
        columns: table.columns.iter().map(|column| column_of(table, column)).collect(),
        key: names(table.key),
        uniques: Vec::new(),
        references: Vec::new(),
        indexes: Vec::new(),
    };
    table.rules.unique.iter().for_each(|columns| demand(&mut new, names(columns)));
    new
}

fn column_of(table: &'static Table, column: &ColumnDef) -> Column {
    Column {
        entity: table.entity,
        name: column.name,
        ty: column.ty,
        // No part of a key is NULL, though SQLite would have it.
        nullable: column.nullable && !table.key.contains(column),
        generated: table.rules.generated.contains(column),
        collation: table.collation,
        shared_collation: table.collation,
        compared: false,
        length: 0,
    }
}

/// What another entity of the table adds.
fn unite(known: &mut TableDef, table: &'static Table) -> Result<(), SchemaError> {
    let disagree = |first, what: String, is: String, other: String| {
        Err(SchemaError::Disagreement { first, second: table.entity, what, is, other })
    };
    if known.key != names(table.key) {
        let what = format!("the key of `{}`", table.name);
        return disagree(known.of.entity, what, known.key.join(", "), names(table.key).join(", "));
    }
    for column in table.columns {
        let new = column_of(table, column);
        let Some(old) = known.columns.iter_mut().find(|old| old.name == new.name) else {
            known.columns.push(new);
            continue;
        };
        let is_text = new.ty == ColumnType::Text;
        if (old.ty, old.nullable) != (new.ty, new.nullable) || is_text && old.collation != new.collation {
            let what = format!("`{}.{}`", table.name, new.name);
            return disagree(old.entity, what, said(old), said(&new));
        }
        old.generated |= new.generated;
    }
    table.rules.unique.iter().for_each(|columns| demand(known, names(columns)));
    Ok(())
}

fn said(column: &Column) -> String {
    let null = if column.nullable { "that may be NULL" } else { "that is never NULL" };
    format!("{:?} (collation {:?}) {null}", column.ty, column.collation)
}

/// Sees to it that no two rows share these values.
fn demand(table: &mut TableDef, columns: Vec<&'static str>) {
    let known = std::iter::once(&table.key).chain(&table.uniques).any(|known| same_columns(known, &columns));
    if !known && !columns.is_empty() {
        table.uniques.push(columns);
    }
}

/// Adds what a row of an entity refers to.
fn refer(
    tables: &mut [TableDef],
    entities: &[&'static Table],
    table: &'static Table,
    reference: &Reference,
    foreign_keys: bool,
) -> Result<(), SchemaError> {
    let place = |wanted: &Table| tables.iter().position(|known| known.of.is(wanted));
    let Some(from) = place(table) else { return Ok(()) };
    let Some(to) = place(reference.to) else {
        if !foreign_keys {
            tables[from].references.push(looked_up(from, names(reference.local)));
            return Ok(());
        }
        return Err(SchemaError::Unlisted {
            entity: table.entity,
            relation: reference.name,
            fields: names(reference.local),
            to: reference.to.entity,
        });
    };
    let new = ReferenceDef {
        columns: names(reference.local),
        to,
        remote: names(reference.remote),
        on_delete: on_delete(entities, table, reference),
    };
    if foreign_keys {
        demand(&mut tables[to], new.remote.clone());
    } else {
        // What a foreign key would ask for; rows are found by it all the same.
        tables[to].references.push(looked_up(to, new.remote.clone()));
    }
    if !tables[from].references.contains(&new) {
        tables[from].references.push(new);
    }
    Ok(())
}

/// What leaves nothing but an index on these columns behind.
const fn looked_up(table: usize, columns: Vec<&'static str>) -> ReferenceDef {
    ReferenceDef { columns, to: table, remote: Vec::new(), on_delete: None }
}

/// What the entities that are referred to say of it, if they say one thing; else nothing is done, and the row stays.
fn on_delete(entities: &[&'static Table], table: &Table, reference: &Reference) -> Option<OnDelete> {
    let of = entities.iter().filter(|of| of.is(reference.to)).flat_map(|of| (of.rules.dependents)());
    let mut said = of
        .filter(|dependent| dependent.table.is(table))
        .filter(|dependent| dependent.remote == reference.local && dependent.local == reference.remote)
        .map(|dependent| dependent.on_delete);
    let first = said.next()?;
    let may_be_null = reference.local.iter().all(|column| column.nullable && !table.key.contains(column));
    (said.all(|other| other == first) && (first != OnDelete::Nullify || may_be_null)).then_some(first)
}

/// The indexes of references, where nothing else begins with their columns.
fn index(table: &mut TableDef) {
    let mut wanted: Vec<_> = table.references.iter().map(|reference| reference.columns.clone()).collect();
    // What begins with another is there before it.
    wanted.sort_by_key(|columns| std::cmp::Reverse(columns.len()));
    for columns in wanted {
        if !table.indexed().any(|known| known.starts_with(&columns)) {
            table.indexes.push(columns);
        }
    }
}
