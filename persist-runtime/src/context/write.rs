//! Writing: new rows, and how any write is sent.

use super::{Context, Error, micros};
use crate::edit::{Editable, Insert, Insertable, Outcome, Work, Write};
use crate::entity::Entity;
use crate::store::StoreError;
use std::time::Instant;

impl Context<'_> {
    /// Writes one new row. Every stored field is written, the key too, so that a default of the database cannot get in;
    /// what the database is to make up is declared `generated`, and such a row is [created](Self::create).
    ///
    /// It is one statement, and one for each collection of the entity that holds rows. Nothing is read back: a value that the database changes as it stores it (a trigger, a
    /// rounded number) differs from the struct until it is loaded.
    ///
    /// ```
    #[doc = tracker!()]
    /// context.insert(&Person { id: 3, name: "Linus".into() })?;
    /// assert!(context.insert(&Person { id: 3, name: "again".into() }).is_err());
    /// # Ok::<(), persist::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Store`] when the store refuses the row (see [`Fault`](crate::store::Fault): `Duplicate`, `ForeignKey`,
    /// `NotNull`, `Check`, `Unfit`) or cannot answer.
    pub fn insert<E: Insertable>(&mut self, entity: &E) -> Result<(), Error> {
        self.insert_all(std::slice::from_ref(entity))
    }

    /// Writes new rows, all or none; no rows, no statement.
    ///
    /// It is one statement, or several in one transaction where the rows have more values than a statement can bind; in
    /// [`Stats`](crate::Stats) it counts as one.
    ///
    /// ```
    #[doc = tracker!()]
    /// let more = [Person { id: 3, name: "Linus".into() }, Person { id: 1, name: "taken".into() }];
    /// assert!(context.insert_all(&more).is_err());
    /// assert_eq!(context.realise(People::all().count())?, 2);             // nothing was written
    /// # Ok::<(), persist::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Store`] when the store refuses a row or cannot answer; nothing is written then.
    pub fn insert_all<'e, E: Insertable>(&mut self, entities: impl IntoIterator<Item = &'e E>) -> Result<(), Error> {
        self.insert_rows(entities, false)
    }

    /// Writes one new row as it is, also what else the store would make: for copies and fixtures.
    ///
    /// A store that counts its keys is not told of the ones that are written so: PostgreSQL's sequences may come to the
    /// same numbers.
    ///
    /// # Errors
    /// As [`insert`](Self::insert).
    pub fn insert_exactly<E: Editable<Of = E> + Entity>(&mut self, entity: &E) -> Result<(), Error> {
        self.insert_exactly_all(std::slice::from_ref(entity))
    }

    /// Writes new rows as they are, all or none, also what else the store would make: for copies and fixtures.
    ///
    /// # Errors
    /// As [`insert_all`](Self::insert_all).
    pub fn insert_exactly_all<'e, E: Editable<Of = E> + Entity>(
        &mut self,
        entities: impl IntoIterator<Item = &'e E>,
    ) -> Result<(), Error> {
        self.insert_rows(entities, true)
    }

    /// New rows, with those of their collections.
    fn insert_rows<'e, E: Editable<Of = E> + Entity>(
        &mut self,
        entities: impl IntoIterator<Item = &'e E>,
        exactly: bool,
    ) -> Result<(), Error> {
        if E::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF.holds_rows() {
            let mut work = Work::new();
            entities.into_iter().for_each(|entity| work.copy(entity, exactly));
            return self.commit(work).map(drop);
        }
        let rows: Vec<_> = entities.into_iter().map(Entity::values).collect();
        if !rows.is_empty() {
            let insert = Insert::new(E::TABLE, rows);
            self.admit_insert(&insert)?;
            self.send(&Write::Insert(insert))?;
        }
        Ok(())
    }

    /// Writes a new row whose `generated` columns the store fills in; afterwards the value is what is stored.
    ///
    /// # Errors
    /// [`Error::Store`] when the store refuses the row or cannot answer; [`Error::Rows`] when what is stored does not fit
    /// the fields.
    pub fn create<E: Editable<Of = E> + Entity>(&mut self, entity: &mut E) -> Result<(), Error> {
        self.create_all(std::slice::from_mut(entity))
    }

    /// Writes new rows whose `generated` columns the store fills in, all or none; afterwards the values are what is stored.
    /// No rows, no statement.
    ///
    /// # Errors
    /// As [`create`](Self::create); nothing is written then, and the values are as they were.
    pub fn create_all<E: Editable<Of = E> + Entity>(&mut self, entities: &mut [E]) -> Result<(), Error> {
        let mut work = Work::new();
        for entity in entities {
            let _ = work.insert(entity);
        }
        self.commit(work).map(drop)
    }

    /// Has the store write.
    pub(super) fn send(&mut self, write: &Write) -> Result<Vec<Outcome>, StoreError> {
        self.stats.get_mut().statements += 1;
        let begun = Instant::now();
        let outcome = self.store.write(write);
        let (store, entity, rows) = (self.store.name(), write.table().entity, write.len());
        let (micros, failed) = (micros(begun), outcome.is_err());
        tracing::debug!(target: "persist", store, entity, rows, micros, failed, %write, "write");
        outcome
    }
}
