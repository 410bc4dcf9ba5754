//! Two users edit one image at a time, each over a connection of their own: both load, and then both save.
//!
//! Who writes what they have in hand as a whole, undoes what the other one saved. Here each writes what they changed.

mod scenarios;
mod table;

pub use scenarios::{Edit, SCENARIOS, Scenario};
pub use table::table;

use crate::registry::Registry;
use crate::statements::Statements;
use crate::store::Database;
use anyhow::Result;
use std::cell::Cell;
use std::sync::Barrier;
use std::thread;

/// What became of a scenario.
#[derive(Debug)]
pub struct Finding {
    /// What the two did.
    pub what: &'static str,
    /// Whether what both did is there afterwards.
    pub both: bool,
    /// What was sent to save what A did, or why that failed.
    pub a: Result<Vec<String>, String>,
    /// The same of B.
    pub b: Result<Vec<String>, String>,
}

/// Plays the scenarios, each on an image of its own, which is deleted afterwards.
///
/// # Errors
/// When the image cannot be made, looked at, or deleted.
pub fn run(database: &Database) -> Result<Vec<Finding>> {
    SCENARIOS.iter().map(|scenario| play(database, scenario)).collect()
}

fn play(database: &Database, scenario: &Scenario) -> Result<Finding> {
    let mut registry = Registry::new(database.connect(&Statements::default())?);
    let id = scenarios::image(&mut registry)?;
    let loaded = Barrier::new(2);
    let (a, b) = thread::scope(|scope| {
        let a = scope.spawn(|| edit(database, &loaded, id, scenario.a));
        let b = edit(database, &loaded, id, scenario.b);
        (a.join(), b)
    });
    let a = a.unwrap_or_else(|_| Err("it panicked".to_owned()));
    let both = (scenario.kept)(&registry.show(id)?);
    registry.delete(&[id])?;
    Ok(Finding { what: scenario.what, both, a, b })
}

/// What one of the two does. Gives what was sent after both had loaded.
fn edit(database: &Database, loaded: &Barrier, id: i32, edit: Edit) -> Result<Vec<String>, String> {
    let (statements, gate) = (Statements::default(), Gate { loaded, passed: Cell::new(false) });
    let context = database.connect(&statements).map_err(|error| format!("{error:#}"))?;
    let mut registry = Registry::new(context).holding(|| {
        gate.pass();
        let _loads = statements.take();
    });
    edit(&mut registry, id).map_err(|error| error.to_string())?;
    Ok(statements.take())
}

/// Where the two wait for one another. Who fails on the way there is not waited for in vain.
struct Gate<'g> {
    loaded: &'g Barrier,
    passed: Cell<bool>,
}

impl Gate<'_> {
    fn pass(&self) {
        if !self.passed.replace(true) {
            self.loaded.wait();
        }
    }
}

impl Drop for Gate<'_> {
    fn drop(&mut self) {
        self.pass();
    }
}
