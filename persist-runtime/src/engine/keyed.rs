//! The fetch of one spot of the plan, by the keys of its parents.

use super::fetch::{Fetch, Join, Output};
use super::figures;
use super::scope::visible_links;
use crate::entity::ColumnDef;
use crate::group::{Condition, KeySet, OrderBy, Scopes, Select};
use crate::view::{Change, Edge, Spot, What};
use std::sync::Arc;

/// The fetch of a spot, without its keys and columns.
pub(super) fn keyed_fetch(spot: &Spot, scopes: &Scopes) -> Fetch {
    let mut select = Select::all(spot.table);
    let mut output = Output::Columns(Vec::new());
    let (mut per_key, mut unordered, mut join) = (None, false, None);
    match spot.what {
        What::Rows(edge, ..) if edge.is_recursive() => {
            let select = Arc::new(edge.to_the_last_level(KeySet::new(spot.by.len(), Vec::new())));
            return Fetch::new(select, output);
        }
        What::Rows(edge, ..) => {
            select.filter = found(scopes, edge);
            select.order = edge.order();
            per_key = edge.limit.map(u64::from);
            unordered = edge.has_its_own_order() && per_key.is_none();
        }
        What::Links(edge, _) => {
            let far = edge.relation.link.map_or(&[][..], |link| link.far);
            select.order = edge.link_order();
            select.order.extend(far.iter().copied().map(OrderBy::asc));
            per_key = edge.limit.map(u64::from);
            let order = edge.order();
            if !order.is_empty() {
                let (table, remote) = (edge.relation.to, edge.relation.remote.to_vec());
                join = Some(Join { table, local: far.to_vec(), remote, order });
            }
            select.filter = found(scopes, edge);
        }
        What::Figures(edge, ..) => {
            output = Output::Aggregates(Vec::new());
            select.filter = found(scopes, edge);
            join = figures::far_end(&edge.relation);
        }
        What::Root(_) | What::Linked(..) | What::NextLevel(..) => {}
    }
    let mut fetch =
        Fetch::new(Arc::new(select), output).keyed(spot.by.to_vec(), KeySet::new(spot.by.len(), Vec::new()));
    if let Some(keyed) = &mut fetch.keyed {
        (keyed.per_key, keyed.unordered, keyed.join) = (per_key, unordered, join);
    }
    fetch
}

/// Lets a fetch bring only the rows that a request chooses.
pub(super) fn choose(spot: &Spot, change: &Change, fetch: &mut Fetch) {
    let (What::Rows(edge, ..) | What::Links(edge, _)) = spot.what else { return };
    let (select, Some(keyed)) = (Arc::make_mut(&mut fetch.select), &mut fetch.keyed) else { return };
    if let Some(filter) = &change.filter {
        let filter = edge.relation.of_keyed(filter.clone());
        select.filter = Some(match select.filter.take() {
            Some(found) => found.and(filter),
            None => filter,
        });
    }
    if let Some(order) = &change.order {
        match edge.relation.link {
            Some(link) => {
                let (table, remote) = (edge.relation.to, edge.relation.remote.to_vec());
                let join = Join { table, local: link.far.to_vec(), remote, order: order.clone() };
                keyed.join = Some(join).filter(|join| !join.order.is_empty());
            }
            None => select.order.clone_from(order),
        }
    }
    keyed.unordered &= change.limit.is_none();
    keyed.per_key = keyed.per_key.into_iter().chain(change.limit.map(u64::from)).min();
}

/// What the rows that hold the parent's key must satisfy: rows, or links to them.
fn found(scopes: &Scopes, edge: &Edge) -> Option<Condition> {
    // A condition on links looks at the rows that they lead to: no NULL leads to one, and a scope narrows them there.
    edge.condition().or_else(|| links(scopes, edge))
}

/// Which rows of a link table count as links, where the edge has one.
fn links(scopes: &Scopes, edge: &Edge) -> Option<Condition> {
    let far = not_null(edge.relation.link.map_or(&[], |link| link.far));
    match (far, visible_links(scopes, edge)) {
        (Some(far), Some(visible)) => Some(far.and(visible)),
        (far, visible) => far.or(visible),
    }
}

/// A link to nowhere is no link.
fn not_null(columns: &[ColumnDef]) -> Option<Condition> {
    let nullable = columns.iter().filter(|column| column.nullable);
    let all: Vec<_> = nullable.map(|column| Condition::Not(Box::new(Condition::IsNull(*column)))).collect();
    if all.is_empty() { None } else { Some(Condition::And(all)) }
}
