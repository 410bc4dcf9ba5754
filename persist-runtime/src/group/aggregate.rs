//! Aggregates: one value made of many rows. As data ([`Aggregate`], for stores) and as what is promised of it
//! ([`Measure`]); the typed requests are in `figure`.
//!
//! NULL is no value: every aggregate of a column passes over it. A mean is no aggregate of a store: it is made of a sum
//! and a number, so that it is the same on all of them.

use super::summable::Summable;
use crate::entity::{Column, ColumnDef, Field, Raw, Row, Scalar, Unfit, Value};
use std::fmt;
use std::marker::PhantomData;

/// A value made of the rows of a fetch: the neutral form, for stores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Aggregate {
    /// The number of rows.
    Count,
    /// The number of rows whose column is not NULL.
    CountOf(ColumnDef),
    /// The least value of the column; NULL where there is none.
    Min(ColumnDef),
    /// The greatest value of the column; NULL where there is none.
    Max(ColumnDef),
    /// The sum of the column's values; NULL where there is none. It is exact for integers (a decimal, where it does not
    /// fit an integer) and for decimals; floats are added in any order.
    Sum(ColumnDef),
}

impl Aggregate {
    /// The column that it is made of, if it is one's.
    #[must_use]
    pub const fn column(&self) -> Option<ColumnDef> {
        match self {
            Self::Count => None,
            Self::CountOf(column) | Self::Min(column) | Self::Max(column) | Self::Sum(column) => Some(*column),
        }
    }
}

impl fmt::Display for Aggregate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count => f.write_str("count"),
            Self::CountOf(column) => write!(f, "count({})", column.name),
            Self::Min(column) => write!(f, "min({})", column.name),
            Self::Max(column) => write!(f, "max({})", column.name),
            Self::Sum(column) => write!(f, "sum({})", column.name),
        }
    }
}

/// What a view or a request wants to know of rows: which [`Aggregate`]s, and what to make of them.
#[derive(Clone, Copy)]
pub struct Measure {
    /// Which.
    pub how: How,
    /// Of which column, if it is one's.
    pub column: Option<ColumnDef>,
    /// Makes the value out of the cells of [`aggregates`](Self::aggregates), which stand at these places.
    pub(crate) read: fn(Row<'_>, &[u16]) -> Result<Value, Unfit>,
    /// The value of no rows.
    pub(crate) absent: fn() -> Value,
}

/// The measures there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are what views and groups call them")]
pub enum How {
    Count,
    Exists,
    Min,
    Max,
    Sum,
    Avg,
}

impl Measure {
    /// What a store is asked for it, in this order. Nothing is asked where it is enough that there are rows.
    #[must_use]
    pub fn aggregates(&self) -> Vec<Aggregate> {
        match (self.how, self.column) {
            (How::Count, _) => vec![Aggregate::Count],
            (How::Exists, _) | (_, None) => Vec::new(),
            (How::Min, Some(column)) => vec![Aggregate::Min(column)],
            (How::Max, Some(column)) => vec![Aggregate::Max(column)],
            (How::Sum, Some(column)) => vec![Aggregate::Sum(column)],
            (How::Avg, Some(column)) => vec![Aggregate::Sum(column), Aggregate::CountOf(column)],
        }
    }

    /// What a message calls the field that is no view's.
    pub(crate) const fn label(&self) -> &'static str {
        match (&self.column, self.how) {
            (Some(column), _) => column.name,
            (None, How::Exists) => "exists",
            (None, _) => "count",
        }
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.how {
            How::Count => "count",
            How::Exists => "exists",
            How::Min => "min",
            How::Max => "max",
            How::Sum => "sum",
            How::Avg => "avg",
        })?;
        match &self.column {
            Some(column) => write!(f, "({})", column.name),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A [`Measure`] of the rows of `E`, of the kind `K`. Made by [`measures`].
pub struct Measured<E, K> {
    pub(crate) measure: Measure,
    types: PhantomData<fn() -> (E, K)>,
}

/// A kind of measure: what it gives.
pub trait Gives: 'static {
    /// What a request for it realises to.
    type Output;

    /// The value out of its neutral form.
    ///
    /// # Errors
    /// When it is another's.
    #[doc(hidden)]
    fn output(value: &Value) -> Result<Self::Output, Unfit>;
}

/// The kind of `count`: a `u64` of a group, an `i64` in a view.
#[derive(Debug)]
pub enum Number {}

/// The kind of `exists`: a `bool`.
#[derive(Debug)]
pub enum Existence {}

/// The kind of `min` and `max` of a column of `T`s: an `Option<T>`, `None` where there is no value.
#[derive(Debug)]
pub struct Extreme<T>(PhantomData<T>);

/// The kind of a `sum` that is a `T`; see [`Summable::Sum`].
#[derive(Debug)]
pub struct Total<T>(PhantomData<T>);

/// The kind of an `avg` that is an `Option<T>`, `None` where there is no value; see [`Summable::Mean`].
#[derive(Debug)]
pub struct Mean<T>(PhantomData<T>);

impl Gives for Number {
    type Output = u64;

