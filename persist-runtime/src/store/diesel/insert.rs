//! New rows as statements.

use super::dialect::Syntax;
use super::sql::Statement;
use crate::entity::{Table, Value};
use crate::store::Fault;

/// A statement that writes `rows`.
pub(super) fn insertion(syntax: &'static dyn Syntax, table: &Table, rows: &[Vec<Value>]) -> Result<Statement, Fault> {
    let mut sql = Statement::new(syntax);
    if rows.len() > 1 {
        sql.set_varies();
    }
    sql.text("INSERT INTO ").table(table).text(" (");
    sql.list(table.columns, ", ", |sql, column| {
        sql.name(column.name);
        Ok(())
    })?;
    sql.text(") VALUES ");
    sql.list(rows, ", ", |sql, row| {
        if row.len() != table.columns.len() {
            let (given, wanted) = (row.len(), table.columns.len());
            return Err(Fault::Unfit(format!("a new row has {given} values, the table has {wanted} columns")));
        }
        sql.text("(");
        sql.list(table.columns.iter().zip(row), ", ", |sql, (column, value)| syntax.value(sql, column, value))?;
        sql.text(")");
        Ok(())
    })?;
    Ok(sql)
}
