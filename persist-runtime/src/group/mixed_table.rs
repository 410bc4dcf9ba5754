//! The table of a mixed group, which no store has: a kind, a key in the columns of that kind, and the common columns.

use super::mixed::{Kind, Kinds};
use super::union::BranchCell;
use crate::entity::{Collation, Column, ColumnDef, ColumnType, Rules, Table};

/// What stands in the columns of the union's table for rows of this kind.
pub(super) fn cells<M: Kinds>(kind: usize) -> Vec<BranchCell> {
    let mut cells = vec![BranchCell::Number(i64::try_from(kind).unwrap_or(i64::MAX))];
    for (other, Kind { table, .. }) in M::KINDS.iter().enumerate() {
        let own = |column: &ColumnDef| if other == kind { BranchCell::Column(*column) } else { BranchCell::Null };
        cells.extend(table.key.iter().map(own));
    }
    let common = M::KINDS.get(kind).map_or(&[][..], |kind| kind.common);
    cells.extend(common.iter().map(|column| BranchCell::Column(*column)));
    cells
}

/// The names of the columns that hold keys. No field has such a name.
const KEYS: [&str; 32] = [
    "#0", "#1", "#2", "#3", "#4", "#5", "#6", "#7", "#8", "#9", "#10", "#11", "#12", "#13", "#14", "#15", "#16", "#17",
    "#18", "#19", "#20", "#21", "#22", "#23", "#24", "#25", "#26", "#27", "#28", "#29", "#30", "#31",
];

/// How many columns the table of a mixed group has: the kind, the keys of all kinds, the common columns.
#[doc(hidden)]
#[must_use]
pub const fn mixed_width(kinds: &[Kind], common: &[ColumnDef]) -> usize {
    key_width(kinds) + common.len()
}

const fn key_width(kinds: &[Kind]) -> usize {
    let (mut width, mut kind) = (1, 0);
    while kind < kinds.len() {
        width += kinds[kind].table.key.len();
        kind += 1;
    }
    width
}

/// The columns of the table of a mixed group, `N` of them. Emitted by the derive.
///
/// # Panics
/// At compile time, when a common column is of different SQL types, or there are too many kinds.
#[doc(hidden)]
#[must_use]
pub const fn mixed_columns<const N: usize>(kinds: &[Kind], common: &[ColumnDef]) -> [ColumnDef; N] {
    let number = Column::<(), i64>::common("#kind", ColumnType::BigInt).def();
    assert!(key_width(kinds) <= KEYS.len() + 1, "the keys of all kinds have at most 32 fields");
    let mut columns = [number; N];
    let (mut next, mut kind) = (1, 0);
    while kind < kinds.len() {
        let key = kinds[kind].table.key;
        let mut part = 0;
        while part < key.len() {
            columns[next] = ColumnDef { name: KEYS[next - 1], nullable: true, ..key[part] };
            (next, part) = (next + 1, part + 1);
        }
        let mut column = 0;
        while column < common.len() {
            let same = kinds[kind].common[column].ty as u8 == common[column].ty as u8;
            assert!(same, "a common column is of one SQL type in the tables of all kinds");
            column += 1;
        }
        kind += 1;
    }
    let mut column = 0;
    while column < common.len() {
        columns[next] = common[column];
        (next, column) = (next + 1, column + 1);
    }
    columns
}

/// The table of a mixed group, which no store has. Emitted by the derive.
#[doc(hidden)]
#[must_use]
pub const fn mixed_table(name: &'static str, columns: &'static [ColumnDef], kinds: &[Kind]) -> Table {
    let key = columns.split_at(key_width(kinds)).0;
    Table { entity: name, schema: None, name, columns, key, collation: Collation::Portable, rules: &Rules::NONE }
}

/// The columns that hold the key of one kind.
#[doc(hidden)]
#[must_use]
pub const fn local(table: &'static Table, kinds: &[Kind], kind: usize) -> &'static [ColumnDef] {
    let before = key_width(kinds.split_at(kind).0);
    table.columns.split_at(before).1.split_at(kinds[kind].table.key.len()).0
}
