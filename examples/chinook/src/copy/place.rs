//! Where a database is, or is to be.

use super::tables::*;
use crate::database;
use anyhow::{Context as _, Result, bail, ensure};
use diesel::connection::{Connection, DefaultLoadingMode, LoadConnection};
use diesel::{PgConnection, SqliteConnection};
use diesel_async::AsyncMysqlConnection;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use persist::schema::Schema;
use persist::store::Fault;
use persist::{Context, Table, entities};
use std::convert::Infallible;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// MariaDB, by a driver in Rust alone.
type MysqlConnection = AsyncConnectionWrapper<AsyncMysqlConnection>;

const TABLES: &[&Table] = entities![
    Artist,
    Genre,
    MediaType,
    Album,
    Track,
    Playlist,
    PlaylistTrack,
    Employee,
    Customer,
    Invoice,
    InvoiceLine
];

/// Where a database is, or is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In an SQLite file.
    File(PathBuf),
    /// At this address of a PostgreSQL server.
    Postgres(String),
    /// At this address of a MariaDB or MySQL server.
    Mysql(String),
}

impl FromStr for Place {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text.split_once("://") {
            Some(("postgres" | "postgresql", _)) => Self::Postgres(text.to_owned()),
            Some(("mysql", _)) => Self::Mysql(text.to_owned()),
            _ => Self::File(text.into()),
        })
    }
}

/// Without the password that may be in an address.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Postgres(url) | Self::Mysql(url) => match url.split_once("://") {
                Some((kind, rest)) => write!(f, "{kind}://{}", rest.rsplit('@').next().unwrap_or(rest)),
                None => f.write_str(url),
            },
        }
    }
}

impl Place {
    /// The database that is there, to be read.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub fn open(&self) -> Result<Context<'static>> {
        let opened = match self {
            Self::File(path) => database::open(path).map(Context::owning),
            Self::Postgres(url) => PgConnection::establish(url).map(Context::owning).map_err(Into::into),
            Self::Mysql(url) => MysqlConnection::establish(url).map(Context::owning).map_err(Into::into),
        };
        opened.with_context(|| self.to_string())
    }

    /// A database to be filled: with the tables, which are made if they are not there, and without rows.
    ///
    /// # Errors
    /// When it cannot be reached, refuses, or holds rows already.
    pub fn prepare(&self) -> Result<Context<'static>> {
        let prepared = match self {
            Self::File(path) => {
                let path = std::path::absolute(path)?;
                let name = path.to_str().context("the path is not valid UTF-8")?;
                SqliteConnection::establish(name).map_err(Into::into).and_then(prepare)
            }
            Self::Postgres(url) => PgConnection::establish(url).map_err(Into::into).and_then(prepare),
            Self::Mysql(url) => MysqlConnection::establish(url).map_err(Into::into).and_then(prepare),
        };
        prepared.with_context(|| self.to_string())
    }
}

fn prepare<C>(mut connection: C) -> Result<Context<'static>>
where
    C: LoadConnection<DefaultLoadingMode> + Send + 'static,
    C::Backend: persist::store::diesel::Dialect + persist::schema::Dialect,
{
    let rows = super::count(&mut Context::borrowing(&mut connection));
    match rows {
        Ok(rows) => ensure!(rows == 0, "it holds {rows} rows already, and stays as it is"),
        Err(error) => match error.downcast_ref().and_then(persist::Error::store).map(|error| error.fault()) {
            Some(Fault::MissingTable(_)) => Schema::create(&mut connection, TABLES)?,
            _ => bail!("{error}"),
        },
    }
    Ok(Context::owning(connection))
}
