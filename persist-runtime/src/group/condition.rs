//! Conditions: [predicates](super::Predicate) as data, apart from every store. Authors of stores need them.
//!
//! A condition is true or false of a row, never unknown: a comparison with NULL is false, `Not` is the complement. So a
//! filter and its negation split a group in two, on every store.

use super::select::Projection;
use crate::entity::{ColumnDef, Excerpt, Value};
use std::fmt;
use std::sync::Arc;

/// What a row must satisfy: the neutral form of a [`Predicate`](super::Predicate), for stores.
///
/// A store that keeps [`Value`]s leaves it to [`answer`](crate::store::answer()); any other turns each variant into a
/// form of its own, or refuses the fetch with [`Fault::Unsupported`](crate::store::Fault). It is true or false of a
/// row: all variants but `IsNull` and `Not` are false where a column is NULL.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Condition {
    /// All of them; none given: true.
    And(Vec<Condition>),
    /// At least one of them; none given: false.
    Or(Vec<Condition>),
    /// The complement.
    Not(Box<Condition>),
    /// The column compares so with a value that is not NULL.
    Compare {
        /// The column.
        column: ColumnDef,
        /// How.
        how: Comparison,
        /// With what.
        value: Value,
    },
    /// The column is NULL.
    IsNull(ColumnDef),
    /// The column's text passes a test. Case counts, and no character of the text is special.
    Text {
        /// The column.
        column: ColumnDef,
        /// Which test.
        test: TextTest,
        /// What is looked for.
        text: String,
    },
    /// The columns hold one of the keys.
    InKeys {
        /// As many columns as a key has parts.
        columns: Vec<ColumnDef>,
        /// The keys.
        keys: Arc<KeySet>,
    },
    /// The columns hold what one of the branches selects.
    InSelect {
        /// As many columns as each branch projects.
        columns: Vec<ColumnDef>,
        /// The branches.
        branches: Vec<Projection>,
    },
}

/// How a column compares with a value, in the order that [`Value`] has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the comparisons")]
pub enum Comparison {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    /// Whether two values that compare as `ordering` pass.
    #[must_use]
    pub const fn holds(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
        }
    }

    /// The comparison as SQL (and everybody else) writes it.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}

/// A test on text. Case counts, and no character is special.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the tests")]
pub enum TextTest {
    StartsWith,
    EndsWith,
    Contains,
}

impl TextTest {
    /// Whether `text` passes with `wanted`.
    #[must_use]
    pub fn holds(self, text: &str, wanted: &str) -> bool {
        match self {
            Self::StartsWith => text.starts_with(wanted),
            Self::EndsWith => text.ends_with(wanted),
            Self::Contains => text.contains(wanted),
        }
    }
}

/// Keys of one width, without duplicates in meaning (a store must bear them in fact).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct KeySet {
    width: usize,
    values: Vec<Value>,
}

impl KeySet {
    /// Keys of `width` parts, part after part.
    ///
    /// Keys with a NULL among their parts match nothing and are left out.
    #[must_use]
    pub fn new(width: usize, values: Vec<Value>) -> Self {
        let width = width.max(1);
        if values.iter().any(Value::is_null) {
            let whole = values.chunks_exact(width).filter(|key| !key.iter().any(Value::is_null));
            let values = whole.flatten().cloned().collect();
            return Self { width, values };
        }
        Self { width, values }
    }

    /// How many keys there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len() / self.width.max(1)
    }

    /// Whether there is no key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// How many parts a key has.
    #[must_use]
    pub const fn width(&self) -> usize {
        self.width
    }

    /// The keys, each a slice of its parts.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[Value]> {
        self.values.chunks_exact(self.width.max(1))
    }

    /// The parts of all keys, key after key.
    #[must_use]
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// The keys in portions of at most `most`.
    #[must_use]
    pub fn portions(&self, most: usize) -> Vec<Self> {
        let portions = self.values.chunks(most.max(1).saturating_mul(self.width.max(1)));
        portions.map(|values| Self { width: self.width, values: values.to_vec() }).collect()
    }
}

impl Condition {
    /// Whether no row can satisfy this, as far as can be told without looking at rows.
    #[must_use]
    pub fn is_never(&self) -> bool {
        match self {
            Self::And(all) => all.iter().any(Self::is_never),
            Self::Or(any) => any.iter().all(Self::is_never),
            Self::InKeys { keys, .. } => keys.is_empty(),
            Self::InSelect { branches, .. } => branches.iter().all(|branch| branch.select.is_never()),
            _ => false,
        }
    }

    /// Both of them, without nesting.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::And(mut all), Self::And(more)) => {
                all.extend(more);
                Self::And(all)
            }
            (Self::And(mut all), one) => {
                all.push(one);
                Self::And(all)
            }
            (one, Self::And(mut all)) => {
                all.insert(0, one);
                Self::And(all)
            }
            (one, two) => Self::And(vec![one, two]),
        }
    }

    /// Either of them, without nesting.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Or(mut any), Self::Or(more)) => {
                any.extend(more);
                Self::Or(any)
            }
            (Self::Or(mut any), one) => {
                any.push(one);
                Self::Or(any)
            }
            (one, two) => Self::Or(vec![one, two]),
        }
    }
}

pub(crate) fn names(columns: &[ColumnDef]) -> String {
    let names: Vec<_> = columns.iter().map(|column| column.name).collect();
    names.join(", ")
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, parts: &[Self], between: &str, none: &str| {
            if parts.is_empty() {
                return f.write_str(none);
            }
            for (index, part) in parts.iter().enumerate() {
                if index > 0 {
                    f.write_str(between)?;
                }
                match part {
                    Self::And(_) | Self::Or(_) if parts.len() > 1 => write!(f, "({part})")?,
                    _ => part.fmt(f)?,
                }
            }
            Ok(())
        };
        match self {
            Self::And(all) => list(f, all, " and ", "true"),
            Self::Or(any) => list(f, any, " or ", "false"),
            Self::Not(inner) => write!(f, "not ({inner})"),
            Self::Compare { column, how, value } => write!(f, "{} {} {value}", column.name, how.symbol()),
            Self::IsNull(column) => write!(f, "{} is null", column.name),
            Self::Text { column, test, text } => {
                let test = match test {
                    TextTest::StartsWith => "starts with",
                    TextTest::EndsWith => "ends with",
                    TextTest::Contains => "contains",
                };
                write!(f, "{} {test} {}", column.name, Excerpt(text))
            }
            Self::InKeys { columns, keys } => match (keys.len(), keys.iter().next()) {
                (1, Some([only])) => write!(f, "{} = {only}", names(columns)),
                (count, _) => write!(f, "{} in {count} keys", names(columns)),
            },
            Self::InSelect { columns, branches } => {
                write!(f, "{} in (", names(columns))?;
                for (index, branch) in branches.iter().enumerate() {
                    if index > 0 {
                        f.write_str(" or ")?;
                    }
                    write!(f, "{} of {}", names(&branch.columns), branch.select)?;
                }
                f.write_str(")")
            }
        }
    }
}
