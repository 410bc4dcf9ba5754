//! That a store cannot do what is asked of it: a [`Lack`], the same whatever store it is.

use super::{Capability, Fault};
use std::fmt;

/// What a store lacks of what a request or a write needs: see [`Fault::Lacks`](super::Fault::Lacks).
///
/// ```
#[doc = tracker!()]
/// use persist::store::{Capability, Lack};
///
/// let lack = Lack::of(Capability::Nan).in_column("score");
/// assert_eq!((lack.capability(), lack.column()), (Capability::Nan, Some("score")));
/// let words = "this store cannot keep or find NaN (`Nan`), which `score` asks for; keep NULL";
/// assert_eq!(lack.fault().to_string(), words);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lack {
    capability: Capability,
    column: Option<String>,
    field: Option<(&'static str, &'static str)>,
}

impl Lack {
    /// A store lacks this. For authors of stores, who find out what a context cannot.
    #[must_use]
    pub const fn of(capability: Capability) -> Self {
        Self { capability, column: None, field: None }
    }

    /// The same, for what is asked of this column.
    #[must_use]
    pub fn in_column(self, column: &str) -> Self {
        Self { column: Some(column.to_owned()), ..self }
    }

    /// The same, for what is loaded into this field of a view.
    pub(crate) fn for_field(self, field: Option<(&'static str, &'static str)>) -> Self {
        Self { field, ..self }
    }

    /// It, as the fault of an error.
    #[must_use]
    pub fn fault(self) -> Fault {
        Fault::Lacks(Box::new(self))
    }

    /// What it lacks.
    #[must_use]
    pub const fn capability(&self) -> Capability {
        self.capability
    }

    /// The column that needs it, if one does.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        self.column.as_deref()
    }

    /// The view and its field whose rows need it, where they are not those of the group itself.
    #[must_use]
    pub const fn field(&self) -> Option<(&'static str, &'static str)> {
        self.field
    }
}

impl fmt::Display for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "this store cannot {} (`{:?}`)", self.capability, self.capability)?;
        match (&self.field, &self.column) {
            (Some((view, field)), Some(column)) => write!(f, ", which `{column}` asks for in `{view}::{field}`")?,
            (Some((view, field)), None) => write!(f, ", which `{view}::{field}` asks for")?,
            (None, Some(column)) => write!(f, ", which `{column}` asks for")?,
            (None, None) => {}
        }
        write!(f, "; {}", self.capability.instead())
    }
}
