//! SQLite: everything that it writes, binds and reports differently.
//!
//! It needs 3.38, for `->>`.

use super::aggregate::End;
use super::assign::Operand;
use super::batch::Batch;
#[cfg(feature = "json")]
use super::dialect::NthValue;
use super::dialect::{Conflicts, Dialect, Isolation, Sealed, Syntax, Telling};
use super::joins::{Beside, keys_as_table};
use super::plan::Planner;
use super::render::{Term, and_filter, cells, misfit, successor};
use super::source::{Source, order_by, renumbered_places};
use super::sql::{Bind, Place, Statement, Written};
use super::sqlite_decimal;
use super::sqlite_keys::{KeyPart, PackedKeys};
use super::sqlite_write as write;
#[cfg(feature = "json")]
use crate::edit::PathChanges;
use crate::engine::{Fetch, Keyed, Keys};
use crate::entity::{Cell, Collation, ColumnDef, ColumnType, Excerpt, Raw, Unfit, Value, raw_sqlite};
use crate::group::{Case, Comparison, KeySet, TextTest};
#[cfg(feature = "json")]
use crate::group::{JsonStep, JsonTest};
use crate::store::{Capabilities, Capability, Fault, Lack};
use diesel::query_builder::AstPass;
use diesel::result::{DatabaseErrorInformation, QueryResult};
use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};
use diesel::sqlite::Sqlite;
use std::fmt;

/// A value in one of SQLite's storage classes.
#[derive(Debug)]
pub enum SqliteBind {
    Null,
    Bool(bool),
    Integer(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

impl fmt::Display for SqliteBind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("NULL"),
            Self::Bool(value) => value.fmt(f),
            Self::Integer(value) => value.fmt(f),
            Self::Real(value) => fmt::Debug::fmt(value, f),
            Self::Text(value) => Excerpt(value).fmt(f),
            Self::Blob(value) => write!(f, "{} bytes", value.len()),
        }
    }
}

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

    fn push<'b>(bind: &'b Bind, mut out: AstPass<'_, 'b, Self>) -> QueryResult<()> {
        const NULL: &Option<i64> = &None;
        match bind {
            Bind::Sqlite(bind) => match bind {
                SqliteBind::Null => out.push_bind_param::<Nullable<BigInt>, _>(NULL),
                SqliteBind::Bool(value) => out.push_bind_param::<Bool, _>(value),
                SqliteBind::Integer(value) => out.push_bind_param::<BigInt, _>(value),
                SqliteBind::Real(value) => out.push_bind_param::<Double, _>(value),
                SqliteBind::Text(value) => out.push_bind_param::<Text, _>(value),
                SqliteBind::Blob(value) => out.push_bind_param::<Binary, _>(value),
            },
            #[cfg(any(feature = "postgres", feature = "mysql"))]
            _ => Err(bind.foreign()),
        }
    }

    fn syntax() -> &'static dyn Syntax {
        &SqliteSyntax
    }
}

#[cfg(feature = "chrono")]
fn moment(column: &str, ty: ColumnType, value: &Value) -> Result<String, Fault> {
    use crate::entity::scalar_chrono::{date_of, time_of, timestamp_of};
    let zone = if ty == ColumnType::TimestampTz { "+00:00" } else { "" };
    // Diesel's own forms: whoever else writes this database with Diesel writes the same text.
    let text = match value {
        Value::Date(day) => date_of(*day).map(|date| date.format("%F").to_string()),
        Value::Time(micros) => time_of(*micros).map(|time| time.format("%T%.f").to_string()),
        Value::Timestamp(micros) => timestamp_of(*micros).map(|at| format!("{}{zone}", at.format("%F %T%.f"))),
        _ => None,
    };
    text.ok_or_else(|| Fault::Unfit(format!("`{column}` cannot hold {value}")))
}

#[cfg(not(feature = "chrono"))]
fn moment(_: &str, _: ColumnType, _: &Value) -> Result<String, Fault> {
    Err(Fault::Unsupported("keep dates and times on SQLite without the feature `chrono` of persist".to_owned()))
}

