//! Pages: which rows of a root belong to its page, and where the pages beside it begin.

use super::error::{Problem, RowError};
use super::request::{Answer, Asks, Request, Results};
use crate::entity::{ColumnDef, Row, Table, Value};
use crate::group::{Cursor, OrderBy, Place, Prints, Select};
use crate::view::{Ask, AskPage, Missing, Page, PageFrom, View};

/// A root of which one row more is asked than is wanted, to see whether there are more.
pub(super) struct PageRun {
    size: u64,
    /// The columns of the order, the key among them.
    pub(super) columns: Vec<ColumnDef>,
    /// Where they stand.
    pub(super) places: Vec<u16>,
    seen: u64,
    pub(super) ends: Ends,
}

/// The two rows at the ends of a page, as they came.
#[derive(Default)]
pub(super) struct Ends {
    first: Option<Vec<Value>>,
    /// There if the page is full.
    last: Option<Vec<Value>>,
    /// Whether there was one more row.
    more: bool,
}

impl PageRun {
    pub(super) const fn new(size: u64, columns: Vec<ColumnDef>) -> Self {
        let ends = Ends { first: None, last: None, more: false };
        Self { size, columns, places: Vec::new(), seen: 0, ends }
    }

    /// Whether the row belongs to the page.
    ///
    /// # Errors
    /// When its place in the order cannot be read.
    pub(super) fn admits(&mut self, row: Row<'_>, table: &Table) -> Result<bool, Box<RowError>> {
        self.seen += 1;
        if self.seen > self.size {
            self.ends.more = true;
            return Ok(false);
        }
        if self.seen == 1 || self.seen == self.size {
            let values = self.values(row, table)?;
            if self.seen == self.size {
                self.ends.last = Some(values.clone());
            }
            if self.seen == 1 {
                self.ends.first = Some(values);
            }
        }
        Ok(true)
    }

    fn values(&self, row: Row<'_>, table: &Table) -> Result<Vec<Value>, Box<RowError>> {
        let mut values = Vec::with_capacity(self.columns.len());
        for (column, place) in self.columns.iter().zip(&self.places) {
            values.push(row.cell(usize::from(*place), column.value).map_err(|unfit| {
                let (view, field, problem) = (table.entity, column.name, Problem::from(unfit));
                Box::new(RowError {
                    entity: table.entity,
                    view,
                    field,
                    part: None,
                    column: None,
                    key: Vec::new(),
                    problem,
                })
            })?);
        }
        Ok(values)
    }
}

/// Where the answer to an [`AskPage`] will be, and what its cursors belong to.
#[doc(hidden)]
pub struct PageTicket {
    at: usize,
    from: PageFrom,
    prints: Prints,
}

impl PageTicket {
    /// The cursors after and before the page.
    fn cursors<E>(self, ends: Ends) -> (Option<Cursor<E>>, Option<Cursor<E>>) {
        let backward = self.from.is_backward();
        let beside = |values: Option<Vec<Value>>, after| {
            values.map(|values| Cursor::at(Place::beside(self.prints, values, after)))
        };
        let beyond = if ends.more { beside(ends.last, !backward) } else { None };
        // Where the page came from: a page without rows leads back to the very place.
        let back =
            self.from.place().and_then(|from| beside(ends.first, backward).or_else(|| Some(Cursor::at(from.clone()))));
        if backward { (back, beyond) } else { (beyond, back) }
    }
}

/// Asks for the first `size` rows of `select`, which gives one more if there are more.
fn ask_page<V: View>(asks: &mut Asks, ask: Ask<V>, select: Select, size: u64) -> usize {
    let columns = select.order.iter().filter_map(OrderBy::column).collect();
    let at = ask.over(select).ask(asks);
    asks.page(at, PageRun::new(size, columns));
    at
}

impl<V: View> Request for AskPage<V> {
    type Output = Page<V>;
    type Ticket = PageTicket;

    fn ask(self, asks: &mut Asks) -> PageTicket {
        let prints = self.prints();
        let size = u64::from(self.size);
        let select = self.ask.select.page(&self.from.start(), size + 1);
        PageTicket { at: ask_page(asks, self.ask, select, size), from: self.from, prints }
    }

    fn answer(ticket: PageTicket, answers: &mut Results) -> Result<Page<V>, Missing> {
        let Answer::Page(rows, ends) = answers.take(ticket.at)? else { return Err(Missing) };
        let mut rows = *rows.downcast::<Vec<V>>().map_err(|_| Missing)?;
        if ticket.from.is_backward() {
            rows.reverse();
        }
        let (next, previous) = ticket.cursors(ends);
        Ok(Page { rows, next, previous })
    }
}

/// Some rows of a stream: as an [`AskPage`] forward, of a selection that is ordered and cut already.
pub(crate) struct AskChunk<V> {
    pub(crate) ask: Ask<V>,
    /// In a total order, spelt out; with one row more than `size`, if there may be more.
    pub(crate) select: Select,
    pub(crate) size: u64,
}

impl<V: View> Request for AskChunk<V> {
    /// The rows, and the place of the last of them if there are more.
    type Output = (Vec<V>, Option<Vec<Value>>);
    type Ticket = usize;

    fn ask(self, asks: &mut Asks) -> usize {
        ask_page(asks, self.ask, self.select, self.size)
    }

    fn answer(ticket: usize, answers: &mut Results) -> Result<Self::Output, Missing> {
        let Answer::Page(rows, ends) = answers.take(ticket)? else { return Err(Missing) };
        let rows = *rows.downcast::<Vec<V>>().map_err(|_| Missing)?;
        Ok((rows, if ends.more { ends.last } else { None }))
    }
}
