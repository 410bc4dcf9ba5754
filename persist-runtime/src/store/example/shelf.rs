use persist::edit::{Outcome, Write};
use persist::engine::Fetch;
use persist::store::{Capabilities, Capability, Keep, Rows, Sink, Snapshot, TableRows, answer, write};
use persist::{ColumnDef, Store, StoreError, Table, Value};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

type Row = BTreeMap<&'static str, Value>;
type Tables = BTreeMap<&'static str, BTreeMap<Vec<Value>, Row>>;

/// The rows of each table by their key, for all who share them. All tables are there, and empty.
#[derive(Clone, Default)]
pub struct Shelf(std::sync::Arc<Mutex<Tables>>);

impl Shelf {
    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn cells(table: &Table, row: &Row) -> Vec<Value> {
    table.columns.iter().map(|column| row.get(column.name).cloned().unwrap_or(Value::Null)).collect()
}

impl Rows for Shelf {
    fn scan<'a>(&'a self, table: &'static Table) -> Result<TableRows<'a>, StoreError> {
        let tables = self.tables();
        let rows = tables.get(table.name).into_iter().flat_map(BTreeMap::values);
        let rows: Vec<_> = rows.map(|row| cells(table, row)).collect();
        Ok(TableRows::new(table.columns.iter().map(|column| column.name), rows))
    }
}

impl Keep for Shelf {
    fn find(&self, table: &'static Table, key: &[Value]) -> Result<Option<Vec<Value>>, StoreError> {
        Ok(self.tables().get(table.name).and_then(|rows| rows.get(key)).map(|row| cells(table, row)))
    }

    fn put(&mut self, table: &'static Table, key: &[Value], new: &[(ColumnDef, Value)]) -> Result<(), StoreError> {
        let mut tables = self.tables();
        let row = tables.entry(table.name).or_default().entry(key.to_vec()).or_default();
        row.extend(new.iter().map(|(column, value)| (column.name, value.clone())));
        Ok(())
    }

    fn remove(&mut self, table: &'static Table, key: &[Value]) -> Result<(), StoreError> {
        self.tables().entry(table.name).or_default().remove(key);
        Ok(())
    }
}

impl Store for Shelf {
    fn name(&self) -> &'static str {
        "shelf"
    }

    fn capabilities(&self) -> Capabilities {
        let all = Capabilities::ALL.without(Capability::Transactions).without(Capability::Savepoints);
        let all = all.without(Capability::GeneratedKeys).without(Capability::GeneratedValues);
        all.without(Capability::Snapshots).without(Capability::ForeignKeys)
    }

    fn fetch(&mut self, fetch: &Fetch, sink: &mut dyn Sink) -> Result<(), StoreError> {
        answer(self, fetch, sink)
    }

    fn write(&mut self, change: &Write) -> Result<Vec<Outcome>, StoreError> {
        write(self, change)
    }

    fn begin_snapshot(&mut self) -> Result<Snapshot, StoreError> {
        Ok(Snapshot::None) // two reads may see two states
    }

    fn end_snapshot(&mut self) -> Result<(), StoreError> {
        Ok(())
    }
}