fn bound(column: &str, ty: ColumnType, value: &Value) -> Result<SqliteBind, Fault> {
    use ColumnType as Type;
    Ok(match (ty, value) {
        (_, Value::Null) => SqliteBind::Null,
        (Type::Bool, Value::Bool(v)) => SqliteBind::Bool(*v),
        (Type::SmallInt | Type::Integer | Type::BigInt, Value::Int(v)) => SqliteBind::Integer(*v),
        (Type::Float | Type::Double, Value::Float(v)) if v.is_nan() => {
            return Err(Lack::of(Capability::Nan).in_column(column).fault());
        }
        (Type::Float | Type::Double, Value::Float(v)) => SqliteBind::Real(*v),
        (Type::Text, Value::Text(v)) | (Type::Json | Type::Jsonb, Value::Json(v)) => SqliteBind::Text(v.clone()),
        (Type::Binary, Value::Bytes(v)) => SqliteBind::Blob(v.clone()),
        (Type::Uuid, Value::Uuid(v)) => SqliteBind::Blob(v.to_vec()),
        (Type::Decimal, Value::Decimal(v)) => SqliteBind::Text(v.to_string()),
        (Type::Date, Value::Date(_)) | (Type::Time, Value::Time(_)) => SqliteBind::Text(moment(column, ty, value)?),
        (Type::Timestamp | Type::TimestampTz, Value::Timestamp(_)) => SqliteBind::Text(moment(column, ty, value)?),
        (ty, _) => return Err(misfit(column, &format!("{ty:?}"), value)),
    })
}

/// A value as it is bound for the column at `place`.
pub(super) fn bound_at(place: &Place, value: &Value) -> Result<SqliteBind, Fault> {
    bound(place.name(), place.ty, value)
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

fn portable_text(place: &Place) -> bool {
    place.ty == ColumnType::Text && place.collation == Collation::Portable
}

/// The text at `place` as it is tested. `lower` knows the letters of ASCII only, and does not stop at a NUL, as `NOCASE`
/// does. (A connection that loads the ICU extension replaces it.)
fn folded<'s>(sql: &'s mut Statement, place: &Place, case: Case) -> &'s mut Statement {
    match case {
        Case::Counts => sql.place(place),
        Case::AsciiIgnored => sql.text("lower(").place(place).text(")"),
    }
}

/// A part of a key that the first rows are taken by.
enum Part {
    Packed(KeyPart),
    Selected(Place),
}

#[derive(Debug)]
struct SqliteSyntax;

static PLANNER: Planner = Planner { explain: "EXPLAIN QUERY PLAN ", cell: 3, settings: None, is_scan };

