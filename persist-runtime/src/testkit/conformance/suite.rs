//! The suite over one store.

use super::Subject;
use super::registry::Case;
use super::trial::{NotHere, Trial};
use crate::store::Capability;
use std::fmt;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// A case that a store is known not to pass, and why.
#[derive(Debug, Clone, Copy)]
pub struct Exception {
    case: &'static Case,
    reason: &'static str,
}

impl Exception {
    /// Names a case, and the reason.
    ///
    /// # Panics
    /// At compile time, when there is no reason.
    #[must_use]
    pub const fn new(case: &'static Case, reason: &'static str) -> Self {
        assert!(!reason.trim_ascii().is_empty(), "an exception has a reason: `orders::text = \"why it cannot pass\"`");
        Self { case, reason }
    }
}

/// What became of a case, or is to become of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It passes.
    Passes,
    /// The store lacks what it needs.
    Lacks(Capability),
    /// It is known not to pass; why.
    Excepted(&'static str),
    /// There was no such store on this machine.
    NotRun,
}

/// Every case over one store: made by [`conformance!`](crate::conformance).
pub struct Suite {
    subject: Box<dyn Subject>,
    exceptions: &'static [Exception],
}

impl fmt::Debug for Suite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Suite").field("subject", &self.name()).field("exceptions", &self.exceptions).finish()
    }
}

impl Suite {
    /// The suite over `subject`.
    #[must_use]
    pub fn new(subject: impl Subject + 'static, exceptions: &'static [Exception]) -> Self {
        Self { subject: Box::new(subject), exceptions }
    }

    /// What the store is called.
    #[must_use]
    pub fn name(&self) -> &str {
        self.subject.name()
    }

    /// What is to become of `case`, before it runs: it passes, unless the store lacks something, or an exception says so.
    #[must_use]
    pub fn expected(&self, case: &Case) -> Verdict {
        let has = self.subject.capabilities();
        if let Some(lacking) = case.needs.iter().find(|needed| !has.has(**needed)) {
            return Verdict::Lacks(*lacking);
        }
        match self.exceptions.iter().find(|exception| exception.case == case) {
            Some(exception) => Verdict::Excepted(exception.reason),
            None => Verdict::Passes,
        }
    }

    /// Runs `case`, unless the store lacks what it needs.
    ///
    /// # Panics
    /// When the case does not pass; when one passes that is excepted; and when there is no such store on this machine
    /// although the environment demands it.
    pub fn check(&self, case: &Case) -> Verdict {
        let expected = self.expected(case);
        if let Verdict::Lacks(_) = expected {
            return expected;
        }
        let trial = Trial { subject: &*self.subject };
        let ran = catch_unwind(AssertUnwindSafe(|| (case.run)(&trial)));
        match (ran, expected) {
            (Err(cause), _) if cause.is::<NotHere>() => self.not_here(case),
            (Err(cause), Verdict::Passes) => resume_unwind(cause),
            (Ok(()), Verdict::Excepted(reason)) => {
                panic!("{} passes {case:?}: take the exception ({reason}) away", self.name())
            }
            _ => expected,
        }
    }

    /// Runs every case.
    ///
    /// # Panics
    /// As [`check`](Self::check).
    pub fn check_all(&self) {
        for case in Case::ALL {
            let _ = self.check(case);
        }
    }

    fn not_here(&self, case: &Case) -> Verdict {
        let words = format!("NOT RUN on {}: {case:?}: there is none on this machine", self.name());
        assert!(std::env::var("PERSIST_TEST_REQUIRE").as_deref() != Ok("all"), "{words}");
        // Past the harness, which keeps to itself what a test that passes prints.
        let _ = writeln!(std::io::stderr(), "{words}");
        Verdict::NotRun
    }
}
