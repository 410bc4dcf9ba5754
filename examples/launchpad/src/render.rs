//! Writes the page as text, from plain structs: whoever edits this cannot cause a query.

use crate::domain::{Branding, DistributionCard, HotBug, Importance, PersonCard, Status, TaskLine};
use crate::page::{Page, Search};
use anstyle::{AnsiColor, Style};
use chrono::NaiveDate;
use std::fmt::{self, Display, Write};

const HEADING: Style = Style::new().bold().underline();
const STRONG: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();
const ALARM: Style = AnsiColor::Red.on_default();
const CAUTION: Style = AnsiColor::Yellow.on_default();
const GOOD: Style = AnsiColor::Green.on_default();

/// The page as it looks on the day `today`, with the styles of a terminal.
#[must_use]
pub fn page(page: &Page, today: NaiveDate) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = write_page(&mut text, page, today);
    text
}

fn write_page(out: &mut impl Write, page: &Page, today: NaiveDate) -> fmt::Result {
    match &page.viewer {
        Some(viewer) => writeln!(out, "Logged in as {}", person(viewer))?,
        None => writeln!(out, "Not logged in")?,
    }
    heading(out, format_args!("Distributions ({})", page.distributions.len()))?;
    for distribution in &page.distributions {
        write_distribution(out, distribution)?;
    }
    heading(out, format_args!("Hot bugs ({} of {} open)", page.bugs.len(), page.open))?;
    for bug in &page.bugs {
        write_bug(out, bug, today)?;
    }
    heading(out, format_args!("People ({})", page.people.len()))?;
    for card in &page.people {
        writeln!(out, "{}  {}", styled(STRONG, &card.display_name), styled(FAINT, &card.url))?;
        write_branding(out, card.branding())?;
    }
    Ok(())
}

/// What was found, with the styles of a terminal.
#[must_use]
pub fn search(search: &Search) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = write_search(&mut text, search);
    text
}

fn write_search(out: &mut impl Write, Search { text, found, total, people }: &Search) -> fmt::Result {
    let title = format_args!("Search for {text:?} ({} of {total}, {people} of them people)", found.len());
    writeln!(out, "{}", styled(HEADING, title))?;
    for pillar in found {
        let (name, url) = (pillar.display_name(), pillar.url());
        writeln!(out, "{}  {}, {}", styled(STRONG, name), pillar.kind(), styled(FAINT, url))?;
        if let Some(owner) = pillar.owner() {
            writeln!(out, "    run by {}", person(owner))?;
        }
        write_branding(out, pillar.branding())?;
    }
    Ok(())
}

fn heading(out: &mut impl Write, title: fmt::Arguments<'_>) -> fmt::Result {
    writeln!(out, "\n{}", styled(HEADING, title))
}

fn write_distribution(out: &mut impl Write, card: &DistributionCard) -> fmt::Result {
    writeln!(out, "{}  {}", styled(STRONG, &card.link.display_name), styled(FAINT, &card.link.url))?;
    writeln!(out, "    run by {}, tasks so far: {}", person(&card.owner), card.task_count)?;
    write_branding(out, card.branding())
}

fn write_branding(out: &mut impl Write, Branding { icon, logo, mugshot }: Branding<'_>) -> fmt::Result {
    writeln!(out, "    icon {icon}\n    logo {logo}\n    mugshot {mugshot}")
}

fn write_bug(out: &mut impl Write, hot: &HotBug, today: NaiveDate) -> fmt::Result {
    let title = format_args!("#{} {}", hot.bug.id, hot.bug.title);
    write!(out, "{:>5}  {}", hot.bug.heat, styled(STRONG, title))?;
    if hot.bug.private {
        write!(out, "  {}", styled(ALARM, "private"))?;
    }
    if hot.is_stale(today) {
        let quiet = format_args!("stale for {} days", hot.bug.quiet_days(today));
        write!(out, "  {}", styled(CAUTION, quiet))?;
    }
    writeln!(out, "\n       {}", styled(FAINT, &hot.url))?;
    writeln!(out, "       reported by {}", person(&hot.owner))?;
    for task in &hot.tasks {
        write_task(out, task)?;
    }
    write_subscribers(out, hot)
}

fn write_task(out: &mut impl Write, task: &TaskLine) -> fmt::Result {
    write!(out, "       {:<26} ", task.target)?;
    write!(out, "{} ", styled(status_style(task.status), format_args!("{:<13}", task.status)))?;
    write!(out, "{} ", styled(importance_style(task.importance), format_args!("{:<9}", task.importance)))?;
    match &task.assignee {
        Some(assignee) => writeln!(out, "{}", person(assignee)),
        None => writeln!(out, "unassigned"),
    }
}

fn write_subscribers(out: &mut impl Write, hot: &HotBug) -> fmt::Result {
    if hot.subscribers.is_empty() {
        return writeln!(out, "       followed by nobody");
    }
    let names: Vec<_> = hot.subscribers.iter().map(|person| person.display_name.as_str()).collect();
    write!(out, "       followed by {}", names.join(", "))?;
    match hot.further_subscribers() {
        0 => writeln!(out),
        more => writeln!(out, " and {more} more"),
    }
}

const fn status_style(status: Status) -> Style {
    match status {
        Status::InProgress | Status::FixCommitted | Status::FixReleased => GOOD,
        Status::Invalid | Status::WontFix => FAINT,
        _ => Style::new(),
    }
}

const fn importance_style(importance: Importance) -> Style {
    match importance {
        Importance::Critical => ALARM,
        Importance::High => CAUTION,
        _ => Style::new(),
    }
}

fn person(card: &PersonCard) -> String {
    format!("{} (~{})", card.display_name, card.name)
}

fn styled(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}
