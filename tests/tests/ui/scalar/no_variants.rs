#![allow(dead_code)]
use persist::prelude::*;

#[derive(Clone, Scalar)]
enum Status {}

fn main() {}
