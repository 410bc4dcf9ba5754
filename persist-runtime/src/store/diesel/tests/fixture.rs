//! Tables, rows and fetches that the tests of every backend share, and what they must give.

use crate::engine::{Fetch, Insert, Join, Output};
use crate::entity::{Cells, Collation, ColumnDef, ColumnType, Decimal, Raw, Table, Unfit, Value};
use crate::group::{Comparison, Condition, KeySet, OrderBy, Projection, Select, TextTest};
use crate::store::{Store, StoreError};
use std::sync::Arc;

macro_rules! readers {
    ($($name:ident: $read:ident => $variant:ident;)*) => {$(
        fn $name(raw: Raw<'_>) -> Result<Value, Unfit> {
            if raw.is_null() { Ok(Value::Null) } else { raw.$read().map(Value::$variant) }
        }
    )*};
}

readers! {
    boolean: boolean => Bool; integer: integer => Int; float: float => Float; text: text => Text; bytes: bytes => Bytes;
    uuid: uuid => Uuid; decimal: decimal => Decimal; json: json => Json;
    date: date => Date; time: time => Time; timestamp: timestamp => Timestamp;
}

pub(super) const fn column(name: &'static str, ty: ColumnType, nullable: bool) -> ColumnDef {
    let value = match ty {
        ColumnType::Bool => boolean,
        ColumnType::SmallInt | ColumnType::Integer | ColumnType::BigInt => integer,
        ColumnType::Float | ColumnType::Double => float,
        ColumnType::Binary => bytes,
        ColumnType::Uuid => uuid,
        ColumnType::Decimal => decimal,
        ColumnType::Json | ColumnType::Jsonb => json,
        ColumnType::Date => date,
        ColumnType::Time => time,
        ColumnType::Timestamp | ColumnType::TimestampTz => timestamp,
        _ => text,
    };
    ColumnDef { name, ty, nullable, value }
}

pub(super) const ID: ColumnDef = column("id", ColumnType::Integer, false);
pub(super) const NAME: ColumnDef = column("na\"`me", ColumnType::Text, true);
pub(super) const BOSS: ColumnDef = column("boss", ColumnType::Integer, true);
pub(super) static PEOPLE: Table = table("Person", "per\"`son", &[ID, NAME, BOSS], &[ID]);

const A: ColumnDef = column("a", ColumnType::BigInt, false);
const B: ColumnDef = column("b", ColumnType::Text, false);
const PA: ColumnDef = column("pa", ColumnType::SmallInt, false);
const PB: ColumnDef = column("pb", ColumnType::Text, false);
const ORD: ColumnDef = column("ord", ColumnType::Integer, true);
/// Composite on both sides: the key, and what refers to the parent.
pub(super) static NOTES: Table = table("Note", "note", &[A, B, PA, PB, ORD], &[A, B]);

/// A column of every type, each of which may be a key.
pub(super) static KINDS: Table = table(
    "Kind",
    "kind",
    &[
        ID,
        column("v_bool", ColumnType::Bool, true),
        column("v_small", ColumnType::SmallInt, true),
        column("v_int", ColumnType::Integer, true),
        column("v_big", ColumnType::BigInt, true),
        column("v_real", ColumnType::Float, true),
        column("v_double", ColumnType::Double, true),
        column("v_text", ColumnType::Text, true),
        column("v_blob", ColumnType::Binary, true),
        column("v_uuid", ColumnType::Uuid, true),
        column("v_decimal", ColumnType::Decimal, true),
        column("v_jsonb", ColumnType::Jsonb, true),
        #[cfg(feature = "chrono")]
        column("v_date", ColumnType::Date, true),
        #[cfg(feature = "chrono")]
        column("v_time", ColumnType::Time, true),
        #[cfg(feature = "chrono")]
        column("v_timestamp", ColumnType::Timestamp, true),
        #[cfg(feature = "chrono")]
        column("v_zoned", ColumnType::TimestampTz, true),
    ],
    &[ID],
);

const fn table(
    entity: &'static str,
    name: &'static str,
    columns: &'static [ColumnDef],
    key: &'static [ColumnDef],
) -> Table {
    Table { entity, schema: None, name, columns, key, collation: Collation::Portable }
}

