//! Changes without a struct in hand: [`Changes`], a patch of one entity, and [`Change`], one field of a patch of yours.

use super::refused::{Refused, Why};
use super::write::{Check, Set, Test, To};
use crate::entity::{Column, ColumnDef, Table, Value};
use crate::group::Summable;
use std::fmt;
use std::marker::PhantomData;

/// What becomes of one field: a field of a struct that [derives `Changes`](derive@crate::Changes).
///
/// Absent, NULL and a value are three things: the first is [`Keep`](Self::Keep), the second, for a nullable column,
/// `Set(None)`. With the feature `serde` they are read and written as such: a field that may be absent says
/// `#[serde(default, skip_serializing_if = "Change::is_keep")]`; without `default` an absent field is an error, as of any
/// type that is no `Option`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Change<T> {
    /// It stays as it is.
    #[default]
    Keep,
    /// It becomes this.
    Set(T),
}

impl<T> Change<T> {
    /// Whether the field stays as it is.
    #[must_use]
    pub const fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }
}

impl<T> From<T> for Change<T> {
    fn from(value: T) -> Self {
        Self::Set(value)
    }
}

/// Changes of one row of `E`, or of all rows of a group: which columns, what becomes of each, and what is expected.
///
/// Columns that are not named are not written. [`Context::apply`](crate::Context::apply) writes them without a read;
/// [`Edit::changes`](super::Edit::changes) tells what an edit would write. `Display` is for logs.
///
/// ```
#[doc = tracker!()]
/// use persist::Changes;
///
/// let changes = Changes::<Bug>::new().set(bug::title, "Crash").set(bug::assignee_id, None).add(bug::heat, 6);
/// assert_eq!(changes.to_string(), r#"title = "Crash", assignee_id = NULL, heat + 6"#);
/// context.apply(7, changes)?;
/// assert_eq!(context.realise(Bugs::from_keys([7]))?[0].heat, 48);
/// # Ok::<(), persist::Error>(())
/// ```
#[must_use = "nothing is written until a context applies them"]
pub struct Changes<E> {
    changed: Vec<Changed>,
    expected: Vec<(ColumnDef, Value)>,
    /// A column of which two things were said.
    contradiction: Option<ColumnDef>,
    entity: PhantomData<fn() -> E>,
}

/// One column of [`Changes`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Changed {
    /// The column.
    pub column: ColumnDef,
    /// What it was read as, where it was.
    pub from: Option<Value>,
    /// What becomes of it.
    pub to: To,
}

impl<E> Changes<E> {
    /// No changes yet.
    pub const fn new() -> Self {
        Self { changed: Vec::new(), expected: Vec::new(), contradiction: None, entity: PhantomData }
    }

    pub(crate) const fn of(changed: Vec<Changed>) -> Self {
        Self { changed, expected: Vec::new(), contradiction: None, entity: PhantomData }
    }

    /// The column becomes `value`; of two values for one column the later counts.
    pub fn set<F>(mut self, column: Column<E, F>, value: impl Into<F>) -> Self {
        let value = column.value_of(&value.into());
        self.put(column.def(), To::Value(value));
        self
    }

    /// The column becomes what `change` says.
    pub fn change<F>(self, column: Column<E, F>, change: Change<F>) -> Self {
        match change {
            Change::Keep => self,
            Change::Set(value) => self.set(column, value),
        }
    }

    /// `more` is added to the column, by the store: what others add meanwhile is not lost. Several sums add up; a column
    /// that is also [set](Self::set) is refused.
    pub fn add<F: Summable>(mut self, column: Column<E, F>, more: impl Into<F>) -> Self {
        self.put(column.def(), To::Plus(more.into().to_value()));
        self
    }

    /// The column is expected to hold `value`; if it does not, nothing is written, and the error says what it holds.
    ///
    /// Columns that are declared as `guard`, `lock` or `together` are not changed without.
    pub fn expect<F>(mut self, column: Column<E, F>, value: impl Into<F>) -> Self {
        let value = column.value_of(&value.into());
        self.expected.push((column.def(), value));
        self
    }

