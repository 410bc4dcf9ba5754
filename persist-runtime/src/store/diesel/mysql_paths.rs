//! What stands within JSON documents, on MySQL and MariaDB: by paths, whose keys are written as JSON writes texts.

use super::bind::Bind;
use super::dialect::NthValue;
use super::documents::{Words, write};
use super::mysql::CODE_POINTS;
use super::mysql_bind::MysqlBind;
use super::mysql_compare::text;
use super::sql::{Place, Statement, Written};
use crate::edit::PathChanges;
use crate::group::{JsonStep, JsonTest};

/// MariaDB tells a document from a text by the function that it comes from, MySQL by its type.
const WORDS: Words = Words {
    path: text,
    kind: ("JSON_TYPE(JSON_EXTRACT(", "))"),
    object: "'OBJECT'",
    extract: "JSON_EXTRACT(",
    set: "JSON_SET(",
    remove: "JSON_REMOVE(",
    // What has lost two in one call of MariaDB's has no character set any more, and no key in it that is not ASCII is found.
    most_removed: 1,
    document: ("/*M! JSON_COMPACT( *//*!80000 CAST( */", "/*!80000 AS JSON)*//*M! )*/"),
};

pub(super) fn document(sql: &mut Statement, place: &Place, changes: &PathChanges, value: NthValue<'_>) -> Written {
    write(sql, &WORDS, place, changes, value)
}

fn path_text(path: &[JsonStep]) -> String {
    let step = |step: &JsonStep| match step {
        JsonStep::Key(key) => format!(".{}", serde_json::Value::from(key.as_str())),
        JsonStep::Nth(place) => format!("[{place}]"),
    };
    std::iter::once("$".to_owned()).chain(path.iter().map(step)).collect()
}

/// `function(JSON_EXTRACT(place, path))`
fn extracted<'s>(sql: &'s mut Statement, function: &str, place: &Place, path: &[JsonStep]) -> &'s mut Statement {
    sql.text(function).text("(JSON_EXTRACT(").place(place).text(", ").bind(text(&path_text(path))).text("))")
}

pub(super) fn json_test(sql: &mut Statement, place: &Place, path: &[JsonStep], test: &JsonTest) -> Written {
    sql.text("(JSON_CONTAINS_PATH(").place(place).text(", 'one', ").bind(text(&path_text(path))).text(")");
    // Here what is no array is its own first element.
    for (at, _) in path.iter().enumerate().filter(|(_, step)| matches!(step, JsonStep::Nth(_))) {
        extracted(sql.text(" AND "), "JSON_TYPE", place, &path[..at]).text(" = 'ARRAY'");
    }
    let kinds = match test {
        JsonTest::Exists => {
            sql.text(")");
            return Ok(());
        }
        JsonTest::Null => "'NULL'",
        JsonTest::Bool(_) => "'BOOLEAN'",
        JsonTest::Int(_) => "'INTEGER', 'UNSIGNED INTEGER', 'DOUBLE', 'DECIMAL'",
        JsonTest::Text(_) => "'STRING'",
    };
    extracted(sql.text(" AND "), "JSON_TYPE", place, path).put(format_args!(" IN ({kinds})"));
    match test {
        JsonTest::Exists | JsonTest::Null => {}
        JsonTest::Bool(wanted) => {
            extracted(sql.text(" AND "), "JSON_UNQUOTE", place, path).put(format_args!(" = '{wanted}'"));
        }
        JsonTest::Int(wanted) => {
            extracted(sql.text(" AND CAST("), "JSON_UNQUOTE", place, path).text(" AS DECIMAL(65, 30)) = ");
            sql.bind(Bind::Mysql(MysqlBind::Integer(*wanted)));
        }
        JsonTest::Text(wanted) => {
            extracted(sql.text(" AND "), "JSON_UNQUOTE", place, path).text(" = ").bind(text(wanted)).text(CODE_POINTS);
        }
    }
    sql.text(")");
    Ok(())
}
