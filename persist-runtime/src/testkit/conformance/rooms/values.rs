//! What is written is what is read back, is found by what it is, and stands in order: every type that a column may hold.

use super::super::trial::Trial;
use crate::prelude::*;
use crate::{ColumnType, Error, StoredAs, Value};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use diesel::query_builder::QueryId;
use diesel::sql_types::SqlType;
use rust_decimal::Decimal;
use uuid::Uuid;

/// SQL types that some backends have, for all of them.
#[allow(unreachable_pub, reason = "tables lead to it")]
pub mod sql {
    use super::*;

    /// A moment with a zone.
    #[derive(Debug, Clone, Copy, QueryId, SqlType)]
    pub struct Zoned;

    #[diagnostic::do_not_recommend]
    impl StoredAs<Zoned> for DateTime<Utc> {
        const TYPE: ColumnType = ColumnType::TimestampTz;
    }

    /// A UUID, in the type that a database has for it.
    #[derive(Debug, Clone, Copy, QueryId, SqlType)]
    pub struct Native;

    #[diagnostic::do_not_recommend]
    impl StoredAs<Native> for Uuid {
        const TYPE: ColumnType = ColumnType::Uuid;
    }
}

/// A newtype.
#[derive(Debug, Clone, PartialEq, Eq, Scalar)]
pub(crate) struct Nick(String);

/// An enum, kept as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Scalar)]
pub(crate) enum Mood {
    Calm,
    #[scalar(rename = "On Fire")]
    OnFire,
}

/// An enum, kept as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Scalar)]
#[scalar(integer = i16)]
pub(crate) enum Level {
    Low = -3,
    High = 20,
}

