//! How SQLite says how it would run a statement.

use super::plan::Planner;

pub(super) static PLANNER: Planner = Planner { explain: "EXPLAIN QUERY PLAN ", cell: 3, settings: None, is_scan };

/// An automatic index is built for the one statement: that is a scan and more.
fn is_scan(line: &str, _: &[String]) -> bool {
    line.starts_with("SCAN ") || line.contains(" USING AUTOMATIC ")
}
