//! What the [scopes](crate::group::Scopes) of a context do to the fetches of a run. No fetch is added.

use super::fetch::{Fetch, Join, Keyed, Output};
use crate::entity::Table;
use crate::group::{Condition, Narrowing, Projection, Scopes, Select};
use crate::view::Edge;
use std::sync::Arc;

/// Narrows what a fetch looks at; gives the entities whose scopes did it.
pub(super) fn narrow(scopes: &Scopes, fetch: &mut Fetch) -> Vec<&'static str> {
    let mut narrowing = Narrowing::of(scopes);
    // What is joined is narrowed where it is joined, by `visible`.
    let Fetch { select, keyed, output, joined: _, locked: _ } = fetch;
    *select = narrowing.shared(select);
    if let Some(Keyed { by: _, keys: _, per_key: _, unordered: _, join: Some(join) }) = keyed {
        // The rows joined for an order or an aggregate are those that links lead to: `visible_links` leaves out the others.
        let Join { table: _, local: _, remote: _, order } = join;
        let seen = narrowing.seen(order);
        if !seen.is_empty() {
            Arc::make_mut(select).seen.extend(seen);
        }
    }
    match output {
        Output::Columns(_) | Output::Aggregates(_) | Output::Parts(..) | Output::Exists => {}
    }
    narrowing.applied()
}

/// What a row of `table` must satisfy to be seen, and the entities whose scopes say so.
pub(super) fn visible(scopes: &Scopes, table: &'static Table) -> (Option<Condition>, Vec<&'static str>) {
    let (select, applied) = scopes.select(&Arc::new(Select::all(table)));
    (select.filter.clone(), applied)
}

/// A link to a row that is hidden is no link: it does not count, and takes no place among the first.
pub(super) fn visible_links(scopes: &Scopes, edge: &Edge) -> Option<Condition> {
    let relation = &edge.relation;
    let far = relation.link.filter(|_| scopes.covers(relation.to))?.far;
    let select = Arc::new(Select::all(relation.to));
    let branch = Projection { select, columns: relation.remote.to_vec() };
    Some(Condition::InSelect { columns: far.to_vec(), branches: vec![branch] })
}
