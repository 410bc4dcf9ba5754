//! Budgets of whole requests: how many statements they may need, checked before the first is sent.

use super::request::{Asks, Request, Results, Root, Wanted};
use crate::entity::Strategy;
use crate::view::{Change, Missing, Spot, assign_rounds, describe, same_fetch};
use std::fmt;
use std::ops::Range;

/// A request may need more statements than its [budget](Request::budget); nothing was sent.
///
/// ```
#[doc = tracker!()]
/// # use persist::Request as _;
/// #[derive(View)]
/// #[view(of = Bug)]
/// struct Line {
///     owner: Arc<Person>,
///     assignee: Option<Arc<Person>>,
/// }
/// let request = (Bugs::all().count(), Bugs::all().view::<Line>());
/// let error = context.realise(request.budget(2)).err().unwrap();
/// assert_eq!(error.to_string(), "\
/// up to 3 statements are needed, and the budget is 2: ask for less, or raise the budget
///   2 for Line of bugs: bugs: the group; people by id
///   1 for count of bugs: count");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OverBudget {
    /// At most so many statements are needed.
    pub needed: usize,
    /// So many may be.
    pub budget: usize,
    /// What each part of the request needs, the longest list first. A statement that serves several parts stands with the
    /// first of them.
    pub parts: Vec<BudgetPart>,
}

/// What one group, with what is asked of it, needs of a [budget](OverBudget).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BudgetPart {
    /// The request: the view, or `count`, and the group.
    pub request: String,
    /// Its statements, in the words of a [plan](crate::Plan).
    pub steps: Vec<String>,
}

impl fmt::Display for OverBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { needed, budget, parts } = self;
        write!(
            f,
            "up to {needed} statements are needed, and the budget is {budget}: ask for less, or raise the budget"
        )?;
        for BudgetPart { request, steps } in parts {
            write!(f, "\n  {} for {request}: {}", steps.len(), steps.join("; "))?;
        }
        Ok(())
    }
}

impl std::error::Error for OverBudget {}

/// A request that may need at most so many statements, made by [`Request::budget`].
#[derive(Debug, Clone, Copy)]
#[must_use = "nothing is loaded until a context realises it"]
pub struct Budgeted<R> {
    pub(super) request: R,
    pub(super) most: usize,
}

impl<R: Request> Request for Budgeted<R> {
    type Output = R::Output;
    type Ticket = R::Ticket;

    fn ask(self, asks: &mut Asks) -> R::Ticket {
        let first = asks.roots.len();
        let ticket = self.request.ask(asks);
        asks.budgets.push(Budget { roots: first..asks.roots.len(), most: self.most });
        ticket
    }

    fn answer(ticket: R::Ticket, answers: &mut Results) -> Result<R::Output, Missing> {
        R::answer(ticket, answers)
    }
}

/// How many statements some of the requests may need.
#[derive(Debug, Clone)]
pub(super) struct Budget {
    roots: Range<usize>,
    most: usize,
}

impl Budget {
    /// The same, where `first` other requests come before.
    pub(super) fn moved(self, first: usize) -> Self {
        Self { roots: self.roots.start + first..self.roots.end + first, ..self }
    }
}

impl Asks {
    /// Whether every budget is kept.
    pub(super) fn check_budgets(&self) -> Result<(), OverBudget> {
        self.budgets.iter().try_for_each(|budget| {
            let parts = parts(self.roots.get(budget.roots.clone()).unwrap_or_default(), self.strategy);
            let needed = parts.iter().map(|part| part.steps.len()).sum();
            if needed <= budget.most { Ok(()) } else { Err(OverBudget { needed, budget: budget.most, parts }) }
        })
    }
}

/// The fetches of requests, scheduled as one forest.
#[derive(Default)]
pub(super) struct Forest {
    pub(super) spots: Vec<Spot>,
    /// Which request each root is of.
    pub(super) root_of: Vec<(usize, usize)>,
    /// What requests choose of the rows of edges.
    pub(super) changes: Vec<Change>,
    /// Whether the edges that they speak of are there.
    pub(super) fits: bool,
}

pub(super) fn forest(roots: &[Root], strategy: Option<Strategy>) -> Forest {
    let mut forest = Forest { fits: true, ..Forest::default() };
    let Forest { spots, root_of, changes, fits } = &mut forest;
    for (number, root) in roots.iter().enumerate() {
        if let Wanted::Rows(survey) = root.wanted {
            let offset = spots.len();
            spots.extend(survey.spots().iter().map(|spot| Spot {
                parent: spot.parent + offset,
                asked: strategy.unwrap_or(spot.asked),
                ..*spot
            }));
            *fits &= root.changes.apply(spots, offset, changes);
            root_of.push((offset, number));
        }
    }
    assign_rounds(spots);
    forest
}

/// What each of these requests adds to the statements that all of them need.
fn parts(roots: &[Root], strategy: Option<Strategy>) -> Vec<BudgetPart> {
    let Forest { spots, root_of, changes, .. } = forest(roots, strategy);
    let number = |root: &Root| match &root.wanted {
        Wanted::Rows(_) => Vec::new(),
        Wanted::Figures(wants) => vec![wants.to_string()],
        Wanted::Exists => vec!["existence".to_owned()],
    };
    let mut parts: Vec<_> =
        roots.iter().map(|root| BudgetPart { request: root.to_string(), steps: number(root) }).collect();
    for (at, spot) in spots.iter().enumerate() {
        // What is joined is no statement.
        let merged = |(number, earlier): (usize, &Spot)| {
            earlier.host == number && earlier.round == spot.round && same_fetch(earlier, spot)
        };
        let merged = spot.host != at || spots[..at].iter().enumerate().any(merged);
        let of = root_of.iter().rev().find(|(offset, _)| *offset <= at);
        if let (false, Some((_, root))) = (merged, of) {
            parts[*root].steps.push(describe(spot, &changes));
        }
    }
    parts.retain(|part| !part.steps.is_empty());
    parts.sort_by_key(|part| std::cmp::Reverse(part.steps.len()));
    parts
}

impl fmt::Display for Root {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.wanted {
            Wanted::Rows(survey) => write!(f, "{} of ", survey.view())?,
            Wanted::Figures(wants) => write!(f, "{wants} of ")?,
            Wanted::Exists => f.write_str("existence of ")?,
        }
        self.select.fmt(f)
    }
}
