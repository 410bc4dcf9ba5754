//! The rows that are edited with the row that holds them: from what was read and what is in hand now to what is asked of
//! the store, row by row.

use super::diff::{Draft, changed};
use super::expect::Said;
use super::insert::Upsert;
use super::layout::Layout;
use super::pairs::Pairs;
use super::positions::reposition;
use super::refused::{Refused, Why};
use super::wishes::OfRows;
use super::work::Op;
use super::write::{Check, RowDelete, Set, Test, To};
use crate::entity::{ColumnDef, Reference, Table, Value};
use crate::view::{Graph, Node, Orphans, Putting};

/// One row below the one that is saved, and what is asked of the store for it.
#[derive(Debug)]
pub(crate) struct Part {
    /// The field that holds it.
    pub(super) field: &'static str,
    /// What it is told from others by.
    pub(super) name: Vec<Value>,
    pub(crate) table: &'static Table,
    pub(crate) op: Op,
    /// The columns that its row is found by.
    pub(crate) by: Vec<ColumnDef>,
    /// Whether it stands in a list that keeps its order.
    pub(super) positioned: bool,
    /// Where a row like it may be there already: what becomes of that.
    pub(crate) upsert: Option<Upsert>,
    /// The columns that are wanted back.
    pub(crate) columns: Vec<ColumnDef>,
    /// Where it stands in hand: for each level, which relation and which of its rows. None for a row that goes.
    pub(crate) at: Option<Vec<(usize, usize)>>,
    /// The new row that it refers to: which part, none for the root.
    pub(crate) owner: Option<(Option<usize>, Reference)>,
    /// The columns by which it refers to its parent.
    pub(super) reference: &'static [ColumnDef],
    /// What was read.
    pub(crate) base: Vec<(ColumnDef, Value)>,
    /// Whether all is well if its row is not there, or there already: then nothing is left to do.
    pub(crate) lenient: bool,
    /// The key in hand, where it stands there.
    pub(crate) key: Option<Vec<Value>>,
    /// Of a row that leaves its collection: whether the rows below it leave it.
    pub(super) lets_go: bool,
}

impl Part {
    pub(crate) fn read(&self, column: &ColumnDef) -> Option<Value> {
        self.base.iter().find(|(known, _)| known == column).map(|(_, value)| value.clone())
    }
}

/// The row that a collection belongs to.
#[derive(Clone, Copy)]
enum Parent<'p> {
    /// It is stored; these are the cells of its columns, as read.
    Stored(&'p [ColumnDef], &'p [Value]),
    /// It is new: which part, none for the root.
    New(Option<usize>),
}

impl Parent<'_> {
    /// What the rows of a collection hold to refer to it; of a new one that is not known yet.
    fn referred(&self, layout: &Layout) -> Option<Vec<Value>> {
        let Self::Stored(columns, cells) = self else { return None };
        let cell = |column: &ColumnDef| cells.get(columns.iter().position(|known| known == column)?).cloned();
        layout.edge.relation.local.iter().map(cell).collect()
    }
}

/// What is to be done below a row that was read as `base`, if it was, and is `now`. The positions of lists are put right in
/// `now`.
pub(super) fn below(
    node: &'static Node,
    columns: &[ColumnDef],
    base: Option<&Graph>,
    now: &mut Graph,
    new: New,
    said: &[(&'static str, OfRows)],
) -> Result<Vec<Part>, Refused> {
    let said = Said { table: node.table, rows: said };
    let mut walk = Walk { parts: Vec::new(), path: Vec::new(), new, said };
    let parent = base.map_or(Parent::New(None), |base| Parent::Stored(columns, &base.cells));
    walk.row(node, parent, base, Some(now))?;
    Ok(walk.parts)
}

/// Who says what a new row holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum New {
    /// The store makes what is declared so, and positions are given.
    Made,
    /// The value in hand, all of it.
    Exact,
}

struct Walk<'s> {
    parts: Vec<Part>,
    path: Vec<(usize, usize)>,
    new: New,
    said: Said<'s>,
}

