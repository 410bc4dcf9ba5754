//! SQLite, in memory and in a file.

use super::tables::{namespaces, statements};
use super::{Fresh, unique};
use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use persist::Table;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// A directory that is removed in the end.
pub struct TempDir(PathBuf);

impl TempDir {
    /// A new directory.
    #[must_use]
    pub fn new() -> Self {
        let path = std::env::temp_dir().join(unique());
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Default for TempDir {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A SQLite database in memory with these tables.
#[must_use]
pub fn sqlite(tables: &[&'static Table]) -> Fresh {
    let mut connection = SqliteConnection::establish(":memory:").unwrap();
    connection.batch_execute(&sqlite_tables(tables)).unwrap();
    Fresh::Sqlite(connection)
}

/// A SQLite database in a file, in WAL mode, with these tables.
#[must_use]
pub fn sqlite_file(tables: &[&'static Table]) -> Fresh {
    let dir = TempDir::new();
    let mut connection = sqlite_at(&dir);
    connection.batch_execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF").unwrap();
    connection.batch_execute(&sqlite_tables(tables)).unwrap();
    Fresh::File(connection, dir)
}

/// Another connection to the database in `dir`.
#[must_use]
pub fn sqlite_at(dir: &TempDir) -> SqliteConnection {
    SqliteConnection::establish(&dir.path().join("test.db").display().to_string()).unwrap()
}

/// `CREATE TABLE` for SQLite.
#[must_use]
pub fn sqlite_tables(tables: &[&'static Table]) -> String {
    let mut sql = String::new();
    for name in namespaces(tables) {
        write!(sql, "ATTACH DATABASE ':memory:' AS {name};").unwrap();
    }
    sql + &statements::<diesel::sqlite::Sqlite>(tables)
}
