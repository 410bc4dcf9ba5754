//! Fresh stores for tests: memory, SQLite in memory and in a file, PostgreSQL in a schema of its own.
//!
//! What the tables are called in SQL stands here and nowhere else. A PostgreSQL server is looked for by
//! `PERSIST_TEST_POSTGRES_URL`, then on this machine's port 5432, then started for the time of the test process from the
//! binaries that are installed. Where none can be had, a line on stderr says what did not run; with
//! `PERSIST_TEST_REQUIRE=all` that is a failure.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "for tests")]

use crate::server;
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, RunQueryDsl, SqliteConnection};
use persist::store::Store;
use persist::{ColumnDef, ColumnType, Context, MemoryStore, Table};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// A store with empty tables, for one test.
pub enum Fresh {
    /// Rows in memory.
    Memory(MemoryStore),
    /// SQLite in memory.
    Sqlite(SqliteConnection),
    /// SQLite in a file, which is removed in the end.
    File(SqliteConnection, TempDir),
    /// A schema of a PostgreSQL database, which is dropped in the end.
    Postgres(Postgres),
}

/// A schema of its own in a PostgreSQL database.
pub struct Postgres {
    /// The connection, for which the schema is the only one.
    pub connection: PgConnection,
    schema: String,
    url: String,
}

/// A directory that is removed in the end.
pub struct TempDir(PathBuf);

static NUMBER: AtomicU32 = AtomicU32::new(0);

fn unique() -> String {
    format!("persist_test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed))
}

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

/// A memory store.
#[must_use]
pub fn memory() -> Fresh {
    Fresh::Memory(MemoryStore::new())
}

/// A SQLite database in memory with these tables.
#[must_use]
pub fn sqlite(tables: &[&Table]) -> Fresh {
    let mut connection = SqliteConnection::establish(":memory:").unwrap();
    connection.batch_execute(&sqlite_tables(tables)).unwrap();
    Fresh::Sqlite(connection)
}

/// A SQLite database in a file, in WAL mode, with these tables.
#[must_use]
pub fn sqlite_file(tables: &[&Table]) -> Fresh {
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

/// A PostgreSQL schema with these tables; none (and a line on stderr) where there is no server.
#[must_use]
pub fn postgres(tables: &[&Table]) -> Option<Fresh> {
    let url = server::url()?;
    let schema = unique();
    let mut connection = PgConnection::establish(url).unwrap();
    let mut sql = format!("SET client_min_messages = warning; CREATE SCHEMA {schema}; SET search_path = {schema};");
    for name in namespaces(tables) {
        // A schema of a fixed name belongs to one test at a time.
        write!(sql, "SELECT pg_advisory_lock(hashtext('{name}'));").unwrap();
        write!(sql, "DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name};").unwrap();
    }
    tables.iter().for_each(|table| create(&mut sql, table, postgres_type));
    connection.batch_execute(&sql).unwrap();
    Some(Fresh::Postgres(Postgres { connection, schema, url: url.to_owned() }))
}

impl Postgres {
    /// Another connection to the same schema.
    #[must_use]
    pub fn another(&self) -> PgConnection {
        let mut connection = PgConnection::establish(&self.url).unwrap();
        connection.batch_execute(&self.search_path()).unwrap();
        connection
    }

    /// The statement that makes a connection use the schema.
    #[must_use]
    pub fn search_path(&self) -> String {
        format!("SET search_path = {}", self.schema)
    }

    /// Where the server is.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Its own connection may be broken on purpose.
        if let Ok(mut connection) = PgConnection::establish(&self.url) {
            let sql = format!("SET client_min_messages = error; DROP SCHEMA IF EXISTS {} CASCADE", self.schema);
            let _ = connection.batch_execute(&sql);
        }
    }
}

/// One of each: memory, SQLite, and PostgreSQL where there is a server.
#[must_use]
pub fn every(tables: &[&Table]) -> Vec<Fresh> {
    [memory(), sqlite(tables)].into_iter().chain(postgres(tables)).collect()
}

/// Those that are databases.
#[must_use]
pub fn databases(tables: &[&Table]) -> Vec<Fresh> {
    std::iter::once(sqlite(tables)).chain(postgres(tables)).collect()
}

impl Fresh {
    /// What it is.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Memory(_) => "memory",
            Self::Sqlite(_) | Self::File(..) => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }

    /// A context over it.
    #[must_use]
    pub fn context(&mut self) -> Context<'_> {
        match self {
            Self::Memory(store) => Context::memory(store),
            Self::Sqlite(connection) | Self::File(connection, _) => Context::borrowing(connection),
            Self::Postgres(postgres) => Context::borrowing(&mut postgres.connection),
        }
    }

    /// The store itself.
    #[must_use]
    pub fn store(&mut self) -> Box<dyn Store + '_> {
        use persist::store::diesel::DieselStore;
        match self {
            Self::Memory(store) => Box::new(store.session()),
            Self::Sqlite(connection) | Self::File(connection, _) => Box::new(DieselStore::borrowed(connection)),
            Self::Postgres(postgres) => Box::new(DieselStore::borrowed(&mut postgres.connection)),
        }
    }

    /// Runs SQL of one's own, past persist.
    ///
    /// # Panics
    /// When it fails, or there is no SQL.
    pub fn execute(&mut self, sql: &str) {
        let done = match self {
            Self::Memory(_) => panic!("memory speaks no SQL"),
            Self::Sqlite(connection) | Self::File(connection, _) => connection.batch_execute(sql),
            Self::Postgres(postgres) => postgres.connection.batch_execute(sql),
        };
        done.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// How many transactions are open on its connection.
    ///
    /// # Panics
    /// When the connection is broken.
    pub fn depth(&mut self) -> u32 {
        use diesel::connection::TransactionManager;
        fn of<C: Connection>(connection: &mut C) -> u32 {
            let status = C::TransactionManager::transaction_manager_status_mut(connection);
            status.transaction_depth().unwrap().map_or(0, u32::from)
        }
        match self {
            Self::Memory(_) => 0,
            Self::Sqlite(connection) | Self::File(connection, _) => of(connection),
            Self::Postgres(postgres) => of(&mut postgres.connection),
        }
    }

    /// Rows in a table, past persist.
    pub fn rows_of(&mut self, table: &str) -> i64 {
        #[derive(diesel::QueryableByName)]
        struct Count {
            #[diesel(sql_type = diesel::sql_types::BigInt)]
            n: i64,
        }
        let query = diesel::sql_query(format!("SELECT count(*) AS n FROM {table}"));
        let count: Count = match self {
            Self::Memory(_) => panic!("memory speaks no SQL"),
            Self::Sqlite(connection) | Self::File(connection, _) => query.get_result(connection).unwrap(),
            Self::Postgres(postgres) => query.get_result(&mut postgres.connection).unwrap(),
        };
        count.n
    }
}

