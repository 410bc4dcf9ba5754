//! How PostgreSQL says how it would run a statement.

use super::plan::Planner;

/// Where all else is discouraged, a table is read by a bitmap of one of its indexes if one serves at all: without these, a
/// small table would be scanned although it has an index, and an index that only has the order would be read whole.
pub(super) static PLANNER: Planner = Planner {
    explain: "EXPLAIN (COSTS OFF) ",
    cell: 0,
    settings: Some(
        "SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off; SET LOCAL enable_indexonlyscan = off; \
         SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off",
    ),
    is_scan,
};

fn is_scan(line: &str, below: &[String]) -> bool {
    let by_index = line.contains("Index Scan ") || line.contains("Index Only Scan ");
    // An index that is read without a condition is read from end to end.
    let mut own = below.iter().take_while(|line| !line.contains("->"));
    line.contains("Seq Scan on ")
        || (by_index && !line.contains("Bitmap") && !own.any(|line| line.contains("Index Cond:")))
}
