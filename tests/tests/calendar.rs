//! Days, months and years of dates and timestamps: the same rows on every store, at the ends of each too.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use persist::Predicate;
use persist::prelude::*;
use persist_tests::stores;

diesel::table! {
    events (id) { id -> Integer, day -> Date, moment -> Timestamp, zoned -> Timestamptz, maybe -> Nullable<Timestamp>, }
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[entity(table = events)]
struct Event {
    #[entity(key)]
    id: i32,
    day: NaiveDate,
    moment: NaiveDateTime,
    zoned: DateTime<Utc>,
    maybe: Option<NaiveDateTime>,
}

fn events() -> Vec<Event> {
    let moments = [
        "2019-12-31T23:59:59.999999",
        "2020-01-01T00:00:00",
        "2020-01-31T23:59:59.999999",
        "2020-02-01T00:00:00",
        "2020-02-29T12:00:00.5",
        "2020-03-01T00:00:00",
        "9999-12-31T23:59:59.999999",
    ];
    let moments = moments.map(|text| text.parse::<NaiveDateTime>().unwrap());
    let event = |(id, moment): (i32, NaiveDateTime)| Event {
        id,
        day: moment.date(),
        moment,
        zoned: moment.and_utc(),
        maybe: (id % 2 == 0).then_some(moment),
    };
    (0..).zip(moments).map(event).collect()
}

#[test]
fn ranges_of_the_calendar_hold_their_ends() {
    let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
    let leap = day(2020, 2, 29);
    let cases: Vec<(Predicate<Event>, Vec<i32>)> = vec![
        (event::moment.on(leap), vec![4]),
        (event::day.on(leap), vec![4]),
        (event::zoned.on(day(2019, 12, 31)), vec![0]),
        (event::moment.on(day(9999, 12, 31)), vec![6]),
        (event::day.in_month(2020, 1), vec![1, 2]),
        (event::moment.in_month(2020, 1), vec![1, 2]),
        (event::zoned.in_month(2020, 2), vec![3, 4]),
        (event::moment.in_month(2020, 13), vec![]),
        (event::moment.in_year(2020), vec![1, 2, 3, 4, 5]),
        (event::zoned.in_year(9999), vec![6]),
        (event::maybe.in_year(2020), vec![2, 4]),
        (!event::maybe.in_year(2020), vec![0, 1, 3, 5, 6]),
    ];
    let all = stores::every(&[Event::TABLE]);
    for mut fresh in all {
        let name = fresh.name();
        let context = &mut fresh.context();
        context.insert_all(&events()).unwrap();
        for (predicate, expected) in &cases {
            let found = context.realise(Events::all().filter(predicate.clone())).unwrap();
            let found: Vec<_> = found.iter().map(|event| event.id).collect();
            assert_eq!(&found, expected, "{name}: {predicate:?}");
        }
    }
}
