//! Keyed fetches and inserts, and what they must give on every backend.

use super::conditions::{NAMES, people};
use super::fixture::*;
use crate::edit::Insert;
use crate::engine::{Fetch, Join, Output};
use crate::entity::Value;
use crate::group::{Comparison, KeySet, OrderBy, Select};
use crate::store::Store;
use crate::store::fixture::Inserts as _;
use std::sync::Arc;

pub(super) fn keyed(store: &mut dyn Store) {
    people(store);
    super::joined::joined(store);
    let order = vec![OrderBy::desc(NAME)];
    let select = Arc::new(Select { order, filter: Some(compare(ID, Comparison::Less, 12)), ..Select::all(&PEOPLE) });
    let fetch =
        Fetch::new(Arc::clone(&select), Output::Columns(vec![BOSS, ID])).keyed(vec![BOSS], int_keys([1, 3, 4, 99]));
    let mut found = rows(store, &fetch).unwrap();
    found.sort_by(|a, b| a[0].cmp(&b[0]));
    let pair = |boss: i64, id: i64| vec![Value::Int(boss), Value::Int(id)];
    assert_eq!(found, [pair(1, 3), pair(1, 2), pair(3, 8), pair(3, 9), pair(4, 11)]);
    let count = Fetch::new(Arc::clone(&select), Output::count()).keyed(vec![BOSS], int_keys([1, 4, 99]));
    let mut found = rows(store, &count).unwrap();
    found.sort();
    assert_eq!(found, [pair(1, 2), pair(4, 1)]);
    let mut first = fetch.clone();
    first.keyed.as_mut().unwrap().per_key = Some(1);
    let mut found = rows(store, &first).unwrap();
    found.sort();
    assert_eq!(found, [pair(1, 3), pair(3, 8), pair(4, 11)]);
    // The order of the boss's name comes first; nobody's boss is NULL here but person 1's name is.
    let mut joined = Fetch::new(Arc::new(Select::all(&PEOPLE)), Output::Columns(vec![ID]));
    joined = joined.keyed(vec![ID], int_keys([2, 4, 5, 8, 11]));
    let by_name = vec![OrderBy::asc(NAME)];
    let join = Join { table: &PEOPLE, local: vec![BOSS], remote: vec![ID], order: by_name };
    joined.keyed.as_mut().unwrap().by = vec![ID];
    joined.keyed.as_mut().unwrap().join = Some(join.clone());
    assert_eq!(sorted(firsts(store, &joined)), [2, 4, 5, 8, 11]);
    for most in [None, Some(2)] {
        let mut joined =
            Fetch::new(Arc::new(Select::all(&PEOPLE)), Output::Columns(vec![ID])).keyed(vec![BOSS], int_keys([2]));
        joined.keyed.as_mut().unwrap().join = Some(join.clone());
        joined.keyed.as_mut().unwrap().per_key = most;
        assert_eq!(firsts(store, &joined), [5, 6]);
    }
    assert_eq!(
        firsts(
            store,
            &Fetch::new(Arc::new(Select::all(&PEOPLE)), Output::Columns(vec![ID]))
                .keyed(vec![ID], int_keys(0..100_000))
        )
        .len(),
        NAMES.len()
    );
}

/// How many keys sets have that no list, no array and no portion of one should be a row short of.
const SIZES: [usize; 12] = [1, 2, 4, 5, 16, 17, 64, 65, 256, 257, 1_024, 1_025];

/// Sets of any size find what they name, once, whatever the column; and rows come in their order within each key.
pub(super) fn sets_of_any_size(store: &mut dyn Store) {
    let name = |n: usize| if n.is_multiple_of(5) { "Name".repeat(20) + &n.to_string() } else { format!("name {n}") };
    let row = |n: usize| vec![Value::Int(n as i64), name(n / 2).into(), Value::Int(n as i64 / 3)];
    store.insert(&Insert::new(&PEOPLE, (0..4_000).map(row).collect())).unwrap();
    let order = vec![OrderBy::desc(ID)];
    let select = Arc::new(Select { order, ..Select::all(&PEOPLE) });
    for size in SIZES {
        let by = |by, key: &dyn Fn(usize) -> Value| {
            let fetch = Fetch::new(Arc::clone(&select), Output::Columns(vec![ID]));
            fetch.keyed(vec![by], KeySet::new(1, (0..size).map(key).collect()))
        };
        assert_eq!(sorted(firsts(store, &by(ID, &|n| row(n)[0].clone()))), (0..size as i64).collect::<Vec<_>>());
        let of_each = |rows: i64| (0..size as i64 * rows).collect::<Vec<_>>();
        for (fetch, rows) in [(by(NAME, &|n| name(n).into()), 2), (by(BOSS, &|n| Value::Int(n as i64)), 3)] {
            let found = firsts(store, &fetch);
            assert!(found.chunks(rows as usize).all(|of_key| of_key.is_sorted_by(|one, other| one > other)), "{size}");
            assert_eq!(sorted(found), of_each(rows), "{size} keys");
        }
        let counts = Fetch { output: Output::count(), ..by(NAME, &|n| name(n).to_uppercase().into()) };
        assert_eq!(rows(store, &counts).unwrap().len(), 0, "text counts to the letter");
    }
}

