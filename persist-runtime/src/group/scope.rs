//! Scopes: conditions that hold wherever the rows of a table are looked at, however deep in a group that is.
//!
//! This is a rewriting of the neutral forms and nothing else: no store knows of scopes, and no statement is added.
//! Every `match` here is exhaustive on purpose. A form that is added later must say where it looks at rows.

use super::condition::Condition;
use super::order::{By, OrderBy, counted, related};
use super::reach::Reached;
use super::relation::RelationDef;
use super::select::{Projection, Seen, Select};
use super::union::{Branch, Union};
use super::{Group, GroupOf};
use crate::entity::{Entity, Table};
use std::sync::Arc;

/// What [`Context::scope`](crate::Context::scope) takes for entity `E`: a group of `E`, by value or by reference.
#[diagnostic::on_unimplemented(
    message = "a scope of `{E}` is a group of `{E}`, and `{Self}` is none",
    label = "not a group of this entity",
    note = "say which rows there are to see, as a group: `context.scope::<Comment>(Comments::all().filter(..))`"
)]
pub trait ScopeOf<E> {
    /// The group.
    #[doc(hidden)]
    fn rows(&self) -> &Group<E>;
}

#[diagnostic::do_not_recommend]
impl<E, G: GroupOf<E>> ScopeOf<E> for G {
    fn rows(&self) -> &Group<E> {
        self.group()
    }
}

/// The conditions that a [context](crate::Context::scope) holds its reads to, by table. For drivers of a
/// [run](crate::engine::Run) and for tests; programs say [`Context::scope`](crate::Context::scope).
///
/// [`select`](Self::select) gives the same rows as are left once every table in it, at any depth, is narrowed. Two
/// scopes of one table are one, with both conditions. Within the condition of a scope its own table is not narrowed
/// (that would have no end); all others are.
#[derive(Debug, Clone, Default)]
pub struct Scopes(Vec<Scope>);

#[derive(Debug, Clone)]
struct Scope {
    table: &'static Table,
    condition: Condition,
}

impl Scopes {
    /// No scope at all.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Narrows every look at the table of `E` to the rows of `group`, in addition to what narrows it already.
    ///
    /// A group with a limit is taken with its order: the rows that it is cut to.
    pub fn narrow<E: Entity>(&mut self, group: &impl ScopeOf<E>) {
        self.narrow_to(group.rows().as_select());
    }

    fn narrow_to(&mut self, select: &Arc<Select>) {
        let condition = select.as_condition();
        match self.0.iter_mut().find(|scope| scope.table.is(select.table)) {
            // Said again: nothing new.
            Some(Scope { condition: Condition::And(all), .. }) if all.contains(&condition) => {}
            Some(scope) if scope.condition == condition => {}
            Some(scope) => {
                let before = std::mem::replace(&mut scope.condition, Condition::And(Vec::new()));
                scope.condition = before.and(condition);
            }
            None => self.0.push(Scope { table: select.table, condition }),
        }
    }

    /// The same without the scope of `table`.
    #[must_use]
    pub fn without(&self, table: &Table) -> Self {
        Self(self.0.iter().filter(|scope| !scope.table.is(table)).cloned().collect())
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether rows of `table` may be hidden.
    #[must_use]
    pub fn covers(&self, table: &Table) -> bool {
        self.0.iter().any(|scope| scope.table.is(table))
    }

    /// `select`, narrowed at every depth, and the entities whose scopes did it, in alphabetical order.
    #[must_use]
    pub fn select(&self, select: &Arc<Select>) -> (Arc<Select>, Vec<&'static str>) {
        let mut narrowing = Narrowing::of(self);
        let select = narrowing.shared(select);
        (select, narrowing.applied())
    }
}

/// One pass over one fetch.
pub(crate) struct Narrowing<'s> {
    scopes: &'s Scopes,
    /// The tables within whose own conditions the pass is.
    within: Vec<&'static Table>,
    applied: Vec<&'static str>,
}

impl<'s> Narrowing<'s> {
    pub(crate) const fn of(scopes: &'s Scopes) -> Self {
        Self { scopes, within: Vec::new(), applied: Vec::new() }
    }

