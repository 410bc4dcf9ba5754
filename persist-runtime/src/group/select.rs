//! Selections: the rows that a [group](super::Group) stands for, as data. Authors of stores need them.

use super::condition::{Condition, names};
use super::relation::RelationDef;
use super::union::Union;
use crate::entity::{ColumnDef, Table};
use std::fmt;
use std::sync::Arc;

/// Rows of one table: which, in what order, how many. The neutral form of a [`Group`](super::Group), for stores.
///
/// `filter` comes first, then the [`ordering`](Self::ordering), then `offset`, then `limit`.
#[derive(Debug, Clone)]
pub struct Select {
    /// The table.
    pub table: &'static Table,
    /// Which rows.
    pub filter: Option<Condition>,
    /// In what order; [`Select::ordering`] adds the key, which breaks ties.
    pub order: Vec<OrderBy>,
    /// At most so many rows, after `offset`.
    pub limit: Option<u64>,
    /// How many rows to pass over first.
    pub offset: u64,
    /// Where the rows of `table` come from, if no store has it.
    pub union: Option<Arc<Union>>,
}

impl PartialEq for Select {
    fn eq(&self, other: &Self) -> bool {
        self.table.is(other.table)
            && self.filter == other.filter
            && self.order == other.order
            && self.limit == other.limit
            && self.offset == other.offset
            && self.union == other.union
    }
}

/// Values of some columns of a selection, as a set: the right side of an `IN`. See
/// [`Condition::InSelect`](super::Condition::InSelect).
#[derive(Debug, Clone, PartialEq)]
pub struct Projection {
    /// The rows.
    pub select: Arc<Select>,
    /// The columns.
    pub columns: Vec<ColumnDef>,
}

/// One column of an order. NULLs come first ascending and last descending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderBy {
    /// The column.
    pub column: ColumnDef,
    /// From the greatest to the least.
    pub descending: bool,
}

impl Select {
    /// All rows of `table`.
    #[must_use]
    pub const fn all(table: &'static Table) -> Self {
        Self { table, filter: None, order: Vec::new(), limit: None, offset: 0, union: None }
    }

    /// The rows of `table` that satisfy `filter`.
    #[must_use]
    pub const fn matching(table: &'static Table, filter: Condition) -> Self {
        Self { table, filter: Some(filter), order: Vec::new(), limit: None, offset: 0, union: None }
    }

    /// Whether a limit or an offset cuts the rows.
    #[must_use]
    pub const fn is_cut(&self) -> bool {
        self.limit.is_some() || self.offset > 0
    }

    /// Whether this holds no row, as far as can be told without looking.
    #[must_use]
    pub fn is_never(&self) -> bool {
        let never = |union: &Arc<Union>| union.branches.iter().all(|branch| branch.select.is_never());
        self.limit == Some(0)
            || self.filter.as_ref().is_some_and(Condition::is_never)
            || self.union.as_ref().is_some_and(never)
    }

    /// The order, total: ended by the columns of the key.
    #[must_use]
    pub fn ordering(&self) -> Vec<OrderBy> {
        total_order(self.table, &self.order)
    }

    /// The same rows, open to further conditions: a cut selection becomes a condition on the key.
    pub(super) fn open(self: &Arc<Self>) -> Self {
        if !self.is_cut() {
            return (**self).clone();
        }
        let mut open = Self::matching(self.table, self.as_condition());
        // The order travels outward, or the caller would lose it.
        open.order.clone_from(&self.order);
        open
    }

    /// "This row is one of these", for rows of the same table.
    pub(super) fn as_condition(self: &Arc<Self>) -> Condition {
        match &self.filter {
            Some(filter) if !self.is_cut() => filter.clone(),
            None if !self.is_cut() => Condition::And(Vec::new()),
            _ => {
                let key = self.table.key.to_vec();
                let branch = Projection { select: Arc::clone(self), columns: key.clone() };
                Condition::InSelect { columns: key, branches: vec![branch] }
            }
        }
    }

