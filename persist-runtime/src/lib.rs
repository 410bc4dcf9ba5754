#![doc = include_str!("../../README.md")]
//!
//! ## Where to start
//!
//! | you want to | see |
//! |---|---|
//! | store a struct | [`derive(Entity)`](derive@Entity), [`derive(Scalar)`](derive@Scalar) for its fields, [`derive(Embedded)`](derive@Embedded) for several columns as one |
//! | say which rows | [`Group`], [`Column`] (its predicates and orders), [`Predicate`] |
//! | say what to load of them | [`derive(View)`](derive@View), [`View`], [`Plan`] |
//! | load, count, insert | [`Context`], [`Request`], [`Batch`] |
//! | change what is stored | [`Edit`], [`Changes`](struct@Changes), [`Work`]; by which rules: [`derive(Entity)`](derive@Entity), [`Transition`] |
//! | take changes from outside | [`derive(Changes)`](derive@Changes), [`Change`] |
//! | understand a failure | [`Error`], [`RowError`], [`Conflict`], [`Refused`], [`StoreError`] |
//! | make the tables | `schema::Schema` (feature `schema`) |
//! | test without a database | [`MemoryStore`] |
//! | see what is sent | [`Context::explain`], [`Context::stats`], [`View::STATEMENTS`], [`View::plan`] |
//! | write a store of your own | [`Store`], and [`store::Rows`] and [`store::Keep`] if it keeps rows of [`Value`]s |
//! | write a column type by hand | [`Scalar`], [`Typed`] |
//!
//! The types of [`engine`], [`group`], [`view`] and [`entity`] that are not in the crate's root are the neutral forms
//! in which rooms speak to one another. Authors of stores and drivers need them; others do not.
//!
//! ## The domain of the examples
//!
//! The examples on these pages begin, out of sight, with the same two entities, and with a `context` over a memory
//! store that holds these rows:
//!
//! | `Person` (group `People`) | `id` | `name` | |
//! |---|---|---|---|
//! | has many `bugs`, by `owner` | 1 | Ada | |
//! | | 2 | Grace | |
//!
//! | `Bug` (group `Bugs`) | `id` | `title` | `heat` | `owner_id` | `assignee_id` |
//! |---|---|---|---|---|---|
//! | belongs to an `owner`, | 7 | Crash on resume | 42 | 1 | 2 |
//! | and perhaps to an `assignee` | 8 | Typo in help | 3 | 1 | `None` |
//! | | 9 | Slow start | 42 | 2 | `None` |
//!
//! ## The rooms
//!
//! [`entity`] (metadata), [`group`] (typed sets), [`view`] (eager-load plans), [`engine`] (rounds of fetches, without I/O),
//! [`edit`] (what changed, and by which rules it is written), [`store`] (where rows are kept), [`context`] (the only thing that does I/O). Each uses only those before it.

// The derives name the crate as users do.
#[cfg(feature = "conformance")]
extern crate self as persist;

#[macro_use]
mod tracker;

pub mod context;
pub mod edit;
pub mod engine;
pub mod entity;
pub mod group;
#[cfg(feature = "schema")]
pub mod schema;
pub mod store;
#[cfg(feature = "testkit")]
pub mod testkit;
pub mod view;

pub use context::{Context, Error, Explained, Explanation, Stats, Stream, StreamRows};
pub use edit::{
    Change, Changes, Collection, Conflict, Conflicts, Done, Edit, EditPart, Editable, Equal, Expect, Insertable,
    Outcome, Overlap, Overlaps, Put, Refused, Take, Transition, Why, Work, Write,
};
pub use engine::{
    Answers, Batch, BudgetPart, KeyText, KeyTexts, Lenient, LoaderError, MissingExtras, OverBudget, Problem, Request,
    RowError, RowErrors, Ticket,
};
#[cfg(feature = "json")]
pub use entity::Json;
pub use entity::{
    CellError, Cells, Collation, Column, ColumnDef, ColumnType, Decimal, Embedded, Entity, Field, Key, Many, Maybe,
    Misfit, Newtype, One, Raw, Reader, Rules, Scalar, Sole, StoredAs, Strategy, Table, TextScalar, Through, Typed,
    Unfit, Value,
};
pub use group::{
    Count, Cursor, CursorError, CursorKey, Exists, Group, Mixed, Order, Predicate, Rank, Relation, RelationDef,
};
pub use persist_derive::{Changes, Embedded, Entity, Scalar, View};
pub use store::{Fault, MemoryStore, Store, StoreError};
pub use view::{Ask, AskPage, AskedEdge, Branch, EdgeOf, Page, Plan, View};

/// The names that most programs need: `use persist::prelude::*`.
///
/// The derives [`Entity`](derive@Entity), [`View`](derive@View), [`Scalar`](derive@Scalar), [`Embedded`](derive@Embedded)
/// and [`Changes`](derive@Changes), the traits of the first two, [`Context`], [`Batch`], [`Edit`], [`Work`],
/// [`Changes`](struct@Changes) and [`Change`]. Everything else is in the crate's root.
pub mod prelude {
    pub use crate::context::Context;
    pub use crate::edit::{Change, Changes, Edit, Work};
    pub use crate::engine::{Batch, Request as _};
    pub use crate::entity::Entity;
    pub use crate::view::View;
    pub use persist_derive::{Changes, Embedded, Entity, Scalar, View};
}

/// What generated code names; not for people.
#[doc(hidden)]
pub mod __private {
    pub use crate::edit::Patches;
    pub use crate::edit::{Change, Changes, EditPart, Editable, patched_whole, transition};
    pub use crate::engine::{Asks, Request, Results};
    pub use crate::entity::{
        CellError, Collation, Column, ColumnDef, Embed, Embedded, Entity, Field, Given, Key, Made, Many, Newtype,
        Nowhere, Nullability, One, Out, Raw, Reader, Required, Rules, Scalar, Sole, StoredAs, Table, Through, Unfit,
        Value, declare, read_part,
    };
    pub use crate::group::{
        Group, GroupOf, GroupOfKind, Kind, Kinds, Mixed, NoKey, Order, Predicate, Realised, RefersTo, Relation,
        Unrealised, local, measures, mixed_columns, mixed_table, mixed_width, select_of,
    };
    pub use crate::view::{
        Ask, Below, EdgeOf, Erased, FieldMeta, FlattenedOf, Loader, MeasuredField, Missing, Node, OneKind, ShowsWhole,
        Slot, Supplies, View, ViewField, ViewOf, flat, flatten, loader, not_a_collection, not_editable, over_budget,
        read_kind,
    };
}
