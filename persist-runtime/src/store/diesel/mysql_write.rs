//! Changes of rows on MySQL and MariaDB. Neither tells what an `UPDATE` has written, so rows are locked and read first,
//! compared here, and read again where their values are wanted.
//!
//! What is given for several rows travels as one JSON document, joined to the table in the order that is written, by an
//! index: a server that chose for itself would scan a small table, and lock all of it. The primary key has a name. Other
//! indexes are not known here, so where rows are found by other columns an index is made out to be cheap.

use super::assign::{Given, Operand, assignments, one_row, operand};
use super::batch::Batch;
use super::bind::Bind;
use super::mysql::{CODE_POINTS, as_json};
use super::mysql_bind::{MysqlBind, decimal_type, scale_of};
use super::mysql_keys::push_part;
use super::render::{Scope, cells, where_filter};
use super::source::Source;
use super::sql::{Alias, Place, PlaceName, Statement, Written};
use crate::edit::Upsert;
use crate::entity::{ColumnDef, ColumnType};
use crate::group::{Comparison, Condition, Select};

pub(super) fn change(sql: &mut Statement, batch: &Batch<'_>) -> Written {
    if batch.is_single() {
        if batch.deletes {
            let row = Scope::of(sql, batch.table);
            goes(sql, row).table_as(batch.table, row.alias).text(" WHERE ");
            return found(sql, batch, row);
        }
        return one_row(sql, batch);
    }
    let (row, given) = (Scope::of(sql, batch.table), sql.alias());
    if batch.deletes {
        indexed(sql, batch, "DELETE ").alias_name(row.alias).text(" FROM ");
        return joined(sql, batch, row, given);
    }
    indexed(sql, batch, "UPDATE ");
    joined(sql, batch, row, given)?;
    sql.text(" SET ");
    assignments(sql, Given::Table(batch, given), row)
}

/// The rows of a batch, locked in the order of their keys.
pub(super) fn lock(sql: &mut Statement, batch: &Batch<'_>, columns: &[ColumnDef]) -> Written {
    let (row, given) = (Scope::of(sql, batch.table), sql.alias());
    indexed(sql, batch, "SELECT ");
    cells(sql, &row.places(columns))?;
    sql.text(" FROM ");
    if batch.is_single() {
        sql.table_as(batch.table, row.alias).text(" WHERE ");
        found(sql, batch, row)?;
    } else {
        joined(sql, batch, row, given)?;
        // By what is given, which is then sorted before a row is looked for. By the rows' own columns they would all be
        // copied into a table to be sorted, once they are locked.
        sql.text(" ORDER BY ");
        sql.list(batch.by.iter().enumerate(), ", ", |sql, (part, column)| {
            self::given(sql, &lane(batch, given, column, part));
            Ok(())
        })?;
    }
    sql.text(" FOR UPDATE");
    Ok(())
}

fn goes(sql: &mut Statement, row: Scope) -> &mut Statement {
    sql.text("DELETE ").alias_name(row.alias).text(" FROM ")
}

/// What the server says of [`raise`].
pub(super) const RAISED: &str = "Subquery returns more than 1 row";

/// What makes a statement fail where a row's place is taken, by whatever is unique. As the beginning of an update it takes the
/// lock of one: of those who wait for the same place and fail for an insert all hold a shared lock, and none can update.
pub(super) fn raise(sql: &mut Statement, upsert: &Upsert) {
    if let Some(column) = upsert.by.first() {
        sql.text(" ON DUPLICATE KEY UPDATE ").name(column.name).text(" = (SELECT 1 UNION ALL SELECT 2)");
    }
}

/// The verb of a statement that looks for rows by an index, whatever the server would choose. MariaDB is told before it,
/// MySQL after it.
fn indexed<'s>(sql: &'s mut Statement, batch: &Batch<'_>, verb: &str) -> &'s mut Statement {
    if batch.is_single() || batch.is_by_key() {
        return sql.text(verb);
    }
    sql.text("/*M! SET STATEMENT max_seeks_for_key = 1 FOR */ ")
        .text(verb)
        .text("/*+ SET_VAR(max_seeks_for_key = 1) */ ")
}

fn found(sql: &mut Statement, batch: &Batch<'_>, row: Scope) -> Written {
    let syntax = sql.syntax();
    sql.list(batch.by.iter().enumerate(), " AND ", |sql, (part, column)| {
        syntax.compare(sql, &row.place(column), Comparison::Equal, batch.value(0, part))
    })
}

/// What is given for a column.
fn lane(batch: &Batch<'_>, given: Alias, column: &ColumnDef, lane: usize) -> Place {
    Place { name: PlaceName::Nth(lane), ..Place::of(given, batch.table, column) }
}

