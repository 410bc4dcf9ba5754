//! Lenient requests: what is whole, and the errors of the rest.

use super::error::RowError;
use super::request::{Asks, Request, Results};
use crate::view::Missing;
use std::ops::Range;

/// What a [lenient](Request::lenient) request realises to: everything that is whole, and what is wrong with the rest.
///
/// A row that does not fit its view is left out, and with it every row that would not be whole without it: the bug whose
/// comment does not fit, the distribution that has the bug. Each has an error that says so
/// ([`Problem::LeftOut`](crate::Problem::LeftOut) for the latter). Nothing is ever half there: a list is complete, or its
/// owner is left out. A reference to a row that is not there, or that a scope hides, counts as a row that does not fit.
///
/// The numbers of [`count`](crate::Group::count) are the store's, which looks at no row. A failure of the store is an
/// error of the realise, here as elsewhere. What is asked for beside a lenient request, and is not, fails as ever.
///
/// ```
#[doc = tracker!()]
/// # use persist::Request as _;
/// #[derive(Debug, View)]
/// #[view(of = Bug)]
/// struct Line {
///     title: String,
///     owner: Arc<Person>,
/// }
/// context.insert(&Bug { id: 10, title: "Odd".into(), heat: 0, owner_id: 99, assignee_id: None })?;
/// let bugs = context.realise(Bugs::all().view::<Line>().lenient())?;
/// assert_eq!(bugs.whole.len(), 3);
/// assert_eq!(bugs.errors[0].to_string(), "Bug 10, field `owner` of `Line`: it refers to Person 99, which is not there");
/// # Ok::<(), persist::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "the errors say what is missing"]
pub struct Lenient<T> {
    /// What the request realises to, without the rows that are not whole.
    pub whole: T,
    /// One error for each row that was left out, the causes first. Of the rows that several lenient requests of one
    /// realise lead to, each of them has the errors.
    pub errors: Vec<RowError>,
}

/// A request that is content with what is whole, made by [`Request::lenient`].
#[derive(Debug, Clone, Copy)]
#[must_use = "nothing is loaded until a context realises it"]
pub struct Leniently<R>(pub(super) R);

impl<R: Request> Request for Leniently<R> {
    type Output = Lenient<R::Output>;
    type Ticket = (R::Ticket, Range<usize>);

    fn ask(self, asks: &mut Asks) -> Self::Ticket {
        let first = asks.roots.len();
        let ticket = self.0.ask(asks);
        asks.roots.iter_mut().skip(first).for_each(|root| root.lenient = true);
        (ticket, first..asks.roots.len())
    }

    fn answer((ticket, requests): Self::Ticket, answers: &mut Results) -> Result<Self::Output, Missing> {
        let errors = answers.errors_of(requests);
        Ok(Lenient { whole: R::answer(ticket, answers)?, errors })
    }
}
