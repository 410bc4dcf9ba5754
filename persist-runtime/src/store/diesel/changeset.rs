//! [`Changes`] in statements of Diesel's own: what `diesel::update(..).set(..)` takes.

use super::dialect::Dialect;
use super::sql::Statement;
use crate::edit::{Changes, Refused, To, Why};
use crate::entity::{Entity, Value};
use crate::store::{Fault, StoreError};
use diesel::query_builder::{AsChangeset, AstPass, QueryFragment};
use diesel::result::QueryResult;
use diesel::{QuerySource, Table};
use std::fmt;
use std::marker::PhantomData;

/// Plain changes of one entity, as a changeset of its Diesel table `T` on the backend `DB`: see
/// [`Changes::as_changeset`].
#[must_use = "nothing is written until Diesel executes an update"]
pub struct Changeset<T, DB> {
    sets: Statement,
    types: PhantomData<fn() -> (T, DB)>,
}

impl<T, DB> fmt::Debug for Changeset<T, DB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sets.fmt(f)
    }
}

impl<T: Table + QuerySource, DB> AsChangeset for Changeset<T, DB> {
    type Target = T;
    type Changeset = Self;

    fn as_changeset(self) -> Self {
        self
    }
}

impl<T, DB: Dialect> QueryFragment<DB> for Changeset<T, DB> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        // Which columns there are is known at run time.
        out.unsafe_to_cache_prepared();
        self.sets.walk(out)
    }
}

/// A table that Diesel knows. For the words.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "Diesel knows no table of this entity",
    label = "the entity says the name of its table, and statements of Diesel's own need a `table!`",
    note = "declare one, and name it: `#[entity(table = schema::..)]`"
)]
pub trait Declared: Table + QuerySource {}

#[diagnostic::do_not_recommend]
impl<T: Table + QuerySource> Declared for T {}

impl<E: Entity> Changes<E> {
    /// These changes for an update that is written with Diesel, where they are plain: columns that become values. Without
    /// any, Diesel refuses the update.
    ///
    /// Such an update says nothing of gone rows or of conflicts. So what persist would have to watch over is refused, not
    /// left out: sums, expectations, and columns that follow a rule; an entity with a `lock` has no plain changes. The
    /// entity names the module of a `table!`.
    ///
    /// ```
    #[doc = tracker!()]
    /// use diesel::prelude::*;
    /// use persist::Changes;
    ///
    /// let mut connection = SqliteConnection::establish(":memory:")?;
    /// # diesel::connection::SimpleConnection::batch_execute(&mut connection,
    /// #     "CREATE TABLE bugs (id INTEGER PRIMARY KEY, title TEXT, heat INTEGER, owner_id INTEGER, assignee_id INTEGER);
    /// #     INSERT INTO bugs VALUES (7, 'Crash', 42, 1, 2), (8, 'Typo', 3, 1, 2)")?;
    /// let changes = Changes::<Bug>::new().set(bug::heat, 0).set(bug::assignee_id, None);
    /// let cooled = diesel::update(schema::bugs::table.filter(schema::bugs::heat.gt(10)))
    ///     .set(changes.as_changeset()?)
    ///     .execute(&mut connection)?;
    /// assert_eq!(cooled, 1);
    /// assert!(changes.add(bug::heat, 1).as_changeset::<diesel::sqlite::Sqlite>().is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Refused`](crate::Error::Refused) where they are not plain; [`Error::Store`](crate::Error::Store) where a
    /// value does not fit its column.
    pub fn as_changeset<DB: Dialect>(&self) -> Result<Changeset<E::Source, DB>, crate::Error>
    where
        E::Source: Declared,
    {
        let (table, rules) = (E::TABLE, E::TABLE.rules);
        let refused = |column, why| Refused::new(table, &[], column, why);
        if let Some((column, _)) = self.expected().first() {
            return Err(refused(column, Why::NotPlain).into());
        }
        let sets = self.sets(table, &[])?;
        for set in &sets {
            let together = rules.together.iter().any(|together| together.contains(&set.column));
            let ruled = rules.lock.is_some() || rules.guard(&set.column).is_some() || together;
            if table.key.contains(&set.column) {
                return Err(refused(&set.column, Why::KeyChanged).into());
            }
            if ruled || rules.counter(&set.column).is_some() || !matches!(set.to, To::Value(_)) {
                return Err(refused(&set.column, Why::NotPlain).into());
            }
        }
        let mut statement = Statement::new(DB::syntax());
        let written = statement.list(&sets, ", ", |sql, set| {
            sql.name(set.column.name).text(" = ");
            sql.syntax().value(sql, &set.column, set.to.value(0).unwrap_or(&Value::Null))
        });
        let failed = |fault: Fault| StoreError::new(table.entity, "updating", fault);
        written.map_err(failed)?;
        Ok(Changeset { sets: statement, types: PhantomData })
    }
}
