//! What a request would send: [`Explanation`], made by [`Context::explain`].

use super::{Context, Error};
use crate::engine::{Outline, Request, Run};
use crate::store::IndexHint;
use crate::view::Loader;
use std::fmt;

/// The statements of a request, by round: what [`Context::explain`] gives.
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
    loaders: Vec<String>,
}

/// One statement of an [`Explanation`]. `Display` writes its text and, below it, what there is to say of it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Explained {
    /// The round that it would run in, counted from 1.
    pub round: usize,
    /// The statement, as the store says it.
    pub text: String,
    /// The entities whose [scopes](Context::scope) narrow it, in alphabetical order.
    pub scopes: Vec<&'static str>,
    /// The tables that it reads from end to end, with an index that would serve: what
    /// [`explain_indexes`](Context::explain_indexes) asks for. Empty after
    /// [`explain`](Context::explain).
    pub hints: Vec<IndexHint>,
}

impl Context<'_> {
    /// The statements that `request` would send, round by round, without sending them.
    ///
    /// It is the longest plan: keys that later rounds look for are not known yet, and a step that turns out to have none
    /// is not sent. On the Diesel stores it is SQL, else a text like the one below; MySQL and MariaDB look for keys in an
    /// array, as it is shown, or in a list, whichever is the faster for so many. A [budget](Request::budget) is not held to
    /// here.
    ///
    /// ```
    #[doc = tracker!()]
    /// let plan = context.explain(Bugs::all().filter(bug::heat.gt(10)).limit(5))?;
    /// assert_eq!(plan.statements().len(), 1);
    /// assert!(plan.to_string().contains("bugs where heat > 10 limit 5"));
    /// # Ok::<(), persist::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Store`] when the store cannot do what the request needs: the error of a [`realise`](Self::realise).
    pub fn explain<R: Request>(&self, request: R) -> Result<Explanation, Error> {
        let run = self.outline(request)?;
        let mut statements = Vec::new();
        for Outline { round, fetch, scopes } in run.outline() {
            statements.push(Explained { round, text: self.store.explain(&fetch)?, scopes, hints: Vec::new() });
        }
        Ok(Explanation::new(self.store.name(), statements, &run.loaders()))
    }

    /// The run of a request that is only looked at, if the store has what it needs.
    pub(super) fn outline<R: Request>(&self, request: R) -> Result<Run, Error> {
        let mut run = Run::unbudgeted(self.asks(request).1, self.scopes.clone());
        if !self.snapshots {
            run.without_subselects();
        }
        self.admit(&run)?;
        Ok(run)
    }
}

impl Explanation {
    pub(super) fn new(store: &'static str, statements: Vec<Explained>, loaders: &[&Loader]) -> Self {
        Self { store, statements, loaders: loaders.iter().map(ToString::to_string).collect() }
    }

    /// The functions that would be called once everything is read (see
    /// [`with_extras`](super::Context::with_extras)), each once, with the field that it loads.
    #[must_use]
    pub fn loaders(&self) -> &[String] {
        &self.loaders
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
        if !self.loaders.is_empty() {
            writeln!(f, "then, once each")?;
        }
        self.loaders.iter().try_for_each(|loader| writeln!(f, "  {loader}"))
    }
}
