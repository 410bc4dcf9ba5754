//! Tables made from entities: as text, as databases describe them, and by what they keep.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

#[path = "schema/domain.rs"]
mod domain;
#[path = "schema/errors.rs"]
mod errors;
#[path = "schema/introspection.rs"]
mod introspection;
#[path = "schema/rows.rs"]
mod rows;

use diesel::connection::SimpleConnection;
use diesel::mysql::Mysql;
use diesel::pg::Pg;
use diesel::sqlite::Sqlite;
use domain::ENTITIES;
use persist::Table;
use persist::schema::{Schema, SchemaError};
use persist_tests::stores::{self, Fresh};

/// Makes the tables in the database.
fn create(fresh: &mut Fresh, schema: &Schema) -> Result<(), SchemaError> {
    match fresh {
        Fresh::Memory(_) => panic!("memory has no tables"),
        Fresh::Sqlite(connection) | Fresh::File(connection, _) => schema.create_in(connection),
        Fresh::Postgres(postgres) => schema.create_in(&mut postgres.connection),
        Fresh::Mysql(mysql) => schema.create_in(&mut mysql.connection),
    }
}

/// Runs a statement past persist.
fn try_execute(fresh: &mut Fresh, sql: &str) -> diesel::QueryResult<()> {
    match fresh {
        Fresh::Memory(_) => panic!("memory speaks no SQL"),
        Fresh::Sqlite(connection) | Fresh::File(connection, _) => connection.batch_execute(sql),
        Fresh::Postgres(postgres) => postgres.connection.batch_execute(sql),
        Fresh::Mysql(mysql) => mysql.connection.batch_execute(sql),
    }
}

/// Empty databases.
fn databases() -> Vec<Fresh> {
    std::iter::once(stores::sqlite(&[])).chain(stores::postgres(&[])).chain(stores::mysql(&[])).collect()
}

/// Databases with the tables of these entities.
fn with(entities: &[&'static Table]) -> Vec<Fresh> {
    let mut databases = databases();
    for fresh in &mut databases {
        create(fresh, &Schema::of(entities)).unwrap_or_else(|error| panic!("{}: {error:?}", fresh.name()));
    }
    databases
}

/// A text like that in the file, which is written where `PERSIST_SNAPSHOTS` is `overwrite`.
fn snapshot(file: &str, text: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schema").join(file);
    if std::env::var("PERSIST_SNAPSHOTS").as_deref() == Ok("overwrite") {
        std::fs::write(&path, text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text, "{file}; PERSIST_SNAPSHOTS=overwrite writes it");
}

#[test]
fn the_statements_are_these() {
    let schema = Schema::of(ENTITIES);
    snapshot("sqlite.sql", &schema.sql::<Sqlite>().unwrap());
    snapshot("postgres.sql", &schema.sql::<Pg>().unwrap());
    snapshot("mysql.sql", &schema.sql::<Mysql>().unwrap());
}
