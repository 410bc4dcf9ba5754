//! Loading: a request becomes a run, whose fetches go to the store, round by round.

use super::{Context, Error};
use crate::engine::{Asks, Request, Run, Task};
use crate::entity::Cells;
use crate::store::{Snapshot, StoreError};
use std::time::Instant;

impl Context<'_> {
    /// Loads everything that `request` asks for; plain structs come back.
    ///
    /// What may be asked for, and as what it comes back, is listed at [`Request`]. Rows come in the order of their
    /// group; a group without an order comes by key.
    ///
    /// At most so many statements are sent as the [`STATEMENTS`](crate::View::STATEMENTS) of the views and one for each
    /// count and existence test add up to: steps over the same rows merge, and a step without keys to look for, or a
    /// group that is empty without looking (`from_keys([])`, `limit(0)`), sends nothing. Past the number of keys that
    /// one statement of a store can carry ([`Store::max_keys`](crate::store::Store::max_keys)), a step is sent in chunks.
    ///
    /// ```
    #[doc = tracker!()]
    /// #[derive(View)]
    /// #[view(of = Bug)]
    /// struct BugLine {
    ///     title: String,
    ///     assignee: Option<Arc<Person>>,
    /// }
    /// let lines = context.realise(Bugs::all().order_by(bug::heat.desc()).view::<BugLine>())?;
    /// assert_eq!(lines[0].assignee.as_ref().map(|person| &*person.name), Some("Grace"));
    /// assert!(lines[1].assignee.is_none());
    /// # Ok::<(), persist::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Rows`] with every row that does not fit its view, if there is one: a part is never passed off as the
    /// whole ([`lenient`](Request::lenient) gives both). [`Error::OverBudget`] when the request may need more statements than
    /// its [budget](Request::budget), and [`Error::Extras`] when a view needs [extras](Self::with_extras) that this context
    /// does not have; nothing is sent then. [`Error::Loader`] when a function that loads a field fails. [`Error::Store`] when the store cannot answer;
    /// with [`Fault::Lacks`](crate::Fault::Lacks) when it lacks what one of the rounds needs, before the first.
    /// [`Error::Broken`] when a view or a store that was written by hand contradicts its plan.
    pub fn realise<R: Request>(&mut self, request: R) -> Result<R::Output, Error> {
        self.load(request, self.snapshots)
    }

    /// The run of a request, with a ticket for its answer.
    pub(super) fn asks<R: Request>(&self, request: R) -> (R::Ticket, Asks) {
        let mut asks = Asks::default();
        let ticket = request.ask(&mut asks);
        if let Some(strategy) = self.strategy {
            asks.load(strategy);
        }
        (ticket, asks)
    }

    /// Loads what `request` asks for, in a snapshot of its own if it is to be.
    fn load<R: Request>(&mut self, request: R, snapshots: bool) -> Result<R::Output, Error> {
        let (ticket, run) = self.run(request, snapshots)?;
        self.read::<R>(ticket, run, snapshots)
    }

    /// The run of a request, if it may be one of this context's; nothing is sent. Without a snapshot of its own it goes by
    /// keys.
    pub(super) fn run<R: Request>(&self, request: R, snapshots: bool) -> Result<(R::Ticket, Run), Error> {
        let (ticket, asks) = self.asks(request);
        let mut run = Run::new(asks, self.scopes.clone())?;
        #[cfg(feature = "testkit")]
        run.log.clone_from(&self.log);
        self.extras.check(&run)?;
        if !snapshots {
            run.without_subselects();
        }
        self.admit(&run)?;
        Ok((ticket, run))
    }

    pub(super) fn read<R: Request>(
        &mut self,
        ticket: R::Ticket,
        mut run: Run,
        snapshots: bool,
    ) -> Result<R::Output, Error> {
        let taken = snapshots && run.most_statements() > 1 && self.store.begin_snapshot()? == Snapshot::Taken;
        if !taken {
            run.without_subselects();
        }
        let fed = self.feed(&mut run);
        // The snapshot ends whatever happened; a failure to read counts more than a failure to end it.
        let ended = if taken { self.store.end_snapshot() } else { Ok(()) };
        fed?;
        ended?;
        self.call_loaders(&mut run)?;
        R::answer(ticket, &mut run.finish()?).map_err(|_| Error::Broken)
    }

    fn feed(&mut self, run: &mut Run) -> Result<(), StoreError> {
        loop {
            let tasks = run.next_round(|fetch| self.store.max_keys(fetch));
            if tasks.is_empty() {
                return Ok(());
            }
            self.stats.get_mut().rounds += 1;
            let round = self.stats().rounds;
            tracing::debug!(target: "persist", round, statements = tasks.len(), "round");
            for task in &tasks {
                self.fetch(run, task)?;
            }
        }
    }

    fn fetch(&mut self, run: &mut Run, task: &Task) -> Result<(), StoreError> {
        let begun = Instant::now();
        let mut sink = run.sink(task);
        let outcome = self.store.fetch(&task.fetch, &mut |cells: &dyn Cells| sink.row(cells));
        let rows = sink.rows();
        let stats = self.stats.get_mut();
        stats.statements += 1;
        stats.chunks += u64::from(task.is_chunk);
        stats.rows += rows;
        let round = stats.rounds;
        if tracing::enabled!(target: "persist", tracing::Level::DEBUG) {
            let statement = self.store.explain(&task.fetch).unwrap_or_default();
            let micros = micros(begun);
            let (store, failed) = (self.store.name(), outcome.is_err());
            tracing::debug!(target: "persist", store, round, rows, micros, failed, %statement, "statement");
        }
        outcome
    }
}

pub(super) fn micros(begun: Instant) -> u64 {
    u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX)
}
