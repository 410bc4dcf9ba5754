//! What stands within JSON documents, on SQLite: found step by step through `json_each`, since a path as text cannot name
//! every key on every version; and changed, where it can.

use super::bind::Bind;
use super::dialect::NthValue;
use super::documents::{MOST, Words, write};
use super::sql::{Alias, Place, Statement, Written};
use super::sqlite_bind::SqliteBind;
use crate::edit::PathChanges;
use crate::group::{JsonStep, JsonTest};

fn text(text: &str) -> Bind {
    Bind::Sqlite(SqliteBind::Text(text.to_owned()))
}

const WORDS: Words = Words {
    path: text,
    kind: ("json_type(", ")"),
    object: "'object'",
    extract: "json_extract(",
    set: "json_set(",
    remove: "json_remove(",
    most_removed: MOST,
    document: ("json(", ")"),
};

pub(super) fn document(sql: &mut Statement, place: &Place, changes: &PathChanges, value: NthValue<'_>) -> Written {
    write(sql, &WORDS, place, changes, value)
}

pub(super) fn json_test(sql: &mut Statement, place: &Place, path: &[JsonStep], test: &JsonTest) -> Written {
    sql.text("EXISTS (SELECT 1 FROM ");
    let mut steps: Vec<Alias> = Vec::with_capacity(path.len());
    for _ in path {
        let alias = sql.alias();
        // `json_each` fails at a text that is no document, and a scalar within one is a text of its own.
        match steps.last() {
            None => sql.text("json_each(CASE WHEN json_valid(").place(place).text(") THEN ").place(place),
            Some(above) => sql
                .text(", json_each(CASE WHEN ")
                .alias_name(*above)
                .text(".type IN ('object', 'array') THEN ")
                .alias_name(*above)
                .text(".value"),
        };
        sql.text(" ELSE '[]' END) AS ").alias_name(alias);
        steps.push(alias);
    }
    sql.text(" WHERE ");
    sql.list(steps.iter().zip(path), " AND ", |sql, (alias, step)| {
        sql.alias_name(*alias).text(".key = ");
        match step {
            // The keys of an array are numbers, and no number is a text.
            JsonStep::Key(key) => sql.bind(text(key)),
            JsonStep::Nth(place) => sql.put(format_args!("{place}")),
        };
        Ok(())
    })?;
    let Some(last) = steps.last() else { return Ok(()) };
    let mut is = |words: &str| {
        sql.text(" AND ").alias_name(*last).text(words);
    };
    match test {
        JsonTest::Exists => {}
        JsonTest::Null => is(".type = 'null'"),
        JsonTest::Bool(true) => is(".type = 'true'"),
        JsonTest::Bool(false) => is(".type = 'false'"),
        JsonTest::Int(number) => {
            is(".type IN ('integer', 'real')");
            sql.text(" AND ").alias_name(*last).text(".atom = ").bind(Bind::Sqlite(SqliteBind::Integer(*number)));
        }
        JsonTest::Text(wanted) => {
            is(".type = 'text'");
            sql.text(" AND ").alias_name(*last).text(".atom = ").bind(text(wanted));
        }
    }
    sql.text(")");
    Ok(())
}
