//! Edits: what changed, and what must be so for it to be written.
//!
//! An [`Edit`] is a plain struct in hand with the state it was read in; what differs is what is written, column by
//! column. [`Changes`] are the same without a struct: a patch. Both become [`Write`]s, which are what a
//! [store](crate::store) is asked to do, by the [`Rules`](crate::entity::Rules) that the entity declares.
//!
//! Nothing here does I/O. That only changes are written, and that editors of different things both survive, is the idea
//! of the "distinction layer" that was proposed for Glance in 2016.

mod before;
mod below;
mod change;
#[cfg(feature = "serde")]
mod change_serde;
mod collection;
mod conflict;
mod diff;
mod editable;
mod element;
mod expect;
mod fate;
mod held;
mod insert;
mod insertable;
mod items;
mod layout;
mod merge;
mod moves;
mod order;
mod pairs;
mod patch;
#[cfg(feature = "json")]
mod paths;
mod positions;
mod rebase;
mod refused;
mod rendered;
mod transition;
mod whole;
mod wishes;
mod work;
mod write;
mod written;

pub(crate) use below::Part;
pub use change::{Change, Changed, Changes};
pub use collection::Collection;
pub(crate) use conflict::Missed;
pub use conflict::{Conflict, Conflicts};
pub use editable::{EditPart, Editable};
pub use element::{Element, ElementChange};
pub use expect::Expect;
pub(crate) use fate::Fate;
pub use held::{Edit, Equal};
pub use insert::{Insert, Upsert};
pub use insertable::Insertable;
#[doc(hidden)]
pub use insertable::Whole;
pub(crate) use moves::move_rows;
pub(crate) use order::{Stages, Step, stages};
#[doc(hidden)]
pub use patch::patched_whole;
pub use patch::{AddsTo, IsColumn, Patches};
#[cfg(feature = "json")]
pub use paths::{PathChange, PathChanges};
pub use rebase::{Overlap, Overlaps, Take};
pub use refused::{Refused, Why};
pub use transition::Transition;
#[doc(hidden)]
pub use transition::transition;
pub(crate) use whole::Replaced;
pub use work::{Done, Put, Work};
pub(crate) use work::{Item, Link, Op, Stored, give, give_cells, values};
pub use write::{Check, Delete, DeleteAll, Outcome, RowDelete, RowUpdate, Set, Test, To, Update, UpdateAll, Write};
