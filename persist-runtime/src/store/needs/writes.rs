//! What writes need of a store.

use super::{Met, Needs};
use crate::edit::{Check, Insert, Op, RowDelete, RowUpdate, Set, Test, To, Upsert};
use crate::entity::{ColumnDef, ColumnType, OnDelete, Table, Value};
use crate::store::Capability;

impl Needs {
    /// Whether there is nothing that one row by itself could need and the store lacks.
    pub(crate) const fn all_rows(self) -> bool {
        const ROWS: &[Capability] = &[
            Capability::GeneratedKeys,
            Capability::GeneratedValues,
            Capability::Upserts,
            Capability::ExactSums,
            Capability::JsonPlaces,
        ];
        self.all_values() && self.0.have_all(ROWS)
    }

    pub(crate) fn insert(self, insert: &Insert) -> Met {
        let Insert { table, columns, rows, returning: _, upsert } = insert;
        self.new_row(table, |column| columns.contains(column), upsert.as_ref())?;
        if self.all_values() {
            return Ok(());
        }
        rows.iter()
            .try_for_each(|row| columns.iter().zip(row).try_for_each(|(column, value)| self.value(column, value)))
    }

    /// What one thing of a commit asks for. The rows of a selection are those within the scopes already.
    pub(crate) fn op(self, table: &'static Table, op: &Op, upsert: Option<&Upsert>) -> Met {
        match op {
            Op::Insert(_) | Op::Update(_) | Op::Verify(..) if self.all_rows() => Ok(()),
            Op::Insert(cells) => {
                self.new_row(table, |column| cells.iter().any(|(given, _)| given == column), upsert)?;
                cells.iter().try_for_each(|(column, value)| self.value(column, value))
            }
            Op::Update(RowUpdate { key, sets, checks }) => {
                self.row(table, key)?;
                self.sets(sets)?;
                self.checks(checks)
            }
            Op::Verify(key, checks) => {
                self.row(table, key)?;
                self.checks(checks)
            }
            Op::Delete(RowDelete { key, checks }) => {
                self.row(table, key)?;
                self.checks(checks)?;
                self.dependents(table)
            }
            Op::UpdateAll(select, sets, checks) => {
                self.need(Capability::GroupWrites)?;
                self.select(select)?;
                self.sets(sets)?;
                self.checks(checks)?;
                if op.is_bounded() {
                    self.need(Capability::Aggregates)?;
                    self.need(Capability::Transactions)?;
                }
                Ok(())
            }
            Op::DeleteAll(select) => {
                self.need(Capability::GroupWrites)?;
                self.select(select)?;
                self.dependents(table)
            }
        }
    }

    fn new_row(self, table: &Table, given: impl Fn(&ColumnDef) -> bool, upsert: Option<&Upsert>) -> Met {
        for column in table.rules.generated.iter().filter(|column| !given(column)) {
            let is_number = matches!(column.ty, ColumnType::SmallInt | ColumnType::Integer | ColumnType::BigInt);
            let needed = if is_number { Capability::GeneratedKeys } else { Capability::GeneratedValues };
            self.need_at(needed, column)?;
        }
        let Some(Upsert { by: _, sets: _, checks }) = upsert else { return Ok(()) };
        self.need(Capability::Upserts)?;
        self.checks(checks)
    }

    fn row(self, table: &Table, key: &[Value]) -> Met {
        table.key.iter().zip(key).try_for_each(|(column, part)| self.value(column, part))
    }

    fn sets(self, sets: &[Set]) -> Met {
        sets.iter().try_for_each(|Set { column, to }| match to {
            To::Value(value) => self.value(column, value),
            To::Plus(more) => {
                if matches!(column.ty, ColumnType::Decimal | ColumnType::Float) {
                    self.need_at(Capability::ExactSums, column)?;
                }
                self.value(column, more)
            }
            #[cfg(feature = "json")]
            To::Paths(changes) => {
                self.need_at(Capability::JsonPlaces, column)?;
                let keys = changes.all().iter().flat_map(|change| &change.path);
                keys.into_iter().try_for_each(|key| self.text(column, key))?;
                changes.values().try_for_each(|value| self.value(column, value))
            }
        })
    }

    fn checks(self, checks: &[Check]) -> Met {
        checks.iter().try_for_each(|Check { column, test }| match test {
            Test::Is(value) => self.value(column, value),
            Test::Within(least, most) => {
                self.value(column, least)?;
                self.value(column, most)
            }
        })
    }

    /// What rows that refer to rows of this table need, which go.
    fn dependents(self, table: &'static Table) -> Met {
        if self.has(Capability::GroupWrites) {
            return Ok(());
        }
        let written = |on_delete| matches!(on_delete, OnDelete::Cascade | OnDelete::Nullify);
        match (table.rules.dependents)().iter().any(|dependent| written(dependent.on_delete)) {
            true => self.need(Capability::GroupWrites),
            false => Ok(()),
        }
    }
}