    pub(super) fn narrow(&mut self, condition: Condition) {
        self.filter = Some(match self.filter.take() {
            Some(filter) => filter.and(condition),
            None => condition,
        });
    }

    /// The rows that `relation` leads to from these.
    pub(super) fn along(self: &Arc<Self>, relation: &RelationDef) -> Self {
        let mut from = Projection { select: Arc::clone(self), columns: relation.local.to_vec() };
        if let Some(link) = relation.link {
            let near = Condition::InSelect { columns: link.near.to_vec(), branches: vec![from] };
            from = Projection { select: Arc::new(Self::matching(link.table, near)), columns: link.far.to_vec() };
        }
        let mut to = Self::matching(
            relation.to,
            Condition::InSelect { columns: relation.remote.to_vec(), branches: vec![from] },
        );
        if let Some(condition) = relation.condition() {
            to.narrow(condition);
        }
        to.order = relation.order.to_vec();
        to
    }

    /// "This row leads to one of these by `relation`", for rows of the table that it starts from.
    pub(super) fn back(self: &Arc<Self>, relation: &RelationDef) -> Condition {
        let select = match relation.condition() {
            Some(condition) => {
                let mut select = self.open();
                select.narrow(condition);
                Arc::new(select)
            }
            None => Arc::clone(self),
        };
        let mut to = Projection { select, columns: relation.remote.to_vec() };
        if let Some(link) = relation.link {
            let far = Condition::InSelect { columns: link.far.to_vec(), branches: vec![to] };
            to = Projection { select: Arc::new(Self::matching(link.table, far)), columns: link.near.to_vec() };
        }
        Condition::InSelect { columns: relation.local.to_vec(), branches: vec![to] }
    }

    /// The rows that are in one of the two.
    pub(super) fn union(self: &Arc<Self>, other: &Arc<Self>) -> Self {
        match (self.as_condition(), other.as_condition()) {
            (Condition::And(all), _) | (_, Condition::And(all)) if all.is_empty() => Self::all(self.table),
            // Branches over the same columns become one list, which every planner can start from.
            (Condition::InSelect { columns, mut branches }, Condition::InSelect { columns: same, branches: more })
                if columns == same =>
            {
                for branch in more {
                    if !branches.contains(&branch) {
                        branches.push(branch);
                    }
                }
                Self::matching(self.table, Condition::InSelect { columns, branches })
            }
            (one, two) if one == two => Self::matching(self.table, one),
            (one, two) => Self::matching(self.table, one.or(two)),
        }
    }
}

/// `order`, ended by the columns of the key of `table`, which make it total.
pub(crate) fn total_order(table: &Table, order: &[OrderBy]) -> Vec<OrderBy> {
    let mut total = order.to_vec();
    for column in table.key {
        if !total.iter().any(|by| by.column == *column) {
            total.push(OrderBy { column: *column, descending: false });
        }
    }
    total
}

impl fmt::Display for OrderBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.column.name)?;
        if self.descending { f.write_str(" desc") } else { Ok(()) }
    }
}

pub(crate) fn order_text(order: &[OrderBy]) -> String {
    let terms: Vec<_> = order.iter().map(ToString::to_string).collect();
    terms.join(", ")
}

impl fmt::Display for Select {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.table.name)?;
        if let Some(union) = &self.union {
            write!(f, " of ({union})")?;
        }
        if let Some(filter) = &self.filter {
            write!(f, " where {filter}")?;
        }
        if !self.order.is_empty() {
            write!(f, " order by {}", order_text(&self.order))?;
        }
        if let Some(limit) = self.limit {
            write!(f, " limit {limit}")?;
        }
        if self.offset > 0 {
            write!(f, " offset {}", self.offset)?;
        }
        Ok(())
    }
}

impl fmt::Display for Projection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", names(&self.columns), self.select)
    }
}
