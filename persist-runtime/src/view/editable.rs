//! Whether a view can be edited, told by the compiler.

use super::message::Message;
use super::node::{FieldMeta, Node};
use crate::entity::{ColumnDef, same_text};

/// What to say of a view that is to be edited and cannot be; nothing if it can.
#[doc(hidden)]
#[must_use]
pub const fn not_editable(node: &'static Node) -> Option<Message> {
    let (view, table) = (node.view, node.table);
    let mut index = 0;
    while index < table.columns.len() {
        let column = &table.columns[index];
        if times(node.fields, column) > 1 {
            let message = Message::new().text("`").text(view).text("` holds `").text(column.name);
            return Some(message.text("` twice, and could make two things of it: drop one"));
        }
        index += 1;
    }
    if let Some(missing) = missing(node.fields, table.key) {
        let message = Message::new().text("`").text(view).text("` cannot be edited without `").text(missing.name);
        return Some(message.text("`, which is of the key: add it as a field"));
    }
    if let Some(lock) = &table.rules.lock
        && times(node.fields, lock) == 0
    {
        let message = Message::new().text("`").text(view).text("` cannot be edited without `").text(lock.name);
        return Some(message.text("`, the revision that its writes expect: add it as a field"));
    }
    if let Some(message) = unreachable(node, node.fields) {
        return Some(message);
    }
    let mut index = 0;
    while index < table.rules.together.len() {
        let together = table.rules.together[index];
        if let (Some(missing), Some(held)) = (missing(node.fields, together), held(node.fields, together)) {
            let message = Message::new().text("`").text(view).text("` holds `").text(held.name).text("` and not `");
            return Some(message.text(missing.name).text("`, which belong together: add it, or drop the other"));
        }
        index += 1;
    }
    None
}

/// What to say of a collection whose rows refer to a column that the view does not hold.
pub(super) const fn unreachable(node: &'static Node, fields: &[FieldMeta]) -> Option<Message> {
    let mut index = 0;
    while index < fields.len() {
        match &fields[index] {
            FieldMeta::Edge(edge) => {
                if let Some(column) = missing(node.fields, edge.relation.local) {
                    let message =
                        Message::new().text("rows in `").text(edge.field).text("` refer to `").text(column.name);
                    return Some(message.text("`, which `").text(node.view).text("` does not hold: add it as a field"));
                }
            }
            FieldMeta::Flatten(part) => {
                if let Some(message) = unreachable(node, part.fields) {
                    return Some(message);
                }
            }
            FieldMeta::Column(..) | FieldMeta::Loaded(_) | FieldMeta::Embed(..) => {}
        }
        index += 1;
    }
    None
}

/// What to say of a view that is to be a new row and cannot be, since it does not hold all that a row needs.
#[doc(hidden)]
#[must_use]
pub const fn not_insertable(node: &'static Node) -> Option<Message> {
    let mut index = 0;
    while index < node.table.columns.len() {
        let column = &node.table.columns[index];
        if times(node.fields, column) == 0 && !column.nullable && !is_one_of(column, node.table.rules.generated) {
            let message = Message::new().text("`").text(node.view).text("` cannot be a new row without `");
            return Some(message.text(column.name).text("`: add it as a field"));
        }
        index += 1;
    }
    None
}

pub(super) const fn is_one_of(column: &ColumnDef, columns: &[ColumnDef]) -> bool {
    let mut index = 0;
    while index < columns.len() {
        if same_text(columns[index].name, column.name) {
            return true;
        }
        index += 1;
    }
    false
}

/// How often these fields show a column.
pub(super) const fn times(fields: &[FieldMeta], column: &ColumnDef) -> usize {
    let (mut times_shown, mut index) = (0, 0);
    while index < fields.len() {
        times_shown += match &fields[index] {
            FieldMeta::Column(_, shown) => same_text(shown.name, column.name) as usize,
            FieldMeta::Flatten(node) => times(node.fields, column),
            FieldMeta::Embed(_, parts) => times(parts, column),
            FieldMeta::Edge(_) | FieldMeta::Loaded(_) => 0,
        };
        index += 1;
    }
    times_shown
}

/// The first of these columns that no field shows.
pub(super) const fn missing<'c>(fields: &[FieldMeta], columns: &'c [ColumnDef]) -> Option<&'c ColumnDef> {
    first(fields, columns, false)
}

/// The first of these columns that a field shows.
const fn held<'c>(fields: &[FieldMeta], columns: &'c [ColumnDef]) -> Option<&'c ColumnDef> {
    first(fields, columns, true)
}

const fn first<'c>(fields: &[FieldMeta], columns: &'c [ColumnDef], shown: bool) -> Option<&'c ColumnDef> {
    let mut index = 0;
    while index < columns.len() {
        if (times(fields, &columns[index]) > 0) == shown {
            return Some(&columns[index]);
        }
        index += 1;
    }
    None
}
