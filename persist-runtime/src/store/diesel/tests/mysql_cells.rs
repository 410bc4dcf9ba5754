//! Cells that do not fit, and the words of servers that the gate does not have.

use super::fixture::*;
use super::mysql::with_store;
use crate::engine::{Fetch, Output};
use crate::entity::{Cells, ColumnType, Row, Rules, Table, Value};
use crate::group::Select;
use crate::store::diesel::Dialect;
use crate::store::{Fault, Store};
use diesel::connection::SimpleConnection;
use diesel::mysql::Mysql;
use std::sync::Arc;

/// Reads the value `literal` of the SQL type `sql` as a column of type `ty`.
fn read(store: &mut super::mysql::MysqlStore<'_>, sql: &str, literal: &str, ty: ColumnType) -> Result<Value, String> {
    static ODD: Table = Table {
        entity: "Odd",
        schema: None,
        name: "odd",
        columns: &[],
        key: &[ID],
        collation: crate::Collation::Portable,
        rules: &Rules::NONE,
    };
    for statement in [
        "SET sql_mode = ''".to_owned(),
        format!("CREATE OR REPLACE TABLE odd (id INTEGER PRIMARY KEY, v {sql})"),
        format!("INSERT INTO odd VALUES (1, {literal})"),
    ] {
        store.connection().batch_execute(&statement).unwrap();
    }
    let column = column("v", ty, true);
    let mut found = None;
    let fetch = Fetch::new(Arc::new(Select::all(&ODD)), Output::Columns(vec![column]));
    let mut sink = |cells: &dyn Cells| found = Some(Row::new(&[], cells).cell(0, column.value));
    store.fetch(&fetch, &mut sink).unwrap();
    found.unwrap().map_err(|unfit| unfit.to_string())
}

#[test]
fn cells_are_read_strictly() {
    use ColumnType as Type;
    with_store(|store| {
        for (sql, literal, ty, wanted) in [
            ("TINYINT", "-7", Type::SmallInt, Value::Int(-7)),
            ("TINYINT UNSIGNED", "200", Type::SmallInt, Value::Int(200)),
            ("SMALLINT UNSIGNED", "60000", Type::Integer, Value::Int(60_000)),
            ("MEDIUMINT", "-70000", Type::Integer, Value::Int(-70_000)),
            ("INT UNSIGNED", "4000000000", Type::BigInt, Value::Int(4_000_000_000)),
            ("BIGINT UNSIGNED", "9223372036854775807", Type::BigInt, Value::Int(i64::MAX)),
            ("YEAR", "2024", Type::Integer, Value::Int(2024)),
            ("BIT(1)", "1", Type::Bool, Value::Bool(true)),
            ("TIMESTAMP(6) NULL", "'2001-01-01 00:00:00.5'", Type::Timestamp, Value::Timestamp(978_307_200_500_000)),
            ("DATE", "'0001-01-01'", Type::Date, Value::Date(-719_162)),
            ("TIME", "'23:59:59'", Type::Time, Value::Time(86_399_000_000)),
            ("ENUM('a', 'b')", "'b'", Type::Text, Value::from("b")),
            ("CHAR(3) CHARACTER SET latin1", "'\u{e4}'", Type::Text, Value::from("\u{e4}")),
            ("LONGTEXT COLLATE utf8mb4_bin", "'long'", Type::Text, Value::from("long")),
            ("VARBINARY(9)", "x'00ff'", Type::Binary, Value::Bytes(vec![0, 255])),
            ("INT", "NULL", Type::Integer, Value::Null),
        ] {
            assert_eq!(read(store, sql, literal, ty), Ok(wanted), "{sql} {literal}");
        }
        for (sql, literal, ty) in [
            ("BIGINT UNSIGNED", "18446744073709551615", Type::BigInt),
            ("TINYINT(1)", "2", Type::Bool),
            ("VARCHAR(9)", "'1'", Type::Bool),
            ("DOUBLE", "1", Type::Integer),
            ("DECIMAL(9,0)", "1", Type::Integer),
            ("VARCHAR(9)", "'1'", Type::Integer),
            ("INT", "1", Type::Double),
            ("INT", "1", Type::Text),
            ("BLOB", "x'ff'", Type::Text),
            ("VARCHAR(9) COLLATE utf8mb4_general_ci", "'text'", Type::Binary),
            ("BINARY(15)", "'short'", Type::Uuid),
            ("DOUBLE", "1", Type::Decimal),
            ("DATE", "'0000-00-00'", Type::Date),
            ("DATETIME", "'2024-00-01'", Type::Timestamp),
            ("DATE", "'2024-01-01'", Type::Timestamp),
            ("DATETIME", "'2024-01-01'", Type::Date),
            ("TIME", "'-01:00:00'", Type::Time),
            ("TIME", "'24:00:00'", Type::Time),
            ("TIME", "'100:00:00'", Type::Time),
        ] {
            let read = read(store, sql, literal, ty);
            assert!(read.is_err(), "{sql} {literal} as {ty:?}: {read:?}");
        }
    });
}

#[test]
fn the_words_of_either_server_say_what_went_wrong() {
    let faults = [
        ("Table 'shop.bug' doesn't exist", Fault::MissingTable("bug".into())),
        ("Unknown column 't1.gone' in 'field list'", Fault::MissingColumn("gone".into())),
        ("Lock wait timeout exceeded; try restarting transaction", Fault::Locked),
        ("Deadlock found when trying to get lock; try restarting transaction", Fault::Serialization),
        ("Record has changed since last read in table 'bug'", Fault::Serialization),
        ("Cannot execute statement in a READ ONLY transaction", Fault::ReadOnly),
        (
            "The MySQL server is running with the --read-only option so it cannot execute this statement",
            Fault::ReadOnly,
        ),
        ("Duplicate entry 'Deadlock found' for key 'bug.title'", Fault::Duplicate("title".into())),
        ("Check constraint 'small' is violated.", Fault::Check("small".into())),
        ("CONSTRAINT `small` failed for `shop`.`bug`", Fault::Check("small".into())),
        ("Column 'id' cannot be null", Fault::NotNull("id".into())),
        ("MySQL server has gone away", Fault::Closed),
        (
            "You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the \
             right syntax to use near 'RETURNING `id`' at line 1",
            Fault::Unsupported("answer with new rows as they are stored".into()),
        ),
    ];
    for (words, fault) in faults {
        let found = <Mysql as Dialect>::syntax().fault(&words.to_owned());
        assert_eq!(found, Some(fault), "{words}");
    }
}