impl Walk<'_> {
    /// The collections of one row: new, changed, or on its way out.
    fn row(
        &mut self,
        node: &'static Node,
        parent: Parent<'_>,
        base: Option<&Graph>,
        now: Option<&mut Graph>,
    ) -> Result<(), Refused> {
        let mut below = now.map(|now| now.below.iter_mut()).into_iter().flatten();
        for (nth, layout) in Layout::all(node).iter().enumerate() {
            let read = base.and_then(|base| base.below.get(nth)).map_or(&[][..], Vec::as_slice);
            self.collection(nth, layout, parent, read, below.next().map_or(&mut [][..], Vec::as_mut_slice))?;
        }
        Ok(())
    }

    fn collection(
        &mut self,
        nth: usize,
        layout: &Layout,
        parent: Parent<'_>,
        read: &[Graph],
        now: &mut [Graph],
    ) -> Result<(), Refused> {
        let Pairs { read, gone } = Pairs::of(layout, read, now);
        if self.new == New::Made {
            reposition(layout, &read, now);
        }
        for (index, (row, base)) in now.iter_mut().zip(read).enumerate() {
            self.path.push((nth, index));
            match base {
                None => self.put(layout, parent, row)?,
                Some(base) if base != row => self.change(layout, parent, base, row)?,
                Some(_) => {}
            }
            self.path.pop();
        }
        gone.into_iter().try_for_each(|row| self.orphan(layout, parent, row))?;
        Ok(())
    }

    fn put(&mut self, layout: &Layout, parent: Parent<'_>, row: &mut Graph) -> Result<(), Refused> {
        let cells = new_cells(layout, &parent.referred(layout), row, self.new)?;
        let owner = match parent {
            Parent::Stored(..) => None,
            Parent::New(part) => Some((part, reference(layout))),
        };
        // Nobody else puts rows below one that is new.
        let upsert = if owner.is_some() { None } else { upsert(layout, self.said.policy(layout, row).0, &cells) };
        self.parts.push(Part {
            field: layout.edge.field,
            name: layout.identity(row),
            table: layout.table,
            op: Op::Insert(cells),
            by: Vec::new(),
            positioned: layout.upkeep().position.is_some(),
            upsert,
            columns: layout.columns.clone(),
            at: Some(self.path.clone()),
            owner,
            reference: layout.reference(),
            base: Vec::new(),
            lenient: layout.is_set(),
            key: layout.key(row),
            lets_go: false,
        });
        let part = self.parts.len() - 1;
        self.row(layout.node, Parent::New(Some(part)), None, Some(row))
    }

    fn change(&mut self, layout: &Layout, parent: Parent<'_>, base: &Graph, row: &mut Graph) -> Result<(), Refused> {
        let before = self.parts.len();
        self.row(layout.node, Parent::Stored(&layout.columns, &base.cells), Some(base), Some(row))?;
        let below = self.parts.len() > before;
        let referred = parent.referred(layout).unwrap_or_default();
        let (by, key) = layout.found_by(base, &referred);
        let sets = changes(layout, &key, base, row)?;
        let equal = self.said.policy(layout, base).0 == Putting::Equal;
        let checks = sets.iter().filter(|_| equal).filter_map(|set| is_as_read(layout, base, &set.column)).collect();
        let known = |column: &ColumnDef| layout.cell(base, column).cloned();
        if let Some(row) = (Draft { table: layout.table, key: &key, sets, checks, known: &known }).row(below)? {
            let at = Some(self.path.clone());
            self.parts.push(Part { by, at, ..part(layout, Op::Update(row), base, referred) });
        }
        Ok(())
    }

    fn orphan(&mut self, layout: &Layout, parent: Parent<'_>, base: &Graph) -> Result<(), Refused> {
        let referred = parent.referred(layout).unwrap_or_default();
        let (by, key) = layout.found_by(base, &referred);
        let (_, equal) = self.said.policy(layout, base);
        let equal = equal.then(|| layout.own().map(|(_, column)| column));
        let expected = equal.into_iter().flatten().chain(&layout.table.rules.lock);
        let mut checks: Vec<Check> = expected.filter_map(|column| is_as_read(layout, base, column)).collect();
        checks.dedup();
        let sets = match layout.upkeep().orphans {
            Orphans::Delete => {
                self.row(layout.node, Parent::Stored(&layout.columns, &base.cells), Some(base), None)?;
                let op = Op::Delete(RowDelete { key, checks });
                self.leave(layout, op, by, base, referred);
                return Ok(());
            }
            Orphans::Nullify => {
                let nullable = layout.reference().iter().filter(|column| column.nullable);
                nullable.map(|column| Set { column: *column, to: To::Value(Value::Null) }).collect()
            }
            Orphans::Mark(column) => vec![Set { column, to: To::Value(Value::Bool(true)) }],
        };
        let known = |column: &ColumnDef| layout.cell(base, column).cloned();
        if let Some(row) = (Draft { table: layout.table, key: &key, sets, checks, known: &known }).row(false)? {
            self.leave(layout, Op::Update(row), by, base, referred);
        }
        Ok(())
    }

    /// A row leaves its collection; if it has left already, all is well.
    fn leave(&mut self, layout: &Layout, op: Op, by: Vec<ColumnDef>, base: &Graph, referred: Vec<Value>) {
        let lets_go = matches!(op, Op::Delete(_));
        let leaves = part(layout, op, base, referred);
        self.parts.push(Part { by, lenient: true, key: layout.key(base), lets_go, ..leaves });
    }
}

