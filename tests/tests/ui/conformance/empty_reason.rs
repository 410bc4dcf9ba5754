use persist_tests::conformance::Memory;

mod memory {
    persist::testkit::conformance!(super::Memory, except { orders::text = "" });
}

fn main() {
    let _ = memory::suite();
}
