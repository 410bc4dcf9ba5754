//! The tables that entities need, made from the entities alone: for tests, and for programs that begin without
//! migrations (feature `schema`).
//!
//! `merge` makes a `model` of what a list of entities says of tables, `shared`, `names` and `order` are what follows of it,
//! `write` its statements; what
//! backends write differently stands behind `Syntax`, in a file of each. Nothing here looks at a database, changes a table
//! that is there, or is known to any other room.

mod error;
mod merge;
mod model;
#[cfg(feature = "mysql")]
mod mysql;
mod names;
mod order;
#[cfg(feature = "postgres")]
mod postgres;
mod shared;
#[cfg(feature = "sqlite")]
mod sqlite;
mod syntax;
mod write;

pub use error::SchemaError;
pub use syntax::Dialect;

use crate::entity::Table;
use diesel::connection::{Connection, TransactionManager};

/// The tables of some entities, as `CREATE TABLE` statements of a backend.
///
/// The entities are a list that [`entities!`](crate::entities) makes:
///
/// ```
/// # #[cfg(feature = "sqlite")] {
/// use diesel::prelude::*;
/// use persist::{Context, entities, prelude::*, schema::Schema};
///
/// #[derive(Debug, Clone, PartialEq, Entity)]
/// #[entity(table = "people", group = People)]
/// pub struct Person {
///     #[entity(key)]
///     pub id: i32,
///     pub name: String,
/// }
///
/// #[derive(Debug, Clone, PartialEq, Entity)]
/// #[entity(table = "bugs")] // or the module of a `table!`
/// pub struct Bug {
///     #[entity(key, generated)]
///     pub id: i32,
///     pub title: String,
///     #[entity(belongs_to(owner: Person))]
///     pub owner_id: i32,
/// }
///
/// let mut connection = diesel::SqliteConnection::establish(":memory:")?;
/// Schema::create(&mut connection, entities![Bug, Person])?;
///
/// let mut context = Context::owning(connection);
/// context.insert(&Person { id: 1, name: "Ada".into() })?;
/// let mut bug = Bug { id: 0, title: "Crash on resume".into(), owner_id: 1 };
/// context.create(&mut bug)?;
/// assert_eq!(context.realise(Bugs::all())?, [bug]);
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # What is made
///
/// | of the entity | in the database |
/// |---|---|
/// | its fields | columns of the types below, `NOT NULL` unless the field is an `Option` |
/// | `key` | the primary key |
/// | `generated` | an integer counts up; a date or a time is that of the new row, in UTC; a UUID is made up; an `Option` is NULL unless a trigger of yours says otherwise; anything else is an error |
/// | `belongs_to` | a foreign key, with `ON DELETE` where the other entity says `on_delete` (`nullify` only if all its columns may be NULL), and an index, unless one leads with its columns already |
/// | `unique(..)`, what a `belongs_to` refers to by `to` | a constraint |
/// | text | ordered by code point (`COLLATE "C"` on PostgreSQL, `utf8mb4_nopad_bin` on MariaDB), or as the database orders it where the entity says `collation = native` |
/// | `schema = ".."` | a schema on PostgreSQL and a database on MySQL, made if it is not there; on SQLite a database that you have attached |
///
/// | type | SQLite | PostgreSQL | MariaDB, MySQL |
/// |---|---|---|---|
/// | integers, floats, `bool` | `INTEGER`, `DOUBLE`, `BOOLEAN` | of their width | of their width |
/// | text | `TEXT` | `text` | `LONGTEXT`; `VARCHAR` in a key, an index or a constraint |
/// | bytes | `BLOB` | `bytea` | `LONGBLOB`; `VARBINARY` in a key, an index or a constraint |
/// | UUIDs | `BLOB` | `uuid` | `BINARY(16)` |
/// | decimals | `TEXT` | `numeric` | `DECIMAL(65,30)` |
/// | dates and times | `TEXT` | `date`, `time`, `timestamp`, `timestamptz` | `DATE`, `TIME(6)`, `DATETIME(6)` |
/// | JSON | `TEXT` | `json`, `jsonb` | `JSON` |
///
/// A `VARCHAR` of MySQL's holds 255 characters, and fewer where more than three of them share an index, which has room for
/// 3,072 bytes. Columns that refer to one another are of one length and one collation there. Nothing else that is written
/// differs from what fits the column elsewhere; longer text is a typed error of the write.
///
/// Constraints and indexes are named after their table and columns (`bugs_owner_id_fkey`, `.._key`, `.._idx`, `.._pkey`);
/// a name that is too long for the backend, or taken, is cut and ends in a hash of the whole.
///
/// # Several entities of one table
///
/// The table has the columns, constraints and references of all of them. What they say twice they must agree about.
///
/// # Foreign keys
///
/// Tables are made in the order of their references; references in a ring are added in the end. SQLite heeds foreign keys
/// only on connections that say `PRAGMA foreign_keys = ON` (it depends on how it was built), and has none between
/// databases: there they are left out.
#[derive(Debug, Clone)]
#[must_use = "a schema makes no table until it is created"]
pub struct Schema {
    entities: Vec<&'static Table>,
    foreign_keys: bool,
}

