//! Figures: values made of many rows, of a whole group, of its parts, or of the rows of each parent. Which aggregates a
//! fetch asks for, what becomes of their cells, and the requests for them.

use super::error::RowError;
use super::fetch::{Fetch, Join, Output};
use super::request::{Answer, Asks, Request, Results, Wanted};
use super::run::{RootPool, StepFetch, Taker, Target, TargetKind};
use super::take::Taking;
use super::whole::{At, Noted};
use crate::entity::{ColumnDef, Field, Row, Unfit, Value};
use crate::group::{
    Aggregate, Count, Existence, Figure, Figures, Gives, How, Measure, Measured, Number, RelationDef, Select, Values,
    measures, names,
};
use crate::view::Missing;
use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

/// What is wanted of a group: a measure of it, or of its parts by these columns; of parts that exist, which they are.
pub(super) struct Wants {
    pub(super) by: Vec<ColumnDef>,
    pub(super) measure: Measure,
}

/// What came: for each part its key and its value; of a whole group, one value with no key.
pub(super) type Figured = Vec<(Vec<Value>, Value)>;

impl Wants {
    pub(super) fn output(&self) -> Output {
        let aggregates = self.measure.aggregates();
        if self.by.is_empty() { Output::Aggregates(aggregates) } else { Output::Parts(self.by.clone(), aggregates) }
    }

    /// The figures of no rows.
    pub(super) fn of_nothing(&self) -> Figured {
        if self.by.is_empty() { vec![(Vec::new(), (self.measure.absent)())] } else { Vec::new() }
    }

    fn read(&self, row: Row<'_>) -> Result<(Vec<Value>, Value), (&'static str, Unfit)> {
        let mut key = Vec::with_capacity(self.by.len());
        for (place, column) in self.by.iter().enumerate() {
            let part = row.cell(place, column.value).map_err(|unfit| (column.name, unfit))?;
            if part.is_null() && !column.nullable {
                return Err((column.name, Unfit::Null));
            }
            key.push(part);
        }
        let places = places(self.by.len(), self.measure.aggregates().len());
        let value = (self.measure.read)(row, &places).map_err(|unfit| (self.measure.label(), unfit))?;
        Ok((key, value))
    }
}

impl fmt::Display for Wants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.measure.how, self.by.as_slice()) {
            (_, []) => self.measure.fmt(f),
            (How::Exists, by) => write!(f, "values of {}", names(by)),
            (_, by) => write!(f, "{} by {}", self.measure, names(by)),
        }
    }
}

fn places(from: usize, many: usize) -> Vec<u16> {
    (from..from + many).map(|place| place as u16).collect()
}

/// The aggregates of a fetch by key, each once, and where each of its takers finds its own.
pub(super) fn lay_out(targets: &[Target], takers: &mut [Taker], fetch: &mut StepFetch, by: usize) {
    let StepFetch::Keyed { fetch: Fetch { output: Output::Aggregates(asked), .. }, .. } = fetch else { return };
    for taker in takers {
        let Some(TargetKind::Figures { measure, .. }) = targets.get(taker.target).map(|target| &target.kind) else {
            continue;
        };
        let place = |aggregate: Aggregate| {
            let at = asked.iter().position(|known| *known == aggregate).unwrap_or_else(|| {
                asked.push(aggregate);
                asked.len() - 1
            });
            (by + at) as u16
        };
        taker.places = measure.aggregates().into_iter().map(place).collect();
    }
    // Without a column of the far end, the links tell enough.
    let of_columns = asked.iter().any(|aggregate| aggregate.column().is_some());
    if let StepFetch::Keyed { fetch: Fetch { keyed: Some(keyed), .. }, .. } = fetch
        && !of_columns
    {
        keyed.join = None;
    }
}

/// The far end of a relation over links, for the columns of aggregates.
pub(super) fn far_end(relation: &RelationDef) -> Option<Join> {
    let link = relation.link?;
    let (table, local, remote) = (relation.to, link.far.to_vec(), relation.remote.to_vec());
    Some(Join { table, local, remote, order: Vec::new() })
}

