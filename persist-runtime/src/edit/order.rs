//! In what order the things of a [`Work`](super::Work) are written: parents before their children, children go first.

use super::refused::{Refused, Why};
use super::work::{Link, Op};
use crate::entity::{ColumnDef, Table, Value};
use ahash::{AHashMap, AHashSet};
use std::borrow::Cow;

/// What one thing does, as far as the order depends on it.
pub(crate) struct Step<'o> {
    pub(crate) table: &'static Table,
    pub(crate) what: What,
    /// What is known of its cells: those of a new row, and by which a row that goes is told from others.
    pub(crate) cells: Cow<'o, [(ColumnDef, Value)]>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum What {
    Insert,
    Update,
    /// All rows of a group.
    Bulk,
    Delete,
    DeleteAll,
}

impl<'o> Step<'o> {
    pub(crate) fn of(table: &'static Table, op: &'o Op, read: &dyn Fn(&ColumnDef) -> Option<Value>) -> Self {
        let known = |column: &ColumnDef| Some((*column, read(column)?));
        let (what, cells) = match op {
            Op::Insert(cells) => (What::Insert, Cow::Borrowed(cells.as_slice())),
            Op::Update(_) | Op::Verify(..) => (What::Update, Cow::Borrowed(&[][..])),
            Op::Delete(row) => {
                let mut cells: Vec<_> = table.rules.unique.iter().copied().flatten().filter_map(known).collect();
                cells.extend(table.key.iter().copied().zip(row.key.clone()));
                (What::Delete, Cow::Owned(cells))
            }
            Op::UpdateAll(..) => (What::Bulk, Cow::Borrowed(&[][..])),
            Op::DeleteAll(_) => (What::DeleteAll, Cow::Borrowed(&[][..])),
        };
        Self { table, what, cells }
    }

    /// What these columns hold, if that is known and nothing of it is NULL.
    fn values(&self, columns: &[ColumnDef]) -> Option<Vec<Value>> {
        let value = |column: &ColumnDef| self.cells.iter().find(|(known, _)| known == column).map(|(_, value)| value);
        columns.iter().map(|column| value(column).filter(|value| !value.is_null()).cloned()).collect()
    }
}

/// The order: things that can be written together, one group after the other.
#[derive(Debug, Default)]
pub(crate) struct Stages {
    /// The numbers of the things.
    pub(crate) stages: Vec<Vec<usize>>,
    /// References of new rows to ones that come later: they begin as NULL, and are written at the end.
    pub(crate) later: Vec<Link>,
}

