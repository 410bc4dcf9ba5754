#![allow(dead_code)]
use persist::prelude::*;

#[derive(Clone, Scalar)]
#[scalar(integer)]
enum Status {
    #[scalar(rename = "new")]
    New,
}

fn main() {}
