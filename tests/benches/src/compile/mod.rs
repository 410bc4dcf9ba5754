//! Work 6: what the derives cost the compiler.
//!
//! Three crates of the same tables: `table!` alone (the floor), entities and views with persist, and the same structs
//! with Diesel's derives. The floor is subtracted from both sides.

mod generate;
mod run;

pub use generate::{Side, module, write};
pub use run::{Costs, Workspace, wrap_rustc};
