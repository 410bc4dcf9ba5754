//! What is needed of a store, beyond what every store does: told by the neutral forms alone, before any of them is sent.
//!
//! Each form is taken apart here, field by field, so that a new one must say what it needs. [`Needs`] ends at the first
//! [`Capability`] that the store lacks. Nothing here knows a store, or does I/O.

mod writes;

use super::{Capabilities, Capability, Lack};
use crate::engine::{Fetch, Join, Joined, Keyed, Keys, Output};
use crate::entity::{ColumnDef, ColumnType, Value};
use crate::group::{
    Aggregate, Beyond, By, Case, Comparison, Condition, KeySet, OrderBy, Projection, Reached, Seen, Select, TextTest,
    counted, related,
};
#[cfg(feature = "json")]
use crate::group::{JsonStep, JsonTest};

/// Whether a store has what is needed, or which it lacks first.
pub(crate) type Met = Result<(), Lack>;

/// What a store can do, to be compared with what is needed of it.
#[derive(Clone, Copy)]
pub(crate) struct Needs(Capabilities);

/// What values need: it depends on what is in hand, and every value has to be looked at for it.
const VALUES: &[Capability] = &[Capability::Nul, Capability::Infinity, Capability::Nan];

/// What reads need, whatever their values.
const READS: &[Capability] = &[
    Capability::Locks,
    Capability::Joins,
    Capability::Subqueries,
    Capability::Recursion,
    Capability::Unions,
    Capability::LimitPerKey,
    Capability::Aggregates,
    Capability::TextTests,
    Capability::JsonPlaces,
    Capability::JsonOrder,
    Capability::JsonEquality,
];

impl Needs {
    /// Of a store that can do this.
    pub(crate) const fn of(has: Capabilities) -> Self {
        Self(has)
    }

    /// Whether there is nothing that a read could need and the store lacks.
    pub(crate) const fn all_reads(self) -> bool {
        self.0.have_all(READS) && self.0.have_all(VALUES)
    }

    /// Whether the store keeps every value there is.
    const fn all_values(self) -> bool {
        self.0.have_all(VALUES)
    }

    pub(crate) const fn has(self, capability: Capability) -> bool {
        self.0.has(capability)
    }

    /// Something is needed.
    pub(crate) const fn need(self, capability: Capability) -> Met {
        if self.0.has(capability) { Ok(()) } else { Err(Lack::of(capability)) }
    }

    /// Something is needed because of a column.
    fn need_at(self, capability: Capability, column: &ColumnDef) -> Met {
        if self.0.has(capability) { Ok(()) } else { Err(Lack::of(capability).in_column(column.name)) }
    }

    pub(crate) fn fetch(self, fetch: &Fetch) -> Met {
        let Fetch { select, keyed, output, joined, locked } = fetch;
        self.select(select)?;
        if let Some(keyed) = keyed {
            self.keyed(keyed)?;
        }
        match output {
            Output::Columns(_) | Output::Exists => {}
            // Of each key whether it has rows.
            Output::Aggregates(of) if of.is_empty() => {}
            Output::Aggregates(of) | Output::Parts(_, of) => {
                self.need(Capability::Aggregates)?;
                of.iter().try_for_each(|aggregate| self.aggregate(aggregate))?;
            }
        }
        for Joined { from: _, local: _, table: _, remote: _, on, columns: _ } in joined {
            self.need(Capability::Joins)?;
            on.iter().try_for_each(|condition| self.condition(condition))?;
        }
        if *locked { self.need(Capability::Locks) } else { Ok(()) }
    }

    fn keyed(self, keyed: &Keyed) -> Met {
        let Keyed { by, keys, per_key, unordered: _, join } = keyed;
        match keys {
            Keys::Given(keys) => self.keys(by, keys)?,
            Keys::Selected(branches) => self.among(by, branches)?,
        }
        if per_key.is_some() {
            self.need(Capability::LimitPerKey)?;
        }
        let Some(Join { table: _, local: _, remote: _, order }) = join else { return Ok(()) };
        self.need(Capability::Joins)?;
        self.order(order, &[])
    }

    fn aggregate(self, aggregate: &Aggregate) -> Met {
        match aggregate {
            Aggregate::Min(column) | Aggregate::Max(column) => self.ordered(column),
            Aggregate::Count | Aggregate::CountOf(_) | Aggregate::Sum(_) => Ok(()),
        }
    }

    pub(crate) fn select(self, select: &Select) -> Met {
        let Select { table: _, filter, order, seen, per, limit: _, offset: _, union } = select;
        filter.iter().try_for_each(|filter| self.condition(filter))?;
        self.order(order, seen)?;
        if per.is_some() {
            self.need(Capability::LimitPerKey)?;
        }
        let Some(union) = union else { return Ok(()) };
        self.need(Capability::Unions)?;
        union.branches.iter().try_for_each(|branch| self.select(&branch.select))
    }

