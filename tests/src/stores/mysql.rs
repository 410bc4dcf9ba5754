//! Databases of their own on a MariaDB or MySQL server.

use super::tables::{namespaces, statements};
use super::{Fresh, unique};
use crate::server;
use diesel::connection::SimpleConnection;
use diesel::{Connection, RunQueryDsl};
use diesel_async::AsyncMysqlConnection;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use persist::Table;

/// A driver in Rust alone, behind Diesel's connection: nothing must be installed for it.
pub type MysqlConnection = AsyncConnectionWrapper<AsyncMysqlConnection>;

/// A database of its own.
pub struct Mysql {
    /// The connection, which uses the database. It goes first: what it has locked could not be dropped.
    pub connection: MysqlConnection,
    database: Database,
    namespaces: Vec<String>,
}

/// A database that is dropped in the end.
struct Database {
    name: String,
    url: &'static str,
}

/// Text by code point, without padding; for both servers.
const COLLATION: &str = "/*M! COLLATE utf8mb4_nopad_bin *//*!80017 COLLATE utf8mb4_0900_bin */";

/// What shows that a database is the tests' own.
const MARK: &str = "of_persist_tests";

/// A MariaDB database with these tables; none (and a line on stderr) where there is no server.
#[must_use]
pub fn mysql(tables: &[&'static Table]) -> Option<Fresh> {
    let url = server::MYSQL.url()?;
    let names = namespaces(tables);
    let database = Database { name: unique(), url };
    let mut connection = MysqlConnection::establish(url).unwrap();
    names.iter().for_each(|name| own(&mut connection, name));
    let name = &database.name;
    let create = format!(
        "DROP DATABASE IF EXISTS {name}; CREATE DATABASE {name} CHARACTER SET utf8mb4 {COLLATION}; USE {name}; {}",
        statements::<diesel::mysql::Mysql>(tables)
    );
    connection.batch_execute(&create).unwrap();
    Some(Fresh::Mysql(Mysql { connection, database, namespaces: names.into_iter().map(str::to_owned).collect() }))
}

/// Makes a database of a fixed name, which belongs to one test at a time: until its connection ends.
fn own(connection: &mut MysqlConnection, name: &str) {
    let lock = format!("SELECT CAST(GET_LOCK('persist_test.{name}', 600) AS SIGNED) AS n");
    assert_eq!(number(connection, &lock), 1, "another test has kept the database `{name}`");
    let count = "SELECT CAST(count(*) AS SIGNED) AS n FROM information_schema";
    let is_there = number(connection, &format!("{count}.schemata WHERE schema_name = '{name}'")) > 0;
    let marked = format!("{count}.tables WHERE table_schema = '{name}' AND table_name = '{MARK}'");
    let is_ours = !is_there || number(connection, &marked) > 0;
    assert!(is_ours, "the server has a database `{name}` that is not the tests'; they need one of this name to drop");
    let create = format!(
        "DROP DATABASE IF EXISTS {name}; CREATE DATABASE {name} CHARACTER SET utf8mb4 {COLLATION}; \
         CREATE TABLE {name}.{MARK} (id INTEGER)"
    );
    connection.batch_execute(&create).unwrap();
}

fn number(connection: &mut MysqlConnection, sql: &str) -> i64 {
    #[derive(diesel::QueryableByName)]
    struct Number {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        n: i64,
    }
    diesel::sql_query(sql).get_result::<Number>(connection).unwrap().n
}

impl Mysql {
    /// Another connection to the same database.
    #[must_use]
    pub fn another(&self) -> MysqlConnection {
        let mut connection = MysqlConnection::establish(self.database.url).unwrap();
        connection.batch_execute(&format!("USE {}", self.database.name)).unwrap();
        connection
    }

    /// Where the database is.
    #[must_use]
    pub fn url(&self) -> String {
        let url = self.database.url;
        let (server, options) = url.split_at(url.find('?').unwrap_or(url.len()));
        let path = server.find("://").and_then(|at| Some(at + 3 + server[at + 3..].find('/')?));
        format!("{}/{}{options}", &server[..path.unwrap_or(server.len())], self.database.name)
    }
}

impl Drop for Mysql {
    fn drop(&mut self) {
        // While they are still locked for it, unless the connection is broken: then whoever comes next drops them.
        for name in &self.namespaces {
            let drop = format!("ROLLBACK; SET lock_wait_timeout = 5; DROP DATABASE IF EXISTS {name}");
            let _ = self.connection.batch_execute(&drop);
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Ok(mut connection) = MysqlConnection::establish(self.url) {
            // Whoever still reads a table keeps it: for ever, if it is a connection that is dropped after this.
            let drop = format!("SET lock_wait_timeout = 5; DROP DATABASE IF EXISTS {}", self.name);
            let _ = connection.batch_execute(&drop);
        }
    }
}
