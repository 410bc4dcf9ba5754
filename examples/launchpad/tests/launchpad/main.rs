//! Tests of the example: its rules without any store, its vocabulary over memory, its page over memory and SQLite, its program over all stores.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "that is how a test fails")]

mod access;
mod domain;
mod page;
mod program;
mod vocabulary;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

/// Midnight of a day in 2010.
fn day(month: u32, day: u32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2010, month, day).unwrap().and_time(NaiveTime::MIN)
}
