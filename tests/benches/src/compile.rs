//! Work 6.
