//! Collections that are replaced as a whole: locked, and looked at before anything is written.

use super::dependents::in_keys;
use super::{Context, Error};
use crate::edit::{Conflict, Conflicts, Replaced};
use crate::engine::KeyText;
use crate::entity::{Table, Value};
use crate::group::{Condition, Select};
use ahash::{AHashMap, AHashSet};
use std::sync::Arc;

impl Context<'_> {
    /// Locks the rows that hold these collections, then those in them, and fails unless all still are as they were read. It is
    /// one statement for each table that they belong to, and one for each collection, however many rows there are.
    pub(super) fn hold_whole(&mut self, wholes: &[Replaced]) -> Result<(), Error> {
        let mut tables: Vec<&'static Table> = Vec::new();
        for whole in wholes {
            if !tables.iter().any(|table| table.is(whole.parent())) {
                tables.push(whole.parent());
            }
        }
        // Two who replace one collection have nothing but its parent to meet at, where it is empty.
        for table in tables {
            let keys = wholes.iter().filter(|whole| whole.parent().is(table)).map(|whole| whole.key.clone());
            self.hold_parents(table, distinct(keys))?;
        }
        let mut conflicts = Vec::new();
        for (nth, whole) in wholes.iter().enumerate() {
            if !wholes[..nth].iter().any(|before| before.is_beside(whole)) {
                let alike: Vec<_> = wholes[nth..].iter().filter(|other| other.is_beside(whole)).collect();
                conflicts.extend(self.compare_whole(whole, &alike)?);
            }
        }
        Conflicts::of(conflicts).map_or(Ok(()), |conflicts| Err(conflicts.into()))
    }

    fn hold_parents(&mut self, table: &'static Table, keys: Vec<Vec<Value>>) -> Result<(), Error> {
        let select = Arc::new(Select::matching(table, in_keys(table.key, &keys)));
        let there: AHashSet<_> = self.lock_rows(select, table.key)?.into_iter().collect();
        let gone = keys.into_iter().filter(|key| !there.contains(key));
        let gone = gone.map(|key| Conflict::Gone { entity: table.entity, key: KeyText(key) }).collect();
        Conflicts::of(gone).map_or(Ok(()), |conflicts| Err(conflicts.into()))
    }

    /// One collection of several rows.
    fn compare_whole(&mut self, whole: &Replaced, alike: &[&Replaced]) -> Result<Vec<Conflict>, Error> {
        let (reference, table) = (whole.reference(), whole.table());
        let keys = distinct(alike.iter().map(|whole| whole.referred.clone()));
        let mut all = vec![in_keys(reference, &keys)];
        all.extend(whole.condition());
        let select = self.scopes.select(&Arc::new(Select::matching(table, Condition::And(all)))).0;
        let columns: Vec<_> = reference.iter().chain(whole.columns()).copied().collect();
        let mut stored: AHashMap<Vec<Value>, Vec<Vec<Value>>> = AHashMap::new();
        for mut row in self.lock_rows(select, &columns)? {
            let shown = row.split_off(reference.len());
            stored.entry(row).or_default().push(shown);
        }
        let conflicts =
            alike.iter().flat_map(|whole| whole.conflicts(stored.remove(&whole.referred).unwrap_or_default()));
        Ok(conflicts.collect())
    }
}

fn distinct(keys: impl Iterator<Item = Vec<Value>>) -> Vec<Vec<Value>> {
    let mut keys: Vec<_> = keys.collect();
    keys.sort();
    keys.dedup();
    keys
}
