//! What every store must do, as cases that run over a store: [`conformance!`](crate::conformance).
//!
//! A store under test is a [`Subject`]: it makes fresh databases with the tables that a case wants, and opens connections
//! to them. Cases are plain functions over one, by room: `rooms/*.rs`. They speak the language of programs (groups, views,
//! edits), so that what is proven of a store is what programs see of it; the answers stand in the cases, or are those of a
//! model, or of the memory store.
//!
//! The list of all cases is written once, in `registry.rs`. Whatever is made of them is made of that list, so that no store
//! can leave one out without saying so.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "that is how a test fails")]

mod domain;
mod random;
mod registry;
mod rooms;
mod suite;
mod table;
mod trial;
mod watching;

pub use registry::{Case, cases};
pub use suite::{Exception, Suite, Verdict};
pub use table::Matrix;

use crate::entity::Table;
use crate::store::{Capabilities, Store};

/// A store under test: what [`conformance!`](crate::conformance) is handed.
pub trait Subject {
    /// What the store is called in tables and messages.
    fn name(&self) -> &str;

    /// What its stores can do: what their [`capabilities`](Store::capabilities) say. Everything, unless said otherwise.
    fn capabilities(&self) -> Capabilities {
        Capabilities::ALL
    }

    /// A database that nobody else uses, in which `tables` are there and empty: with their columns, their key, what
    /// [`rules`](Table::rules) say is unique and is made by the store, and, where they are wanted, their foreign keys.
    /// It is taken away again with what is returned.
    ///
    /// `None` where there is none to be had on this machine (no server). The case then does not run, and says so on
    /// stderr; where the environment says `PERSIST_TEST_REQUIRE=all`, that is a failure.
    ///
    /// # Panics
    /// It may, when it fails.
    fn fresh(&self, tables: &[&'static Table], references: References) -> Option<Box<dyn Database>>;
}

/// A database of one case.
pub trait Database {
    /// Another connection to it: what one of them writes is there for the others.
    fn connect(&self) -> Box<dyn Store + '_>;
}

/// Whether a database refuses references that lead nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum References {
    /// It knows no foreign keys: a reference may lead nowhere.
    Free,
    /// There is a foreign key for each reference of [`Rules`](crate::Rules), checked at once. Asked for only where the store
    /// is [able to](crate::store::Capability::ForeignKeys).
    Enforced,
}

/// Runs every case of the conformance suite over a store, each as a test of its own: `orders::nulls`, `edits::gone`, ...
///
/// It takes a [`Subject`](crate::testkit::conformance::Subject), and stands in a module of its own for each store.
/// A store that cannot do something declares what it [lacks](crate::store::Capability): cases that need that do not run.
/// What else it does not pass is named, with the reason; a case that is named and passes is a failure, so that no
/// exception outlives its reason.
///
/// ```
/// use persist::testkit::conformance::{Database, References, Subject};
/// use persist::{MemoryStore, Store, Table, store::{Capabilities, Capability}};
///
/// struct Memory;
///
/// impl Subject for Memory {
///     fn name(&self) -> &str {
///         "memory"
///     }
///
///     fn capabilities(&self) -> Capabilities {
///         Capabilities::ALL.without(Capability::GeneratedValues).without(Capability::ForeignKeys)
///     }
///
///     fn fresh(&self, _tables: &[&'static Table], _references: References) -> Option<Box<dyn Database>> {
///         Some(Box::new(Rows(MemoryStore::new())))        // its tables are there from the start
///     }
/// }
///
/// struct Rows(MemoryStore);
///
/// impl Database for Rows {
///     fn connect(&self) -> Box<dyn Store + '_> {
///         Box::new(self.0.session())
///     }
/// }
///
/// mod memory {
///     persist::testkit::conformance!(super::Memory);
///     // persist::testkit::conformance!(super::Mine, except { orders::text = "the server's collation is Danish" });
/// }
/// # fn main() { memory::suite().check_all() }
/// ```
///
/// Besides the tests it defines `suite()`, the [`Suite`](crate::testkit::conformance::Suite), for a
/// [`Matrix`](crate::testkit::conformance::Matrix) of several stores.
#[macro_export]
macro_rules! conformance {
    ($subject:expr $(,)?) => {
        $crate::conformance! { $subject, except {} }
    };
    ($subject:expr, except { $($room:ident :: $case:ident = $reason:literal),* $(,)? } $(,)?) => {
        /// What is proven of this store.
        #[allow(dead_code)]
        pub(crate) fn suite() -> $crate::testkit::conformance::Suite {
            const EXCEPTIONS: &[$crate::testkit::conformance::Exception] = &[$(
                $crate::testkit::conformance::Exception::new(
                    &$crate::testkit::conformance::cases::$room::$case,
                    $reason,
                )
            ),*];
            $crate::testkit::conformance::Suite::new($subject, EXCEPTIONS)
        }
        $crate::__conformance_cases! { $crate::__conformance_tests }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __conformance_tests {
    ($($room:ident { $($case:ident $(needs $($capability:ident)+)?),* $(,)? })*) => {$(
        #[cfg(test)]
        mod $room {$(
            #[test]
            fn $case() {
                let _ = super::suite().check(&$crate::testkit::conformance::cases::$room::$case);
            }
        )*}
    )*};
}
