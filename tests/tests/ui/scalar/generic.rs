#![allow(dead_code)]
use persist::prelude::*;

#[derive(Clone, Scalar)]
struct Id<T>(T);

fn main() {}
