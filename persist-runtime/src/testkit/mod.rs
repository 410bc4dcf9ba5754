//! For tests of programs that use persist, with the feature `testkit`: plans as snapshots ([`assert_plan!`](crate::assert_plan)),
//! a number of statements that does not depend on the number of rows ([`assert_constant`]), and what was loaded and never
//! read ([`watch`]); with the feature `conformance`, what every store must do ([`conformance!`](crate::conformance)).
//!
//! Nothing else names this room. What is here panics: that is how a test fails.

#![allow(clippy::panic, reason = "that is how a test fails")]

#[cfg(feature = "conformance")]
pub mod conformance;
mod constant;
mod plan;
mod report;

#[cfg(feature = "conformance")]
pub use crate::conformance;
pub use constant::assert_constant;
#[doc(hidden)]
pub use plan::{check_plan, check_plan_file};
pub use report::{Report, Unread, Watched, watch};
