//! Rows that change their parent: taken out of one collection and put into another, in one commit.

use super::below::Part;
use super::diff::{Draft, changed};
use super::refused::{Refused, Why};
use super::work::{Op, give_cells};
use super::write::{Check, Set, To};
use crate::entity::{ColumnDef, Table, Value};
use ahash::AHashMap;

impl Part {
    /// What its row is found by, and what must be so for it to leave its collection, if it does.
    fn leaving(&self) -> Option<(&[Value], &[Check])> {
        match &self.op {
            _ if self.at.is_some() => None,
            Op::Delete(row) => Some((&row.key, &row.checks)),
            Op::Update(row) => Some((&row.key, &row.checks)),
            _ => None,
        }
    }
}

/// A row by columns that are unique: the table, their names, and what they hold.
type Name = (Option<&'static str>, &'static str, Vec<&'static str>, Vec<Value>);

fn name(table: &Table, columns: &[ColumnDef], values: Vec<Value>) -> Name {
    (table.schema, table.name, columns.iter().map(|column| column.name).collect(), values)
}

/// Rows that leave their collections, by what they are found by.
#[derive(Default)]
struct Left {
    rows: AHashMap<Name, usize>,
    /// The columns that some are found by.
    by: Vec<Vec<ColumnDef>>,
}

impl Left {
    fn of(parts: &[(usize, &mut Part)]) -> Self {
        let mut left = Self::default();
        for (number, (_, part)) in parts.iter().enumerate() {
            let Some((values, _)) = part.leaving() else { continue };
            if !left.by.contains(&part.by) {
                left.by.push(part.by.clone());
            }
            left.rows.insert(name(part.table, &part.by, values.to_vec()), number);
        }
        left
    }

    /// The row that a new one of these cells is, if that leaves another collection.
    fn take(&mut self, table: &Table, key: Option<&Vec<Value>>, cells: &[(ColumnDef, Value)]) -> Option<usize> {
        if let Some(key) = key {
            return self.rows.remove(&name(table, table.key, key.clone()));
        }
        let cell = |column: &ColumnDef| cells.iter().find(|(known, _)| known == column).map(|(_, value)| value.clone());
        let (rows, by) = (&mut self.rows, &self.by);
        by.iter().find_map(|by| rows.remove(&name(table, by, by.iter().map(cell).collect::<Option<_>>()?)))
    }
}

/// Rows that are taken out of one collection and put into another have moved: one change of each, where there would be
/// a row that goes and a new one. So have the rows below them. Each part comes with the thing that it is written with.
pub(crate) fn move_rows(mut parts: Vec<(usize, &mut Part)>) -> Result<(), Refused> {
    let mut left = Left::of(&parts);
    if left.rows.is_empty() {
        return Ok(());
    }
    let mut firsts: AHashMap<usize, usize> = AHashMap::new();
    for (number, (item, _)) in parts.iter().enumerate() {
        firsts.entry(*item).or_insert(number);
    }
    // Those that moved, with where they came from. A row comes before those below it.
    let mut moved: AHashMap<usize, usize> = AHashMap::new();
    for number in 0..parts.len() {
        let first = firsts.get(&parts[number].0).copied().unwrap_or_default();
        let above = parts[number].1.owner.and_then(|(nth, _)| moved.get(&(first + nth?)).copied());
        if let Some(above) = above {
            belongs_to_moved(&mut parts, number, above)?;
        }
        let Part { table, op: Op::Insert(cells), key, .. } = &*parts[number].1 else { continue };
        let Some(from) = left.take(table, key.as_ref(), cells) else { continue };
        move_row(&mut parts, number, from)?;
        moved.insert(number, from);
    }
    Ok(())
}

/// What a new row refers to is no new one: it moved, and is found by what was read of it.
fn belongs_to_moved(parts: &mut [(usize, &mut Part)], number: usize, above: usize) -> Result<(), Refused> {
    let Some((_, reference)) = parts[number].1.owner else { return Ok(()) };
    let gone = &*parts[above].1;
    if !gone.lets_go {
        // What was below it there is not known to have left it.
        let column = reference.local.first().or(gone.table.key.first());
        let refused = |column| Refused::new(gone.table, &gone.name, column, Why::MovedWithRows);
        return column.map_or(Ok(()), |column| Err(refused(column)));
    }
    let local = reference.local.iter().copied();
    let given: Vec<_> =
        local.zip(reference.remote).map(|(local, remote)| (local, gone.read(remote).unwrap_or(Value::Null))).collect();
    let part = &mut *parts[number].1;
    part.owner = None;
    if let Op::Insert(cells) = &mut part.op {
        give_cells(cells, &given);
    }
    Ok(())
}

fn move_row(parts: &mut [(usize, &mut Part)], number: usize, from: usize) -> Result<(), Refused> {
    let Part { table, op: Op::Insert(cells), reference, owner, .. } = &*parts[number].1 else { return Ok(()) };
    let gone = &*parts[from].1;
    let Some((key, checks)) = gone.leaving() else { return Ok(()) };
    // What the view does not show stays as it is.
    let to = |(column, value): &(ColumnDef, Value)| match gone.read(column) {
        Some(read) => changed(table, column, &read, value.clone()),
        None => reference.contains(column).then(|| To::Value(value.clone())),
    };
    let own = cells.iter().filter(|(column, _)| !table.key.contains(column) && !gone.by.contains(column));
    let mut sets: Vec<_> = own.filter_map(|cell| Some(Set { column: cell.0, to: to(cell)? })).collect();
    if owner.is_some() {
        // The new parent gives them when it is there.
        sets.extend(reference.iter().map(|column| Set { column: *column, to: To::Value(Value::Null) }));
    }
    let known = |column: &ColumnDef| gone.read(column);
    let draft = Draft { table, key, sets, checks: checks.to_vec(), known: &known };
    let op = draft.row(false)?.map_or_else(nothing, Op::Update);
    let (by, base) = (gone.by.clone(), gone.base.clone());
    let part = &mut *parts[number].1;
    (part.op, part.by, part.upsert, part.base) = (op, by, None, base);
    parts[from].1.op = nothing();
    Ok(())
}

const fn nothing() -> Op {
    Op::Verify(Vec::new(), Vec::new())
}
