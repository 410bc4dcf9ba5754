//! A database that both sides work on, and whose turn it is.

use crate::data::TempFile;
use crate::mysql::{Mysql, MysqlConnection};
use crate::postgres::Postgres;
use diesel::connection::LoadConnection;
use diesel::{PgConnection, SqliteConnection};
use persist::Edit;
use persist::store::diesel::Dialect;

/// A database of things, of which some are in hand.
pub struct Side<C, T> {
    /// The connection.
    pub connection: C,
    /// Things in hand.
    pub in_hand: Vec<Edit<T>>,
    /// Runs so far: what is written differs in each.
    pub turn: i32,
    file: Option<TempFile>,
}

impl<C, T> Side<C, T> {
    pub(crate) const fn new(connection: C, file: Option<TempFile>) -> Self {
        Self { connection, in_hand: Vec::new(), turn: 0, file }
    }

    /// Where the database is, if it is a file.
    #[must_use]
    pub const fn file(&self) -> Option<&TempFile> {
        self.file.as_ref()
    }

    pub(crate) const fn next(&mut self) -> i32 {
        self.turn += 1;
        self.turn
    }
}

/// A connection that both sides can use.
pub trait Client: LoadConnection<Backend: Dialect> + 'static {}
impl<C: LoadConnection<Backend: Dialect> + 'static> Client for C {}

/// What both sides share of their connection.
pub trait Connected {
    /// The connection.
    type Client: Client;
    /// The connection.
    fn client(&mut self) -> &mut Self::Client;
}

impl Connected for SqliteConnection {
    type Client = Self;
    fn client(&mut self) -> &mut Self {
        self
    }
}

impl Connected for Postgres {
    type Client = PgConnection;
    fn client(&mut self) -> &mut PgConnection {
        &mut self.connection
    }
}

impl Connected for Mysql {
    type Client = MysqlConnection;
    fn client(&mut self) -> &mut MysqlConnection {
        &mut self.connection
    }
}
