//! SQLite's tables.

use super::model::{Column, TableDef};
use super::syntax::{Dialect, Sealed, Syntax};
use crate::entity::ColumnType as Type;
use diesel::sqlite::Sqlite;
use std::borrow::Cow;

impl Sealed for Sqlite {}

impl Dialect for Sqlite {
    fn syntax() -> &'static dyn Syntax {
        &SqliteTables
    }
}

struct SqliteTables;

impl Syntax for SqliteTables {
    fn backend(&self) -> &'static str {
        "SQLite"
    }

    fn longest_name(&self) -> Option<usize> {
        None
    }

    /// A database is attached by whoever knows its file.
    fn namespace(&self, _: &str) -> Option<String> {
        None
    }

    fn leads_elsewhere(&self) -> bool {
        false
    }

    fn adds_references(&self) -> bool {
        false
    }

    fn index_says_schema(&self) -> bool {
        true
    }

    /// Text goes by code point (`BINARY`) unless something else is said.
    fn type_of(&self, column: &Column) -> Result<Cow<'static, str>, &'static str> {
        let ty = match column.ty {
            Type::Bool => "BOOLEAN",
            // A key of just this type is the number of its row, and needs no index.
            Type::SmallInt | Type::Integer | Type::BigInt => "INTEGER",
            Type::Float | Type::Double => "DOUBLE",
            Type::Binary | Type::Uuid => "BLOB",
            // A column of numeric affinity keeps 15 digits of a decimal, and makes numbers of what looks like one.
            Type::Decimal | Type::Text | Type::Date | Type::Time | Type::Timestamp | Type::TimestampTz => "TEXT",
            Type::Json | Type::Jsonb => "TEXT",
        };
        Ok(ty.into())
    }

    /// Times are in the form that persist writes, without a fraction where it is nothing.
    fn made(&self, table: &TableDef, column: &Column) -> Result<Option<&'static str>, &'static str> {
        match column.ty {
            Type::SmallInt | Type::Integer | Type::BigInt if self.key_is_said(table) => Ok(Some(" AUTOINCREMENT")),
            Type::SmallInt | Type::Integer | Type::BigInt => Err("only an integer that is the whole key counts up"),
            Type::Uuid => Ok(Some(" DEFAULT (randomblob(16))")),
            Type::Date => Ok(Some(" DEFAULT (date('now'))")),
            Type::Time => Ok(Some(" DEFAULT (replace(strftime('%H:%M:%f', 'now'), '.000', ''))")),
            Type::Timestamp => Ok(Some(" DEFAULT (replace(strftime('%Y-%m-%d %H:%M:%f', 'now'), '.000', ''))")),
            Type::TimestampTz => {
                Ok(Some(" DEFAULT (replace(strftime('%Y-%m-%d %H:%M:%f', 'now'), '.000', '') || '+00:00')"))
            }
            _ => Ok(None),
        }
    }

    fn key_is_said(&self, table: &TableDef) -> bool {
        let counts =
            |column: &Column| column.generated && matches!(column.ty, Type::SmallInt | Type::Integer | Type::BigInt);
        matches!(table.key.as_slice(), [key] if table.column(key).is_some_and(counts))
    }
}
