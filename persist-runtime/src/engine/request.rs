//! Requests: what a context can be asked to realise, and the shape of the answer.

use super::page::{Ends, PageRun};
use crate::entity::Strategy;
use crate::group::{Count, Exists, Select};
use crate::view::{Ask, Missing, Survey, View};
use std::any::Any;
use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// Something that a context can [realise](crate::Context::realise).
///
/// | request | realises to |
/// |---|---|
/// | a group, `bugs` or `&bugs` | a `Vec` of its entities |
/// | [`group.view::<V>()`](crate::Group::view) | `Vec<V>` |
/// | [`group.page::<V>(20)`](crate::Group::page) | [`Page<V>`](crate::Page) |
/// | [`group.count()`](crate::Group::count), [`group.exists()`](crate::Group::exists) | `u64`, `bool` |
/// | a tuple of up to twelve requests | a tuple of what each realises to |
/// | a `Vec` of requests | a `Vec` of what each realises to, in order |
/// | a [`Batch`] | [`Answers`] |
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
}

/// Requests that go out together. For drivers of a [`Run`](super::Run).
#[derive(Default)]
pub struct Asks {
    pub(super) roots: Vec<Root>,
    /// How relations are loaded, whatever their views say.
    pub(super) strategy: Option<Strategy>,
}

/// One group with what is wanted of it.
pub(super) struct Root {
    pub(super) select: Arc<Select>,
    /// The entities whose scopes narrowed it.
    pub(super) scopes: Vec<&'static str>,
    pub(super) wanted: Wanted,
    /// Which of the rows are a page.
    pub(super) page: Option<PageRun>,
}

pub(super) enum Wanted {
    Rows(&'static Survey),
    Count,
    Exists,
}

/// What came back, in the order of the requests. For drivers of a [`Run`](super::Run).
pub struct Results(pub(super) Vec<Option<Answer>>);

pub(super) enum Answer {
    Rows(Box<dyn Any + Send>),
    Page(Box<dyn Any + Send>, Ends),
    Count(u64),
    Exists(bool),
}

impl Asks {
    /// Chooses how relations are loaded, whatever they and their views say.
    pub const fn load(&mut self, strategy: Strategy) {
        self.strategy = Some(strategy);
    }

    fn push(&mut self, select: Arc<Select>, wanted: Wanted) -> usize {
        self.roots.push(Root { select, scopes: Vec::new(), wanted, page: None });
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
        self.0.get_mut(at).and_then(Option::take).ok_or(Missing)
    }
}

impl<V: View> Request for Ask<V> {
    type Output = Vec<V>;
    type Ticket = usize;

    fn ask(self, asks: &mut Asks) -> usize {
        asks.push(self.select, Wanted::Rows(V::SURVEY))
    }

    fn answer(ticket: usize, answers: &mut Results) -> Result<Vec<V>, Missing> {
        let Answer::Rows(rows) = answers.take(ticket)? else { return Err(Missing) };
        rows.downcast::<Vec<V>>().map(|rows| *rows).map_err(|_| Missing)
    }
}

impl Request for Count {
    type Output = u64;
    type Ticket = usize;

    fn ask(self, asks: &mut Asks) -> usize {
        asks.push(self.select, Wanted::Count)
    }