/// An entity with a column of a type, and one of it that may be NULL; what holds of any type.
macro_rules! rows_of {
    ($($module:ident: $field:ty as $sql:ident $(, $order:ident)?;)*) => {$(
        mod $module {
            use super::*;

            diesel::table! {
                use diesel::sql_types::*;
                use super::super::sql::*;
                $module (id) { id -> BigInt, value -> $sql, maybe -> Nullable<$sql>, }
            }

            #[derive(Debug, Clone, Entity)]
            #[entity(table = $module, group = Rows)]
            pub(super) struct Row {
                #[entity(key)]
                pub(super) id: i64,
                pub(super) value: $field,
                pub(super) maybe: Option<$field>,
            }

            fn ids(context: &mut Context<'_>, group: &Rows) -> Vec<i64> {
                context.realise(group).unwrap().iter().map(|row| row.id).collect()
            }

            /// The numbers of the rows whose value satisfies a test.
            fn those(rows: &[Row], test: impl Fn(&Value) -> bool) -> Vec<i64> {
                rows.iter().filter(|row| test(&row.values()[1])).map(|row| row.id).collect()
            }

            /// Values that are all different, or are meant to be the same.
            pub(super) fn check(at: &Trial<'_>, values: Vec<$field>) {
                let place = at.place(&[Row::TABLE]);
                let context = &mut place.context();
                let row = |(id, value): (i64, $field)| Row { id, maybe: (id % 2 == 0).then(|| value.clone()), value };
                let rows: Vec<_> = (0..).zip(values).map(row).collect();
                let (first, rest) = rows.split_at(1);
                context.insert(&first[0]).unwrap();
                context.insert_all(rest).unwrap();
                for (read, written) in context.realise(Rows::all()).unwrap().iter().zip(&rows) {
                    assert_eq!(read.values(), written.values(), "read, and written");
                }
                assert_eq!(ids(context, &Rows::all()), those(&rows, |_| true));
                $($order(context, &rows);)?
                check_edits(context, &rows);
            }

            $(
                /// Rows are found by what they hold, and come in its order.
                fn $order(context: &mut Context<'_>, rows: &[Row]) {
                    let mut by_value: Vec<_> = rows.iter().map(|row| (row.values()[1].clone(), row.id)).collect();
                    by_value.sort();
                    let sorted: Vec<_> = by_value.iter().map(|(_, id)| *id).collect();
                    assert_eq!(ids(context, &Rows::all().order_by(row::value.asc())), sorted);
                    let mut nulls_first: Vec<_> = rows.iter().map(|row| (row.values()[2].clone(), row.id)).collect();
                    nulls_first.sort();
                    let sorted: Vec<_> = nulls_first.into_iter().map(|(_, id)| id).collect();
                    assert_eq!(ids(context, &Rows::all().order_by(row::maybe.asc())), sorted);
                    for some in rows {
                        let it = || some.value.clone();
                        let held = some.values()[1].clone();
                        let of = |predicate| Rows::all().filter(predicate);
                        assert_eq!(ids(context, &of(row::value.eq(it()))), those(rows, |v| *v == held), "= {held}");
                        assert_eq!(ids(context, &of(row::value.ne(it()))), those(rows, |v| *v != held), "<> {held}");
                        assert_eq!(ids(context, &of(row::value.lt(it()))), those(rows, |v| *v < held), "< {held}");
                        assert_eq!(ids(context, &of(row::value.ge(it()))), those(rows, |v| *v >= held), ">= {held}");
                        let listed = of(row::value.is_in([it(), it()]));
                        assert_eq!(ids(context, &listed), those(rows, |v| *v == held), "in {held}");
                        let maybe = of(row::maybe.eq(it()));
                        let expected: Vec<_> =
                            rows.iter().filter(|row| row.values()[2] == held).map(|row| row.id).collect();
                        assert_eq!(ids(context, &maybe), expected, "maybe = {held}");
                    }
                }
            )?

            /// The value is kept as it is, or refused.
            #[allow(dead_code)]
            pub(super) fn keep_or_refuse(at: &Trial<'_>, value: $field) {
                let place = at.place(&[Row::TABLE]);
                let context = &mut place.context();
                let row = Row { id: 1, maybe: Some(value.clone()), value };
                let refused = match context.insert(&row) {
                    Ok(()) => None,
                    Err(Error::Store(error)) => Some(error),
                    Err(other) => panic!("{row:?}: {other}"),
                };
                match (refused, context.realise(Rows::all())) {
                    (None, Ok(read)) => assert_eq!(read[0].values(), row.values()),
                    (None, Err(error)) => panic!("{row:?}: written, not to be read: {error}"),
                    (Some(error), read) => {
                        assert_eq!((error.entity(), read.unwrap().len()), ("Row", 0), "{row:?}: {error}");
                    }
                }
            }

            /// A value becomes another one, NULL, and what it was.
            fn check_edits(context: &mut Context<'_>, rows: &[Row]) {
                let last = rows.last().unwrap();
                for row in rows {
                    let mut edit = context.edit::<Row>(row.id).unwrap();
                    (edit.value, edit.maybe) = (last.value.clone(), None);
                    context.save(&mut edit).unwrap();
                    assert_eq!(edit.values()[1..], [last.values()[1].clone(), Value::Null]);
                    (edit.value, edit.maybe) = (row.value.clone(), Some(row.value.clone()));
                    context.save(&mut edit).unwrap();
                    let stored = context.realise(Rows::from_keys([row.id])).unwrap().remove(0).values();
                    let held = row.values()[1].clone();
                    assert_eq!(stored, [Value::Int(row.id), held.clone(), held]);
                }
            }
        }
    )*};
}

rows_of! {
    truths: bool as Bool, ordered;
    shorts: i16 as SmallInt, ordered;
    wholes: i32 as Integer, ordered;
    longs: i64 as BigInt, ordered;
    singles: f32 as Float, ordered;
    doubles: f64 as Double, ordered;
    texts_kept: String as Text, ordered;
    blobs: Vec<u8> as Binary, ordered;
    days_kept: NaiveDate as Date, ordered;
    hours: NaiveTime as Time, ordered;
    stamps: NaiveDateTime as Timestamp, ordered;
    zoned_stamps: DateTime<Utc> as Zoned, ordered;
    uuids_kept: Uuid as Binary, ordered;
    native_uuids: Uuid as Native, ordered;
    exact: Decimal as Numeric, ordered;
    documents_kept: serde_json::Value as Jsonb;
    nicks: Nick as Text, ordered;
    moods: Mood as Text, ordered;
    levels: Level as SmallInt, ordered;
}

