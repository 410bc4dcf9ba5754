//! Raw values: one cell as a store hands it over, before it becomes a field.
//!
//! A cell is read in the form its backend sends it; nothing is converted twice. What differs per backend stands in
//! `raw_sqlite.rs`, `raw_pg.rs`, `raw_mysql.rs`. A reader is strict: a value of another kind is an error, never a guess.

use super::decimal::Decimal;
use super::value::{Excerpt, Value};
use std::fmt;

#[cfg(feature = "mysql")]
use super::raw_mysql as mysql;
#[cfg(feature = "postgres")]
use super::raw_pg as pg;
#[cfg(feature = "sqlite")]
use super::raw_sqlite as sqlite;

/// One cell of a row, borrowed from the store that fetched it.
///
/// A store written outside hands over [`Raw::of`] a neutral [`Value`]; the stores on Diesel hand over Diesel's own raw
/// values. Either way a [`Scalar`](crate::Scalar) reads it with the methods below, each of which is strict about the
/// kind and the range of what it finds. A reader takes the cell: it is read once, in one way.
///
/// ```
/// use persist::{Raw, Unfit, Value};
/// assert_eq!(Raw::of(&Value::from("new")).text(), Ok("new".to_owned()));
/// assert_eq!(Raw::of(&Value::Null).text(), Err(Unfit::Null));
/// assert_eq!(Raw::of(&Value::Int(7)).text().unwrap_err().to_string(), "expected text, found 7");
/// ```
pub struct Raw<'a>(pub(crate) Cell<'a>);

