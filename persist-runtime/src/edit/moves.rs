//! Rows that change their parent: taken out of one collection and put into another, in one commit.

use super::below::Part;
use super::diff::{Draft, changed};
use super::refused::Refused;
use super::work::Op;
use super::write::{Check, Set, To};
use crate::entity::{ColumnDef, Value};
use ahash::AHashMap;

impl Part {
    /// What must be so for its row to leave its collection, if it does.
    fn leaving(&self) -> Option<&[Check]> {
        match &self.op {
            _ if self.at.is_some() => None,
            Op::Delete(row) => Some(&row.checks),
            Op::Update(row) => Some(&row.checks),
            _ => None,
        }
    }
}

/// Rows that are taken out of one collection and put into another have moved: one change of each, where there would be
/// a row that goes and a new one.
pub(crate) fn move_rows(mut parts: Vec<&mut Part>) -> Result<(), Refused> {
    let mut left: AHashMap<(Option<&'static str>, &'static str, Vec<Value>), usize> = AHashMap::new();
    for (number, part) in parts.iter().enumerate() {
        if let (Some(_), Some(key)) = (part.leaving(), &part.key) {
            left.insert((part.table.schema, part.table.name, key.clone()), number);
        }
    }
    for number in 0..parts.len() {
        let Part { table, op: Op::Insert(cells), key: Some(key), reference, owner, .. } = &*parts[number] else {
            continue;
        };
        let Some(from) = left.remove(&(table.schema, table.name, key.clone())) else { continue };
        let gone = &*parts[from];
        let Some(checks) = gone.leaving() else { continue };
        // What the view does not show stays as it is.
        let to = |(column, value): &(ColumnDef, Value)| match gone.read(column) {
            Some(read) => changed(table, column, &read, value.clone()),
            None => reference.contains(column).then(|| To::Value(value.clone())),
        };
        let own = cells.iter().filter(|(column, _)| !table.key.contains(column));
        let mut sets: Vec<_> = own.filter_map(|cell| Some(Set { column: cell.0, to: to(cell)? })).collect();
        if owner.is_some() {
            // The new parent gives them when it is there.
            sets.extend(reference.iter().map(|column| Set { column: *column, to: To::Value(Value::Null) }));
        }
        let known = |column: &ColumnDef| gone.read(column);
        let draft = Draft { table, key, sets, checks: checks.to_vec(), known: &known };
        let op = draft.row(false)?.map_or_else(nothing, Op::Update);
        let (by, base) = (table.key.to_vec(), gone.base.clone());
        let part = &mut *parts[number];
        (part.op, part.by, part.upsert, part.base) = (op, by, None, base);
        parts[from].op = nothing();
    }
    Ok(())
}

const fn nothing() -> Op {
    Op::Verify(Vec::new(), Vec::new())
}
