//! A MariaDB database to measure in.

use crate::Outcome;
use crate::data::{Execute, fill};
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel_async::AsyncMysqlConnection;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use std::sync::atomic::{AtomicU32, Ordering};

/// Where the MariaDB server is.
const SERVER: &str = "PERSIST_TEST_MYSQL_URL";
const LOCAL_SERVER: &str = "mysql://root@127.0.0.1:3306/";

/// Tests of one process run beside one another, each in a database of its own.
static NUMBER: AtomicU32 = AtomicU32::new(0);

/// The connection of both sides: a driver in Rust alone, behind Diesel's connection.
pub type MysqlConnection = AsyncConnectionWrapper<AsyncMysqlConnection>;

/// A database of our own on a MariaDB server; gone when this is dropped.
pub struct Mysql {
    /// The connection, which uses the database.
    pub connection: MysqlConnection,
    database: String,
}

impl Mysql {
    /// A database with what `rows` writes; the planner knows the `tables`.
    ///
    /// # Errors
    /// When there is no server, or it refuses.
    pub fn with(tables: &str, rows: impl FnOnce(Execute<'_>) -> Outcome) -> Outcome<Self> {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let database = format!("persist_benches_{}_{number}", std::process::id());
        let mut mysql = Self { connection: connect()?, database };
        let create = format!("CREATE DATABASE {} CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin", mysql.database);
        mysql.connection.batch_execute(&create)?;
        mysql.connection.batch_execute(&format!("USE {}", mysql.database))?;
        fill(&mut mysql.connection, rows)?;
        mysql.connection.batch_execute(&format!("ANALYZE TABLE {tables}"))?;
        Ok(mysql)
    }

    /// Another connection to the database.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn another(&self) -> Outcome<MysqlConnection> {
        let mut connection = connect()?;
        connection.batch_execute(&format!("USE {}", self.database))?;
        Ok(connection)
    }

    /// A connection of the driver `mysql_async`.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn driver(&self) -> Outcome<Driver> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let options = mysql_async::Opts::from_url(&server())?;
        let options = mysql_async::OptsBuilder::from_opts(options).db_name(Some(&self.database));
        let connection = runtime.block_on(mysql_async::Conn::new(options))?;
        Ok(Driver { runtime, connection })
    }
}

fn server() -> String {
    std::env::var(SERVER).unwrap_or_else(|_| LOCAL_SERVER.to_owned())
}

fn connect() -> Outcome<MysqlConnection> {
    Ok(MysqlConnection::establish(&server())?)
}

/// A connection of the driver alone, and what it runs on. It keeps statements by their texts.
pub struct Driver {
    /// What waits for it.
    pub runtime: tokio::runtime::Runtime,
    /// The connection.
    pub connection: mysql_async::Conn,
}

impl Drop for Mysql {
    fn drop(&mut self) {
        let drop = format!("ROLLBACK; SET lock_wait_timeout = 5; DROP DATABASE IF EXISTS {}", self.database);
        let _ = self.connection.batch_execute(&drop);
    }
}
