//! Conditions over rows in hand. Before the first row is looked at, columns become places, key lists become hash sets,
//! and selections inside are evaluated; a row is then tested without a search.

use super::order::Terms;
use super::{Chosen, Heading, Rows, key_at, value};
use crate::engine::Keys;
use crate::entity::Value;
use crate::group::{Beyond, Case, Comparison, Condition, KeySet, Projection, Reached, TextTest};
#[cfg(feature = "json")]
use crate::group::{JsonStep, JsonTest};
use crate::store::{StoreError, place_columns};
use ahash::{AHashMap, AHashSet};
use std::borrow::Cow;

/// A condition, ready for the rows of one table. True or false of a row, never unknown.
pub(super) enum Test<'f> {
    All(Vec<Test<'f>>),
    Any(Vec<Test<'f>>),
    Not(Box<Test<'f>>),
    Compare {
        place: usize,
        how: Comparison,
        with: &'f Value,
    },
    CompareColumns {
        places: [usize; 2],
        how: Comparison,
    },
    IsNull(usize),
    Text {
        place: usize,
        test: TextTest,
        case: Case,
        wanted: Cow<'f, str>,
    },
    #[cfg(feature = "json")]
    Json {
        place: usize,
        path: &'f [JsonStep],
        test: &'f JsonTest,
    },
    Among(Among<'f>),
    Beyond(Terms, &'f Beyond),
}

impl<'f> Test<'f> {
    pub(super) fn new(store: &dyn Rows, heading: &Heading<'_>, condition: &'f Condition) -> Result<Self, StoreError> {
        let each = |conditions: &'f [Condition]| -> Result<Vec<Self>, StoreError> {
            conditions.iter().map(|condition| Self::new(store, heading, condition)).collect()
        };
        Ok(match condition {
            Condition::And(all) => Self::All(each(all)?),
            Condition::Or(any) => Self::Any(each(any)?),
            Condition::Not(inner) => Self::Not(Box::new(Self::new(store, heading, inner)?)),
            Condition::Compare { column, how, value } => {
                Self::Compare { place: heading.place(column)?, how: *how, with: value }
            }
            Condition::IsNull(column) => Self::IsNull(heading.place(column)?),
            Condition::CompareColumns { column, how, other } => {
                Self::CompareColumns { places: [heading.place(column)?, heading.place(other)?], how: *how }
            }
            Condition::Text { column, test, case, text } => {
                Self::Text { place: heading.place(column)?, test: *test, case: *case, wanted: case.fold(text) }
            }
            #[cfg(feature = "json")]
            Condition::Json { column, path, test } => Self::Json { place: heading.place(column)?, path, test },
            Condition::Reached(reached) => {
                Self::Among(Among::reached(store, heading.places(&reached.columns)?, reached)?)
            }
            Condition::Beyond(beyond) => {
                place_columns(beyond).map_err(|fault| StoreError::new(heading.entity, "reading", fault))?;
                Self::Beyond(Terms::new(store, heading, &beyond.order, &[])?, beyond)
            }
            Condition::InKeys { columns, keys } => Self::Among(Among::keys(heading.places(columns)?, keys)),
            Condition::InSelect { columns, branches } => {
                Self::Among(Among::selected(store, heading.places(columns)?, branches)?)
            }
        })
    }

    pub(super) fn holds(&self, row: &[Value]) -> bool {
        match self {
            Self::All(all) => all.iter().all(|test| test.holds(row)),
            Self::Any(any) => any.iter().any(|test| test.holds(row)),
            Self::Not(inner) => !inner.holds(row),
            Self::Compare { place, how, with } => {
                let value = value(row, *place);
                !value.is_null() && !with.is_null() && how.holds(value.cmp(with))
            }
            Self::IsNull(place) => value(row, *place).is_null(),
            Self::CompareColumns { places: [one, other], how } => {
                let (one, other) = (value(row, *one), value(row, *other));
                !one.is_null() && !other.is_null() && how.holds(one.cmp(other))
            }
            Self::Text { place, test, case, wanted } => match value(row, *place) {
                Value::Text(text) => test.holds(&case.fold(text), wanted),
                _ => false,
            },
            #[cfg(feature = "json")]
            Self::Json { place, path, test } => match value(row, *place) {
                Value::Json(document) => test.holds(document, path),
                _ => false,
            },
            Self::Among(among) => among.holds(row),
            Self::Beyond(terms, beyond) => {
                let place = terms.place(row, &beyond.values);
                place.is_gt() || (beyond.inclusive && place.is_eq())
            }
        }
    }
}

/// "These columns hold one of these keys."
pub(super) struct Among<'f> {
    places: Vec<usize>,
    keys: AHashSet<Cow<'f, [Value]>>,
}

impl<'f> Among<'f> {
    pub(super) fn of(store: &dyn Rows, places: Vec<usize>, keys: &'f Keys) -> Result<Self, StoreError> {
        match keys {
            Keys::Given(keys) => Ok(Self::keys(places, keys)),
            Keys::Selected(branches) => Self::selected(store, places, branches),
        }
    }

    fn keys(places: Vec<usize>, keys: &'f KeySet) -> Self {
        Self { places, keys: keys.iter().map(Cow::Borrowed).collect() }
    }

    fn selected(store: &dyn Rows, places: Vec<usize>, branches: &[Projection]) -> Result<Self, StoreError> {
        let mut keys = AHashSet::new();
        for Projection { select, columns } in branches {
            if select.is_never() {
                continue;
            }
            let Chosen { heading, rows } = Chosen::of(store, select)?;
            let from = heading.places(columns)?;
            for key in rows.iter().filter_map(|row| key_at(row, &from)) {
                if !keys.contains(&*key) {
                    keys.insert(Cow::Owned(key.into_owned()));
                }
            }
        }
        Ok(Self { places, keys })
    }

    /// What can be reached, found step by step.
    fn reached(store: &dyn Rows, places: Vec<usize>, reached: &Reached) -> Result<Self, StoreError> {
        let Self { keys, .. } = Self::selected(store, Vec::new(), std::slice::from_ref(&reached.from))?;
        let mut reach = Self { places, keys };
        let mut fresh: Vec<Vec<Value>> = reach.keys.iter().map(|key| key.to_vec()).collect();
        if fresh.is_empty() {
            return Ok(reach);
        }
        let Chosen { heading, rows } = Chosen::of(store, &reached.step.select)?;
        let (by, to) = (heading.places(&reached.by)?, heading.places(&reached.step.columns)?);
        let mut steps = AHashMap::<_, Vec<_>>::new();
        for row in &rows {
            if let (Some(by), Some(to)) = (key_at(row, &by), key_at(row, &to)) {
                steps.entry(by).or_default().push(to);
            }
        }
        while let Some(key) = fresh.pop() {
            for next in steps.get(&*key).into_iter().flatten() {
                if !reach.keys.contains(&**next) {
                    reach.keys.insert(Cow::Owned(next.to_vec()));
                    fresh.push(next.to_vec());
                }
            }
        }
        Ok(reach)
    }

    pub(super) fn holds(&self, row: &[Value]) -> bool {
        key_at(row, &self.places).is_some_and(|key| self.keys.contains(&*key))
    }
}
