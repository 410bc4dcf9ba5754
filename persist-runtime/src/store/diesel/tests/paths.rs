//! What stands within JSON documents: what the condition says, on every backend.

use super::fixture::*;
use crate::edit::Insert;
use crate::entity::Value;
use crate::group::{Condition, JsonStep, JsonTest, Select};
use crate::store::Store;
use crate::store::fixture::Inserts as _;

const KEYS: [&str; 9] = ["k", "a.b", "$", "a\"b", "a\\b", "0", "\u{e9}\u{1f600}", "*", "[0]"];

fn documents() -> Vec<String> {
    let values = [
        "null",
        "true",
        "false",
        "0",
        "7",
        "7.0",
        "7.5",
        "-7",
        "9223372036854775807",
        "18446744073709551615",
        "\"\"",
        "\"7\"",
        "\"true\"",
        "\"A\"",
        "\"a\"",
        "\"a \"",
        "\"\\u00e9\\n\"",
        "[]",
        "{}",
        "[7, \"7\", null, [true]]",
    ];
    let mut all: Vec<_> = values.iter().map(|value| format!("{{\"k\": {value}}}")).collect();
    all.extend(values.iter().map(|value| format!("[{value}]")));
    all.extend(values.map(str::to_owned));
    all.extend(KEYS.map(|key| serde_json::json!({ key: { key: 7 } }).to_string()));
    all
}

fn paths() -> Vec<Vec<JsonStep>> {
    let (key, nth) = (|key: &str| JsonStep::Key(key.to_owned()), JsonStep::Nth);
    let mut all = vec![
        vec![nth(0)],
        vec![nth(0), nth(0)],
        vec![nth(u32::MAX)],
        vec![key("k"), nth(0)],
        vec![key("k"), nth(3), nth(0)],
        vec![key("K")],
    ];
    all.extend(KEYS.iter().flat_map(|name| [vec![key(name)], vec![key(name), key(name)]]));
    all
}

pub(super) fn json_places(store: &mut dyn Store) {
    let column = KINDS.columns.iter().copied().find(|column| column.name == "v_jsonb").unwrap();
    let place = KINDS.columns.iter().position(|known| *known == column).unwrap();
    let documents = documents();
    let mut rows: Vec<_> = (0..=documents.len()).map(|_| vec![Value::Null; KINDS.columns.len()]).collect();
    for (id, row) in rows.iter_mut().enumerate() {
        row[0] = Value::Int(id as i64);
        row[place] = documents.get(id).map_or(Value::Null, |document| Value::Json(document.clone()));
    }
    store.insert(&Insert::new(&KINDS, rows)).unwrap();
    let texts = ["", "7", "true", "A", "a", "a ", "\u{e9}\n"].map(|text| JsonTest::Text(text.to_owned()));
    let mut tests = vec![JsonTest::Exists, JsonTest::Null, JsonTest::Bool(true), JsonTest::Bool(false)];
    tests.extend([0, 7, -7, i64::MAX, i64::MAX - 1].map(JsonTest::Int));
    tests.extend(texts);
    let mut some = 0;
    for path in paths() {
        for test in &tests {
            let condition = Condition::Json { column, path: path.clone(), test: test.clone() };
            let holds = |id: &i64| documents.get(*id as usize).is_some_and(|document| test.holds(document, &path));
            let (yes, no): (Vec<_>, Vec<_>) = (0..=documents.len() as i64).partition(holds);
            assert_eq!(ids(store, Select::matching(&KINDS, condition.clone())), yes, "{condition}");
            assert_eq!(ids(store, Select::matching(&KINDS, condition.negated())), no, "not {path:?} {test:?}");
            some += usize::from(!yes.is_empty());
        }
    }
    assert!(some > 30, "{some}");
}
