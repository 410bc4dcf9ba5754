//! What a request would send: [`Explanation`], made by [`Context::explain`](super::Context::explain).

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
    statements: Vec<(usize, String)>,
}

impl Explanation {
    pub(super) const fn new(store: &'static str, statements: Vec<(usize, String)>) -> Self {
        Self { store, statements }
    }

    /// Each statement with its round, counted from 1, in the order they would run.
    #[must_use]
    pub fn statements(&self) -> &[(usize, String)] {
        &self.statements
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: at most {} statements", self.store, self.statements.len())?;
        let mut last = 0;
        for (round, statement) in &self.statements {
            if *round != last {
                last = *round;
                writeln!(f, "round {round}")?;
            }
            writeln!(f, "  {statement}")?;
        }
        Ok(())
    }
}
