//! Committing a unit of work: stage by stage, in one transaction.

use super::stage::{Things, cell};
use super::{Context, Error};
use crate::edit::{
    Done, Item, Link, Op, Outcome, Part, RowUpdate, Set, Stages, Step, Stored, To, Update, Work, Write, move_rows,
    stages,
};
use crate::engine::Failed;
use crate::entity::{ColumnDef, Value};
use crate::store::{Fault, StoreError};
use std::collections::BTreeMap;

impl Context<'_> {
    /// Writes a unit of work, all or nothing: in one transaction, parents before their children, rows that go before new
    /// ones that take their place, and things of one kind in one statement. What became of each comes back, in the order
    /// they were given. An example is at [`Work`].
    ///
    /// Rows are locked in one order, by table and key, so that two works that write the same rows wait for one another
    /// instead of dying together.
    ///
    /// # Errors
    /// [`Error::Conflicts`] with every row of the statement that missed; [`Error::Refused`] when something in it cannot be
    /// meant; [`Error::Store`] when the store refuses a row, or lacks what a part of the work needs
    /// ([`Fault::Lacks`], before anything is sent). Nothing is written then, and everything in hand is as it was; but
    /// [`Fault::Unread`] says that a single row was written, and cannot be read back.
    pub fn commit(&mut self, work: Work<'_>) -> Result<Vec<Done>, Error> {
        let (mut items, links) = work.into_parts();
        let parts = parts_of(&mut items)?;
        let wholes: Vec<_> = items.iter().flat_map(|item| item.wholes()).collect();
        let things = Things { items: &items, parts: &parts };
        let mut commit = Commit::of(&things, links, &|number, op| self.admit_op(&things, number, op))?;
        let single = commit.is_single() && wholes.is_empty();
        self.admit_wholes(&wholes)?;
        if commit.nests && !single {
            self.admit_part()?;
        }
        self.as_one(!single, |context| {
            context.hold_whole(&wholes)?;
            commit.run(context, &Things { items: &items, parts: &parts })?;
            // What cannot be read is not committed, unless it is already.
            for (item, stored) in commit.stored_of_items(&parts) {
                let entity = items[item].table().entity;
                items[item]
                    .take(stored)
                    .map_err(|failed| if single { unread(entity, failed) } else { failed.into() })?;
            }
            Ok(())
        })?;
        let fate = self.fate().cloned();
        items.iter_mut().for_each(|item| item.done(fate.as_ref()));
        Ok(commit.done)
    }
}

/// A row that is written with a thing: the thing's number, and which of its rows.
pub(super) struct Below {
    pub(super) item: usize,
    nth: usize,
    pub(super) part: Part,
}

