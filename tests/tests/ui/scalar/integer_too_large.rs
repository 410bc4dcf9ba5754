#![allow(dead_code)]
use persist::prelude::*;

#[derive(Clone, Scalar)]
#[scalar(integer = i16)]
enum Status {
    New = 70_000,
}

fn main() {}
