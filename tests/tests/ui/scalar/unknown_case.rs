#![allow(dead_code)]
use persist::prelude::*;

#[derive(Clone, Scalar)]
#[scalar(rename_all = "snake")]
enum Status {
    New,
}

fn main() {}
