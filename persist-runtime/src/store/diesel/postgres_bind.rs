//! Values and key sets as PostgreSQL takes them: each in the binary form of its column's type.

use super::render::misfit;
use crate::entity::{ColumnType, Excerpt, Value};
use crate::store::{Capability, Fault, Lack};
use diesel::data_types::{PgDate, PgTime, PgTimestamp};
use diesel::pg::Pg;
use diesel::query_builder::AstPass;
use diesel::result::QueryResult;
use diesel::serialize::{IsNull, Output, Result, ToSql};
use diesel::sql_types::{self as st, Array, Nullable};
use std::fmt;
use std::io::Write;

/// Days and microseconds from 1970-01-01 to 2000-01-01, where PostgreSQL starts to count.
const EPOCH_DAYS: i32 = 10_957;
const EPOCH_MICROS: i64 = EPOCH_DAYS as i64 * 86_400_000_000;

/// A UUID in network byte order.
#[derive(Debug)]
pub struct PgUuid([u8; 16]);

impl ToSql<st::Uuid, Pg> for PgUuid {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> Result {
        out.write_all(&self.0)?;
        Ok(IsNull::No)
    }
}

macro_rules! binds {
    ($($one:ident $many:ident $cells:ident: $rust:ty => $sql:ident;)*) => {
        /// A value, NULL included; an array of the values of a key set; an array of cells, NULLs included.
        #[derive(Debug)]
        pub enum PgBind {
            $($one(Option<$rust>), $many(Vec<$rust>), $cells(Vec<Option<$rust>>),)*
        }

        impl PgBind {
            pub(super) fn push<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
                match self {
                    $(Self::$one(value) => out.push_bind_param::<Nullable<st::$sql>, _>(value),
                      Self::$many(values) => out.push_bind_param::<Array<st::$sql>, _>(values),
                      Self::$cells(cells) => out.push_bind_param::<Array<Nullable<st::$sql>>, _>(cells),)*
                }
            }
        }

        impl PgBind {
            /// How many bytes it is in a message.
            pub(super) fn bytes(&self) -> usize {
                match self {
                    $(Self::$one(value) => value.bytes(),
                      // Ahead of each element stands its length.
                      Self::$many(values) => values.iter().map(|value| 4 + value.bytes()).sum(),
                      Self::$cells(cells) => cells.iter().map(|cell| 4 + cell.bytes()).sum(),)*
                }
            }
        }

        impl fmt::Display for PgBind {
            #[allow(unreachable_patterns, reason = "text and bytes are shown in a form of their own")]
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$one(None) => f.write_str("NULL"),)*
                    Self::Text(Some(text)) => Excerpt(text).fmt(f),
                    Self::Binary(Some(bytes)) => write!(f, "{} bytes", bytes.len()),
                    $(Self::$one(Some(value)) => fmt::Debug::fmt(value, f),
                      Self::$many(values) => write!(f, "{} keys", values.len()),
                      Self::$cells(cells) => write!(f, "{} values", cells.len()),)*
                }
            }
        }
    };
}

binds! {
    Bool Bools BoolCells: bool => Bool;
    SmallInt SmallInts SmallIntCells: i16 => SmallInt;
    Integer Integers IntegerCells: i32 => Integer;
    BigInt BigInts BigIntCells: i64 => BigInt;
    Float Floats FloatCells: f32 => Float;
    Double Doubles DoubleCells: f64 => Double;
    Text Texts TextCells: String => Text;
    Binary Binaries BinaryCells: Vec<u8> => Binary;
    Date Dates DateCells: PgDate => Date;
    Time Times TimeCells: PgTime => Time;
    Timestamp Timestamps TimestampCells: PgTimestamp => Timestamp;
    TimestampTz TimestampTzs TimestampTzCells: PgTimestamp => Timestamptz;
    Uuid Uuids UuidCells: PgUuid => Uuid;
}

/// Something that is bound, by how long it is in a message.
trait Long {
    fn bytes(&self) -> usize;
}

macro_rules! long {
    ($($fixed:ty),*) => {$(
        impl Long for $fixed {
            fn bytes(&self) -> usize {
                size_of::<Self>()
            }
        }
    )*};
}

long!(bool, i16, i32, i64, f32, f64, PgDate, PgTime, PgTimestamp, PgUuid);

impl Long for String {
    fn bytes(&self) -> usize {
        self.len()
    }
}

impl<T: Long> Long for Option<T> {
    fn bytes(&self) -> usize {
        self.as_ref().map_or(0, Long::bytes)
    }
}

