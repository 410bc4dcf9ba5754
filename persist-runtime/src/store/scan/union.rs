//! Rows of several tables as rows of one.

use super::{Chosen, Rows, TableRows, value};
use crate::entity::{Table, Value};
use crate::group::{BranchCell, Union};
use crate::store::StoreError;

/// What stands in one column, for the rows of one branch.
enum Cell {
    Place(usize),
    Fixed(Value),
}

/// The rows of all branches, under the columns of `table`.
pub(super) fn rows<'a>(store: &'a dyn Rows, table: &'static Table, union: &Union) -> Result<TableRows<'a>, StoreError> {
    let mut rows: Vec<Vec<Value>> = Vec::new();
    for branch in union.branches.iter().filter(|branch| !branch.select.is_never()) {
        let Chosen { heading, rows: chosen } = Chosen::of(store, &branch.select)?;
        let cells = branch.cells.iter().map(|cell| match cell {
            BranchCell::Column(column) => heading.place(column).map(Cell::Place),
            BranchCell::Number(number) => Ok(Cell::Fixed(Value::Int(*number))),
            BranchCell::Null => Ok(Cell::Fixed(Value::Null)),
        });
        let cells = cells.collect::<Result<Vec<_>, _>>()?;
        rows.extend(chosen.iter().map(|row| {
            let cell = |cell: &Cell| match cell {
                Cell::Place(place) => value(row, *place).clone(),
                Cell::Fixed(value) => value.clone(),
            };
            cells.iter().map(cell).collect()
        }));
    }
    Ok(TableRows::new(table.columns.iter().map(|column| column.name), rows))
}
