//! Neutral values: what a column holds, said without naming a backend.
//!
//! Predicates, key sets and inserted rows travel as [`Value`]s; a store turns them into its own form. Rows that come
//! back from a database do *not* pass through here (see [`Raw`](super::Raw)); rows of the memory store do.

use super::decimal::Decimal;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

/// One value of a column, apart from every backend.
///
/// Values have a total order and equality, the same on every store: NULL comes first, strings go by code point,
/// numbers by magnitude (`-0.0` equals `0.0`; NaN is greater than every number), byte strings by their bytes. Values of
/// different kinds are different: a column holds values of one kind.
///
/// ```
/// use persist::Value;
/// assert!(Value::Null < Value::Int(i64::MIN));
/// assert!(Value::from("Z") < Value::from("a"));
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Value {
    /// SQL NULL.
    Null,
    /// A truth value.
    Bool(bool),
    /// Every integer type.
    Int(i64),
    /// Both float types; a 32-bit float is widened, which is exact.
    Float(f64),
    /// Text.
    Text(String),
    /// A byte string.
    Bytes(Vec<u8>),
    /// A calendar day, in days since 1970-01-01.
    Date(i32),
    /// A time of day, in microseconds since midnight.
    Time(i64),
    /// A point in time, in microseconds since 1970-01-01 00:00:00 (UTC where the column has a zone).
    Timestamp(i64),
    /// A UUID, in network byte order.
    Uuid([u8; 16]),
    /// An exact decimal number.
    Decimal(Decimal),
    /// A JSON document, as its text.
    Json(String),
}

impl Value {
    /// Whether this is SQL NULL.
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// What kind of value this is, as messages name it.
    ///
    /// ```
    /// assert_eq!(persist::Value::from(7).kind(), "an integer");
    /// ```
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "NULL",
            Self::Bool(_) => "a boolean",
            Self::Int(_) => "an integer",
            Self::Float(_) => "a float",
            Self::Text(_) => "text",
            Self::Bytes(_) => "a byte string",
            Self::Date(_) => "a date",
            Self::Time(_) => "a time of day",
            Self::Timestamp(_) => "a timestamp",
            Self::Uuid(_) => "a uuid",
            Self::Decimal(_) => "a decimal",
            Self::Json(_) => "a JSON document",
        }
    }

    /// The sum of two numbers of one kind; none of anything else, nor where it does not fit.
    #[must_use]
    pub fn checked_add(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => a.checked_add(*b).map(Self::Int),
            (Self::Float(a), Self::Float(b)) => Some(Self::Float(a + b)),
            (Self::Decimal(a), Self::Decimal(b)) => a.checked_add(*b).map(Self::Decimal),
            _ => None,
        }
    }

    /// The difference of two numbers of one kind; none of anything else, nor where it does not fit.
    #[must_use]
    pub fn checked_sub(&self, other: &Self) -> Option<Self> {
        match other {
            Self::Int(b) => self.checked_add(&Self::Int(b.checked_neg()?)),
            Self::Float(b) => self.checked_add(&Self::Float(-b)),
            Self::Decimal(b) => self.checked_add(&Self::Decimal(Decimal::new(b.units().checked_neg()?, b.scale()))),
            _ => None,
        }
    }

    const fn rank(&self) -> u8 {
        match self {
            Self::Null => 0,
            Self::Bool(_) => 1,
            Self::Int(_) => 2,
            Self::Float(_) => 3,
            Self::Decimal(_) => 4,
            Self::Text(_) => 5,
            Self::Bytes(_) => 6,
            Self::Date(_) => 7,
            Self::Time(_) => 8,
            Self::Timestamp(_) => 9,
            Self::Uuid(_) => 10,
            Self::Json(_) => 11,
        }
    }
}

/// `-0.0` and `0.0` are one value, and so are all NaNs.
fn canonical(float: f64) -> f64 {
    if float.is_nan() {
        f64::NAN
    } else if float == 0.0 {
        0.0
    } else {
        float
    }
}

