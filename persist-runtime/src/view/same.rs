//! Which fetches are one statement: those that read the same rows by the same keys. Constant evaluation, as the schedule
//! is that asks.

use super::node::{Edge, MAX_ORDER};
use super::spot::{Spot, What};
use crate::entity::{ColumnDef, Table, same_text};
use crate::group::{By, OrderBy, RelationDef};

/// Whether two fetches of one round are one statement: the same rows by the same key columns in the same order. Roots,
/// limited edges are statements of their own; whole trees share one with whole trees; those with a condition share one with those of the same condition, and
/// aggregates with aggregates of the same rows.
#[must_use]
pub const fn same_fetch(one: &Spot, two: &Spot) -> bool {
    // What a request chooses of an edge is a statement of its own.
    if one.change.is_some() || two.change.is_some() {
        return false;
    }
    if !same_table(one.table, two.table) || !same_columns(one.by, two.by) {
        return false;
    }
    match (&one.what, &two.what) {
        (What::Links(a, _), What::Links(b, _)) => match (a.relation.link, b.relation.link) {
            (Some(x), Some(y)) => {
                // An order of the far end's columns needs that end in the statement.
                same_columns(x.far, y.far)
                    && same_table(a.relation.to, b.relation.to)
                    && unlimited(a)
                    && unlimited(b)
                    && unordered(a)
                    && unordered(b)
                    && same_condition(a, b)
            }
            _ => false,
        },
        (What::Rows(a, ..), What::Rows(b, ..)) => {
            let all = unlimited(a) && unlimited(b) && same_reach(a, b);
            all && same_order(&a.order, &b.order) && same_condition(a, b)
        }
        (What::Rows(edge, ..), What::Linked(..)) | (What::Linked(..), What::Rows(edge, ..)) => {
            unlimited(edge) && !edge.is_recursive() && unordered(edge) && unconditional(edge)
        }
        (What::Linked(..), What::Linked(..)) => true,
        (What::Figures(a, ..), What::Figures(b, ..)) => same_far_end(&a.relation, &b.relation) && same_condition(a, b),
        _ => false,
    }
}

/// Whether two relations that begin alike lead to the same rows.
const fn same_far_end(a: &RelationDef, b: &RelationDef) -> bool {
    let links = match (a.link, b.link) {
        (None, None) => true,
        (Some(x), Some(y)) => same_columns(x.far, y.far) && same_columns(a.remote, b.remote),
        _ => false,
    };
    links && same_table(a.to, b.to)
}

const fn unlimited(edge: &Edge) -> bool {
    edge.limit.is_none()
}

/// Whether two edges lead on alike: by one step, or to the last level by the same columns.
const fn same_reach(a: &Edge, b: &Edge) -> bool {
    match (a.is_recursive(), b.is_recursive()) {
        (false, false) => true,
        (true, true) => same_columns(a.relation.local, b.relation.local),
        _ => false,
    }
}

const fn unordered(edge: &Edge) -> bool {
    edge.order[0].is_none() && edge.link_order[0].is_none()
}

const fn unconditional(edge: &Edge) -> bool {
    edge.filter.is_none() && edge.relation.filter.is_none() && edge.upkeep.mark().is_none()
}

/// Whether two edges have one condition, as far as can be told: none, that of one relation, the same words in one view.
const fn same_condition(a: &Edge, b: &Edge) -> bool {
    match (&a.filter, &b.filter) {
        (None, None) => {}
        (Some(x), Some(y)) if same_text(x.place, y.place) && same_text(x.words, y.words) => {}
        _ => return false,
    }
    match (a.upkeep.mark(), b.upkeep.mark()) {
        (None, None) => {}
        (Some(x), Some(y)) if same_text(x.name, y.name) => {}
        _ => return false,
    }
    match (&a.relation.filter, &b.relation.filter) {
        (None, None) => true,
        (Some(x), Some(y)) => {
            let (one, two) = (&a.relation, &b.relation);
            same_text(x.module, y.module)
                && same_text(one.from.entity, two.from.entity)
                && same_text(one.name, two.name)
        }
        _ => false,
    }
}

const fn same_order(a: &[Option<OrderBy>; MAX_ORDER], b: &[Option<OrderBy>; MAX_ORDER]) -> bool {
    let mut term = 0;
    while term < MAX_ORDER {
        match (&a[term], &b[term]) {
            (None, None) => {}
            (Some(x), Some(y)) if x.descending == y.descending && same_by(&x.by, &y.by) => {}
            _ => return false,
        }
        term += 1;
    }
    true
}

const fn same_by(a: &By, b: &By) -> bool {
    match (a, b) {
        (By::Column(x), By::Column(y)) => same_text(x.name, y.name),
        (By::Related(a, x), By::Related(b, y)) => same_relation(a, b) && same_text(x.name, y.name),
        (By::Count(a), By::Count(b)) => same_relation(a, b),
        _ => false,
    }
}

const fn same_relation(a: &RelationDef, b: &RelationDef) -> bool {
    same_text(a.name, b.name) && same_table(a.from, b.from) && same_table(a.to, b.to)
}

const fn same_table(a: &Table, b: &Table) -> bool {
    let schemas = match (a.schema, b.schema) {
        (None, None) => true,
        (Some(x), Some(y)) => same_text(x, y),
        _ => false,
    };
    schemas && same_text(a.name, b.name)
}

pub(super) const fn same_columns(a: &[ColumnDef], b: &[ColumnDef]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut index = 0;
    while index < a.len() {
        if !same_text(a[index].name, b[index].name) {
            return false;
        }
        index += 1;
    }
    true
}
