//! How many rows a relation leads to, as types: what decides which fields of a view may hold it.

/// Exactly one: a required `belongs_to`. Held as `V` or `Arc<V>`.
#[derive(Debug, Clone, Copy)]
pub enum One {}

/// One or none: a nullable `belongs_to`. Held as `Option<V>` or `Option<Arc<V>>`.
#[derive(Debug, Clone, Copy)]
pub enum Maybe {}

/// Any number that belong to the parent: `has_many`. Held as `Vec<V>`, `Vec<Arc<V>>` or `Arc<[V]>`.
#[derive(Debug, Clone, Copy)]
pub enum Many {}

/// Any number, shared with other parents: `many_to_many`. Held as `Vec<V>` or `Vec<Arc<V>>`.
#[derive(Debug, Clone, Copy)]
pub enum Through {}
