//! Inserts: what is written is what is read, for every scalar type on every store; all rows or none; and what a store
//! refuses has a name.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use persist::{Entity as _, Error, Fault};
use persist_tests::data::Data;
use persist_tests::log_store::LogStore;
use persist_tests::stores::{self, Fresh};
use persist_tests::tracker::*;
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

fn plain(id: i64) -> Thing {
    let day = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
    let moment = day.and_hms_micro_opt(23, 59, 59, 999_999).unwrap();
    Thing {
        id,
        truth: true,
        small: 1,
        whole: 2,
        big: 3,
        single: 0.1,
        double: 0.1,
        text: "text".into(),
        bytes: vec![1, 2, 3],
        day,
        time: moment.time(),
        moment,
        zoned: moment.and_utc(),
        uuid: Uuid::from_u128(7),
        exact: "12.50".parse().unwrap(),
        json: json!({ "a": [1, null, "x"] }),
        maybe_text: None,
        maybe_whole: None,
        maybe_exact: None,
        maybe_moment: None,
        maybe_bytes: None,
    }
}

fn date(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 1, 1).unwrap()
}

/// Values at the ends of their types, and such as stores like to change.
fn things() -> Vec<Thing> {
    let base = plain(0);
    let most = Thing {
        small: i16::MAX,
        whole: i32::MAX,
        big: i64::MAX,
        single: f32::MAX,
        double: f64::MAX,
        text: "\u{10FFFF}😀e\u{301}'\"\\%_`$1?\n\t".into(),
        bytes: (0..=255).collect(),
        day: date(9999),
        time: NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999).unwrap(),
        moment: date(9999).and_hms_micro_opt(23, 59, 59, 999_999).unwrap(),
        zoned: Utc.with_ymd_and_hms(9999, 12, 31, 23, 59, 59).unwrap(),
        uuid: Uuid::max(),
        exact: Decimal::MAX,
        json: json!({ "é": [1.5e300, u64::MAX, i64::MIN, "\u{10FFFF}", { "": {} }], "": null }),
        maybe_text: Some(String::new()),
        maybe_whole: Some(0),
        maybe_exact: Some(Decimal::ZERO),
        maybe_moment: Some(DateTime::UNIX_EPOCH.naive_utc()),
        maybe_bytes: Some(Vec::new()),
        ..base.clone()
    };
    let least = Thing {
        truth: false,
        small: i16::MIN,
        whole: i32::MIN,
        big: i64::MIN,
        single: f32::MIN,
        double: f64::MIN,
        text: String::new(),
        bytes: Vec::new(),
        day: date(1),
        time: NaiveTime::MIN,
        moment: date(1).and_time(NaiveTime::MIN),
        zoned: Utc.with_ymd_and_hms(1, 1, 1, 0, 0, 0).unwrap(),
        uuid: Uuid::nil(),
        exact: Decimal::MIN,
        json: json!(null),
        maybe_text: Some("   ".into()),
        maybe_whole: Some(i32::MIN),
        maybe_exact: Some(Decimal::MIN),
        maybe_moment: Some(date(1).and_time(NaiveTime::MIN)),
        maybe_bytes: Some(vec![0]),
        ..base.clone()
    };
    let small = Thing {
        single: f32::from_bits(1),
        double: f64::from_bits(1),
        text: "trailing \u{A0} ".into(),
        exact: Decimal::from_i128_with_scale(1, 28),
        maybe_exact: Some(Decimal::from_i128_with_scale(-1_234_567_890_123_456_789, 18)),
        time: NaiveTime::from_hms_micro_opt(0, 0, 0, 1).unwrap(),
        moment: DateTime::from_timestamp_micros(-1).unwrap().naive_utc(),
        zoned: DateTime::from_timestamp_micros(-1).unwrap(),
        json: json!("text"),
        ..base.clone()
    };
    let odd = Thing {
        single: f32::INFINITY,
        double: f64::NEG_INFINITY,
        text: "x".repeat(100_000),
        exact: "100000000000000000000.10".parse().unwrap(),
        json: json!(9_007_199_254_740_993_u64),
        ..base.clone()
    };
    let numeric = Thing { text: "007".into(), maybe_text: Some("1e3".into()), json: json!("1"), ..base.clone() };
    let mut all = vec![base, most, least, small, odd, numeric];
    for (id, thing) in (-2..).zip(&mut all) {
        thing.id = id;
    }
    all
}

