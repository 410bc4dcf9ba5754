//! The order in which tables are made: what is referred to comes first, as far as references are no ring.

use super::model::TableDef;

/// The same tables, in that order.
pub(super) fn in_order(tables: Vec<TableDef>) -> Vec<TableDef> {
    let mut order = Vec::with_capacity(tables.len());
    let mut seen = vec![false; tables.len()];
    for start in 0..tables.len() {
        // A list of what waits, not a recursion: chains of references may be long.
        let mut waiting = vec![(start, false)];
        while let Some((nth, is_after)) = waiting.pop() {
            if is_after {
                order.push(nth);
            } else if !std::mem::replace(&mut seen[nth], true) {
                waiting.push((nth, true));
                waiting.extend(tables[nth].references.iter().rev().map(|reference| (reference.to, false)));
            }
        }
    }
    let mut places = vec![0; tables.len()];
    for (place, nth) in order.iter().enumerate() {
        places[*nth] = place;
    }
    let mut tables: Vec<_> = tables.into_iter().zip(&places).collect();
    tables.sort_by_key(|(_, place)| **place);
    let mut tables: Vec<_> = tables.into_iter().map(|(table, _)| table).collect();
    for reference in tables.iter_mut().flat_map(|table| &mut table.references) {
        reference.to = places[reference.to];
    }
    tables
}
