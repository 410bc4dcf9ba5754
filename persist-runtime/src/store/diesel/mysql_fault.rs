//! What went wrong on MySQL and MariaDB, from the words of the server: Diesel gives no number.

use crate::store::Fault;

/// What stands in `message` between `before` and the next `after`.
fn between(message: &str, before: &str, after: &str) -> Option<String> {
    let (_, rest) = message.split_once(before)?;
    rest.split_once(after).map(|(inside, _)| inside.to_owned())
}

/// The last part of a dotted name.
fn last(name: &str) -> String {
    name.rsplit('.').next().unwrap_or(name).trim_matches('`').to_owned()
}

/// What went wrong, from the words of the server. Values of rows stand in some, so what they begin with decides.
pub(super) fn fault(message: &str) -> Option<Fault> {
    let begins = |words: &[&str]| words.iter().any(|words| message.starts_with(words));
    let says = |words: &str| message.contains(words);
    let quoted = |before: &str| message.strip_prefix(before)?.split_once('\'').map(|(name, _)| name);
    if let Some(table) = quoted("Table '").filter(|_| says("doesn't exist")) {
        return Some(Fault::MissingTable(last(table)));
    }
    if let Some(column) = quoted("Unknown column '") {
        return Some(Fault::MissingColumn(last(column)));
    }
    if begins(&["Lock wait timeout exceeded", "Statement aborted because lock"]) {
        return Some(Fault::Locked);
    }
    if begins(&["Deadlock found", "Record has changed since last read"]) {
        return Some(Fault::Serialization);
    }
    if begins(&["Cannot execute statement in a READ ONLY"]) || begins(&["The M"]) && says("read-only option") {
        return Some(Fault::ReadOnly);
    }
    if says("max_statement_time exceeded") || says("maximum statement execution time exceeded") {
        return Some(Fault::Timeout);
    }
    if begins(&["Disk full", "The table '"]) && (says("is full") || says("Disk full"))
        || says("No space left on device")
    {
        return Some(Fault::Full);
    }
    // MySQL of a statement that answers with new rows; it has written nothing.
    if begins(&["You have an error in your SQL syntax"]) && says("near 'RETURNING ") {
        return Some(Fault::Unsupported("answer with new rows as they are stored".to_owned()));
    }
    let column = || between(message, " for column '", "'").map_or_else(|| message.to_owned(), |column| last(&column));
    if begins(&["Data too long"]) {
        return Some(Fault::TooLong(column()));
    }
    if begins(&["Out of range value", "BIGINT value is out of range", "DOUBLE value is out of range"]) {
        return Some(Fault::OutOfRange(column()));
    }
    if begins(&["Incorrect ", "Division by 0", "Invalid JSON text"]) {
        return Some(Fault::Unfit(message.to_owned()));
    }
    if begins(&["Duplicate entry "]) {
        let name = message.rsplit(" for key ").next().unwrap_or(message).trim_matches('\'');
        return Some(Fault::Duplicate(last(name)));
    }
    if says("a foreign key constraint fails") {
        let name = between(message, "CONSTRAINT `", "`");
        return Some(Fault::ForeignKey(name.unwrap_or_else(|| message.to_owned())));
    }
    // MariaDB's words, and MySQL's.
    let check = between(message, "CONSTRAINT `", "` failed").or_else(|| quoted("Check constraint '").map(last));
    let null = || quoted("Column '").filter(|_| says("cannot be null")).map(last);
    let lost = [
        "server has gone away",
        "Lost connection",
        "Connection was killed",
        "onnection closed",
        "server is closed",
        "isconnected",
        "Broken pipe",
    ];
    let closed = || lost.iter().any(|words| says(words)).then_some(Fault::Closed);
    check.map(Fault::Check).or_else(|| null().map(Fault::NotNull)).or_else(closed)
}
