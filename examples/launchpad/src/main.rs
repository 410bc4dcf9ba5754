//! Prints the page of the 2010 Launchpad proposal: distributions, their hot bugs, and everybody concerned.

use anstream::{AutoStream, ColorChoice};
use clap::{CommandFactory, Parser, ValueEnum, error::ErrorKind};
use launchpad::generate::{Launchpad, TODAY, VIEWER};
use launchpad::{access, page, render, store};
use persist::Context;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;

/// Prints the page of the 2010 Launchpad proposal.
///
/// The page goes to standard output, and what it took to load it to standard error.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// Where the data is kept
    #[arg(long, value_enum, default_value_t = Kind::Sqlite)]
    store: Kind,
    /// An SQLite file: read as it is, or created and filled if it has no tables [default: a database in memory]
    #[arg(long, value_name = "PATH")]
    database: Option<PathBuf>,
    /// The address of a database on a server, for `--store postgres` and `--store mysql`: read as it is, or given tables and
    /// filled if it has none
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// How many bugs to make up
    #[arg(long, value_name = "N", default_value_t = 500, value_parser = clap::value_parser!(u32).range(..=1_000_000))]
    bugs: u32,
    /// How many hot bugs (or finds of a search) to list, or `all`
    #[arg(long, value_name = "M", default_value = "20")]
    show: Show,
    /// Looks for distributions, projects and people by their names, instead of printing the page
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// Another seed makes up other data
    #[arg(long, value_name = "S", default_value_t = 2010)]
    seed: u64,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Kind {
    Sqlite,
    Memory,
    Postgres,
    /// MariaDB too
    Mysql,
}

#[derive(Clone, Copy)]
struct Show(Option<u64>);

impl FromStr for Show {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "all" {
            return Ok(Self(None));
        }
        let most: Result<u32, _> = text.parse();
        most.map(|most| Self(Some(most.into()))).map_err(|error| format!("{error}: say a number, or `all`"))
    }
}

impl Options {
    fn open(&self) -> anyhow::Result<Context<'static>> {
        let data = || Launchpad::generate(self.bugs, self.seed);
        match (self.store, &self.database, &self.url) {
            (Kind::Memory, None, None) => store::memory(&data()),
            (Kind::Sqlite, None, None) => store::sqlite(&data()),
            (Kind::Sqlite, Some(path), None) => store::sqlite_file(path, data),
            (Kind::Postgres, None, Some(url)) => store::postgres(url, data),
            (Kind::Mysql, None, Some(url)) => store::mysql(url, data),
            _ => {
                let words = "`--database` names an SQLite file, for `--store sqlite`; \
                             `--url` is for `--store postgres` and `--store mysql`, which need it";
                Self::command().error(ErrorKind::ArgumentConflict, words).exit()
            }
        }
    }
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Where nobody listens, the exit code has to do.
            let _ = writeln!(io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> anyhow::Result<()> {
    let mut context = options.open()?;
    access::see_as(&mut context, VIEWER);
    let before = context.stats();
    let show = options.show.0;
    let text = match &options.search {
        Some(text) => render::search(&page::search(&mut context, text, show)?),
        None => render::page(&page::gather(&mut context, VIEWER, show)?, TODAY),
    };
    let sent = context.stats() - before;
    heard(print(&text))?;
    heard(writeln!(io::stderr(), "{sent}"))?;
    Ok(())
}

/// Styles are for terminals; whatever else reads this gets the text alone.
fn print(text: &str) -> io::Result<()> {
    let stdout = io::stdout();
    let choice = if stdout.is_terminal() { ColorChoice::Auto } else { ColorChoice::Never };
    let mut stdout = AutoStream::new(stdout.lock(), choice);
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}

/// A reader who has seen enough, such as `head`, is no failure.
fn heard(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}
