//! Days, months and years of columns that hold them: ranges, so that every store has them and an index serves them.

use super::condition::{Comparison, Condition};
use super::predicate::Predicate;
use crate::entity::{Column, Field, Scalar, Value};
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

/// Scalars with a calendar: `NaiveDate`, `NaiveDateTime` and `DateTime<Utc>`, whose days are those of UTC.
#[diagnostic::on_unimplemented(
    message = "a calendar test needs a date or a timestamp, this column holds `{Self}`",
    label = "neither a date nor a timestamp"
)]
pub trait Calendar: Scalar {
    /// The first value of a day, and the last.
    #[doc(hidden)]
    fn ends_of(day: NaiveDate) -> [Value; 2];
}

/// The first moment of a day, and the last that every store keeps.
fn ends(day: NaiveDate) -> [NaiveDateTime; 2] {
    let next = day.and_time(NaiveTime::MIN).checked_add_days(Days::new(1));
    let last = next.and_then(|next| next.checked_sub_signed(TimeDelta::microseconds(1)));
    [day.and_time(NaiveTime::MIN), last.unwrap_or(NaiveDateTime::MAX)]
}

impl Calendar for NaiveDate {
    fn ends_of(day: NaiveDate) -> [Value; 2] {
        [day.to_value(), day.to_value()]
    }
}

impl Calendar for NaiveDateTime {
    fn ends_of(day: NaiveDate) -> [Value; 2] {
        ends(day).map(|end| end.to_value())
    }
}

impl Calendar for DateTime<Utc> {
    fn ends_of(day: NaiveDate) -> [Value; 2] {
        ends(day).map(|end| end.and_utc().to_value())
    }
}

/// Predicates on dates and timestamps. False for NULL; a day that the calendar does not have is nobody's.
///
/// ```
/// use chrono::NaiveDate;
/// use persist::{Context, MemoryStore, prelude::*};
///
/// mod schema {
///     diesel::table! { bugs (id) { id -> Integer, reported -> Timestamp, } }
/// }
///
/// #[derive(Entity)]
/// #[entity(table = schema::bugs)]
/// pub struct Bug {
///     #[entity(key)]
///     pub id: i32,
///     pub reported: chrono::NaiveDateTime,
/// }
///
/// let memory = MemoryStore::new();
/// let mut context = Context::memory(&memory);
/// let at = |id, day, hour| {
///     let day = NaiveDate::from_ymd_opt(2010, 1, day).unwrap();
///     Bug { id, reported: day.and_hms_opt(hour, 0, 0).unwrap() }
/// };
/// context.insert_all(&[at(1, 5, 0), at(2, 5, 23), at(3, 6, 0)])?;
/// let day = NaiveDate::from_ymd_opt(2010, 1, 5).unwrap();
/// let all = Bugs::all();
/// let counts = [bug::reported.on(day), bug::reported.in_month(2010, 1), bug::reported.in_year(2011)];
/// let counts = counts.map(|predicate| all.filter(predicate).count()).to_vec();
/// assert_eq!(context.realise(counts)?, [2, 3, 0]);
/// # Ok::<(), persist::Error>(())
/// ```
impl<E, F: Field> Column<E, F> {
    /// On this day, from its first moment to its last. An example is with the block that this stands in.
    pub fn on(self, day: NaiveDate) -> Predicate<E>
    where
        F::Base: Calendar,
    {
        self.within(Some(day), Some(day))
    }

    /// In this month, counted from 1; there is none in a thirteenth.
    pub fn in_month(self, year: i32, month: u32) -> Predicate<E>
    where
        F::Base: Calendar,
    {
        let first = NaiveDate::from_ymd_opt(year, month, 1);
        let last = |first: NaiveDate| NaiveDate::from_ymd_opt(year, month, first.num_days_in_month().into());
        self.within(first, first.and_then(last))
    }

    /// In this year.
    pub fn in_year(self, year: i32) -> Predicate<E>
    where
        F::Base: Calendar,
    {
        self.within(NaiveDate::from_ymd_opt(year, 1, 1), NaiveDate::from_ymd_opt(year, 12, 31))
    }

    /// From the first day to the last, both of which the calendar has.
    fn within(self, first: Option<NaiveDate>, last: Option<NaiveDate>) -> Predicate<E>
    where
        F::Base: Calendar,
    {
        let (Some(first), Some(last)) = (first, last) else { return Predicate::new(Condition::Or(Vec::new())) };
        let ([from, _], [_, to]) = (<F::Base as Calendar>::ends_of(first), <F::Base as Calendar>::ends_of(last));
        let compare = |how, value| Condition::Compare { column: self.def(), how, value };
        Predicate::new(compare(Comparison::GreaterOrEqual, from).and(compare(Comparison::LessOrEqual, to)))
    }
}
