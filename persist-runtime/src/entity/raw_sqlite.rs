//! SQLite's raw values. A column of SQLite may hold any storage class, so each reader looks at the class first.

use super::decimal::Decimal;
use super::raw::Unfit;
use super::value::Excerpt;
use diesel::deserialize::FromSql;
use diesel::sql_types::Text;
use diesel::sqlite::{Sqlite, SqliteType, SqliteValue};

type Cell<'a> = SqliteValue<'a, 'a, 'a>;

#[cold]
fn unfit(mut cell: Cell<'_>, expected: &'static str) -> Unfit {
    unfit_in(&mut cell, expected)
}

#[cold]
fn unfit_in(cell: &mut SqliteValue<'_, '_, '_>, expected: &'static str) -> Unfit {
    match cell.value_type() {
        None => Unfit::Null,
        Some(SqliteType::Binary) => Unfit::value(expected, format_args!("a blob of {} bytes", cell.read_blob().len())),
        Some(SqliteType::Text) => Unfit::value(expected, format_args!("the text {}", Excerpt(cell.read_text()))),
        Some(_) => Unfit::value(expected, cell.read_text()),
    }
}

const fn is_integer(class: Option<SqliteType>) -> bool {
    matches!(class, Some(SqliteType::Long | SqliteType::Integer | SqliteType::SmallInt))
}

const fn is_float(class: Option<SqliteType>) -> bool {
    matches!(class, Some(SqliteType::Double | SqliteType::Float))
}

#[inline(always)]
pub(super) fn integer(mut cell: Cell<'_>) -> Result<i64, Unfit> {
    integer_in(&mut cell)
}

/// Reads the integer where it stands: Diesel's value is large, and moving it stalls on its parts just written.
#[inline(always)]
pub(crate) fn integer_in(cell: &mut SqliteValue<'_, '_, '_>) -> Result<i64, Unfit> {
    if is_integer(cell.value_type()) { Ok(cell.read_long()) } else { Err(unfit_in(cell, "an integer")) }
}

pub(super) fn boolean(mut cell: Cell<'_>) -> Result<bool, Unfit> {
    match (is_integer(cell.value_type()), cell.read_long()) {
        (true, number @ 0..=1) => Ok(number == 1),
        _ => Err(unfit(cell, "a boolean (0 or 1)")),
    }
}

#[inline]
pub(super) fn float(mut cell: Cell<'_>) -> Result<f64, Unfit> {
    let class = cell.value_type();
    if is_float(class) || is_integer(class) { Ok(cell.read_double()) } else { Err(unfit(cell, "a float")) }
}

#[inline(always)]
pub(crate) fn text(cell: Cell<'_>) -> Result<String, Unfit> {
    match cell.value_type() {
        Some(SqliteType::Text) => utf8(cell),
        _ => Err(unfit(cell, "text")),
    }
}

#[inline(always)]
pub(crate) fn expect_text(cell: &mut SqliteValue<'_, '_, '_>) -> Result<(), Unfit> {
    match cell.value_type() {
        Some(SqliteType::Text) => Ok(()),
        _ => Err(unfit_in(cell, "text")),
    }
}

#[inline(always)]
pub(crate) fn utf8(cell: Cell<'_>) -> Result<String, Unfit> {
    <String as FromSql<Text, Sqlite>>::from_sql(cell).map_err(|error| Unfit::value("text in UTF-8", error))
}

pub(super) fn bytes(mut cell: Cell<'_>) -> Result<Vec<u8>, Unfit> {
    match cell.value_type() {
        Some(SqliteType::Binary) => Ok(cell.read_blob().to_vec()),
        _ => Err(unfit(cell, "a blob")),
    }
}

pub(super) fn uuid(mut cell: Cell<'_>) -> Result<[u8; 16], Unfit> {
    let bytes = match cell.value_type() {
        Some(SqliteType::Binary) => cell.read_blob().try_into().ok(),
        _ => None,
    };
    bytes.ok_or_else(|| unfit(cell, "a uuid (a blob of 16 bytes)"))
}

