//! What stands within JSON documents, on PostgreSQL.

use super::postgres_bind::scalar;
use super::sql::{Bind, Place, Statement, Written};
use crate::entity::{ColumnType, Value};
use crate::group::{JsonStep, JsonTest};

fn bound(sql: &mut Statement, place: &Place, ty: ColumnType, value: &Value) -> Written {
    sql.bind(Bind::Pg(scalar(place.name(), ty, value)?));
    Ok(())
}

/// The value at the end of the path; NULL where there is none.
fn value(sql: &mut Statement, place: &Place, path: &[JsonStep]) -> Written {
    sql.text("(").place(place);
    for step in path {
        sql.text(" -> ");
        match step {
            JsonStep::Key(key) => bound(sql, place, ColumnType::Text, &Value::from(key.as_str()))?,
            JsonStep::Nth(place) => drop(sql.put(format_args!("{}", i32::try_from(*place).unwrap_or(i32::MAX)))),
        }
    }
    sql.text(")");
    Ok(())
}

pub(super) fn json_test(sql: &mut Statement, place: &Place, path: &[JsonStep], test: &JsonTest) -> Written {
    let type_of = if place.ty == ColumnType::Json { "json_typeof" } else { "jsonb_typeof" };
    sql.text("(");
    // A `jsonb` that is no array is its own first element.
    for (at, _) in path.iter().enumerate().filter(|(_, step)| matches!(step, JsonStep::Nth(_))) {
        sql.text(type_of);
        value(sql, place, &path[..at])?;
        sql.text(" = 'array' AND ");
    }
    let kind = match test {
        JsonTest::Exists => {
            value(sql, place, path)?;
            sql.text(" IS NOT NULL)");
            return Ok(());
        }
        JsonTest::Null => "null",
        JsonTest::Bool(_) => "boolean",
        JsonTest::Int(_) => "number",
        JsonTest::Text(_) => "string",
    };
    // Nothing else promises that what is no number is not read as one.
    sql.text("CASE ").text(type_of);
    value(sql, place, path)?;
    sql.put(format_args!(" WHEN '{kind}' THEN "));
    if !matches!(test, JsonTest::Null) {
        sql.text("(");
        value(sql, place, path)?;
        sql.text(" #>> '{}')");
    }
    match test {
        JsonTest::Exists | JsonTest::Null => drop(sql.text("TRUE")),
        JsonTest::Bool(wanted) => drop(sql.put(format_args!(" = '{wanted}'"))),
        JsonTest::Int(wanted) => {
            sql.text("::numeric = ");
            bound(sql, place, ColumnType::BigInt, &Value::Int(*wanted))?;
        }
        JsonTest::Text(wanted) => {
            sql.text(" = ");
            bound(sql, place, ColumnType::Text, &Value::from(wanted.as_str()))?;
        }
    }
    sql.text(" ELSE FALSE END)");
    Ok(())
}
