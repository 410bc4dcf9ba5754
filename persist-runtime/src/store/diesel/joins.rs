//! Rows of other tables beside those of a fetch, and keys that another select gives: what strategies other than key sets
//! need of a statement.

use super::render::{Scope, condition};
#[cfg(any(feature = "postgres", feature = "mysql"))]
use super::source::{Expression, Ordered, Source};
use super::sql::{Alias, Place, Statement, Written};
#[cfg(any(feature = "sqlite", feature = "postgres"))]
use super::subselect::distinct;
use super::subselect::in_select;
use crate::engine::{Fetch, Joined, Keyed, Keys};
use crate::entity::ColumnDef;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
use crate::store::Fault;

/// The tables that a fetch joins, each with its name in the statement.
pub(super) struct Beside<'f> {
    joined: &'f [Joined],
    scopes: Vec<Scope>,
}

impl<'f> Beside<'f> {
    pub(super) fn of(sql: &mut Statement, fetch: &'f Fetch) -> Self {
        let scopes = fetch.joined.iter().map(|join| Scope::of(sql, join.table)).collect();
        Self { joined: &fetch.joined, scopes }
    }

    /// What is selected of them.
    pub(super) fn places(&self) -> Vec<Place> {
        let each = self.joined.iter().zip(&self.scopes);
        each.flat_map(|(join, scope)| scope.places(&join.columns)).collect()
    }

    /// The columns of the fetch's own table that refer to them.
    pub(super) fn locals(&self) -> Vec<ColumnDef> {
        self.joined.iter().filter(|join| join.from.is_none()).flat_map(|join| join.local.iter().copied()).collect()
    }

    /// ` LEFT JOIN ..` for each; `locals` are the places of [`locals`](Self::locals).
    pub(super) fn write(&self, sql: &mut Statement, locals: &[Place]) -> Written {
        let mut own = locals.iter();
        for (join, scope) in self.joined.iter().zip(&self.scopes) {
            let from = join.from.and_then(|from| self.scopes.get(from));
            let local: Vec<_> = match from {
                Some(from) => from.places(&join.local),
                None => own.by_ref().take(join.local.len()).copied().collect(),
            };
            sql.text(" LEFT JOIN ").table_as(join.table, scope.alias).text(" ON ");
            sql.list(scope.places(&join.remote).iter().zip(&local), " AND ", |sql, (remote, local)| {
                let exactly = sql.syntax().exactly(remote);
                sql.place(remote).text(" = ").place(local).text(exactly);
                Ok(())
            })?;
            if let Some(on) = &join.on {
                sql.text(" AND ");
                condition(sql, *scope, on)?;
            }
        }
        Ok(())
    }
}

/// "These columns hold one of the keys", of each of which there is one row at most, or any number.
pub(super) fn among(sql: &mut Statement, scope: Scope, keyed: &Keyed, unique: bool) -> Written {
    match &keyed.keys {
        Keys::Given(keys) => sql.syntax().found_by_keys(sql, &scope.places(&keyed.by), keys, unique),
        Keys::Selected(branches) => in_select(sql, scope, &keyed.by, branches),
    }
}

/// `(SELECT DISTINCT ..) AS alias`: the keys that a select gives as rows of a table, each once, its parts numbered.
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub(super) fn keys_as_table(sql: &mut Statement, keyed: &Keyed) -> Result<Alias, Fault> {
    let Keys::Selected(branches) = &keyed.keys else {
        return Err(Fault::Unsupported("make a table of keys that are given".to_owned()));
    };
    sql.text("(");
    distinct(sql, keyed.by.len(), branches)?;
    let alias = sql.alias();
    sql.text(") AS ").alias_name(alias);
    Ok(alias)
}

/// What a derived table of the first rows of each key gives: what is asked for, what the joins and the order need.
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(super) struct Firsts {
    /// All of it, inside.
    pub(super) given: Vec<Expression>,
    /// The columns that are asked for, outside.
    pub(super) columns: Vec<Place>,
    /// The columns that refer to joined tables, outside.
    pub(super) locals: Vec<Place>,
    /// The order, outside.
    pub(super) order: Vec<Ordered>,
}

#[cfg(any(feature = "postgres", feature = "mysql"))]
impl Firsts {
    pub(super) fn of(inner: &Source, columns: &[ColumnDef], beside: &Beside<'_>, rows: Alias) -> Self {
        let mut given: Vec<Expression> = Vec::new();
        // What is wanted for several reasons is given once: a wider row is slower to sort.
        let mut give = |wanted: &Expression| {
            let at = given.iter().position(|known| known.is(wanted)).unwrap_or_else(|| {
                given.push(wanted.clone());
                given.len() - 1
            });
            wanted.numbered(rows, at)
        };
        let mut outside = |columns: &[ColumnDef]| -> Vec<_> {
            let places = inner.scope.places(columns).into_iter();
            places.map(|place| give(&Expression::Place(place))).collect()
        };
        let (columns, locals) = (outside(columns), outside(&beside.locals()));
        let ordered = |term: &Ordered| Ordered { by: Expression::Place(give(&term.by)), descending: term.descending };
        let order = inner.order.iter().map(ordered).collect();
        Self { given, columns, locals, order }
    }
}
