//! Selections: the rows that a [group](super::Group) stands for, as data. Authors of stores need them.

use super::condition::{Condition, names};
use super::order::{By, OrderBy, order_text, total_order};
use super::relation::RelationDef;
use super::union::Union;
use crate::entity::{ColumnDef, Table};
use std::fmt;
use std::sync::Arc;

/// Rows of one table: which, in what order, how many. The neutral form of a [`Group`](super::Group), for stores.
///
/// `filter` comes first, then the [`ordering`](Self::ordering), then `per`, then `offset`, then `limit`.
#[derive(Debug, Clone)]
pub struct Select {
    /// The table.
    pub table: &'static Table,
    /// Which rows.
    pub filter: Option<Condition>,
    /// In what order; [`Select::ordering`] adds the key, which breaks ties.
    pub order: Vec<OrderBy>,
    /// What the terms of the order look at in other tables, where that is not all there is to see.
    pub seen: Vec<Seen>,
    /// At most so many rows for each value of some columns, the first in the order.
    pub per: Option<Per>,
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
            && self.seen == other.seen
            && self.per == other.per
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

/// What a term of an order looks at, where it is not all that its relation leads to.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// What the term is by.
    pub by: By,
    /// The rows: in place of those of [`related`](super::related()), or of [`counted`](super::counted()).
    pub rows: Arc<Select>,
}

/// At most `most` rows for each value of `columns`. NULL is a value here: rows that have it are limited together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Per {
    /// The columns.
    pub columns: Vec<ColumnDef>,
    /// How many rows.
    pub most: u64,
}

impl Select {
    /// All rows of `table`.
    #[must_use]
    pub const fn all(table: &'static Table) -> Self {
        let order = Vec::new();
        Self { table, filter: None, order, seen: Vec::new(), per: None, limit: None, offset: 0, union: None }
    }

    /// The rows of `table` that satisfy `filter`.
    #[must_use]
    pub const fn matching(table: &'static Table, filter: Condition) -> Self {
        let order = Vec::new();
        Self { table, filter: Some(filter), order, seen: Vec::new(), per: None, limit: None, offset: 0, union: None }
    }

    /// Whether a limit or an offset cuts the rows, or a limit for each value.
    #[must_use]
    pub const fn is_cut(&self) -> bool {
        self.per.is_some() || self.limit.is_some() || self.offset > 0
    }

    /// Whether this holds no row, as far as can be told without looking.
    #[must_use]
    pub fn is_never(&self) -> bool {
        let never = |union: &Arc<Union>| union.branches.iter().all(|branch| branch.select.is_never());
        self.limit == Some(0)
            || self.per.as_ref().is_some_and(|per| per.most == 0)
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
        open.seen.clone_from(&self.seen);
        open
    }

    /// Those of these rows that satisfy `condition` too.
    pub(crate) fn narrowed(self: &Arc<Self>, condition: Condition) -> Self {
        let mut select = self.open();
        select.narrow(condition);
        select
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
        if matches!(&condition, Condition::And(all) if all.is_empty()) {
            return;
        }
        self.filter = Some(match self.filter.take() {
            Some(filter) => filter.and(condition),
            None => condition,
        });
    }

    /// At most `most` of these rows; of two limits the smaller counts.
    pub(super) fn limited(&self, most: Option<u64>) -> Self {
        let limit = self.limit.into_iter().chain(most).min();
        Self { limit, ..self.clone() }
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

    /// Those of these rows that are (`same`), or are not, among the others; in the order that they have.
    pub(super) fn among(self: &Arc<Self>, other: &Arc<Self>, same: bool) -> Self {
        let among = other.as_condition();
        let mut select = self.open();
        select.narrow(if same { among } else { among.negated() });
        select
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
        for Seen { rows, .. } in &self.seen {
            write!(f, ", looking at {rows}")?;
        }
        if let Some(Per { columns, most }) = &self.per {
            write!(f, " limit {most} per {}", names(columns))?;
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
