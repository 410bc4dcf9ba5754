//! Rows of several tables as rows of one: what a [mixed group](super::Mixed) stands on. Authors of stores need it.

use super::condition::Condition;
use super::order::{By, OrderBy};
use super::select::Select;
use crate::entity::ColumnDef;
use std::fmt;
use std::sync::Arc;

/// The rows of several selections, as rows of a table that is not stored: each once for each branch that has it. See
/// `Select::union`.
#[derive(Debug, Clone, PartialEq)]
pub struct Union {
    /// The selections.
    pub branches: Vec<Branch>,
}

/// One selection of a [`Union`].
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    /// The rows.
    pub select: Arc<Select>,
    /// What stands in each column of the union's table, in the order of its columns.
    pub cells: Vec<BranchCell>,
}

/// What stands in a column of a union, for the rows of one branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BranchCell {
    /// A column of the branch.
    Column(ColumnDef),
    /// This number.
    Number(i64),
    /// NULL.
    Null,
}

impl Branch {
    /// What stands in `column`, one of `columns`.
    #[must_use]
    pub fn cell(&self, columns: &[ColumnDef], column: &ColumnDef) -> BranchCell {
        let place = columns.iter().position(|known| known == column);
        place.and_then(|place| self.cells.get(place)).copied().unwrap_or(BranchCell::Null)
    }

    /// The terms of `order` that tell the rows of this branch from one another, by its own columns.
    #[must_use]
    pub fn order(&self, columns: &[ColumnDef], order: &[OrderBy]) -> Vec<OrderBy> {
        let term = |by: &OrderBy| match self.cell(columns, &by.column()?) {
            BranchCell::Column(column) => Some(OrderBy { by: By::Column(column), ..*by }),
            BranchCell::Number(_) | BranchCell::Null => None,
        };
        order.iter().filter_map(term).collect()
    }

    /// Narrows the branch by a condition on columns of the union's table.
    pub(super) fn narrow(&mut self, columns: &[ColumnDef], condition: &Condition) {
        let own = |column: &ColumnDef| match self.cell(columns, column) {
            BranchCell::Column(column) => column,
            BranchCell::Number(_) | BranchCell::Null => *column,
        };
        let condition = condition.over(&own);
        let mut select = self.select.open();
        select.narrow(condition);
        self.select = Arc::new(select);
    }
}

impl Condition {
    /// The same condition on other columns.
    fn over(&self, of: &dyn Fn(&ColumnDef) -> ColumnDef) -> Self {
        let all = |parts: &[Self]| parts.iter().map(|part| part.over(of)).collect();
        let mut other = self.clone();
        match &mut other {
            Self::And(parts) | Self::Or(parts) => *parts = all(parts),
            Self::Not(inner) => **inner = inner.over(of),
            Self::Compare { column, .. } | Self::IsNull(column) | Self::Text { column, .. } => *column = of(column),
            #[cfg(feature = "json")]
            Self::Json { column, .. } => *column = of(column),
            Self::CompareColumns { column, other, .. } => (*column, *other) = (of(column), of(other)),
            Self::Beyond(beyond) => beyond.order.iter_mut().for_each(|by| {
                if let By::Column(column) = &mut by.by {
                    *column = of(column);
                }
            }),
            Self::Reached(reached) => reached.columns.iter_mut().for_each(|column| *column = of(column)),
            Self::InKeys { columns, .. } | Self::InSelect { columns, .. } => {
                columns.iter_mut().for_each(|column| *column = of(column));
            }
        }
        other
    }
}

impl fmt::Display for Union {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, branch) in self.branches.iter().enumerate() {
            f.write_str(if number > 0 { " or " } else { "" })?;
            branch.select.fmt(f)?;
        }
        Ok(())
    }
}
