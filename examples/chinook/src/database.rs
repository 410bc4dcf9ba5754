//! Opening a database file, only to read it.

use anyhow::{Context as _, Result, ensure};
use diesel::{Connection, SqliteConnection};
use std::path::Path;

/// Connects to a file that is there, read-only: it is never created, and never written.
///
/// # Errors
/// When there is no such file, or it cannot be opened.
pub fn open(path: &Path) -> Result<SqliteConnection> {
    // Asked first, for the reason: whatever it is, SQLite only says that it cannot open the file.
    ensure!(std::fs::metadata(path)?.is_file(), "this is not a file");
    // Absolute, since even a file may be called `:memory:`.
    SqliteConnection::establish(&read_only(&std::path::absolute(path)?)).context("SQLite cannot open it")
}

/// The path as a URI, the form in which SQLite takes options. Whatever could mean something there is escaped.
fn read_only(path: &Path) -> String {
    let path = path.as_os_str().as_encoded_bytes();
    // In `file://data/x.db`, `data` would be a host: a path that begins with a slash comes after an empty one.
    let mut uri = String::from(if path.starts_with(b"/") { "file://" } else { "file:" });
    for &byte in path {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => uri.push(char::from(byte)),
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri + "?mode=ro"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_is_taken_for_something_else() {
        for (path, uri) in [
            ("/Chinook_Sqlite.sqlite", "file:///Chinook_Sqlite.sqlite?mode=ro"),
            ("/data/my music.db", "file:///data/my%20music.db?mode=ro"),
            ("//data/x.db", "file:////data/x.db?mode=ro"),
            ("/a?mode=rwc#b%20.db", "file:///a%3Fmode%3Drwc%23b%2520.db?mode=ro"),
            ("/ñ.db", "file:///%C3%B1.db?mode=ro"),
            (r"C:\x.db", "file:C%3A%5Cx.db?mode=ro"),
        ] {
            assert_eq!(read_only(Path::new(path)), uri);
        }
    }
}
