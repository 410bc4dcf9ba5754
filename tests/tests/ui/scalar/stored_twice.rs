#![allow(dead_code)]
use persist::prelude::*;

#[derive(Clone, Scalar)]
enum Status {
    New,
    #[scalar(rename = "new")]
    Fresh,
}

fn main() {}
