//! How MySQL and MariaDB says how it would run a statement.

use super::plan::Planner;

pub(super) static PLANNER: Planner = Planner { explain: "EXPLAIN FORMAT=JSON ", cell: 0, settings: None, is_scan };

/// A small table is scanned although it has an index, so what is asked is whether there is one that could be used.
fn is_scan(line: &str, below: &[String]) -> bool {
    let is_table = |line: &str| line.trim_start().starts_with("\"table_name\":");
    let mut own = below.iter().map(|line| line.trim_start()).take_while(|line| !is_table(line));
    let is_whole =
        |line: &str| ["\"access_type\": \"ALL\"", "\"access_type\": \"index\""].iter().any(|ty| line.starts_with(ty));
    is_table(line) && own.clone().any(is_whole) && !own.any(|line| line.starts_with("\"possible_keys\":"))
}
