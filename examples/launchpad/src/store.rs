//! Opens the stores. What is kept where is decided here, and known nowhere else.

use crate::generate::Launchpad;
use anyhow::{Context as _, Result, ensure};
use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer};
use persist::Context;
use persist::store::MemoryStore;
use std::path::Path;

const SCHEMA: &str = include_str!("schema.sql");

/// Stands in the header of a database file and says whose it is: `LPAD` in ASCII.
const APPLICATION_ID: i32 = 0x4c50_4144;

/// A memory store with `data` in it.
///
/// # Errors
/// When `data` contradicts itself.
pub fn memory(data: &Launchpad) -> Result<Context<'static>> {
    let mut context = Context::memory(&MemoryStore::new());
    insert(&mut context, data)?;
    Ok(context)
}

/// An SQLite database in memory with `data` in it.
///
/// # Errors
/// When `data` contradicts itself.
pub fn sqlite(data: &Launchpad) -> Result<Context<'static>> {
    let mut connection = SqliteConnection::establish(":memory:")?;
    create(&mut connection, data)?;
    Ok(Context::owning(connection))
}

/// The SQLite database in the file at `path`; one without tables is filled with `data` first.
///
/// # Errors
/// When the file cannot be read or written, or belongs to another program.
pub fn sqlite_file(path: &Path, data: impl FnOnce() -> Launchpad) -> Result<Context<'static>> {
    let open = || -> Result<_> {
        let name = path.to_str().context("the path is not valid UTF-8")?;
        let mut connection = SqliteConnection::establish(name)?;
        connection.batch_execute("PRAGMA busy_timeout = 5000")?;
        if is_empty(&mut connection)? {
            create(&mut connection, &data())?;
        }
        ensure!(is_ours(&mut connection)?, "it holds the tables of another program, and stays as it is");
        Ok(Context::owning(connection))
    };
    open().with_context(|| format!("cannot use the database {}", path.display()))
}

fn is_empty(connection: &mut SqliteConnection) -> QueryResult<bool> {
    let tables = diesel::select(sql::<BigInt>("(SELECT count(*) FROM sqlite_master)"));
    Ok(tables.get_result::<i64>(connection)? == 0)
}

fn is_ours(connection: &mut SqliteConnection) -> QueryResult<bool> {
    let id = diesel::select(sql::<Integer>("(SELECT application_id FROM pragma_application_id)"));
    Ok(id.get_result::<i32>(connection)? == APPLICATION_ID)
}

/// Creates the tables and fills them, wholly or not at all.
fn create(connection: &mut SqliteConnection, data: &Launchpad) -> Result<()> {
    connection.immediate_transaction(|connection| {
        // Somebody else may have been faster.
        if is_empty(connection)? {
            connection.batch_execute(SCHEMA)?;
            insert(&mut Context::borrowing(connection), data)?;
            connection.batch_execute(&format!("PRAGMA application_id = {APPLICATION_ID}"))?;
        }
        Ok(())
    })
}

fn insert(context: &mut Context<'_>, data: &Launchpad) -> Result<(), persist::Error> {
    context.insert_all(&data.files)?;
    context.insert_all(&data.people)?;
    context.insert_all(&data.distributions)?;
    context.insert_all(&data.projects)?;
    context.insert_all(&data.bugs)?;
    context.insert_all(&data.tasks)?;
    context.insert_all(&data.subscriptions)
}
