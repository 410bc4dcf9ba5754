//! What becomes of the rows that refer to rows which go: as their entity declares.

use super::{Context, Error};
use crate::edit::{Conflict, DeleteAll, Set, To, UpdateAll, Write};
use crate::engine::{Fetch, KeyText, Output};
use crate::entity::{Cells, ColumnDef, Dependent, OnDelete, Table, Value};
use crate::group::{Condition, KeySet, Select};
use ahash::AHashSet;
use std::sync::Arc;

/// Rows by their table and key.
type Seen = AHashSet<(Option<&'static str>, &'static str, Vec<Value>)>;

impl Context<'_> {
    /// Before the rows of these keys go: lets what depends on them go too, or refer to nothing, or keep them.
    pub(super) fn let_dependents_go(&mut self, table: &'static Table, keys: &[Vec<Value>]) -> Result<(), Error> {
        let mut seen = Seen::new();
        seen.extend(keys.iter().map(|key| (table.schema, table.name, key.clone())));
        self.dependents_go(table, keys.to_vec(), &mut seen)
    }

    fn dependents_go(&mut self, table: &'static Table, keys: Vec<Vec<Value>>, seen: &mut Seen) -> Result<(), Error> {
        for dependent in (table.rules.dependents)() {
            if keys.is_empty() {
                return Ok(());
            }
            let select = self.referring(table, &keys, dependent)?;
            match dependent.on_delete {
                OnDelete::Restrict => self.refuse_if_any(table, dependent, select)?,
                OnDelete::Nullify => self.refer_to_nothing(dependent, select)?,
                OnDelete::Cascade => self.go_too(dependent, select, seen)?,
            }
        }
        Ok(())
    }

    /// The rows that refer to rows of these keys.
    fn referring(
        &mut self,
        table: &'static Table,
        keys: &[Vec<Value>],
        dependent: &Dependent,
    ) -> Result<Arc<Select>, Error> {
        let values: Vec<Vec<Value>> = if dependent.local == table.key {
            keys.to_vec()
        } else {
            let select = Select::matching(table, in_keys(table.key, keys));
            self.read_rows(Arc::new(select), dependent.local)?
        };
        Ok(Arc::new(Select::matching(dependent.table, in_keys(dependent.remote, &values))))
    }

    fn refuse_if_any(&mut self, table: &'static Table, by: &Dependent, select: Arc<Select>) -> Result<(), Error> {
        let one = Select { limit: Some(1), ..(*select).clone() };
        let found = self.read_rows(Arc::new(one), by.remote)?;
        let Some(kept) = found.into_iter().next() else { return Ok(()) };
        let key = if by.local == table.key { KeyText(kept) } else { KeyText(Vec::new()) };
        Err(Conflict::Restricted { entity: table.entity, key, relation: by.name }.into())
    }

    fn refer_to_nothing(&mut self, dependent: &Dependent, select: Arc<Select>) -> Result<(), Error> {
        let nullable = dependent.remote.iter().filter(|column| column.nullable);
        let mut sets: Vec<_> = nullable.map(|column| Set { column: *column, to: To::Value(Value::Null) }).collect();
        let revision = dependent.table.rules.lock;
        sets.extend(revision.map(|column| Set { column, to: To::Plus(Value::Int(1)) }));
        let updated = dependent.table.rules.updated;
        sets.extend(updated.map(|updated| Set { column: updated.column, to: To::Value((updated.now)()) }));
        self.send(&Write::UpdateAll(UpdateAll::new(select, sets)))?;
        Ok(())
    }

    fn go_too(&mut self, dependent: &Dependent, select: Arc<Select>, seen: &mut Seen) -> Result<(), Error> {
        let table = dependent.table;
        if (table.rules.dependents)().is_empty() {
            self.send(&Write::DeleteAll(DeleteAll::new(select)))?;
            return Ok(());
        }
        let mut keys = self.read_rows(select, table.key)?;
        keys.retain(|key| seen.insert((table.schema, table.name, key.clone())));
        if keys.is_empty() {
            return Ok(());
        }
        self.dependents_go(table, keys.clone(), seen)?;
        let select = Select::matching(table, in_keys(table.key, &keys));
        self.send(&Write::DeleteAll(DeleteAll::new(Arc::new(select))))?;
        Ok(())
    }

    /// The cells of these rows, past views and scopes.
    pub(super) fn read_rows(&mut self, select: Arc<Select>, columns: &[ColumnDef]) -> Result<Vec<Vec<Value>>, Error> {
        self.cells_of(&Fetch::new(select, Output::Columns(columns.to_vec())), columns)
    }

    /// The same, of rows that are locked until the transaction ends.
    pub(super) fn lock_rows(&mut self, select: Arc<Select>, columns: &[ColumnDef]) -> Result<Vec<Vec<Value>>, Error> {
        self.cells_of(&Fetch::new(select, Output::Columns(columns.to_vec())).locked(), columns)
    }

    fn cells_of(&mut self, fetch: &Fetch, columns: &[ColumnDef]) -> Result<Vec<Vec<Value>>, Error> {
        let (mut rows, mut unfit) = (Vec::new(), false);
        let mut sink = |cells: &dyn Cells| {
            let mut row = Vec::with_capacity(columns.len());
            for (place, column) in columns.iter().enumerate() {
                cells.see(place, &mut |raw| match (column.value)(raw) {
                    Ok(value) => row.push(value),
                    Err(_) => unfit = true,
                });
            }
            rows.push(row);
        };
        self.stats.get_mut().statements += 1;
        self.store.fetch(fetch, &mut sink)?;
        if unfit { Err(Error::Broken) } else { Ok(rows) }
    }
}

pub(super) fn in_keys(columns: &[ColumnDef], keys: &[Vec<Value>]) -> Condition {
    let values = keys.iter().flatten().cloned().collect();
    Condition::InKeys { columns: columns.to_vec(), keys: Arc::new(KeySet::new(columns.len(), values)) }
}
