//! The servers and databases of the tests themselves.

#![allow(clippy::unwrap_used, reason = "for tests")]

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use persist_tests::TABLES;
use persist_tests::server::{MYSQL, POSTGRES};
use persist_tests::stores::{self, Fresh, MysqlConnection};

fn number(connection: &mut MysqlConnection, sql: &str) -> i64 {
    diesel::select(diesel::dsl::sql::<diesel::sql_types::BigInt>(sql)).get_result(connection).unwrap()
}

#[test]
fn a_database_of_its_own_is_gone_in_the_end() {
    let Some(Fresh::Mysql(mut mysql)) = stores::mysql(TABLES) else { return };
    let mut other = MysqlConnection::establish(MYSQL.url().unwrap()).unwrap();
    let name = mysql.url().rsplit('/').next().unwrap().to_owned();
    let there = format!("(SELECT count(*) FROM information_schema.schemata WHERE schema_name = '{name}')");
    assert_eq!(number(&mut other, &there), 1);
    mysql.connection.batch_execute("BEGIN; INSERT INTO distros (id, name) VALUES (1, 'a'), (2, 'a ')").unwrap();
    assert_eq!(number(&mut mysql.another(), "(SELECT count(*) FROM distros)"), 0);
    let free = "CAST(IS_FREE_LOCK('persist_test.launchpad') AS SIGNED)";
    assert_eq!(number(&mut other, free), 0, "the tables of a fixed name are its own for now");
    drop(mysql);
    assert_eq!(number(&mut other, &there), 0);
}

#[test]
fn of_several_statements_none_fails_in_silence() {
    let Some(mut fresh) = stores::mysql(TABLES) else { return };
    fresh.execute("INSERT INTO distros (id, name) VALUES (1, 'a'); DELETE FROM distros; SELECT 1");
    assert_eq!(fresh.rows_of("distros"), 0);
    let Fresh::Mysql(mysql) = &mut fresh else { unreachable!() };
    let statements = "INSERT INTO distros (id, name) VALUES (1, 'a'); SELECT 1; DELETE FROM nothing; SELECT 1";
    assert!(mysql.connection.batch_execute(statements).is_err());
    assert_eq!(fresh.rows_of("distros"), 1);
}

#[test]
fn servers_are_started_and_stopped() {
    if let Ok(own) = MYSQL.start(&std::env::temp_dir(), "") {
        let url = own.url.clone();
        assert_eq!(number(&mut MysqlConnection::establish(&url).unwrap(), "CAST(1 AS SIGNED)"), 1);
        drop(own);
        assert!(MysqlConnection::establish(&url).is_err());
    }
    if let Ok(own) = POSTGRES.start(&std::env::temp_dir(), "") {
        let url = own.url.clone();
        PgConnection::establish(&url).unwrap().batch_execute("SELECT 1").unwrap();
        drop(own);
        assert!(PgConnection::establish(&url).is_err());
    }
}
