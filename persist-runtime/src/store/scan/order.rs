//! Orders over rows in hand: [`Value`]'s own, so NULLs come first ascending and last descending.

use super::{Heading, Row, Rows, TableRows, key_at, value};
use crate::engine::Join;
use crate::entity::Value;
use crate::group::{OrderBy, Select};
use crate::store::StoreError;
use ahash::AHashMap;
use std::borrow::Cow;
use std::cmp::Ordering;

/// An order, ready for the rows of one table.
pub(super) struct Terms(Vec<(usize, bool)>);

impl Terms {
    pub(super) fn new(heading: &Heading<'_>, order: &[OrderBy]) -> Result<Self, StoreError> {
        let terms = order.iter().map(|by| Ok((heading.place(&by.column)?, by.descending)));
        terms.collect::<Result<_, _>>().map(Self)
    }

    pub(super) fn compare(&self, a: &[Value], b: &[Value]) -> Ordering {
        self.each(|_, place| (value(a, place), value(b, place)))
    }

    /// Where a row stands in the order, seen from values of each of its terms.
    pub(super) fn place(&self, row: &[Value], from: &[Value]) -> Ordering {
        self.each(|term, place| (value(row, place), value(from, term)))
    }

    fn each<'v>(&self, pair: impl Fn(usize, usize) -> (&'v Value, &'v Value)) -> Ordering {
        let mut terms = self.0.iter().enumerate().map(|(term, (place, descending))| {
            let (a, b) = pair(term, *place);
            if *descending { b.cmp(a) } else { a.cmp(b) }
        });
        terms.find(|ordering| ordering.is_ne()).unwrap_or(Ordering::Equal)
    }
}

/// `rows` in the order of `join`, then in that of `select`.
pub(super) fn arrange<'a>(
    store: &dyn Rows,
    heading: &Heading<'_>,
    mut rows: Vec<Row<'a>>,
    select: &Select,
    join: Option<&Join>,
) -> Result<Vec<Row<'a>>, StoreError> {
    let own = Terms::new(heading, &select.ordering())?;
    let Some(join) = join else {
        rows.sort_by(|a, b| own.compare(a, b));
        return Ok(rows);
    };
    let local = heading.places(&join.local)?;
    let joined = Joined::of(store, join)?;
    let mut pairs: Vec<_> = rows.into_iter().map(|row| (joined.row(key_at(&row, &local).as_deref()), row)).collect();
    pairs.sort_by(|(a_joined, a), (b_joined, b)| {
        joined.terms.compare(a_joined, b_joined).then_with(|| own.compare(a, b))
    });
    Ok(pairs.into_iter().map(|(_, row)| row).collect())
}

/// The rows of a joined table, by the key that others refer to.
struct Joined<'a> {
    rows: AHashMap<Vec<Value>, Row<'a>>,
    terms: Terms,
}

impl<'a> Joined<'a> {
    fn of(store: &'a dyn Rows, join: &Join) -> Result<Self, StoreError> {
        let TableRows { columns, rows } = store.scan(join.table)?;
        let heading = Heading { entity: join.table.entity, columns };
        let remote = heading.places(&join.remote)?;
        let terms = Terms::new(&heading, &join.order)?;
        let keyed = rows.filter_map(|row| key_at(&row, &remote).map(Cow::into_owned).map(|key| (key, row)));
        Ok(Self { rows: keyed.collect(), terms })
    }

    /// The row with this key, or one of NULLs: the join is an outer one.
    fn row(&self, key: Option<&[Value]>) -> &[Value] {
        key.and_then(|key| self.rows.get(key)).map_or(&[], |row| row)
    }
}