pub(super) fn composite_keys(store: &mut dyn Store) {
    let mut notes = Vec::new();
    for parent in 0..6_i64 {
        for n in 0..5_i64 {
            let ord = if n == 4 { Value::Null } else { Value::Int((n * 7) % 5) };
            let parent_b = Value::Text(format!("p{}", parent / 2));
            notes.push(vec![
                Value::Int(parent * 10 + n),
                Value::Text(format!("n'{n}")),
                Value::Int(parent % 2),
                parent_b,
                ord,
            ]);
        }
    }
    store.insert(&Insert::new(&NOTES, notes.clone())).unwrap();
    let order = vec![OrderBy::asc(ORD)];
    let select = Arc::new(Select { order, ..Select::all(&NOTES) });
    let keys = [(0, "p1"), (1, "p2"), (1, "none")].into_iter().flat_map(|(a, b)| [Value::Int(a), b.into()]);
    let keys = KeySet::new(2, keys.collect());
    for most in [None, Some(2), Some(9)] {
        let mut fetch =
            Fetch::new(Arc::clone(&select), Output::Columns(vec![PA, PB, A, ORD])).keyed(vec![PA, PB], keys.clone());
        fetch.keyed.as_mut().unwrap().per_key = most;
        let mut found = rows(store, &fetch).unwrap();
        found.sort_by(|one, two| one[..2].cmp(&two[..2]));
        let mut wanted = Vec::new();
        for parent in [2_i64, 5] {
            let mut of: Vec<_> = notes
                .iter()
                .filter(|note| note[0] >= Value::Int(parent * 10) && note[0] < Value::Int(parent * 10 + 10))
                .collect();
            of.sort_by(|one, two| (&one[4], &one[0]).cmp(&(&two[4], &two[0])));
            let cut = most.map_or(of.len(), |most| of.len().min(most as usize));
            wanted.extend(
                of[..cut].iter().map(|note| vec![note[2].clone(), note[3].clone(), note[0].clone(), note[4].clone()]),
            );
        }
        assert_eq!(found, wanted);
    }
    let by_key = Fetch::new(Arc::clone(&select), Output::Columns(vec![A]))
        .keyed(vec![A, B], KeySet::new(2, vec![Value::Int(31), "n'1".into(), Value::Int(31), "n'2".into()]));
    assert_eq!(firsts(store, &by_key), [31]);
    let count = Fetch::new(select, Output::count()).keyed(vec![PA, PB], keys);
    assert_eq!(rows(store, &count).unwrap().len(), 2);
}

/// More rows than one statement takes, the last of which is refused: nothing is written.
pub(super) fn atomic_inserts(store: &mut dyn Store, rows_in_all: i64) {
    let mut rows: Vec<_> = (0..rows_in_all).map(|id| vec![Value::Int(id), Value::from("x"), Value::Null]).collect();
    rows.push(vec![Value::Int(0), Value::Null, Value::Null]);
    let error = store.insert(&Insert::new(&PEOPLE, rows.clone())).unwrap_err();
    assert!(matches!(error.fault(), crate::store::Fault::Duplicate(_)), "{error}");
    assert_eq!(ids(store, Select::all(&PEOPLE)), [0_i64; 0]);
    rows.pop();
    store.insert(&Insert::new(&PEOPLE, rows)).unwrap();
    assert_eq!(ids(store, Select::all(&PEOPLE)).len() as i64, rows_in_all);
    store.insert(&Insert::new(&PEOPLE, vec![])).unwrap();
    let short = Insert::new(&PEOPLE, vec![vec![Value::Int(1)]]);
    assert!(store.insert(&short).is_err());
}
