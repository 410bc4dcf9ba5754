//! Reading a row: cell by cell, in the order of the columns that a view asked for.

use super::error::CellError;
use super::raw::{Cells, Raw, Unfit, read};
use super::scalar::Field;
use super::value::Value;

/// One row. The integers that keys are made of may have been read already: keys serve several times, and a cell of a
/// database is slow to read.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    known: &'a [Known],
    cells: &'a dyn Cells,
}

/// What is known of a cell.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Known {
    Unread,
    Null,
    Integer(i64),
}

impl<'a> Row<'a> {
    pub(crate) const fn new(known: &'a [Known], cells: &'a dyn Cells) -> Self {
        Self { known, cells }
    }

    /// A row of these cells.
    pub(crate) const fn of(cells: &'a dyn Cells) -> Self {
        Self::new(&[], cells)
    }

    /// Reads the cell at `place` in its own way.
    ///
    /// # Errors
    /// When it does not fit, or is not there.
    #[inline(always)]
    pub fn cell<T>(&self, place: usize, as_what: impl Fn(Raw<'_>) -> Result<T, Unfit>) -> Result<T, Unfit> {
        match self.known.get(place) {
            Some(Known::Integer(number)) => as_what(Raw::of(&Value::Int(*number))),
            Some(Known::Null) => as_what(Raw::of(&Value::Null)),
            Some(Known::Unread) | None => read(self.cells, place, as_what),
        }
    }

    /// Reads the cell at `place` as an integer, or NULL.
    ///
    /// # Errors
    /// When it does not fit, or is not there.
    #[inline(always)]
    pub fn integer(&self, place: usize) -> Result<Option<i64>, Unfit> {
        match self.known.get(place) {
            Some(Known::Integer(number)) => Ok(Some(*number)),
            Some(Known::Null) => Ok(None),
            Some(Known::Unread) | None => self.cells.integer(place),
        }
    }

    /// Reads the cell at `place` as text, or NULL.
    ///
    /// # Errors
    /// When it does not fit, or is not there.
    #[inline(always)]
    pub fn text(&self, place: usize) -> Result<Option<String>, Unfit> {
        self.cells.text(place)
    }
}

/// Reads the columns of one view from one row, in the view's order. Generated code is handed one.
///
/// A row may hold the columns of several views; `places` says where this view's stand.
pub struct Reader<'a> {
    row: Row<'a>,
    places: &'a [u16],
    next: usize,
}

impl<'a> Reader<'a> {
    /// A reader over `cells` whose n-th column stands at `places[n]`.
    #[must_use]
    pub fn new(cells: &'a dyn Cells, places: &'a [u16]) -> Self {
        Self::over(Row::of(cells), places)
    }

    pub(crate) const fn over(row: Row<'a>, places: &'a [u16]) -> Self {
        Self { row, places, next: 0 }
    }
}

impl Reader<'_> {
    /// Whether the next `columns` cells are all NULL; passes over them if they are.
    ///
    /// # Errors
    /// When the row has no such cells.
    pub(crate) fn pass_nulls(&mut self, columns: usize) -> Result<bool, CellError> {
        for column in self.next..self.next + columns {
            let Some(place) = self.places.get(column) else { return Err(CellError::short(column)) };
            let null = self.row.cell(usize::from(*place), |raw| Ok(raw.is_null()));
            if !null.map_err(|unfit| CellError::unfit(column, unfit))? {
                return Ok(false);
            }
        }
        self.next += columns;
        Ok(true)
    }
}

/// Reads the next column of `reader`.
#[inline(always)]
pub(crate) fn read_field<F: Field>(reader: &mut Reader<'_>) -> Result<F, CellError> {
    let column = reader.next;
    reader.next += 1;
    let Some(place) = reader.places.get(column) else { return Err(CellError::short(column)) };
    match F::read_at(reader.row, usize::from(*place)) {
        Ok(value) => Ok(value),
        Err(unfit) => Err(CellError::unfit(column, unfit)),
    }
}
