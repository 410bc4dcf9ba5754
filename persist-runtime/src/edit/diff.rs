//! From what is to change to a write of one row: the rules of the entity, applied.

use super::refused::{Refused, Why};
use super::write::{Check, RowUpdate, Set, Test, To};
use crate::entity::{Besides, ColumnDef, ColumnType, Move, Table, Value};

/// What a row is to become, before the rules of its entity are applied.
pub(crate) struct Draft<'d> {
    pub(crate) table: &'static Table,
    /// Its key; of a whole group, none.
    pub(crate) key: &'d [Value],
    pub(crate) sets: Vec<Set>,
    /// What must be so besides.
    pub(crate) checks: Vec<Check>,
    /// What a column was read as, or said to be.
    pub(crate) known: &'d dyn Fn(&ColumnDef) -> Option<Value>,
}

/// What becomes of a column that was read as one thing and is another now; nothing where it is the same.
pub(super) fn changed(table: &Table, column: &ColumnDef, read: &Value, now: Value) -> Option<To> {
    if now == *read {
        return None;
    }
    match (table.rules.counter(column), now.checked_sub(read)) {
        (Some(_), Some(more)) => Some(To::Plus(more)),
        _ => To::between(read, now),
    }
}

impl Draft<'_> {
    /// The write of one row; none where nothing changes. If rows below it do, its revision is raised all the same.
    pub(crate) fn row(mut self, below: bool) -> Result<Option<RowUpdate>, Refused> {
        let rules = self.table.rules;
        if self.sets.is_empty() && !(below && (rules.lock.is_some() || rules.updated.is_some())) {
            return Ok(None);
        }
        self.apply_rules()?;
        if let Some(lock) = self.table.rules.lock {
            let read = self.known(&lock)?;
            self.check(Check { column: lock, test: Test::Is(read) });
        }
        self.raise_revision();
        self.update();
        Ok(Some(RowUpdate { key: self.key.to_vec(), sets: self.sets, checks: self.checks }))
    }

    /// The write of a whole group, with what must be so of each row.
    pub(crate) fn group(mut self) -> Result<(Vec<Set>, Vec<Check>), Refused> {
        self.apply_rules()?;
        self.raise_revision();
        self.update();
        Ok((self.sets, self.checks))
    }

    fn apply_rules(&mut self) -> Result<(), Refused> {
        for Set { column, .. } in &self.sets {
            if self.table.key.contains(column) {
                return Err(self.refused(column, Why::KeyChanged));
            }
            if self.table.rules.lock == Some(*column) {
                return Err(self.refused(column, Why::Revision));
            }
        }
        self.guard()?;
        self.keep_together()?;
        self.bound()
    }

    /// Guarded columns change from what was read, along their transitions, with what those write besides.
    fn guard(&mut self) -> Result<(), Refused> {
        let guarded = self.sets.iter().filter(|set| self.table.rules.guard(&set.column).is_some());
        for Set { column, to } in guarded.cloned().collect::<Vec<_>>() {
            let Some(guard) = self.table.rules.guard(&column) else { continue };
            let from = self.known(&column)?;
            let to = to.of(&from);
            self.check(Check { column, test: Test::Is(from.clone()) });
            match guard.transition.map_or(Move::Allowed(Besides::default()), |transition| transition(&from, &to)) {
                Move::Allowed(besides) => self.besides(besides)?,
                Move::Refused => {
                    let (from, to) = (Box::new(from), Box::new(to));
                    return Err(self.refused(&column, Why::Transition { from, to }));
                }
            }
        }
        Ok(())
    }

    /// A transition asks for this too.
    fn besides(&mut self, besides: Besides) -> Result<(), Refused> {
        let Besides { sets, sums, expected } = besides;
        expected.into_iter().for_each(|(column, value)| self.check(Check { column, test: Test::Is(value) }));
        sets.into_iter().try_for_each(|(column, value)| self.beside(column, To::Value(value)))?;
        sums.into_iter().try_for_each(|(column, more)| self.beside(column, To::Plus(more)))
    }

    fn beside(&mut self, column: ColumnDef, to: To) -> Result<(), Refused> {
        let said = self.sets.iter().find(|set| set.column == column);
        let taken = self.table.key.contains(&column) || self.table.rules.lock == Some(column);
        match said {
            Some(set) if self.says(set, &to) => Ok(()),
            None if !taken => {
                self.sets.push(Set { column, to });
                Ok(())
            }
            _ => Err(self.refused(&column, Why::Contradiction)),
        }
    }

    /// Whether a column that is set becomes just this value.
    fn says(&self, set: &Set, to: &To) -> bool {
        match (&set.to, to) {
            (To::Plus(_), _) | (_, To::Plus(_)) => false,
            (said, to) => {
                let read = (self.known)(&set.column).unwrap_or(Value::Null);
                said.of(&read) == to.of(&read)
            }
        }
    }

    /// Who writes one of the columns that belong together expects all of them to be as they were read.
    fn keep_together(&mut self) -> Result<(), Refused> {
        for together in self.table.rules.together {
            if !self.sets.iter().any(|set| together.contains(&set.column)) {
                continue;
            }
            for column in *together {
                let read = self.known(column)?;
                self.check(Check { column: *column, test: Test::Is(read) });
            }
        }
        Ok(())
    }

    /// No sum leaves its column, nor its bounds.
    fn bound(&mut self) -> Result<(), Refused> {
        let mut checks = Vec::new();
        for Set { column, to } in &self.sets {
            let Some((least, most)) = self.bounds(column) else { continue };
            match to {
                To::Plus(Value::Int(more)) => {
                    let within = (least.saturating_sub(*more), most.saturating_sub(*more));
                    let test = Test::Within(Value::Int(within.0), Value::Int(within.1));
                    checks.push(Check { column: *column, test });
                }
                To::Value(Value::Int(value)) if !(least..=most).contains(value) => {
                    return Err(self.refused(column, Why::OutOfRange));
                }
                _ => {}
            }
        }
        checks.into_iter().for_each(|check| self.check(check));
        Ok(())
    }

    /// What an integer column can hold.
    fn bounds(&self, column: &ColumnDef) -> Option<(i64, i64)> {
        let (least, most) = match column.ty {
            ColumnType::SmallInt => (i16::MIN.into(), i16::MAX.into()),
            ColumnType::Integer => (i32::MIN.into(), i32::MAX.into()),
            ColumnType::BigInt => (i64::MIN, i64::MAX),
            _ => return None,
        };
        let counter = self.table.rules.counter(column);
        let declared = |bound: Option<i64>, of: i64| bound.unwrap_or(of);
        Some(match counter {
            Some(counter) => (declared(counter.least, least).max(least), declared(counter.most, most).min(most)),
            None => (least, most),
        })
    }

    fn raise_revision(&mut self) {
        if let Some(column) = self.table.rules.lock {
            self.sets.push(Set { column, to: To::Plus(Value::Int(1)) });
        }
    }

    /// Says when the row was written, if nobody else does.
    fn update(&mut self) {
        if let Some(updated) = self.table.rules.updated
            && !self.sets.iter().any(|set| set.column == updated.column)
        {
            self.sets.push(Set { column: updated.column, to: To::Value((updated.now)()) });
        }
    }

    fn known(&self, column: &ColumnDef) -> Result<Value, Refused> {
        (self.known)(column).ok_or_else(|| self.refused(column, Why::NoExpectation))
    }

    fn refused(&self, column: &ColumnDef, why: Why) -> Refused {
        Refused::new(self.table, self.key, column, why)
    }

    fn check(&mut self, check: Check) {
        if !self.checks.contains(&check) {
            self.checks.push(check);
        }
    }
}
