//! Side by side: persist, and the best that a person writes by hand with Diesel or with the raw driver.
//!
//! Each work is a module with one function per side. All sides read the same data in the same kind of transaction and
//! give the same plain structs, so that results are compared element by element before anything is timed. The programs in
//! `benches/` time them; `tests/agree.rs` checks on small data that they agree.

pub mod bugs;
pub mod collections;
pub mod compile;
pub mod cost;
pub mod data;
pub mod domain;
pub mod domain_tests;
pub mod edits;
pub mod exists;
pub mod glance;
pub mod measure;
pub mod mysql;
pub mod postgres;
pub mod prepared;
pub mod rows;
pub mod scaling;
pub mod side;
pub mod stream;
pub mod top_n;
pub mod users;
pub mod writers;

/// What a bench gives: any failure ends it.
pub type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// A hash map of the kind that persist uses itself, so that no side is slower for its hashing alone.
pub type Map<K, V> = ahash::HashMap<K, V>;
