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
#[cfg(feature = "json")]
use super::dialect::NthValue;
use super::dialect::{Conflicts, Dialect, Isolation, Longest, Sealed, Syntax, Telling};
use super::joins::{Beside, Firsts};
use super::mysql_bind::{MysqlBind, bound, decimal_type, scale_of};
use super::mysql_keys::{list_of_keys, select_keys};
use super::mysql_write as write;
use super::plan::Planner;
use super::render::{Scope, Term, and_filter, cells, statement};
use super::source::{Source, numbered, order_by};
use super::sql::{Bind, Place, Statement, Written};
#[cfg(feature = "json")]
use crate::edit::PathChanges;
use crate::edit::Upsert;
use crate::engine::{Fetch, Keyed, Keys};
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

/// How many selects stand in one statement that takes the first rows of each key; there is one for each key, and the
/// next larger of these numbers, so that there are few texts of a statement.
const SELECTS: [usize; 4] = [1, 8, 32, 128];

/// How many bytes of values a statement is given, unless one row has more.
const MOST_BYTES: usize = 4 << 20;

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

pub(super) fn text(text: &str) -> Bind {
    Bind::Mysql(MysqlBind::Text(text.to_owned()))
}

/// A pattern for the texts that begin with `prefix`, where `!` escapes.
fn beginning(prefix: &str) -> String {
    let mut pattern = String::with_capacity(prefix.len() + 1);
    for c in prefix.chars() {
        pattern.push_str(if matches!(c, '%' | '_' | '!') { "!" } else { "" });
        pattern.push(c);
    }
    pattern + "%"
}

/// A regular expression for a test that ignores the case of ASCII letters and of no others.
fn expression(test: TextTest, wanted: &str) -> String {
    let mut expression = String::from("(?-i)");
    expression.push_str(if matches!(test, TextTest::Equals | TextTest::StartsWith) { "\\A" } else { "" });
    for c in wanted.chars() {
        if c.is_ascii_alphabetic() {
            expression.extend(['[', c.to_ascii_lowercase(), c.to_ascii_uppercase(), ']']);
        } else {
            expression.push_str(if c.is_ascii_punctuation() { "\\" } else { "" });
            expression.push(c);
        }
    }
    expression.push_str(if matches!(test, TextTest::Equals | TextTest::EndsWith) { "\\z" } else { "" });
    expression
}

/// What stands in `message` between `before` and the next `after`.
fn between(message: &str, before: &str, after: &str) -> Option<String> {
    let (_, rest) = message.split_once(before)?;
    rest.split_once(after).map(|(inside, _)| inside.to_owned())
}

/// The last part of a dotted name.
fn last(name: &str) -> String {
    name.rsplit('.').next().unwrap_or(name).trim_matches('`').to_owned()
}

static PLANNER: Planner = Planner { explain: "EXPLAIN FORMAT=JSON ", cell: 0, settings: None, is_scan };

