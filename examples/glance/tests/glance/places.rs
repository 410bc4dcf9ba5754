//! Databases for tests, each gone in the end, and the program over one.

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use glance::registry::Registry;
use glance::statements::Statements;
use glance::store::Database;
use persist::{Context, MemoryStore};
use persist_tests::server;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;

/// A database of a test's own.
pub(crate) struct Place {
    pub(crate) database: Database,
    folder: TempDir,
    schema: Option<(String, &'static str)>,
}

/// Memory.
pub(crate) fn memory() -> Place {
    Place { database: Database::Memory(MemoryStore::new()), folder: tempfile::tempdir().unwrap(), schema: None }
}

/// A file.
pub(crate) fn sqlite() -> Place {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::Sqlite(folder.path().join("glance.db"));
    database.create().unwrap();
    Place { database, folder, schema: None }
}

/// A schema, if there is a server.
pub(crate) fn postgres() -> Option<Place> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let server = server::POSTGRES.url()?;
    let schema = format!("glance_test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let create = format!("CREATE SCHEMA {schema}");
    PgConnection::establish(server).unwrap().batch_execute(&create).unwrap();
    let mark = if server.contains('?') { '&' } else { '?' };
    let database = Database::Postgres(format!("{server}{mark}options=-csearch_path%3D{schema}"));
    database.create().unwrap();
    Some(Place { database, folder: tempfile::tempdir().unwrap(), schema: Some((schema, server)) })
}

/// Memory, a file, and a schema if there is a server.
pub(crate) fn all() -> Vec<Place> {
    [memory(), sqlite()].into_iter().chain(postgres()).collect()
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some((schema, server)) = &self.schema {
            let drop = format!("SET client_min_messages = error; DROP SCHEMA IF EXISTS {schema} CASCADE");
            if let Ok(mut connection) = PgConnection::establish(server) {
                let _ = connection.batch_execute(&drop);
            }
        }
    }
}

impl Place {
    /// A user of its own, with a connection of their own.
    pub(crate) fn registry(&self) -> Registry<'static> {
        Registry::new(self.database.connect(&Statements::default()).unwrap())
    }

    /// A context for thousands of writes, none of which has to outlive the machine.
    pub(crate) fn hasty(&self) -> Context<'static> {
        match &self.database {
            Database::Memory(memory) => Context::memory(memory),
            Database::Sqlite(path) => {
                let mut connection = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
                let pragmas = "PRAGMA busy_timeout = 5000; PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON";
                connection.batch_execute(pragmas).unwrap();
                Context::owning(connection)
            }
            Database::Postgres(url) => {
                let mut connection = PgConnection::establish(url).unwrap();
                connection.batch_execute("SET synchronous_commit = off").unwrap();
                Context::owning(connection)
            }
        }
    }

    /// A file with this in it.
    pub(crate) fn data(&self, name: &str, data: &str) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, data).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// The program over it.
    pub(crate) fn program(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_glance"));
        match &self.database {
            Database::Memory(_) => command.args(["--store", "memory"]),
            Database::Sqlite(path) => command.arg("--database").arg(path),
            Database::Postgres(url) => command.args(["--store", "postgres", "--url", url]),
        };
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.program().args(["--at", "2016-10-25T09:00:00"]).args(arguments).output().unwrap()
    }

    /// What it says when all goes well.
    pub(crate) fn says(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {complaint}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// What it says when it does not.
    pub(crate) fn refuses(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(!output.status.success() && output.stdout.is_empty(), "{arguments:?}");
        String::from_utf8(output.stderr).unwrap()
    }
}
