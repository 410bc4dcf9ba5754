//! The engine: from requests to rounds of fetches, from rows to finished structs. No I/O happens here.
//!
//! A [`Run`] is fed by a driver: it names the fetches of the next round, takes their rows, and in the end puts the
//! answers together bottom-up. It holds no connection and waits for nothing, so that a thin loop drives it, blocking or
//! not; [`Context`](crate::Context) is that loop.
//!
//! Programs need [`Request`], [`Batch`] and the errors of rows ([`RowErrors`]); authors of stores need [`Fetch`];
//! nobody else needs the rest.

mod batch;
mod budget;
mod build;
mod cycles;
mod dangling;
mod error;
mod fetch;
mod figures;
mod finish;
mod keyed;
mod layout;
mod lenient;
mod levels;
mod loads;
mod page;
mod request;
mod rounds;
mod run;
mod scope;
mod several;
mod space;
mod take;
mod whole;

pub use batch::{Answers, Batch, Ticket};
pub use budget::{BudgetPart, Budgeted, OverBudget};
pub use error::{KeyText, KeyTexts, Problem, RowError, RowErrors};
pub use fetch::{Fetch, Join, Joined, Keyed, Keys, Output};
pub use finish::Failed;
pub use lenient::{Lenient, Leniently};
pub use loads::{LoaderError, Lookup, MissingExtras};
pub(crate) use page::AskChunk;
pub use request::{Asks, Request, Results};
pub use rounds::{Outline, Planned, Task};
pub use run::Run;
pub use take::RunSink;
