//! Opens the stores. What is kept where is decided here, and known nowhere else.

use crate::domain::{Bug, BugSubscription, BugTask, Distribution, LibraryFileAlias, People, Person, Project};
use crate::generate::Launchpad;
use anyhow::{Context as _, Result, ensure};
use diesel::connection::{DefaultLoadingMode, LoadConnection, SimpleConnection};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer};
use diesel_async::AsyncMysqlConnection;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use persist::schema::Schema;
use persist::store::{Fault, MemoryStore};
use persist::{Context, Table, entities};
use std::path::Path;

type MysqlConnection = AsyncConnectionWrapper<AsyncMysqlConnection>;

const TABLES: &[&Table] = entities![LibraryFileAlias, Person, Distribution, Project, Bug, BugTask, BugSubscription];

/// What the entities do not say: the hottest bugs are looked for most.
const HOTTEST: &str = "CREATE INDEX bug_heat ON bug (heat DESC, id)";

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
    create(&mut connection)?;
    insert(&mut Context::borrowing(&mut connection), data)?;
    Ok(Context::owning(connection))
}

/// The SQLite database in the file at `path`; one without tables is filled with `data` first, wholly or not at all.
///
/// # Errors
/// When the file cannot be read or written, or belongs to another program.
pub fn sqlite_file(path: &Path, data: impl FnOnce() -> Launchpad) -> Result<Context<'static>> {
    let open = || -> Result<_> {
        let name = path.to_str().context("the path is not valid UTF-8")?;
        let mut connection = SqliteConnection::establish(name)?;
        connection.batch_execute("PRAGMA busy_timeout = 5000")?;
        if is_empty(&mut connection)? {
            connection.immediate_transaction(|connection| {
                // Somebody else may have been faster.
                if is_empty(connection)? {
                    create(connection)?;
                    insert(&mut Context::borrowing(connection), &data())?;
                    connection.batch_execute(&format!("PRAGMA application_id = {APPLICATION_ID}"))?;
                }
                anyhow::Ok(())
            })?;
        }
        ensure!(is_ours(&mut connection)?, "it holds the tables of another program, and stays as it is");
        Ok(Context::owning(connection))
    };
    open().with_context(|| format!("cannot use the database {}", path.display()))
}

/// The PostgreSQL database at this address; one without the tables is given them, and `data`.
///
/// # Errors
/// When it cannot be reached, or refuses.
pub fn postgres(url: &str, data: impl FnOnce() -> Launchpad) -> Result<Context<'static>> {
    server(PgConnection::establish(url)?, data)
}

/// The MariaDB or MySQL database at this address; one without the tables is given them, and `data`.
///
/// # Errors
/// When it cannot be reached, or refuses.
pub fn mysql(url: &str, data: impl FnOnce() -> Launchpad) -> Result<Context<'static>> {
    server(MysqlConnection::establish(url)?, data)
}

fn server<C>(mut connection: C, data: impl FnOnce() -> Launchpad) -> Result<Context<'static>>
where
    C: LoadConnection<DefaultLoadingMode> + Send + 'static,
    C::Backend: persist::store::diesel::Dialect + persist::schema::Dialect,
{
    let anybody = Context::borrowing(&mut connection).realise(People::all().exists());
    let is_filled = match anybody {
        Err(error) if error.store().is_some_and(|error| matches!(error.fault(), Fault::MissingTable(_))) => {
            create(&mut connection)?;
            false
        }
        is_filled => is_filled?,
    };
    let mut context = Context::owning(connection);
    if !is_filled {
        insert(&mut context, &data())?;
    }
    Ok(context)
}

fn is_empty(connection: &mut SqliteConnection) -> QueryResult<bool> {
    let tables = diesel::select(sql::<BigInt>("(SELECT count(*) FROM sqlite_master)"));
    Ok(tables.get_result::<i64>(connection)? == 0)
}

fn is_ours(connection: &mut SqliteConnection) -> QueryResult<bool> {
    let id = diesel::select(sql::<Integer>("(SELECT application_id FROM pragma_application_id)"));
    Ok(id.get_result::<i32>(connection)? == APPLICATION_ID)
}

/// Creates the tables, from the entities.
fn create<C>(connection: &mut C) -> Result<()>
where
    C: Connection<Backend: persist::schema::Dialect>,
{
    Schema::create(connection, TABLES)?;
    Ok(connection.batch_execute(HOTTEST)?)
}

/// Fills the tables, wholly or not at all.
fn insert(context: &mut Context<'_>, data: &Launchpad) -> Result<(), persist::Error> {
    context.transaction(|context| {
        context.insert_all(&data.files)?;
        context.insert_all(&data.people)?;
        context.insert_all(&data.distributions)?;
        context.insert_all(&data.projects)?;
        context.insert_all(&data.bugs)?;
        context.insert_all(&data.tasks)?;
        context.insert_all(&data.subscriptions)
    })
}
