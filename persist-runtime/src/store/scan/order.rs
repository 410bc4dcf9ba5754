//! Orders over rows in hand: [`Value`]'s own, so NULLs come first ascending and last descending.

use super::{Chosen, Heading, Row, Rows, TableRows, key_at, value};
use crate::engine::Join;
use crate::entity::{ColumnDef, Value};
use crate::group::{By, OrderBy, RelationDef, Seen, Select, counted, related};
use crate::store::StoreError;
use ahash::AHashMap;
use std::borrow::Cow;
use std::cmp::Ordering;

/// An order, ready for the rows of one table.
pub(super) struct Terms(Vec<(Term, bool)>);

/// What a row is ordered by.
enum Term {
    Place(usize),
    /// A value that is not in the row.
    Lookup(Lookup),
}

/// Values by what stands at some places of a row.
struct Lookup {
    local: Vec<usize>,
    found: AHashMap<Vec<Value>, Value>,
    /// The value of a row that has none there.
    otherwise: Value,
}

impl Terms {
    pub(super) fn new(
        store: &dyn Rows,
        heading: &Heading<'_>,
        order: &[OrderBy],
        seen: &[Seen],
    ) -> Result<Self, StoreError> {
        let terms = order.iter().map(|by| {
            let term = match &by.by {
                By::Column(column) => Term::Place(heading.place(column)?),
                By::Related(relation, column) => {
                    let rows = related(&by.by, relation, seen);
                    Term::Lookup(Lookup::related(store, heading, relation, column, &rows)?)
                }
                By::Count(relation) => {
                    let (rows, to) = counted(&by.by, relation, seen);
                    Term::Lookup(Lookup::counts(store, heading, relation, &rows, to)?)
                }
            };
            Ok((term, by.descending))
        });
        terms.collect::<Result<_, _>>().map(Self)
    }

    pub(super) fn compare(&self, a: &[Value], b: &[Value]) -> Ordering {
        self.each(|_, term| (term.value(a), term.value(b)))
    }

    /// Where a row stands in the order, seen from values of each of its terms.
    pub(super) fn place(&self, row: &[Value], from: &[Value]) -> Ordering {
        self.each(|number, term| (term.value(row), value(from, number)))
    }

    fn each<'v>(&'v self, pair: impl Fn(usize, &'v Term) -> (&'v Value, &'v Value)) -> Ordering {
        let mut terms = self.0.iter().enumerate().map(|(number, (term, descending))| {
            let (a, b) = pair(number, term);
            if *descending { b.cmp(a) } else { a.cmp(b) }
        });
        terms.find(|ordering| ordering.is_ne()).unwrap_or(Ordering::Equal)
    }
}

impl Term {
    fn value<'v>(&'v self, row: &'v [Value]) -> &'v Value {
        match self {
            Self::Place(place) => value(row, *place),
            Self::Lookup(lookup) => {
                let found = key_at(row, &lookup.local).and_then(|key| lookup.found.get(&*key));
                found.unwrap_or(&lookup.otherwise)
            }
        }
    }
}

impl Lookup {
    fn related(
        store: &dyn Rows,
        heading: &Heading<'_>,
        relation: &RelationDef,
        column: &ColumnDef,
        rows: &Select,
    ) -> Result<Self, StoreError> {
        let to = Chosen::of(store, rows)?;
        let (remote, place) = (to.heading.places(relation.remote)?, to.heading.place(column)?);
        let rows =
            to.rows.iter().filter_map(|row| Some((key_at(row, &remote)?.into_owned(), value(row, place).clone())));
        Ok(Self { local: heading.places(relation.local)?, found: rows.collect(), otherwise: Value::Null })
    }

    fn counts(
        store: &dyn Rows,
        heading: &Heading<'_>,
        relation: &RelationDef,
        rows: &Select,
        by: &[ColumnDef],
    ) -> Result<Self, StoreError> {
        let counted = Chosen::of(store, rows)?;
        let by = counted.heading.places(by)?;
        let mut counts = AHashMap::<_, i64>::new();
        for key in counted.rows.iter().filter_map(|row| key_at(row, &by)) {
            *counts.entry(key.into_owned()).or_default() += 1;
        }
        let found = counts.into_iter().map(|(key, count)| (key, Value::Int(count))).collect();
        Ok(Self { local: heading.places(relation.local)?, found, otherwise: Value::Int(0) })
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
    let own = Terms::new(store, heading, &select.ordering(), &select.seen)?;
    let Some(join) = join else {
        rows.sort_by(|a, b| own.compare(a, b));
        return Ok(rows);
    };
    let local = heading.places(&join.local)?;
    let joined = Joined::of(store, join, &select.seen)?;
    let mut pairs: Vec<_> = rows.into_iter().map(|row| (joined.row(key_at(&row, &local).as_deref()), row)).collect();
    pairs.sort_by(|(a_joined, a), (b_joined, b)| {
        joined.terms.compare(a_joined, b_joined).then_with(|| own.compare(a, b))
    });
    Ok(pairs.into_iter().map(|(_, row)| row).collect())
}

/// The rows of a joined table, by the key that others refer to.
pub(super) struct Joined<'a> {
    pub(super) heading: Heading<'a>,
    rows: AHashMap<Vec<Value>, Row<'a>>,
    terms: Terms,
}

impl<'a> Joined<'a> {
    pub(super) fn of(store: &'a dyn Rows, join: &Join, seen: &[Seen]) -> Result<Self, StoreError> {
        let TableRows { columns, rows } = store.scan(join.table)?;
        let heading = Heading { entity: join.table.entity, columns };
        let remote = heading.places(&join.remote)?;
        let terms = Terms::new(store, &heading, &join.order, seen)?;
        let keyed = rows.filter_map(|row| key_at(&row, &remote).map(Cow::into_owned).map(|key| (key, row)));
        let rows = keyed.collect();
        Ok(Self { heading, rows, terms })
    }

    /// The row with this key, or one of NULLs: the join is an outer one.
    pub(super) fn row(&self, key: Option<&[Value]>) -> &[Value] {
        key.and_then(|key| self.rows.get(key)).map_or(&[], |row| row)
    }
}
