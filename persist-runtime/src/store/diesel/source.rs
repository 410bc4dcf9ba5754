//! Where rows come from and in what order: a table, with those joined that it is ordered by.

use super::render::{Scope, Term, and_filter, condition};
use super::sql::{Alias, Place, PlaceName, Statement, Written};
use super::union::{limit, source_of_first};
use crate::engine::{Fetch, Join, Keyed};
use crate::entity::ColumnDef;
#[cfg(any(feature = "postgres", feature = "mysql"))]
use crate::entity::{Collation, ColumnType};
use crate::group::{By, Condition, OrderBy, Seen, Select, counted, related};
use std::sync::Arc;

/// What rows are ordered by.
#[derive(Clone)]
pub(super) enum Expression {
    Place(Place),
    /// How many of these rows hold by their columns what the row of a table has in its own.
    Count {
        of: Scope,
        local: &'static [ColumnDef],
        rows: Arc<Select>,
        by: &'static [ColumnDef],
    },
}

/// One term of an order.
pub(super) struct Ordered {
    pub(super) by: Expression,
    pub(super) descending: bool,
}

impl Expression {
    /// The place that this is, or is found at once a derived table gives it.
    #[cfg(any(feature = "postgres", feature = "mysql"))]
    fn shape(&self) -> Place {
        match self {
            Self::Place(place) => *place,
            Self::Count { of, .. } => Place {
                alias: of.alias,
                name: PlaceName::Nth(0),
                ty: ColumnType::BigInt,
                nullable: false,
                collation: Collation::Native,
            },
        }
    }

    /// What this is called outside of the derived table `alias` that gives it as its column number `at`.
    #[cfg(any(feature = "postgres", feature = "mysql"))]
    pub(super) fn numbered(&self, alias: Alias, at: usize) -> Place {
        Place { alias, name: PlaceName::Nth(at), ..self.shape() }
    }

    /// Whether both are the same column of the same table.
    #[cfg(any(feature = "postgres", feature = "mysql"))]
    pub(super) fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Place(one), Self::Place(other)) => one.alias == other.alias && one.name == other.name,
            _ => false,
        }
    }

    fn write(&self, sql: &mut Statement) -> Written {
        let (of, local, rows, by) = match self {
            Self::Place(place) => {
                sql.place(place);
                return Ok(());
            }
            Self::Count { of, local, rows, by } => (of, local, rows, by),
        };
        let scope = Scope::of(sql, rows.table);
        sql.text("(SELECT count(*) FROM ").table_as(rows.table, scope.alias).text(" WHERE ");
        equal(sql, &scope.places(by), &of.places(local))?;
        sql.nested(false, |sql| and_filter(sql, scope, rows))?;
        sql.text(")");
        Ok(())
    }
}

impl Ordered {
    /// Whether this is by a column of the rows themselves.
    pub(super) fn is_at(&self, scope: Scope, column: &ColumnDef) -> bool {
        let Expression::Place(place) = &self.by else { return false };
        place.alias == scope.alias && place.name() == column.name
    }
}

/// `a = b AND c = d`
pub(super) fn equal(sql: &mut Statement, some: &[Place], others: &[Place]) -> Written {
    sql.list(some.iter().zip(others), " AND ", |sql, (one, other)| {
        sql.place(one).text(" = ").place(other);
        Ok(())
    })
}

/// A table joined for the order.
struct Joined {
    scope: Scope,
    on: Vec<(Place, Place)>,
    /// Which of its rows are joined; all, if nothing is said.
    filter: Option<Condition>,
}

/// The table of a selection, with those joined for its order.
pub(super) struct Source {
    pub(super) scope: Scope,
    pub(super) order: Vec<Ordered>,
    joined: Vec<Joined>,
}

impl Source {
    /// The rows of `select`, in its order.
    pub(super) fn of(sql: &mut Statement, select: &Select) -> Self {
        let mut source = Self::unordered(sql, select);
        let scope = source.scope;
        source.add(sql, scope, false, &select.ordering(), &select.seen);
        source
    }

    /// The rows of `select`, whatever their order is.
    pub(super) fn unordered(sql: &mut Statement, select: &Select) -> Self {
        Self { scope: Scope::of(sql, select.table), order: Vec::new(), joined: Vec::new() }
    }