impl Schema {
    /// The tables of these entities.
    ///
    /// ```
    #[doc = tracker!()]
    /// # #[cfg(feature = "sqlite")] {
    /// use persist::{entities, schema::Schema};
    /// let sql = Schema::of(entities![Person]).sql::<diesel::sqlite::Sqlite>()?;
    /// assert_eq!(
    ///     sql,
    ///     "CREATE TABLE \"people\" (
    ///     \"id\" INTEGER NOT NULL,
    ///     \"name\" TEXT NOT NULL,
    ///     CONSTRAINT \"people_pkey\" PRIMARY KEY (\"id\")
    /// );
    /// "
    /// );
    /// # }
    /// # Ok::<(), persist::schema::SchemaError>(())
    /// ```
    pub fn of(entities: &[&'static Table]) -> Self {
        Self { entities: entities.to_vec(), foreign_keys: true }
    }

    /// Makes no foreign keys, but their indexes: for rows that refer to what is not there, and for some tables of many. What
    /// a `belongs_to` refers to by `to` has an index then, and no constraint unless it is said to be `unique`.
    ///
    /// ```
    #[doc = tracker!()]
    /// # #[cfg(feature = "sqlite")] {
    /// use persist::{entities, schema::Schema};
    /// let bugs = Schema::of(entities![Bug]);
    /// assert!(bugs.clone().sql::<diesel::sqlite::Sqlite>().is_err());
    /// assert!(bugs.without_foreign_keys().sql::<diesel::sqlite::Sqlite>().is_ok());
    /// # }
    /// ```
    pub fn without_foreign_keys(self) -> Self {
        Self { foreign_keys: false, ..self }
    }

    /// Makes the tables of these entities: [`Schema::of`], then [`Schema::create_in`].
    ///
    /// # Errors
    /// As [`Schema::create_in`].
    pub fn create<C>(connection: &mut C, entities: &[&'static Table]) -> Result<(), SchemaError>
    where
        C: Connection,
        C::Backend: Dialect,
    {
        Self::of(entities).create_in(connection)
    }

    /// Makes the tables, on any connection of Diesel's.
    ///
    /// On SQLite and PostgreSQL it makes all of them or none, in a transaction of its own or in yours. MySQL commits each
    /// statement by itself: there it is refused within a transaction, which it would commit, and where it fails what was
    /// made before stays.
    ///
    /// # Errors
    /// When the entities do not fit together, or say what the backend cannot do: then nothing was sent. When the database
    /// refuses a statement (a table is there already, say): the error names it.
    pub fn create_in<C>(&self, connection: &mut C) -> Result<(), SchemaError>
    where
        C: Connection,
        C::Backend: Dialect,
    {
        let statements = self.statements::<C::Backend>()?;
        if C::Backend::syntax().undoes_tables() {
            return connection.transaction(|connection| run(connection, &statements));
        }
        let status = C::TransactionManager::transaction_manager_status_mut(connection);
        if status.transaction_depth()?.is_some() {
            return Err(SchemaError::InTransaction { backend: C::Backend::syntax().backend() });
        }
        run(connection, &statements)
    }

    /// The statements as text, each ended by a semicolon: for reading, for snapshots, and as a first migration.
    ///
    /// # Errors
    /// When the entities do not fit together, or say what the backend cannot do.
    pub fn sql<DB: Dialect>(&self) -> Result<String, SchemaError> {
        Ok(self.statements::<DB>()?.into_iter().map(|statement| statement + ";\n").collect())
    }

    fn statements<DB: Dialect>(&self) -> Result<Vec<String>, SchemaError> {
        let tables = order::in_order(merge::tables(&self.entities, self.foreign_keys)?);
        write::statements(&tables, DB::syntax())
    }
}

fn run<C: Connection>(connection: &mut C, statements: &[String]) -> Result<(), SchemaError> {
    for statement in statements {
        let refused = |source| SchemaError::Database { statement: statement.clone(), source };
        connection.batch_execute(statement).map_err(refused)?;
    }
    Ok(())
}

/// The tables of entities, as a list for [`Schema`](crate::schema::Schema).
///
/// ```
#[doc = tracker!()]
/// let tables = persist::entities![Person, Bug];
/// assert_eq!(tables.map(|table| table.name), ["people", "bugs"]);
/// ```
#[macro_export]
macro_rules! entities {
    ($($entity:ty),* $(,)?) => {
        &[$(<$entity as $crate::Entity>::TABLE),*]
    };
}
