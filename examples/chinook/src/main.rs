//! `chinook DATABASE artists|playlists|employees [--csv]`, `chinook copy FROM TO`

use anyhow::{Context as _, Result, anyhow};
use chinook::copy::{self, Place};
use chinook::{csv, database, reports, table};
use clap::{CommandFactory, Parser, Subcommand, ValueEnum, error::ErrorKind as Misuse};
use indicatif::{ProgressBar, ProgressStyle};
use persist::Context;
use persist::store::{Fault, StoreError};
use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Reports on a Chinook database, and copies of it
#[derive(Parser)]
#[command(args_conflicts_with_subcommands = true)]
struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    report: Option<Report>,
}

#[derive(clap::Args)]
struct Report {
    /// The SQLite file; it is only read
    database: PathBuf,
    /// Which report
    report: Wanted,
    /// Write CSV, as `sqlite3 -csv -header` does, instead of a table
    #[arg(long)]
    csv: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Copies all of the database to another store, and compares: an SQLite file, or an address on a server, of which each
    /// may be either (`postgres://..`, `mysql://..`)
    Copy {
        /// The database; it is only read
        from: Place,
        /// Where it is to go: what has no such tables is given them, and what has rows in them is refused
        to: Place,
    },
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
    let done = match Args::parse() {
        Args { command: Some(Command::Copy { from, to }), .. } => copied(&from, &to),
        Args { report: Some(report), .. } => run(&report),
        Args { .. } => {
            Args::command().error(Misuse::MissingSubcommand, "name a database and a report, or `copy`").exit()
        }
    };
    let (message, code) = match done {
        Ok(said) => (said, ExitCode::SUCCESS),
        Err(error) => (format!("chinook: {error:#}"), ExitCode::FAILURE),
    };
    // A reader that has gone away misses nothing.
    let _ = writeln!(io::stderr(), "{message}");
    code
}

/// Writes the report, and tells how many statements it took.
fn run(args: &Report) -> Result<String> {
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

/// Copies, compares, and tells how many rows there were and how many statements it took on either side.
fn copied(from: &Place, to: &Place) -> Result<String> {
    let mut source = from.open()?;
    let rows = copy::count(&mut source).map_err(explained).with_context(|| from.to_string())?;
    let mut copies = to.prepare()?;
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}")?;
    let bar = |doing: &'static str| ProgressBar::new(rows).with_style(style.clone()).with_message(doing);
    let (copying, comparing) = (bar("copying  "), bar("comparing"));
    copy::copy(&mut source, &mut copies, &mut |rows| copying.inc(rows)).map_err(explained)?;
    copying.finish();
    copy::compare(&mut source, &mut copies, &mut |rows| comparing.inc(rows)).map_err(explained)?;
    comparing.finish();
    let (read, written) = (source.stats().statements, copies.stats().statements);
    Ok(format!(
        "{rows} rows are now in {to}, each the same; statements: {read} to read, {written} to write and compare"
    ))
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