pub(crate) enum Cell<'a> {
    #[cfg_attr(
        not(any(feature = "sqlite", feature = "postgres", feature = "mysql")),
        allow(dead_code, reason = "a cell of Diesel's")
    )]
    Null,
    Value(&'a Value),
    /// What did not fit when it was read for the first time.
    Unfit(&'a Unfit),
    #[cfg(feature = "sqlite")]
    Sqlite(diesel::sqlite::SqliteValue<'a, 'a, 'a>),
    #[cfg(feature = "postgres")]
    Pg(diesel::pg::PgValue<'a>),
    #[cfg(feature = "mysql")]
    Mysql(diesel::mysql::MysqlValue<'a>),
}

/// Why a cell does not fit the field that reads it. In the error of a realise it is a
/// [`Problem::Unfit`](crate::Problem::Unfit).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unfit {
    /// The cell is NULL, the field is not an `Option`.
    #[error("the stored value is NULL where a value is promised")]
    Null,
    /// The cell holds something else than the field can.
    #[error("expected {}, found {}", .0.expected, .0.found)]
    Value(Box<Misfit>),
    /// A sum that the field cannot hold, exactly.
    #[error("the sum {0} is out of range")]
    Overflow(Box<Decimal>),
}

/// What was expected, and what was found.
///
/// In a box of its own: reading succeeds a million times for each time it fails, and a result that fits two registers
/// is returned in them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Misfit {
    /// What the field can hold.
    pub expected: &'static str,
    /// What is stored, shortened where it is long.
    pub found: String,
}

impl Unfit {
    /// A value of another kind, or out of range.
    ///
    /// ```
    /// let unfit = persist::Unfit::value("an even number", 3);
    /// assert_eq!(unfit.to_string(), "expected an even number, found 3");
    /// ```
    pub fn value(expected: &'static str, found: impl fmt::Display) -> Self {
        Self::Value(Box::new(Misfit { expected, found: found.to_string() }))
    }

    /// Text that a field does not know, quoted and shortened.
    ///
    /// ```
    /// let unfit = persist::Unfit::text("one of `new`, `old`", "nwe");
    /// assert_eq!(unfit.to_string(), "expected one of `new`, `old`, found \"nwe\"");
    /// ```
    #[must_use]
    pub fn text(expected: &'static str, found: &str) -> Self {
        Self::value(expected, Excerpt(found))
    }
}

macro_rules! readers {
    ($($(#[$doc:meta])* $name:ident -> $out:ty, $expected:literal { $($value:pat => $take:expr),+ })*) => {$(
        $(#[$doc])*
        ///
        /// # Errors
        /// When the cell is NULL or holds another kind of value.
        #[inline(always)]
        pub fn $name(self) -> Result<$out, Unfit> {
            match self.0 {
                #[cfg(feature = "sqlite")]
                Cell::Sqlite(value) => sqlite::$name(value),
                #[cfg(feature = "postgres")]
                Cell::Pg(value) => pg::$name(&value),
                #[cfg(feature = "mysql")]
                Cell::Mysql(value) => mysql::$name(&value),
                Cell::Null | Cell::Value(Value::Null) => Err(Unfit::Null),
                Cell::Unfit(unfit) => Err(unfit.clone()),
                Cell::Value(value) => match value {
                    $($value => $take,)+
                    other => Err(Unfit::value($expected, other)),
                },
            }
        }
    )*};
}

impl<'a> Raw<'a> {
    /// A cell of a store that keeps neutral values.
    ///
    /// ```
    /// use persist::{Raw, Value};
    /// assert_eq!(Raw::of(&Value::Int(7)).integer(), Ok(7));
    /// assert!(Raw::of(&Value::from("seven")).integer().is_err());
    /// ```
    #[must_use]
    pub const fn of(value: &'a Value) -> Self {
        Self(Cell::Value(value))
    }

    /// A cell that does not fit, whoever reads it.
    pub(crate) const fn unfit(unfit: &'a Unfit) -> Self {
        Self(Cell::Unfit(unfit))
    }

    /// Whether the cell is NULL. A scalar's [`read`](crate::Scalar::read) never sees such a cell.
    #[inline(always)]
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self.0, Cell::Null | Cell::Value(Value::Null))
    }

    /// Reads an exact sum, which a backend without decimals gives in parts.
    pub(crate) fn total(self) -> Result<Decimal, Unfit> {
        match self.0 {
            #[cfg(feature = "sqlite")]
            Cell::Sqlite(value) => sqlite::total(value),
            #[cfg(feature = "postgres")]
            Cell::Pg(value) => pg::total(&value),
            other => Self(other).decimal(),
        }
    }

    readers! {
        /// Reads a truth value; 0 and 1 count as one, as SQLite keeps it.
        boolean -> bool, "a boolean" { Value::Bool(v) => Ok(*v), Value::Int(v @ 0..=1) => Ok(*v == 1) }
        /// Reads an integer of any width. A narrower type checks the range itself: see [`Scalar`](crate::Scalar).
        integer -> i64, "an integer" { Value::Int(v) => Ok(*v) }
        /// Reads a float; an integer that is stored where a float is declared counts as one.
        float -> f64, "a float" { Value::Float(v) => Ok(*v), Value::Int(v) => {
            #[allow(clippy::cast_precision_loss, reason = "the column is a float")]
            Ok(*v as f64)
        } }
        /// Reads text.
        text -> String, "text" { Value::Text(v) => Ok(v.clone()) }
        /// Reads a byte string.
        bytes -> Vec<u8>, "a byte string" { Value::Bytes(v) => Ok(v.clone()) }
        /// Reads a calendar day, in days since 1970-01-01.
        date -> i32, "a date" { Value::Date(v) => Ok(*v) }
        /// Reads a time of day, in microseconds since midnight.
        time -> i64, "a time of day" { Value::Time(v) => Ok(*v) }
        /// Reads a point in time, in microseconds since 1970-01-01 00:00:00 UTC.
        timestamp -> i64, "a timestamp" { Value::Timestamp(v) => Ok(*v) }
        /// Reads a UUID, in network byte order.
        uuid -> [u8; 16], "a uuid" { Value::Uuid(v) => Ok(*v) }
        /// Reads an exact decimal number; an integer counts as one.
        decimal -> Decimal, "a decimal" { Value::Decimal(v) => Ok(*v), Value::Int(v) => Ok(Decimal::new((*v).into(), 0)) }
        /// Reads a JSON document, as its text.
        json -> String, "a JSON document" { Value::Json(v) => Ok(v.clone()) }
    }
}

impl fmt::Debug for Raw<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Cell::Null => f.write_str("Raw(NULL)"),
            Cell::Value(value) => write!(f, "Raw({value})"),
            Cell::Unfit(unfit) => write!(f, "Raw({unfit})"),
            #[cfg(feature = "sqlite")]
            Cell::Sqlite(value) => write!(f, "Raw(SQLite {:?})", value.value_type()),
            #[cfg(feature = "postgres")]
            Cell::Pg(value) => write!(f, "Raw(PostgreSQL, type {})", value.get_oid()),
            #[cfg(feature = "mysql")]
            Cell::Mysql(value) => write!(f, "Raw(MySQL {:?})", value.value_type()),
        }
    }
}

