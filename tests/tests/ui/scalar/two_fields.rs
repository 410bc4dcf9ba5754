#![allow(dead_code)]
use persist::prelude::*;

#[derive(Clone, Scalar)]
struct Point(i32, i32);

fn main() {}
