//! Every type of column, and how it is compared, ordered and used as a key on every backend.

use super::fixture::*;
use crate::edit::Insert;
use crate::engine::{Fetch, Keys, Output};
use crate::entity::{ColumnType, Decimal, Value};
use crate::group::{Comparison, KeySet, OrderBy, Select};
use crate::store::Store;
use crate::store::fixture::Inserts as _;
use std::sync::Arc;

pub(super) fn kinds(least: f64) -> Vec<Vec<Value>> {
    let decimal = |text: &str| Value::Decimal(text.parse::<Decimal>().unwrap());
    let uuid = |n: u8| Value::Uuid([n, 0, 255, 39, n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, n]);
    let mut rows = Vec::new();
    for n in 0..4_i64 {
        let blob: &[u8] = [b"".as_slice(), b"\0\xff'", b"x", b"longer than the others"][n as usize];
        #[cfg_attr(not(feature = "chrono"), allow(unused_mut, reason = "dates need chrono"))]
        let mut row = vec![
            Value::Int(n),
            Value::Bool(n % 2 == 0),
            Value::Int([i16::MIN.into(), -1, 0, i16::MAX.into()][n as usize]),
            Value::Int([i32::MIN.into(), -1, 0, i32::MAX.into()][n as usize]),
            Value::Int([i64::MIN, -1, 0, i64::MAX][n as usize]),
            Value::Float([-1.5, 0.0, 0.1_f32.into(), f32::MAX.into()][n as usize]),
            Value::Float([least, -0.1, 1.0 / 3.0, f64::MAX][n as usize]),
            Value::from(["", "back\\slash \"q\" \u{2028}", "line\nfeed\u{1}\u{7f}", "\u{1F600}"][n as usize]),
            Value::Bytes(blob.to_vec()),
            uuid(n as u8),
            decimal(["-12.5", "0", "2", "10.25"][n as usize]),
            Value::Json(["{}", "[1, 2]", "\"a\"", "null"][n as usize].to_owned()),
        ];
        #[cfg(feature = "chrono")]
        row.extend([
            Value::Date([-1_000, 0, 11_016, 20_000][n as usize]),
            Value::Time([0, 1, 43_200_500_000, 86_399_999_999][n as usize]),
            Value::Timestamp([-1, 0, 1_600_000_000_250_000, 1_700_000_000_000_000][n as usize]),
            Value::Timestamp([-1, 0, 1_600_000_000_250_000, 1_700_000_000_000_000][n as usize]),
        ]);
        rows.push(row);
    }
    let mut nulls = vec![Value::Null; KINDS.columns.len()];
    nulls[0] = Value::Int(4);
    rows.push(nulls);
    rows
}

/// Every type comes back as it went, compares as its values do, orders so, and can be a key.
///
/// `least` is the least float that the backend keeps.
pub(super) fn types(store: &mut dyn Store, least: f64) {
    let kinds = kinds(least);
    store.insert(&Insert::new(&KINDS, kinds.clone())).unwrap();
    let everything = Fetch::new(Arc::new(Select::all(&KINDS)), Output::Columns(KINDS.columns.to_vec()));
    assert_eq!(rows(store, &everything).unwrap(), kinds);
    for (place, column) in KINDS.columns.iter().enumerate().skip(1) {
        let values: Vec<_> = kinds[..4].iter().map(|row| row[place].clone()).collect();
        let matching = |value: &Value, how: Comparison| -> Vec<i64> {
            let ids = values.iter().enumerate().filter(|(_, held)| how.holds((*held).cmp(value)));
            ids.map(|(id, _)| id as i64).collect()
        };
        for value in &values {
            for how in [Comparison::Equal, Comparison::Less, Comparison::GreaterOrEqual] {
                if column.ty != ColumnType::Jsonb || how == Comparison::Equal {
                    let found = ids(store, Select::matching(&KINDS, compare(*column, how, value.clone())));
                    assert_eq!(sorted(found), matching(value, how), "{} {how:?} {value}", column.name);
                }
            }
            let found = ids(store, Select::matching(&KINDS, in_keys(vec![*column], vec![value.clone()])));
            assert_eq!(sorted(found), matching(value, Comparison::Equal), "{} in {value}", column.name);
            let pair = in_keys(vec![ID, *column], vec![Value::Int(2), value.clone(), Value::Int(3), value.clone()]);
            let found = ids(store, Select::matching(&KINDS, pair));
            let wanted: Vec<_> = matching(value, Comparison::Equal).into_iter().filter(|id| *id >= 2).collect();
            assert_eq!(sorted(found), wanted, "(id, {}) in {value}", column.name);
        }
        let whole = in_keys(vec![*column], values.clone());
        assert_eq!(ids(store, Select::matching(&KINDS, whole)).len(), 4, "{}", column.name);
        let keyed = Fetch::new(Arc::new(Select::all(&KINDS)), Output::Columns(vec![ID]));
        let mut keyed = keyed.keyed(vec![*column], KeySet::new(1, values.clone()));
        assert_eq!(sorted(firsts(store, &keyed)), [0, 1, 2, 3], "{}", column.name);
        keyed.keyed.as_mut().unwrap().per_key = Some(5);
        keyed.keyed.as_mut().unwrap().keys = Keys::Given(KeySet::new(1, values[..1].to_vec()));
        assert_eq!(sorted(firsts(store, &keyed)), matching(&values[0], Comparison::Equal), "{}", column.name);
        if column.ty != ColumnType::Jsonb {
            let mut wanted: Vec<_> = (0..5_i64).collect();
            wanted.sort_by_key(|id| (kinds[*id as usize][place].clone(), *id));
            let order = vec![OrderBy::asc(*column)];
            assert_eq!(ids(store, Select { order, ..Select::all(&KINDS) }), wanted, "{}", column.name);
        }
        let misfit = if column.ty == ColumnType::Text { Value::Int(1) } else { Value::from("text") };
        let select = Select::matching(&KINDS, compare(*column, Comparison::Equal, misfit.clone()));
        assert!(rows(store, &Fetch::new(Arc::new(select), Output::count())).is_err(), "{}", column.name);
        let select = Select::matching(&KINDS, in_keys(vec![*column], vec![misfit]));
        assert!(rows(store, &Fetch::new(Arc::new(select), Output::count())).is_err(), "{}", column.name);
    }
}
