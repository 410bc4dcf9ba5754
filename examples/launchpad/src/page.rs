//! Gathers the page: the only place that knows a context.
//!
//! Each part of the page asks for what it needs, without knowing of the others; all of it goes out together.

use crate::domain::{
    Bugs, DistributionCard, Distributions, HotBug, People, PersonCard, Pillar, Pillars, Projects, Viewer, distribution,
    person,
};
use persist::{Answers, Batch, Context, Error, Ticket};

/// Everything that is on the page. Plain structs: what is done with them cannot query.
#[derive(Debug, PartialEq)]
pub struct Page {
    /// Who looks at it.
    pub viewer: Option<PersonCard>,
    /// All distributions.
    pub distributions: Vec<DistributionCard>,
    /// Their hottest bugs.
    pub bugs: Vec<HotBug>,
    /// How many open bugs there are to see, listed or not.
    pub open: u64,
    /// Everybody who is concerned with the bugs that are listed.
    pub people: Vec<PersonCard>,
}

/// Gathers the page for `viewer`: with the `show` hottest bugs, or all of them. What there is to see is the context's
/// business: see [`access`](crate::access).
///
/// # Errors
/// When the store cannot answer, or holds rows that are not what they should be.
pub fn gather(context: &mut Context<'_>, viewer: Viewer, show: Option<u64>) -> Result<Page, Error> {
    let distributions = Distributions::all().order_by(distribution::name.asc());
    let bugs = distributions.hot_bugs(show);

    let mut batch = Batch::new();
    let greeting = Greeting::ask(viewer, &mut batch);
    let listing = Listing::ask(&distributions, &bugs, &mut batch);
    let sidebar = Sidebar::ask(&bugs, &mut batch);

    let mut answers = context.realise(batch)?;
    let (distributions, bugs, open) = listing.take(&mut answers);
    Ok(Page { viewer: greeting.take(&mut answers), distributions, bugs, open, people: sidebar.take(&mut answers) })
}

/// What was found for a visitor who looks for something.
#[derive(Debug, PartialEq)]
pub struct Search {
    /// What they look for.
    pub text: String,
    /// The first of what there is, of whatever kind.
    pub found: Vec<Pillar>,
    /// How much there is, listed or not.
    pub total: u64,
    /// How many of them are people.
    pub people: u64,
}

/// Looks for distributions, projects and people by their names, and lists the first `show` of them, or all.
///
/// # Errors
/// When the store cannot answer, or holds rows that are not what they should be.
pub fn search(context: &mut Context<'_>, text: &str, show: Option<u64>) -> Result<Search, Error> {
    let pillars = Pillars::of(Distributions::all(), Projects::all(), People::all()).search(text);
    let (found, total, people) =
        context.realise((pillars.limit(show), pillars.count(), pillars.only_person().count()))?;
    Ok(Search { text: text.to_owned(), found, total, people })
}

/// The line that says who is logged in.
struct Greeting(Option<Ticket<Vec<PersonCard>>>);

impl Greeting {
    fn ask(viewer: Viewer, batch: &mut Batch) -> Self {
        let Viewer::Person(id) = viewer else { return Self(None) };
        Self(Some(batch.add(People::from_keys([id]).view())))
    }

    fn take(self, answers: &mut Answers) -> Option<PersonCard> {
        answers.take(self.0?).pop()
    }
}

/// The middle of the page.
struct Listing(Ticket<(Vec<DistributionCard>, Vec<HotBug>, u64)>);

impl Listing {
    fn ask(distributions: &Distributions, bugs: &Bugs, batch: &mut Batch) -> Self {
        Self(batch.add((distributions.view(), bugs.view(), distributions.open_bugs().count())))
    }

    fn take(self, answers: &mut Answers) -> (Vec<DistributionCard>, Vec<HotBug>, u64) {
        answers.take(self.0)
    }
}

/// The column of people at the side.
struct Sidebar(Ticket<Vec<PersonCard>>);

impl Sidebar {
    fn ask(bugs: &Bugs, batch: &mut Batch) -> Self {
        let people = bugs.subscribers() | bugs.assignees() | bugs.owners();
        Self(batch.add(people.order_by(person::name.asc()).view()))
    }

    fn take(self, answers: &mut Answers) -> Vec<PersonCard> {
        answers.take(self.0)
    }
}
