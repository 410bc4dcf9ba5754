//! Requests: what a context can be asked to realise, and the shape of the answer.

use super::budget::{Budget, Budgeted};
use super::error::RowError;
use super::figures::{Figured, Wants};
use super::lenient::Leniently;
use super::page::{Ends, PageRun};
use crate::entity::Strategy;
use crate::group::{Exists, Select};
use crate::view::{Ask, Changes, Missing, Survey, View};
use std::any::Any;
use std::ops::Range;
use std::sync::Arc;

/// Something that a context can [realise](crate::Context::realise).
///
/// | request | realises to |
/// |---|---|
/// | a group, `bugs` or `&bugs` | a `Vec` of its entities |
/// | [`group.view::<V>()`](crate::Group::view) | `Vec<V>` |
/// | [`group.page::<V>(20)`](crate::Group::page) | [`Page<V>`](crate::Page) |
/// | [`group.count()`](crate::Group::count), [`group.exists()`](crate::Group::exists) | `u64`, `bool` |
/// | [`group.min(..)`](crate::Group::min), [`max`](crate::Group::max), [`sum`](crate::Group::sum), [`avg`](crate::Group::avg) | one value |
/// | [`group.values(..)`](crate::Group::values) | a `Vec` of the different values of a column |
/// | [`group.by(..).count()`](crate::Group::by) and so on | a `HashMap` of one value for each part |
/// | a tuple of up to twelve requests | a tuple of what each realises to |
/// | a `Vec` of requests | a `Vec` of what each realises to, in order |
/// | a [`Batch`](crate::Batch) | [`Answers`](crate::Answers) |
/// | any of them, [`lenient()`](Request::lenient) | what is whole, and the errors of the rest |
/// | any of them with a [`budget`](Request::budget) | the same |
///
/// They nest. Everything in one request goes out together: its statements share rounds, steps over the same rows merge,
/// and all of it sees one state of the store. Not implemented by hand.
///
/// ```
#[doc = tracker!()]
/// let owners = [7, 9].map(|id| Bugs::from_keys([id]).owners());
/// let (counts, people) = context.realise((owners.iter().map(|o| o.count()).collect::<Vec<_>>(), People::all()))?;
/// assert_eq!((counts, people.len()), (vec![1, 1], 2));
/// # Ok::<(), persist::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be realised",
    label = "not a request",
    note = "a request is `group.view::<SomeView>()`, `group.count()`, `group.exists()`, a group itself, a tuple or a `Vec` \
            of those, or a `Batch`"
)]
pub trait Request {
    /// What it realises to.
    type Output;
    /// Where the answer will be.
    #[doc(hidden)]
    type Ticket;

    /// Puts the request among those that go out together.
    #[doc(hidden)]
    fn ask(self, asks: &mut Asks) -> Self::Ticket;

    /// Takes the answer.
    #[doc(hidden)]
    fn answer(ticket: Self::Ticket, answers: &mut Results) -> Result<Self::Output, Missing>;

    /// The same request, content with what is whole: it realises to [`Lenient`](crate::Lenient), and rows that do not fit fail nothing
    /// else. What that means is said there.
    ///
    /// ```
    #[doc = tracker!()]
    /// # use persist::Request as _;
    /// let people = context.realise(People::all().lenient())?;
    /// assert_eq!((people.whole.len(), people.errors.len()), (2, 0));
    /// # Ok::<(), persist::Error>(())
    /// ```
    fn lenient(self) -> Leniently<Self>
    where
        Self: Sized,
    {
        Leniently(self)
    }

    /// The same request, which may need at most so many statements: whatever is in it, all together. It is checked
    /// before anything is sent, and the error ([`OverBudget`](crate::OverBudget)) names the statements it would need.
    ///
    /// What counts is the most that it can need, as with [`View::STATEMENTS`]. Within a larger request it counts by
    /// itself: what it would need if it were alone.
    ///
    /// ```
    #[doc = tracker!()]
    /// # use persist::Request as _;
    /// let page = || (Bugs::all(), People::all().count());
    /// assert_eq!(context.realise(page().budget(2))?.1, 2);
    /// let error = context.realise(page().budget(1)).unwrap_err();
    /// assert!(error.to_string().starts_with("up to 2 statements are needed, and the budget is 1"));
    /// assert_eq!(context.stats().statements, 4, "the two above, and two inserts");
    /// # Ok::<(), persist::Error>(())
    /// ```
    fn budget(self, most: usize) -> Budgeted<Self>
    where
        Self: Sized,
    {
        Budgeted { request: self, most }
    }
}

/// Requests that go out together. For drivers of a [`Run`](super::Run).
#[derive(Default)]
pub struct Asks {
    pub(super) roots: Vec<Root>,
    /// How relations are loaded, whatever their views say.
    pub(super) strategy: Option<Strategy>,
    pub(super) budgets: Vec<Budget>,
}

/// One group with what is wanted of it.
pub(super) struct Root {
    pub(super) select: Arc<Select>,
    /// The entities whose scopes narrowed it.
    pub(super) scopes: Vec<&'static str>,
    pub(super) wanted: Wanted,
    /// What is said of the edges of its view.
    pub(super) changes: Changes,
    /// Which of the rows are a page.
    pub(super) page: Option<PageRun>,
    /// Whether rows that do not fit are left out, and not a failure.
    pub(super) lenient: bool,
}

