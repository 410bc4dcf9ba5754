//! Each report, computed from plain structs, against the same report computed by SQL.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use chinook::domain::{Artist, Artists, Discography, Programme, SalesRecord};
use chinook::reports::{Field, Report};
use chinook::{database, reports};
use common::{REPORTS, Small, by_sql};
use persist::{Context, MemoryStore, Stats, View};
use std::path::Path;

/// The report, and what was sent for it.
fn report(path: &Path, name: &str) -> (Report, Stats) {
    let mut context = Context::owning(database::open(path).unwrap());
    let report = match name {
        "artists" => reports::artists(&mut context),
        "playlists" => reports::playlists(&mut context),
        _ => reports::employees(&mut context),
    };
    (report.unwrap(), context.stats())
}

/// Statements and rounds of a report, as its view states them.
fn stated(name: &str) -> (usize, usize) {
    match name {
        "artists" => (Discography::STATEMENTS, Discography::ROUNDS),
        "playlists" => (Programme::STATEMENTS, Programme::ROUNDS),
        _ => (SalesRecord::STATEMENTS, SalesRecord::ROUNDS),
    }
}

fn agrees_with_sql(path: &Path) {
    for (name, sql) in REPORTS {
        let (report, stats) = report(path, name);
        let (columns, rows) = by_sql(path, sql);
        assert!(!rows.is_empty(), "{name}");
        assert_eq!(report.columns, columns, "{name}");
        let fields = |row: &Vec<Field>| row.iter().map(|field| field.as_str().map(str::to_owned)).collect();
        let realised: Vec<Vec<_>> = report.rows.iter().map(fields).collect();
        assert_eq!(realised, rows, "{name}");
        let (statements, rounds) = stated(name);
        assert_eq!((stats.statements, stats.rounds), (statements as u64, rounds as u64), "{name}");
    }
}

#[test]
fn plans_are_what_the_views_state() {
    assert_eq!(REPORTS.map(|(name, _)| stated(name)), [(4, 4), (3, 3), (5, 3)]);
}

#[test]
fn a_small_database_agrees_with_sql() {
    agrees_with_sql(Small::new().path().as_path());
}

#[test]
fn a_real_file_agrees_with_sql() {
    match std::env::var_os("PERSIST_TEST_CHINOOK") {
        Some(path) => agrees_with_sql(Path::new(&path)),
        None => eprintln!("not run: PERSIST_TEST_CHINOOK names no Chinook file"),
    }
}

#[test]
fn the_number_of_statements_does_not_depend_on_the_rows() {
    let small = Small::new();
    small.execute(
        "WITH RECURSIVE n(n) AS (SELECT 100 UNION ALL SELECT n + 1 FROM n WHERE n < 5000)
         INSERT INTO Artist SELECT n, 'artist ' || n FROM n;
         INSERT INTO Album SELECT ArtistId, 'album', ArtistId FROM Artist WHERE ArtistId >= 100;
         INSERT INTO Track (TrackId, Name, AlbumId, GenreId, Milliseconds)
             SELECT AlbumId, 'track', AlbumId, 1 + AlbumId % 3, AlbumId FROM Album WHERE AlbumId >= 100;",
    );
    agrees_with_sql(&small.path());
}

#[test]
fn decimals_are_exact() {
    let (report, _) = report(Small::new().path().as_path(), "employees");
    let totals: Vec<_> = report.rows.iter().filter_map(|row| row.last()?.as_str()).collect();
    assert_eq!(totals, ["0.00", "0.00", "15.15", "3.98"]);
}

#[test]
fn a_report_does_not_care_where_the_rows_are_kept() {
    let store = MemoryStore::new();
    let mut context = Context::memory(&store);
    context.insert(&Artist { id: 1, name: Some("AC/DC".to_owned()) }).unwrap();
    let report = reports::artists(&mut context).unwrap();
    let fields: Vec<_> = report.rows[0].iter().map(Field::as_str).collect();
    assert_eq!(fields, ["1", "AC/DC", "0", "0", "0", "0"].map(Some));
    assert_eq!(context.realise(Artists::all().count()).unwrap(), 1);
}
