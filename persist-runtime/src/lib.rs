//! Typed groups, eager-load plans and substitutable stores for plain structs, on top of Diesel.
pub mod engine;
pub mod entity;
pub mod group;
pub mod store;
pub use entity::*;
pub use group::*;