impl Long for Vec<u8> {
    fn bytes(&self) -> usize {
        self.len()
    }
}

fn smallint(value: &Value) -> Option<i16> {
    if let Value::Int(v) = value { i16::try_from(*v).ok() } else { None }
}

fn integer(value: &Value) -> Option<i32> {
    if let Value::Int(v) = value { i32::try_from(*v).ok() } else { None }
}

fn bigint(value: &Value) -> Option<i64> {
    if let Value::Int(v) = value { Some(*v) } else { None }
}

fn double(value: &Value) -> Option<f64> {
    if let Value::Float(v) = value { Some(*v) } else { None }
}

/// Only what a 32-bit float can hold: another value would be found equal to its neighbour.
fn float(value: &Value) -> Option<f32> {
    #[allow(clippy::cast_possible_truncation, reason = "checked in the next line")]
    let narrow = double(value)? as f32;
    (narrow.is_nan() || Some(f64::from(narrow)) == double(value)).then_some(narrow)
}

fn bytes(value: &Value) -> Option<Vec<u8>> {
    if let Value::Bytes(v) = value { Some(v.clone()) } else { None }
}

fn boolean(value: &Value) -> Option<bool> {
    if let Value::Bool(v) = value { Some(*v) } else { None }
}

fn uuid(value: &Value) -> Option<PgUuid> {
    if let Value::Uuid(v) = value { Some(PgUuid(*v)) } else { None }
}

fn date(value: &Value) -> Option<PgDate> {
    if let Value::Date(v) = value { v.checked_sub(EPOCH_DAYS).map(PgDate) } else { None }
}

fn time(value: &Value) -> Option<PgTime> {
    if let Value::Time(v) = value { Some(PgTime(*v)) } else { None }
}

fn timestamp(value: &Value) -> Option<PgTimestamp> {
    if let Value::Timestamp(v) = value { v.checked_sub(EPOCH_MICROS).map(PgTimestamp) } else { None }
}

fn text(ty: ColumnType, value: &Value) -> Option<String> {
    match (ty, value) {
        (ColumnType::Text, Value::Text(v)) | (ColumnType::Json | ColumnType::Jsonb, Value::Json(v)) => Some(v.clone()),
        (ColumnType::Decimal, Value::Decimal(v)) => Some(v.to_string()),
        _ => None,
    }
}

/// Why `value` is not bound for a column of type `ty`.
#[cold]
fn unbound(column: &str, ty: ColumnType, value: &Value) -> Fault {
    match value {
        Value::Date(_) | Value::Timestamp(_)
            if matches!(ty, ColumnType::Date | ColumnType::Timestamp | ColumnType::TimestampTz) =>
        {
            Fault::Unfit(format!("`{column}` cannot hold {value}"))
        }
        _ => misfit(column, &format!("{ty:?}"), value),
    }
}

fn without_nul(column: &str, text: String) -> std::result::Result<String, Fault> {
    if text.contains('\0') {
        return Err(Lack::of(Capability::Nul).in_column(column).fault());
    }
    Ok(text)
}

/// One value, NULL included.
pub(super) fn scalar(column: &str, ty: ColumnType, value: &Value) -> std::result::Result<PgBind, Fault> {
    use ColumnType as Type;
    macro_rules! one {
        ($bind:ident, $read:expr) => {
            match $read(value) {
                Some(read) => PgBind::$bind(Some(read)),
                None if value.is_null() => PgBind::$bind(None),
                None => return Err(unbound(column, ty, value)),
            }
        };
    }
    Ok(match ty {
        Type::Bool => one!(Bool, boolean),
        // A number out of the column's range compares as a wider one.
        Type::SmallInt if value.is_null() || smallint(value).is_some() => one!(SmallInt, smallint),
        Type::Integer if value.is_null() || integer(value).is_some() => one!(Integer, integer),
        Type::SmallInt | Type::Integer | Type::BigInt => one!(BigInt, bigint),
        Type::Float if value.is_null() || float(value).is_some() => one!(Float, float),
        Type::Float | Type::Double => one!(Double, double),
        Type::Binary => one!(Binary, bytes),
        Type::Date => one!(Date, date),
        Type::Time => one!(Time, time),
        Type::Timestamp => one!(Timestamp, timestamp),
        Type::TimestampTz => one!(TimestampTz, timestamp),
        Type::Uuid => one!(Uuid, uuid),
        Type::Text | Type::Decimal | Type::Json | Type::Jsonb => match one!(Text, |value| text(ty, value)) {
            PgBind::Text(Some(text)) => PgBind::Text(Some(without_nul(column, text)?)),
            null => null,
        },
    })
}

