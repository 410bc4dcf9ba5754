//! What an [`Edit`] asks of a store: the columns that differ, what must be so, and the rows below it.

use super::before::State;
use super::below::{New, Part, below};
use super::diff::{Draft, changed};
use super::editable::Editable;
use super::expect::Said;
use super::held::Edit;
use super::layout::Layout;
use super::refused::{Refused, Why};
use super::whole::Replaced;
use super::wishes::Wishes;
use super::work::give;
use super::write::{Check, RowUpdate, Set, Test, To};
use crate::entity::{ColumnDef, Value};
use crate::view::Graph;

impl<V: Editable> Edit<V> {
    /// The columns that are written, before the rules.
    pub(super) fn sets(&self) -> Result<Vec<Set>, Refused> {
        let (table, State { base, wishes }) = (Self::table(), self.state());
        let refused = |column: &ColumnDef, why| Refused::new(table, &Self::key_values(self), column, why);
        if let Some(column) = wishes.foreign {
            return Err(refused(&column, Why::NotInView));
        }
        if let Some(column) = wishes.overflown {
            return Err(refused(&column, Why::OutOfRange));
        }
        let said = |column| wishes.touched.contains(column) || wishes.added.iter().any(|(known, _)| known == column);
        let (mut read, mut cells) = (self.columns.iter().zip(base.cells.iter()), Vec::new());
        self.show(&mut |now| match read.next() {
            Some((column, read)) if !now.holds(read) || said(column) => cells.push((*column, now.value(), read)),
            _ => {}
        });
        let mut sets = Vec::with_capacity(cells.len());
        for (column, now, read) in cells {
            let added = wishes.added.iter().find(|(known, _)| *known == column);
            let to = match added {
                Some((_, more)) if read.checked_add(more).as_ref() == Some(&now) => To::Plus(more.clone()),
                Some(_) => return Err(refused(&column, Why::Contradiction)),
                None if wishes.touched.contains(&column) && (now == *read || column.ty.is_json()) => To::Value(now),
                None => match changed(table, &column, read, now) {
                    Some(to) => to,
                    None => continue,
                },
            };
            sets.push(Set { column, to });
        }
        Ok(sets)
    }

    /// What must be so besides what the rules say.
    fn checks(&self, sets: &[Set]) -> Vec<Check> {
        let state = self.state();
        let Wishes { observed, asserted, compare, .. } = &*state.wishes;
        let changes = |column: &&ColumnDef| sets.iter().any(|set| set.column == **column);
        let asserted = asserted.iter().filter(|column| !changes(column));
        let written = sets.iter().map(|set| &set.column).filter(|_| *compare);
        let columns = observed.iter().chain(asserted).chain(written);
        let check = |column: &ColumnDef| Some(Check { column: *column, test: Test::Is(self.read(column)?) });
        columns.filter_map(check).collect()
    }

    /// What is in hand, and what is to be done for the rows that are edited with it.
    pub(crate) fn below(&self) -> Result<(Graph, Vec<Part>), Refused> {
        if self.base.below.is_empty() {
            return Ok((Graph::default(), Vec::new()));
        }
        let (mut now, state) = (self.now(), self.state());
        let (node, base, rows) = (V::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF, state.base, state.wishes.rows.as_slice());
        if !rows.is_empty() {
            Said { table: node.table, rows }.check(&Layout::all(node), base, &now)?;
        }
        let parts = match now.below == base.below {
            true => Vec::new(),
            false => below(node, &self.columns, Some(base), &mut now, New::Made, rows)?,
        };
        Ok((now, parts))
    }

    /// The collections that are replaced as a whole.
    pub(crate) fn wholes(&self) -> Vec<Replaced> {
        let state = self.state();
        let (table, rows) = (Self::table(), state.wishes.rows.as_slice());
        if rows.is_empty() {
            return Vec::new();
        }
        let said = Said { table, rows };
        let layouts = Layout::all(V::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF).into_iter().zip(&state.base.below);
        let wholes = layouts.filter(|(layout, _)| said.is_whole(layout)).map(|(layout, read)| {
            let local = layout.edge.relation.local.iter();
            let referred = local.map(|column| self.read(column).unwrap_or(Value::Null)).collect();
            Replaced { key: Self::key_values(self), referred, read: read.clone(), layout }
        });
        wholes.collect()
    }

    /// The write that saves this, where some columns are given by other rows, and rows below it may be written too; none
    /// where nothing changed.
    pub(crate) fn row(&self, given: &[(ColumnDef, Value)], below: bool) -> Result<Option<RowUpdate>, Refused> {
        let (key, mut sets) = (Self::key_values(self), self.sets()?);
        give(&mut sets, given);
        let (checks, known) = (self.checks(&sets), |column: &ColumnDef| self.read(column));
        Draft { table: Self::table(), key: &key, sets, checks, known: &known }.row(below)
    }

    /// What must be so for the row to be deleted.
    pub(crate) fn expectations(&self) -> Vec<Check> {
        let lock = Self::table().rules.lock.into_iter();
        let read = |column: ColumnDef| Some(Check { column, test: Test::Is(self.read(&column)?) });
        let mut checks = self.assertions();
        checks.extend(lock.filter_map(read));
        checks
    }

    /// What must be so although nothing is written.
    pub(crate) fn assertions(&self) -> Vec<Check> {
        self.checks(&[])
    }
}