pub(super) enum Wanted {
    Rows(&'static Survey),
    Figures(Wants),
    Exists,
}

/// What came back, in the order of the requests. For drivers of a [`Run`](super::Run).
pub struct Results {
    pub(super) answers: Vec<Option<Answer>>,
    /// For each request, which of the errors concern it; empty where there is none at all.
    pub(super) failing: Vec<Vec<usize>>,
    pub(super) errors: Arc<[RowError]>,
}

pub(super) enum Answer {
    Rows(Box<dyn Any + Send>),
    Page(Box<dyn Any + Send>, Ends),
    Figures(Figured),
    Exists(bool),
}

impl Asks {
    /// Chooses how relations are loaded, whatever they and their views say.
    pub const fn load(&mut self, strategy: Strategy) {
        self.strategy = Some(strategy);
    }

    pub(super) fn push(&mut self, select: Arc<Select>, wanted: Wanted) -> usize {
        let (scopes, changes) = (Vec::new(), Changes::default());
        self.roots.push(Root { select, scopes, wanted, page: None, lenient: false, changes });
        self.roots.len() - 1
    }

    /// Makes a page of the rows of a root.
    pub(super) fn page(&mut self, root: usize, page: PageRun) {
        if let Some(root) = self.roots.get_mut(root) {
            root.page = Some(page);
        }
    }
}

impl Results {
    pub(super) fn take(&mut self, at: usize) -> Result<Answer, Missing> {
        self.answers.get_mut(at).and_then(Option::take).ok_or(Missing)
    }

    /// The errors that concern one of these requests, each once.
    pub(super) fn errors_of(&self, requests: Range<usize>) -> Vec<RowError> {
        let mut errors = self.failing.get(requests).unwrap_or_default().concat();
        errors.sort_unstable();
        errors.dedup();
        errors.into_iter().filter_map(|at| self.errors.get(at).cloned()).collect()
    }

    /// The results from the `first`-th on, as if they were all.
    pub(super) fn split_off(&mut self, first: usize) -> Self {
        let failing = self.failing.get(first..).unwrap_or_default().to_vec();
        Self {
            answers: self.answers.split_off(first.min(self.answers.len())),
            failing,
            errors: Arc::clone(&self.errors),
        }
    }
}

impl<V: View> Request for Ask<V> {
    type Output = Vec<V>;
    type Ticket = usize;

    fn ask(self, asks: &mut Asks) -> usize {
        let root = asks.push(self.select, Wanted::Rows(V::SURVEY));
        asks.roots[root].changes = self.changes;
        root
    }

    fn answer(ticket: usize, answers: &mut Results) -> Result<Vec<V>, Missing> {
        let Answer::Rows(rows) = answers.take(ticket)? else { return Err(Missing) };
        rows.downcast::<Vec<V>>().map(|rows| *rows).map_err(|_| Missing)
    }
}

impl Request for Exists {
    type Output = bool;
    type Ticket = usize;

    fn ask(self, asks: &mut Asks) -> usize {
        asks.push(self.select, Wanted::Exists)
    }

    fn answer(ticket: usize, answers: &mut Results) -> Result<bool, Missing> {
        let Answer::Exists(exists) = answers.take(ticket)? else { return Err(Missing) };
        Ok(exists)
    }
}

/// By reference: what is asked stays in hand, to be asked again or to be narrowed.
impl<R: Request + Clone> Request for &R {
    type Output = R::Output;
    type Ticket = R::Ticket;

    fn ask(self, asks: &mut Asks) -> R::Ticket {
        self.clone().ask(asks)
    }

    fn answer(ticket: R::Ticket, answers: &mut Results) -> Result<R::Output, Missing> {
        R::answer(ticket, answers)
    }
}

impl<R: Request> Request for Vec<R> {
    type Output = Vec<R::Output>;
    type Ticket = Vec<R::Ticket>;

    fn ask(self, asks: &mut Asks) -> Self::Ticket {
        self.into_iter().map(|request| request.ask(asks)).collect()
    }

    fn answer(ticket: Self::Ticket, answers: &mut Results) -> Result<Self::Output, Missing> {
        ticket.into_iter().map(|ticket| R::answer(ticket, answers)).collect()
    }
}

macro_rules! tuples {
    ($(($($name:ident)+))*) => {$(
        impl<$($name: Request),+> Request for ($($name,)+) {
            type Output = ($($name::Output,)+);
            type Ticket = ($($name::Ticket,)+);

            #[allow(non_snake_case, reason = "one name serves as type and as binding")]
            fn ask(self, asks: &mut Asks) -> Self::Ticket {
                let ($($name,)+) = self;
                ($($name.ask(asks),)+)
            }

            #[allow(non_snake_case, reason = "one name serves as type and as binding")]
            fn answer(ticket: Self::Ticket, answers: &mut Results) -> Result<Self::Output, Missing> {
                let ($($name,)+) = ticket;
                Ok(($($name::answer($name, answers)?,)+))
            }
        }
    )*};
}

tuples! {
    (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) (A B C D E F G) (A B C D E F G H) (A B C D E F G H I)
    (A B C D E F G H I J) (A B C D E F G H I J K) (A B C D E F G H I J K L)
}