pub(super) fn rows(store: &mut dyn Store, fetch: &Fetch) -> Result<Vec<Vec<Value>>, StoreError> {
    let readers: Vec<_> = match (&fetch.output, &fetch.keyed) {
        (Output::Columns(columns), _) => columns.iter().map(|column| column.value).collect(),
        (Output::Count, Some(keyed)) => keyed.by.iter().map(|column| column.value).chain([integer as _]).collect(),
        (Output::Count, None) => vec![integer as _],
        (Output::Exists, _) => vec![boolean as _],
    };
    let mut rows = Vec::new();
    store.fetch(fetch, &mut |cells: &dyn Cells| {
        let row = readers.iter().enumerate().map(|(place, read)| crate::entity::cell(cells, place, *read).unwrap());
        rows.push(row.collect());
    })?;
    Ok(rows)
}

pub(super) fn ids(store: &mut dyn Store, select: Select) -> Vec<i64> {
    let fetch = Fetch::new(Arc::new(select), Output::Columns(vec![ID]));
    firsts(store, &fetch)
}

/// The first cell of each row, a number.
fn firsts(store: &mut dyn Store, fetch: &Fetch) -> Vec<i64> {
    let rows = rows(store, fetch).unwrap_or_else(|error| panic!("{error}: {}", store.explain(fetch).unwrap()));
    rows.iter().map(|row| if let Value::Int(id) = row[0] { id } else { panic!("{row:?}") }).collect()
}

fn sorted(mut ids: Vec<i64>) -> Vec<i64> {
    ids.sort_unstable();
    ids
}

pub(super) fn compare(column: ColumnDef, how: Comparison, value: impl Into<Value>) -> Condition {
    Condition::Compare { column, how, value: value.into() }
}

pub(super) fn in_keys(columns: Vec<ColumnDef>, values: Vec<Value>) -> Condition {
    Condition::InKeys { keys: Arc::new(KeySet::new(columns.len(), values)), columns }
}

pub(super) fn int_keys(keys: impl IntoIterator<Item = i64>) -> KeySet {
    KeySet::new(1, keys.into_iter().map(Value::Int).collect())
}

const NAMES: [Option<&str>; 12] = [
    None,
    Some(""),
    Some("Anna"),
    Some("anna"),
    Some("a%b_c\\d"),
    Some("quo'te\"`"),
    Some("\u{D7FF}x"),
    Some("emoji \u{1F600} end"),
    Some("'; DROP TABLE person; --"),
    Some("ann"),
    Some("Zoe"),
    Some("\u{FFEE}"),
];

pub(super) fn people(store: &mut dyn Store) {
    let rows = NAMES.iter().enumerate().map(|(index, name)| {
        let boss = if index % 3 == 0 { Value::Null } else { Value::Int(index as i64 / 3 + 1) };
        vec![Value::Int(index as i64 + 1), name.map_or(Value::Null, Value::from), boss]
    });
    store.insert(&Insert::new(&PEOPLE, rows.collect())).unwrap();
}

