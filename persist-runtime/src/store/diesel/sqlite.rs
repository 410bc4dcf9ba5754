//! SQLite: everything that it writes, binds and reports differently.
//!
//! It needs 3.38, for `->>`.

use super::aggregate::End;
use super::assign::Operand;
use super::batch::Batch;
use super::bind::Bind;
#[cfg(feature = "json")]
use super::dialect::NthValue;
use super::dialect::{Dialect, Sealed, Syntax};
use super::plan::Planner;
use super::render::Term;
use super::sql::{Place, Statement, Written};
use super::sqlite_bind::{SqliteBind, bound};
use super::sqlite_decimal;
use super::sqlite_keys::{KeyPart, PackedKeys};
use super::sqlite_write as write;
use super::ways::{Conflicts, Isolation, Telling};
#[cfg(feature = "json")]
use crate::edit::PathChanges;
use crate::engine::{Fetch, Keyed};
use crate::entity::{Cell, Collation, ColumnDef, ColumnType, Raw, Unfit, Value, raw_sqlite};
use crate::group::{Case, Comparison, KeySet, TextTest};
#[cfg(feature = "json")]
use crate::group::{JsonStep, JsonTest};
use crate::store::{Capabilities, Capability, Fault};
use diesel::query_builder::AstPass;
use diesel::result::{DatabaseErrorInformation, QueryResult};
use diesel::sqlite::Sqlite;

impl Sealed for Sqlite {}

impl Dialect for Sqlite {
    /// Any row may hold a value of any class.
    type Heading = ();

    fn heading(_: usize) -> Self::Heading {}

    #[inline(always)]
    fn raw(value: Self::RawValue<'_>) -> Raw<'_> {
        Raw(Cell::Sqlite(value))
    }

    #[inline(always)]
    fn integer(value: &mut Self::RawValue<'_>, (): &(), _: usize) -> Result<i64, Unfit> {
        raw_sqlite::integer_in(value)
    }

    #[inline(always)]
    fn expect_text(value: &mut Self::RawValue<'_>, (): &(), _: usize) -> Result<(), Unfit> {
        raw_sqlite::expect_text(value)
    }

    #[inline(always)]
    fn text(value: Self::RawValue<'_>) -> Result<String, Unfit> {
        raw_sqlite::utf8(value)
    }

    fn push<'b>(bind: &'b Bind, out: AstPass<'_, 'b, Self>) -> QueryResult<()> {
        match bind {
            Bind::Sqlite(bind) => bind.push(out),
            #[cfg(any(feature = "postgres", feature = "mysql"))]
            _ => Err(bind.foreign()),
        }
    }

    fn syntax() -> &'static dyn Syntax {
        &SqliteSyntax
    }
}

/// The affinity that columns of a type are declared with.
const fn affinity(ty: ColumnType) -> u8 {
    use ColumnType as Type;
    match ty {
        Type::Bool | Type::SmallInt | Type::Integer | Type::BigInt | Type::Float | Type::Double | Type::Decimal => 0,
        Type::Binary | Type::Uuid => 1,
        _ => 2,
    }
}

pub(super) fn portable_text(place: &Place) -> bool {
    place.ty == ColumnType::Text && place.collation == Collation::Portable
}

#[derive(Debug)]
struct SqliteSyntax;