    /// The rows of a keyed fetch: in the order of what it joins, then in their own.
    pub(super) fn keyed(sql: &mut Statement, fetch: &Fetch, keyed: &Keyed) -> Self {
        let mut source = Self::unordered(sql, &fetch.select);
        let scope = source.scope;
        if let Some(Join { table, local, remote, order }) = &keyed.join {
            let other = source.join(sql, scope, local, &Select::all(table), remote);
            source.add(sql, other, true, order, &fetch.select.seen);
        }
        source.add(sql, scope, false, &fetch.select.ordering(), &fetch.select.seen);
        source
    }

    /// Joins the rows of `to`, outer: a row without a partner stays.
    pub(super) fn join(
        &mut self,
        sql: &mut Statement,
        from: Scope,
        local: &[ColumnDef],
        to: &Select,
        remote: &[ColumnDef],
    ) -> Scope {
        let scope = Scope::of(sql, to.table);
        let on = scope.places(remote).into_iter().zip(from.places(local)).collect();
        self.joined.push(Joined { scope, on, filter: to.filter.clone() });
        scope
    }

    fn add(&mut self, sql: &mut Statement, scope: Scope, is_outer: bool, order: &[OrderBy], seen: &[Seen]) {
        // Terms over the same relation share its table.
        let mut known: Vec<(&'static str, Scope)> = Vec::new();
        for OrderBy { by: what, descending } in order {
            let by = match what {
                By::Column(column) => {
                    let place = scope.place(column);
                    // A row without a partner has NULLs in all columns of the joined table.
                    Expression::Place(Place { nullable: place.nullable || is_outer, ..place })
                }
                By::Related(relation, column) => {
                    let there = known.iter().find(|(name, _)| *name == relation.name).map(|(_, scope)| *scope);
                    let there = there.unwrap_or_else(|| {
                        let joined =
                            self.join(sql, scope, relation.local, &related(what, relation, seen), relation.remote);
                        known.push((relation.name, joined));
                        joined
                    });
                    Expression::Place(Place { nullable: true, ..there.place(column) })
                }
                By::Count(relation) => {
                    let (rows, by) = counted(what, relation, seen);
                    Expression::Count { of: scope, local: relation.local, rows, by }
                }
            };
            self.order.push(Ordered { by, descending: *descending });
        }
    }

    /// `select` is the one that this is of.
    pub(super) fn write(&self, sql: &mut Statement, select: &Select) -> Written {
        let ordering = select.ordering();
        source_of_first(sql, select, self.scope.alias, limit(select).map(|most| (&*ordering, most)))?;
        for Joined { scope, on, filter } in &self.joined {
            sql.text(" LEFT JOIN ").table_as(scope.table, scope.alias).text(" ON ");
            for (index, (remote, local)) in on.iter().enumerate() {
                sql.text(if index > 0 { " AND " } else { "" }).place(remote).text(" = ").place(local);
            }
            if let Some(filter) = filter {
                sql.text(" AND ");
                sql.nested(true, |sql| condition(sql, *scope, filter))?;
            }
        }
        Ok(())
    }
}

pub(super) fn order_by(sql: &mut Statement, order: &[Ordered]) -> Written {
    sql.text(" ORDER BY ");
    sql.list(order, ", ", |sql, ordered| match &ordered.by {
        Expression::Place(place) => {
            sql.syntax().order_term(sql, &Term { place: *place, descending: ordered.descending })
        }
        count @ Expression::Count { .. } => {
            count.write(sql)?;
            sql.text(if ordered.descending { " DESC" } else { "" });
            Ok(())
        }
    })
}

/// The expressions, called `c0`, `c1` and so on.
pub(super) fn numbered(sql: &mut Statement, expressions: &[Expression]) -> Written {
    for (number, expression) in expressions.iter().enumerate() {
        sql.text(if number > 0 { ", " } else { "" });
        expression.write(sql)?;
        sql.put(format_args!(" AS c{number}"));
    }
    Ok(())
}

/// The places, called `c0`, `c1` and so on.
pub(super) fn numbered_places(sql: &mut Statement, places: &[Place]) -> Written {
    let expressions: Vec<_> = places.iter().copied().map(Expression::Place).collect();
    numbered(sql, &expressions)
}

/// The places as they are called outside of the derived table `alias` that numbers them.
pub(super) fn renumbered_places(places: &[Place], alias: Alias) -> Vec<Place> {
    places.iter().enumerate().map(|(number, place)| Place { alias, name: PlaceName::Nth(number), ..*place }).collect()
}
