//! Several writes as one: [`Context::transaction`] and [`Context::retry`].

use super::{Context, Error};
use crate::edit::Fate;

impl Context<'_> {
    /// Does `work` as one: what it writes is written when it returns `Ok`, and not at all when it returns an error or
    /// panics. Reads within see its writes. Inside of another transaction it is a savepoint of that.
    ///
    /// Edits that were saved in a transaction that is undone are changed again: nothing of them is lost.
    ///
    /// # Errors
    /// What `work` returns; [`Error::Store`] when the store cannot begin or end a transaction, with
    /// [`Fault::Lacks`](crate::Fault::Lacks) when it knows none.
    pub fn transaction<T, E: From<Error>>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, E> {
        self.admit_transaction().map_err(Error::from)?;
        self.store.begin().map_err(Error::from)?;
        self.begun(work)
    }

    /// Does `work` in the transaction that was just begun, and ends it.
    fn begun<T, E: From<Error>>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, E> {
        let fate = Fate::within(self.fate.take());
        self.fate = Some(fate.clone());
        let open = Open { context: self, fate, is_over: false };
        let done = work(&mut *open.context)?;
        open.commit()?;
        Ok(done)
    }

    /// Does `work` in a [transaction](Self::transaction), again if it collided with another one (a deadlock, two writes
    /// that cannot both be; at the commit too), at most `times` times. It is undone before it is done again; that `work`
    /// does nothing else which must not be repeated is for the caller to see to.
    ///
    /// Inside of another transaction it is done once: only the whole can be repeated. Who has waited too long for a lock
    /// ([`Fault::Locked`](crate::Fault::Locked)) has not collided: that is an error. So it is on SQLite, where a transaction
    /// is the only writer from its beginning to its end, and others wait as long as their `busy_timeout` says. A commit whose
    /// outcome nobody knows ([`Fault::Unconfirmed`](crate::Fault::Unconfirmed)) is not done again: it might be done twice.
    ///
    /// # Errors
    /// As [`transaction`](Self::transaction), of the last time.
    pub fn retry<T>(&mut self, times: usize, mut work: impl FnMut(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        self.admit_transaction()?;
        let times = if self.store.in_transaction()? { 1 } else { times };
        for _ in 1..times {
            match self.transaction(&mut work) {
                Err(error) if error.is_collision() => {}
                done => return done,
            }
        }
        self.transaction(work)
    }

    /// Does `work` in a transaction, if it must be.
    pub(super) fn as_one<T>(
        &mut self,
        must: bool,
        work: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if !must {
            return work(self);
        }
        self.admit_transaction()?;
        self.store.begin_unit()?;
        self.begun(work).map_err(Error::undone)
    }

    /// What becomes of the transaction that is open, if one is.
    pub(super) const fn fate(&self) -> Option<&Fate> {
        self.fate.as_ref()
    }
}

/// A transaction that is undone unless it is committed.
struct Open<'o, 'c> {
    context: &'o mut Context<'c>,
    fate: Fate,
    is_over: bool,
}

impl Open<'_, '_> {
    fn commit(mut self) -> Result<(), Error> {
        self.is_over = true;
        let committed = self.context.store.commit();
        if committed.is_err() {
            self.fate.roll_back();
        }
        Ok(committed?)
    }
}

impl Drop for Open<'_, '_> {
    fn drop(&mut self) {
        if !self.is_over {
            // What led here counts more than that this fails too; the store remembers a broken connection.
            let _ = self.context.store.roll_back();
            self.fate.roll_back();
        }
        self.context.fate = self.fate.outer();
    }
}
