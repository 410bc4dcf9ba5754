//! MySQL (8.0.17 or newer) and MariaDB (10.6 or newer): everything that they write, bind and report differently.
//!
//! Both get the same text; where they must differ, it is in comments that only one of them executes. Assumed is what
//! is the default: InnoDB, a strict `sql_mode` (a value that does not fit is an error then), and a connection in
//! `utf8mb4` and UTC, which Diesel's connections see to.
//!
//! Text compares by code point, without padding. That is said of the value, not of the column: an index on a `utf8mb4`
//! column of *any* collation then serves equality and key sets, since the comparison is the stricter one. It serves `<`
//! and `>` where the column is in that collation (`utf8mb4_nopad_bin`, on MySQL `utf8mb4_0900_bin`), and an order where
//! the entity has [`Collation::Native`]. Columns in other character sets compare as well, without their indexes.

use super::aggregate::End;
use super::assign::Operand;
use super::batch::Batch;
use super::bind::Bind;
#[cfg(feature = "json")]
use super::dialect::NthValue;
use super::dialect::{Dialect, Sealed, Syntax};
use super::mysql_bind::{MysqlBind, bound};
use super::mysql_keys::{list_of_keys, select_keys};
use super::mysql_write as write;
use super::plan::Planner;
use super::render::{Scope, Term};
use super::sql::{Place, Statement, Written};
use super::ways::{Conflicts, Isolation, Longest, Telling};
#[cfg(feature = "json")]
use crate::edit::PathChanges;
use crate::edit::Upsert;
use crate::engine::{Fetch, Keyed};
use crate::entity::{Cell, Collation, ColumnDef, ColumnType, Raw, Unfit, Value, raw_mysql};
use crate::group::{Case, Comparison, KeySet, Select, TextTest};
#[cfg(feature = "json")]
use crate::group::{JsonStep, JsonTest};
use crate::store::{Capabilities, Capability, Fault, Lack};
use diesel::mysql::Mysql;
use diesel::query_builder::AstPass;
use diesel::result::{DatabaseErrorInformation, QueryResult};

/// The collation of code points that does not pad: MariaDB's, and MySQL's.
pub(crate) const CODE_POINTS: &str = " /*M! COLLATE utf8mb4_nopad_bin *//*!80017 COLLATE utf8mb4_0900_bin */";

/// How many bytes of values a statement is given, unless one row has more.
pub(super) const MOST_BYTES: usize = 4 << 20;

impl Sealed for Mysql {}

impl Dialect for Mysql {
    type Heading = ();

    fn heading(_: usize) -> Self::Heading {}

    #[inline(always)]
    fn raw(value: Self::RawValue<'_>) -> Raw<'_> {
        Raw(Cell::Mysql(value))
    }

    #[inline(always)]
    fn integer(value: &mut Self::RawValue<'_>, (): &(), _: usize) -> Result<i64, Unfit> {
        raw_mysql::integer(value)
    }

    /// The reader looks at the type itself: text and byte strings are told apart by their content.
    #[inline(always)]
    fn expect_text(_: &mut Self::RawValue<'_>, (): &(), _: usize) -> Result<(), Unfit> {
        Ok(())
    }

    #[inline(always)]
    fn text(value: Self::RawValue<'_>) -> Result<String, Unfit> {
        raw_mysql::text(&value)
    }

    fn push<'b>(bind: &'b Bind, out: AstPass<'_, 'b, Self>) -> QueryResult<()> {
        match bind {
            Bind::Mysql(bind) => bind.push(out),
            #[cfg(any(feature = "sqlite", feature = "postgres"))]
            _ => Err(bind.foreign()),
        }
    }

    fn syntax() -> &'static dyn Syntax {
        &MysqlSyntax
    }
}

/// What `write` writes, as a JSON document: on MariaDB that is its text, on MySQL a type of its own.
pub(super) fn as_json(sql: &mut Statement, write: impl FnOnce(&mut Statement) -> &mut Statement) -> &mut Statement {
    write(sql.text("/*!80000 CAST( */")).text("/*!80000 AS JSON)*/")
}

#[derive(Debug)]
struct MysqlSyntax;

