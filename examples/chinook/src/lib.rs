//! Reports on the Chinook database: the sales and the music of a digital shop.
//!
//! Read [`domain`] first: entities, views, and methods that need no database. [`reports`] loads the views and turns
//! them into rows; [`copy`] takes all of a database to another store; the rest is the edge of a program: opening a file,
//! writing CSV, writing a table.

pub mod copy;
pub mod csv;
pub mod database;
pub mod domain;
pub mod reports;
mod schema;
pub mod table;