impl Ord for Value {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => a.cmp(b),
            (Self::Int(a), Self::Int(b)) => a.cmp(b),
            (Self::Float(a), Self::Float(b)) => canonical(*a).total_cmp(&canonical(*b)),
            (Self::Text(a), Self::Text(b)) | (Self::Json(a), Self::Json(b)) => a.cmp(b),
            (Self::Bytes(a), Self::Bytes(b)) => a.cmp(b),
            (Self::Date(a), Self::Date(b)) => a.cmp(b),
            (Self::Time(a), Self::Time(b)) | (Self::Timestamp(a), Self::Timestamp(b)) => a.cmp(b),
            (Self::Uuid(a), Self::Uuid(b)) => a.cmp(b),
            (Self::Decimal(a), Self::Decimal(b)) => a.cmp(b),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Value {}

impl Hash for Value {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u8(self.rank());
        match self {
            Self::Null => {}
            Self::Bool(v) => v.hash(state),
            Self::Int(v) | Self::Time(v) | Self::Timestamp(v) => v.hash(state),
            Self::Float(v) => canonical(*v).to_bits().hash(state),
            Self::Text(v) | Self::Json(v) => v.hash(state),
            Self::Bytes(v) => v.hash(state),
            Self::Date(v) => v.hash(state),
            Self::Uuid(v) => v.hash(state),
            Self::Decimal(v) => v.hash(state),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("NULL"),
            Self::Bool(v) => v.fmt(f),
            Self::Int(v) => v.fmt(f),
            Self::Float(v) => fmt::Debug::fmt(v, f),
            Self::Text(v) => Excerpt(v).fmt(f),
            Self::Json(v) => Document(v).fmt(f),
            Self::Bytes(v) => write!(f, "{} bytes", v.len()),
            Self::Date(v) => write!(f, "day {v}"),
            Self::Time(v) => write!(f, "{v} µs after midnight"),
            Self::Timestamp(v) => write!(f, "{v} µs after the epoch"),
            Self::Uuid(v) => {
                for (index, byte) in v.iter().enumerate() {
                    if matches!(index, 4 | 6 | 8 | 10) {
                        f.write_str("-")?;
                    }
                    write!(f, "{byte:02x}")?;
                }
                Ok(())
            }
            Self::Decimal(v) => v.fmt(f),
        }
    }
}

/// How many characters of a text messages quote.
const SHOWN: usize = 60;

/// Text as messages quote it: escaped, and cut where a reader would stop reading.
pub(crate) struct Excerpt<'a>(pub(crate) &'a str);

impl fmt::Display for Excerpt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.char_indices().nth(SHOWN) {
            None => write!(f, "{:?}", self.0),
            Some((end, _)) => write!(f, "{:?}… ({} bytes)", &self.0[..end], self.0.len()),
        }
    }
}

/// A JSON document, cut in the same way. It is quoted and escaped as it is.
struct Document<'a>(&'a str);

impl fmt::Display for Document<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.char_indices().nth(SHOWN) {
            None => f.write_str(self.0),
            Some((end, _)) => write!(f, "{}… ({} bytes)", &self.0[..end], self.0.len()),
        }
    }
}

macro_rules! value_from {
    ($($from:ty => $variant:ident),* $(,)?) => {$(
        impl From<$from> for Value {
            fn from(value: $from) -> Self {
                Self::$variant(value.into())
            }
        }
    )*};
}

value_from!(bool => Bool, i16 => Int, i32 => Int, i64 => Int, f32 => Float, f64 => Float,
            String => Text, &str => Text, Vec<u8> => Bytes, Decimal => Decimal);

/// What a column holds on the wire, as the `table!` declares it: how a [`Value`] is bound and compared.
///
/// Each stands for the type of the same name in `diesel::sql_types`; `TimestampTz` for `Timestamptz` and
/// `TimestamptzSqlite`, `Decimal` for `Numeric`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[allow(missing_docs, reason = "each variant is the SQL type of its name")]
pub enum ColumnType {
    Bool,
    SmallInt,
    Integer,
    BigInt,
    Float,
    Double,
    Text,
    Binary,
    Date,
    Time,
    Timestamp,
    TimestampTz,
    Uuid,
    Decimal,
    Json,
    Jsonb,
}

impl ColumnType {
    /// Whether values are documents, which databases neither order nor tell apart alike.
    pub(crate) const fn is_json(self) -> bool {
        matches!(self, Self::Json | Self::Jsonb)
    }
}
