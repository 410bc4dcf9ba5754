//! A corner of Launchpad: distributions, their hot bugs, and everybody concerned.
//!
//! [`domain`] says what there is and what it may be asked, [`access`] who may see it, [`page`] gathers what one page needs, and [`render`] writes
//! it down. [`store`] chooses where the data is kept, which nothing else knows; [`generate`] makes some up.

pub mod access;
pub mod domain;
pub mod generate;
pub mod page;
pub mod render;
mod schema;
pub mod store;