/// Every condition against what its own definition says, row by row.
pub(super) fn conditions(store: &mut dyn Store) {
    people(store);
    let named = |test: &dyn Fn(&str) -> bool| -> Vec<i64> {
        let passing = NAMES.iter().enumerate().filter(|(_, name)| name.is_some_and(test));
        passing.map(|(index, _)| index as i64 + 1).collect()
    };
    let all: Vec<i64> = (1..=NAMES.len() as i64).collect();
    let check = |store: &mut dyn Store, condition: Condition, wanted: Vec<i64>| {
        let found = sorted(ids(store, Select::matching(&PEOPLE, condition.clone())));
        assert_eq!(found, wanted, "{condition}");
        let rest: Vec<_> = all.iter().copied().filter(|id| !wanted.contains(id)).collect();
        let not = Condition::Not(Box::new(condition.clone()));
        assert_eq!(sorted(ids(store, Select::matching(&PEOPLE, not))), rest, "not {condition}");
    };
    for wanted in
        NAMES.iter().flatten().copied().chain(["a", "A", "%", "_", "\\", "'", "\"", "\u{1F600}", "\u{10FFFF}"])
    {
        for test in [TextTest::StartsWith, TextTest::EndsWith, TextTest::Contains] {
            let condition = Condition::Text { column: NAME, test, text: wanted.to_owned() };
            check(store, condition, named(&|name| test.holds(name, wanted)));
        }
        for how in [
            Comparison::Equal,
            Comparison::Less,
            Comparison::LessOrEqual,
            Comparison::Greater,
            Comparison::GreaterOrEqual,
        ] {
            check(store, compare(NAME, how, wanted), named(&|name| how.holds(name.cmp(wanted))));
        }
        check(store, in_keys(vec![NAME], vec![wanted.into()]), named(&|name| name == wanted));
    }
    check(store, Condition::And(vec![]), all.clone());
    check(store, Condition::Or(vec![]), vec![]);
    check(store, Condition::IsNull(NAME), vec![1]);
    check(store, compare(NAME, Comparison::Equal, Value::Null), vec![]);
    check(store, in_keys(vec![ID], vec![]), vec![]);
    check(store, in_keys(vec![ID], vec![Value::Int(2), Value::Int(2), Value::Null, Value::Int(77)]), vec![2]);
    let either = Condition::Or(vec![compare(ID, Comparison::Less, 3), compare(BOSS, Comparison::Equal, 4)]);
    check(store, either.clone(), vec![1, 2, 11, 12]);
    check(store, either.and(compare(ID, Comparison::Greater, 1)), vec![2, 11, 12]);
    let many = (0..3_000).map(|n| compare(ID, Comparison::Equal, n * 2)).collect();
    check(store, Condition::Or(many), all.iter().copied().filter(|id| id % 2 == 0).collect());
    sub_selects(store, &check);
}

fn sub_selects(store: &mut dyn Store, check: &dyn Fn(&mut dyn Store, Condition, Vec<i64>)) {
    let branch =
        |select: Select, columns: &[ColumnDef]| Projection { select: Arc::new(select), columns: columns.to_vec() };
    let cut = Select {
        order: vec![OrderBy { column: ID, descending: true }],
        limit: Some(2),
        offset: 1,
        ..Select::all(&PEOPLE)
    };
    let condition = Condition::InSelect { columns: vec![ID], branches: vec![branch(cut.clone(), &[ID])] };
    check(store, condition, vec![10, 11]);
    // A self relation, twice: those whose boss has a boss whose name is NULL.
    let top = Select::matching(&PEOPLE, Condition::IsNull(NAME));
    let below = |above: Select| {
        Select::matching(&PEOPLE, Condition::InSelect { columns: vec![BOSS], branches: vec![branch(above, &[ID])] })
    };
    let condition = below(below(top.clone())).filter.unwrap();
    check(store, condition, vec![5, 6, 8, 9].into_iter().filter(|id| [2, 3].contains(&((id - 1) / 3 + 1))).collect());
    let both = Condition::InSelect { columns: vec![ID], branches: vec![branch(cut, &[ID]), branch(top, &[ID])] };
    check(store, both, vec![1, 10, 11]);
    let rows = Condition::InSelect {
        columns: vec![ID, NAME],
        branches: vec![branch(Select::matching(&PEOPLE, compare(ID, Comparison::Less, 4)), &[ID, NAME])],
    };
    // A NULL equals nothing.
    check(store, rows, vec![2, 3]);
    check(store, Condition::InSelect { columns: vec![ID], branches: vec![] }, vec![]);
}

pub(super) fn orders(store: &mut dyn Store) {
    people(store);
    let ordered = |descending| Select { order: vec![OrderBy { column: NAME, descending }], ..Select::all(&PEOPLE) };
    let mut wanted: Vec<_> = (1..=NAMES.len() as i64).collect();
    wanted.sort_by_key(|id| (NAMES[*id as usize - 1], *id));
    assert_eq!(ids(store, ordered(false)), wanted);
    wanted.sort_by_key(|id| (std::cmp::Reverse(NAMES[*id as usize - 1]), *id));
    assert_eq!(ids(store, ordered(true)), wanted);
    let page = Select { limit: Some(3), offset: 2, ..ordered(true) };
    assert_eq!(ids(store, page.clone()), wanted[2..5]);
    let rest = Select { limit: None, ..page.clone() };
    assert_eq!(ids(store, rest), wanted[2..]);
    let output = |output, select: &Select| Fetch::new(Arc::new(select.clone()), output);
    assert_eq!(firsts(store, &output(Output::Count, &page)), [3]);
    assert_eq!(firsts(store, &output(Output::Count, &ordered(false))), [NAMES.len() as i64]);
    for (offset, wanted) in [(0, true), (20, false)] {
        let select = Select { offset, ..ordered(false) };
        assert_eq!(rows(store, &output(Output::Exists, &select)).unwrap(), [[Value::Bool(wanted)]]);
    }
}