/// Puts `steps` in order. `links` are references whose values are not known yet.
pub(crate) fn stages(steps: &[Step<'_>], links: &[Link]) -> Result<Stages, Refused> {
    let tables = Ranks::of(steps);
    let mut needs = needs_of(steps);
    needs.extend(links.iter().filter(|link| steps[link.to].what == What::Insert).copied());
    let (depths, later) = depths(steps, needs, &tables)?;
    let early = early(steps, &tables);
    // What goes before what: where a row goes that a new one replaces; new rows, parents first; changes and rows that
    // go, children first, so that two works lock in one order.
    let place = |number: usize| {
        let step = &steps[number];
        let rank = tables.rank(step.table);
        let back = usize::MAX - rank;
        match step.what {
            What::Delete if early.contains(&number) => (0, back, 0),
            What::Insert => (1, rank, depths[number]),
            What::Update => (2, back, 0),
            What::Bulk => (3, back, number),
            What::Delete => (4, back, 0),
            What::DeleteAll => (4, back, number + 1),
        }
    };
    let mut order: Vec<_> = (0..steps.len()).map(|number| (place(number), name(steps[number].table), number)).collect();
    order.sort();
    let mut stages: Vec<Vec<usize>> = Vec::new();
    let mut last = None;
    for (place, name, number) in order {
        match stages.last_mut().filter(|_| last == Some((place, name))) {
            Some(stage) => stage.push(number),
            None => stages.push(vec![number]),
        }
        last = Some((place, name));
    }
    Ok(Stages { stages, later })
}

type Name = (Option<&'static str>, &'static str);

const fn name(table: &Table) -> Name {
    (table.schema, table.name)
}

/// The references of new rows to other new rows, by what they hold.
fn needs_of(steps: &[Step<'_>]) -> Vec<Link> {
    let mut new: AHashMap<(Name, Vec<&'static str>, Vec<Value>), usize> = AHashMap::new();
    let inserts = || steps.iter().enumerate().filter(|(_, step)| step.what == What::Insert);
    let mut asked: AHashSet<(Name, Vec<&'static str>)> = AHashSet::new();
    let names = |columns: &[ColumnDef]| columns.iter().map(|column| column.name).collect::<Vec<_>>();
    for (_, step) in inserts() {
        asked.extend((step.table.rules.references)().iter().map(|to| (name(to.to), names(to.remote))));
    }
    for (number, step) in inserts() {
        for (_, remote) in asked.iter().filter(|(table, _)| *table == name(step.table)) {
            let columns: Vec<_> =
                step.table.columns.iter().filter(|column| remote.contains(&column.name)).copied().collect();
            let ordered: Vec<_> =
                remote.iter().filter_map(|name| columns.iter().find(|c| c.name == *name).copied()).collect();
            if let Some(values) = step.values(&ordered) {
                new.insert((name(step.table), remote.clone(), values), number);
            }
        }
    }
    let mut needs = Vec::new();
    for (from, step) in inserts() {
        for reference in (step.table.rules.references)() {
            let Some(values) = step.values(reference.local) else { continue };
            let found = new.get(&(name(reference.to), names(reference.remote), values));
            needs.extend(found.filter(|to| **to != from).map(|to| Link { from, reference: *reference, to: *to }));
        }
    }
    needs
}

/// How many new rows come before each, along references within tables of one rank; and the references that have to wait,
/// since they would go in a circle.
fn depths(steps: &[Step<'_>], mut needs: Vec<Link>, tables: &Ranks) -> Result<(Vec<usize>, Vec<Link>), Refused> {
    let beside = |need: &Link| tables.rank(steps[need.from].table) == tables.rank(steps[need.to].table);
    let (mut depths, mut later) = (vec![0; steps.len()], Vec::new());
    let mut open: AHashSet<usize> = needs.iter().map(|need| need.from).collect();
    while !open.is_empty() {
        let waits =
            |number: &usize, needs: &[Link]| needs.iter().any(|need| need.from == *number && open.contains(&need.to));
        let ready: Vec<_> = open.iter().copied().filter(|number| !waits(number, &needs)).collect();
        if ready.is_empty() {
            let breakable =
                |need: &Link| open.contains(&need.from) && open.contains(&need.to) && need.reference.is_optional();
            let Some(place) = needs.iter().position(breakable) else {
                let stuck = open.iter().min().copied().unwrap_or_default();
                return Err(circle(&steps[stuck], needs.iter().find(|need| need.from == stuck)));
            };
            later.push(needs.remove(place));
            continue;
        }
        for number in ready {
            let before =
                needs.iter().filter(|need| need.from == number && beside(need)).map(|need| depths[need.to] + 1);
            depths[number] = before.max().unwrap_or(0);
            open.remove(&number);
        }
    }
    Ok((depths, later))
}

#[cold]
fn circle(step: &Step<'_>, need: Option<&Link>) -> Refused {
    let key = step.values(step.table.key).unwrap_or_default();
    let local = need.and_then(|need| need.reference.local.first()).or(step.table.key.first());
    match local {
        Some(column) => Refused::new(step.table, &key, column, Why::Circle),
        None => Refused { entity: step.table.entity, key: crate::engine::KeyText(key), column: "", why: Why::Circle },
    }
}

/// Rows that go before the new rows, since one of these takes their place; with all that may refer to them.
fn early(steps: &[Step<'_>], tables: &Ranks) -> AHashSet<usize> {
    let mut early = AHashSet::new();
    if !steps.iter().any(|step| step.what == What::Delete) {
        return early;
    }
    let uniques = |table: &'static Table| std::iter::once(table.key).chain(table.rules.unique.iter().copied());
    let mut taken: AHashSet<(Name, usize, Vec<Value>)> = AHashSet::new();
    for step in steps.iter().filter(|step| step.what == What::Insert) {
        for (nth, columns) in uniques(step.table).enumerate() {
            taken.extend(step.values(columns).map(|values| (name(step.table), nth, values)));
        }
    }
    for (number, step) in steps.iter().enumerate().filter(|(_, step)| step.what == What::Delete) {
        let replaced = uniques(step.table).enumerate().any(|(nth, columns)| {
            step.values(columns).is_some_and(|values| taken.contains(&(name(step.table), nth, values)))
        });
        if replaced {
            early.insert(number);
        }
    }
    let replaced: Vec<_> = early.iter().map(|number| steps[*number].table).collect();
    for (number, step) in steps.iter().enumerate().filter(|(_, step)| step.what == What::Delete) {
        if replaced.iter().any(|table| !table.is(step.table) && tables.refers(step.table, table)) {
            early.insert(number);
        }
    }
    early
}

/// The tables of a work, in the order that references ask for.
struct Ranks {
    tables: Vec<&'static Table>,
    /// Whether rows of one refer to rows of another, perhaps by way of others.
    refers: Vec<Vec<bool>>,
}

impl Ranks {
    fn of(steps: &[Step<'_>]) -> Self {
        let mut tables: Vec<&'static Table> = Vec::new();
        for step in steps {
            if !tables.iter().any(|table| table.is(step.table)) {
                tables.push(step.table);
            }
        }
        let to = |from: &Table, to: &Table| (from.rules.references)().iter().any(|reference| reference.to.is(to));
        let mut refers: Vec<Vec<bool>> =
            tables.iter().map(|from| tables.iter().map(|table| to(from, table)).collect()).collect();
        for by in 0..tables.len() {
            for from in 0..tables.len() {
                for to in 0..tables.len() {
                    refers[from][to] |= refers[from][by] && refers[by][to];
                }
            }
        }
        Self { tables, refers }
    }

    fn place(&self, table: &Table) -> usize {
        self.tables.iter().position(|known| known.is(table)).unwrap_or_default()
    }

    fn refers(&self, from: &Table, to: &Table) -> bool {
        self.refers[self.place(from)][self.place(to)]
    }

    /// How many tables it depends on: more than each of those, and as many as one that it stands in a circle with.
    fn rank(&self, table: &Table) -> usize {
        let at = self.place(table);
        let others = (0..self.tables.len()).filter(|other| *other != at && self.refers[at][*other]);
        others.filter(|other| !self.refers[*other][at]).count()
    }
}
