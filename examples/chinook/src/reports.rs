//! The reports. Each loads one view of one group, and computes its rows from plain structs.

use crate::domain::{Artists, Discography, Employees, Playlists, Programme, SalesRecord};
use anyhow::{Context as _, Result};
use persist::Context;
use rust_decimal::Decimal;
use std::fmt::Display;

/// Rows with the names of their columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The names of the columns.
    pub columns: &'static [&'static str],
    /// The rows, each with one field for each column.
    pub rows: Vec<Vec<Field>>,
}

/// One field of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    /// There is nothing to show.
    Nothing,
    /// Text.
    Text(String),
    /// A number, written out.
    Number(String),
}

impl Field {
    /// The field as it is written, if there is something to write.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Nothing => None,
            Self::Text(text) | Self::Number(text) => Some(text),
        }
    }
}

fn text(text: Option<&str>) -> Field {
    text.map_or(Field::Nothing, |text| Field::Text(text.to_owned()))
}

fn number(number: impl Display) -> Field {
    Field::Number(number.to_string())
}

fn money(amount: Decimal) -> Field {
    Field::Number(format!("{amount:.2}"))
}

/// What each artist recorded.
///
/// # Errors
/// When the store cannot answer, or a row is not what the views promise.
pub fn artists(context: &mut Context<'_>) -> Result<Report> {
    let artists = context.realise(Artists::all().view::<Discography>())?;
    let row = |artist: &Discography| {
        vec![
            number(artist.id),
            text(artist.name.as_deref()),
            number(artist.albums.len()),
            number(artist.tracks().count()),
            number(artist.milliseconds()),
            number(artist.genres().len()),
        ]
    };
    let columns = &["ArtistId", "Name", "albums", "tracks", "ms", "genres"];
    Ok(Report { columns, rows: artists.iter().map(row).collect() })
}

/// What is on each playlist.
///
/// # Errors
/// When the store cannot answer, or a row is not what the views promise.
pub fn playlists(context: &mut Context<'_>) -> Result<Report> {
    let playlists = context.realise(Playlists::all().view::<Programme>())?;
    let row = |playlist: &Programme| {
        vec![
            number(playlist.id),
            text(playlist.name.as_deref()),
            number(playlist.tracks.len()),
            number(playlist.milliseconds()),
        ]
    };
    let columns = &["PlaylistId", "Name", "tracks", "ms"];
    Ok(Report { columns, rows: playlists.iter().map(row).collect() })
}

/// Whom each employee works with, and what the employee's customers bought.
///
/// # Errors
/// When the store cannot answer, a row is not what the views promise, or a total is beyond every decimal.
pub fn employees(context: &mut Context<'_>) -> Result<Report> {
    let employees = context.realise(Employees::all().view::<SalesRecord>())?;
    let row = |employee: &SalesRecord| {
        let beyond = || format!("Employee {}: the invoices amount to more than a decimal holds", employee.id);
        Ok(vec![
            number(employee.id),
            text(Some(&employee.last_name)),
            text(employee.manager.as_ref().map(|manager| manager.last_name.as_str())),
            number(employee.reports.len()),
            number(employee.customers.len()),
            number(employee.invoices().count()),
            money(employee.total().with_context(beyond)?),
        ])
    };
    let columns = &["EmployeeId", "LastName", "manager", "reports", "customers", "invoices", "total"];
    Ok(Report { columns, rows: employees.iter().map(row).collect::<Result<_>>()? })
}