/// A small table is scanned although it has an index, so what is asked is whether there is one that could be used.
fn is_scan(line: &str, below: &[String]) -> bool {
    let is_table = |line: &str| line.trim_start().starts_with("\"table_name\":");
    let mut own = below.iter().map(|line| line.trim_start()).take_while(|line| !is_table(line));
    let is_whole =
        |line: &str| ["\"access_type\": \"ALL\"", "\"access_type\": \"index\""].iter().any(|ty| line.starts_with(ty));
    is_table(line) && own.clone().any(is_whole) && !own.any(|line| line.starts_with("\"possible_keys\":"))
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
    fn snapshot(&self) -> Option<Isolation> {
        Some(Isolation::BeforeBegin("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
    }

    fn planner(&self) -> &'static Planner {
        &PLANNER
    }

    fn fault(&self, error: &dyn DatabaseErrorInformation) -> Option<Fault> {
        fault(error.message())
    }

    fn value(&self, sql: &mut Statement, column: &ColumnDef, value: &Value) -> Written {
        sql.bind(Bind::Mysql(bound(column.name, column.ty, value)?));
        Ok(())
    }

    fn compare(&self, sql: &mut Statement, place: &Place, how: Comparison, value: &Value) -> Written {
        let bind = Bind::Mysql(bound(place.name(), place.ty, value)?);
        if place.ty.is_json() && how != Comparison::Equal {
            return Err(Lack::of(Capability::JsonOrder).in_column(place.name()).fault());
        }
        sql.place(place).text(" ").text(how.symbol()).text(" ");
        match place.ty {
            // Equality is exact for every collation, and an index of the column's own serves it.
            ColumnType::Text if how == Comparison::Equal || place.collation == Collation::Portable => {
                sql.bind(bind).text(CODE_POINTS);
            }
            // As text it would compare as a float.
            ColumnType::Decimal => {
                sql.text("CAST(").bind(bind).put(format_args!(" AS {})", decimal_type(scale_of(value))));
            }
            ty if ty.is_json() => {
                as_json(sql, |sql| sql.bind(bind));
            }
            _ => {
                sql.bind(bind);
            }
        }
        Ok(())
    }

    fn compare_places(&self, sql: &mut Statement, place: &Place, how: Comparison, other: &Place) -> Written {
        if place.ty.is_json() && how != Comparison::Equal {
            return Err(Lack::of(Capability::JsonOrder).in_column(place.name()).fault());
        }
        sql.place(place).text(" ").text(how.symbol()).text(" ").place(other);
        let exact = how == Comparison::Equal || place.collation == Collation::Portable;
        sql.text(if place.ty == ColumnType::Text && exact { CODE_POINTS } else { "" });
        Ok(())
    }

    fn text_test(&self, sql: &mut Statement, place: &Place, test: TextTest, case: Case, wanted: &str) -> Written {
        if case == Case::AsciiIgnored {
            // `LOWER` goes by Unicode here.
            sql.place(place).text(CODE_POINTS).text(" REGEXP ").bind(text(&expression(test, wanted))).text(CODE_POINTS);
            return Ok(());
        }
        match test {
            TextTest::Equals => sql.place(place).text(" = ").bind(text(wanted)).text(CODE_POINTS),
            TextTest::Contains => {
                sql.text("LOCATE(").bind(text(wanted)).text(CODE_POINTS).text(", ").place(place).text(") > 0")
            }
            TextTest::EndsWith => {
                sql.text("RIGHT(").place(place).text(", CHAR_LENGTH(").bind(text(wanted)).text(")) = ");
                sql.bind(text(wanted)).text(CODE_POINTS)
            }
            // The column's own collation finds a beginning in an index, and may find too much.
            TextTest::StartsWith => {
                sql.text("(").place(place).text(" LIKE ").bind(text(&beginning(wanted))).text(" ESCAPE '!' AND LEFT(");
                sql.place(place).text(", CHAR_LENGTH(").bind(text(wanted)).text(")) = ");
                sql.bind(text(wanted)).text(CODE_POINTS).text(")")
            }
        };
        Ok(())
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

    /// What narrows the rows stands in the select of each key.
    fn most_firsts(&self, fetch: &Fetch, keyed: &Keyed) -> usize {
        let none = KeySet::new(keyed.by.len(), Vec::new());
        let of_one = Fetch { keyed: Some(Keyed { keys: Keys::Given(none), ..keyed.clone() }), ..fetch.clone() };
        let Ok(one) = statement(&Self, &of_one) else { return 1 };
        let most = (MOST_BYTES / one.bytes().max(1)).min(self.max_binds() / one.values().max(1));
        SELECTS.into_iter().rfind(|selects| *selects <= most).unwrap_or(1)
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

    /// A select for each key: neither server stops early within a window, and MariaDB has no `LATERAL`.
    fn first_of_each(
        &self,
        sql: &mut Statement,
        fetch: &Fetch,
        keyed: &Keyed,
        most: u64,
        columns: &[ColumnDef],
    ) -> Written {
        let Keys::Given(keys) = &keyed.keys else {
            return super::per::first_of_selected(sql, fetch, keyed, most, columns);
        };
        // A select of its own for each key.
        sql.set_varies();
        let inner = Source::keyed(sql, fetch, keyed);
        let (rows, beside) = (sql.alias(), Beside::of(sql, fetch));
        let by = inner.scope.places(&keyed.by);
        // What the outer order and the joins need, the inner selects give.
        let Firsts { given, columns, locals, order } = Firsts::of(&inner, columns, &beside, rows);
        let selects = SELECTS.into_iter().find(|selects| keys.len() <= *selects).unwrap_or(keys.len());
        let none = vec![Value::Null; by.len()];
        let keys = keys.iter().chain(std::iter::repeat(&*none)).take(selects);
        sql.text("SELECT ");
        cells(sql, &[columns, beside.places()].concat())?;
        sql.text(" FROM (");
        sql.list(keys, " UNION ALL ", |sql, key| {
            sql.text("(SELECT ");
            numbered(sql, &given)?;
            sql.text(" FROM ");
            inner.write(sql, &fetch.select)?;
            sql.text(" WHERE ");
            sql.list(by.iter().zip(key), " AND ", |sql, (place, part)| {
                self.compare(sql, place, Comparison::Equal, part)
            })?;
            and_filter(sql, inner.scope, &fetch.select)?;
            order_by(sql, &inner.order)?;
            sql.put(format_args!(" LIMIT {})", i64::try_from(most).unwrap_or(i64::MAX)));
            Ok(())
        })?;
        sql.text(") AS ").alias_name(rows);
        beside.write(sql, &locals)?;
        order_by(sql, &order)
    }

    /// They are not at hand when this is asked: texts are taken to be of 200 bytes, other values are of 40 at most.
    fn most_keys(&self, columns: &[ColumnDef]) -> usize {
        let bytes = |column: &ColumnDef| match column.ty {
            ColumnType::Text | ColumnType::Binary | ColumnType::Json | ColumnType::Jsonb => 200,
            _ => 40,
        };
        MOST_BYTES / columns.iter().map(bytes).sum::<usize>().max(1)
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

/// What went wrong, from the words of the server. Values of rows stand in some, so what they begin with decides.
fn fault(message: &str) -> Option<Fault> {
    let begins = |words: &[&str]| words.iter().any(|words| message.starts_with(words));
    let says = |words: &str| message.contains(words);
    let quoted = |before: &str| message.strip_prefix(before)?.split_once('\'').map(|(name, _)| name);
    if let Some(table) = quoted("Table '").filter(|_| says("doesn't exist")) {
        return Some(Fault::MissingTable(last(table)));
    }
    if let Some(column) = quoted("Unknown column '") {
        return Some(Fault::MissingColumn(last(column)));
    }
    if begins(&["Lock wait timeout exceeded", "Statement aborted because lock"]) {
        return Some(Fault::Locked);
    }
    if begins(&["Deadlock found", "Record has changed since last read"]) {
        return Some(Fault::Serialization);
    }
    if begins(&["Cannot execute statement in a READ ONLY"]) || begins(&["The M"]) && says("read-only option") {
        return Some(Fault::ReadOnly);
    }
    if says("max_statement_time exceeded") || says("maximum statement execution time exceeded") {
        return Some(Fault::Timeout);
    }
    if begins(&["Disk full", "The table '"]) && (says("is full") || says("Disk full"))
        || says("No space left on device")
    {
        return Some(Fault::Full);
    }
    // MySQL of a statement that answers with new rows; it has written nothing.
    if begins(&["You have an error in your SQL syntax"]) && says("near 'RETURNING ") {
        return Some(Fault::Unsupported("answer with new rows as they are stored".to_owned()));
    }
    let column = || between(message, " for column '", "'").map_or_else(|| message.to_owned(), |column| last(&column));
    if begins(&["Data too long"]) {
        return Some(Fault::TooLong(column()));
    }
    if begins(&["Out of range value", "BIGINT value is out of range", "DOUBLE value is out of range"]) {
        return Some(Fault::OutOfRange(column()));
    }
    if begins(&["Incorrect ", "Division by 0", "Invalid JSON text"]) {
        return Some(Fault::Unfit(message.to_owned()));
    }
    if begins(&["Duplicate entry "]) {
        let name = message.rsplit(" for key ").next().unwrap_or(message).trim_matches('\'');
        return Some(Fault::Duplicate(last(name)));
    }
    if says("a foreign key constraint fails") {
        let name = between(message, "CONSTRAINT `", "`");
        return Some(Fault::ForeignKey(name.unwrap_or_else(|| message.to_owned())));
    }
    // MariaDB's words, and MySQL's.
    let check = between(message, "CONSTRAINT `", "` failed").or_else(|| quoted("Check constraint '").map(last));
    let null = || quoted("Column '").filter(|_| says("cannot be null")).map(last);
    let lost = [
        "server has gone away",
        "Lost connection",
        "Connection was killed",
        "onnection closed",
        "server is closed",
        "isconnected",
        "Broken pipe",
    ];
    let closed = || lost.iter().any(|words| says(words)).then_some(Fault::Closed);
    check.map(Fault::Check).or_else(|| null().map(Fault::NotNull)).or_else(closed)
}
