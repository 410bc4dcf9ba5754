//! Whether there is a server to test against.

use std::io::Write;

/// What the environment says of where the server is, or else where it usually is.
pub(super) fn url(variable: &str, usual: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| usual.to_owned())
}

/// Says that a test did not run; where `PERSIST_TEST_REQUIRE` is `all`, it fails.
pub(super) fn not_run(server: &str, why: impl std::fmt::Display) {
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    let words = format!("NOT RUN on {server}: {test}: {why}");
    // Past the harness, which keeps to itself what a test that passes prints.
    let _ = writeln!(std::io::stderr(), "{words}");
    assert!(std::env::var("PERSIST_TEST_REQUIRE").as_deref() != Ok("all"), "{words}");
}
