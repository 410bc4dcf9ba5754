//! Two editors of one row: [`Edit::rebase`], and what only a person can decide, [`Overlap`].

use super::editable::Editable;
use super::held::Edit;
#[cfg(feature = "json")]
use super::paths::merged as merged_within;
use crate::engine::{Failed, KeyText};
use crate::entity::{ColumnDef, Entity, Table, Value};
use crate::view::Graph;
use std::fmt;

/// A column, or a place within its JSON document, of which two editors made two different things; or a column that belongs
/// together with one that I changed, and that they changed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Overlap {
    /// The entity.
    pub entity: &'static str,
    /// The key of the row.
    pub key: KeyText,
    /// The column.
    pub column: &'static str,
    /// The place within its JSON document, by the keys that lead there; none where it is the whole column. What is not there
    /// is NULL below.
    pub path: Vec<String>,
    /// What both read.
    pub base: Value,
    /// What I made of it.
    pub mine: Value,
    /// What is stored now.
    pub theirs: Value,
}

/// Every column, and every place within one, that overlaps; at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlaps(Vec<Overlap>);

/// Whose value a column takes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Take {
    /// What I made of it.
    Mine,
    /// What is stored.
    Theirs,
}

/// Says whose value a place within a document takes over, of which two editors made different things: given what was read,
/// mine and theirs.
pub(super) type Decide<'d> = dyn FnMut(&[String], [&Value; 3]) -> Option<Take> + 'd;

/// Without documents there are no places within them.
#[cfg(not(feature = "json"))]
fn merged_within(_: [&Value; 3], _: &mut Decide<'_>) -> Option<Value> {
    None
}

impl Overlaps {
    /// All of them, in the order of the view's columns.
    #[must_use]
    pub fn all(&self) -> &[Overlap] {
        &self.0
    }
}

/// A path as a person reads it.
pub(super) struct Steps<'p>(pub(super) &'p [String]);

impl fmt::Display for Steps<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|key| {
            let plain = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
            if plain { write!(f, ".{key}") } else { write!(f, ".{key:?}") }
        })
    }
}

impl fmt::Display for Overlap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { entity, key, column, path, base, mine, theirs } = self;
        write!(f, "{entity} {key}: `{column}{}` was {base}; mine is {mine}, theirs {theirs}", Steps(path))
    }
}

impl fmt::Display for Overlaps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, overlap) in self.0.iter().enumerate() {
            write!(f, "{}{overlap}", if index > 0 { "\n" } else { "" })?;
        }
        Ok(())
    }
}

impl std::error::Error for Overlap {}
impl std::error::Error for Overlaps {}

/// One column on its way: what was read, what it is in hand, what is stored, and whether the difference is a sum.
struct Ways<'w> {
    column: ColumnDef,
    base: &'w Value,
    mine: &'w Value,
    theirs: &'w Value,
    counts: bool,
}

impl Ways<'_> {
    fn is_mine(&self) -> bool {
        self.mine != self.base
    }

    fn is_theirs(&self) -> bool {
        self.theirs != self.base
    }

    /// What both make of it together; none where they differ. Of the places within a document that differ `decide` says whose
    /// they are.
    fn merged(&self, decide: &mut Decide<'_>) -> Option<Value> {
        match (self.is_mine(), self.is_theirs()) {
            (false, _) => Some(self.theirs.clone()),
            (true, false) => Some(self.mine.clone()),
            _ if self.counts => self.theirs.checked_add(&self.mine.checked_sub(self.base)?),
            _ if self.mine == self.theirs => Some(self.mine.clone()),
            _ => merged_within(self.all(), decide),
        }
    }

    const fn all(&self) -> [&Value; 3] {
        [self.base, self.mine, self.theirs]
    }
}

impl<V: Editable> Edit<V> {
    /// Puts my changes onto what is stored now, `theirs`: columns that only they changed become theirs, columns that only
    /// I changed stay mine, and sums add up; so it is with the keys of JSON documents. What both changed is an overlap, and
    /// then nothing happens.
    ///
    /// [`Context::merge`](crate::Context::merge) reads, rebases and saves.
    ///
    /// ```
    #[doc = tracker!()]
    /// use persist::Edit;
    ///
    /// let mut mine = context.edit::<Bug>(7)?;
    /// mine.title = "Crash".into();
    /// let mut theirs = context.edit::<Bug>(7)?;
    /// theirs.title = "Freeze".into();
    /// theirs.heat = 50;
    ///
    /// let overlaps = Edit::rebase(&mut mine, Edit::into_inner(theirs)).unwrap_err();
    /// assert_eq!(
    ///     overlaps.to_string(),
    ///     r#"Bug 7: `title` was "Crash on resume"; mine is "Crash", theirs "Freeze""#
    /// );
    /// # Ok::<(), persist::Error>(())
    /// ```
    ///
    /// # Errors
    /// With every column that both changed, differently; with those that they changed and that belong together with one
    /// that I changed; with those that I observed and they changed.
    pub fn rebase(edit: &mut Self, theirs: V) -> Result<(), Overlaps> {
        let mut overlaps = Vec::new();
        Self::rebase_with(edit, theirs, |overlap| {
            overlaps.push(overlap.clone());
            None
        });
        if overlaps.is_empty() { Ok(()) } else { Err(Overlaps(overlaps)) }
    }

