#![allow(dead_code)]
use persist::prelude::*;

#[derive(Clone, Scalar)]
#[scalar(integer)]
struct BugId(i32);

fn main() {}
