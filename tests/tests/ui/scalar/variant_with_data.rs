#![allow(dead_code)]
use persist::prelude::*;

#[derive(Clone, Scalar)]
enum Status {
    New,
    Duplicate(i32),
}

fn main() {}