pub(super) fn keyed(store: &mut dyn Store) {
    people(store);
    let order = vec![OrderBy { column: NAME, descending: true }];
    let select = Arc::new(Select { order, filter: Some(compare(ID, Comparison::Less, 12)), ..Select::all(&PEOPLE) });
    let fetch =
        Fetch::new(Arc::clone(&select), Output::Columns(vec![BOSS, ID])).keyed(vec![BOSS], int_keys([1, 3, 4, 99]));
    let mut found = rows(store, &fetch).unwrap();
    found.sort_by(|a, b| a[0].cmp(&b[0]));
    let pair = |boss: i64, id: i64| vec![Value::Int(boss), Value::Int(id)];
    assert_eq!(found, [pair(1, 3), pair(1, 2), pair(3, 8), pair(3, 9), pair(4, 11)]);
    let count = Fetch::new(Arc::clone(&select), Output::Count).keyed(vec![BOSS], int_keys([1, 4, 99]));
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
    let by_name = vec![OrderBy { column: NAME, descending: false }];
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
    let order = vec![OrderBy { column: ORD, descending: false }];
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
    let count = Fetch::new(select, Output::Count).keyed(vec![PA, PB], keys);
    assert_eq!(rows(store, &count).unwrap().len(), 2);
}

fn kinds() -> Vec<Vec<Value>> {
    let decimal = |text: &str| Value::Decimal(text.parse::<Decimal>().unwrap());
    let uuid = |n: u8| Value::Uuid([n, 0, 255, 39, n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, n]);
    let mut rows = Vec::new();
    for n in 0..4_i64 {
        let blob: &[u8] = [b"".as_slice(), b"\0\xff'", b"x", b"longer than the others"][n as usize];
        let mut row = vec![
            Value::Int(n),
            Value::Bool(n % 2 == 0),
            Value::Int([i16::MIN.into(), -1, 0, i16::MAX.into()][n as usize]),
            Value::Int([i32::MIN.into(), -1, 0, i32::MAX.into()][n as usize]),
            Value::Int([i64::MIN, -1, 0, i64::MAX][n as usize]),
            Value::Float([-1.5, 0.0, 0.1_f32.into(), f32::MAX.into()][n as usize]),
            Value::Float([f64::NEG_INFINITY, -0.1, 1.0 / 3.0, f64::MAX][n as usize]),
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
pub(super) fn types(store: &mut dyn Store) {
    let kinds = kinds();
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
        keyed.keyed.as_mut().unwrap().keys = KeySet::new(1, values[..1].to_vec());
        assert_eq!(sorted(firsts(store, &keyed)), matching(&values[0], Comparison::Equal), "{}", column.name);
        if column.ty != ColumnType::Jsonb {
            let mut wanted: Vec<_> = (0..5_i64).collect();
            wanted.sort_by_key(|id| (kinds[*id as usize][place].clone(), *id));
            let order = vec![OrderBy { column: *column, descending: false }];
            assert_eq!(ids(store, Select { order, ..Select::all(&KINDS) }), wanted, "{}", column.name);
        }
        let misfit = if column.ty == ColumnType::Text { Value::Int(1) } else { Value::from("text") };
        let select = Select::matching(&KINDS, compare(*column, Comparison::Equal, misfit.clone()));
        assert!(rows(store, &Fetch::new(Arc::new(select), Output::Count)).is_err(), "{}", column.name);
        let select = Select::matching(&KINDS, in_keys(vec![*column], vec![misfit]));
        assert!(rows(store, &Fetch::new(Arc::new(select), Output::Count)).is_err(), "{}", column.name);
    }
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
