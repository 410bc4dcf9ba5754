//! Exact decimals on SQLite, which has none: they are kept as text, and compared as numbers without passing through a
//! float.
//!
//! SQLite casts them to a float, which tells most apart; those that it does not (they agree in their first 15 digits) are
//! compared digit by digit. A column of numeric affinity keeps short ones as numbers, with the same result.

use super::aggregate::End;
use super::bind::Bind;
use super::sql::{Place, Statement};
use super::sqlite_bind::SqliteBind;
use crate::entity::Decimal;
use crate::group::Comparison;

/// A float tells decimals of so many characters apart.
const SHORT: usize = 15;

fn cast<'s>(sql: &'s mut Statement, place: &Place) -> &'s mut Statement {
    sql.text("CAST(").place(place).text(" AS NUMERIC)")
}

fn bind(text: &str) -> Bind {
    Bind::Sqlite(SqliteBind::Text(text.to_owned()))
}

/// The stored text without the zeros that say nothing.
pub(super) fn canonical<'s>(sql: &'s mut Statement, place: &Place) -> &'s mut Statement {
    sql.text("CASE WHEN instr(").place(place).text(", '.') > 0 THEN rtrim(rtrim(").place(place);
    sql.text(", '0'), '.') ELSE CAST(").place(place).text(" AS TEXT) END")
}

/// How many characters stand before the decimal point, the sign among them.
fn whole<'s>(sql: &'s mut Statement, place: &Place) -> &'s mut Statement {
    sql.text("instr(").place(place).text(" || '.', '.')")
}

/// `place how value`
pub(super) fn compare(sql: &mut Statement, place: &Place, how: Comparison, value: Decimal) {
    let text = value.to_string();
    let how_else = if how == Comparison::Equal { "=" } else { how.symbol() };
    sql.text("CASE WHEN ");
    cast(sql, place).text(" <> CAST(").bind(bind(&text)).text(" AS NUMERIC) THEN ");
    cast(sql, place).text(" ").text(how_else).text(" CAST(").bind(bind(&text)).text(" AS NUMERIC)");
    if text.len() <= SHORT {
        let equal = if how.holds(std::cmp::Ordering::Equal) { "1" } else { "0" };
        sql.text(" WHEN length(").place(place).text(&format!(") <= {SHORT} THEN {equal}"));
    }
    sql.text(" ELSE ");
    if how == Comparison::Equal {
        canonical(sql, place).text(" = ").bind(bind(&text));
    } else {
        // Both have one sign here. Of two numbers, the one with more digits before the point is greater, and of two
        // with as many, the one whose digits are; of two negative ones, it is less.
        let digits = text.split('.').next().unwrap_or_default().len() + 1;
        let symbol = if value.units() < 0 { mirrored(how) } else { how }.symbol();
        sql.text("(");
        whole(sql, place).text(", ");
        canonical(sql, place).text(&format!(") {symbol} ({digits}, ")).bind(bind(&text)).text(")");
    }
    sql.text(" END");
}

/// `place how other`, in the same way. NULL where either is.
pub(super) fn compare_places(sql: &mut Statement, place: &Place, how: Comparison, other: &Place) {
    sql.text("CASE WHEN ");
    cast(sql, place).text(" <> ");
    cast(sql, other).text(" THEN ");
    cast(sql, place).text(" ").text(how.symbol()).text(" ");
    cast(sql, other);
    let ordered = |sql: &mut Statement, how: Comparison| {
        sql.text("(");
        whole(sql, place).text(", ");
        canonical(sql, place).text(") ").text(how.symbol()).text(" (");
        whole(sql, other).text(", ");
        canonical(sql, other).text(")");
    };
    if how == Comparison::Equal {
        sql.text(" ELSE ");
        canonical(sql, place).text(" = ");
        canonical(sql, other);
    } else {
        sql.text(" WHEN ");
        cast(sql, place).text(" < 0 THEN ");
        ordered(sql, mirrored(how));
        sql.text(" ELSE ");
        ordered(sql, how);
    }
    sql.text(" END");
}

const fn mirrored(how: Comparison) -> Comparison {
    match how {
        Comparison::Equal => Comparison::Equal,
        Comparison::Less => Comparison::Greater,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
    }
}

/// The terms that order by the decimals at `place`.
pub(super) fn order(sql: &mut Statement, place: &Place, descending: bool) {
    let (way, back) = if descending { (" DESC", "") } else { ("", " DESC") };
    cast(sql, place).text(way).text(", ");
    whole(sql, place).text(" * CASE WHEN ");
    cast(sql, place).text(" < 0 THEN -1 ELSE 1 END").text(way).text(", CASE WHEN ");
    cast(sql, place).text(" >= 0 THEN ");
    canonical(sql, place).text(" END").text(way).text(", CASE WHEN ");
    cast(sql, place).text(" < 0 THEN ");
    canonical(sql, place).text(" END").text(back);
}

/// The least or the greatest of the decimals at `place`, as its text. Of two numbers of one sign, the one of more digits
/// before the point is further from nought, and of two with as many, the one whose text is greater: so each sign has its
/// end among texts that begin with that number of digits.
pub(super) fn extreme(sql: &mut Statement, place: &Place, end: End) {
    let (first, second) = match end {
        End::Least => (" < 0", " >= 0"),
        End::Greatest => (" >= 0", " < 0"),
    };
    sql.text("coalesce(");
    for (number, sign) in [first, second].into_iter().enumerate() {
        // Among negative numbers it is the other way round.
        let greatest = (end == End::Greatest) == sign.starts_with(" >");
        sql.text(if number > 0 { ", " } else { "" }).text("substr(");
        sql.text(if greatest { "max" } else { "min" }).text("(CASE WHEN ");
        cast(sql, place).text(sign).text(" THEN printf('%03d', ");
        whole(sql, place).text(") || ");
        canonical(sql, place).text(" END), 4)");
    }
    sql.text(")");
}
