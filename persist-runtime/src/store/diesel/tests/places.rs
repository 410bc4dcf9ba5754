//! Places in an order, and what can be reached, on every backend. The people are there.

use super::conditions::NAMES;
use super::fixture::*;
use crate::engine::{Fetch, Output};
use crate::entity::{ColumnDef, Value};
use crate::group::{Beyond, Condition, OrderBy, Projection, Reached, Select};
use crate::store::Store;
use std::sync::Arc;

/// The rows after each row, and from it on, in every order: just those that follow it.
pub(super) fn places(store: &mut dyn Store) {
    let by = |column, descending| if descending { OrderBy::desc(column) } else { OrderBy::asc(column) };
    for first in [by(NAME, false), by(NAME, true), by(BOSS, false), by(BOSS, true), by(ID, true)] {
        for second in [by(ID, false), by(ID, true), by(NAME, first.descending)] {
            let order = Select { order: vec![first, second], ..Select::all(&PEOPLE) }.ordering();
            let select = |filter| Select { filter, order: order.clone(), ..Select::all(&PEOPLE) };
            let columns = order.iter().filter_map(OrderBy::column).collect();
            let whole = ids(store, select(None));
            assert_eq!(whole.len(), NAMES.len());
            let rows = rows(store, &Fetch::new(Arc::new(select(None)), Output::Columns(columns))).unwrap();
            for (at, values) in rows.into_iter().enumerate() {
                let mut beyond = |inclusive| {
                    let beyond = Beyond::new(order.clone(), values.clone(), inclusive);
                    ids(store, select(Some(Condition::Beyond(Box::new(beyond)))))
                };
                assert_eq!(beyond(false), whole[at + 1..], "after {values:?} by {order:?}");
                assert_eq!(beyond(true), whole[at..], "from {values:?} by {order:?}");
            }
        }
    }
}

/// Those below and those above, however deep; round in a circle too.
pub(super) fn reached(store: &mut dyn Store) {
    fn reach(from: Select, columns: ColumnDef, local: ColumnDef) -> Condition {
        let projection = |select: Select| Projection { select: Arc::new(select), columns: vec![local] };
        let (from, step) = (projection(from), projection(Select::all(&PEOPLE)));
        Condition::Reached(Box::new(Reached { columns: vec![columns], from, step, by: vec![columns] }))
    }
    let one = |id: i64| Select::matching(&PEOPLE, in_keys(vec![ID], vec![Value::Int(id)]));
    let mut ids = |condition| ids(store, Select::matching(&PEOPLE, condition));
    let below = |from| reach(from, BOSS, ID);
    assert_eq!(ids(below(one(1))), [2, 3, 5, 6, 8, 9]);
    assert_eq!(ids(below(Select { limit: Some(1), ..one(1) })), [2, 3, 5, 6, 8, 9]);
    assert_eq!(ids(below(Select::all(&PEOPLE))), [2, 3, 5, 6, 8, 9, 11, 12]);
    assert_eq!(ids(below(one(12))), [0_i64; 0]);
    // From keys, as whole trees are.
    let led = Select::matching(&PEOPLE, in_keys(vec![BOSS], vec![Value::Int(1), Value::Int(4)]));
    let from = Projection { select: Arc::new(led), columns: vec![BOSS] };
    let step = Projection { select: Arc::new(Select::all(&PEOPLE)), columns: vec![ID] };
    let whole = Condition::Reached(Box::new(Reached { columns: vec![BOSS], from, step, by: vec![BOSS] }));
    assert_eq!(ids(whole), [2, 3, 5, 6, 8, 9, 11, 12]);
    assert_eq!(ids(reach(one(8), ID, BOSS)), [1, 3]);
    assert_eq!(ids(Condition::Not(Box::new(below(one(1))))), [1, 4, 7, 10, 11, 12]);
    assert_eq!(ids(Condition::Or(vec![below(one(4)), reach(one(5), ID, BOSS)])), [1, 2, 11, 12]);
}
