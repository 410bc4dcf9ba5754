//! The cases on each database.

use super::*;
#[cfg(feature = "mysql")]
use crate::store::diesel::tests::mysql;
#[cfg(feature = "postgres")]
use crate::store::diesel::tests::postgres;
#[cfg(feature = "sqlite")]
use crate::store::diesel::tests::sqlite;

#[cfg(feature = "sqlite")]
#[test]
fn on_sqlite() {
    found(&mut sqlite::store());
}

#[cfg(feature = "postgres")]
#[test]
fn on_postgres() {
    postgres::with_store(|store| found(store));
}

#[cfg(feature = "mysql")]
#[test]
fn on_mysql() {
    mysql::with_store(|store| found(store));
}
