//! What a backend must say of itself to be a store: the hooks that the one renderer calls.
//!
//! The renderer knows no backend by name; what differs stands behind [`Syntax`], in one file for each backend.

use super::aggregate::End;
use super::assign::Operand;
use super::batch::Batch;
use super::bind::Bind;
use super::plan::Planner;
use super::portions::Limit;
use super::render::{Scope, Term};
use super::sql::{Place, Statement, Written};
use super::ways::{Conflicts, Isolation, Longest, Telling};
use super::{bulk, insert, upsert};
#[cfg(feature = "json")]
use crate::edit::PathChanges;
use crate::edit::Upsert;
use crate::engine::{Fetch, Keyed};
use crate::entity::{ColumnDef, ColumnType, Raw, Unfit, Value};
use crate::group::{Case, Comparison, KeySet, Select, TextTest};
#[cfg(feature = "json")]
use crate::group::{JsonStep, JsonTest};
use crate::store::{Capabilities, Fault};
use diesel::backend::Backend;
use diesel::query_builder::AstPass;
use diesel::result::{DatabaseErrorInformation, QueryResult};

/// A backend of Diesel that a [`DieselStore`](super::DieselStore) speaks.
///
/// Implemented here for those whose feature is on; sealed.
pub trait Dialect: Backend + Sealed {
    /// A cell as a reader takes it.
    #[doc(hidden)]
    fn raw(value: Self::RawValue<'_>) -> Raw<'_>;

    /// What is kept of a statement's columns from one row to the next, so as not to look for it in each.
    #[doc(hidden)]
    type Heading;

    /// What is kept of so many columns before any row.
    #[doc(hidden)]
    fn heading(columns: usize) -> Self::Heading;

    /// Reads an integer in the column `at`, the shortest way.
    #[doc(hidden)]
    fn integer(value: &mut Self::RawValue<'_>, heading: &Self::Heading, at: usize) -> Result<i64, Unfit>;

    /// Fails unless the value in the column `at` is text.
    #[doc(hidden)]
    fn expect_text(value: &mut Self::RawValue<'_>, heading: &Self::Heading, at: usize) -> Result<(), Unfit>;

    /// Reads what [is text](Self::expect_text), the shortest way.
    #[doc(hidden)]
    fn text(value: Self::RawValue<'_>) -> Result<String, Unfit>;

    /// Binds a value.
    #[doc(hidden)]
    fn push<'b>(bind: &'b Bind, out: AstPass<'_, 'b, Self>) -> QueryResult<()>;

    /// What this backend writes differently.
    #[doc(hidden)]
    fn syntax() -> &'static dyn Syntax;
}

/// Only this crate's backends are dialects.
pub trait Sealed {}

/// What a backend writes differently. One value for each backend; compiled once, whatever connections a program has.
pub trait Syntax: Sync {
    /// The backend's name.
    fn name(&self) -> &'static str;

    /// What it can do: [`Store::capabilities`](crate::store::Store::capabilities).
    fn capabilities(&self) -> Capabilities {
        Capabilities::ALL
    }

    /// How many values one statement can bind.
    fn max_binds(&self) -> usize;

    /// The character around an identifier.
    fn quote(&self) -> char;

    /// The placeholder of the `nth` value (from 1), for [`explain`](crate::store::Store::explain).
    fn placeholder(&self, nth: usize) -> String;

    /// What begins a transaction that sees one state and writes nothing, unless any transaction sees one.
    fn snapshot(&self) -> Option<&'static str>;

    /// How plans are asked for and read.
    fn planner(&self) -> &'static Planner;

    /// What went wrong, from the words of the backend.
    fn fault(&self, error: &dyn DatabaseErrorInformation) -> Option<Fault>;

    /// One value of `column`, NULL included.
    fn value(&self, sql: &mut Statement, column: &ColumnDef, value: &Value) -> Written;

    /// `place how value`
    fn compare(&self, sql: &mut Statement, place: &Place, how: Comparison, value: &Value) -> Written;

    /// `place how other`
    fn compare_places(&self, sql: &mut Statement, place: &Place, how: Comparison, other: &Place) -> Written;

    /// A test for a text: [folded](Case::fold), and not empty where case counts.
    fn text_test(&self, sql: &mut Statement, place: &Place, test: TextTest, case: Case, text: &str) -> Written;

    /// What a [condition on JSON](crate::group::Condition::Json) says.
    #[cfg(feature = "json")]
    fn json_test(&self, sql: &mut Statement, place: &Place, path: &[JsonStep], test: &JsonTest) -> Written;

    /// "These columns hold one of the keys", in a text that does not depend on the keys.
    fn in_keys(&self, sql: &mut Statement, places: &[Place], keys: &KeySet) -> Written;

    /// The same where keys are what rows are looked for by, and not beside others: of each there is one row at most, or any
    /// number. The text may be one of few, which the number of keys chooses from.
    fn found_by_keys(&self, sql: &mut Statement, places: &[Place], keys: &KeySet, _unique: bool) -> Written {
        self.in_keys(sql, places, keys)
    }

    /// Whether a row that stands beside others in an alternative, or must not be there, is looked for by `EXISTS` rather
    /// than by `IN`.
    fn correlates(&self) -> bool {
        false
    }

    /// Whether a place is looked for in a union faster where the union is a derived table.
    fn derives_unions(&self) -> bool {
        false
    }

    /// How many keys one statement serves that takes the first rows of each, as this one does.
    fn most_firsts(&self, _: &Fetch, _: &Keyed) -> usize {
        usize::MAX
    }

    /// What begins a row value that is looked for in a select, and that select too, so that an index can serve it.
    fn row_head(&self, places: &[Place]) -> &'static str;

    /// Whether an index serves a comparison of these places, none of which is NULL, as a row value.
    fn compares_rows(&self, _: &[Place]) -> bool {
        false
    }

    /// A place in a row value that is compared with another, in the order's collation.
    fn row_place(&self, sql: &mut Statement, place: &Place) {
        sql.place(place).text(self.exactly(place));
    }

    /// What keeps a place that is looked for in a set from being looked up in an index, where rows are found by other
    /// keys: nothing, for a planner that does not look up every pair of the two sets.
    fn aside(&self) -> &'static str {
        ""
    }

    /// What makes a place compare exactly where it alone is looked for in a set.
    fn exactly(&self, place: &Place) -> &'static str;

    /// A place to group by: keys that the column's collation takes for equal are still different keys.
    fn grouped(&self, sql: &mut Statement, place: &Place) {
        sql.place(place).text(self.exactly(place));
    }

    /// The least or the greatest value of a place, by the order of [`order_term`](Self::order_term).
    fn extreme(&self, sql: &mut Statement, place: &Place, end: End) -> Written;

    /// The sum of a place that holds numbers, exact unless they are floats.
    fn sum(&self, sql: &mut Statement, place: &Place) -> Written;

    /// One term of an `ORDER BY`: NULLs first ascending, last descending; text by code point where that is wanted.
    fn order_term(&self, sql: &mut Statement, term: &Term) -> Written;

    /// NULL in a column of a union, where nothing else tells its type.
    fn null(&self, sql: &mut Statement, _: ColumnType) {
        sql.text("NULL");
    }

    /// `LIMIT` and `OFFSET`.
    fn cut(&self, sql: &mut Statement, limit: Option<u64>, offset: u64) -> Written;

    /// The first `most` rows of each key.
    fn first_of_each(
        &self,
        sql: &mut Statement,
        fetch: &Fetch,
        keyed: &Keyed,
        most: u64,
        columns: &[ColumnDef],
    ) -> Written;

    /// How many keys one statement is given that finds rows by these columns.
    fn most_keys(&self, _: &[ColumnDef]) -> usize {
        usize::MAX
    }

    /// How it tells what became of the rows of a batch.
    fn telling(&self, batch: &Batch<'_>) -> Telling;

    /// How many rows that are given so many values each are written by one statement.
    fn most_rows(&self, values: usize) -> usize {
        self.max_binds() / values.max(1)
    }

    /// How many bytes of values one statement is given where that is a question.
    fn most_bytes(&self) -> usize {
        usize::MAX
    }

    /// What rows that are given so many values each are cut by.
    fn limit(&self, values: usize) -> Limit {
        Limit { rows: self.most_rows(values), bytes: self.most_bytes() }
    }

    /// How many bytes a statement may have, where a longer one costs the connection.
    fn longest(&self) -> Longest {
        Longest::Any
    }

    /// Whether a statement that binds so many values for each of so many rows comes often enough to be kept.
    fn keeps(&self, rows: usize, _values: usize) -> bool {
        rows == 1
    }

    /// The statement that changes the rows of a batch.
    fn change(&self, sql: &mut Statement, batch: &Batch<'_>) -> Written;

    /// Whether rows are locked one by one, so that two writers who take them in different orders may each wait for the other.
    fn locks_rows(&self) -> bool {
        true
    }

    /// The statement that locks the rows of a batch in the order of their keys, and reads them.
    fn lock(&self, _: &mut Statement, _: &Batch<'_>, _: &[ColumnDef]) -> Written {
        Err(Fault::Unsupported("lock rows before they are written".to_owned()))
    }

    /// A column that is written.
    fn target(&self, sql: &mut Statement, place: &Place) {
        sql.name(place.name());
    }

    /// A value that stands in a table of values.
    fn given(&self, sql: &mut Statement, place: &Place) {
        sql.place(place);
    }

    /// The statement that changes all rows of a selection, which is not cut.
    fn change_all(&self, sql: &mut Statement, batch: &Batch<'_>, select: &Select) -> Written {
        bulk::plain(sql, batch, select)
    }

    /// What follows the name of a table to which a row is added that is given nothing.
    fn defaults(&self) -> &'static str {
        "DEFAULT VALUES"
    }

    /// What follows the columns of an insert.
    fn new_rows(&self, sql: &mut Statement, columns: &[ColumnDef], rows: &[&[Value]]) -> Written {
        insert::values(sql, columns, rows)
    }

    /// What it says of new rows whose place is taken.
    fn conflicts(&self) -> Conflicts;

    /// What follows new rows whose place may be taken: they are called by their names, the row that is there is `row`.
    fn taken(&self, sql: &mut Statement, upsert: &Upsert, row: Scope) -> Written {
        upsert::on_conflict(sql, upsert, row)
    }

    /// The end of new rows whose place may be taken, which makes the statement answer with them where the server does that.
    fn returned(&self, sql: &mut Statement, write: &dyn Fn(&mut Statement)) {
        write(sql);
    }

    /// What is said of a transaction of persist's own, in which these batches change rows, or in which there are other
    /// writes.
    fn writing(&self, _: &[Batch<'_>]) -> Option<Isolation> {
        None
    }

    /// Whether a plain select may show a row as it was before the statement that has written it: one that found it with its
    /// new values already, in a transaction that began before these were. Then rows are read by locking them within one.
    fn sees_past(&self) -> bool {
        false
    }

    /// What is said of a transaction that a program begins.
    fn beginning(&self) -> Option<Isolation> {
        None
    }

    /// "The column holds the same", where NULL is the same as NULL. Stands in a filter: unknown is false.
    fn same(&self, sql: &mut Statement, column: &ColumnDef, place: &Place, other: &Operand<'_>) -> Written;

    /// What the column holds and more, as an error where that is not a value of the column.
    fn plus(&self, sql: &mut Statement, column: &ColumnDef, place: &Place, more: &Operand<'_>) -> Written;

    /// What [`changes`](PathChanges::applied) make of the document in a place; `value` writes the value of the `nth` place
    /// that is set.
    #[cfg(feature = "json")]
    fn document(&self, sql: &mut Statement, place: &Place, changes: &PathChanges, value: NthValue<'_>) -> Written;
}

/// Writes the value of the nth place that is set.
#[cfg(feature = "json")]
pub(super) type NthValue<'v> = &'v dyn Fn(&mut Statement, usize) -> Written;
