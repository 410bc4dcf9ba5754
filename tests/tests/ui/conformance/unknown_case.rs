use persist_tests::conformance::Memory;

mod memory {
    persist::testkit::conformance!(super::Memory, except { orders::txt = "the collation of the server is Danish" });
}

fn main() {
    let _ = memory::suite();
}