/// The cells of one row, as a store hands them to a [`Sink`](crate::store::Sink).
///
/// Implemented for rows of neutral values, `&[Value]` and `Vec<&Value>`.
///
/// ```
/// use persist::{Cells, Value};
/// let row: &[Value] = &[7.into(), Value::Null];
/// assert_eq!((row.integer(0)?, row.integer(1)?), (Some(7), None));
/// assert!(row.integer(2).is_err());                                   // past the end
/// # Ok::<(), persist::Unfit>(())
/// ```
pub trait Cells {
    /// Shows the cell at `index` to `see`, once. A row that has no such cell says so by not calling `see`.
    fn see(&self, index: usize, see: &mut dyn FnMut(Raw<'_>));

    /// Reads the cell at `index` as an integer, or NULL. A store may know a shorter way than [`see`](Self::see).
    ///
    /// # Errors
    /// When the cell holds something else, or is not there.
    fn integer(&self, index: usize) -> Result<Option<i64>, Unfit> {
        read(self, index, |raw| if raw.is_null() { Ok(None) } else { raw.integer().map(Some) })
    }

    /// Reads the cell at `index` as text, or NULL. A store may know a shorter way than [`see`](Self::see).
    ///
    /// # Errors
    /// When the cell holds something else, or is not there.
    fn text(&self, index: usize) -> Result<Option<String>, Unfit> {
        read(self, index, |raw| if raw.is_null() { Ok(None) } else { raw.text().map(Some) })
    }
}

/// Reads one cell.
#[inline(always)]
pub(super) fn read<T>(
    cells: &(impl Cells + ?Sized),
    index: usize,
    read: impl Fn(Raw<'_>) -> Result<T, Unfit>,
) -> Result<T, Unfit> {
    let mut out = None;
    cells.see(index, &mut |raw| out = Some(read(raw)));
    out.unwrap_or_else(end_of_row)
}

#[cold]
fn end_of_row<T>() -> Result<T, Unfit> {
    Err(Unfit::value("a cell", "the end of the row"))
}

impl Cells for &[Value] {
    fn see(&self, index: usize, see: &mut dyn FnMut(Raw<'_>)) {
        if let Some(value) = self.get(index) {
            see(Raw::of(value));
        }
    }

    fn integer(&self, index: usize) -> Result<Option<i64>, Unfit> {
        match self.get(index) {
            Some(Value::Null) => Ok(None),
            Some(value) => Raw::of(value).integer().map(Some),
            None => end_of_row(),
        }
    }

    fn text(&self, index: usize) -> Result<Option<String>, Unfit> {
        match self.get(index) {
            Some(Value::Null) => Ok(None),
            Some(value) => Raw::of(value).text().map(Some),
            None => end_of_row(),
        }
    }
}

impl Cells for Vec<&Value> {
    fn see(&self, index: usize, see: &mut dyn FnMut(Raw<'_>)) {
        if let Some(value) = self.get(index) {
            see(Raw::of(value));
        }
    }
}