/// A part whose row is there, below the one that it refers to by these values.
fn part(layout: &Layout, op: Op, base: &Graph, referred: Vec<Value>) -> Part {
    let shown = layout.columns.iter().copied().zip(base.cells.iter().cloned());
    let refers = layout.reference().iter().copied().zip(referred);
    Part {
        field: layout.edge.field,
        name: layout.identity(base),
        table: layout.table,
        op,
        by: Vec::new(),
        positioned: layout.upkeep().position.is_some(),
        upsert: None,
        columns: layout.columns.clone(),
        at: None,
        owner: None,
        reference: layout.reference(),
        base: shown.chain(refers).collect(),
        lenient: false,
        key: None,
        lets_go: false,
    }
}

fn reference(layout: &Layout) -> Reference {
    let relation = &layout.edge.relation;
    Reference { name: relation.name, local: relation.remote, to: relation.from, remote: relation.local }
}

fn is_as_read(layout: &Layout, base: &Graph, column: &ColumnDef) -> Option<Check> {
    layout.cell(base, column).map(|value| Check { column: *column, test: Test::Is(value.clone()) })
}

/// The cells of a new row: those in hand, the reference to its parent, and NULL for what the view does not show.
fn new_cells(
    layout: &Layout,
    referred: &Option<Vec<Value>>,
    row: &Graph,
    new: New,
) -> Result<Vec<(ColumnDef, Value)>, Refused> {
    let mut cells: Vec<(ColumnDef, Value)> = Vec::with_capacity(layout.table.columns.len());
    let said = |column: &ColumnDef| new == New::Exact || !layout.is_made(column);
    for (place, column) in layout.shown().filter(|(_, column)| said(column)) {
        let value = row.cells.get(place).cloned().unwrap_or(Value::Null);
        match cells.iter().find(|(known, _)| known == column) {
            None => cells.push((*column, value)),
            Some((_, known)) if *known == value => {}
            // The key of the entry says one thing, the row another.
            Some(_) => return Err(Refused::new(layout.table, &layout.identity(row), column, Why::Contradiction)),
        }
    }
    let referred = referred.iter().flatten().cloned();
    cells.extend(layout.reference().iter().copied().zip(referred));
    if let Some(mark) = layout.upkeep().mark() {
        // Whatever a view that shows it says: what is put in is there.
        cells.retain(|(column, _)| *column != mark);
        cells.push((mark, Value::Bool(false)));
    }
    for column in layout.table.columns {
        let is_said = cells.iter().any(|(known, _)| known == column);
        if !is_said && column.nullable && !layout.is_made(column) && !layout.reference().contains(column) {
            cells.push((*column, Value::Null));
        }
    }
    Ok(cells)
}

/// What becomes of a row that has the place of a new one. Only entries have places.
fn upsert(layout: &Layout, put: Putting, cells: &[(ColumnDef, Value)]) -> Option<Upsert> {
    if !layout.has_entries() {
        return None;
    }
    let (by, upkeep) = (layout.unique(), layout.upkeep());
    let all = || {
        let columns = cells.iter().map(|(column, _)| *column);
        let fixed = |column: &ColumnDef| {
            by.contains(column) || layout.table.key.contains(column) || layout.table.rules.lock == Some(*column)
        };
        columns.filter(|column| !fixed(column)).collect()
    };
    let (sets, checks) = match (put, upkeep.mark()) {
        (Putting::Any, _) => (all(), Vec::new()),
        // One that is marked is as good as none.
        (_, Some(mark)) => (all(), vec![Check { column: mark, test: Test::Is(Value::Bool(true)) }]),
        (Putting::Absent | Putting::Equal, None) => (Vec::new(), Vec::new()),
    };
    Some(Upsert { by, sets, checks })
}

/// The columns of a row that differ from what was read.
fn changes(layout: &Layout, key: &[Value], base: &Graph, row: &Graph) -> Result<Vec<Set>, Refused> {
    let mut sets: Vec<Set> = Vec::new();
    for (place, column) in layout.own() {
        let (Some(read), Some(now)) = (base.cells.get(place), row.cells.get(place)) else { continue };
        let Some(to) = changed(layout.table, column, read, now.clone()) else { continue };
        if layout.unique().contains(column) {
            return Err(Refused::new(layout.table, key, column, Why::Contradiction));
        }
        sets.push(Set { column: *column, to });
    }
    Ok(sets)
}