/// The rows that are written with these things.
fn parts_of(items: &mut [Box<dyn Item + '_>]) -> Result<Vec<Below>, Error> {
    let mut parts = Vec::new();
    for (item, thing) in items.iter_mut().enumerate() {
        let below = thing.prepare()?.into_iter().enumerate();
        parts.extend(below.map(|(nth, part)| Below { item, nth, part }));
    }
    move_rows(parts.iter_mut().map(|below| (below.item, &mut below.part)).collect())?;
    Ok(parts)
}

/// Refuses what a thing asks for, if the store lacks what it needs.
type Admit<'a> = &'a dyn Fn(usize, &Op) -> Result<(), StoreError>;

/// A commit on its way.
#[derive(Default)]
pub(super) struct Commit {
    plan: Stages,
    links: Vec<Link>,
    /// What is stored of what was written, by its number: first the things, then the rows that are written with them.
    pub(super) stored: BTreeMap<usize, Vec<Value>>,
    pub(super) done: Vec<Done>,
    /// What each asks for, where that does not depend on others.
    pub(super) ops: Vec<Option<Op>>,
    writes: usize,
    /// Whether one of them is a transaction by itself.
    nests: bool,
}

impl Commit {
    /// The commit of these things, each of which is looked at before it is ordered.
    fn of(things: &Things<'_, '_>, mut links: Vec<Link>, admit: Admit<'_>) -> Result<Self, Error> {
        links.extend(things.owners());
        let mut commit = Self { links, ..Self::default() };
        let mut asked = Vec::with_capacity(things.len());
        for number in 0..things.len() {
            // What other rows give is not known yet.
            let given: Vec<_> = from(&commit.links, number).flat_map(|link| link.reference.local).collect();
            let given: Vec<_> = given.into_iter().map(|column| (*column, Value::Null)).collect();
            let (op, table) = (things.op(number, &given)?, things.table(number));
            admit(number, &op)?;
            commit.nests |= op.is_bounded();
            commit.writes += usize::from(!matches!(&op, Op::Verify(_, checks) if checks.is_empty()));
            // Rows that depend on this one may have to go with it.
            let has_dependents = !(table.rules.dependents)().is_empty();
            commit.writes += usize::from(matches!(op, Op::Delete(_) | Op::DeleteAll(_)) && has_dependents);
            asked.push((op, given.is_empty()));
        }
        let step = |number| Step::of(things.table(number), &asked[number].0, &|column| things.read(number, column));
        let steps: Vec<_> = (0..things.len()).map(step).collect();
        commit.plan = stages(&steps, &commit.links)?;
        commit.ops = asked.into_iter().map(|(op, alone)| alone.then_some(op)).collect();
        for link in &commit.plan.later {
            commit.ops[link.from] = None;
        }
        commit.done = vec![Done::Unchanged; things.items.len()];
        Ok(commit)
    }

    const fn is_single(&self) -> bool {
        self.writes <= 1
    }

    fn run(&mut self, context: &mut Context<'_>, things: &Things<'_, '_>) -> Result<(), Error> {
        for stage in std::mem::take(&mut self.plan.stages) {
            self.stage(context, things, &stage)?;
        }
        self.link_late(context, things)
    }

    /// What was written, by thing.
    fn stored_of_items(&mut self, parts: &[Below]) -> BTreeMap<usize, Stored> {
        let mut items: BTreeMap<usize, Stored> = BTreeMap::new();
        for (number, row) in std::mem::take(&mut self.stored) {
            match number.checked_sub(self.done.len()).and_then(|below| parts.get(below)) {
                None => items.entry(number).or_default().row = Some(row),
                Some(Below { item, nth, .. }) => {
                    let below = &mut items.entry(*item).or_default().below;
                    below.resize_with(below.len().max(nth + 1), || None);
                    below[*nth] = Some(row);
                }
            }
        }
        // Also rows that went are no longer what is read.
        for below in parts {
            items.entry(below.item).or_default();
        }
        items
    }

    /// What the rows that a thing refers to give: NULL, where they come later.
    pub(super) fn given(&self, number: usize, things: &Things<'_, '_>) -> Vec<(ColumnDef, Value)> {
        let mut given = Vec::new();
        for link in from(&self.links, number) {
            let stored = self.stored.get(&link.to);
            let columns = things.columns(link.to);
            for (local, remote) in link.reference.local.iter().zip(link.reference.remote) {
                given.push((*local, cell(&columns, stored, remote)));
            }
        }
        for link in from(&self.plan.later, number).filter(|link| !self.stored.contains_key(&link.to)) {
            given.extend(link.reference.local.iter().filter(|column| column.nullable).map(|c| (*c, Value::Null)));
        }
        given
    }

    /// References that had to wait for rows that came later.
    fn link_late(&mut self, context: &mut Context<'_>, things: &Things<'_, '_>) -> Result<(), Error> {
        for link in std::mem::take(&mut self.plan.later) {
            let (table, columns) = (things.table(link.from), things.columns(link.from));
            let Some(stored) = self.stored.get(&link.from) else { continue };
            let key = table.key.iter().map(|column| cell(&columns, Some(stored), column)).collect();
            let to = things.columns(link.to);
            let target = self.stored.get(&link.to);
            let set = |(column, remote): (&ColumnDef, &ColumnDef)| {
                let value = cell(&to, target, remote);
                Set { column: *column, to: To::Value(value) }
            };
            let waited = link.reference.local.iter().zip(link.reference.remote);
            let sets = waited.filter(|(column, _)| column.nullable).map(set).collect();
            let row = RowUpdate { key, sets, checks: Vec::new() };
            let outcomes = context.send(&Write::Update(Update::new(table, vec![row], columns.to_vec())))?;
            match outcomes.into_iter().next() {
                Some(Outcome::Done(stored)) => drop(self.stored.insert(link.from, stored)),
                _ => return Err(Error::Broken),
            }
        }
        Ok(())
    }
}

fn from(links: &[Link], number: usize) -> impl Iterator<Item = &Link> {
    links.iter().filter(move |link| link.from == number)
}

/// A single statement was not worth a transaction.
fn unread(entity: &'static str, failed: Failed) -> Error {
    Error::Store(StoreError::new(entity, "reading", Fault::Unread(failed.to_string())).with_source(failed))
}