    fn order(self, order: &[OrderBy], seen: &[Seen]) -> Met {
        for OrderBy { by, .. } in order {
            match by {
                By::Column(column) => self.ordered(column)?,
                By::Related(relation, column) => {
                    self.need_at(Capability::Joins, column)?;
                    self.ordered(column)?;
                    self.select(&related(by, relation, seen))?;
                }
                By::Count(relation) => {
                    self.need(Capability::Subqueries)?;
                    self.select(&counted(by, relation, seen).0)?;
                }
            }
        }
        Ok(())
    }

    fn condition(self, condition: &Condition) -> Met {
        match condition {
            Condition::And(parts) | Condition::Or(parts) => parts.iter().try_for_each(|part| self.condition(part)),
            Condition::Not(inner) => self.condition(inner),
            Condition::Compare { column, how, value } => {
                self.compared(column, *how)?;
                self.value(column, value)
            }
            Condition::CompareColumns { column, how, other } => {
                self.compared(column, *how)?;
                self.compared(other, *how)
            }
            Condition::IsNull(_) => Ok(()),
            Condition::Text { column, test, case, text } => {
                if *test != TextTest::Equals || *case != Case::Counts {
                    self.need_at(Capability::TextTests, column)?;
                }
                self.text(column, text)
            }
            #[cfg(feature = "json")]
            Condition::Json { column, path, test } => self.json(column, path, test),
            Condition::InKeys { columns, keys } => self.keys(columns, keys),
            Condition::InSelect { columns, branches } => self.among(columns, branches),
            Condition::Reached(reached) => {
                let Reached { columns: _, from, step, by: _ } = &**reached;
                self.need(Capability::Recursion)?;
                self.select(&from.select)?;
                self.select(&step.select)
            }
            Condition::Beyond(beyond) => {
                let Beyond { order, values, inclusive: _ } = &**beyond;
                self.order(order, &[])?;
                order.iter().zip(values).try_for_each(|(by, value)| match by.column() {
                    Some(column) => self.value(&column, value),
                    None => Ok(()),
                })
            }
        }
    }

    #[cfg(feature = "json")]
    fn json(self, column: &ColumnDef, path: &[JsonStep], test: &JsonTest) -> Met {
        self.need_at(Capability::JsonPlaces, column)?;
        path.iter().try_for_each(|step| match step {
            JsonStep::Key(key) => self.text(column, key),
            JsonStep::Nth(_) => Ok(()),
        })?;
        match test {
            JsonTest::Text(text) => self.text(column, text),
            JsonTest::Exists | JsonTest::Null | JsonTest::Bool(_) | JsonTest::Int(_) => Ok(()),
        }
    }

    fn keys(self, columns: &[ColumnDef], keys: &KeySet) -> Met {
        columns.iter().try_for_each(|column| self.equal(column))?;
        if self.all_values() {
            return Ok(());
        }
        keys.iter().try_for_each(|key| columns.iter().zip(key).try_for_each(|(column, part)| self.value(column, part)))
    }

    fn among(self, columns: &[ColumnDef], branches: &[Projection]) -> Met {
        self.need(Capability::Subqueries)?;
        columns.iter().try_for_each(|column| self.equal(column))?;
        branches.iter().try_for_each(|Projection { select, columns: _ }| self.select(select))
    }

    fn compared(self, column: &ColumnDef, how: Comparison) -> Met {
        if how == Comparison::Equal { self.equal(column) } else { self.ordered(column) }
    }

    fn equal(self, column: &ColumnDef) -> Met {
        if column.ty == ColumnType::Json { self.need_at(Capability::JsonEquality, column) } else { Ok(()) }
    }

    fn ordered(self, column: &ColumnDef) -> Met {
        if column.ty.is_json() { self.need_at(Capability::JsonOrder, column) } else { Ok(()) }
    }

    /// A value that is kept in a column, or looked for there.
    fn value(self, column: &ColumnDef, value: &Value) -> Met {
        match value {
            Value::Text(text) | Value::Json(text) => self.text(column, text),
            Value::Float(float) if float.is_nan() => self.need_at(Capability::Nan, column),
            Value::Float(float) if float.is_infinite() => self.need_at(Capability::Infinity, column),
            _ => Ok(()),
        }
    }

    fn text(self, column: &ColumnDef, text: &str) -> Met {
        if self.has(Capability::Nul) || !text.contains('\0') {
            return Ok(());
        }
        self.need_at(Capability::Nul, column)
    }
}
