//! What a database says of how it would run a statement, and which tables it would read from end to end.

use super::cells::feed;
use super::dialect::Dialect;
use super::lookups::lookups;
use super::sql::Statement;
use super::{DieselStore, render};
use crate::engine::Fetch;
use crate::entity::{Cells, Raw};
use crate::store::{IndexHint, StoreError};
use ::diesel::connection::{DefaultLoadingMode, LoadConnection};
use ::diesel::result::{Error, QueryResult};

/// How a database is asked for its plans.
pub struct Planner {
    /// What stands ahead of the statement.
    pub(super) explain: &'static str,
    /// The cell of a row that has a line of the plan, or several.
    pub(super) cell: usize,
    /// Makes the plan speak of what it can do rather than of how many rows there are now. Sent in a transaction that is
    /// undone.
    pub(super) settings: Option<&'static str>,
    /// Whether a line, with those below it, says that a table is read from end to end.
    pub(super) is_scan: fn(&str, &[String]) -> bool,
}

impl<C> DieselStore<'_, C>
where
    C: LoadConnection<DefaultLoadingMode>,
    C::Backend: Dialect,
{
    pub(super) fn hints(&mut self, fetch: &Fetch) -> Result<Vec<IndexHint>, StoreError> {
        let planner = Self::syntax().planner();
        let scanned = self.scanned(planner, fetch)?;
        let mut hints = Vec::new();
        for lookup in lookups(fetch).into_iter().filter(|lookup| scanned.contains(&lookup.table.name)) {
            // The table may be read so although there is an index: it is looked up from the other side then.
            let hint = lookup.hint();
            if !hints.contains(&hint) && !self.scanned(planner, &lookup.probe())?.is_empty() {
                hints.push(hint);
            }
        }
        Ok(hints)
    }

    /// The tables that the statement of `fetch` would read from end to end.
    fn scanned(&mut self, planner: &Planner, fetch: &Fetch) -> Result<Vec<&'static str>, StoreError> {
        let entity = fetch.table().entity;
        let statement = render::statement(Self::syntax(), fetch);
        let statement = statement.map_err(|fault| StoreError::new(entity, "explaining", fault))?;
        let tables = statement.tables();
        let lines = self.lines(planner, statement.behind(planner.explain));
        let lines = lines.map_err(|error| Self::failed(entity, "explaining", error))?;
        let mut scanned = Vec::new();
        for (index, line) in lines.iter().enumerate() {
            let below = lines.get(index + 1..).unwrap_or_default();
            if (planner.is_scan)(line, below) {
                let alias_of = |word: &str| tables.iter().find(|(alias, _)| alias == word.trim_matches(['"', ',']));
                scanned.extend(line.split_whitespace().find_map(alias_of).map(|(_, name)| *name));
            }
        }
        Ok(scanned)
    }

    fn lines(&mut self, planner: &Planner, statement: Statement) -> QueryResult<Vec<String>> {
        let Some(settings) = planner.settings else { return self.read_lines(planner, statement) };
        self.session.begin()?;
        let lines = self.connection().batch_execute(settings).and_then(|()| self.read_lines(planner, statement));
        // The settings go with the transaction, or with the savepoint.
        self.session.roll_back();
        lines
    }

    fn read_lines(&mut self, planner: &Planner, statement: Statement) -> QueryResult<Vec<String>> {
        let mut lines = Vec::new();
        let mut push = |cells: &dyn Cells| {
            cells.see(planner.cell, &mut |raw: Raw<'_>| match raw.text() {
                Ok(text) => lines.extend(text.lines().map(|line| Ok(line.to_owned()))),
                Err(unfit) => lines.push(Err(unfit)),
            });
        };
        feed(self.connection(), statement, &mut push)?;
        lines.into_iter().collect::<Result<_, _>>().map_err(|unfit| Error::DeserializationError(Box::new(unfit)))
    }
}