impl Syntax for SqliteSyntax {
    fn name(&self) -> &'static str {
        "SQLite"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::ALL.without(Capability::ExactSums).without(Capability::Nan)
    }

    fn max_binds(&self) -> usize {
        32_766
    }

    fn quote(&self) -> char {
        '`'
    }

    fn placeholder(&self, nth: usize) -> String {
        format!("?{nth}")
    }

    /// A transaction sees one state from its first read on.
    fn snapshot(&self) -> Option<&'static str> {
        None
    }

    fn planner(&self) -> &'static Planner {
        &super::sqlite_plan::PLANNER
    }

    fn fault(&self, error: &dyn DatabaseErrorInformation) -> Option<Fault> {
        super::sqlite_fault::fault(error.message())
    }

    fn value(&self, sql: &mut Statement, column: &ColumnDef, value: &Value) -> Written {
        sql.bind(Bind::Sqlite(bound(column.name, column.ty, value)?));
        Ok(())
    }

    fn compare(&self, sql: &mut Statement, place: &Place, how: Comparison, value: &Value) -> Written {
        super::sqlite_compare::compare(sql, place, how, value)
    }

    fn compare_places(&self, sql: &mut Statement, place: &Place, how: Comparison, other: &Place) -> Written {
        super::sqlite_compare::compare_places(sql, place, how, other)
    }

    fn text_test(&self, sql: &mut Statement, place: &Place, test: TextTest, case: Case, wanted: &str) -> Written {
        super::sqlite_compare::text_test(sql, place, test, case, wanted)
    }

    #[cfg(feature = "json")]
    fn json_test(&self, sql: &mut Statement, place: &Place, path: &[JsonStep], test: &JsonTest) -> Written {
        super::sqlite_paths::json_test(sql, place, path, test)
    }

    fn in_keys(&self, sql: &mut Statement, places: &[Place], keys: &KeySet) -> Written {
        let PackedKeys { json, parts } = PackedKeys::of(places, keys)?;
        sql.row(places).text(" IN (SELECT ").text(self.row_head(places));
        sql.list(parts, ", ", KeyPart::write)?;
        sql.text(" FROM json_each(").bind(json).text(") AS j)");
        Ok(())
    }

    /// For a row value SQLite (3.40 at least) takes the affinity of the first column for that of all, and finds no
    /// index for a column of another: `(number, text) IN (SELECT ..)` goes by the number alone. A constant has none.
    fn row_head(&self, places: &[Place]) -> &'static str {
        let mixed = places.windows(2).any(|pair| matches!(pair, [a, b] if affinity(a.ty) != affinity(b.ty)));
        if mixed { "1, " } else { "" }
    }

    /// Not with text: no index serves a collation within a row value.
    fn compares_rows(&self, places: &[Place]) -> bool {
        !places.iter().any(portable_text)
    }

    /// Two sets over the columns of one index would be a lookup for each pair of their members.
    fn aside(&self) -> &'static str {
        "+"
    }

    /// Not within a row value: no index would serve it then.
    fn exactly(&self, place: &Place) -> &'static str {
        if portable_text(place) { " COLLATE BINARY" } else { "" }
    }

    fn grouped(&self, sql: &mut Statement, place: &Place) {
        match place.ty {
            ColumnType::Decimal => drop(sqlite_decimal::canonical(sql, place)),
            _ => drop(sql.place(place).text(self.exactly(place))),
        }
    }

    fn extreme(&self, sql: &mut Statement, place: &Place, end: End) -> Written {
        if place.ty == ColumnType::Decimal {
            sqlite_decimal::extreme(sql, place, end);
        } else {
            sql.text(end.function()).text("(").place(place).text(self.exactly(place)).text(")");
        }
        Ok(())
    }

    fn sum(&self, sql: &mut Statement, place: &Place) -> Written {
        match place.ty {
            ColumnType::Decimal => sql.text("group_concat(").place(place).text(", ' ')"),
            // In two parts, neither of which can overflow: SQLite would fail as a whole, and name no row.
            ColumnType::BigInt => {
                sql.text("sum(").place(place).text(" / 1000000000) || 'e9 ' || sum(").place(place);
                sql.text(" % 1000000000)")
            }
            _ => sql.text("sum(").place(place).text(")"),
        };
        Ok(())
    }

    fn order_term(&self, sql: &mut Statement, term: &Term) -> Written {
        if term.place.ty == ColumnType::Decimal {
            sqlite_decimal::order(sql, &term.place, term.descending);
            return Ok(());
        }
        sql.place(&term.place).text(self.exactly(&term.place));
        sql.text(if term.descending { " DESC" } else { "" });
        Ok(())
    }

    fn cut(&self, sql: &mut Statement, limit: Option<u64>, offset: u64) -> Written {
        let bind = |number: u64| Bind::Sqlite(SqliteBind::Integer(i64::try_from(number).unwrap_or(i64::MAX)));
        match limit {
            Some(limit) => sql.text(" LIMIT ").bind(bind(limit)),
            None => sql.text(" LIMIT -1"),
        };
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
        super::sqlite_firsts::first_of_each(sql, fetch, keyed, most, columns)
    }

    fn locks_rows(&self) -> bool {
        false
    }

    fn conflicts(&self) -> Conflicts {
        Conflicts::Named { exact: false }
    }

    /// An answer passes through a table of its own, and of many rows costs more than to read them again.
    fn telling(&self, batch: &Batch<'_>) -> Telling {
        let many = batch.rows.len() > 1 && self.keeps(batch.rows.len(), batch.lanes.len());
        if many && !write::must_tell(batch) { Telling::Later } else { Telling::Written }
    }

    /// So few that a full statement is prepared once and kept: to prepare one costs several times what running it does.
    fn most_rows(&self, values: usize) -> usize {
        (write::BINDS_KEPT / values.max(1)).max(1)
    }

    fn keeps(&self, rows: usize, values: usize) -> bool {
        rows == 1 || rows == self.most_rows(values)
    }

    fn change(&self, sql: &mut Statement, batch: &Batch<'_>) -> Written {
        write::change(sql, batch)
    }

    /// Whoever reads first and writes then fails where another has written meanwhile, at once and whatever the timeout is;
    /// who has begun to write waits for others at the beginning, and never again. Diesel cannot begin so.
    fn beginning(&self) -> Option<Isolation> {
        Some(Isolation::Again("BEGIN IMMEDIATE"))
    }

    fn same(&self, sql: &mut Statement, _: &ColumnDef, place: &Place, other: &Operand<'_>) -> Written {
        write::same(sql, place, other)
    }

    fn plus(&self, sql: &mut Statement, column: &ColumnDef, place: &Place, more: &Operand<'_>) -> Written {
        write::plus(sql, column, place, more)
    }

    #[cfg(feature = "json")]
    fn document(&self, sql: &mut Statement, place: &Place, changes: &PathChanges, value: NthValue<'_>) -> Written {
        super::sqlite_paths::document(sql, place, changes, value)
    }
}