/// The values of one part of the keys of a set.
pub(super) fn array<'v, I: Iterator<Item = &'v Value>>(
    column: &str,
    ty: ColumnType,
    values: impl Fn() -> I,
) -> std::result::Result<PgBind, Fault> {
    use ColumnType as Type;
    let all = |read: fn(&Value) -> bool| values().all(read);
    macro_rules! many {
        ($bind:ident, $read:expr) => {
            PgBind::$bind(
                values()
                    .map(|value| $read(value).ok_or_else(|| unbound(column, ty, value)))
                    .collect::<std::result::Result<_, _>>()?,
            )
        };
    }
    Ok(match ty {
        Type::Bool => many!(Bools, boolean),
        Type::SmallInt if all(|value| smallint(value).is_some()) => many!(SmallInts, smallint),
        Type::Integer if all(|value| integer(value).is_some()) => many!(Integers, integer),
        Type::SmallInt | Type::Integer | Type::BigInt => many!(BigInts, bigint),
        Type::Float if all(|value| float(value).is_some()) => many!(Floats, float),
        Type::Float | Type::Double => many!(Doubles, double),
        Type::Binary => many!(Binaries, bytes),
        Type::Date => many!(Dates, date),
        Type::Time => many!(Times, time),
        Type::Timestamp => many!(Timestamps, timestamp),
        Type::TimestampTz => many!(TimestampTzs, timestamp),
        Type::Uuid => many!(Uuids, uuid),
        Type::Text | Type::Decimal | Type::Json | Type::Jsonb => {
            let texts = values().map(|value| {
                text(ty, value).ok_or_else(|| unbound(column, ty, value)).and_then(|text| without_nul(column, text))
            });
            PgBind::Texts(texts.collect::<std::result::Result<_, _>>()?)
        }
    })
}

/// What many rows have in a column, NULLs among it.
pub(super) fn cells<'v, I: Iterator<Item = &'v Value>>(
    column: &str,
    ty: ColumnType,
    values: impl Fn() -> I,
) -> std::result::Result<PgBind, Fault> {
    use ColumnType as Type;
    let all = |fits: fn(&Value) -> bool| values().all(|value| value.is_null() || fits(value));
    macro_rules! many {
        ($bind:ident, $read:expr) => {
            PgBind::$bind(
                values()
                    .map(|value| match $read(value) {
                        None if !value.is_null() => Err(unbound(column, ty, value)),
                        read => Ok(read),
                    })
                    .collect::<std::result::Result<_, _>>()?,
            )
        };
    }
    Ok(match ty {
        Type::Bool => many!(BoolCells, boolean),
        Type::SmallInt if all(|value| smallint(value).is_some()) => many!(SmallIntCells, smallint),
        Type::Integer if all(|value| integer(value).is_some()) => many!(IntegerCells, integer),
        Type::SmallInt | Type::Integer | Type::BigInt => many!(BigIntCells, bigint),
        Type::Float if all(|value| float(value).is_some()) => many!(FloatCells, float),
        Type::Float | Type::Double => many!(DoubleCells, double),
        Type::Binary => many!(BinaryCells, bytes),
        Type::Date => many!(DateCells, date),
        Type::Time => many!(TimeCells, time),
        Type::Timestamp => many!(TimestampCells, timestamp),
        Type::TimestampTz => many!(TimestampTzCells, timestamp),
        Type::Uuid => many!(UuidCells, uuid),
        Type::Text | Type::Decimal | Type::Json | Type::Jsonb => {
            let texts = values().map(|value| match text(ty, value) {
                Some(text) => without_nul(column, text).map(Some),
                None if value.is_null() => Ok(None),
                None => Err(unbound(column, ty, value)),
            });
            PgBind::TextCells(texts.collect::<std::result::Result<_, _>>()?)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_bound_is_as_long_as_it_is_sent() {
        let texts = [Value::Text("a".repeat(10)), Value::Text("ß".repeat(5))];
        assert_eq!(scalar("c", ColumnType::Text, &texts[0]).unwrap().bytes(), 10);
        assert_eq!(array("c", ColumnType::Text, || texts.iter()).unwrap().bytes(), 2 * (4 + 10));
        let some = [Value::Int(1), Value::Null, Value::Int(1 << 40)];
        assert_eq!(cells("c", ColumnType::BigInt, || some.iter()).unwrap().bytes(), 3 * 4 + 2 * 8);
        assert_eq!(scalar("c", ColumnType::Binary, &Value::Bytes(vec![0; 1_000])).unwrap().bytes(), 1_000);
    }
}
