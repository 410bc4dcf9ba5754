//! PostgreSQL: everything that it writes, binds and reports differently.

use super::aggregate::End;
use super::assign::Operand;
use super::batch::Batch;
use super::bind::Bind;
#[cfg(feature = "json")]
use super::dialect::NthValue;
use super::dialect::{Dialect, Sealed, Syntax};
use super::insert;
use super::plan::Planner;
use super::postgres_bind::{PgBind, array, scalar};
use super::postgres_write as write;
use super::render::Term;
use super::sql::{Place, Statement, Written};
use super::ways::{Conflicts, Longest, Telling};
#[cfg(feature = "json")]
use crate::edit::PathChanges;
use crate::engine::{Fetch, Keyed};
use crate::entity::{Cell, Collation, ColumnDef, ColumnType, Raw, Unfit, Value, raw_pg};
use crate::group::{Case, Comparison, KeySet, TextTest};
#[cfg(feature = "json")]
use crate::group::{JsonStep, JsonTest};
use crate::store::{Capabilities, Capability, Fault, Lack};
use diesel::pg::Pg;
use diesel::query_builder::AstPass;
use diesel::result::{DatabaseErrorInformation, QueryResult};

impl Sealed for Pg {}

impl Dialect for Pg {
    type Heading = raw_pg::Oids;

    fn heading(columns: usize) -> Self::Heading {
        raw_pg::Oids::of(columns)
    }

    #[inline(always)]
    fn raw(value: Self::RawValue<'_>) -> Raw<'_> {
        Raw(Cell::Pg(value))
    }

    #[inline(always)]
    fn integer(value: &mut Self::RawValue<'_>, heading: &Self::Heading, at: usize) -> Result<i64, Unfit> {
        raw_pg::integer_of(value, heading.oid(value, at))
    }

    #[inline(always)]
    fn expect_text(value: &mut Self::RawValue<'_>, heading: &Self::Heading, at: usize) -> Result<(), Unfit> {
        raw_pg::expect_text(value, heading.oid(value, at))
    }

    #[inline(always)]
    fn text(value: Self::RawValue<'_>) -> Result<String, Unfit> {
        raw_pg::utf8(&value)
    }

    fn push<'b>(bind: &'b Bind, out: AstPass<'_, 'b, Self>) -> QueryResult<()> {
        match bind {
            Bind::Pg(bind) => bind.push(out),
            #[cfg(any(feature = "sqlite", feature = "mysql"))]
            _ => Err(bind.foreign()),
        }
    }

    fn syntax() -> &'static dyn Syntax {
        &PgSyntax
    }
}

/// The cast of a value that travels as text.
pub(super) const fn cast(ty: ColumnType) -> &'static str {
    match ty {
        ColumnType::Decimal => "::numeric",
        ColumnType::Json => "::json",
        ColumnType::Jsonb => "::jsonb",
        _ => "",
    }
}

/// The type of a column.
pub(super) const fn name_of(ty: ColumnType) -> &'static str {
    match ty {
        ColumnType::Bool => "boolean",
        ColumnType::SmallInt => "smallint",
        ColumnType::Integer => "integer",
        ColumnType::BigInt => "bigint",
        ColumnType::Float => "real",
        ColumnType::Double => "double precision",
        ColumnType::Text => "text",
        ColumnType::Binary => "bytea",
        ColumnType::Date => "date",
        ColumnType::Time => "time",
        ColumnType::Timestamp => "timestamp",
        ColumnType::TimestampTz => "timestamptz",
        ColumnType::Uuid => "uuid",
        ColumnType::Decimal => "numeric",
        ColumnType::Json => "json",
        ColumnType::Jsonb => "jsonb",
    }
}

pub(super) fn refuse_json(place: &Place) -> Written {
    match place.ty {
        ColumnType::Json => Err(Lack::of(Capability::JsonEquality).in_column(place.name()).fault()),
        _ => Ok(()),
    }
}

pub(super) fn write_value(sql: &mut Statement, column: &str, ty: ColumnType, value: &Value) -> Written {
    sql.bind(Bind::Pg(scalar(column, ty, value)?)).text(cast(ty));
    Ok(())
}

