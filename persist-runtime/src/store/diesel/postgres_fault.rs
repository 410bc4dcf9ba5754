//! What went wrong on PostgreSQL, from the words of the server: Diesel gives no SQLSTATE.

use crate::store::Fault;

pub(super) fn fault(message: &str) -> Option<Fault> {
    let quoted = || message.split('"').nth(1).unwrap_or(message).to_owned();
    if message.starts_with("relation ") && message.ends_with(" does not exist") {
        return Some(Fault::MissingTable(quoted()));
    }
    if message.starts_with("column ") && message.contains(" does not exist") {
        let name = message.trim_start_matches("column ");
        let name = name.split(" of relation ").next().unwrap_or(name);
        let name = name.split(" does not exist").next().unwrap_or(name).trim_matches('"');
        return Some(Fault::MissingColumn(name.rsplit('.').next().unwrap_or(name).trim_matches('"').to_owned()));
    }
    if message.contains("due to lock timeout") || message.starts_with("could not obtain lock") {
        return Some(Fault::Locked);
    }
    if message.contains("deadlock detected") {
        return Some(Fault::Serialization);
    }
    if message.starts_with("value too long for type ") {
        return Some(Fault::TooLong(message.to_owned()));
    }
    let overflow = ["out of range", "numeric field overflow"];
    if overflow.iter().any(|words| message.contains(words)) {
        return Some(Fault::OutOfRange(message.to_owned()));
    }
    if message.starts_with("invalid input syntax for type ") {
        return Some(Fault::Unfit(message.to_owned()));
    }
    if message.contains("in a read-only transaction") {
        return Some(Fault::ReadOnly);
    }
    if message.starts_with("canceling statement due to statement timeout") {
        return Some(Fault::Timeout);
    }
    if message.contains("No space left on device") || message.starts_with("could not extend file") {
        return Some(Fault::Full);
    }
    let lost = ["server closed the connection", "terminating connection", "no connection to the server"];
    lost.iter().any(|words| message.contains(words)).then_some(Fault::Closed)
}