/// `JSON_TABLE(..) AS t2 STRAIGHT_JOIN t AS t1 FORCE INDEX (PRIMARY) ON ..`
fn joined(sql: &mut Statement, batch: &Batch<'_>, row: Scope, given: Alias) -> Written {
    let columns: Vec<_> = (0..batch.lanes.len()).map(|lane| batch.lane_of(lane)).collect();
    let mut json = String::from("[");
    for at in 0..batch.rows.len() {
        json.push_str(if at > 0 { ",[" } else { "[" });
        for (at_lane, column) in columns.iter().enumerate() {
            json.push_str(if at_lane > 0 { "," } else { "" });
            push_part(&mut json, &lane(batch, given, column, at_lane), batch.value(at, at_lane))?;
        }
        json.push(']');
    }
    json.push(']');
    sql.text("JSON_TABLE(").bind(Bind::Mysql(MysqlBind::Text(json))).text(", '$[*]' COLUMNS (");
    sql.list(columns.iter().enumerate(), ", ", |sql, (lane, column)| {
        let scale = (0..batch.rows.len()).map(|row| scale_of(batch.value(row, lane))).max();
        let ty = column_type(column.ty, scale.unwrap_or(0));
        sql.put(format_args!("c{lane} {ty} PATH '$[{lane}]'"));
        Ok(())
    })?;
    sql.text(")) AS ").alias_name(given).text(" STRAIGHT_JOIN ").table_as(batch.table, row.alias);
    sql.text(if batch.is_by_key() { " FORCE INDEX (PRIMARY) ON " } else { " ON " });
    sql.list(batch.by.iter().enumerate(), " AND ", |sql, (part, column)| {
        sql.place(&row.place(column)).text(" = ");
        self::given(sql, &lane(batch, given, column, part));
        Ok(())
    })
}

/// `JSON_TABLE` cuts what is too long for its columns: nothing is for these.
fn column_type(ty: ColumnType, scale: u32) -> String {
    use ColumnType as Type;
    match ty {
        Type::Bool | Type::SmallInt | Type::Integer | Type::BigInt => "BIGINT",
        Type::Float | Type::Double => "DOUBLE",
        Type::Decimal => return decimal_type(scale),
        Type::Date => "DATE",
        Type::Time => "TIME(6)",
        Type::Timestamp | Type::TimestampTz => "DATETIME(6)",
        Type::Uuid | Type::Binary => "LONGTEXT CHARACTER SET ascii",
        Type::Text => "LONGTEXT CHARACTER SET utf8mb4",
        // A JSON column of MariaDB's is text in this collation.
        Type::Json | Type::Jsonb => "LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
    }
    .to_owned()
}

/// A value of the document, as its column takes it.
pub(super) fn given(sql: &mut Statement, place: &Place) {
    match place.ty {
        ColumnType::Binary | ColumnType::Uuid => sql.text("UNHEX(").place(place).text(")"),
        ColumnType::Text => sql.place(place).text(CODE_POINTS),
        ColumnType::Json | ColumnType::Jsonb => as_json(sql, |sql| sql.place(place)),
        _ => sql.place(place),
    };
}

/// The sum. There is none of NULL: of that no number can be made, and the statement fails.
pub(super) fn plus(sql: &mut Statement, column: &ColumnDef, place: &Place, more: &Operand<'_>) -> Written {
    if column.nullable {
        sql.text("COALESCE(").place(place).text(", 1 DIV (").place(place).text(" IS NOT NULL))");
    } else {
        sql.place(place);
    }
    sql.text(" + ");
    match column.ty {
        // As text it would be added as a float.
        ColumnType::Decimal => {
            let scale =
                if let Operand::Value(value) = more { scale_of(value) } else { return operand(sql, column, more) };
            sql.text("CAST(");
            operand(sql, column, more)?;
            sql.put(format_args!(" AS {})", decimal_type(scale)));
            Ok(())
        }
        _ => operand(sql, column, more),
    }
}

/// Neither server takes a table in a subselect that it changes, whatever that is in; and MariaDB would look for keys in a
/// document for each row of the table. So such rows are found first, as a table of their own.
pub(super) fn change_all(sql: &mut Statement, batch: &Batch<'_>, select: &Select) -> Written {
    let row = Scope::of(sql, select.table);
    let apart = select.filter.as_ref().is_some_and(looks_elsewhere);
    let table = |sql: &mut Statement| {
        sql.table_as(select.table, row.alias);
        if apart { beside(sql, row, select) } else { Ok(()) }
    };
    if batch.deletes {
        table(goes(sql, row))?;
    } else {
        table(sql.text("UPDATE "))?;
        sql.text(" SET ");
        assignments(sql, Given::Bound(batch), row)?;
    }
    if apart { Ok(()) } else { where_filter(sql, row, select) }
}

/// ` JOIN (SELECT ..) AS t2 ON ..`: the rows, by their keys. A limit keeps the select from being taken apart.
fn beside(sql: &mut Statement, row: Scope, select: &Select) -> Written {
    let (from, found) = (Source::unordered(sql, select), sql.alias());
    let key = from.scope.places(select.table.key);
    sql.text(" JOIN (SELECT ");
    super::source::numbered_places(sql, &key)?;
    sql.text(" FROM ");
    from.write(sql, select)?;
    where_filter(sql, from.scope, select)?;
    sql.put(format_args!(" LIMIT {}) AS ", u64::MAX)).alias_name(found).text(" ON ");
    super::source::equal(sql, &row.places(select.table.key), &super::source::renumbered_places(&key, found))
}

fn looks_elsewhere(condition: &Condition) -> bool {
    match condition {
        Condition::And(parts) | Condition::Or(parts) => parts.iter().any(looks_elsewhere),
        Condition::Not(inner) => looks_elsewhere(inner),
        Condition::Compare { .. }
        | Condition::IsNull(_)
        | Condition::CompareColumns { .. }
        | Condition::Text { .. } => false,
        _ => true,
    }
}
