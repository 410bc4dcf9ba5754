//! Reading a row: cell by cell, in the order of the columns that a view asked for.

use super::error::CellError;
use super::raw::{Cells, Raw, Unfit};
use super::scalar::Field;

/// Reads the columns of one view from one row, in the view's order.
///
/// A row may hold the columns of several views; `places` says where this view's stand.
pub struct Reader<'a> {
    cells: &'a dyn Cells,
    places: &'a [u16],
    next: usize,
}

impl<'a> Reader<'a> {
    /// A reader over `cells` whose n-th column stands at `places[n]`.
    #[must_use]
    pub fn new(cells: &'a dyn Cells, places: &'a [u16]) -> Self {
        Self { cells, places, next: 0 }
    }
}

/// Reads the next column of `reader`.
#[inline(always)]
pub(crate) fn read_field<F: Field>(reader: &mut Reader<'_>) -> Result<F, CellError> {
    let column = reader.next;
    reader.next += 1;
    let Some(place) = reader.places.get(column) else { return Err(CellError::short(column)) };
    let mut read = None;
    reader.cells.see(usize::from(*place), &mut |raw: Raw<'_>| read = Some(F::read_field(raw)));
    match read {
        Some(Ok(value)) => Ok(value),
        Some(Err(unfit)) => Err(CellError::unfit(column, unfit)),
        None => Err(CellError::short(column)),
    }
}

/// Reads one cell of a row with a column's own reader.
pub(crate) fn cell<T>(cells: &dyn Cells, place: usize, read: fn(Raw<'_>) -> Result<T, Unfit>) -> Result<T, Unfit> {
    let mut out = None;
    cells.see(place, &mut |raw| out = Some(read(raw)));
    out.unwrap_or_else(|| Err(Unfit::value("a cell", "the end of the row")))
}
