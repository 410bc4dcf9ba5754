//! What an index would have to hold: the columns that a fetch looks rows up by, table by table.

use crate::engine::{Fetch, Join, Joined, Keyed, Keys, Output};
use crate::entity::{Collation, ColumnDef, ColumnType, Table};
use crate::group::{By, Comparison, Condition, KeySet, OrderBy, Projection, Seen, Select, counted, related};
use crate::store::IndexHint;
use std::sync::Arc;

/// Columns that rows of a table are looked up by at once: an index that begins with one of them helps.
#[derive(Debug)]
pub(super) struct Lookup {
    pub(super) table: &'static Table,
    by: Vec<ColumnDef>,
    /// A column that is looked up by a range, after the others.
    range: Option<ColumnDef>,
    /// The order in which the rows are wanted.
    then: Vec<ColumnDef>,
}

impl Lookup {
    fn of(table: &'static Table, by: &[ColumnDef]) -> Self {
        Self { table, by: by.to_vec(), range: None, then: Vec::new() }
    }

    /// A count of rows that is looked up by these columns and by nothing else: whether an index serves it tells whether
    /// there is one. No key is in it.
    pub(super) fn probe(&self) -> Fetch {
        let columns: Vec<_> = if self.by.is_empty() { self.range.into_iter().collect() } else { self.by.clone() };
        let keys = Arc::new(KeySet::new(columns.len(), Vec::new()));
        let select = Select::matching(self.table, Condition::InKeys { columns, keys });
        Fetch::new(Arc::new(select), Output::count())
    }

    pub(super) fn hint(&self) -> IndexHint {
        let mut columns: Vec<ColumnDef> = Vec::new();
        for column in self.by.iter().chain(&self.range).chain(&self.then) {
            if !columns.contains(column) {
                columns.push(*column);
            }
        }
        IndexHint::new(self.table, columns)
    }
}

/// What `fetch` looks rows up by, in all tables that it looks at. A table of which all rows are wanted is not among them.
pub(super) fn lookups(fetch: &Fetch) -> Vec<Lookup> {
    let mut found = Found(Vec::new());
    let Fetch { select, keyed, output, joined, locked: _ } = fetch;
    let by = keyed.as_ref().map_or(&[][..], |keyed| &keyed.by);
    let ordered = matches!(output, Output::Columns(_)) && keyed.as_ref().is_none_or(|keyed| keyed.join.is_none());
    found.select(select, by, ordered);
    if let Some(Keyed { keys, join, .. }) = keyed {
        if let Keys::Selected(branches) = keys {
            found.branches(branches);
        }
        if let Some(Join { table, remote, order, .. }) = join {
            found.push(Lookup::of(table, remote));
            found.terms(order, &select.seen);
        }
    }
    for Joined { table, remote, on, .. } in joined {
        found.push(Lookup::of(table, remote));
        found.within(on.as_ref());
    }
    found.0
}

struct Found(Vec<Lookup>);

impl Found {
    fn push(&mut self, lookup: Lookup) {
        let looks = !lookup.by.is_empty() || lookup.range.is_some();
        if looks {
            self.0.push(lookup);
        }
    }

    /// The rows of `select` whose columns `by` hold something that is known.
    fn select(&mut self, select: &Select, by: &[ColumnDef], ordered: bool) {
        if let Some(union) = &select.union {
            union.branches.iter().for_each(|branch| self.select(&branch.select, &[], false));
            return;
        }
        let mut lookup = Lookup::of(select.table, by);
        if let Some(filter) = &select.filter {
            narrow(&mut lookup, filter);
        }
        if ordered && lookup.range.is_none() {
            lookup.then = served(select.table, &select.order);
        }
        self.push(lookup);
        self.terms(&select.order, &select.seen);
        self.within(select.filter.as_ref());
    }

    fn branches(&mut self, branches: &[Projection]) {
        branches.iter().for_each(|branch| self.select(&branch.select, &[], false));
    }

    fn terms(&mut self, order: &[OrderBy], seen: &[Seen]) {
        for OrderBy { by, .. } in order {
            match by {
                By::Column(_) => {}
                By::Related(relation, _) => self.select(&related(by, relation, seen), relation.remote, false),
                By::Count(relation) => {
                    let (rows, near) = counted(by, relation, seen);
                    self.select(&rows, near, false);
                }
            }
        }
    }

    /// The selections inside of a condition.
    fn within(&mut self, condition: Option<&Condition>) {
        match condition {
            Some(Condition::And(parts) | Condition::Or(parts)) => {
                parts.iter().for_each(|part| self.within(Some(part)));
            }
            Some(Condition::Not(inner)) => self.within(Some(inner)),
            Some(Condition::InSelect { branches, .. }) => self.branches(branches),
            Some(Condition::Reached(reached)) => {
                self.select(&reached.from.select, &[], false);
                self.select(&reached.step.select, &reached.by, false);
            }
            _ => {}
        }
    }
}

/// Adds the columns that `condition` looks up by. An alternative, or a negation, is no place to begin.
fn narrow(lookup: &mut Lookup, condition: &Condition) {
    match condition {
        Condition::And(parts) => parts.iter().for_each(|part| narrow(lookup, part)),
        Condition::Compare { column, .. } if !is_indexed(column) => {}
        Condition::Compare { column, how: Comparison::Equal, .. } | Condition::IsNull(column) => {
            lookup.by.push(*column);
        }
        // An index by code point serves a range of text, which a plain one need not be.
        Condition::Compare { column, .. } if column.ty != ColumnType::Text => {
            lookup.range = lookup.range.or(Some(*column));
        }
        Condition::InKeys { columns, .. } | Condition::InSelect { columns, .. } => lookup.by.extend(columns),
        Condition::Reached(reached) => lookup.by.extend(&reached.columns),
        _ => {}
    }
}

/// Whether a plain index serves a comparison with a value, on every store.
const fn is_indexed(column: &ColumnDef) -> bool {
    !matches!(column.ty, ColumnType::Decimal | ColumnType::Json | ColumnType::Jsonb)
}

/// How much of `order` a plain index gives on every store, whatever place it has for NULL and whatever its collation is.
fn served(table: &Table, order: &[OrderBy]) -> Vec<ColumnDef> {
    let way = order.first().is_some_and(|first| first.descending);
    let same_way = order.iter().take_while(|term| term.descending == way);
    let plain = |column: &ColumnDef| {
        let is_text = column.ty == ColumnType::Text && table.collation == Collation::Portable;
        !column.nullable && !is_text && is_indexed(column)
    };
    same_way.map_while(|term| term.column().filter(plain)).collect()
}
