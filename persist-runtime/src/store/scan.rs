//! stub, being written
/// Stub.
pub trait Rows {}
/// Stub.
pub fn answer() {}