    /// The entities whose scopes narrowed something.
    pub(crate) fn applied(mut self) -> Vec<&'static str> {
        self.applied.sort_unstable();
        self.applied.dedup();
        self.applied
    }

    pub(crate) fn shared(&mut self, select: &Arc<Select>) -> Arc<Select> {
        if self.scopes.is_empty() {
            return Arc::clone(select);
        }
        Arc::new(self.select(select))
    }

    fn select(&mut self, select: &Select) -> Select {
        let Select { table, filter, order, seen: _, per, limit, offset, union } = select;
        let filter = filter.as_ref().map(|filter| self.condition(filter));
        let (order, seen, per) = (order.clone(), self.seen(order), per.clone());
        let union = union.as_ref().map(|union| self.union(union));
        let mut narrowed = Select { table, filter, order, seen, per, limit: *limit, offset: *offset, union };
        // Rows that are some of the table's own, as a filter on a cut group is, are narrowed in there.
        if !narrowed.filter.as_ref().is_some_and(|filter| is_part_of(filter, table))
            && let Some(scope) = self.scope_of(table)
        {
            narrowed.narrow(scope);
        }
        narrowed
    }

    fn union(&mut self, union: &Union) -> Arc<Union> {
        let branches = union.branches.iter().map(|Branch { select, cells }| {
            let select = self.shared(select);
            Branch { select, cells: cells.clone() }
        });
        Arc::new(Union { branches: branches.collect() })
    }

    /// What the terms of an order look at in other tables, where something of it is hidden.
    pub(crate) fn seen(&mut self, order: &[OrderBy]) -> Vec<Seen> {
        let mut all: Vec<Seen> = Vec::new();
        for OrderBy { by, descending: _ } in order {
            let rows = match by {
                By::Column(_) => continue,
                By::Related(relation, _) => related(by, relation, &[]),
                By::Count(relation) => self.visible(relation, counted(by, relation, &[]).0),
            };
            let seen = self.shared(&rows);
            if seen != rows {
                all.push(Seen { by: *by, rows: seen });
            }
        }
        all
    }

    /// A link to a row that is hidden is no link.
    fn visible(&self, relation: &RelationDef, rows: Arc<Select>) -> Arc<Select> {
        if relation.link.is_none() || !self.scopes.covers(relation.to) {
            return rows;
        }
        let mut links = (*rows).clone();
        links.narrow(relation.of_keyed(Condition::And(Vec::new())));
        Arc::new(links)
    }

    /// The condition that the rows of `table` are held to here, itself narrowed.
    pub(crate) fn scope_of(&mut self, table: &'static Table) -> Option<Condition> {
        if self.within.iter().any(|other| other.is(table)) {
            return None;
        }
        let scopes = self.scopes;
        let scope = scopes.0.iter().find(|scope| scope.table.is(table))?;
        self.applied.push(scope.table.entity);
        self.within.push(table);
        let condition = self.condition(&scope.condition);
        self.within.pop();
        Some(condition)
    }

    pub(crate) fn condition(&mut self, condition: &Condition) -> Condition {
        let mut each = |all: &[Condition]| all.iter().map(|condition| self.condition(condition)).collect();
        match condition {
            Condition::And(all) => Condition::And(each(all)),
            Condition::Or(any) => Condition::Or(each(any)),
            Condition::Not(inner) => Condition::Not(Box::new(self.condition(inner))),
            Condition::InSelect { columns, branches } => {
                let branches = branches.iter().map(|branch| self.projection(branch)).collect();
                Condition::InSelect { columns: columns.clone(), branches }
            }
            Condition::Reached(reached) => {
                let Reached { columns, from, step, by } = &**reached;
                let (from, step) = (self.projection(from), self.projection(step));
                Condition::Reached(Box::new(Reached { columns: columns.clone(), from, step, by: by.clone() }))
            }
            // These look at the row in hand alone.
            Condition::Compare { .. }
            | Condition::CompareColumns { .. }
            | Condition::IsNull(_)
            | Condition::Text { .. }
            | Condition::InKeys { .. }
            | Condition::Beyond(_) => condition.clone(),
            #[cfg(feature = "json")]
            Condition::Json { .. } => condition.clone(),
        }
    }

    fn projection(&mut self, projection: &Projection) -> Projection {
        let Projection { select, columns } = projection;
        Projection { select: self.shared(select), columns: columns.clone() }
    }
}

/// Whether all rows that satisfy `condition` are rows of a selection from `table` itself, by its key.
fn is_part_of(condition: &Condition, table: &Table) -> bool {
    match condition {
        Condition::And(all) => all.iter().any(|condition| is_part_of(condition, table)),
        Condition::InSelect { columns, branches } => {
            let own = |branch: &Projection| branch.select.table.is(table) && branch.columns == table.key;
            columns == table.key && !branches.is_empty() && branches.iter().all(own)
        }
        _ => false,
    }
}

#[cfg(test)]
#[path = "scope_tests.rs"]
mod tests;
