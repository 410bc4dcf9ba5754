//! What can be wrong with one cell: [`CellError`].

use super::raw::Unfit;

/// A cell that did not fit, by its position among the columns of a view. The engine makes a
/// [`RowError`](crate::RowError) of it.
#[derive(Debug)]
pub struct CellError(pub(crate) Box<(usize, Unfit)>);

impl CellError {
    #[cold]
    pub(crate) fn unfit(column: usize, unfit: Unfit) -> Self {
        Self(Box::new((column, unfit)))
    }

    /// The place among the columns, and what is wrong there.
    pub(crate) fn into_parts(self) -> (usize, Unfit) {
        *self.0
    }

    #[cold]
    pub(crate) fn short(column: usize) -> Self {
        Self::unfit(column, Unfit::value("a cell", "the end of the row"))
    }
}
