//! Tests of the example: its rules without any store, its program over an SQLite file, its races on all stores.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "that is how a test fails")]

mod domain;
mod held;
mod interleavings;
mod places;
mod program;
mod races;
mod registry;
