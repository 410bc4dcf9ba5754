//! Comparisons, and tests of text, on PostgreSQL.

use super::bind::Bind;
use super::postgres::{BY_CODE_POINT, collation, refuse_json, write_value};
use super::postgres_bind::scalar;
use super::render::successor;
use super::sql::{Place, Statement, Written};
use crate::entity::{ColumnType, Value};
use crate::group::{Case, Comparison, TextTest};
use crate::store::Fault;

fn text(place: &Place, text: &str) -> Result<Bind, Fault> {
    scalar(place.name(), ColumnType::Text, &Value::from(text)).map(Bind::Pg)
}

/// The text at `place` as it is tested. By code point `lower` knows the letters of ASCII only.
fn folded<'s>(sql: &'s mut Statement, place: &Place, case: Case) -> &'s mut Statement {
    match case {
        Case::Counts => sql.place(place),
        Case::AsciiIgnored => sql.text("lower(").place(place).text(BY_CODE_POINT).text(")"),
    }
}

pub(super) fn compare(sql: &mut Statement, place: &Place, how: Comparison, value: &Value) -> Written {
    refuse_json(place)?;
    sql.place(place).text(" ").text(how.symbol()).text(" ");
    write_value(sql, place.name(), place.ty, value)?;
    // Equality is exact in every (deterministic) collation, and an index of the column's own serves it.
    if how != Comparison::Equal {
        sql.text(collation(place));
    }
    Ok(())
}

pub(super) fn compare_places(sql: &mut Statement, place: &Place, how: Comparison, other: &Place) -> Written {
    refuse_json(place)?;
    sql.place(place).text(" ").text(how.symbol()).text(" ").place(other);
    // Equality is exact in every collation, but two columns of different ones need one to be named.
    sql.text(if place.ty == ColumnType::Text && how == Comparison::Equal { BY_CODE_POINT } else { collation(place) });
    Ok(())
}

pub(super) fn text_test(sql: &mut Statement, place: &Place, test: TextTest, case: Case, wanted: &str) -> Written {
    match test {
        TextTest::Equals => {
            folded(sql, place, case).text(" = ").bind(text(place, wanted)?).text(BY_CODE_POINT);
        }
        TextTest::Contains => {
            folded(sql.text("strpos("), place, case).text(", ").bind(text(place, wanted)?).text(") > 0");
        }
        TextTest::EndsWith => {
            folded(sql.text("right("), place, case).text(", char_length(").bind(text(place, wanted)?);
            sql.text(")) = ").bind(text(place, wanted)?);
        }
        TextTest::StartsWith => {
            folded(sql.text("("), place, case).text(" >= ").bind(text(place, wanted)?).text(BY_CODE_POINT);
            if let Some(end) = successor(wanted) {
                folded(sql.text(" AND "), place, case).text(" < ").bind(text(place, &end)?).text(BY_CODE_POINT);
            }
            sql.text(")");
        }
    }
    Ok(())
}