impl Syntax for MysqlSyntax {
    fn name(&self) -> &'static str {
        "MySQL"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::ALL.without(Capability::JsonOrder).without(Capability::Infinity).without(Capability::Nan)
    }

    fn max_binds(&self) -> usize {
        65_535
    }

    fn quote(&self) -> char {
        '`'
    }

    fn placeholder(&self, _: usize) -> String {
        "?".to_owned()
    }

    /// The state is the one at the first read.
    fn snapshot(&self) -> Option<&'static str> {
        Some("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; START TRANSACTION READ ONLY")
    }

    fn planner(&self) -> &'static Planner {
        &super::mysql_plan::PLANNER
    }

    fn fault(&self, error: &dyn DatabaseErrorInformation) -> Option<Fault> {
        super::mysql_fault::fault(error.message())
    }

    fn value(&self, sql: &mut Statement, column: &ColumnDef, value: &Value) -> Written {
        sql.bind(Bind::Mysql(bound(column.name, column.ty, value)?));
        Ok(())
    }

    fn compare(&self, sql: &mut Statement, place: &Place, how: Comparison, value: &Value) -> Written {
        super::mysql_compare::compare(sql, place, how, value)
    }

    fn compare_places(&self, sql: &mut Statement, place: &Place, how: Comparison, other: &Place) -> Written {
        super::mysql_compare::compare_places(sql, place, how, other)
    }

    fn text_test(&self, sql: &mut Statement, place: &Place, test: TextTest, case: Case, wanted: &str) -> Written {
        super::mysql_compare::text_test(sql, place, test, case, wanted)
    }

    #[cfg(feature = "json")]
    fn json_test(&self, sql: &mut Statement, place: &Place, path: &[JsonStep], test: &JsonTest) -> Written {
        super::mysql_paths::json_test(sql, place, path, test)
    }

    fn in_keys(&self, sql: &mut Statement, places: &[Place], keys: &KeySet) -> Written {
        // Elsewhere MariaDB remembers what it has looked for by the column's collation, and takes "A" for "a"; and there
        // no index would serve anyway.
        let exactly = sql.is_nested();
        sql.text("(");
        sql.list(places, ", ", |sql, place| {
            sql.place(place).text(if exactly && place.ty == ColumnType::Text { CODE_POINTS } else { "" });
            Ok(())
        })?;
        sql.text(") IN (");
        select_keys(sql, places, keys)?;
        sql.text(")");
        Ok(())
    }

    fn found_by_keys(&self, sql: &mut Statement, places: &[Place], keys: &KeySet, unique: bool) -> Written {
        match places {
            [place] if list_of_keys(sql, place, keys, unique)? => Ok(()),
            _ => self.in_keys(sql, places, keys),
        }
    }

    fn derives_unions(&self) -> bool {
        true
    }

    fn row_head(&self, _: &[Place]) -> &'static str {
        ""
    }

    fn exactly(&self, _: &Place) -> &'static str {
        ""
    }

    /// By the place too, since it is selected.
    fn grouped(&self, sql: &mut Statement, place: &Place) {
        sql.place(place);
        if place.ty == ColumnType::Text {
            sql.text(", ").place(place).text(CODE_POINTS);
        }
    }

    fn extreme(&self, sql: &mut Statement, place: &Place, end: End) -> Written {
        if place.ty.is_json() {
            return Err(Lack::of(Capability::JsonOrder).in_column(place.name()).fault());
        }
        sql.text(end.function()).text("(").place(place);
        if place.ty == ColumnType::Text && place.collation == Collation::Portable {
            sql.text(CODE_POINTS);
        }
        sql.text(")");
        Ok(())
    }

    fn sum(&self, sql: &mut Statement, place: &Place) -> Written {
        sql.text("sum(").place(place).text(")");
        Ok(())
    }

    /// NULLs are in their places by themselves.
    fn order_term(&self, sql: &mut Statement, term: &Term) -> Written {
        sql.place(&term.place);
        if term.place.ty == ColumnType::Text && term.place.collation == Collation::Portable {
            sql.text(CODE_POINTS);
        }
        sql.text(if term.descending { " DESC" } else { "" });
        Ok(())
    }

    fn cut(&self, sql: &mut Statement, limit: Option<u64>, offset: u64) -> Written {
        let bind = |number: u64| Bind::Mysql(MysqlBind::Integer(i64::try_from(number).unwrap_or(i64::MAX)));
        // There is no offset without a limit.
        sql.text(" LIMIT ").bind(bind(limit.unwrap_or(u64::MAX)));
        if offset > 0 {
            sql.text(" OFFSET ").bind(bind(offset));
        }
        Ok(())
    }

    /// They are not at hand when this is asked: texts are taken to be of 200 bytes, other values are of 40 at most.
    fn most_keys(&self, columns: &[ColumnDef]) -> usize {
        let bytes = |column: &ColumnDef| match column.ty {
            ColumnType::Text | ColumnType::Binary | ColumnType::Json | ColumnType::Jsonb => 200,
            _ => 40,
        };
        MOST_BYTES / columns.iter().map(bytes).sum::<usize>().max(1)
    }

    fn first_of_each(
        &self,
        sql: &mut Statement,
        fetch: &Fetch,
        keyed: &Keyed,
        most: u64,
        columns: &[ColumnDef],
    ) -> Written {
        super::mysql_firsts::first_of_each(sql, fetch, keyed, most, columns)
    }

    fn most_firsts(&self, fetch: &Fetch, keyed: &Keyed) -> usize {
        super::mysql_firsts::most_firsts(&Self, fetch, keyed)
    }

    fn telling(&self, batch: &Batch<'_>) -> Telling {
        match batch.is_single() {
            _ if batch.is_checked() => Telling::Nothing,
            // Diesel's connections count the rows that are found, also those that hold the new values already.
            true if batch.deletes || batch.returning.is_empty() => Telling::Count,
            false if batch.deletes => Telling::Nothing,
            _ => Telling::Later,
        }
    }

    fn most_rows(&self, _: usize) -> usize {
        10_000
    }

    /// A quarter of what MariaDB takes unless it is told otherwise, and what MySQL 5 took.
    fn most_bytes(&self) -> usize {
        MOST_BYTES
    }

    fn longest(&self) -> Longest {
        Longest::Asked("SELECT CAST(@@max_allowed_packet AS SIGNED)")
    }

    /// Only the rows that are found are locked then, not what is between them; so it is at every level for one row that its
    /// key finds, unless the index may take other texts for the same.
    fn writing(&self, batches: &[Batch<'_>]) -> Option<Isolation> {
        let is_exact = |batch: &Batch<'_>| {
            batch.is_single() && batch.is_by_key() && batch.by.iter().all(|column| column.ty != ColumnType::Text)
        };
        if matches!(batches, [only] if is_exact(only)) {
            return None;
        }
        Some(Isolation::BeforeBegin("SET TRANSACTION ISOLATION LEVEL READ COMMITTED"))
    }

    fn sees_past(&self) -> bool {
        true
    }

    fn lock(&self, sql: &mut Statement, batch: &Batch<'_>, columns: &[ColumnDef]) -> Written {
        write::lock(sql, batch, columns)
    }

    fn target(&self, sql: &mut Statement, place: &Place) {
        sql.place(place);
    }

    fn given(&self, sql: &mut Statement, place: &Place) {
        write::given(sql, place);
    }

    fn change(&self, sql: &mut Statement, batch: &Batch<'_>) -> Written {
        write::change(sql, batch)
    }

    fn change_all(&self, sql: &mut Statement, batch: &Batch<'_>, select: &Select) -> Written {
        write::change_all(sql, batch, select)
    }

    fn defaults(&self) -> &'static str {
        "() VALUES ()"
    }

    fn conflicts(&self) -> Conflicts {
        Conflicts::Raised(write::RAISED)
    }

    fn taken(&self, sql: &mut Statement, upsert: &Upsert, _: Scope) -> Written {
        write::raise(sql, upsert);
        Ok(())
    }

    /// MariaDB answers, MySQL does not.
    fn returned(&self, sql: &mut Statement, write: &dyn Fn(&mut Statement)) {
        sql.text(" /*M!");
        write(sql);
        sql.text(" */");
    }

    /// Rows are looked at before they are changed.
    fn same(&self, _: &mut Statement, _: &ColumnDef, place: &Place, _: &Operand<'_>) -> Written {
        Err(Fault::Unsupported(format!("expect what `{}` holds in one statement", place.name())))
    }

    fn plus(&self, sql: &mut Statement, column: &ColumnDef, place: &Place, more: &Operand<'_>) -> Written {
        write::plus(sql, column, place, more)
    }

    #[cfg(feature = "json")]
    fn document(&self, sql: &mut Statement, place: &Place, changes: &PathChanges, value: NthValue<'_>) -> Written {
        super::mysql_paths::document(sql, place, changes, value)
    }
}
