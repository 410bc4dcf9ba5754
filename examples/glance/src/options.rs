//! What the command line says.

use chrono::NaiveDateTime;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum, error::ErrorKind};
use glance::domain::MemberStatus;
use glance::fields::Assignment;
use glance::store::Database;
use persist::MemoryStore;
use std::path::PathBuf;

/// An image registry, in which two editors never undo each other.
#[derive(Parser)]
#[command(version)]
pub(crate) struct Options {
    #[command(flatten)]
    pub(crate) place: Place,
    /// Load, wait for a line on standard input, then save
    #[arg(long, global = true)]
    pub(crate) hold: bool,
    /// Tell on standard error which statements were sent
    #[arg(long, global = true)]
    pub(crate) statements: bool,
    /// The time that is noted [default: now]
    #[arg(long, global = true, value_name = "TIME")]
    pub(crate) at: Option<NaiveDateTime>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Where the registry is.
#[derive(Args)]
pub(crate) struct Place {
    /// Where the registry is kept
    #[arg(long, global = true, value_enum, default_value_t = Kind::Sqlite)]
    store: Kind,
    /// An SQLite file, created if there is none [default: glance.db]
    #[arg(long, global = true, value_name = "PATH")]
    database: Option<PathBuf>,
    /// The address of a database on a server
    #[arg(long, global = true, value_name = "URL")]
    url: Option<String>,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Kind {
    Sqlite,
    /// As long as the program runs
    Memory,
    Postgres,
    /// MariaDB
    Mysql,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Announces an image
    Create {
        name: String,
        #[arg(value_name = "FIELD=VALUE")]
        fields: Vec<Assignment>,
        #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
        property: Vec<(String, String)>,
        #[arg(long)]
        tag: Vec<String>,
    },
    /// Shows an image with all that belongs to it
    Show { id: i32 },
    /// Lists images
    List {
        /// Only those that this user finds
        #[arg(long = "as", value_name = "WHO")]
        who: Option<String>,
        /// Only those with this tag
        #[arg(long)]
        tag: Option<String>,
    },
    /// Changes fields of an image; an empty value is none
    Update {
        id: i32,
        #[arg(value_name = "FIELD=VALUE", required = true)]
        fields: Vec<Assignment>,
    },
    /// Says something else of an image
    SetProperty { id: i32, name: String, value: String },
    /// Takes that back
    UnsetProperty { id: i32, name: String },
    /// Tags an image
    Tag { id: i32, tag: String },
    /// Takes a tag away
    Untag { id: i32, tag: String },
    /// Uploads the data of a queued image
    Upload { id: i32, file: PathBuf },
    /// Adds a place where the data is
    Locate { id: i32, address: String },
    /// Offers an image to somebody
    Share { id: i32, who: String },
    /// Says what somebody makes of that offer: accepted, or rejected
    Answer { id: i32, who: String, status: MemberStatus },
    /// Deletes images, all or none
    Delete {
        #[arg(value_name = "ID", required = true)]
        ids: Vec<i32>,
    },
    /// Forgets the deleted images
    Purge,
    /// Lets two users edit one image at a time, in five ways, and tells whether both edits are there afterwards
    Race,
}

impl Place {
    pub(crate) fn database(self) -> Database {
        match self {
            Self { store: Kind::Memory, database: None, url: None } => Database::Memory(MemoryStore::new()),
            Self { store: Kind::Sqlite, database, url: None } => {
                Database::Sqlite(database.unwrap_or_else(|| "glance.db".into()))
            }
            Self { store: Kind::Postgres, database: None, url: Some(url) } => Database::Postgres(url),
            Self { store: Kind::Mysql, database: None, url: Some(url) } => Database::Mysql(url),
            _ => {
                let words = "`--database` is for `--store sqlite`; \
                             `--url` is for `--store postgres` and `--store mysql`, which need it";
                Options::command().error(ErrorKind::ArgumentConflict, words).exit()
            }
        }
    }
}

fn pair(text: &str) -> Result<(String, String), &'static str> {
    let (name, value) = text.split_once('=').ok_or("say NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}
