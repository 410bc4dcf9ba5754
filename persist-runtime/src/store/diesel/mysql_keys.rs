//! Key sets on MySQL and MariaDB: a JSON array that `JSON_TABLE` makes rows of, so that the statement's text does not
//! depend on the number of keys; or a list of one of few lengths, where that is the faster.
//!
//! In the array each part has its column's type in the table. Text travels in a `VARCHAR` that is at least as long as the longest
//! key, since `JSON_TABLE` cuts what is longer; byte strings travel in hexadecimal digits.

use super::bind::Bind;
use super::json::push_string;
use super::mysql::{CODE_POINTS, as_json};
use super::mysql_bind::{MysqlBind, bound, decimal_type, scale_of};
use super::sql::{Place, Statement, Written};
use crate::entity::{ColumnType, Value};
use crate::group::KeySet;
use crate::store::Fault;
use std::fmt::Write as _;
use std::iter::repeat_n;

/// The lengths that lists of keys are given, so that there are few texts of a statement. The server has made ranges of a
/// list, and goes through an index by them in its order, before it has made rows of an array and looked each up; but each
/// value that is bound costs the client, and the server keeps it with the statement.
const LISTS: [usize; 6] = [1, 4, 16, 64, 256, 1_024];

/// The longest list where each key has one row at most: nothing is to be put in order then, and what makes the list longer
/// soon costs more than the rows.
const LONGEST_OF_UNIQUE: usize = 64;

/// The lengths that text keys are given, so that there are few texts of a statement. The server materialises a key set
/// whose rows are within 512 characters, and reads a wider one anew for each row where it is not the outermost
/// condition.
const LENGTHS: [usize; 2] = [64, 255];

/// `place IN (?, ?, ..)`, filled up with the last key; nothing, where an array serves better.
pub(super) fn list_of_keys(sql: &mut Statement, place: &Place, keys: &KeySet, unique: bool) -> Result<bool, Fault> {
    let most = if unique { LONGEST_OF_UNIQUE } else { usize::MAX };
    let length = LISTS.into_iter().find(|length| (keys.len()..=most).contains(length));
    let (Some(length), Some(last)) = (length, keys.values().last()) else { return Ok(false) };
    if keys.width() > 1 || !is_listed(place.ty) {
        return Ok(false);
    }
    sql.place(place).text(" IN (");
    sql.list(keys.values().iter().chain(repeat_n(last, length - keys.len())), ", ", |sql, value| {
        sql.bind(Bind::Mysql(bound(place.name(), place.ty, value)?));
        Ok(())
    })?;
    sql.text(")");
    Ok(true)
}

/// Whether keys of a type stand in lists: those that are compared as they are bound. A list of anything else than bare
/// placeholders, text with its collation say, MariaDB makes a table of where it is long, whose column is as wide as the
/// values of the first time: when the statement is sent again, longer ones are cut and find nothing.
const fn is_listed(ty: ColumnType) -> bool {
    use ColumnType as Type;
    matches!(ty, Type::Bool | Type::SmallInt | Type::Integer | Type::BigInt | Type::Uuid)
}

/// `SELECT .. FROM JSON_TABLE(..)`: the keys as rows.
pub(super) fn select_keys(sql: &mut Statement, places: &[Place], keys: &KeySet) -> Written {
    if keys.width() != places.len() {
        let (given, wanted) = (keys.width(), places.len());
        return Err(Fault::Unfit(format!("the keys have {given} parts for {wanted} columns")));
    }
    let json = json(places, keys)?;
    let alias = sql.alias();
    sql.text("SELECT ");
    sql.list(places.iter().enumerate(), ", ", |sql, (part, place)| {
        let part = format!("t{}.c{part}", alias.number());
        match place.ty {
            ColumnType::Binary | ColumnType::Uuid => sql.put(format_args!("UNHEX({part})")),
            ColumnType::Text => sql.text(&part).text(CODE_POINTS),
            ColumnType::Json | ColumnType::Jsonb => as_json(sql, |sql| sql.text(&part)),
            _ => sql.text(&part),
        };
        Ok(())
    })?;
    sql.text(" FROM JSON_TABLE(").bind(Bind::Mysql(MysqlBind::Text(json))).text(", '$[*]' COLUMNS (");
    sql.list(places.iter().enumerate(), ", ", |sql, (part, place)| {
        sql.put(format_args!("c{part} ")).text(&column_type(place.ty, part, keys));
        if places.len() > 1 {
            sql.put(format_args!(" PATH '$[{part}]'"));
        } else {
            sql.text(" PATH '$'");
        }
        Ok(())
    })?;
    sql.text(")) AS ").alias_name(alias);
    Ok(())
}

/// The type of a part of the keys.
fn column_type(ty: ColumnType, part: usize, keys: &KeySet) -> String {
    use ColumnType as Type;
    let parts = || keys.iter().filter_map(|key| key.get(part));
    let text = |longest: Option<usize>| {
        let length = LENGTHS.into_iter().find(|length| longest.is_none_or(|longest| longest <= *length));
        length.map_or_else(|| "LONGTEXT".to_owned(), |length| format!("VARCHAR({length})"))
    };
    match ty {
        Type::Bool | Type::SmallInt | Type::Integer | Type::BigInt => "BIGINT".to_owned(),
        Type::Float | Type::Double => "DOUBLE".to_owned(),
        Type::Decimal => decimal_type(parts().map(scale_of).max().unwrap_or(0)),
        Type::Date => "DATE".to_owned(),
        Type::Time => "TIME(6)".to_owned(),
        Type::Timestamp | Type::TimestampTz => "DATETIME(6)".to_owned(),
        Type::Uuid => "VARCHAR(32) CHARACTER SET ascii".to_owned(),
        Type::Binary => {
            let longest = parts().map(|value| if let Value::Bytes(bytes) = value { bytes.len() * 2 } else { 0 }).max();
            format!("{} CHARACTER SET ascii", text(longest))
        }
        Type::Text | Type::Json | Type::Jsonb => {
            let longest = parts().map(|value| match value {
                Value::Text(text) | Value::Json(text) => text.chars().count(),
                _ => 0,
            });
            // A JSON column of MariaDB's is text in this collation.
            let collation = if ty == Type::Text { "" } else { " COLLATE utf8mb4_bin" };
            format!("{} CHARACTER SET utf8mb4{collation}", text(longest.max()))
        }
    }
}

fn json(places: &[Place], keys: &KeySet) -> Result<String, Fault> {
    let is_array = places.len() > 1;
    let mut json = String::with_capacity(2 + 8 * keys.values().len());
    json.push('[');
    for (index, key) in keys.iter().enumerate() {
        json.push_str(if index > 0 { "," } else { "" });
        json.push_str(if is_array { "[" } else { "" });
        for (part, (place, value)) in places.iter().zip(key).enumerate() {
            json.push_str(if part > 0 { "," } else { "" });
            push_part(&mut json, place, value)?;
        }
        json.push_str(if is_array { "]" } else { "" });
    }
    json.push(']');
    Ok(json)
}

pub(super) fn push_part(json: &mut String, place: &Place, value: &Value) -> Result<(), Fault> {
    match bound(place.name(), place.ty, value)? {
        MysqlBind::Text(decimal) if place.ty == ColumnType::Decimal => json.push_str(&decimal),
        MysqlBind::Text(text) => push_string(json, &text),
        MysqlBind::Binary(bytes) => {
            json.push('"');
            for byte in bytes {
                // Writing to a `String` cannot fail.
                let _ = write!(json, "{byte:02x}");
            }
            json.push('"');
        }
        other => json.push_str(&other.plain()),
    }
    Ok(())
}
