//! Conditions: [predicates](super::Predicate) as data, apart from every store. Authors of stores need them.
//!
//! A condition is true or false of a row, never unknown: a comparison with NULL is false, `Not` is the complement. So a
//! filter and its negation split a group in two, on every store.

#[cfg(feature = "json")]
use super::json::{JsonStep, JsonTest};
use super::keys::KeySet;
use super::keyset::Beyond;
use super::reach::Reached;
use super::select::Projection;
use crate::entity::{ColumnDef, Excerpt, Value};
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// What a row must satisfy: the neutral form of a [`Predicate`](super::Predicate), for stores.
///
/// A store that keeps [`Value`]s leaves it to [`answer`](crate::store::answer()); any other turns each variant into a
/// form of its own, or refuses the fetch with [`Fault::Unsupported`](crate::store::Fault). It is true or false of a
/// row: all variants but `IsNull`, `Not` and `Beyond` are false where a column is NULL.
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
    /// The column compares so with another column of the same row; neither is NULL.
    CompareColumns {
        /// The column.
        column: ColumnDef,
        /// How.
        how: Comparison,
        /// With which column. Both hold values of one kind.
        other: ColumnDef,
    },
    /// The column is NULL.
    IsNull(ColumnDef),
    /// The column's text passes a test. No character of the text is special.
    Text {
        /// The column.
        column: ColumnDef,
        /// Which test.
        test: TextTest,
        /// Whether case counts.
        case: Case,
        /// What is looked for.
        text: String,
    },
    /// The value at a place in the column's JSON document passes a test; not where there is none.
    #[cfg(feature = "json")]
    Json {
        /// The column.
        column: ColumnDef,
        /// The place, step by step; there is at least one.
        path: Vec<JsonStep>,
        /// The test; what it means is said by [`JsonTest::holds`].
        test: JsonTest,
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
    /// The columns hold one of the tuples that can be reached, step by step.
    Reached(Box<Reached>),
    /// The row comes after a place in an order; NULLs have their place in it.
    Beyond(Box<Beyond>),
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

/// A test on text. No character is special.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the tests")]
pub enum TextTest {
    Equals,
    StartsWith,
    EndsWith,
    Contains,
}

impl TextTest {
    /// Whether `text` passes with `wanted`; case counts, so [fold](Case::fold) both first.
    #[must_use]
    pub fn holds(self, text: &str, wanted: &str) -> bool {
        match self {
            Self::Equals => text == wanted,
            Self::StartsWith => text.starts_with(wanted),
            Self::EndsWith => text.ends_with(wanted),
            Self::Contains => text.contains(wanted),
        }
    }
}

/// Whether a [`TextTest`] tells `A` from `a`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// It does.
    Counts,
    /// It does not; all but the 26 letters of ASCII counts.
    AsciiIgnored,
}

impl Case {
    /// The text as it is compared.
    #[must_use]
    pub fn fold(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::AsciiIgnored if text.bytes().any(|byte| byte.is_ascii_uppercase()) => {
                text.to_ascii_lowercase().into()
            }
            _ => text.into(),
        }
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
            Self::Reached(reached) => reached.from.select.is_never(),
            Self::InSelect { branches, .. } => branches.iter().all(|branch| branch.select.is_never()),
            _ => false,
        }
    }

    /// The complement, without nesting.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Not(inner) => *inner,
            Self::And(all) if all.is_empty() => Self::Or(all),
            Self::Or(any) if any.is_empty() => Self::And(any),
            condition => Self::Not(Box::new(condition)),
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
            Self::CompareColumns { column, how, other } => {
                write!(f, "{} {} {}", column.name, how.symbol(), other.name)
            }
            Self::Text { column, test, case, text } => {
                let test = match test {
                    TextTest::Equals => "is",
                    TextTest::StartsWith => "starts with",
                    TextTest::EndsWith => "ends with",
                    TextTest::Contains => "contains",
                };
                let case = if *case == Case::Counts { "" } else { ", case ignored" };
                write!(f, "{} {test} {}{case}", column.name, Excerpt(text))
            }
            #[cfg(feature = "json")]
            Self::Json { column, path, test } => {
                f.write_str(column.name)?;
                path.iter().try_for_each(|step| write!(f, "{step}"))?;
                write!(f, " {test}")
            }
            Self::InKeys { columns, keys } => match (keys.len(), keys.iter().next()) {
                (1, Some([only])) => write!(f, "{} = {only}", names(columns)),
                (count, _) => write!(f, "{} in {count} keys", names(columns)),
            },
            Self::Beyond(beyond) => beyond.fmt(f),
            Self::Reached(reached) => reached.fmt(f),
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
