//! The tables of a memory store, and how their rows are found, put and removed.

use crate::entity::{ColumnDef, ColumnType, Table, Value};
use crate::group::names;
use crate::store::keep::Keep;
use crate::store::scan::{Rows, TableRows};
use crate::store::{Capability, Fault, Lack, StoreError};
use ahash::AHashMap;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

type Name = (Option<&'static str>, &'static str);

const fn name(table: &Table) -> Name {
    (table.schema, table.name)
}

/// All tables, by name. A copy shares them until one of the two writes.
#[derive(Clone, Default)]
pub(super) struct Tables(AHashMap<Name, Arc<Stored>>);

impl fmt::Debug for Tables {
    /// How many rows there are by table: the rows themselves do not belong in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.0.iter().map(|((_, name), table)| (name, table.rows.len()))).finish()
    }
}

impl Rows for Tables {
    fn scan<'a>(&'a self, table: &'static Table) -> Result<TableRows<'a>, StoreError> {
        let stored = self.0.get(&name(table));
        let mut columns = stored.map_or_else(Vec::new, |stored| stored.columns.clone());
        // Columns that nobody wrote yet come last, where every row has ended: they are NULL.
        for column in table.columns {
            place(&mut columns, column.name);
        }
        Ok(TableRows::new(columns, stored.into_iter().flat_map(|stored| stored.rows.values().map(|row| &**row))))
    }
}

/// Shared, so that the copy that a write makes beside a snapshot copies pointers.
type Shared = Arc<[Value]>;

/// One table. Its rows are NULL in the columns past their end.
#[derive(Clone, Default)]
pub(super) struct Stored {
    columns: Vec<&'static str>,
    key: Vec<&'static str>,
    rows: BTreeMap<Shared, Shared>,
    /// The last number that was made up, by column.
    made: AHashMap<&'static str, i64>,
}

fn place(columns: &mut Vec<&'static str>, name: &'static str) -> usize {
    columns.iter().position(|column| *column == name).unwrap_or_else(|| {
        columns.push(name);
        columns.len() - 1
    })
}

impl Keep for Tables {
    fn find(&self, table: &'static Table, key: &[Value]) -> Result<Option<Vec<Value>>, StoreError> {
        let Some(stored) = self.0.get(&name(table)) else { return Ok(None) };
        let row = stored.place_of(table, key).map_err(|fault| failed(table, fault))?;
        Ok(row.and_then(|key| stored.rows.get(&*key)).map(|row| stored.cells(table, row)))
    }

    fn put(&mut self, table: &'static Table, key: &[Value], cells: &[(ColumnDef, Value)]) -> Result<(), StoreError> {
        let stored = Arc::make_mut(self.0.entry(name(table)).or_default());
        stored.put(table, key, cells).map_err(|fault| failed(table, fault))
    }

    fn remove(&mut self, table: &'static Table, key: &[Value]) -> Result<(), StoreError> {
        let stored = Arc::make_mut(self.0.entry(name(table)).or_default());
        if let Some(key) = stored.place_of(table, key).map_err(|fault| failed(table, fault))? {
            stored.rows.remove(&*key);
        }
        Ok(())
    }

    /// The next number; NULL in a column that may be NULL, unless it is one of the key or said to be generated.
    fn generate(&mut self, table: &'static Table, column: &ColumnDef) -> Result<Value, StoreError> {
        let stored = Arc::make_mut(self.0.entry(name(table)).or_default());
        let made = !column.nullable || table.key.contains(column) || table.rules.generated.contains(column);
        if made { stored.generate(column).map_err(|fault| failed(table, fault)) } else { Ok(Value::Null) }
    }
}

fn failed(table: &Table, fault: Fault) -> StoreError {
    StoreError::new(table.entity, "writing", fault)
}

impl Stored {
    /// A table has one key. That of whoever writes first counts; others may name its columns in another order.
    fn agree_on_key(&self, table: &Table) -> Result<(), Fault> {
        if self.rows.is_empty()
            || (self.key.len() == table.key.len() && table.key.iter().all(|column| self.key.contains(&column.name)))
        {
            return Ok(());
        }
        let (kept, asked) = (self.key.join(", "), names(table.key));
        Err(Fault::Unsupported(format!("key `{}` by {asked}: its rows are keyed by {kept}", table.name)))
    }

    /// What the row of this key is found by; nothing where there is no row at all.
    fn place_of(&self, table: &Table, key: &[Value]) -> Result<Option<Vec<Value>>, Fault> {
        self.agree_on_key(table)?;
        let part = |name: &&str| {
            let place = table.key.iter().position(|column| column.name == *name)?;
            key.get(place).cloned()
        };
        Ok(self.key.iter().map(part).collect::<Option<Vec<_>>>().filter(|key| !key.is_empty()))
    }

    /// The cells of a row in the order of `table`'s columns.
    fn cells(&self, table: &Table, row: &[Value]) -> Vec<Value> {
        let cell = |column: &ColumnDef| {
            let place = self.columns.iter().position(|name| *name == column.name);
            place.and_then(|place| row.get(place)).cloned().unwrap_or(Value::Null)
        };
        table.columns.iter().map(cell).collect()
    }

    fn put(&mut self, table: &Table, key: &[Value], cells: &[(ColumnDef, Value)]) -> Result<(), Fault> {
        self.agree_on_key(table)?;
        if self.rows.is_empty() {
            self.key = table.key.iter().map(|column| column.name).collect();
        }
        let key = self.place_of(table, key)?.unwrap_or_default();
        let places: Vec<_> = cells.iter().map(|(column, _)| place(&mut self.columns, column.name)).collect();
        let mut row = self.rows.get(&*key).map_or_else(Vec::new, |row| row.to_vec());
        row.resize(self.columns.len(), Value::Null);
        for (place, (column, value)) in places.into_iter().zip(cells) {
            row[place].clone_from(value);
            if let (Value::Int(given), Some(last)) = (value, self.made.get_mut(column.name)) {
                *last = (*last).max(*given);
            }
        }
        self.rows.insert(key.into(), row.into());
        Ok(())
    }

    fn generate(&mut self, column: &ColumnDef) -> Result<Value, Fault> {
        if !matches!(column.ty, ColumnType::SmallInt | ColumnType::Integer | ColumnType::BigInt) {
            return Err(Lack::of(Capability::GeneratedValues).in_column(column.name).fault());
        }
        let place = self.columns.iter().position(|name| *name == column.name);
        let kept = || place.into_iter().flat_map(|place| self.rows.values().filter_map(move |row| row.get(place)));
        let number = |value: &Value| if let Value::Int(number) = value { Some(*number) } else { None };
        // Past what was given by hand, as a database that counts by its rows does.
        let last = self.made.get(column.name).copied();
        let last = last.unwrap_or_else(|| kept().filter_map(number).max().unwrap_or(0).max(0));
        let next = last.checked_add(1).ok_or_else(|| Fault::OutOfRange(column.name.to_owned()))?;
        self.made.insert(column.name, next);
        Ok(Value::Int(next))
    }
}
