//! PostgreSQL: everything that it writes, binds and reports differently.

use super::aggregate::End;
use super::assign::Operand;
use super::batch::Batch;
#[cfg(feature = "json")]
use super::dialect::NthValue;
use super::dialect::{Conflicts, Dialect, Isolation, Longest, Sealed, Syntax, Telling};
use super::insert;
use super::joins::{Beside, Firsts, keys_as_table};
use super::plan::Planner;
use super::postgres_bind::{PgBind, array, scalar};
use super::postgres_write as write;
use super::render::{Term, and_filter, cells, successor};
use super::source::{Expression, Ordered, Source, equal, numbered, order_by, renumbered_places};
use super::sql::{Alias, Bind, Place, PlaceName, Statement, Written};
#[cfg(feature = "json")]
use crate::edit::PathChanges;
use crate::engine::{Fetch, Keyed, Keys};
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

fn refuse_json(place: &Place) -> Written {
    match place.ty {
        ColumnType::Json => Err(Lack::of(Capability::JsonEquality).in_column(place.name()).fault()),
        _ => Ok(()),
    }
}

fn write_value(sql: &mut Statement, column: &str, ty: ColumnType, value: &Value) -> Written {
    sql.bind(Bind::Pg(scalar(column, ty, value)?)).text(cast(ty));
    Ok(())
}

fn text(place: &Place, text: &str) -> Result<Bind, Fault> {
    scalar(place.name(), ColumnType::Text, &Value::from(text)).map(Bind::Pg)
}

/// The text at `place` as it is tested. By code point `lower` knows the letters of ASCII only.
fn folded<'s>(sql: &'s mut Statement, place: &Place, case: Case) -> &'s mut Statement {
    match case {
        Case::Counts => sql.place(place),
        Case::AsciiIgnored => sql.text("lower(").place(place).text(BY_CODE_POINT).text(")"),
    }
}

/// An array for each part of the keys.
fn arrays(sql: &mut Statement, places: &[Place], keys: &KeySet) -> Written {
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

fn collation(place: &Place) -> &'static str {
    if place.ty == ColumnType::Text && place.collation == Collation::Portable { BY_CODE_POINT } else { "" }
}

/// The number of a key in a table of `width` columns and its number.
const fn nth_key(keys: Alias, width: usize) -> Ordered {
    let (name, collation) = (PlaceName::Nth(width), Collation::Native);
    let place = Place { alias: keys, name, ty: ColumnType::BigInt, nullable: false, collation };
    Ordered { by: Expression::Place(place), descending: false }
}

#[derive(Debug)]
struct PgSyntax;

/// Where all else is discouraged, a table is read by a bitmap of one of its indexes if one serves at all: without these, a
/// small table would be scanned although it has an index, and an index that only has the order would be read whole.
static PLANNER: Planner = Planner {
    explain: "EXPLAIN (COSTS OFF) ",
    cell: 0,
    settings: Some(
        "SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off; SET LOCAL enable_indexonlyscan = off; \
         SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off",
    ),
    is_scan,
};

