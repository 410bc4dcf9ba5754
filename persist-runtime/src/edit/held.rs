//! A struct in hand, with the state it was read in: [`Edit`].

use super::before::Before;
use super::change::{Changed, Changes};
use super::editable::{Editable, read};
use super::expect::Said;
use super::wishes::{OfRows, Wishes};
use super::write::Set;
use crate::engine::{Failed, KeyText};
use crate::entity::{Column, ColumnDef, Entity, Table, Value};
use crate::group::Summable;
use crate::view::Graph;
use std::borrow::Cow;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// A row in hand, to be changed by plain field access; what differs from the state it was read in is what
/// [`Context::save`](crate::Context::save) writes.
///
/// It comes from [`Context::edit`](crate::Context::edit), or is made of a value that is at hand (`Edit::from`). It derefs to
/// the struct; its own functions are associated ones, as on `Arc`, so that they hide no method of the struct.
///
/// ```
#[doc = tracker!()]
/// use persist::Edit;
///
/// let mut bug = context.edit::<Bug>(7)?;
/// bug.title = "Crash on resume from disk".into();
/// Edit::add(&mut bug, bug::heat, 6);                                  // an increment, not a read and a write
/// assert_eq!(bug.heat, 48);
/// assert_eq!(
///     Edit::changes(&bug).to_string(),
///     r#"title: "Crash on resume" -> "Crash on resume from disk", heat + 6"#
/// );
/// context.save(&mut bug)?;                                            // one statement, of these two columns
/// assert!(!Edit::is_changed(&bug));
/// # Ok::<(), persist::Error>(())
/// ```
///
/// What was assigned and is equal to what was read is not written, and nothing is sent if nothing is. Two values are equal
/// if the store keeps the same of them. A change inside of a field counts too, be it a JSON document; one that cannot
/// be seen by looking at the value (a `Cell`) cannot be a column.
///
/// # JSON documents
///
/// Of a document (`serde_json::Value` or [`Json`](crate::entity::Json), feature `json`) the places are written that changed,
/// by the store, so that two editors of different places both survive. `Changes` name them:
/// `meta.browser.name: "Links" -> "Lynx"`.
///
/// * Objects are taken apart, key by key. Arrays are values, as numbers are.
/// * Objects that have no key in common are different things, and the one replaces the other as a whole: two variants of an
///   enum, say. From an object without keys, and to one, it is key by key.
/// * What leads to a place that is set is an object afterwards: one is made where there is none by then, be it that the column
///   is NULL or that somebody put another value there. What is to go and is not there is left alone.
/// * An object is a value too where a key with a quotation mark, a backslash or a control character changes in it, where it
///   stands deeper than eight keys, and where the paths of all changes would have more than 256 keys together.
/// * [`touch`](Self::touch) writes the document as a whole. [`compare`](Self::compare), [`observe`](Self::observe) and what
///   an entity guards expect the document as it was read, whichever of its places changed.
#[derive(Clone)]
pub struct Edit<V> {
    pub(super) value: V,
    /// The columns of the view.
    pub(super) columns: Cow<'static, [ColumnDef]>,
    /// What they held when it was read, and the rows that are edited with it.
    pub(super) base: Graph,
    pub(super) wishes: Wishes,
    /// What it was before it was saved in transactions that may yet be undone; the last save last.
    pub(super) before: Vec<Before>,
}

/// What [`Edit::set`] does where the value is what was read, although the store may hold another by now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Equal {
    /// Nothing, as for an assignment.
    #[default]
    Omit,
    /// It is written.
    Write,
    /// It is not written, and the column must still hold it.
    Assert,
}

impl<V: Editable> From<V> for Edit<V> {
    /// An edit of a value in hand, as it was read: what it holds now counts as stored.
    fn from(value: V) -> Self {
        let base = value.graph(&Graph::default());
        Self { value, columns: V::columns(), base, wishes: Wishes::default(), before: Vec::new() }
    }
}

impl<V> Deref for Edit<V> {
    type Target = V;

    fn deref(&self) -> &V {
        &self.value
    }
}

impl<V> DerefMut for Edit<V> {
    fn deref_mut(&mut self) -> &mut V {
        &mut self.value
    }
}

impl<V: Editable + fmt::Debug> fmt::Debug for Edit<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Edit")
            .field("value", &self.value)
            .field("changes", &Self::changes(self))
            .field("elements", &Self::elements(self))
            .finish()
    }
}

