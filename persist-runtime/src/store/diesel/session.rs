//! One connection and the transactions on it: how each begins, and that each ends.
//!
//! Nothing else in this room begins or ends a transaction, and nothing here knows what is read or written in one. What holds
//! whenever no call is running:
//!
//! - What was open when the connection was borrowed is open still: whoever begins ends, innermost first, and a snapshot that
//!   nobody has ended goes with the session.
//! - `snapshot` says how a transaction was begun that is open for one. It is the outermost, since none is begun within a
//!   transaction.
//! - `unit` is 0, or the depth of the open transaction in which one failure is the failure of all. What is deeper is a
//!   savepoint, whose failure is its own.
//! - Diesel's count of what is open is the server's, whatever a transaction was begun by; but it is not told of a snapshot that
//!   one statement begins, in which nothing else is begun.

use super::dialect::Dialect;
use super::ways::Isolation;
use crate::store::{Fault, Snapshot};
use diesel::connection::{Connection, TransactionManager};
use diesel::result::{DatabaseErrorInformation, Error, QueryResult};

/// A connection with its transactions.
pub(super) struct Session<'c, C: Connection> {
    connection: Held<'c, C>,
    snapshot: Option<Begun>,
    unit: u32,
}

/// How a snapshot was begun, and so how it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Begun {
    /// As any transaction.
    ByDiesel,
    /// By a statement that says what it is for, which Diesel has none for on every kind of connection.
    Alone,
}

enum Held<'c, C> {
    Owned(C),
    Borrowed(&'c mut C),
}

impl<C: Connection> Session<'static, C> {
    pub(super) const fn owned(connection: C) -> Self {
        Self { connection: Held::Owned(connection), snapshot: None, unit: 0 }
    }
}

impl<'c, C: Connection> Session<'c, C> {
    pub(super) const fn borrowed(connection: &'c mut C) -> Self {
        Self { connection: Held::Borrowed(connection), snapshot: None, unit: 0 }
    }

    pub(super) const fn connection(&mut self) -> &mut C {
        match &mut self.connection {
            Held::Owned(connection) => connection,
            Held::Borrowed(connection) => connection,
        }
    }

    /// How many transactions are open, savepoints included.
    pub(super) fn depth(&mut self) -> QueryResult<u32> {
        let status = C::TransactionManager::transaction_manager_status_mut(self.connection());
        Ok(status.transaction_depth()?.map_or(0, u32::from))
    }

    /// Whether what fails now fails with all that its transaction has done.
    pub(super) fn is_in_unit(&mut self) -> QueryResult<bool> {
        Ok(self.unit > 0 && self.depth()? == self.unit)
    }

    /// Begins a transaction, or a savepoint.
    pub(super) fn begin(&mut self) -> QueryResult<()> {
        if self.snapshot == Some(Begun::Alone) {
            return Err(Error::AlreadyInTransaction);
        }
        C::TransactionManager::begin_transaction(self.connection())
    }

    /// Makes the innermost transaction a unit.
    pub(super) fn enter_unit(&mut self) -> QueryResult<()> {
        self.unit = self.depth()?;
        Ok(())
    }

    /// Ends the innermost transaction and keeps what it has written; one that fails is undone.
    pub(super) fn commit(&mut self) -> QueryResult<()> {
        self.leave_unit();
        let depth = self.depth();
        let committed = C::TransactionManager::commit_transaction(self.connection());
        // Diesel rolls some failed commits back itself, and leaves others open.
        if committed.is_err() && self.depth().ok() == depth.ok() {
            self.roll_back();
        }
        committed
    }

    /// Gives the innermost transaction up. That this fails too adds nothing to the error that led here; Diesel remembers it.
    pub(super) fn roll_back(&mut self) {
        self.leave_unit();
        let _ = C::TransactionManager::rollback_transaction(self.connection());
    }

    /// The innermost transaction ends; if that is the unit, there is none any more.
    fn leave_unit(&mut self) {
        // A transaction that cannot be asked is broken, and so is the unit.
        if self.is_in_unit().unwrap_or(true) {
            self.unit = 0;
        }
    }

    /// Ends the snapshot, if one was begun here.
    pub(super) fn end_snapshot(&mut self) -> QueryResult<()> {
        match self.snapshot.take() {
            Some(Begun::ByDiesel) => self.commit(),
            Some(Begun::Alone) => self.connection().batch_execute("COMMIT"),
            None => Ok(()),
        }
    }
}

impl<C> Session<'_, C>
where
    C: Connection,
    C::Backend: Dialect,
{
    /// Begins a transaction, of which something more is to be said if it is not within another one.
    pub(super) fn begin_with(&mut self, isolation: Option<Isolation>) -> QueryResult<()> {
        if isolation.is_none() || self.depth()? > 0 {
            return self.begin();
        }
        if let Some(Isolation::BeforeBegin(isolation)) = isolation {
            self.connection().batch_execute(isolation)?;
        }
        self.begin()?;
        let said = match isolation {
            Some(Isolation::Again(begin)) => self.begin_again(begin),
            Some(Isolation::BeforeBegin(_)) | None => Ok(()),
        };
        said.inspect_err(|_| self.roll_back())
    }

    /// Begins the transaction that has just begun in another way. In a database that is never written it stays as it is.
    fn begin_again(&mut self, begin: &str) -> QueryResult<()> {
        self.connection().batch_execute("ROLLBACK")?;
        let begun = self.connection().batch_execute(begin);
        let Err(error) = begun else { return Ok(()) };
        // Diesel may have seen that there is no transaction by now; if it has not, it will end one.
        if self.depth()? > 0 {
            self.connection().batch_execute("BEGIN")?
        } else {
            self.begin()?
        }
        let read_only = |info: &dyn DatabaseErrorInformation| C::Backend::syntax().fault(info) == Some(Fault::ReadOnly);
        match error {
            Error::DatabaseError(_, info) if read_only(&*info) => Ok(()),
            error => Err(error),
        }
    }

    /// Begins a transaction that shows one state of the database, unless one is open, whose state it is then.
    pub(super) fn begin_snapshot(&mut self) -> QueryResult<Snapshot> {
        if self.snapshot.is_some() || self.depth()? > 0 {
            return Ok(Snapshot::Callers);
        }
        self.snapshot = Some(match C::Backend::syntax().snapshot() {
            Some(begin) => self.connection().batch_execute(begin).map(|()| Begun::Alone)?,
            None => self.begin().map(|()| Begun::ByDiesel)?,
        });
        Ok(Snapshot::Taken)
    }
}

impl<C: Connection> Drop for Session<'_, C> {
    fn drop(&mut self) {
        match self.snapshot {
            Some(Begun::ByDiesel) => self.roll_back(),
            Some(Begun::Alone) => drop(self.connection().batch_execute("ROLLBACK")),
            None => {}
        }
    }
}
