//! Tables, columns and ways to ask for them, for the tests of the stores that keep neutral values.

use super::{Sink, Store, StoreError};
use crate::edit::{Insert, Write};
use crate::engine::{Fetch, Output};
use crate::entity::{Cells, Collation, ColumnDef, ColumnType, Raw, Rules, Table, Unfit, Value};
use crate::group::{Comparison, Condition, OrderBy, Projection, Select};
use std::sync::Arc;

fn integer(raw: Raw<'_>) -> Result<Value, Unfit> {
    raw.integer().map(Value::Int)
}

fn text(raw: Raw<'_>) -> Result<Value, Unfit> {
    raw.text().map(Value::Text)
}

const fn int(name: &'static str, nullable: bool) -> ColumnDef {
    ColumnDef { name, ty: ColumnType::Integer, nullable, value: integer }
}

const fn string(name: &'static str) -> ColumnDef {
    ColumnDef { name, ty: ColumnType::Text, nullable: false, value: text }
}

pub(super) const fn table(
    entity: &'static str,
    name: &'static str,
    columns: &'static [ColumnDef],
    key: &'static [ColumnDef],
) -> Table {
    Table { entity, schema: None, name, columns, key, collation: Collation::Portable, rules: &Rules::NONE }
}

pub(super) const ID: ColumnDef = int("id", false);
pub(super) const TITLE: ColumnDef = string("title");
pub(super) const HEAT: ColumnDef = int("heat", true);
pub(super) const ASSIGNEE: ColumnDef = int("assignee_id", true);
/// id, title, heat, assignee.
pub(super) static BUGS: Table = table("Bug", "bugs", &[ID, TITLE, HEAT, ASSIGNEE], &[ID]);

pub(super) const NAME: ColumnDef = string("name");
pub(super) const BOSS: ColumnDef = int("boss_id", true);
/// id, name, boss.
pub(super) static PEOPLE: Table = table("Person", "people", &[ID, NAME, BOSS], &[ID]);

pub(super) const BUG: ColumnDef = int("bug_id", false);
pub(super) const PERSON: ColumnDef = int("person_id", true);
pub(super) const LEVEL: ColumnDef = int("level", true);
/// bug, person, level.
pub(super) static SUBSCRIPTIONS: Table = table("Subscription", "subscriptions", &[BUG, PERSON, LEVEL], &[BUG, PERSON]);

/// A row: `row![1, "title", null, 2]`.
macro_rules! row {
    ($($cell:tt),* $(,)?) => { vec![$(row!(@ $cell)),*] };
    (@ null) => { $crate::entity::Value::Null };
    (@ $cell:expr) => { $crate::entity::Value::from($cell) };
}
pub(super) use row;

pub(super) fn compare(column: ColumnDef, how: Comparison, value: impl Into<Value>) -> Condition {
    Condition::Compare { column, how, value: value.into() }
}

pub(super) fn equal(column: ColumnDef, value: impl Into<Value>) -> Condition {
    compare(column, Comparison::Equal, value)
}

pub(super) const fn asc(column: ColumnDef) -> OrderBy {
    OrderBy::asc(column)
}

pub(super) const fn desc(column: ColumnDef) -> OrderBy {
    OrderBy::desc(column)
}

pub(super) fn within(columns: &[ColumnDef], branches: Vec<(Select, &[ColumnDef])>) -> Condition {
    let branch =
        |(select, columns): (Select, &[ColumnDef])| Projection { select: Arc::new(select), columns: columns.to_vec() };
    Condition::InSelect { columns: columns.to_vec(), branches: branches.into_iter().map(branch).collect() }
}

pub(super) fn columns_of(select: Select, columns: &[ColumnDef]) -> Fetch {
    Fetch::new(Arc::new(select), Output::Columns(columns.to_vec()))
}

/// The rows that `ask` sends to its sink, `width` cells each.
pub(super) fn collect(
    width: usize,
    ask: impl FnOnce(&mut dyn Sink) -> Result<(), StoreError>,
) -> Result<Vec<Vec<Value>>, StoreError> {
    let mut rows = Vec::new();
    let mut sink = |cells: &dyn Cells| {
        let mut row = Vec::new();
        for index in 0..width {
            cells.see(index, &mut |raw| row.push(neutral(raw)));
        }
        cells.see(width, &mut |raw| panic!("more cells than {width}: {raw:?}"));
        rows.push(row);
    };
    ask(&mut sink)?;
    Ok(rows)
}

fn neutral(raw: Raw<'_>) -> Value {
    match raw.0 {
        crate::entity::Cell::Value(value) => value.clone(),
        _ => panic!("not a neutral value"),
    }
}

/// The cells of all rows, each of them an integer.
pub(super) fn ints(rows: Vec<Vec<Value>>) -> Vec<i64> {
    let int = |value| if let Value::Int(int) = value { int } else { panic!("not an integer: {value}") };
    rows.into_iter().flatten().map(int).collect()
}

/// New rows, said shortly.
pub(super) trait Inserts: Store {
    fn insert(&mut self, insert: &Insert) -> Result<(), StoreError> {
        self.write(&Write::Insert(insert.clone())).map(drop)
    }
}

impl<S: Store + ?Sized> Inserts for S {}
