//! The store against real databases: SQLite in memory, PostgreSQL where one listens at 127.0.0.1.

mod conditions;
mod fixture;
mod keys;
mod kinds;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;
