//! Batches: requests of independent parts of a program, which go out together.

use super::request::{Asks, Request, Results};
use crate::view::Missing;
use std::any::Any;
use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

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
        asks.budgets.extend(self.asks.budgets.into_iter().map(|budget| budget.moved(first)));
        (self.mark, first, self.collectors)
    }

    fn answer((mark, first, collectors): Self::Ticket, answers: &mut Results) -> Result<Answers, Missing> {
        // The batch numbered its requests from nought.
        let mut own = answers.split_off(first);
        let mut kept = HashMap::with_capacity(collectors.len());
        for (at, collect) in collectors.into_iter().enumerate() {
            kept.insert(at, collect(&mut own)?);
        }
        answers.answers.append(&mut own.answers);
        Ok(Answers { mark, answers: kept })
    }
}