#[test]
fn r23_what_is_written_is_what_is_read() {
    let mut things = things();
    let mut check = |context: &mut persist::Context<'_>, name: &str| {
        if name == "MySQL" {
            let odd = things.iter_mut().find(|thing| thing.single.is_infinite()).unwrap();
            let refused = context.insert(odd).unwrap_err();
            assert!(matches!(refused.store().unwrap().fault(), Fault::Lacks(_)), "{refused}");
            (odd.single, odd.double) = (f32::MAX, f64::MIN);
        }
        let things = &*things;
        context.insert_all(&things[..3]).unwrap();
        things[3..].iter().for_each(|thing| context.insert(thing).unwrap());
        let read = context.realise(Things::all()).unwrap();
        for (read, written) in read.iter().zip(things) {
            assert_eq!(read, written, "{name}");
        }
        assert_eq!(read.len(), things.len());
        let keys = Things::of(things);
        assert_eq!(context.realise(keys.count()).unwrap(), things.len() as u64);
        // And is found by what it is.
        for thing in things {
            let found = [
                thing::truth.eq(thing.truth) & thing::small.eq(thing.small) & thing::whole.eq(thing.whole),
                thing::big.eq(thing.big) & thing::text.eq(thing.text.as_str()) & thing::bytes.eq(&thing.bytes),
                thing::single.eq(thing.single) & thing::double.eq(thing.double),
                thing::single.is_in([thing.single]) & thing::double.is_in([thing.double, 7.25]),
                thing::day.eq(thing.day) & thing::time.eq(thing.time) & thing::moment.eq(thing.moment),
                thing::day.is_in([thing.day]) & thing::moment.is_in([thing.moment]) & thing::time.is_in([thing.time]),
                thing::zoned.eq(thing.zoned) & thing::uuid.eq(thing.uuid) & thing::uuid.is_in([thing.uuid]),
                thing::zoned.is_in([thing.zoned]) & thing::bytes.is_in([&thing.bytes]),
                thing::maybe_exact.eq(thing.maybe_exact) & thing::maybe_text.eq(thing.maybe_text.clone()),
                thing::maybe_moment.eq(thing.maybe_moment) & thing::maybe_bytes.is_in([thing.maybe_bytes.clone()]),
                thing::maybe_whole.is_in([thing.maybe_whole]) & thing::maybe_text.is_in([thing.maybe_text.clone()]),
            ];
            for found in found {
                let rows = context.realise(Things::all().filter(found.clone())).unwrap();
                assert!(rows.contains(thing), "{name}: {found:?} of {}", thing.id);
            }
        }
        let order = |group: Things| context_ids(context, &group);
        let mut order = order;
        [
            order(Things::all().order_by(thing::single.asc())),
            order(Things::all().order_by(thing::double.desc())),
            order(Things::all().order_by((thing::moment.asc(), thing::text.desc()))),
            order(Things::all().order_by((thing::time.desc(), thing::uuid.asc(), thing::bytes.desc()))),
            order(Things::all().order_by((thing::day.asc(), thing::zoned.desc(), thing::maybe_bytes.asc()))),
        ]
    };
    let mut memory = stores::memory();
    let expected = check(&mut memory.context(), "memory");
    assert_eq!(check(&mut LogStore::new().context(), "log"), expected);
    for mut fresh in stores::databases(TABLES) {
        let name = fresh.name();
        assert_eq!(check(&mut fresh.context(), name), expected, "{name}");
    }
}

fn context_ids(context: &mut persist::Context<'_>, group: &Things) -> Vec<i64> {
    context.realise(group).unwrap().iter().map(|thing| thing.id).collect()
}

