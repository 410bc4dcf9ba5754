//! What a request would send: [`Explanation`], made by [`Context::explain`](super::Context::explain).

use crate::store::IndexHint;
use std::fmt;

/// The statements of a request, by round: what [`Context::explain`](super::Context::explain) gives.
///
/// `Display` writes them as below; the text is for people and may change.
///
/// ```
#[doc = tracker!()]
/// let plan = context.explain((Bugs::all().count(), People::all().exists()))?;
/// assert_eq!(plan.to_string(), "\
/// memory: at most 2 statements
/// round 1
///   count of bugs
///   existence of people
/// ");
/// # Ok::<(), persist::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Explanation {
    store: &'static str,
    statements: Vec<Explained>,
}

/// One statement of an [`Explanation`]. `Display` writes its text and, below it, what there is to say of it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Explained {
    /// The round that it would run in, counted from 1.
    pub round: usize,
    /// The statement, as the store says it.
    pub text: String,
    /// The entities whose [scopes](super::Context::scope) narrow it, in alphabetical order.
    pub scopes: Vec<&'static str>,
    /// The tables that it reads from end to end, with an index that would serve: what
    /// [`explain_indexes`](super::Context::explain_indexes) asks for. Empty after
    /// [`explain`](super::Context::explain).
    pub hints: Vec<IndexHint>,
}

impl Explanation {
    pub(super) const fn new(store: &'static str, statements: Vec<Explained>) -> Self {
        Self { store, statements }
    }

    /// Each statement, in the order they would run.
    #[must_use]
    pub fn statements(&self) -> &[Explained] {
        &self.statements
    }
}

impl fmt::Display for Explained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        if !self.scopes.is_empty() {
            write!(f, "\n    in the scope of {}", self.scopes.join(", "))?;
        }
        self.hints.iter().try_for_each(|hint| write!(f, "\n    {hint}"))
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: at most {} statements", self.store, self.statements.len())?;
        let mut last = 0;
        for statement in &self.statements {
            if statement.round != last {
                last = statement.round;
                writeln!(f, "round {last}")?;
            }
            writeln!(f, "  {statement}")?;
        }
        Ok(())
    }
}
