//! The sans-IO engine.
mod fetch;
pub use fetch::{Fetch, Insert, Join, Keyed, Output};
