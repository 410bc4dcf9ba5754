#![allow(dead_code)]
use persist::prelude::*;

#[derive(Scalar)]
struct BugId(i32);

fn main() {}
