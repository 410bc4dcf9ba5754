//! `glance`: an image registry on the command line.

mod options;

use clap::Parser;
use glance::fields::Assignment;
use glance::registry::Registry;
use glance::statements::Statements;
use glance::store::Database;
use glance::{race, render};
use options::{Command, Options};
use std::io::{self, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    match run(Options::parse()) {
        Ok(code) => code,
        Err(error) => {
            // Where nobody listens, the exit code has to do.
            let _ = writeln!(io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: Options) -> anyhow::Result<ExitCode> {
    let database = options.place.database();
    database.create()?;
    if let Command::Race = options.command {
        return races(&database);
    }
    let statements = Statements::default();
    let mut registry = Registry::new(database.connect(&statements)?).at(options.at);
    if options.hold {
        registry = registry.holding(wait);
    }
    let done = act(&mut registry, options.command);
    if options.statements {
        let said = statements.take().iter().map(|statement| format!("{statement}\n")).collect::<String>();
        heard(io::stderr().write_all(said.as_bytes()))?;
    }
    heard(io::stdout().write_all(done?.as_bytes()))?;
    Ok(ExitCode::SUCCESS)
}

/// What is loaded waits to be saved.
fn wait() {
    let _ = writeln!(io::stderr(), "loaded; a line on standard input saves");
    // At the end of the input there is nothing to wait for.
    let _ = io::stdin().read_line(&mut String::new());
}

fn races(database: &Database) -> anyhow::Result<ExitCode> {
    let findings = race::run(database)?;
    heard(io::stdout().write_all(race::table(&findings).as_bytes()))?;
    Ok(if findings.iter().all(|finding| finding.both) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn act(registry: &mut Registry<'_>, command: Command) -> anyhow::Result<String> {
    Ok(match command {
        Command::Create { name, fields, property, tag } => {
            let (properties, tags) = (property.into_iter().collect(), tag.into_iter().collect());
            let id = registry.create(Some(name), |image| assign(fields, image), properties, tags)?;
            format!("image {id} is queued\n")
        }
        Command::Show { id } => render::card(&registry.show(id)?),
        Command::List { who, tag } => render::list(&registry.list(who.as_deref(), tag.as_deref())?),
        Command::Update { id, fields } => {
            let changes = registry.update(id, |image| assign(fields, image))?;
            format!("image {id}: {changes}\n")
        }
        Command::SetProperty { id, name, value } => {
            registry.set_property(id, &name, &value)?;
            format!("image {id}: {name} = {value}\n")
        }
        Command::UnsetProperty { id, name } => {
            registry.unset_property(id, &name)?;
            format!("image {id} has no property {name} any more\n")
        }
        Command::Tag { id, tag } if registry.tag(id, &tag)? => format!("image {id} is tagged {tag}\n"),
        Command::Tag { id, tag } => format!("image {id} was tagged {tag} before\n"),
        Command::Untag { id, tag } => {
            registry.untag(id, &tag)?;
            format!("image {id} is not tagged {tag} any more\n")
        }
        Command::Upload { id, file } => {
            let image = registry.upload(id, &file)?;
            format!("image {id} is {}: {} bytes\n", image.status, image.size.unwrap_or_default())
        }
        Command::Locate { id, address } => {
            registry.locate(id, &address)?;
            format!("image {id} is also at {address}\n")
        }
        Command::Share { id, who } => {
            registry.share(id, &who)?;
            format!("image {id} is offered to {who}\n")
        }
        Command::Answer { id, who, status } => {
            registry.answer(id, &who, status)?;
            format!("image {id} is {status} by {who}\n")
        }
        Command::Delete { ids } => {
            registry.delete(&ids)?;
            ids.iter().map(|id| format!("image {id} is deleted\n")).collect()
        }
        Command::Purge => format!("forgotten: {}\n", registry.purge()?),
        Command::Race => String::new(),
    })
}

fn assign(fields: Vec<Assignment>, image: &mut glance::domain::Image) {
    fields.into_iter().for_each(|field| field.apply(image));
}

/// A reader who has seen enough, such as `head`, is no failure.
fn heard(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}
