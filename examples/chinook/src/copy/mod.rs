//! Copies the whole database from one store to another, and looks whether it is the same there.
//!
//! Nothing here knows which stores those are: rows are read from one context and inserted into another.

mod place;
pub mod tables;

pub use place::Place;

use anyhow::{Result, bail, ensure};
use persist::Stream;
use persist::edit::Editable;
use persist::prelude::*;
use std::fmt::Debug;
use tables::*;

/// How many rows are in hand at a time.
const CHUNK: u32 = 500;

/// Does something for the group of every table, parents before their children.
macro_rules! each {
    ($work:ident) => {
        $work! {
            Artists: Artist, Genres: Genre, MediaTypes: MediaType, Albums: Album, Tracks: Track, Playlists: Playlist,
            PlaylistTracks: PlaylistTrack, Employees: Employee, Customers: Customer, Invoices: Invoice,
            InvoiceLines: InvoiceLine
        }
    };
}

/// How many rows there are to copy.
///
/// # Errors
/// When the store cannot answer, or holds something else.
pub fn count(context: &mut Context<'_>) -> Result<u64> {
    macro_rules! counts {
        ($($group:ident: $entity:ident),*) => { [$(context.realise($group::all().count())?),*] };
    }
    Ok(each!(counts).iter().sum())
}

/// Copies every row, all or none; calls `told` with the number of each lot that is copied.
///
/// # Errors
/// When one of the stores cannot answer, or refuses a row.
pub fn copy(from: &mut Context<'_>, to: &mut Context<'_>, told: &mut dyn FnMut(u64)) -> Result<()> {
    to.transaction(|to| {
        macro_rules! copies {
            ($($group:ident: $entity:ident),*) => {$(
                for rows in from.stream($group::all().view::<$entity>(), CHUNK) {
                    let mut rows = rows?;
                    insert(to, &mut rows)?;
                    told(rows.len() as u64);
                }
            )*};
        }
        each!(copies);
        Ok(())
    })
}

/// As a unit of work: rows of one table that refer to one another go in the order that they need.
fn insert<V: Editable>(to: &mut Context<'_>, rows: &mut [V]) -> Result<(), persist::Error> {
    let mut work = Work::new();
    for row in rows {
        let _ = work.insert(row);
    }
    to.commit(work).map(drop)
}

/// Looks whether two stores hold the same rows; calls `told` with the number of each lot that was looked at.
///
/// # Errors
/// When they do not: with the first table that differs; when one of them cannot answer.
pub fn compare(one: &mut Context<'_>, other: &mut Context<'_>, told: &mut dyn FnMut(u64)) -> Result<()> {
    macro_rules! compares {
        ($($group:ident: $entity:ident),*) => {$(
            let all = || $group::all().view::<$entity>();
            same(one.stream(all(), CHUNK), other.stream(all(), CHUNK), told)?;
        )*};
    }
    each!(compares);
    Ok(())
}

fn same<V: View + Debug + PartialEq>(
    mut rows: Stream<'_, '_, V>,
    mut copies: Stream<'_, '_, V>,
    told: &mut dyn FnMut(u64),
) -> Result<()> {
    loop {
        match (rows.next().transpose()?, copies.next().transpose()?) {
            (None, None) => return Ok(()),
            (Some(rows), Some(copies)) => {
                if let Some((row, copy)) = rows.iter().zip(&copies).find(|(row, copy)| row != copy) {
                    bail!("{row:?} is {copy:?} there");
                }
                let longer = if rows.len() > copies.len() { &rows } else { &copies };
                ensure!(rows.len() == copies.len(), "only one has {}", last(longer));
                told(rows.len() as u64);
            }
            (rows, copies) => bail!("only one has {}", last(&rows.or(copies).unwrap_or_default())),
        }
    }
}

fn last<V: Debug>(rows: &[V]) -> String {
    rows.last().map(|row| format!("{row:?}")).unwrap_or_default()
}
