//! Comparisons, and tests of text, on SQLite.

use super::bind::Bind;
use super::render::successor;
use super::sql::{Place, Statement, Written};
use super::sqlite::portable_text;
use super::sqlite_bind::{SqliteBind, bound_at};
use super::sqlite_decimal;
use crate::entity::{ColumnType, Value};
use crate::group::{Case, Comparison, TextTest};

/// The text at `place` as it is tested. `lower` knows the letters of ASCII only, and does not stop at a NUL, as `NOCASE`
/// does. (A connection that loads the ICU extension replaces it.)
fn folded<'s>(sql: &'s mut Statement, place: &Place, case: Case) -> &'s mut Statement {
    match case {
        Case::Counts => sql.place(place),
        Case::AsciiIgnored => sql.text("lower(").place(place).text(")"),
    }
}

pub(super) fn compare(sql: &mut Statement, place: &Place, how: Comparison, value: &Value) -> Written {
    let bind = || bound_at(place, value).map(Bind::Sqlite);
    let symbol = format!(" {} ", how.symbol());
    if let (ColumnType::Decimal, Value::Decimal(value)) = (place.ty, value) {
        sqlite_decimal::compare(sql, place, how, *value);
    } else if portable_text(place) {
        sql.place(place).text(&symbol).bind(bind()?).text(" COLLATE BINARY");
    } else if place.ty == ColumnType::Text && how == Comparison::Equal {
        // The column's own collation finds it in an index, and may find too much.
        sql.text("(").place(place).text(" = ").bind(bind()?).text(" AND ");
        sql.place(place).text(" = ").bind(bind()?).text(" COLLATE BINARY)");
    } else {
        sql.place(place).text(&symbol).bind(bind()?);
    }
    Ok(())
}

pub(super) fn compare_places(sql: &mut Statement, place: &Place, how: Comparison, other: &Place) -> Written {
    if place.ty == ColumnType::Decimal {
        sqlite_decimal::compare_places(sql, place, how, other);
        return Ok(());
    }
    sql.place(place).text(" ").text(how.symbol()).text(" ").place(other);
    let exact = place.ty == ColumnType::Text && (how == Comparison::Equal || portable_text(place));
    sql.text(if exact { " COLLATE BINARY" } else { "" });
    Ok(())
}

pub(super) fn text_test(sql: &mut Statement, place: &Place, test: TextTest, case: Case, text: &str) -> Written {
    let bind = |text: &str| Bind::Sqlite(SqliteBind::Text(text.to_owned()));
    match test {
        TextTest::Equals => folded(sql, place, case).text(" = ").bind(bind(text)).text(" COLLATE BINARY"),
        TextTest::Contains => folded(sql.text("instr("), place, case).text(", ").bind(bind(text)).text(") > 0"),
        // By bytes, since `length` of text stops at a NUL.
        TextTest::EndsWith => {
            folded(sql.text("substr(CAST("), place, case).text(" AS BLOB), -length(CAST(").bind(bind(text));
            sql.text(" AS BLOB))) = CAST(").bind(bind(text)).text(" AS BLOB)")
        }
        TextTest::StartsWith => {
            folded(sql.text("("), place, case).text(" >= ").bind(bind(text)).text(" COLLATE BINARY");
            if let Some(end) = successor(text) {
                folded(sql.text(" AND "), place, case).text(" < ").bind(bind(&end)).text(" COLLATE BINARY");
            }
            sql.text(")")
        }
    };
    Ok(())
}
