//! What the store lacks of what is asked of it: told before anything is sent, in one place for whatever a program does.

use super::stage::Things;
use super::{Context, Error};
use crate::edit::{Insert, Op, Replaced};
use crate::engine::Run;
use crate::store::{Capability, Met, Needs, StoreError, refuse};

/// What a transaction is called where no entity is concerned.
const TRANSACTION: &str = "transaction";

impl Context<'_> {
    fn needs(&self) -> Needs {
        Needs::of(self.store.capabilities())
    }

    /// Refuses a run of which the store cannot answer one fetch, in whatever round.
    pub(super) fn admit(&self, run: &Run) -> Result<(), Error> {
        let needs = self.needs();
        for planned in run.planned() {
            refuse(&planned.fetch)?;
            if !needs.all_reads()
                && let Err(lack) = needs.fetch(&planned.fetch)
            {
                let lack = lack.for_field(run.field_of(&planned));
                return Err(StoreError::lacks(planned.fetch.table().entity, "reading", lack).into());
            }
        }
        Ok(())
    }

    /// Refuses new rows that the store cannot keep.
    pub(super) fn admit_insert(&self, insert: &Insert) -> Result<(), StoreError> {
        let needs = self.needs();
        if needs.all_rows() {
            return Ok(());
        }
        needs.insert(insert).map_err(|lack| StoreError::lacks(insert.table.entity, "inserting", lack))
    }

    /// Refuses what a thing of a commit asks for and the store cannot do.
    pub(super) fn admit_op(&self, things: &Things<'_, '_>, number: usize, op: &Op) -> Result<(), StoreError> {
        let (needs, table) = (self.needs(), things.table(number));
        let scoped = match op {
            Op::UpdateAll(select, ..) | Op::DeleteAll(select) if !needs.all_reads() => {
                needs.select(&self.scopes.select(select).0)
            }
            _ => Ok(()),
        };
        let met = scoped.and_then(|()| needs.op(table, op, things.upsert(number)));
        met.map_err(|lack| StoreError::lacks(table.entity, doing(op), lack))
    }

    /// Refuses collections that are replaced as a whole, where the store cannot hold them still meanwhile.
    pub(super) fn admit_wholes(&self, wholes: &[Replaced]) -> Result<(), StoreError> {
        let needs = self.needs();
        wholes.iter().try_for_each(|whole| {
            let met = needs.need(Capability::Locks);
            met.map_err(|lack| StoreError::lacks(whole.table().entity, "replacing", lack))
        })
    }

    /// Refuses a commit of which a part is a transaction of its own, where no part of one can be undone.
    pub(super) fn admit_part(&self) -> Result<(), StoreError> {
        let met = self.needs().need(Capability::Savepoints);
        met.map_err(|lack| StoreError::lacks(TRANSACTION, "beginning", lack))
    }

    /// Refuses a transaction, or one within another, where the store knows none.
    pub(super) fn admit_transaction(&mut self) -> Result<(), StoreError> {
        let lacks = |met: Met| met.map_err(|lack| StoreError::lacks(TRANSACTION, "beginning", lack));
        let needs = self.needs();
        lacks(needs.need(Capability::Transactions))?;
        if !needs.has(Capability::Savepoints) && self.store.in_transaction()? {
            lacks(needs.need(Capability::Savepoints))?;
        }
        Ok(())
    }
}

const fn doing(op: &Op) -> &'static str {
    match op {
        Op::Insert(_) => "inserting",
        Op::Update(_) | Op::UpdateAll(..) => "updating",
        Op::Verify(..) => "reading",
        Op::Delete(_) | Op::DeleteAll(_) => "deleting",
    }
}
