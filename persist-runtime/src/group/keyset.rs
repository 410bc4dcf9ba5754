//! Places in an order: "the rows that come after this one", as a condition. What pages and streams stand on.
//!
//! Nothing here knows a cursor's text, nor a row: a place is an order and a value for each of its terms.

use super::condition::{Comparison, Condition};
use super::order::OrderBy;
use super::select::Select;
use crate::entity::{ColumnDef, Value};
use std::fmt;
use std::sync::Arc;

/// A row comes later in an order than a tuple of values: the meaning of [`Condition::Beyond`].
///
/// The order is [`Value`]'s, term by term, with NULL the least: NULLs come first ascending and last descending. A store
/// that has no form of its own for it evaluates what [`expanded`](Self::expanded) gives. No store finds a place in an
/// order by related rows or counts, which a cursor cannot hold still: see [`columns`](Self::columns).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Beyond {
    /// The terms of the order, the first of which counts most.
    pub order: Vec<OrderBy>,
    /// A value for each term.
    pub values: Vec<Value>,
    /// Whether a row with just these values counts too.
    pub inclusive: bool,
}

impl Beyond {
    /// "The row comes after `values` in `order`"; with `inclusive`, also "or at them".
    #[must_use]
    pub const fn new(order: Vec<OrderBy>, values: Vec<Value>, inclusive: bool) -> Self {
        Self { order, values, inclusive }
    }

    /// The columns of the order; none if it goes by something else, which every store refuses.
    #[must_use]
    pub fn columns(&self) -> Option<Vec<ColumnDef>> {
        self.order.iter().map(OrderBy::column).collect()
    }

    /// The same in comparisons of single columns, for stores that compare no tuples; none where there are no
    /// [`columns`](Self::columns).
    ///
    /// `a >= 1 and (a > 1 or b > 2)` for the order by `a`, then `b`: an index finds where it begins by the first
    /// comparison. Values are compared by `<` and `>` alone, so that it follows whatever collation the order has.
    ///
    /// ```
    /// use persist::group::{Beyond, OrderBy};
    /// use persist::{ColumnDef, ColumnType, Value};
    /// const A: ColumnDef =
    ///     ColumnDef { name: "a", ty: ColumnType::Integer, nullable: true, value: |raw| raw.integer().map(Value::Int) };
    /// const B: ColumnDef = ColumnDef { name: "b", nullable: false, ..A };
    /// let after = |a, values| Beyond::new(vec![a, OrderBy::asc(B)], values, false).expanded().unwrap().to_string();
    /// assert_eq!(after(OrderBy::asc(A), vec![1.into(), 2.into()]), "a >= 1 and (a > 1 or b > 2)");
    /// assert_eq!(after(OrderBy::asc(A), vec![Value::Null, 2.into()]), "not (a is null) or b > 2");
    /// assert_eq!(after(OrderBy::desc(A), vec![1.into(), 2.into()]), "a is null or (a <= 1 and (a < 1 or b > 2))");
    /// assert_eq!(after(OrderBy::desc(A), vec![Value::Null, 2.into()]), "a is null and b > 2");
    /// ```
    #[must_use]
    pub fn expanded(&self) -> Option<Condition> {
        let columns = self.columns()?;
        // Nothing comes after a tuple at it, unless that counts.
        let last = if self.inclusive { Condition::And(Vec::new()) } else { Condition::Or(Vec::new()) };
        let terms = columns.into_iter().zip(&self.order).zip(&self.values).rev();
        Some(terms.fold(last, |rest, ((column, by), value)| beyond(column, by.descending, value, rest)))
    }
}

/// "The term comes after `value`, or comes at it while the `rest` holds."
fn beyond(column: ColumnDef, descending: bool, value: &Value, rest: Condition) -> Condition {
    let compare = |how| Condition::Compare { column, how, value: value.clone() };
    let (later, at_least) = match descending {
        false => (Comparison::Greater, Comparison::GreaterOrEqual),
        true => (Comparison::Less, Comparison::LessOrEqual),
    };
    if value.is_null() {
        let null = Condition::IsNull(column);
        return if descending { both(null, rest) } else { either(Condition::Not(Box::new(null)), rest) };
    }
    let compared = match &rest {
        Condition::Or(none) if none.is_empty() => compare(later),
        Condition::And(all) if all.is_empty() => compare(at_least),
        _ => Condition::And(vec![compare(at_least), Condition::Or(vec![compare(later), rest])]),
    };
    if descending && column.nullable {
        return Condition::Or(vec![Condition::IsNull(column), compared]);
    }
    compared
}

fn both(one: Condition, rest: Condition) -> Condition {
    match rest {
        Condition::And(all) if all.is_empty() => one,
        Condition::Or(none) if none.is_empty() => Condition::Or(none),
        rest => Condition::And(vec![one, rest]),
    }
}

fn either(one: Condition, rest: Condition) -> Condition {
    match rest {
        Condition::And(all) if all.is_empty() => Condition::And(all),
        Condition::Or(none) if none.is_empty() => one,
        rest => Condition::Or(vec![one, rest]),
    }
}

/// Where a page begins, and which way it goes from there.
pub(crate) struct Start<'v> {
    /// A value for each term of the order, and whether a row with just these counts; the end of the group, if none.
    pub(crate) from: Option<(&'v [Value], bool)>,
    /// Against the order.
    pub(crate) backward: bool,
}

impl Select {
    /// The first `most` rows of these from `start` on, in the order of that way, spelt out with the key.
    pub(crate) fn page(self: &Arc<Self>, start: &Start<'_>, most: u64) -> Self {
        let mut page = self.open();
        page.order = page.ordering();
        if start.backward {
            page.order.iter_mut().for_each(|by| by.descending = !by.descending);
        }
        let nowhere = (&[][..], true);
        // An order that has no places is refused on the first page, not on the second.
        let unplaced = page.order.iter().any(|by| by.column().is_none()).then_some(nowhere);
        if let Some((values, inclusive)) = start.from.or(unplaced) {
            let beyond = Beyond::new(page.order.clone(), values.to_vec(), inclusive);
            page.narrow(Condition::Beyond(Box::new(beyond)));
        }
        page.limit = Some(most);
        page
    }
}

impl Select {
    /// The next rows of a stream of these: at most `most` after a row with the values `after`, in the total order. The
    /// offset counts at the beginning alone.
    pub(crate) fn chunk(&self, after: Option<Vec<Value>>, most: u64) -> Self {
        let mut chunk = Self { order: self.ordering(), limit: Some(most), ..self.clone() };
        // An order that has no places is refused on the first chunk, not on the second.
        let unplaced = chunk.order.iter().any(|by| by.column().is_none()).then(Vec::new);
        if let Some(values) = after.or(unplaced) {
            chunk.offset = 0;
            let beyond = Beyond::new(chunk.order.clone(), values, false);
            chunk.narrow(Condition::Beyond(Box::new(beyond)));
        }
        chunk
    }
}

impl fmt::Display for Beyond {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.inclusive { "from (" } else { "after (" })?;
        for (index, (by, value)) in self.order.iter().zip(&self.values).enumerate() {
            write!(f, "{}{by} {value}", if index > 0 { ", " } else { "" })?;
        }
        f.write_str(")")
    }
}
