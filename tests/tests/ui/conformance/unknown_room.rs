use persist_tests::conformance::Memory;

mod memory {
    persist::testkit::conformance!(super::Memory, except { order::text = "the collation of the server is Danish" });
}

fn main() {
    let _ = memory::suite();
}
