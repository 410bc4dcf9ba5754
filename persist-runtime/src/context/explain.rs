//! What a request would send.

use std::fmt;

/// The statements of a request, by round.
#[derive(Debug, Clone)]
pub struct Explanation {
    store: &'static str,
    statements: Vec<(usize, String)>,
}

impl Explanation {
    pub(super) const fn new(store: &'static str, statements: Vec<(usize, String)>) -> Self {
        Self { store, statements }
    }

    /// Each statement with its round, in the order they would run.
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
