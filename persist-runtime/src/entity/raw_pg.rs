//! PostgreSQL's raw values. Every value says its type, and each reader looks at it first: Diesel's own `FromSql` would
//! read the bytes of one type as another where a `table!` is wrong.

use super::decimal::Decimal;
use super::raw::Unfit;
use diesel::data_types::{PgDate, PgNumeric, PgTime, PgTimestamp};
use diesel::deserialize::FromSql;
use diesel::pg::{Pg, PgValue};
use diesel::sql_types as st;
use std::cell::Cell;

/// Days and microseconds from 1970-01-01 to 2000-01-01, where PostgreSQL starts to count.
const EPOCH_DAYS: i32 = 10_957;
const EPOCH_MICROS: i64 = EPOCH_DAYS as i64 * 86_400_000_000;

mod oid {
    pub(super) const BOOL: u32 = 16;
    pub(super) const BYTEA: u32 = 17;
    pub(super) const INT8: u32 = 20;
    pub(super) const INT2: u32 = 21;
    pub(super) const INT4: u32 = 23;
    pub(super) const TEXT: u32 = 25;
    pub(super) const JSON: u32 = 114;
    pub(super) const FLOAT4: u32 = 700;
    pub(super) const FLOAT8: u32 = 701;
    pub(super) const VARCHAR: u32 = 1043;
    pub(super) const DATE: u32 = 1082;
    pub(super) const TIME: u32 = 1083;
    pub(super) const TIMESTAMP: u32 = 1114;
    pub(super) const TIMESTAMPTZ: u32 = 1184;
    pub(super) const NUMERIC: u32 = 1700;
    pub(super) const UUID: u32 = 2950;
    pub(super) const JSONB: u32 = 3802;

    /// Types whose binary form is not their text.
    pub(super) const BINARY: [u32; 15] =
        [BOOL, BYTEA, INT8, INT2, INT4, FLOAT4, FLOAT8, DATE, TIME, TIMESTAMP, TIMESTAMPTZ, NUMERIC, UUID, JSONB, 1186];
}

/// The types of a statement's columns, each once one of its cells was looked at: all of them have one type, and libpq is
/// slow to tell it.
#[derive(Debug)]
pub struct Oids(Vec<Cell<u32>>);

impl Oids {
    pub(crate) fn of(columns: usize) -> Self {
        Self(vec![Cell::new(0); columns])
    }

    /// The oid of the type of `cell`, which is one of the column `at`.
    #[inline(always)]
    pub(crate) fn oid(&self, cell: &PgValue<'_>, at: usize) -> u32 {
        match self.0.get(at).map_or(0, Cell::get) {
            0 => self.look(cell, at),
            known => known,
        }
    }

    #[cold]
    fn look(&self, cell: &PgValue<'_>, at: usize) -> u32 {
        let oid = cell.get_oid().get();
        if let Some(known) = self.0.get(at) {
            known.set(oid);
        }
        oid
    }
}

#[cold]
fn unfit(cell: &PgValue<'_>, expected: &'static str) -> Unfit {
    Unfit::value(expected, format_args!("a value of the PostgreSQL type with oid {}", cell.get_oid()))
}

fn read<T: FromSql<ST, Pg>, ST>(cell: &PgValue<'_>, expected: &'static str) -> Result<T, Unfit> {
    T::from_sql(*cell).map_err(|error| Unfit::value(expected, error))
}

pub(super) fn boolean(cell: &PgValue<'_>) -> Result<bool, Unfit> {
    match cell.get_oid().get() {
        oid::BOOL => read::<bool, st::Bool>(cell, "a boolean"),
        _ => Err(unfit(cell, "a boolean")),
    }
}

pub(super) fn integer(cell: &PgValue<'_>) -> Result<i64, Unfit> {
    integer_of(cell, cell.get_oid().get())
}

/// Reads an integer of the type with this oid.
#[inline(always)]
pub(crate) fn integer_of(cell: &PgValue<'_>, oid: u32) -> Result<i64, Unfit> {
    match (oid, cell.as_bytes()) {
        (oid::INT4, &[a, b, c, d]) => Ok(i32::from_be_bytes([a, b, c, d]).into()),
        (oid::INT8, &[a, b, c, d, e, f, g, h]) => Ok(i64::from_be_bytes([a, b, c, d, e, f, g, h])),
        (oid::INT2, &[a, b]) => Ok(i16::from_be_bytes([a, b]).into()),
        _ => Err(unfit(cell, "an integer")),
    }
}

pub(super) fn float(cell: &PgValue<'_>) -> Result<f64, Unfit> {
    match cell.get_oid().get() {
        oid::FLOAT8 => read::<f64, st::Double>(cell, "a float"),
        oid::FLOAT4 => read::<f32, st::Float>(cell, "a float").map(f64::from),
        _ => Err(unfit(cell, "a float")),
    }
}

#[inline(always)]
pub(super) fn text(cell: &PgValue<'_>) -> Result<String, Unfit> {
    expect_text(cell, cell.get_oid().get())?;
    utf8(cell)
}

/// Fails unless the type with this oid, the cell's, is one of text.
#[inline(always)]
pub(crate) fn expect_text(cell: &PgValue<'_>, oid: u32) -> Result<(), Unfit> {
    match oid {
        // What most text columns are.
        oid::TEXT | oid::VARCHAR => Ok(()),
        other if oid::BINARY.contains(&other) => Err(unfit(cell, "text")),
        _ => Ok(()),
    }
}

