//! The store against real databases: SQLite in memory, PostgreSQL and MySQL where a server answers.

mod conditions;
#[cfg(feature = "json")]
mod documents;
mod fixture;
mod joined;
mod keys;
mod kinds;
#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "mysql")]
mod mysql_cells;
#[cfg(feature = "mysql")]
mod mysql_locks;
#[cfg(feature = "json")]
mod paths;
mod places;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "postgres")]
mod postgres_locks;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod server;
#[cfg(feature = "sqlite")]
mod sqlite;
mod upserts;
mod writes;