/// Decimals are what they were to the last digit, and are compared as numbers, exactly.
fn decimals(texts: &[&str]) {
    let mut orders = Vec::new();
    for mut fresh in stores::every(TABLES) {
        let name = fresh.name();
        let mut context = fresh.context();
        for (id, text) in (0..).zip(texts) {
            context.insert(&Thing { exact: text.parse().unwrap(), ..plain(id) }).unwrap();
        }
        let read = context.realise(Things::all()).unwrap();
        let read: Vec<_> = read.iter().map(|thing| thing.exact).collect();
        let written: Vec<Decimal> = texts.iter().map(|text| text.parse().unwrap()).collect();
        assert_eq!(read, written, "{name}");
        let mut found = Vec::new();
        for value in &written {
            found.push(context_ids(&mut context, &Things::all().filter(thing::exact.eq(value))));
            found.push(context_ids(&mut context, &Things::all().filter(thing::exact.lt(value))));
            found.push(context_ids(&mut context, &Things::all().filter(thing::exact.is_in([value]))));
        }
        found.push(context_ids(&mut context, &Things::all().order_by(thing::exact.asc())));
        orders.push((name, found));
    }
    for (name, order) in &orders[1..] {
        assert_eq!(*order, orders[0].1, "{name}");
    }
}

#[test]
fn decimals_are_numbers() {
    decimals(&[
        "0.1",
        "0.10",
        "0.3",
        "1",
        "1.0",
        "-1",
        "10",
        "9",
        "0.0000000000000000000000000001",
        "123456789012.345",
    ]);
}

#[test]
fn decimals_of_many_digits_are_exact() {
    decimals(&[
        "0.1",
        "0.10000000000000000001",
        "100000000000000000000",
        "100000000000000000000.1",
        "100000000000000000000.2",
        "-100000000000000000000.1",
    ]);
}

/// Past what a store can keep: an error, or the same value back; never another one, and never a row that is written and
/// cannot be read.
#[test]
fn what_a_store_cannot_keep() {
    let base = || plain(1);
    let leap = NaiveTime::from_hms_milli_opt(23, 59, 59, 1_500).unwrap();
    let wild = [
        ("NaN", Thing { double: f64::NAN, ..base() }),
        ("a single NaN", Thing { single: f32::NAN, ..base() }),
        ("year 10000", Thing { day: date(10_000), ..base() }),
        ("year 0", Thing { day: date(0), ..base() }),
        ("year -1", Thing { day: date(-1), ..base() }),
        ("year -5000", Thing { day: date(-5_000), ..base() }),
        ("the last day", Thing { day: NaiveDate::MAX, ..base() }),
        ("the first day", Thing { day: NaiveDate::MIN, ..base() }),
        ("a moment in year 10000", Thing { moment: date(10_000).and_time(NaiveTime::MIN), ..base() }),
        ("a moment in year 0", Thing { moment: date(0).and_time(NaiveTime::MIN), ..base() }),
        ("a moment in year -1", Thing { moment: date(-1).and_time(NaiveTime::MIN), ..base() }),
        ("a zoned moment in year -1", Thing { zoned: date(-1).and_time(NaiveTime::MIN).and_utc(), ..base() }),
        ("a zoned moment in year 10000", Thing { zoned: date(10_000).and_time(NaiveTime::MIN).and_utc(), ..base() }),
        ("a leap second", Thing { time: leap, ..base() }),
        ("NUL in JSON", Thing { json: json!({ "a\0": "\0" }), ..base() }),
        ("minus nought", Thing { double: -0.0, single: -0.0, exact: "-0".parse().unwrap(), ..base() }),
    ];
    for mut fresh in stores::every(TABLES) {
        let name = fresh.name();
        for (what, thing) in &wild {
            let mut context = fresh.context();
            match context.insert(thing) {
                Ok(()) => {
                    let read = context.realise(Things::all());
                    let read = read.unwrap_or_else(|error| panic!("{name}: {what}: written, not to be read: {error}"));
                    assert_eq!(read[0].values(), thing.values(), "{name}: {what}");
                }
                Err(Error::Store(error)) => {
                    assert_eq!(error.entity(), "Thing", "{name}: {what}: {error}");
                    assert_eq!(context.realise(Things::all().count()).unwrap(), 0, "{name}: {what}");
                }
                Err(other) => panic!("{name}: {what}: {other}"),
            }
            drop(context);
            match &mut fresh {
                Fresh::Memory(_) => fresh = stores::memory(),
                other => other.execute("DELETE FROM things"),
            }
        }
    }
}

