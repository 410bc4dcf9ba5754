#![allow(dead_code)]
use persist::prelude::*;

#[derive(Clone, Scalar)]
#[scalar(integer = u32)]
enum Status {
    New,
}

fn main() {}
