#![allow(dead_code)]
use persist::prelude::*;

#[derive(Clone, Scalar)]
struct BugId(std::time::Duration);

fn main() {}