impl<V: Editable> Edit<V> {
    pub(super) fn table() -> &'static Table {
        <V::Of as Entity>::TABLE
    }

    /// The key that was read.
    #[must_use]
    pub fn key(edit: &Self) -> KeyText {
        KeyText(Self::key_values(edit))
    }

    pub(crate) fn key_values(edit: &Self) -> Vec<Value> {
        Self::table().key.iter().map(|column| edit.read(column).unwrap_or(Value::Null)).collect()
    }

    /// What the column was read as.
    pub(crate) fn read(&self, column: &ColumnDef) -> Option<Value> {
        self.state().base.cells.get(self.place(column)?).cloned()
    }

    fn place(&self, column: &ColumnDef) -> Option<usize> {
        self.columns.iter().position(|known| known == column)
    }

    pub(super) fn columns(&self) -> &[ColumnDef] {
        &self.columns
    }

    pub(super) const fn base(&self) -> &Graph {
        &self.base
    }

    pub(super) fn set_base(&mut self, base: Graph) {
        self.base = base;
        self.wishes.asserted.clear();
    }

    pub(super) fn graph(&self) -> Graph {
        self.value.graph(&self.base)
    }

    pub(super) fn adds(&self, column: &ColumnDef) -> bool {
        self.wishes.added.iter().any(|(known, _)| known == column)
    }

    pub(super) fn observes(&self, column: &ColumnDef) -> bool {
        self.wishes.observed.contains(column)
    }

    /// The value, without what is known of its state.
    #[must_use]
    pub fn into_inner(edit: Self) -> V {
        edit.value
    }

    /// The column becomes `value`, as by assignment; `equal` says what happens if that is what was read.
    pub fn set<F>(edit: &mut Self, column: Column<V::Of, F>, value: impl Into<F>, equal: Equal) {
        edit.settle();
        let (value, def) = (column.value_of(&value.into()), column.def());
        edit.put(def, value);
        let wishes = &mut edit.wishes;
        wishes.touched.retain(|known| *known != def);
        wishes.asserted.retain(|known| *known != def);
        match equal {
            Equal::Omit => {}
            Equal::Write => wishes.touched.push(def),
            Equal::Assert => wishes.asserted.push(def),
        }
    }

    /// The column is written, whether it differs or not; a JSON document as a whole.
    pub fn touch<F>(edit: &mut Self, column: Column<V::Of, F>) {
        edit.settle();
        edit.wishes.touched.push(column.def());
    }

    /// `more` is added to the column, by the store, so that what others add meanwhile is not lost. The value in hand shows
    /// the sum.
    pub fn add<F: Summable>(edit: &mut Self, column: Column<V::Of, F>, more: impl Into<F>) {
        edit.settle();
        let (more, def) = (more.into().to_value(), column.def());
        let added = edit.wishes.added.iter_mut().find(|(known, _)| *known == def);
        let sum = match added {
            Some((_, sum)) => sum.checked_add(&more).map(|more| *sum = more),
            None => {
                edit.wishes.added.push((def, more.clone()));
                Some(())
            }
        };
        let shown = edit.shown(&def).and_then(|shown| shown.checked_add(&more));
        if sum.is_none() || !shown.is_some_and(|shown| edit.put(def, shown)) {
            edit.wishes.overflown = Some(def);
        }
    }

    /// The column must still hold what was read when the edit is saved, although it is not written: for a decision that
    /// was made by looking at it.
    pub fn observe<F>(edit: &mut Self, column: Column<V::Of, F>) {
        edit.settle();
        edit.wishes.observed.push(column.def());
    }

    /// Every column that is written must still hold what was read when the edit is saved.
    pub fn compare(edit: &mut Self) {
        edit.settle();
        edit.wishes.compare = true;
    }

    /// What was said of the rows of its collections.
    pub(super) fn said(&self) -> Said<'_> {
        Said { table: Self::table(), rows: &self.wishes.rows }
    }

    pub(super) fn said_of_rows(&mut self, relation: &'static str, said: OfRows) {
        self.wishes.rows.push((relation, said));
    }

    /// What a save would write.
    pub fn changes(edit: &Self) -> Changes<V::Of> {
        let sets = edit.sets().unwrap_or_default().into_iter();
        Changes::of(sets.map(|Set { column, to }| Changed { column, from: edit.read(&column), to }).collect())
    }

    /// Whether a save would write anything: a column, or a row that is edited with it.
    #[must_use]
    pub fn is_changed(edit: &Self) -> bool {
        edit.sets().map_or(true, |sets| !sets.is_empty()) || edit.below().map_or(true, |(_, parts)| !parts.is_empty())
    }

    /// Takes all changes back: the value is again what was read.
    pub fn revert(edit: &mut Self) {
        edit.settle();
        let base = std::mem::take(&mut edit.base);
        // It was read as this once; if it cannot be again, it stays as it is.
        let _ = edit.become_graph(&base);
        edit.base = base;
        edit.wishes = Wishes::default();
    }

    /// What the field of a column holds.
    fn shown(&self, column: &ColumnDef) -> Option<Value> {
        self.graph().cells.get(self.place(column)?).cloned()
    }

    /// Puts a value into the field of a column.
    fn put(&mut self, column: ColumnDef, value: Value) -> bool {
        let Some(place) = self.place(&column) else {
            self.wishes.foreign = Some(column);
            return true;
        };
        let mut graph = self.graph();
        Arc::make_mut(&mut graph.cells)[place] = value;
        self.become_graph(&graph).is_ok()
    }

    pub(super) fn become_graph(&mut self, graph: &Graph) -> Result<(), Failed> {
        self.become_value(read(graph)?);
        Ok(())
    }

    pub(super) fn become_value(&mut self, mut value: V) {
        value.keep_transient(&mut self.value);
        self.value = value;
    }
}