fn is_scan(line: &str, below: &[String]) -> bool {
    let by_index = line.contains("Index Scan ") || line.contains("Index Only Scan ");
    // An index that is read without a condition is read from end to end.
    let mut own = below.iter().take_while(|line| !line.contains("->"));
    line.contains("Seq Scan on ")
        || (by_index && !line.contains("Bitmap") && !own.any(|line| line.contains("Index Cond:")))
}

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

    fn snapshot(&self) -> Option<Isolation> {
        Some(Isolation::AfterBegin("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
    }

    fn planner(&self) -> &'static Planner {
        &PLANNER
    }

    fn fault(&self, error: &dyn DatabaseErrorInformation) -> Option<Fault> {
        let message = error.message();
        let quoted = || message.split('"').nth(1).unwrap_or(message).to_owned();
        if message.starts_with("relation ") && message.ends_with(" does not exist") {
            return Some(Fault::MissingTable(quoted()));
        }
        if message.starts_with("column ") && message.contains(" does not exist") {
            let name = message.trim_start_matches("column ");
            let name = name.split(" of relation ").next().unwrap_or(name);
            let name = name.split(" does not exist").next().unwrap_or(name).trim_matches('"');
            return Some(Fault::MissingColumn(name.rsplit('.').next().unwrap_or(name).trim_matches('"').to_owned()));
        }
        if message.contains("due to lock timeout") || message.starts_with("could not obtain lock") {
            return Some(Fault::Locked);
        }
        if message.contains("deadlock detected") {
            return Some(Fault::Serialization);
        }
        if message.starts_with("value too long for type ") {
            return Some(Fault::TooLong(message.to_owned()));
        }
        let overflow = ["out of range", "numeric field overflow"];
        if overflow.iter().any(|words| message.contains(words)) {
            return Some(Fault::OutOfRange(message.to_owned()));
        }
        if message.starts_with("invalid input syntax for type ") {
            return Some(Fault::Unfit(message.to_owned()));
        }
        if message.contains("in a read-only transaction") {
            return Some(Fault::ReadOnly);
        }
        if message.starts_with("canceling statement due to statement timeout") {
            return Some(Fault::Timeout);
        }
        if message.contains("No space left on device") || message.starts_with("could not extend file") {
            return Some(Fault::Full);
        }
        let lost = ["server closed the connection", "terminating connection", "no connection to the server"];
        lost.iter().any(|words| message.contains(words)).then_some(Fault::Closed)
    }

    fn value(&self, sql: &mut Statement, column: &ColumnDef, value: &Value) -> Written {
        write_value(sql, column.name, column.ty, value)
    }

    fn compare(&self, sql: &mut Statement, place: &Place, how: Comparison, value: &Value) -> Written {
        refuse_json(place)?;
        sql.place(place).text(" ").text(how.symbol()).text(" ");
        write_value(sql, place.name(), place.ty, value)?;
        // Equality is exact in every (deterministic) collation, and an index of the column's own serves it.
        if how != Comparison::Equal {
            sql.text(collation(place));
        }
        Ok(())
    }

    fn compare_places(&self, sql: &mut Statement, place: &Place, how: Comparison, other: &Place) -> Written {
        refuse_json(place)?;
        sql.place(place).text(" ").text(how.symbol()).text(" ").place(other);
        // Equality is exact in every collation, but two columns of different ones need one to be named.
        sql.text(if place.ty == ColumnType::Text && how == Comparison::Equal {
            BY_CODE_POINT
        } else {
            collation(place)
        });
        Ok(())
    }

    fn text_test(&self, sql: &mut Statement, place: &Place, test: TextTest, case: Case, wanted: &str) -> Written {
        match test {
            TextTest::Equals => {
                folded(sql, place, case).text(" = ").bind(text(place, wanted)?).text(BY_CODE_POINT);
            }
            TextTest::Contains => {
                folded(sql.text("strpos("), place, case).text(", ").bind(text(place, wanted)?).text(") > 0");
            }
            TextTest::EndsWith => {
                folded(sql.text("right("), place, case).text(", char_length(").bind(text(place, wanted)?);
                sql.text(")) = ").bind(text(place, wanted)?);
            }
            TextTest::StartsWith => {
                folded(sql.text("("), place, case).text(" >= ").bind(text(place, wanted)?).text(BY_CODE_POINT);
                if let Some(end) = successor(wanted) {
                    folded(sql.text(" AND "), place, case).text(" < ").bind(text(place, &end)?).text(BY_CODE_POINT);
                }
                sql.text(")");
            }
        }
        Ok(())
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
        let inner = Source::keyed(sql, fetch, keyed);
        let (rows, beside) = (sql.alias(), Beside::of(sql, fetch));
        let by = inner.scope.places(&keyed.by);
        // What the outer order and the joins need, the inner select gives.
        let Firsts { given, columns, locals, mut order } = Firsts::of(&inner, columns, &beside, rows);
        sql.text("SELECT ");
        cells(sql, &[columns, beside.places()].concat())?;
        sql.text(" FROM ");
        let keys = match &keyed.keys {
            Keys::Given(given) => {
                let keys = sql.alias();
                sql.text("unnest(");
                arrays(sql, &by, given)?;
                sql.text(") WITH ORDINALITY AS ").alias_name(keys).text("(");
                // Rows come key by key. Ordered by the numbers of the keys first, they are in order before they are
                // sorted, which PostgreSQL looks for, and it compares numbers.
                order.insert(0, nth_key(keys, by.len()));
                sql.list(0..=by.len(), ", ", |sql, part| {
                    sql.put(format_args!("c{part}"));
                    Ok(())
                })?;
                sql.text(")");
                keys
            }
            Keys::Selected(_) => keys_as_table(sql, keyed)?,
        };
        sql.text(" CROSS JOIN LATERAL (SELECT ");
        numbered(sql, &given)?;
        sql.text(" FROM ");
        inner.write(sql, &fetch.select)?;
        sql.text(" WHERE ");
        equal(sql, &by, &renumbered_places(&by, keys))?;
        and_filter(sql, inner.scope, &fetch.select)?;
        order_by(sql, &inner.order)?;
        sql.put(format_args!(" LIMIT {}) AS ", i64::try_from(most).unwrap_or(i64::MAX))).alias_name(rows);
        beside.write(sql, &locals)?;
        order_by(sql, &order)
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