impl Taking<'_> {
    /// A row of figures of a group, or of a part of it.
    pub(super) fn figures(&mut self, row: Row<'_>, root: usize) {
        let wanted = &self.roots[root];
        let Wanted::Figures(wants) = &wanted.wanted else { return };
        match wants.read(row) {
            Ok(figure) => {
                if let RootPool::Figures(figures) = &mut self.root_pools[root] {
                    figures.get_or_insert_default().push(figure);
                }
            }
            Err((field, unfit)) => self.note(wanted.select.table.entity, field, unfit.into(), At::Root(root)),
        }
    }

    /// The figure of the parent whose key is that of `slot`.
    pub(super) fn figure(&mut self, row: Row<'_>, slot: u32, taker: &Taker) {
        let TargetKind::Figures { entity, view, field, measure, values } = &mut self.targets[taker.target].kind else {
            return;
        };
        match (measure.read)(row, &taker.places) {
            Ok(value) => {
                let slot = slot as usize;
                if values.len() <= slot {
                    values.resize_with(slot + 1, measure.absent);
                }
                values[slot] = value;
            }
            Err(unfit) => {
                let (entity, view, field) = (*entity, *view, *field);
                let key = match self.step.fetch {
                    StepFetch::Keyed { space, .. } => self.spaces[space].key(slot),
                    StepFetch::Root(_) => Vec::new(),
                };
                let column = measure.column.map(|column| column.name);
                let error = RowError { entity, view, field, part: None, column, key, problem: unfit.into() };
                self.targets[taker.target].failed.push(slot);
                self.errors.push(Noted { error, at: At::Targets(vec![taker.target]) });
            }
        }
    }
}

fn ask(asks: &mut Asks, select: Arc<Select>, by: Vec<ColumnDef>, measure: Measure) -> usize {
    asks.push(select, Wanted::Figures(Wants { by, measure }))
}

fn take(answers: &mut Results, at: usize) -> Result<Figured, Missing> {
    let Answer::Figures(figures) = answers.take(at)? else { return Err(Missing) };
    Ok(figures)
}

fn only<K: Gives>(answers: &mut Results, at: usize) -> Result<K::Output, Missing> {
    let figures = take(answers, at)?;
    let [(_, value)] = figures.as_slice() else { return Err(Missing) };
    K::output(value).map_err(|_| Missing)
}

impl Request for Count {
    type Output = u64;
    type Ticket = usize;

    fn ask(self, asks: &mut Asks) -> usize {
        let count: Measured<(), Number> = measures::count();
        ask(asks, self.select, Vec::new(), count.measure)
    }

    fn answer(ticket: usize, answers: &mut Results) -> Result<u64, Missing> {
        only::<Number>(answers, ticket)
    }
}

impl<K: Gives> Request for Figure<K> {
    type Output = K::Output;
    type Ticket = usize;

    fn ask(self, asks: &mut Asks) -> usize {
        ask(asks, self.select, Vec::new(), self.measure)
    }

    fn answer(ticket: usize, answers: &mut Results) -> Result<K::Output, Missing> {
        only::<K>(answers, ticket)
    }
}

impl<F: Field> Request for Values<F> {
    type Output = Vec<F>;
    type Ticket = usize;

    fn ask(self, asks: &mut Asks) -> usize {
        let there: Measured<(), Existence> = measures::exists();
        ask(asks, self.select, vec![self.column], there.measure)
    }

    fn answer(ticket: usize, answers: &mut Results) -> Result<Vec<F>, Missing> {
        let mut values: Vec<_> = take(answers, ticket)?.into_iter().map(|(value, _)| value).collect();
        values.sort_unstable();
        values.dedup();
        values.iter().map(|value| F::read_at(Row::new(&[], &value.as_slice()), 0).map_err(|_| Missing)).collect()
    }
}

type ReadKey<P> = fn(&[Value]) -> Result<Option<P>, Unfit>;

impl<P: Hash + Eq, K: Gives> Request for Figures<P, K> {
    type Output = HashMap<P, K::Output>;
    type Ticket = (usize, ReadKey<P>);

    fn ask(self, asks: &mut Asks) -> Self::Ticket {
        (ask(asks, self.select, self.by, self.measure), self.key)
    }

    fn answer((ticket, read_key): Self::Ticket, answers: &mut Results) -> Result<Self::Output, Missing> {
        let mut parts = HashMap::new();
        for (key, value) in take(answers, ticket)? {
            if let Some(key) = read_key(&key).map_err(|_| Missing)? {
                parts.insert(key, K::output(&value).map_err(|_| Missing)?);
            }
        }
        Ok(parts)
    }
}