/// An array for each part of the keys.
pub(super) fn arrays(sql: &mut Statement, places: &[Place], keys: &KeySet) -> Written {
    if keys.width() != places.len() {
        let (given, wanted) = (keys.width(), places.len());
        return Err(Fault::Unfit(format!("the keys have {given} parts for {wanted} columns")));
    }
    sql.list(places.iter().enumerate(), ", ", |sql, (part, place)| {
        refuse_json(place)?;
        let values = || keys.iter().filter_map(move |key| key.get(part));
        sql.bind(Bind::Pg(array(place.name(), place.ty, values)?));
        match cast(place.ty) {
            "" => {}
            cast => drop(sql.text(cast).text("[]")),
        }
        Ok(())
    })
}

/// By code point, whatever the column's collation.
pub(super) const BY_CODE_POINT: &str = " COLLATE \"C\"";

pub(super) fn collation(place: &Place) -> &'static str {
    if place.ty == ColumnType::Text && place.collation == Collation::Portable { BY_CODE_POINT } else { "" }
}

#[derive(Debug)]
struct PgSyntax;

impl Syntax for PgSyntax {
    fn name(&self) -> &'static str {
        "PostgreSQL"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::ALL.without(Capability::JsonOrder).without(Capability::JsonEquality).without(Capability::Nul)
    }

    fn max_binds(&self) -> usize {
        65_535
    }

    fn quote(&self) -> char {
        '"'
    }

    fn placeholder(&self, nth: usize) -> String {
        format!("${nth}")
    }

    fn snapshot(&self) -> Option<&'static str> {
        Some("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    }

    fn planner(&self) -> &'static Planner {
        &super::postgres_plan::PLANNER
    }

    fn fault(&self, error: &dyn DatabaseErrorInformation) -> Option<Fault> {
        super::postgres_fault::fault(error.message())
    }

    fn value(&self, sql: &mut Statement, column: &ColumnDef, value: &Value) -> Written {
        write_value(sql, column.name, column.ty, value)
    }

    fn compare(&self, sql: &mut Statement, place: &Place, how: Comparison, value: &Value) -> Written {
        super::postgres_compare::compare(sql, place, how, value)
    }

    fn compare_places(&self, sql: &mut Statement, place: &Place, how: Comparison, other: &Place) -> Written {
        super::postgres_compare::compare_places(sql, place, how, other)
    }

    fn text_test(&self, sql: &mut Statement, place: &Place, test: TextTest, case: Case, wanted: &str) -> Written {
        super::postgres_compare::text_test(sql, place, test, case, wanted)
    }

    fn correlates(&self) -> bool {
        true
    }

    #[cfg(feature = "json")]
    fn json_test(&self, sql: &mut Statement, place: &Place, path: &[JsonStep], test: &JsonTest) -> Written {
        super::postgres_paths::json_test(sql, place, path, test)
    }

    fn in_keys(&self, sql: &mut Statement, places: &[Place], keys: &KeySet) -> Written {
        sql.row(places);
        if places.len() == 1 {
            sql.text(" = ANY(");
            arrays(sql, places, keys)?;
            sql.text(")");
        } else {
            sql.text(" IN (SELECT * FROM unnest(");
            arrays(sql, places, keys)?;
            sql.text("))");
        }
        Ok(())
    }

    fn row_head(&self, _: &[Place]) -> &'static str {
        ""
    }

    fn compares_rows(&self, _: &[Place]) -> bool {
        true
    }

    fn row_place(&self, sql: &mut Statement, place: &Place) {
        sql.place(place).text(collation(place));
    }

    fn exactly(&self, _: &Place) -> &'static str {
        ""
    }

    fn extreme(&self, sql: &mut Statement, place: &Place, end: End) -> Written {
        let function = end.function();
        match place.ty {
            ColumnType::Bool => {
                let function = if end == End::Least { "bool_and(" } else { "bool_or(" };
                sql.text(function).place(place).text(")")
            }
            // There is none for these before version 18; their text in hexadecimal is in the same order.
            ColumnType::Uuid => {
                sql.text(function).text("(").place(place).text("::text").text(BY_CODE_POINT).text(")::uuid")
            }
            ColumnType::Binary => {
                sql.text("decode(").text(function).text("(encode(").place(place).text(", 'hex')");
                sql.text(BY_CODE_POINT).text("), 'hex')")
            }
            ColumnType::Json | ColumnType::Jsonb => {
                return Err(Lack::of(Capability::JsonOrder).in_column(place.name()).fault());
            }
            _ => sql.text(function).text("(").place(place).text(collation(place)).text(")"),
        };
        Ok(())
    }

    fn sum(&self, sql: &mut Statement, place: &Place) -> Written {
        sql.text("sum(").place(place).text(if place.ty == ColumnType::Float { "::float8)" } else { ")" });
        Ok(())
    }

    fn order_term(&self, sql: &mut Statement, term: &Term) -> Written {
        sql.place(&term.place).text(collation(&term.place)).text(if term.descending { " DESC" } else { "" });
        // A default index serves a column that is never NULL only where nothing is said.
        if term.place.nullable {
            sql.text(if term.descending { " NULLS LAST" } else { " NULLS FIRST" });
        }
        Ok(())
    }

    /// The branches of a union are resolved two by two: of two NULLs it would make text.
    fn null(&self, sql: &mut Statement, ty: ColumnType) {
        sql.text("NULL::").text(name_of(ty));
    }

    fn cut(&self, sql: &mut Statement, limit: Option<u64>, offset: u64) -> Written {
        let bind = |number: u64| Bind::Pg(PgBind::BigInt(Some(i64::try_from(number).unwrap_or(i64::MAX))));
        if let Some(limit) = limit {
            sql.text(" LIMIT ").bind(bind(limit));
        }
        if offset > 0 {
            sql.text(" OFFSET ").bind(bind(offset));
        }
        Ok(())
    }

    fn first_of_each(
        &self,
        sql: &mut Statement,
        fetch: &Fetch,
        keyed: &Keyed,
        most: u64,
        columns: &[ColumnDef],
    ) -> Written {
        super::postgres_firsts::first_of_each(sql, fetch, keyed, most, columns)
    }

    fn telling(&self, batch: &Batch<'_>) -> Telling {
        if write::is_plain(batch) { Telling::Written } else { Telling::Numbered }
    }

    /// They are given as arrays, of any length; a statement should end some time, though.
    fn most_rows(&self, _: usize) -> usize {
        20_000
    }

    /// Its answer, and what is sorted for it, should have room too.
    fn most_bytes(&self) -> usize {
        64 << 20
    }

    /// It takes no longer message, and closes the connection.
    fn longest(&self) -> Longest {
        Longest::Bytes((1 << 30) - 1)
    }

    fn change(&self, sql: &mut Statement, batch: &Batch<'_>) -> Written {
        write::change(sql, batch)
    }

    fn lock(&self, sql: &mut Statement, batch: &Batch<'_>, columns: &[ColumnDef]) -> Written {
        write::lock(sql, batch, columns)
    }

    /// As arrays: the statement's text does not depend on the number of rows then.
    fn conflicts(&self) -> Conflicts {
        Conflicts::Named { exact: true }
    }

    fn new_rows(&self, sql: &mut Statement, columns: &[ColumnDef], rows: &[&[Value]]) -> Written {
        if rows.len() == 1 { insert::values(sql, columns, rows) } else { write::new_rows(sql, columns, rows) }
    }

    fn same(&self, sql: &mut Statement, column: &ColumnDef, place: &Place, other: &Operand<'_>) -> Written {
        write::same(sql, column, place, other)
    }

    fn plus(&self, sql: &mut Statement, column: &ColumnDef, place: &Place, more: &Operand<'_>) -> Written {
        write::plus(sql, column, place, more)
    }

    #[cfg(feature = "json")]
    fn document(&self, sql: &mut Statement, place: &Place, changes: &PathChanges, value: NthValue<'_>) -> Written {
        super::postgres_paths::document(sql, place, changes, value)
    }
}
