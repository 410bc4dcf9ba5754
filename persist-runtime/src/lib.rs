//! Typed groups, eager-load plans and substitutable stores for plain structs, on top of Diesel.
pub mod engine;
pub mod entity;
pub mod group;
pub mod store;
pub mod view;
pub use entity::*;
pub use group::*;
pub use view::*;

/// The names that most programs need.
pub mod prelude {
    pub use crate::entity::Entity;
    pub use crate::group::Group;
    pub use crate::view::View;
    pub use persist_derive::{Entity, Scalar, View};
}

pub use persist_derive::{Entity, Scalar, View};

/// What generated code names; not for people.
#[doc(hidden)]
pub mod __private {
    pub use crate::entity::{
        CellError, Collation, Column, Entity, Field, Key, Many, Newtype, Nowhere, Raw, Reader, RefersTo, Relation,
        Scalar, StoredAs, Table, Through, Unfit, Value,
    };
    pub use crate::group::{Group, GroupOf, Order, Realised, Unrealised};
    pub use crate::view::{FieldMeta, Missing, Node, Slot, Supplies, View, ViewField, ViewOf, flatten, over_budget};
}
