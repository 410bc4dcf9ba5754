//! `chinook DATABASE artists|playlists|employees [--csv]`

use anyhow::{Context as _, Result, anyhow};
use chinook::{csv, database, reports, table};
use clap::{Parser, ValueEnum};
use persist::Context;
use persist::store::{Fault, StoreError};
use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Reports on a Chinook database
#[derive(Parser)]
struct Args {
    /// The SQLite file; it is only read
    database: PathBuf,
    /// Which report
    report: Wanted,
    /// Write CSV, as `sqlite3 -csv -header` does, instead of a table
    #[arg(long)]
    csv: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Wanted {
    /// What each artist recorded
    Artists,
    /// What is on each playlist
    Playlists,
    /// Whom each employee works with, and what the employee's customers bought
    Employees,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let (message, code) = match run(&args) {
        Ok(statements) => (statements, ExitCode::SUCCESS),
        Err(error) => (format!("chinook: {error:#}"), ExitCode::FAILURE),
    };
    // A reader that has gone away misses nothing.
    let _ = writeln!(io::stderr(), "{message}");
    code
}

/// Writes the report, and tells how many statements it took.
fn run(args: &Args) -> Result<String> {
    let file = || args.database.display().to_string();
    let mut context = Context::owning(database::open(&args.database).with_context(file)?);
    let report = match args.report {
        Wanted::Artists => reports::artists(&mut context),
        Wanted::Playlists => reports::playlists(&mut context),
        Wanted::Employees => reports::employees(&mut context),
    };
    let report = report.map_err(explained).with_context(file)?;
    match print(&if args.csv { csv::csv(&report) } else { table::table(&report) }) {
        // Whoever reads has read enough, as `head` does.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error).context("writing the report"),
        _ => Ok(context.stats().to_string()),
    }
}

fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

fn explained(error: anyhow::Error) -> anyhow::Error {
    match error.downcast_ref().and_then(persist::Error::store).map(StoreError::fault) {
        Some(Fault::MissingTable(_) | Fault::MissingColumn(_)) => anyhow!("this is not a Chinook database: {error}"),
        // persist's own words say it all, without the database's underneath.
        _ => anyhow!("{error}"),
    }
}
