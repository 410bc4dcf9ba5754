//! How many rows a relation leads to, as types: what decides which fields of a view may hold it.

use std::convert::Infallible;
use std::marker::PhantomData;

/// Exactly one: a required `belongs_to`. Held as `V` or `Arc<V>`.
#[derive(Debug, Clone, Copy)]
pub enum One {}

/// One or none: a nullable `belongs_to`. Held as `Option<V>` or `Option<Arc<V>>`.
#[derive(Debug, Clone, Copy)]
pub enum Maybe {}

/// One or none that belongs to the parent: `has_one`. Held as `Option<V>` or `Option<Arc<V>>`.
#[derive(Debug, Clone, Copy)]
pub enum Sole {}

/// Any number that belong to the parent: `has_many`. Held as `Vec<V>`, `Vec<Arc<V>>`, `Arc<[V]>` or a map.
#[derive(Debug, Clone, Copy)]
pub enum Many {}

/// Any number, by way of the linking entity `L`, shared with other parents: `many_to_many`. Held as `Vec<V>`,
/// `Vec<Arc<V>>`, a map, or with the links as `Vec<(W, V)>`.
#[derive(Debug, Clone, Copy)]
pub enum Through<L> {
    #[doc(hidden)]
    Never(Infallible, PhantomData<fn() -> L>),
}

/// One column of type `S` of what `C` leads to, which `#[view(value = ..)]` names. Held as a map, or as a set.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub enum Valued<C, S> {
    #[doc(hidden)]
    Never(Infallible, PhantomData<fn() -> (C, S)>),
}

/// What `C` leads to, by the column of type `K` that `#[view(by = ..)]` names. Held as a map.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub enum By<C, K> {
    #[doc(hidden)]
    Never(Infallible, PhantomData<fn() -> (C, K)>),
}
