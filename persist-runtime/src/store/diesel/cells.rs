//! A row of Diesel's, cell by cell: nothing copies it.

use super::dialect::Dialect;
use super::sql::Statement;
use crate::entity::{Cell, Cells, Raw, Unfit};
use crate::store::Sink;
use ::diesel::connection::{DefaultLoadingMode, LoadConnection};
use ::diesel::result::QueryResult;
use ::diesel::row::{Field, Row};
use std::marker::PhantomData;

/// A row of Diesel's as cells, with what is known of its columns.
struct RowCells<'r, 'h, R, DB: Dialect>(R, &'h DB::Heading, PhantomData<&'r ()>);

impl<'r, R: Row<'r, DB>, DB: Dialect> Cells for RowCells<'r, '_, R, DB> {
    #[inline(always)]
    fn see(&self, index: usize, see: &mut dyn FnMut(Raw<'_>)) {
        if let Some(field) = self.0.get(index) {
            match field.value() {
                Some(value) => see(DB::raw(value)),
                None => see(Raw(Cell::Null)),
            }
        }
    }

    #[inline]
    fn integer(&self, index: usize) -> Result<Option<i64>, Unfit> {
        match self.0.get(index) {
            Some(field) => {
                // Read where it stands: to move it costs more than to read it.
                let mut value = field.value();
                match &mut value {
                    Some(value) => DB::integer(value, self.1, index).map(Some),
                    None => Ok(None),
                }
            }
            None => Err(end_of_row()),
        }
    }

    #[inline]
    fn text(&self, index: usize) -> Result<Option<String>, Unfit> {
        match self.0.get(index) {
            Some(field) => {
                let mut value = field.value();
                match &mut value {
                    Some(value) => DB::expect_text(value, self.1, index)?,
                    None => return Ok(None),
                }
                value.map(DB::text).transpose()
            }
            None => Err(end_of_row()),
        }
    }
}

#[cold]
fn end_of_row() -> Unfit {
    Unfit::value("a cell", "the end of the row")
}

/// Hands the rows that a statement gives to `sink`.
pub(super) fn feed<C>(connection: &mut C, statement: Statement, sink: &mut dyn Sink) -> QueryResult<()>
where
    C: LoadConnection<DefaultLoadingMode>,
    C::Backend: Dialect,
{
    let mut heading = None;
    for row in connection.load(statement)? {
        let row = row?;
        let heading = heading.get_or_insert_with(|| C::Backend::heading(row.field_count()));
        sink.row(&RowCells::<_, C::Backend>(row, heading, PhantomData));
    }
    Ok(())
}
