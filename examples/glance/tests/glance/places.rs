//! Databases for tests, each gone in the end, and the program over one.

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use glance::registry::Registry;
use glance::statements::Statements;
use glance::store::{Database, MysqlConnection};
use persist::{Context, MemoryStore};
use persist_tests::stores::{self, Fresh};
use std::process::{Command, Output};
use std::sync::Mutex;
use tempfile::TempDir;

/// A database of a test's own.
pub(crate) struct Place {
    pub(crate) database: Database,
    folder: TempDir,
    /// What is dropped in the end; threads share a place, and no connection.
    _there: Mutex<Option<Fresh>>,
}

/// Memory.
pub(crate) fn memory() -> Place {
    Place {
        database: Database::Memory(MemoryStore::new()),
        folder: tempfile::tempdir().unwrap(),
        _there: Mutex::default(),
    }
}

/// A file.
pub(crate) fn sqlite() -> Place {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::Sqlite(folder.path().join("glance.db"));
    database.create().unwrap();
    Place { database, folder, _there: Mutex::default() }
}

/// A schema, if there is a server.
pub(crate) fn postgres() -> Option<Place> {
    let fresh = stores::postgres(&[])?;
    let Fresh::Postgres(postgres) = &fresh else { unreachable!() };
    Some(on_server(Database::Postgres(postgres.place()), fresh))
}

/// A database, if there is a server.
pub(crate) fn mysql() -> Option<Place> {
    let fresh = stores::mysql(&[])?;
    let Fresh::Mysql(mysql) = &fresh else { unreachable!() };
    Some(on_server(Database::Mysql(mysql.url()), fresh))
}

fn on_server(database: Database, fresh: Fresh) -> Place {
    database.create().unwrap();
    Place { database, folder: tempfile::tempdir().unwrap(), _there: Mutex::new(Some(fresh)) }
}

/// Memory, a file, and a database on each server that there is.
pub(crate) fn all() -> Vec<Place> {
    std::iter::once(memory()).chain(lasting()).collect()
}

/// Those that outlive the program.
pub(crate) fn lasting() -> Vec<Place> {
    [sqlite()].into_iter().chain(postgres()).chain(mysql()).collect()
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
            Database::Mysql(url) => Context::owning(MysqlConnection::establish(url).unwrap()),
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
            Database::Mysql(url) => command.args(["--store", "mysql", "--url", url]),
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