    pub(super) fn put_value(&mut self, column: ColumnDef, value: Value) {
        self.put(column, To::Value(value));
    }

    fn put(&mut self, column: ColumnDef, to: To) {
        let Some(known) = self.changed.iter_mut().find(|known| known.column == column) else {
            self.changed.push(Changed { column, from: None, to });
            return;
        };
        match (&known.to, to) {
            (To::Value(_), To::Value(value)) => known.to = To::Value(value),
            #[cfg(feature = "json")]
            (To::Paths(_), To::Value(value)) => known.to = To::Value(value),
            (To::Plus(one), To::Plus(two)) => match one.checked_add(&two) {
                Some(sum) => known.to = To::Plus(sum),
                None => self.contradiction = Some(column),
            },
            _ => self.contradiction = Some(column),
        }
    }

    /// The columns that change, with what becomes of them.
    #[must_use]
    pub fn changed(&self) -> &[Changed] {
        &self.changed
    }

    /// Whether no column changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changed.is_empty()
    }

    /// What columns are expected to hold.
    #[must_use]
    pub fn expected(&self) -> &[(ColumnDef, Value)] {
        &self.expected
    }

    /// The column of which two things were said.
    pub(super) const fn contradiction(&self) -> Option<ColumnDef> {
        self.contradiction
    }

    /// What a column is said to be.
    pub(crate) fn known(&self, column: &ColumnDef) -> Option<Value> {
        self.expected.iter().find(|(known, _)| known == column).map(|(_, value)| value.clone())
    }

    pub(crate) fn checks(&self) -> Vec<Check> {
        let check = |(column, value): &(ColumnDef, Value)| Check { column: *column, test: Test::Is(value.clone()) };
        self.expected.iter().map(check).collect()
    }

    /// What is written, before the rules.
    pub(crate) fn sets(&self, table: &Table, key: &[Value]) -> Result<Vec<Set>, Refused> {
        if let Some(column) = self.contradiction {
            return Err(Refused::new(table, key, &column, Why::Contradiction));
        }
        Ok(self.changed.iter().map(|changed| Set { column: changed.column, to: changed.to.clone() }).collect())
    }
}

impl<E> Default for Changes<E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<E> Clone for Changes<E> {
    fn clone(&self) -> Self {
        let (changed, expected) = (self.changed.clone(), self.expected.clone());
        Self { changed, expected, contradiction: self.contradiction, entity: PhantomData }
    }
}

impl<E> PartialEq for Changes<E> {
    fn eq(&self, other: &Self) -> bool {
        self.changed == other.changed && self.expected == other.expected && self.contradiction == other.contradiction
    }
}

impl<E> Eq for Changes<E> {}

impl<E> fmt::Debug for Changes<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Changes({self})")
    }
}

impl<E> fmt::Display for Changes<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.changed.is_empty() {
            return f.write_str("nothing");
        }
        for (index, changed) in self.changed.iter().enumerate() {
            write!(f, "{}{changed}", if index > 0 { ", " } else { "" })?;
        }
        for (index, (column, value)) in self.expected.iter().enumerate() {
            write!(f, "{} {} = {value}", if index > 0 { " and" } else { " if" }, column.name)?;
        }
        Ok(())
    }
}

impl fmt::Display for Changed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { column, from, to } = self;
        match (from, to) {
            (Some(from), To::Value(to)) => write!(f, "{}: {from} -> {to}", column.name),
            (None, To::Value(to)) => write!(f, "{} = {to}", column.name),
            (_, To::Plus(more)) => write!(f, "{} + {more}", column.name),
            #[cfg(feature = "json")]
            (from, To::Paths(changes)) => changes.show(f, column.name, from.as_ref()),
        }
    }
}