    /// The same, where `decide` says of each overlap whose value it takes; with none, nothing happens in the end. Answers
    /// whether something did.
    pub fn rebase_with(edit: &mut Self, theirs: V, mut decide: impl FnMut(&Overlap) -> Option<Take>) -> bool {
        edit.settle();
        let table: &'static Table = <V::Of as Entity>::TABLE;
        let (mine, stored) = (edit.graph(), theirs.graph(edit.base()));
        let mut merge = Merge { decide: &mut decide, all: true };
        let row = Row {
            table,
            key: Self::key_values(edit),
            columns: edit.columns(),
            counts: &|column| edit.adds(column),
            observes: &|column| edit.observes(column),
        };
        let base = edit.base();
        let cells = merge.cells(&row, &base.cells, &mine.cells, &stored.cells);
        let node = V::A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF;
        let below = merge.below(node, &base.below, &mine.below, &stored.below, edit.said());
        merge.all && edit.restart(stored, &Graph { cells: cells.into(), below }).is_ok()
    }

    /// From now on, changes are told from `stored`, and the value in hand is `merged`.
    fn restart(&mut self, stored: Graph, merged: &Graph) -> Result<(), Failed> {
        self.become_graph(merged)?;
        self.set_base(stored);
        Ok(())
    }
}

/// A row of which two have made something.
pub(super) struct Row<'r> {
    pub(super) table: &'static Table,
    pub(super) key: Vec<Value>,
    pub(super) columns: &'r [ColumnDef],
    /// Whether my difference of a column is a sum.
    pub(super) counts: &'r dyn Fn(&ColumnDef) -> bool,
    /// Whether mine depends on a column that I did not change.
    pub(super) observes: &'r dyn Fn(&ColumnDef) -> bool,
}

/// What two made of one row, put together.
pub(super) struct Merge<'d> {
    pub(super) decide: &'d mut dyn FnMut(&Overlap) -> Option<Take>,
    /// Whether there was an answer for each overlap.
    pub(super) all: bool,
}

impl Merge<'_> {
    /// The cells of a row.
    pub(super) fn cells(&mut self, row: &Row<'_>, base: &[Value], mine: &[Value], theirs: &[Value]) -> Vec<Value> {
        let rules = &row.table.rules;
        let ways: Vec<_> = (row.columns.iter().zip(base).zip(mine.iter().zip(theirs)))
            .map(|((column, base), (mine, theirs))| {
                // The revision is nobody's change.
                let mine = if rules.lock == Some(*column) { base } else { mine };
                let counts = rules.counter(column).is_some() || (row.counts)(column);
                Ways { column: *column, base, mine, theirs, counts }
            })
            .collect();
        let depends = |way: &Ways<'_>| {
            let together = rules.together.iter().filter(|together| together.contains(&way.column));
            let touched = |column: &ColumnDef| ways.iter().any(|way| way.column == *column && way.is_mine());
            way.is_theirs() && ((row.observes)(&way.column) || together.flat_map(|all| all.iter()).any(touched))
        };
        let mut merged = Vec::with_capacity(ways.len());
        for way in &ways {
            let mut ask = |path: &[String], all: [&Value; 3]| self.ask(row, way.column.name, path, all);
            let value = if depends(way) && way.mine != way.theirs { None } else { way.merged(&mut ask) };
            merged.push(value.unwrap_or_else(|| match ask(&[], way.all()) {
                Some(Take::Mine) => way.mine.clone(),
                _ => way.theirs.clone(),
            }));
        }
        merged
    }

    /// Whose value counts; `path` is the place within the column's document, if not all of it.
    pub(super) fn ask(
        &mut self,
        row: &Row<'_>,
        column: &'static str,
        path: &[String],
        all: [&Value; 3],
    ) -> Option<Take> {
        let [base, mine, theirs] = all.map(Value::clone);
        let (entity, key) = (row.table.entity, KeyText(row.key.clone()));
        let take = (self.decide)(&Overlap { entity, key, column, path: path.to_vec(), base, mine, theirs });
        self.all &= take.is_some();
        take
    }
}
