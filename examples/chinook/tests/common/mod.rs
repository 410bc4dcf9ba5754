//! What the tests share: a small database, and its rows as SQL computes them.

#![allow(dead_code, reason = "each test uses a part")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use diesel::connection::{LoadConnection, SimpleConnection};
use diesel::deserialize::FromSql;
use diesel::row::{Field, Row};
use diesel::sql_types::{Nullable, Text};
use diesel::sqlite::{Sqlite, SqliteValue};
use diesel::{Connection, SqliteConnection, sql_query};
use std::path::Path;
use tempfile::{TempDir, tempdir};

/// The reports by name, each with the same report in SQL.
pub(crate) const REPORTS: [(&str, &str); 3] = [
    ("artists", include_str!("../../sql/artists.sql")),
    ("playlists", include_str!("../../sql/playlists.sql")),
    ("employees", include_str!("../../sql/employees.sql")),
];

/// A directory with a small database in `small file?.db`; it goes with the value.
pub(crate) struct Small(TempDir);

impl Small {
    /// Writes the database.
    pub(crate) fn new() -> Self {
        let small = Self(tempdir().unwrap());
        small.execute(include_str!("small.sql"));
        small
    }

    /// Where it is; the name holds what a URI would misunderstand.
    pub(crate) fn path(&self) -> std::path::PathBuf {
        self.0.path().join("small file?mode=rwc#.db")
    }

    /// Changes it.
    pub(crate) fn execute(&self, sql: &str) {
        let mut connection = SqliteConnection::establish(self.path().to_str().unwrap()).unwrap();
        connection.batch_execute(sql).unwrap();
    }
}

fn text(cell: Option<SqliteValue<'_, '_, '_>>) -> Option<String> {
    FromSql::<Nullable<Text>, Sqlite>::from_nullable_sql(cell).unwrap()
}

/// The names of the columns and the rows of a query, as text.
pub(crate) fn by_sql(path: &Path, sql: &str) -> (Vec<String>, Vec<Vec<Option<String>>>) {
    let mut connection = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
    let (mut columns, mut rows) = (Vec::new(), Vec::new());
    for row in connection.load(sql_query(sql)).unwrap() {
        let row = row.unwrap();
        let fields = || (0..row.field_count()).map(|index| Row::<Sqlite>::get(&row, index).unwrap());
        columns = fields().map(|field| field.field_name().unwrap().to_owned()).collect();
        rows.push(fields().map(|field| text(field.value())).collect());
    }
    (columns, rows)
}