#[test]
fn one_and_many() {
    for mut fresh in stores::every(TABLES) {
        let name = fresh.name();
        let mut context = fresh.context();
        context.insert(&Team { name: "red".into(), motto: None }).unwrap();
        assert_eq!(context.stats().statements, 1);
        context.insert_all(&Vec::<Team>::new()).unwrap();
        assert_eq!(context.stats().statements, 1, "none is no statement");
        let data = Data::of(10_000);
        context.insert_all(&data.tasks).unwrap();
        context.insert_all(&data.notes).unwrap();
        assert_eq!(context.realise(Tasks::all()).unwrap(), data.tasks, "{name}");
        assert_eq!(context.realise(Notes::all().count()).unwrap(), data.notes.len() as u64, "{name}");
    }
}

#[test]
fn all_or_none() {
    for mut fresh in stores::every(TABLES) {
        let name = fresh.name();
        let team = |n: usize| Team { name: format!("team {n}"), motto: Some("x".into()) };
        fresh.context().insert(&team(39_999)).unwrap();
        // Past what one statement takes on any store.
        let mut rows: Vec<_> = (0..40_000).map(team).collect();
        let refused = |result: Result<(), Error>| match result {
            Err(Error::Store(error)) => {
                assert_eq!(error.entity(), "Team");
                assert!(matches!(error.fault(), Fault::Duplicate(_)), "{name}: {error}");
                assert!(error.to_string().len() < 300);
            }
            other => panic!("{name}: {other:?}"),
        };
        refused(fresh.context().insert_all(&rows));
        refused(fresh.context().insert_all(&rows[39_990..]));
        refused(fresh.context().insert_all(&[team(1), team(1)]));
        assert_eq!(fresh.context().realise(Teams::all()).unwrap(), [team(39_999)], "{name}");
        assert_eq!(fresh.depth(), 0);
        rows.pop();
        fresh.context().insert_all(&rows).unwrap();
        assert_eq!(fresh.context().realise(Teams::all().count()).unwrap(), 40_000);
    }
}

/// Each kind of refusal has its own name.
#[test]
fn constraints() {
    for mut fresh in stores::databases(TABLES) {
        let name = fresh.name();
        let create =
            "CREATE TABLE members (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(40) NOT NULL CHECK (name <> 'bad'),
             rank INTEGER NOT NULL, team_name VARCHAR(255), manager_id INTEGER UNIQUE,
             FOREIGN KEY (team_name) REFERENCES teams (name))";
        if matches!(fresh, Fresh::Sqlite(_)) {
            fresh.execute("PRAGMA foreign_keys = ON");
        }
        fresh.execute(&format!("DROP TABLE members; {create}"));
        let good = Member { id: 1, name: "Ada".into(), rank: Some(1), team_name: None, manager_id: Some(1) };
        let mut context = fresh.context();
        context.insert(&good).unwrap();
        let mut fault = |member: Member| match context.insert(&member) {
            Err(Error::Store(error)) => error.fault().clone(),
            other => panic!("{name}: {other:?}"),
        };
        let second = Member { id: 2, manager_id: Some(2), ..good.clone() };
        let found = fault(Member { rank: None, ..second.clone() });
        assert!(matches!(&found, Fault::NotNull(column) if column.ends_with("rank")), "{name}: {found:?}");
        let found = fault(Member { name: "bad".into(), ..second.clone() });
        assert!(matches!(&found, Fault::Check(_)), "{name}: {found:?}");
        let found = fault(Member { team_name: Some("nowhere".into()), ..second.clone() });
        assert!(matches!(&found, Fault::ForeignKey(_)), "{name}: {found:?}");
        let found = fault(Member { manager_id: Some(1), ..second });
        assert!(matches!(&found, Fault::Duplicate(what) if what.contains("manager_id")), "{name}: {found:?}");
        let found = fault(good);
        assert!(matches!(&found, Fault::Duplicate(_)), "{name}: {found:?}");
    }
}