/// Truth values.
pub(crate) fn booleans(at: &Trial<'_>) {
    truths::check(at, vec![true, false, true]);
}

/// Integers of each width, to their ends.
pub(crate) fn integers(at: &Trial<'_>) {
    shorts::check(at, vec![0, 1, -1, i16::MAX, i16::MIN, 1]);
    wholes::check(at, vec![0, 1, -1, i32::MAX, i32::MIN, i32::from(i16::MAX) + 1]);
    let beyond = 9_007_199_254_740_993;
    longs::check(at, vec![0, -1, i64::MAX, i64::MIN, i64::MAX - 1, beyond, beyond - 1, -beyond]);
}

/// Floats of both widths, to the last bit; `-0.0` is `0.0`.
pub(crate) fn floats(at: &Trial<'_>) {
    singles::check(at, vec![0.0, 0.1, -1.5, f32::MAX, f32::MIN, f32::from_bits(1), f32::EPSILON, -0.0, 1e-10]);
    doubles::check(at, vec![0.0, 0.1, 0.1 + 0.2, f64::MAX, f64::MIN, f64::from_bits(1), -0.0, 1e300, 0.3]);
}

/// Infinite floats stand at the ends.
pub(crate) fn infinite_floats(at: &Trial<'_>) {
    singles::check(at, vec![f32::INFINITY, 1.0, f32::NEG_INFINITY, f32::MAX]);
    doubles::check(at, vec![f64::INFINITY, 1.0, f64::NEG_INFINITY, f64::MIN]);
}

/// NaN equals itself, and is greater than every number.
pub(crate) fn nan(at: &Trial<'_>) {
    singles::check(at, vec![1.0, f32::NAN, f32::MAX, f32::NAN]);
    doubles::check(at, vec![1.0, f64::NAN, f64::MAX, f64::NAN]);
}

/// Texts, to the last blank: nothing is trimmed, folded, normalised or taken for something else.
pub(crate) fn texts(at: &Trial<'_>) {
    let texts = ["", " ", "a", "A", "a ", " a", "a\u{a0}", "é", "e\u{301}", "ß", "ss", "Z", "\u{ff5e}", "\u{1f600}"];
    let odd = ["007", "1e3", "null", "NULL", "'; --", "\\", "%", "_", "\n\t\r", "\u{feff}", "\u{10ffff}"];
    let long = "x".repeat(70_000);
    let all = texts.into_iter().chain(odd).map(String::from).chain([long.clone(), format!("{long} ")]);
    texts_kept::check(at, all.collect());
}

/// A NUL is a character like any other.
pub(crate) fn texts_with_nul(at: &Trial<'_>) {
    texts_kept::check(at, ["", "\0", "a\0", "a", "\0a", "a\0b", "\0\0"].map(String::from).to_vec());
}

/// Byte strings, that of no byte among them, and what is no UTF-8.
pub(crate) fn byte_strings(at: &Trial<'_>) {
    let long = vec![0xab; 70_000];
    blobs::check(
        at,
        vec![vec![], vec![0], vec![0, 0], (0..=255).collect(), b"'\\x00".to_vec(), long, vec![0xff, 0xfe]],
    );
}

/// Days, to the ends of four-digit years.
pub(crate) fn days(at: &Trial<'_>) {
    let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
    let days =
        [day(1970, 1, 1), day(1969, 12, 31), day(2024, 2, 29), day(1, 1, 1), day(9999, 12, 31), day(1582, 10, 10)];
    days_kept::check(at, days.to_vec());
}

/// Times of day, to the microsecond.
pub(crate) fn times(at: &Trial<'_>) {
    let time = |h, m, s, us| NaiveTime::from_hms_micro_opt(h, m, s, us).unwrap();
    let times =
        [time(0, 0, 0, 0), time(23, 59, 59, 999_999), time(12, 0, 0, 1), time(12, 0, 0, 100_000), time(12, 0, 0, 0)];
    hours::check(at, times.to_vec());
}