    fn output(value: &Value) -> Result<u64, Unfit> {
        Raw::of(value).integer().map(i64::unsigned_abs)
    }
}

impl Gives for Existence {
    type Output = bool;

    fn output(value: &Value) -> Result<bool, Unfit> {
        Raw::of(value).boolean()
    }
}

fn optional<T: Scalar>(value: &Value) -> Result<Option<T>, Unfit> {
    if value.is_null() { Ok(None) } else { T::read(Raw::of(value)).map(Some) }
}

impl<T: Scalar> Gives for Extreme<T> {
    type Output = Option<T>;

    fn output(value: &Value) -> Result<Option<T>, Unfit> {
        optional(value)
    }
}

impl<T: Scalar> Gives for Total<T> {
    type Output = T;

    fn output(value: &Value) -> Result<T, Unfit> {
        T::read(Raw::of(value))
    }
}

impl<T: Scalar> Gives for Mean<T> {
    type Output = Option<T>;

    fn output(value: &Value) -> Result<Option<T>, Unfit> {
        optional(value)
    }
}

/// The measures: what generated code names.
#[doc(hidden)]
pub mod measures {
    use super::{Column, Existence, Extreme, Field, How, Mean, Measure, Measured, Number, PhantomData};
    use super::{Row, Scalar, Summable, Total, Unfit, Value};

    type Read = fn(Row<'_>, &[u16]) -> Result<Value, Unfit>;

    const fn of_rows<E, K>(how: How, read: Read, absent: fn() -> Value) -> Measured<E, K> {
        Measured { measure: Measure { how, column: None, read, absent }, types: PhantomData }
    }

    const fn of_column<E, F, K>(how: How, column: Column<E, F>, read: Read, absent: fn() -> Value) -> Measured<E, K> {
        Measured { measure: Measure { how, column: Some(column.def()), read, absent }, types: PhantomData }
    }

    const fn null() -> Value {
        Value::Null
    }

    fn at(places: &[u16], nth: usize) -> usize {
        places.get(nth).copied().unwrap_or(u16::MAX).into()
    }

    fn read_number(row: Row<'_>, places: &[u16]) -> Result<Value, Unfit> {
        row.cell(at(places, 0), |raw| raw.integer()).map(Value::Int)
    }

    fn read_extreme<T: Scalar>(row: Row<'_>, places: &[u16]) -> Result<Value, Unfit> {
        T::read_at(row, at(places, 0)).map(|found| found.map_or(Value::Null, |found| found.to_value()))
    }

    fn read_sum<T: Summable>(row: Row<'_>, places: &[u16]) -> Result<Value, Unfit> {
        row.cell(at(places, 0), |raw| if raw.is_null() { Ok(T::nothing()) } else { T::total(raw) })
    }

    fn read_mean<T: Summable>(row: Row<'_>, places: &[u16]) -> Result<Value, Unfit> {
        match row.cell(at(places, 1), |raw| raw.integer())? {
            0 => Ok(Value::Null),
            count => row.cell(at(places, 0), |raw| T::mean(raw, count)),
        }
    }

    /// The number of rows.
    #[must_use]
    pub const fn count<E>() -> Measured<E, Number> {
        of_rows(How::Count, read_number, || Value::Int(0))
    }

    /// Whether there are rows.
    #[must_use]
    pub const fn exists<E>() -> Measured<E, Existence> {
        of_rows(How::Exists, |_, _| Ok(Value::Bool(true)), || Value::Bool(false))
    }

    /// The least value.
    #[must_use]
    pub const fn min<E, F: Field>(column: Column<E, F>) -> Measured<E, Extreme<F::Base>> {
        of_column(How::Min, column, read_extreme::<F::Base>, null)
    }

    /// The greatest value.
    #[must_use]
    pub const fn max<E, F: Field>(column: Column<E, F>) -> Measured<E, Extreme<F::Base>> {
        of_column(How::Max, column, read_extreme::<F::Base>, null)
    }

    /// The sum of the values.
    #[must_use]
    pub const fn sum<E, F>(column: Column<E, F>) -> Measured<E, Total<<F::Base as Summable>::Sum>>
    where
        F: Field<Base: Summable>,
    {
        of_column(How::Sum, column, read_sum::<F::Base>, F::Base::nothing)
    }

    /// The mean of the values.
    #[must_use]
    pub const fn avg<E, F>(column: Column<E, F>) -> Measured<E, Mean<<F::Base as Summable>::Mean>>
    where
        F: Field<Base: Summable>,
    {
        of_column(How::Avg, column, read_mean::<F::Base>, null)
    }
}