/// An automatic index is built for the one statement: that is a scan and more.
fn is_scan(line: &str, _: &[String]) -> bool {
    line.starts_with("SCAN ") || line.contains(" USING AUTOMATIC ")
}

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
    fn snapshot(&self) -> Option<Isolation> {
        None
    }

    fn planner(&self) -> &'static Planner {
        &PLANNER
    }

    fn fault(&self, error: &dyn DatabaseErrorInformation) -> Option<Fault> {
        let message = error.message();
        let after = |words: &str| message.split_once(words).map(|(_, rest)| rest.to_owned());
        if let Some(table) = after("no such table: ") {
            return Some(Fault::MissingTable(table));
        }
        if let Some(column) = after("no such column: ").or_else(|| after(" has no column named ")) {
            return Some(Fault::MissingColumn(column.rsplit('.').next().unwrap_or(&column).to_owned()));
        }
        match message {
            "string or blob too big" => return Some(Fault::TooLong(message.to_owned())),
            "integer overflow" => return Some(Fault::OutOfRange(message.to_owned())),
            "malformed JSON" => {
                return Some(Fault::Unfit("what is added to holds NULL, or JSON is malformed".to_owned()));
            }
            _ => {}
        }
        if message.contains("is not a database") || message.contains("malformed") {
            return Some(Fault::Corrupt(message.to_owned()));
        }
        if message.contains("is locked") {
            return Some(Fault::Locked);
        }
        if message.contains("attempt to write a readonly database") {
            return Some(Fault::ReadOnly);
        }
        if message.contains("disk is full") {
            return Some(Fault::Full);
        }
        after("UNIQUE constraint failed: ")
            .map(Fault::Duplicate)
            .or_else(|| after("NOT NULL constraint failed: ").map(Fault::NotNull))
            .or_else(|| after("CHECK constraint failed: ").map(Fault::Check))
    }

    fn value(&self, sql: &mut Statement, column: &ColumnDef, value: &Value) -> Written {
        sql.bind(Bind::Sqlite(bound(column.name, column.ty, value)?));
        Ok(())
    }

    fn compare(&self, sql: &mut Statement, place: &Place, how: Comparison, value: &Value) -> Written {
        let bind = || bound_at(place, value).map(Bind::Sqlite);
        let symbol = format!(" {} ", how.symbol());
        if let (ColumnType::Decimal, Value::Decimal(value)) = (place.ty, value) {
            sqlite_decimal::compare(sql, place, how, *value);
        } else if portable_text(place) {
            sql.place(place).text(&symbol).bind(bind()?).text(" COLLATE BINARY");
        } else if place.ty == ColumnType::Text && how == Comparison::Equal {
            // The column's own collation finds it in an index, and may find too much.
            sql.text("(").place(place).text(" = ").bind(bind()?).text(" AND ");
            sql.place(place).text(" = ").bind(bind()?).text(" COLLATE BINARY)");
        } else {
            sql.place(place).text(&symbol).bind(bind()?);
        }
        Ok(())
    }

    fn compare_places(&self, sql: &mut Statement, place: &Place, how: Comparison, other: &Place) -> Written {
        if place.ty == ColumnType::Decimal {
            sqlite_decimal::compare_places(sql, place, how, other);
            return Ok(());
        }
        sql.place(place).text(" ").text(how.symbol()).text(" ").place(other);
        let exact = place.ty == ColumnType::Text && (how == Comparison::Equal || portable_text(place));
        sql.text(if exact { " COLLATE BINARY" } else { "" });
        Ok(())
    }

    fn text_test(&self, sql: &mut Statement, place: &Place, test: TextTest, case: Case, text: &str) -> Written {
        let bind = |text: &str| Bind::Sqlite(SqliteBind::Text(text.to_owned()));
        match test {
            TextTest::Equals => folded(sql, place, case).text(" = ").bind(bind(text)).text(" COLLATE BINARY"),
            TextTest::Contains => folded(sql.text("instr("), place, case).text(", ").bind(bind(text)).text(") > 0"),
            // By bytes, since `length` of text stops at a NUL.
            TextTest::EndsWith => {
                folded(sql.text("substr(CAST("), place, case).text(" AS BLOB), -length(CAST(").bind(bind(text));
                sql.text(" AS BLOB))) = CAST(").bind(bind(text)).text(" AS BLOB)")
            }
            TextTest::StartsWith => {
                folded(sql.text("("), place, case).text(" >= ").bind(bind(text)).text(" COLLATE BINARY");
                if let Some(end) = successor(text) {
                    folded(sql.text(" AND "), place, case).text(" < ").bind(bind(&end)).text(" COLLATE BINARY");
                }
                sql.text(")")
            }
        };
        Ok(())
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
        let (outer, inner) = (Source::keyed(sql, fetch, keyed), Source::keyed(sql, fetch, keyed));
        let beside = Beside::of(sql, fetch);
        let inner_by = inner.scope.places(&keyed.by);
        sql.text("SELECT ");
        cells(sql, &[outer.scope.places(columns), beside.places()].concat())?;
        sql.text(" FROM ");
        let parts = match &keyed.keys {
            Keys::Given(keys) => {
                let PackedKeys { json, parts } = PackedKeys::of(&inner_by, keys)?;
                sql.text("json_each(").bind(json).text(") AS j");
                parts.into_iter().map(Part::Packed).collect()
            }
            Keys::Selected(_) => {
                let table = keys_as_table(sql, keyed)?;
                renumbered_places(&inner_by, table).into_iter().map(Part::Selected).collect::<Vec<_>>()
            }
        };
        sql.text(" CROSS JOIN ");
        outer.write(sql, &fetch.select)?;
        beside.write(sql, &outer.scope.places(&beside.locals()))?;
        // Nothing is asked of the outer row but its key: with more, the planner would go by the parent's index.
        let key = outer.scope.places(fetch.select.table.key);
        sql.text(" WHERE ").row(&key).text(" IN (SELECT ").text(self.row_head(&key));
        cells(sql, &inner.scope.places(fetch.select.table.key))?;
        sql.text(" FROM ");
        inner.write(sql, &fetch.select)?;
        sql.text(" WHERE ");
        sql.list(inner_by.iter().zip(parts), " AND ", |sql, (place, part)| {
            sql.place(place).text(" = ");
            match part {
                Part::Packed(part) => KeyPart::write(sql, part)?,
                Part::Selected(part) => drop(sql.place(&part)),
            }
            sql.text(self.exactly(place));
            Ok(())
        })?;
        and_filter(sql, inner.scope, &fetch.select)?;
        order_by(sql, &inner.order)?;
        sql.put(format_args!(" LIMIT {})", i64::try_from(most).unwrap_or(i64::MAX)));
        order_by(sql, &outer.order)
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
