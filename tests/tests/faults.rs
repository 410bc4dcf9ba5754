//! What breaks under a program: servers that are killed, connections that are lost at the worst moment, statements that
//! take too long, disks that are full. Nothing that was acknowledged is lost, nothing is half done, every failure has a
//! kind, and the next call on a fresh connection works.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, unreachable_pub, reason = "tests")]

#[path = "faults/place.rs"]
mod place;

#[path = "faults/full.rs"]
mod full;
#[path = "faults/killed.rs"]
mod killed;
#[path = "faults/lost.rs"]
mod lost;
#[path = "faults/slow.rs"]
mod slow;