fn namespaces<'t>(tables: &[&'t Table]) -> Vec<&'t str> {
    let mut names: Vec<_> = tables.iter().filter_map(|table| table.schema).collect();
    names.dedup();
    names
}

/// `CREATE TABLE` for SQLite.
#[must_use]
pub fn sqlite_tables(tables: &[&Table]) -> String {
    let mut sql = String::new();
    for name in namespaces(tables) {
        write!(sql, "ATTACH DATABASE ':memory:' AS {name};").unwrap();
    }
    tables.iter().for_each(|table| create(&mut sql, table, sqlite_type));
    sql
}

fn qualified(table: &Table) -> String {
    table.schema.map_or_else(|| format!("\"{}\"", table.name), |schema| format!("{schema}.\"{}\"", table.name))
}

fn create(sql: &mut String, table: &Table, type_of: fn(ColumnType) -> &'static str) {
    write!(sql, "CREATE TABLE {} (", qualified(table)).unwrap();
    // SQLite makes up numbers for an integer key by itself, and would use those of rows that are gone again.
    let (made, is_postgres) = match type_of(ColumnType::Text) {
        "text" => (" GENERATED BY DEFAULT AS IDENTITY", true),
        _ => (" PRIMARY KEY AUTOINCREMENT", false),
    };
    let counts = |column: &ColumnDef| table.rules.generated.contains(column) && table.key == [*column];
    for column in table.columns {
        let ColumnDef { name, ty, nullable, .. } = column;
        let null = if *nullable { "" } else { " NOT NULL" };
        let is_made = if is_postgres { table.rules.generated.contains(column) } else { counts(column) };
        let made = if is_made { made } else { "" };
        write!(sql, "\"{name}\" {}{null}{made}, ", type_of(*ty)).unwrap();
    }
    for unique in table.rules.unique {
        let names: Vec<_> = unique.iter().map(|column| format!("\"{}\"", column.name)).collect();
        write!(sql, "UNIQUE ({}), ", names.join(", ")).unwrap();
    }
    let key: Vec<_> = table.key.iter().map(|column| format!("\"{}\"", column.name)).collect();
    if !is_postgres && table.key.iter().any(counts) {
        sql.truncate(sql.trim_end_matches(", ").len());
        writeln!(sql, ");").unwrap();
    } else {
        writeln!(sql, "PRIMARY KEY ({}));", key.join(", ")).unwrap();
    }
    if table.schema.is_none() {
        for column in
            table.columns.iter().filter(|column| column.name.ends_with("_id") || column.name.ends_with("code"))
        {
            let name = column.name;
            writeln!(sql, "CREATE INDEX {}_by_{name} ON {} ({name});", table.name, qualified(table)).unwrap();
        }
    }
}

const fn sqlite_type(ty: ColumnType) -> &'static str {
    match ty {
        ColumnType::Bool => "BOOLEAN",
        ColumnType::SmallInt | ColumnType::Integer | ColumnType::BigInt => "INTEGER",
        ColumnType::Float | ColumnType::Double => "DOUBLE",
        ColumnType::Binary | ColumnType::Uuid => "BLOB",
        // Of NUMERIC affinity a decimal would keep 15 digits.
        _ => "TEXT",
    }
}

const fn postgres_type(ty: ColumnType) -> &'static str {
    match ty {
        ColumnType::Bool => "boolean",
        ColumnType::SmallInt => "smallint",
        ColumnType::Integer => "integer",
        ColumnType::BigInt => "bigint",
        ColumnType::Float => "real",
        ColumnType::Double => "double precision",
        ColumnType::Binary => "bytea",
        ColumnType::Date => "date",
        ColumnType::Time => "time",
        ColumnType::Timestamp => "timestamp",
        ColumnType::TimestampTz => "timestamptz",
        ColumnType::Uuid => "uuid",
        ColumnType::Decimal => "numeric",
        ColumnType::Json => "json",
        ColumnType::Jsonb => "jsonb",
        _ => "text",
    }
}
