//! Comparisons, and tests of text, on MySQL and MariaDB.

use super::bind::Bind;
use super::mysql::{CODE_POINTS, as_json};
use super::mysql_bind::{MysqlBind, bound, decimal_type, scale_of};
use super::sql::{Place, Statement, Written};
use crate::entity::{Collation, ColumnType, Value};
use crate::group::{Case, Comparison, TextTest};
use crate::store::{Capability, Lack};

pub(super) fn text(text: &str) -> Bind {
    Bind::Mysql(MysqlBind::Text(text.to_owned()))
}

/// A pattern for the texts that begin with `prefix`, where `!` escapes.
fn beginning(prefix: &str) -> String {
    let mut pattern = String::with_capacity(prefix.len() + 1);
    for c in prefix.chars() {
        pattern.push_str(if matches!(c, '%' | '_' | '!') { "!" } else { "" });
        pattern.push(c);
    }
    pattern + "%"
}

/// A regular expression for a test that ignores the case of ASCII letters and of no others.
fn expression(test: TextTest, wanted: &str) -> String {
    let mut expression = String::from("(?-i)");
    expression.push_str(if matches!(test, TextTest::Equals | TextTest::StartsWith) { "\\A" } else { "" });
    for c in wanted.chars() {
        if c.is_ascii_alphabetic() {
            expression.extend(['[', c.to_ascii_lowercase(), c.to_ascii_uppercase(), ']']);
        } else {
            expression.push_str(if c.is_ascii_punctuation() { "\\" } else { "" });
            expression.push(c);
        }
    }
    expression.push_str(if matches!(test, TextTest::Equals | TextTest::EndsWith) { "\\z" } else { "" });
    expression
}

pub(super) fn compare(sql: &mut Statement, place: &Place, how: Comparison, value: &Value) -> Written {
    let bind = Bind::Mysql(bound(place.name(), place.ty, value)?);
    if place.ty.is_json() && how != Comparison::Equal {
        return Err(Lack::of(Capability::JsonOrder).in_column(place.name()).fault());
    }
    sql.place(place).text(" ").text(how.symbol()).text(" ");
    match place.ty {
        // Equality is exact for every collation, and an index of the column's own serves it.
        ColumnType::Text if how == Comparison::Equal || place.collation == Collation::Portable => {
            sql.bind(bind).text(CODE_POINTS);
        }
        // As text it would compare as a float.
        ColumnType::Decimal => {
            sql.text("CAST(").bind(bind).put(format_args!(" AS {})", decimal_type(scale_of(value))));
        }
        ty if ty.is_json() => {
            as_json(sql, |sql| sql.bind(bind));
        }
        _ => {
            sql.bind(bind);
        }
    }
    Ok(())
}

pub(super) fn compare_places(sql: &mut Statement, place: &Place, how: Comparison, other: &Place) -> Written {
    if place.ty.is_json() && how != Comparison::Equal {
        return Err(Lack::of(Capability::JsonOrder).in_column(place.name()).fault());
    }
    sql.place(place).text(" ").text(how.symbol()).text(" ").place(other);
    let exact = how == Comparison::Equal || place.collation == Collation::Portable;
    sql.text(if place.ty == ColumnType::Text && exact { CODE_POINTS } else { "" });
    Ok(())
}

pub(super) fn text_test(sql: &mut Statement, place: &Place, test: TextTest, case: Case, wanted: &str) -> Written {
    if case == Case::AsciiIgnored {
        // `LOWER` goes by Unicode here.
        sql.place(place).text(CODE_POINTS).text(" REGEXP ").bind(text(&expression(test, wanted))).text(CODE_POINTS);
        return Ok(());
    }
    match test {
        TextTest::Equals => sql.place(place).text(" = ").bind(text(wanted)).text(CODE_POINTS),
        TextTest::Contains => {
            sql.text("LOCATE(").bind(text(wanted)).text(CODE_POINTS).text(", ").place(place).text(") > 0")
        }
        TextTest::EndsWith => {
            sql.text("RIGHT(").place(place).text(", CHAR_LENGTH(").bind(text(wanted)).text(")) = ");
            sql.bind(text(wanted)).text(CODE_POINTS)
        }
        // The column's own collation finds a beginning in an index, and may find too much.
        TextTest::StartsWith => {
            sql.text("(").place(place).text(" LIKE ").bind(text(&beginning(wanted))).text(" ESCAPE '!' AND LEFT(");
            sql.place(place).text(", CHAR_LENGTH(").bind(text(wanted)).text(")) = ");
            sql.bind(text(wanted)).text(CODE_POINTS).text(")")
        }
    };
    Ok(())
}