fn moments_of_all_kinds() -> Vec<NaiveDateTime> {
    let texts = [
        "1970-01-01T00:00:00",
        "1969-12-31T23:59:59.999999",
        "2024-02-29T12:00:00.5",
        "2024-02-29T12:00:00.500001",
        "0001-01-01T00:00:00",
        "9999-12-31T23:59:59.999999",
        "2024-03-31T02:30:00",
        "1883-11-18T12:03:58",
    ];
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

/// Moments, to the microsecond, also such as are on no clock of some zone.
pub(crate) fn moments(at: &Trial<'_>) {
    stamps::check(at, moments_of_all_kinds());
}

/// Moments with a zone come back as the same moment.
pub(crate) fn moments_with_a_zone(at: &Trial<'_>) {
    zoned_stamps::check(at, moments_of_all_kinds().iter().map(NaiveDateTime::and_utc).collect());
}

/// UUIDs, as bytes and in a database's own type, in the order of their bytes.
pub(crate) fn uuids(at: &Trial<'_>) {
    let uuids =
        || vec![Uuid::nil(), Uuid::max(), Uuid::from_u128(1), Uuid::from_u128(1 << 127), Uuid::from_u128(0xff00)];
    uuids_kept::check(at, uuids());
    native_uuids::check(at, uuids());
}

/// Decimals are numbers: to the last digit, whatever their scale.
pub(crate) fn decimals(at: &Trial<'_>) {
    let texts =
        ["0", "0.1", "0.10", "1", "1.0", "-1", "10", "9", "-0.5", "123456789012.345", "0.000000001", "99999.99999"];
    exact::check(at, texts.iter().map(|text| text.parse().unwrap()).collect());
}

/// Decimals of more digits than a float has.
pub(crate) fn decimals_of_many_digits(at: &Trial<'_>) {
    let texts = [
        "0.1",
        "0.10000000000000000001",
        "100000000000000000000",
        "100000000000000000000.1",
        "-100000000000000000000.1",
    ];
    exact::check(at, texts.iter().map(|text| text.parse().unwrap()).collect());
}

/// JSON documents of every shape; `null` is a document, and no document is NULL.
pub(crate) fn documents(at: &Trial<'_>) {
    let texts = [
        r#"{ "a": [1, null, "x", { "b": true }], "é": "\u00e9" }"#,
        "[]",
        "{}",
        r#"{ "": { "": {} }, "a.b": 1, "$": 2 }"#,
        r#""text""#,
        r#""""#,
        "9007199254740993",
        "-1.5",
        "true",
        "null",
        r#"{ "a \" \\ \n": "'; -- \u0001" }"#,
    ];
    documents_kept::check(at, texts.iter().map(|text| serde_json::from_str(text).unwrap()).collect());
}

/// Newtypes and enums are what they stand for.
pub(crate) fn newtypes_and_enums(at: &Trial<'_>) {
    nicks::check(at, ["b", "a", "", "B"].map(|text| Nick(text.to_owned())).to_vec());
    moods::check(at, vec![Mood::OnFire, Mood::Calm, Mood::OnFire]);
    levels::check(at, vec![Level::High, Level::Low, Level::High]);
}

/// Past what a store can keep: an error, or the same value back; never another one, and never a row that cannot be read.
pub(crate) fn what_cannot_be_kept(at: &Trial<'_>) {
    let year = |year| NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
    for day in [year(0), year(-1), year(-5_000), year(10_000), NaiveDate::MAX, NaiveDate::MIN] {
        days_kept::keep_or_refuse(at, day);
        stamps::keep_or_refuse(at, day.and_time(NaiveTime::MIN));
        zoned_stamps::keep_or_refuse(at, day.and_time(NaiveTime::MIN).and_utc());
    }
    hours::keep_or_refuse(at, NaiveTime::from_hms_milli_opt(23, 59, 59, 1_500).unwrap());
    for float in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        doubles::keep_or_refuse(at, float);
    }
    texts_kept::keep_or_refuse(at, "a\0b".to_owned());
    documents_kept::keep_or_refuse(at, serde_json::json!({ "a\0": "\0" }));
    for decimal in [Decimal::MAX, Decimal::MIN, Decimal::from_i128_with_scale(1, 28)] {
        exact::keep_or_refuse(at, decimal);
    }
}
