//! Rows of joined tables, and keys that another select gives.

use super::fixture::*;
use crate::engine::{Fetch, Joined, Keys, Output};
use crate::entity::Value;
use crate::group::{Comparison, Projection, Select};
use crate::store::{Fault, Store};
use std::sync::Arc;

/// The boss of each row, and the boss's boss. To be called with the people stored.
pub(super) fn joined(store: &mut dyn Store) {
    let boss = |from| Joined { from, local: vec![BOSS], table: &PEOPLE, remote: vec![ID], on: None, columns: vec![ID] };
    let number = |value: &Value| if let Value::Int(id) = value { *id } else { 0 };
    let numbers = |rows: Vec<Vec<Value>>| {
        let mut all: Vec<Vec<i64>> = rows.iter().map(|row| row.iter().map(number).collect()).collect();
        all.sort();
        all
    };
    let some = compare(ID, Comparison::Greater, 4).and(compare(ID, Comparison::Less, 9));
    let select = Select { limit: Some(4), ..Select::matching(&PEOPLE, some) };
    let mut fetch = Fetch::new(Arc::new(select), Output::Columns(vec![ID]));
    fetch.joined = vec![boss(None), boss(Some(0))];
    let found = numbers(rows(store, &fetch).unwrap());
    assert_eq!(found, [[5, 2, 1], [6, 2, 1], [7, 0, 0], [8, 3, 1]], "no row is lost, and none repeats");
    // What does not satisfy the condition of the join is not there.
    fetch.joined[0].on = Some(compare(ID, Comparison::Less, 3));
    let found = numbers(rows(store, &fetch).unwrap());
    assert_eq!(found, [[5, 2, 1], [6, 2, 1], [7, 0, 0], [8, 0, 0]]);

    let all = Arc::new(Select::all(&PEOPLE));
    let mut keyed = Fetch::new(Arc::clone(&all), Output::Columns(vec![ID])).keyed(vec![BOSS], int_keys([1, 3]));
    keyed.joined = vec![boss(None)];
    assert_eq!(numbers(rows(store, &keyed).unwrap()), [[2, 1], [3, 1], [8, 3], [9, 3]]);
    keyed.keyed.as_mut().unwrap().per_key = Some(1);
    assert_eq!(numbers(rows(store, &keyed).unwrap()), [[2, 1], [8, 3]]);

    let bosses = Arc::new(Select { limit: Some(3), ..Select::all(&PEOPLE) });
    let keys = || Keys::Selected(vec![Projection { select: Arc::clone(&bosses), columns: vec![ID] }]);
    keyed.keyed.as_mut().unwrap().keys = keys();
    match rows(store, &keyed) {
        Ok(rows) => assert_eq!(numbers(rows), [[2, 1], [5, 2], [8, 3]]),
        Err(error) => {
            let unsupported = matches!(error.fault(), Fault::Unsupported(_));
            assert!(unsupported && store.name() == "MySQL" && store.explain(&keyed).is_err(), "{error}");
        }
    }
    keyed.keyed.as_mut().unwrap().per_key = None;
    assert_eq!(numbers(rows(store, &keyed).unwrap()), [[2, 1], [3, 1], [5, 2], [6, 2], [8, 3], [9, 3]]);
    let mut count = Fetch::new(all, Output::count()).keyed(vec![BOSS], int_keys([]));
    count.keyed.as_mut().unwrap().keys = keys();
    assert_eq!(numbers(rows(store, &count).unwrap()), [[1, 2], [2, 2], [3, 2]]);
    count.joined = vec![boss(None)];
    assert!(rows(store, &count).is_err(), "what is counted joins nothing");
}
