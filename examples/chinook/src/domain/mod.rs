//! The shop: its catalogue, its playlists, its staff.
//!
//! Each file has entities (the tables, with their relations), views (what a report loads), and the methods that compute
//! from what was loaded. A method here cannot query: it has no connection, and its test has no database.

mod catalogue;
mod playlists;
mod staff;

pub use catalogue::{
    Album, AlbumTracks, Albums, Artist, Artists, Discography, Genre, Genres, Recording, Track, Tracks,
};
pub use playlists::{Playlist, PlaylistTrack, PlaylistTracks, Playlists, Programme, Running};
pub use staff::{
    Account, Colleague, Customer, Customers, Employee, Employees, Invoice, InvoiceTotal, Invoices, SalesRecord,
};
