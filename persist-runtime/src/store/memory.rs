//! stub, being written
/// Stub.
#[derive(Debug)]
pub struct MemoryStore;
