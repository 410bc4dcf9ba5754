#![doc = include_str!("../../README.md")]
//!
//! ## The rooms
//!
//! [`entity`] (metadata), [`group`] (typed sets), [`view`] (eager-load plans), [`engine`] (rounds of fetches, without I/O),
//! [`store`] (where rows are kept), [`context`] (the only thing that does I/O). Each uses only those before it.

pub mod context;
pub mod engine;
pub mod entity;
pub mod group;
pub mod store;
pub mod view;

pub use context::{Context, Error, Explanation, Stats};
pub use engine::{Answers, Batch, KeyText, Problem, Request, RowError, RowErrors, Ticket};
pub use entity::{
    CellError, Cells, Collation, Column, ColumnDef, ColumnType, Decimal, Entity, Field, Key, Many, Maybe, Newtype, One,
    Raw, Reader, Relation, RelationDef, Scalar, StoredAs, Table, TextScalar, Through, Unfit, Value,
};
pub use group::{Count, Exists, Group, Order, Predicate};
pub use persist_derive::{Entity, Scalar, View};
pub use store::{Fault, MemoryStore, Store, StoreError};
pub use view::{Ask, Plan, View};

/// The names that most programs need.
pub mod prelude {
    pub use crate::context::Context;
    pub use crate::engine::Batch;
    pub use crate::entity::Entity;
    pub use crate::view::View;
    pub use persist_derive::{Entity, Scalar, View};
}

/// What generated code names; not for people.
#[doc(hidden)]
pub mod __private {
    pub use crate::engine::{Asks, Request, Results};
    pub use crate::entity::{
        CellError, Collation, Column, Entity, Field, Key, Many, Newtype, Nowhere, Raw, Reader, RefersTo, Relation,
        Scalar, StoredAs, Table, Through, Unfit, Value,
    };
    pub use crate::group::{Group, GroupOf, Order, Realised, Unrealised};
    pub use crate::view::{
        Ask, FieldMeta, Missing, Node, Slot, Supplies, View, ViewField, ViewOf, flatten, over_budget,
    };
}
