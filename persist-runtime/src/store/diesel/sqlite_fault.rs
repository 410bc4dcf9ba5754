//! What went wrong on SQLite, from its words: Diesel gives no number.

use crate::store::Fault;

pub(super) fn fault(message: &str) -> Option<Fault> {
    let after = |words: &str| message.split_once(words).map(|(_, rest)| rest.to_owned());
    if let Some(table) = after("no such table: ") {
        return Some(Fault::MissingTable(table));
    }
    if let Some(column) = after("no such column: ").or_else(|| after(" has no column named ")) {
        return Some(Fault::MissingColumn(column.rsplit('.').next().unwrap_or(&column).to_owned()));
    }
    match message {
        "string or blob too big" => return Some(Fault::TooLong(message.to_owned())),
        "integer overflow" => return Some(Fault::OutOfRange(message.to_owned())),
        "malformed JSON" => {
            return Some(Fault::Unfit("what is added to holds NULL, or JSON is malformed".to_owned()));
        }
        _ => {}
    }
    if message.contains("is not a database") || message.contains("malformed") {
        return Some(Fault::Corrupt(message.to_owned()));
    }
    if message.contains("is locked") {
        return Some(Fault::Locked);
    }
    if message.contains("attempt to write a readonly database") {
        return Some(Fault::ReadOnly);
    }
    if message.contains("disk is full") {
        return Some(Fault::Full);
    }
    after("UNIQUE constraint failed: ")
        .map(Fault::Duplicate)
        .or_else(|| after("NOT NULL constraint failed: ").map(Fault::NotNull))
        .or_else(|| after("CHECK constraint failed: ").map(Fault::Check))
}