#[inline(always)]
pub(crate) fn utf8(cell: &PgValue<'_>) -> Result<String, Unfit> {
    match std::str::from_utf8(cell.as_bytes()) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => Err(Unfit::value("text in UTF-8", error)),
    }
}

pub(super) fn bytes(cell: &PgValue<'_>) -> Result<Vec<u8>, Unfit> {
    match cell.get_oid().get() {
        oid::BYTEA => Ok(cell.as_bytes().to_vec()),
        _ => Err(unfit(cell, "a byte string")),
    }
}

pub(super) fn date(cell: &PgValue<'_>) -> Result<i32, Unfit> {
    match cell.get_oid().get() {
        oid::DATE => {
            let PgDate(days) = read::<PgDate, st::Date>(cell, "a date")?;
            days.checked_add(EPOCH_DAYS).filter(|_| days > i32::MIN).ok_or_else(|| Unfit::value("a date", "infinity"))
        }
        _ => Err(unfit(cell, "a date")),
    }
}

pub(super) fn time(cell: &PgValue<'_>) -> Result<i64, Unfit> {
    match cell.get_oid().get() {
        oid::TIME => read::<PgTime, st::Time>(cell, "a time of day").map(|PgTime(micros)| micros),
        _ => Err(unfit(cell, "a time of day")),
    }
}

pub(super) fn timestamp(cell: &PgValue<'_>) -> Result<i64, Unfit> {
    match cell.get_oid().get() {
        oid::TIMESTAMP | oid::TIMESTAMPTZ => {
            let PgTimestamp(micros) = read::<PgTimestamp, st::Timestamp>(cell, "a timestamp")?;
            let since_1970 = micros.checked_add(EPOCH_MICROS).filter(|_| micros > i64::MIN);
            since_1970.ok_or_else(|| Unfit::value("a timestamp", "infinity"))
        }
        _ => Err(unfit(cell, "a timestamp")),
    }
}

pub(super) fn uuid(cell: &PgValue<'_>) -> Result<[u8; 16], Unfit> {
    match (cell.get_oid().get(), cell.as_bytes().try_into()) {
        (oid::UUID, Ok(bytes)) => Ok(bytes),
        _ => Err(unfit(cell, "a uuid")),
    }
}

pub(super) fn json(cell: &PgValue<'_>) -> Result<String, Unfit> {
    let text = match (cell.get_oid().get(), cell.as_bytes()) {
        (oid::JSON, text) => text,
        // The binary form of jsonb is a version number, then the text.
        (oid::JSONB, [1, text @ ..]) => text,
        _ => return Err(unfit(cell, "a JSON document")),
    };
    match std::str::from_utf8(text) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => Err(Unfit::value("JSON in UTF-8", error)),
    }
}

pub(super) fn decimal(cell: &PgValue<'_>) -> Result<Decimal, Unfit> {
    const EXPECTED: &str = "a decimal number of at most 38 digits";
    if cell.get_oid().get() != oid::NUMERIC {
        return Err(unfit(cell, EXPECTED));
    }
    let (sign, weight, scale, digits) = match read::<PgNumeric, st::Numeric>(cell, EXPECTED)? {
        PgNumeric::Positive { weight, scale, digits } => (1, weight, scale, digits),
        PgNumeric::Negative { weight, scale, digits } => (-1, weight, scale, digits),
        PgNumeric::NaN => return Err(Unfit::value(EXPECTED, "NaN")),
    };
    from_base_10_000(sign, weight, scale, &digits).ok_or_else(|| Unfit::value(EXPECTED, "a longer one"))
}

/// A sum: an integer where the column's are narrow, else a numeric.
pub(super) fn total(cell: &PgValue<'_>) -> Result<Decimal, Unfit> {
    match cell.get_oid().get() {
        oid::NUMERIC => decimal(cell),
        _ => integer(cell).map(|sum| Decimal::new(sum.into(), 0)),
    }
}

/// PostgreSQL sends base-10,000 digits, the first of which counts 10,000^`weight`.
fn from_base_10_000(sign: i128, weight: i16, scale: u16, digits: &[i16]) -> Option<Decimal> {
    let mut units = 0_i128;
    for digit in digits {
        units = units.checked_mul(10_000)?.checked_add(i128::from(*digit))?;
    }
    // The power of ten that the last digit stands for.
    let exponent = (i32::from(weight) + 1 - i32::try_from(digits.len()).ok()?) * 4;
    let (units, scale) = match u32::try_from(-exponent) {
        Ok(held) => {
            let wanted = u32::from(scale);
            let spare = held.saturating_sub(wanted);
            (units / 10_i128.checked_pow(spare)?, held - spare)
        }
        Err(_) => (units.checked_mul(10_i128.checked_pow(exponent.unsigned_abs())?)?, 0),
    };
    Some(Decimal::new(sign * units, scale)).filter(|value| value.scale() <= 38)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerics_are_put_together_from_their_base_10_000_digits() {
        let cases: [(i16, u16, &[i16], &str); 6] = [
            (0, 2, &[12, 5000], "12.5"),
            (1, 0, &[1, 2345], "12345"),
            (2, 0, &[7], "700000000"),
            (-1, 4, &[1], "0.0001"),
            (0, 0, &[], "0"),
            (0, 3, &[1, 1230], "1.123"),
        ];
        for (weight, scale, digits, text) in cases {
            let decimal = from_base_10_000(1, weight, scale, digits).unwrap();
            assert_eq!(decimal.to_string(), text);
        }
    }
}
