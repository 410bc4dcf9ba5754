//! Every refusal, in the words that a user reads. The texts are those of the toolchain that CI pins.
#![allow(missing_docs, reason = "tests")]

/// The compiler whose words are pinned.
const TOOLCHAIN: &str = "1.95";

#[test]
fn refusals() {
    let version = std::process::Command::new("rustc").arg("--version").output().unwrap();
    let version = String::from_utf8(version.stdout).unwrap();
    let pinned = version.starts_with(&format!("rustc {TOOLCHAIN}."));
    assert!(pinned, "the refusals are pinned to rustc {TOOLCHAIN}, this is {version}");
    trybuild::TestCases::new().compile_fail("tests/ui/*/*.rs");
}
