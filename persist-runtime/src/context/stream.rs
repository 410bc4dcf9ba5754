//! Streams: a group chunk by chunk, for what does not fit into memory.
//!
//! A stream is a loop of requests, each for the rows after the last one; it plans nothing and keeps no row.

use super::{Context, Error};
use crate::engine::AskChunk;
use crate::entity::Value;
use crate::store::Snapshot;
use crate::view::{Ask, IntoAsk, View};
use std::fmt;
use std::iter::FusedIterator;

impl<'c> Context<'c> {
    /// The rows that `ask` asks for, in chunks of `size` (0 counts as 1), each loaded with all its relations when it is
    /// asked for: an iterator of `Result<Vec<V>, Error>`. [`rows`](Stream::rows) makes it one of single rows.
    ///
    /// Memory is bounded by the chunk: what one loaded is yours, and nothing of it is kept. A chunk takes as many
    /// statements as the view, [`V::STATEMENTS`](View::STATEMENTS) at most. Each goes on after the last row of the one
    /// before, by the values of the order and the key, so that the hundredth costs what the first does where an index
    /// serves the order; there is no offset. A limit and an offset of the group count for the whole stream.
    ///
    /// All of it sees one state of the store where the store can give one (see
    /// [`with_snapshots`](Self::with_snapshots)): the snapshot begins with the first chunk, and ends with the last, with
    /// an error, or when the stream is dropped. Inside a transaction of yours it is that transaction. Without a
    /// snapshot a stream is as stable as [pages](crate::Group::page) are.
    ///
    /// A stream borrows the context until it is dropped: nothing else can be asked of it, or written, in between. For
    /// that, take another context.
    ///
    /// ```
    #[doc = tracker!()]
    /// #[derive(View)]
    /// #[view(of = Bug)]
    /// struct Line {
    ///     title: String,
    ///     owner: Arc<Person>,
    /// }
    /// let mut lines = Vec::new();
    /// for chunk in context.stream(Bugs::all().view::<Line>(), 2) {
    ///     let chunk: Vec<Line> = chunk?;                                  // two, then one
    ///     lines.extend(chunk.iter().map(|line| format!("{} ({})", line.title, line.owner.name)));
    /// }
    /// assert_eq!(lines, ["Crash on resume (Ada)", "Typo in help (Ada)", "Slow start (Grace)"]);
    /// # Ok::<(), persist::Error>(())
    /// ```
    ///
    /// # Errors
    /// A chunk fails as a [`realise`](Self::realise) does: as a whole, with all rows of it that do not fit. It is the
    /// last then.
    pub fn stream<A: IntoAsk>(&mut self, ask: A, size: u32) -> Stream<'_, 'c, A::View> {
        let ask = ask.into_ask();
        let left = ask.select.limit;
        Stream { context: self, ask, size: u64::from(size.max(1)), left, after: None, state: State::Begun }
    }
}

/// The rows of a group, chunk by chunk: an iterator of `Result<Vec<V>, Error>`, made by [`Context::stream`]. No chunk is
/// empty, and after an error there is none.
#[must_use = "a stream loads nothing until it is iterated"]
pub struct Stream<'s, 'c, V: View> {
    context: &'s mut Context<'c>,
    ask: Ask<V>,
    size: u64,
    /// How many rows the group's limit still allows.
    left: Option<u64>,
    /// Where the last row of the last chunk stands in the order.
    after: Option<Vec<Value>>,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum State {
    /// Nothing was sent yet.
    Begun,
    /// Chunks were loaded; perhaps a snapshot is open.
    Open(bool),
    Done,
}

impl<V: View> fmt::Debug for Stream<'_, '_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Stream({:?} by {}, {:?})", self.ask, self.size, self.state)
    }
}

impl<'s, 'c, V: View> Stream<'s, 'c, V> {
    /// The same, row by row: an iterator of `Result<V, Error>`. Rows are still loaded in chunks.
    ///
    /// ```
    #[doc = tracker!()]
    /// let hot = Bugs::all().order_by(bug::heat.desc()).view::<Bug>();
    /// let hottest = context.stream(hot, 100).rows().next().transpose()?;
    /// assert_eq!(hottest.map(|bug| bug.id), Some(7));
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn rows(self) -> StreamRows<'s, 'c, V> {
        StreamRows { stream: self, chunk: Vec::new().into_iter() }
    }

    fn chunk(&mut self) -> Result<Vec<V>, Error> {
        let size = self.left.map_or(self.size, |left| left.min(self.size));
        // One row more tells whether there is another chunk, unless the limit tells.
        let most = self.left.map_or(size + 1, |left| left.min(size + 1));
        let select = self.ask.select.chunk(self.after.take(), most);
        let chunk = AskChunk { ask: self.ask.clone(), select, size };
        let (ticket, run) = self.context.run(chunk, false)?;
        if self.state == State::Begun {
            // Before it begins: a snapshot that failed to begin is not to be ended.
            self.state = State::Open(false);
            let taken = self.context.snapshots && self.context.store.begin_snapshot()? == Snapshot::Taken;
            self.state = State::Open(taken);
        }
        let (rows, last) = self.context.read::<AskChunk<V>>(ticket, run, false)?;
        self.left = self.left.map(|left| left - size);
        self.after = last;
        if self.after.is_none() {
            self.end()?;
        }
        Ok(rows)
    }

    fn end(&mut self) -> Result<(), Error> {
        match std::mem::replace(&mut self.state, State::Done) {
            State::Open(true) => Ok(self.context.store.end_snapshot()?),
            _ => Ok(()),
        }
    }
}

impl<V: View> Iterator for Stream<'_, '_, V> {
    type Item = Result<Vec<V>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.state == State::Done {
            return None;
        }
        if self.ask.select.is_never() {
            self.state = State::Done;
            return None;
        }
        match self.chunk() {
            Ok(rows) if rows.is_empty() => None,
            Ok(rows) => Some(Ok(rows)),
            Err(error) => {
                // That the snapshot does not end either adds nothing to what led here.
                let _ = self.end();
                Some(Err(error))
            }
        }
    }
}

impl<V: View> FusedIterator for Stream<'_, '_, V> {}

impl<V: View> Drop for Stream<'_, '_, V> {
    fn drop(&mut self) {
        // Nobody is there to be told; the store remembers a connection that is broken.
        let _ = self.end();
    }
}

/// The rows of a group, one by one: an iterator of `Result<V, Error>`, made by [`Stream::rows`].
#[must_use = "a stream loads nothing until it is iterated"]
pub struct StreamRows<'s, 'c, V: View> {
    stream: Stream<'s, 'c, V>,
    chunk: std::vec::IntoIter<V>,
}

impl<V: View> fmt::Debug for StreamRows<'_, '_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}, {} rows at hand", self.stream, self.chunk.len())
    }
}

impl<V: View> Iterator for StreamRows<'_, '_, V> {
    type Item = Result<V, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(row) = self.chunk.next() {
            return Some(Ok(row));
        }
        match self.stream.next()? {
            Ok(rows) => {
                self.chunk = rows.into_iter();
                self.chunk.next().map(Ok)
            }
            Err(error) => Some(Err(error)),
        }
    }
}

impl<V: View> FusedIterator for StreamRows<'_, '_, V> {}
