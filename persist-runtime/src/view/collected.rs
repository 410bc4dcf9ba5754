//! Whether the rows of a relation can be edited with the row that holds them, told by the compiler.

use super::editable::{is_one_of, times, unreachable};
use super::message::Message;
use super::node::{Edge, FieldMeta, Node};
use super::upkeep::Orphans;
use crate::entity::{ColumnDef, ColumnType, Table, same_text};

/// What to say of a relation in a view that is edited, if its rows cannot be; nothing if they can, or where it is none.
#[doc(hidden)]
#[must_use]
pub const fn not_a_collection(edge: Option<&Edge>) -> Option<Message> {
    let Some(edge) = edge else { return None };
    // What it is held in was found out by its type.
    let Some(node) = edge.node() else { return None };
    if let Some(message) = lacks_columns(edge, node) {
        return Some(message);
    }
    if let Some(message) = unreachable(node, node.fields) {
        return Some(message);
    }
    if let Some(message) = lacks_uniqueness(edge) {
        return Some(message);
    }
    if let Some(column) = &edge.upkeep.position
        && !matches!(column.ty, ColumnType::SmallInt | ColumnType::Integer | ColumnType::BigInt)
    {
        let message = Message::new().text("a position is an integer, and `").text(column.name);
        return Some(message.text("` is not: name a column of integers"));
    }
    if let Some(column) = &edge.upkeep.position
        && times(node.fields, column) == 0
    {
        let message = named(node).text("` is kept in the order of `").text(column.name);
        return Some(message.text("`, and does not hold it: add it as a field"));
    }
    if let Orphans::Nullify = edge.upkeep.orphans
        && first_nullable(edge.relation.remote).is_none()
    {
        let message = Message::new().text("rows of ").text(edge.relation.to.entity);
        return Some(message.text(" always refer to a row, so `orphans = nullify` leaves nothing to be"));
    }
    None
}

/// What to say of a view that holds no collection of rows of this table that is whole; nothing if it does.
pub(crate) const fn not_whole(node: &'static Node, table: &Table) -> Option<Message> {
    match kept(node.fields, table) {
        Kept::Whole => None,
        Kept::Not => {
            let message = named(node).text("` holds no rows of ").text(table.entity);
            Some(message.text(" that could be replaced: name a relation that one of its fields holds"))
        }
        Kept::InPart(field) => {
            let message =
                named(node).text("` holds some of the rows of `").text(field).text("` only, and to replace them ");
            Some(message.text("all would take out what was not read: drop `limit` and `filter`"))
        }
    }
}

/// How a view keeps rows.
#[derive(Clone, Copy)]
enum Kept {
    Not,
    /// Some of them, in this field.
    InPart(&'static str),
    Whole,
}

const fn kept(fields: &[FieldMeta], table: &Table) -> Kept {
    let (mut kept_so, mut index) = (Kept::Not, 0);
    while index < fields.len() {
        let here = match &fields[index] {
            FieldMeta::Edge(edge) if !same_text(edge.relation.to.name, table.name) || edge.node().is_none() => {
                Kept::Not
            }
            FieldMeta::Edge(edge) if edge.limit.is_some() || edge.filter.is_some() => Kept::InPart(edge.field),
            FieldMeta::Edge(_) => Kept::Whole,
            FieldMeta::Flatten(node) => kept(node.fields, table),
            FieldMeta::Column(..) | FieldMeta::Loaded(_) | FieldMeta::Embed(..) => Kept::Not,
        };
        kept_so = match (kept_so, here) {
            (Kept::Whole, _) | (_, Kept::Whole) => Kept::Whole,
            (Kept::Not, here) => here,
            (some @ Kept::InPart(_), _) => some,
        };
        index += 1;
    }
    kept_so
}

const fn named(node: &Node) -> Message {
    Message::new().text("`").text(node.view)
}

/// A column without which no row can be put into it.
const fn lacks_columns(edge: &Edge, node: &Node) -> Option<Message> {
    let table = edge.relation.to;
    let mut index = 0;
    while index < table.columns.len() {
        let column = &table.columns[index];
        let known = times(node.fields, column) > 0
            || is_one_of(column, edge.by)
            || is_one_of(column, edge.value)
            || is_one_of(column, edge.relation.remote)
            || is_one_of(column, table.rules.generated)
            || is_mark(edge, column);
        if !known && !column.nullable {
            let message =
                Message::new().text("rows of ").text(table.entity).text(" are put in and taken out here, and ");
            return Some(
                message.text("a new one needs `").text(column.name).text("`: hold a view of them with that field"),
            );
        }
        index += 1;
    }
    if let Some(lock) = &table.rules.lock
        && times(node.fields, lock) == 0
    {
        let message = named(node).text("` cannot be edited without `").text(lock.name);
        return Some(message.text("`, the revision that its writes expect: add it as a field"));
    }
    None
}

const fn is_mark(edge: &Edge, column: &ColumnDef) -> bool {
    match &edge.upkeep.orphans {
        Orphans::Mark(mark) => is_one_of(column, std::slice::from_ref(mark)),
        Orphans::Delete | Orphans::Nullify => false,
    }
}

/// Entries of one key under one parent would be one to a program, and two rows to the store.
const fn lacks_uniqueness(edge: &Edge) -> Option<Message> {
    let table = edge.relation.to;
    let entry = if edge.by.is_empty() { edge.value } else { edge.by };
    let parent = edge.relation.remote;
    if entry.is_empty() || is_unique(table.key, parent, entry) {
        return None;
    }
    let mut index = 0;
    while index < table.rules.unique.len() {
        if is_unique(table.rules.unique[index], parent, entry) {
            return None;
        }
        index += 1;
    }
    let mut message =
        Message::new().text("two rows of ").text(table.entity).text(" could be one entry here: say `unique(");
    message = list(message, parent, true);
    message = list(message, entry, parent.is_empty());
    Some(message.text(")` on ").text(table.entity).text(", as the database does"))
}

const fn list(mut message: Message, columns: &[ColumnDef], first: bool) -> Message {
    let mut index = 0;
    while index < columns.len() {
        if index > 0 || !first {
            message = message.text(", ");
        }
        message = message.text(columns[index].name);
        index += 1;
    }
    message
}

/// Whether rows that differ in `columns` differ in those of the parent and the entry.
const fn is_unique(columns: &[ColumnDef], parent: &[ColumnDef], entry: &[ColumnDef]) -> bool {
    let mut index = 0;
    while index < columns.len() {
        if !is_one_of(&columns[index], parent) && !is_one_of(&columns[index], entry) {
            return false;
        }
        index += 1;
    }
    // The store has to find a row by exactly these.
    columns.len() == parent.len() + entry.len()
}

const fn first_nullable(columns: &[ColumnDef]) -> Option<&ColumnDef> {
    let mut index = 0;
    while index < columns.len() {
        if columns[index].nullable {
            return Some(&columns[index]);
        }
        index += 1;
    }
    None
}
