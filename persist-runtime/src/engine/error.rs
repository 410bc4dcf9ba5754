//! What can be wrong with the rows of a realise: [`RowErrors`], one [`RowError`] for each row and problem.

use crate::entity::{Unfit, Value};
use std::fmt;

/// Rows that could not become what a view promises: all of them, of the whole realise; never none.
///
/// `Display` writes the first ten, one on a line; [`rows`](Self::rows) and iteration give all. An example is at
/// [`RowError`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowErrors(pub(super) Vec<RowError>);

/// One row that could not become what a view promises.
///
/// ```
#[doc = tracker!()]
/// context.insert(&Bug { id: 10, title: "Odd".into(), heat: 0, owner_id: 99, assignee_id: None })?;
/// #[derive(Debug, View)]
/// #[view(of = Bug)]
/// struct Line {
///     owner: Arc<Person>,
/// }
/// let error = context.realise(Bugs::all().view::<Line>()).unwrap_err();
/// let row = &error.rows().unwrap().rows()[0];
/// assert_eq!(row.to_string(), "Bug 10, field `owner` of `Line`: it refers to Person 99, which is not there");
/// # Ok::<(), persist::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RowError {
    /// The name of the entity whose row it is.
    pub entity: &'static str,
    /// The name of the view that the row was to become; the entity's where it is its own view.
    pub view: &'static str,
    /// The field of the view; for a key that the view does not show, its column.
    pub field: &'static str,
    /// Where in the field, if that is an embedded struct: `city`, or `place.city` for one within another.
    pub part: Option<String>,
    /// The column that the field shows, if it does.
    pub column: Option<&'static str>,
    /// The key of the row, part by part, as far as it could be read.
    pub key: Vec<Value>,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with a row: the field [`RowError::problem`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// A stored value does not fit the field: NULL where the field is no `Option`, a text that no variant of an enum
    /// has, an integer out of range, a value of another type.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// The row refers to one that is not there. That is so where the field is an `Option` too: `None` is NULL.
    #[error("it refers to {entity} {key}, which is not there")]
    Dangling {
        /// The entity referred to.
        entity: &'static str,
        /// The key referred to.
        key: KeyText,
    },
    /// The row refers to one that a [scope](crate::Context::scope) of this entity hides, and the view cannot do without
    /// it. The data is in order: narrow the group that the row is of, or hold the relation in a view that can do without.
    ///
    /// Whether the row is hidden or not there at all is not told, nor its key: who may not see it learns nothing.
    #[error("the {entity} that it refers to is outside of the scope of this context")]
    Hidden {
        /// The entity referred to.
        entity: &'static str,
    },
    /// The row of a tree leads back to itself.
    #[error("it leads back to itself, by way of {}", Way(path))]
    Cycle {
        /// The keys on the way, its own at both ends.
        path: Vec<KeyText>,
    },
    /// What the row leads to goes down (or up) too many levels for a struct that holds itself.
    #[error("it leads on for more than {most} levels")]
    TooDeep {
        /// How many levels a tree may have.
        most: u32,
    },
    /// In a [lenient](crate::Request::lenient) realise: the row fits, and something that it holds by this field does not,
    /// or is not there. That has an error of its own.
    #[error("left out with a {entity} that it would not be whole without")]
    LeftOut {
        /// The entity that the field leads to.
        entity: &'static str,
    },
    /// The function that loads this field gave no value for the row's key, and the field is no `Option`.
    #[error("`{function}` gave no value for it")]
    NotLoaded {
        /// The function, as the field names it.
        function: &'static str,
    },
    /// Two rows have the same key, so that it is unclear whose the children are: the entity's key is not one in the
    /// table.
    #[error("another row has the same key, so whose rows these are is unclear: the key is not unique in the table")]
    SharedKey,
    /// Two rows hold the same in this column, which a relation goes by: it is not unique in the table.
    #[error("another row has the same `{0}`, so which is meant is unclear: the column is not unique in the table")]
    NotUnique(&'static str),
    /// A `has_one` leads to several rows.
    #[error("it leads to one {entity} or none, and there are several: {keys}")]
    Several {
        /// The entity that it leads to.
        entity: &'static str,
        /// The keys of all these rows.
        keys: KeyTexts,
    },
    /// Two rows have one key in a map; so has a row that two links lead to.
    #[error("two rows of {entity} have the key {key} in it")]
    SameEntry {
        /// The entity that the map is of.
        entity: &'static str,
        /// The key in the map.
        key: KeyText,
    },
}

/// Several keys in a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyTexts(pub Vec<KeyText>);

impl fmt::Display for KeyTexts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 5;
        for (number, key) in self.0.iter().take(SHOWN).enumerate() {
            write!(f, "{}{key}", if number > 0 { ", " } else { "" })?;
        }
        match self.0.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

/// A key in a message: `7`, or `(7, 2)` for a composite one.
///
/// ```
/// assert_eq!(persist::KeyText(vec![7.into(), "a".into()]).to_string(), r#"(7, "a")"#);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyText(pub Vec<Value>);

impl fmt::Display for KeyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_slice() {
            [] => f.write_str("(key unknown)"),
            [only] => only.fmt(f),
            [first, rest @ ..] => {
                write!(f, "({first}")?;
                for part in rest {
                    write!(f, ", {part}")?;
                }
                f.write_str(")")
            }
        }
    }
}

/// Keys, one after the other.
struct Way<'k>(&'k [KeyText]);

impl fmt::Display for Way<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, key) in self.0.iter().enumerate() {
            write!(f, "{}{key}", if index > 0 { ", " } else { "" })?;
        }
        Ok(())
    }
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { entity, view, field, part, column, key, problem } = self;
        write!(f, "{entity} {}, field `{field}", KeyText(key.clone()))?;
        if let Some(part) = part {
            write!(f, ".{part}")?;
        }
        f.write_str("`")?;
        if let Some(column) = column.filter(|column| column != field) {
            write!(f, " (column `{column}`)")?;
        }
        if view != entity {
            write!(f, " of `{view}`")?;
        }
        write!(f, ": {problem}")
    }
}

impl std::error::Error for RowError {}

impl RowErrors {
    /// The rows, in the order they were met; at least one.
    #[must_use]
    pub fn rows(&self) -> &[RowError] {
        &self.0
    }
}

impl From<RowError> for RowErrors {
    fn from(error: RowError) -> Self {
        Self(vec![error])
    }
}

impl IntoIterator for RowErrors {
    type Item = RowError;
    type IntoIter = std::vec::IntoIter<RowError>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Display for RowErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 10;
        match self.0.as_slice() {
            [only] => only.fmt(f),
            rows => {
                write!(f, "{} rows do not fit", rows.len())?;
                for row in rows.iter().take(SHOWN) {
                    write!(f, "\n  {row}")?;
                }
                if rows.len() > SHOWN {
                    write!(f, "\n  and {} more", rows.len() - SHOWN)?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for RowErrors {}
