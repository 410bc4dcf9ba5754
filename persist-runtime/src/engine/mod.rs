//! The engine: from requests to rounds of fetches, from rows to finished structs. No I/O happens here.
//!
//! A [`Run`] is fed by a driver: it names the fetches of the next round, takes their rows, and in the end puts the
//! answers together bottom-up. It holds no connection and waits for nothing, so that a thin loop drives it, blocking or
//! not.

mod build;
mod dangling;
mod error;
mod fetch;
mod finish;
mod request;
mod run;
mod space;
mod take;

pub use error::{KeyText, Problem, RowError, RowErrors};
pub use fetch::{Fetch, Insert, Join, Keyed, Output};
pub use finish::Failed;
pub use request::{Answers, Asks, Batch, Request, Results, Ticket};
pub use run::{Run, Task};
pub use take::RunSink;