/// A decimal is stored as text, or as the number that a column of numeric affinity makes of it; SQLite writes such a
/// number back with the digits it was given (up to 15).
pub(super) fn decimal(mut cell: Cell<'_>) -> Result<Decimal, Unfit> {
    let parsed = match cell.value_type() {
        Some(SqliteType::Binary) | None => None,
        Some(_) => cell.read_text().parse().ok(),
    };
    parsed.ok_or_else(|| unfit(cell, "a decimal number of at most 38 digits"))
}

/// A sum: a number, or the text of several, with blanks between them, whose sum it is.
pub(super) fn total(mut cell: Cell<'_>) -> Result<Decimal, Unfit> {
    const EXPECTED: &str = "a decimal number of at most 38 digits";
    if matches!(cell.value_type(), Some(SqliteType::Binary) | None) {
        return Err(unfit(cell, EXPECTED));
    }
    let mut sum = Decimal::new(0, 0);
    for part in cell.read_text().split_ascii_whitespace() {
        let Ok(part) = part.parse() else { return Err(Unfit::text(EXPECTED, part)) };
        sum = sum.checked_add(part).ok_or_else(|| Unfit::value(EXPECTED, "a longer one"))?;
    }
    Ok(sum)
}

pub(super) fn json(cell: Cell<'_>) -> Result<String, Unfit> {
    text(cell)
}

#[cfg(not(feature = "chrono"))]
mod dates {
    //! SQLite keeps dates as text, and reading that is chrono's business: no [`Scalar`](crate::Scalar) asks for them
    //! without it.
    use super::{Cell, Unfit, unfit};

    pub(in super::super) fn date(cell: Cell<'_>) -> Result<i32, Unfit> {
        Err(unfit(cell, "a date (feature `chrono` reads them)"))
    }
    pub(in super::super) fn time(cell: Cell<'_>) -> Result<i64, Unfit> {
        Err(unfit(cell, "a time (feature `chrono` reads them)"))
    }
    pub(in super::super) fn timestamp(cell: Cell<'_>) -> Result<i64, Unfit> {
        Err(unfit(cell, "a timestamp (feature `chrono` reads them)"))
    }
}

#[cfg(feature = "chrono")]
mod dates {
    //! SQLite keeps dates as text; Diesel's chrono types read every form that SQLite's own date functions know.
    use super::super::scalar_chrono::{day_number, micros, micros_of_day};
    use super::{Cell, Excerpt, SqliteType, Unfit};
    use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
    use diesel::deserialize::FromSql;
    use diesel::sql_types::{Date, Time, Timestamp};
    use diesel::sqlite::Sqlite;

    /// Reads a moment; the text is kept for the message, since reading takes the cell.
    fn moment<T: FromSql<ST, Sqlite>, ST>(mut cell: Cell<'_>, expected: &'static str) -> Result<T, Unfit> {
        if !matches!(cell.value_type(), Some(SqliteType::Text)) {
            return T::from_sql(cell).map_err(|error| Unfit::value(expected, error));
        }
        let text = cell.read_text().to_owned();
        T::from_sql(cell).map_err(|_| Unfit::value(expected, format_args!("the text {}", Excerpt(&text))))
    }

    pub(in super::super) fn date(cell: Cell<'_>) -> Result<i32, Unfit> {
        moment::<NaiveDate, Date>(cell, "a date").map(day_number)
    }
    pub(in super::super) fn time(cell: Cell<'_>) -> Result<i64, Unfit> {
        moment::<NaiveTime, Time>(cell, "a time of day").map(micros_of_day)
    }
    pub(in super::super) fn timestamp(cell: Cell<'_>) -> Result<i64, Unfit> {
        moment::<NaiveDateTime, Timestamp>(cell, "a timestamp").map(micros)
    }
}

pub(super) use dates::{date, time, timestamp};
