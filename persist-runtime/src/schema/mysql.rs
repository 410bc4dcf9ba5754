//! MySQL's and MariaDB's tables.

use super::model::{Column, TableDef};
use super::syntax::{Dialect, Sealed, Syntax};
use crate::entity::{Collation, ColumnType as Type};
use crate::store::diesel::CODE_POINTS;
use diesel::mysql::Mysql;
use std::borrow::Cow;

impl Sealed for Mysql {}

impl Dialect for Mysql {
    fn syntax() -> &'static dyn Syntax {
        &MysqlTables
    }
}

struct MysqlTables;

/// The type of text or bytes: one with a length where it is compared, since an index has no room for all of a longer one.
fn sized(column: &Column, short: &'static str, long: &'static str) -> Cow<'static, str> {
    if column.compared { format!("{short}({})", column.length).into() } else { long.into() }
}

impl Syntax for MysqlTables {
    fn backend(&self) -> &'static str {
        "MySQL"
    }

    fn quote(&self) -> char {
        '`'
    }

    fn longest_name(&self) -> Option<usize> {
        Some(64)
    }

    fn undoes_tables(&self) -> bool {
        false
    }

    fn namespace(&self, quoted: &str) -> Option<String> {
        Some(format!("CREATE DATABASE IF NOT EXISTS {quoted}"))
    }

    fn indexes_within(&self) -> bool {
        true
    }

    /// Other engines take foreign keys and forget them.
    fn options(&self) -> &'static str {
        " ENGINE = InnoDB"
    }

    fn type_of(&self, column: &Column) -> Result<Cow<'static, str>, &'static str> {
        let ty = match column.ty {
            Type::Bool => "BOOLEAN",
            Type::SmallInt => "SMALLINT",
            Type::Integer => "INTEGER",
            Type::BigInt => "BIGINT",
            Type::Float => "FLOAT",
            Type::Double => "DOUBLE",
            Type::Text => {
                let text = sized(column, "VARCHAR", "LONGTEXT");
                return Ok(match column.shared_collation {
                    Collation::Portable => format!("{text} CHARACTER SET utf8mb4{CODE_POINTS}").into(),
                    Collation::Native => text,
                });
            }
            Type::Binary => return Ok(sized(column, "VARBINARY", "LONGBLOB")),
            Type::Date => "DATE",
            Type::Time => "TIME(6)",
            Type::Timestamp | Type::TimestampTz => "DATETIME(6)",
            Type::Uuid => "BINARY(16)",
            // The most digits behind the point that both servers have.
            Type::Decimal => "DECIMAL(65,30)",
            Type::Json | Type::Jsonb if column.compared => return Err("JSON"),
            Type::Json | Type::Jsonb => "JSON",
        };
        Ok(ty.into())
    }

    fn made(&self, table: &TableDef, column: &Column) -> Result<Option<&'static str>, &'static str> {
        match column.ty {
            Type::SmallInt | Type::Integer | Type::BigInt => {
                let counting = table.columns.iter().filter(|other| other.generated && !other.nullable);
                let integers = |ty| matches!(ty, Type::SmallInt | Type::Integer | Type::BigInt);
                if counting.filter(|other| integers(other.ty)).count() > 1 {
                    Err("one column of a table counts up")
                } else if table.indexed().all(|columns| columns.first() != Some(&column.name)) {
                    Err("only a column that a key or a `unique(..)` begins with counts up")
                } else {
                    Ok(Some(" AUTO_INCREMENT"))
                }
            }
            Type::Uuid => Ok(Some(" DEFAULT (unhex(replace(uuid(), '-', '')))")),
            Type::Date => Ok(Some(" DEFAULT (utc_date())")),
            Type::Time => Ok(Some(" DEFAULT (utc_time(6))")),
            Type::Timestamp | Type::TimestampTz => Ok(Some(" DEFAULT (utc_timestamp(6))")),
            _ => Ok(None),
        }
    }
}