    fn answer(ticket: usize, answers: &mut Results) -> Result<u64, Missing> {
        let Answer::Count(count) = answers.take(ticket)? else { return Err(Missing) };
        Ok(count)
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

/// Requests of independent parts of a program, realised together; each part keeps a [`Ticket`] for its answer.
///
/// A batch is itself a request. Use it where the parts do not know of one another; where they stand side by side, a
/// tuple is enough.
///
/// ```
#[doc = tracker!()]
/// let mut batch = Batch::new();
/// let bugs = batch.add(Bugs::all());                                  // the list ..
/// let people = batch.add(People::all().count());                      // .. and the sidebar
///
/// let mut answers = context.realise(batch)?;
/// assert_eq!((answers.take(bugs).len(), answers.take(people)), (3, 2));
/// # Ok::<(), persist::Error>(())
/// ```
#[derive(Default)]
#[must_use = "nothing is loaded until a context realises it"]
pub struct Batch {
    /// Tells the tickets of one batch from those of another.
    mark: Arc<()>,
    asks: Asks,
    collectors: Vec<Collector>,
}

type Collector = Box<dyn FnOnce(&mut Results) -> Result<Box<dyn Any + Send>, Missing> + Send>;

/// The answers of a [`Batch`], each to be taken with its [`Ticket`].
pub struct Answers {
    mark: Arc<()>,
    answers: HashMap<usize, Box<dyn Any + Send>>,
}

/// A claim to one answer of a [`Batch`], of type `T`. It is used up by taking the answer, and cannot be copied.
#[must_use = "the answer is lost without its ticket"]
pub struct Ticket<T> {
    batch: Arc<()>,
    at: usize,
    answer: PhantomData<fn() -> T>,
}

impl<T> fmt::Debug for Ticket<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ticket({})", self.at)
    }
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Batch of {} requests", self.collectors.len())
    }
}

impl fmt::Debug for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Answers({})", self.answers.len())
    }
}

impl Batch {
    /// A batch without requests. Realised like that, it sends nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a request, also a tuple of them or another batch; the ticket takes its answer from the [`Answers`]. An
    /// example is at [`Batch`].
    pub fn add<R>(&mut self, request: R) -> Ticket<R::Output>
    where
        R: Request<Output: Send + 'static, Ticket: Send + 'static>,
    {
        let inner = request.ask(&mut self.asks);
        self.collectors.push(Box::new(|answers| Ok(Box::new(R::answer(inner, answers)?))));
        Ticket { batch: Arc::clone(&self.mark), at: self.collectors.len() - 1, answer: PhantomData }
    }
}

impl Answers {
    /// Takes the answer that the ticket stands for. Nothing for a ticket of another batch, which is lost then.
    ///
    /// ```
    #[doc = tracker!()]
    /// let (mut one, mut other) = (Batch::new(), Batch::new());
    /// let (mine, _theirs) = (one.add(Bugs::all()), other.add(Bugs::all()));
    /// let mut answers = context.realise(other)?;
    /// assert!(answers.try_take(mine).is_none());
    /// # Ok::<(), persist::Error>(())
    /// ```
    #[must_use]
    pub fn try_take<T: 'static>(&mut self, ticket: Ticket<T>) -> Option<T> {
        if !Arc::ptr_eq(&ticket.batch, &self.mark) {
            return None;
        }
        self.answers.remove(&ticket.at)?.downcast().ok().map(|answer| *answer)
    }

    /// Takes the answer that the ticket stands for. An example is at [`Batch`].
    ///
    /// # Panics
    /// When the ticket is one of another batch; [`try_take`](Self::try_take) tells instead.
    #[must_use]
    #[allow(clippy::expect_used, reason = "a ticket is given once, taken once, and names its batch")]
    pub fn take<T: 'static>(&mut self, ticket: Ticket<T>) -> T {
        self.try_take(ticket).expect("the ticket is one of the batch that these answers are for")
    }
}

impl Request for Batch {
    type Output = Answers;
    type Ticket = (Arc<()>, usize, Vec<Collector>);

    fn ask(self, asks: &mut Asks) -> Self::Ticket {
        let first = asks.roots.len();
        asks.roots.extend(self.asks.roots);
        (self.mark, first, self.collectors)
    }

    fn answer((mark, first, collectors): Self::Ticket, answers: &mut Results) -> Result<Answers, Missing> {
        // The batch numbered its requests from nought.
        let mut own = Results(answers.0.iter_mut().skip(first).map(Option::take).collect());
        let mut kept = HashMap::with_capacity(collectors.len());
        for (at, collect) in collectors.into_iter().enumerate() {
            kept.insert(at, collect(&mut own)?);
        }
        for (home, left) in answers.0.iter_mut().skip(first).zip(own.0) {
            *home = left;
        }
        Ok(Answers { mark, answers: kept })
    }
}
