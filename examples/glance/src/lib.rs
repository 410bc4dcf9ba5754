//! An image registry after OpenStack Glance: its images, and those who edit them at the same time.
//!
//! [`domain`] says what there is and what may become of it, [`registry`] what users do with it, [`race`] lets two of them do
//! it at once. [`store`] chooses where the data is kept, which nothing else knows; [`statements`] hears what is sent there.

pub mod domain;
pub mod fields;
pub mod race;
pub mod registry;
pub mod render;
mod schema;
pub mod statements;
pub mod store;
