//! Makes up a Launchpad. The same number of bugs and the same seed give the same one, on every machine.

use crate::domain::{
    Bug, BugSubscription, BugTask, Distribution, Importance, LibraryFileAlias, Person, Project, Status, Viewer,
};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeSet;

/// The day on which all this is: nothing here is younger, and the page counts days from it.
pub const TODAY: NaiveDate = match NaiveDate::from_ymd_opt(2010, 7, 1) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

/// Who looks at the page.
pub const VIEWER: Viewer = Viewer::Person(1);

const DISTRIBUTIONS: [(&str, &str); 4] =
    [("ubuntu", "Ubuntu"), ("debian", "Debian"), ("fedora", "Fedora"), ("gentoo", "Gentoo")];
const FIRST: [&str; 12] =
    ["Ada", "Bela", "Chidi", "Dana", "Emil", "Farah", "Goro", "Hana", "Ines", "Jomo", "Kirsi", "Luca"];
const LAST: [&str; 10] = ["Abara", "Berg", "Castro", "Dorsey", "Endo", "Fontaine", "Grove", "Haddad", "Ito", "Jansen"];
const PACKAGES: [&str; 9] =
    ["linux", "firefox", "network-manager", "gnome-panel", "cups", "gimp", "openssh", "bash", "xorg-server"];
const FAULTS: [&str; 8] =
    ["Crash", "Freeze", "Memory leak", "Garbled screen", "Wrong keyboard layout", "Data loss", "No sound", "Slowdown"];
const OCCASIONS: [&str; 8] = [
    "on resume",
    "after an upgrade",
    "with two monitors",
    "at login",
    "when printing",
    "over a slow network",
    "on battery",
    "with a full disk",
];
/// Some stand here several times, being more frequent.
const STATUSES: [Status; 12] = [
    Status::New,
    Status::New,
    Status::New,
    Status::Incomplete,
    Status::Confirmed,
    Status::Confirmed,
    Status::Triaged,
    Status::InProgress,
    Status::FixCommitted,
    Status::FixReleased,
    Status::Invalid,
    Status::WontFix,
];
const IMPORTANCES: [Importance; 8] = [
    Importance::Undecided,
    Importance::Undecided,
    Importance::Wishlist,
    Importance::Low,
    Importance::Medium,
    Importance::Medium,
    Importance::High,
    Importance::Critical,
];

/// The rows of all tables.
#[derive(Debug, Default, PartialEq)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Launchpad {
    pub files: Vec<LibraryFileAlias>,
    pub people: Vec<Person>,
    pub distributions: Vec<Distribution>,
    pub projects: Vec<Project>,
    pub bugs: Vec<Bug>,
    pub tasks: Vec<BugTask>,
    pub subscriptions: Vec<BugSubscription>,
}

impl Launchpad {
    /// Makes one up, with so many bugs.
    #[must_use]
    pub fn generate(bugs: u32, seed: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut made = Self::default();
        for _ in 0..24 + bugs / 25 {
            made.add_person(&mut rng);
        }
        for (name, display_name) in DISTRIBUTIONS {
            made.add_distribution(name, display_name, &mut rng);
        }
        for _ in 0..bugs {
            made.add_bug(&mut rng);
        }
        for name in PACKAGES {
            made.add_project(name, &mut rng);
        }
        made
    }

    fn add_person(&mut self, rng: &mut ChaCha8Rng) {
        let id = next_id(&self.people);
        let (first, last) = (pick(rng, &FIRST), pick(rng, &LAST));
        let name = format!("{}-{}-{id}", first.to_lowercase(), last.to_lowercase());
        let [icon_id, logo_id, mugshot_id] =
            ["icon", "logo", "mugshot"].map(|kind| rng.random_ratio(1, 2).then(|| self.add_image(&name, kind)));
        self.people.push(Person { id, name, display_name: format!("{first} {last}"), icon_id, logo_id, mugshot_id });
    }

    fn add_distribution(&mut self, name: &str, display_name: &str, rng: &mut ChaCha8Rng) {
        let [icon_id, logo_id, mugshot_id] = ["icon", "logo", "mugshot"].map(|kind| Some(self.add_image(name, kind)));
        self.distributions.push(Distribution {
            id: next_id(&self.distributions),
            name: name.to_owned(),
            display_name: display_name.to_owned(),
            owner_id: self.anybody(rng),
            icon_id,
            logo_id,
            mugshot_id,
        });
    }

    fn add_project(&mut self, name: &str, rng: &mut ChaCha8Rng) {
        let [icon_id, logo_id, mugshot_id] =
            ["icon", "logo", "mugshot"].map(|kind| rng.random_ratio(1, 2).then(|| self.add_image(name, kind)));
        let words: Vec<_> = name.split('-').map(capitalised).collect();
        self.projects.push(Project {
            id: next_id(&self.projects),
            name: name.to_owned(),
            display_name: words.join(" "),
            owner_id: self.anybody(rng),
            icon_id,
            logo_id,
            mugshot_id,
        });
    }

    fn add_image(&mut self, name: &str, kind: &str) -> i32 {
        let id = next_id(&self.files);
        let (filename, mimetype) = (format!("{name}-{kind}.png"), "image/png".to_owned());
        self.files.push(LibraryFileAlias { id, filename, mimetype });
        id
    }

    fn add_bug(&mut self, rng: &mut ChaCha8Rng) {
        let id = next_id(&self.bugs);
        let package = pick(rng, &PACKAGES);
        let date_created = before(TODAY.and_time(NaiveTime::MIN), rng);
        self.bugs.push(Bug {
            id,
            title: format!("{} in {package} {}", pick(rng, &FAULTS), pick(rng, &OCCASIONS)),
            owner_id: self.anybody(rng),
            private: rng.random_ratio(1, 8),
            heat: rng.random_range(1..=40) * rng.random_range(1..=30),
            date_created,
            date_last_updated: date_created.max(before(TODAY.and_time(NaiveTime::MIN), rng)),
        });
        // Every bug has a home, and some are elsewhere too.
        let home = rng.random_range(0..self.distributions.len());
        for distribution in 0..self.distributions.len() {
            if distribution == home || rng.random_ratio(1, 5) {
                self.add_task(id, distribution, package, rng);
            }
        }
        let subscribers: BTreeSet<_> = (0..rng.random_range(0..=9)).map(|_| self.anybody(rng)).collect();
        for person_id in subscribers {
            self.subscriptions.push(BugSubscription { id: next_id(&self.subscriptions), bug_id: id, person_id });
        }
    }

    fn add_task(&mut self, bug_id: i32, distribution: usize, package: &str, rng: &mut ChaCha8Rng) {
        let Distribution { id: distribution_id, display_name, .. } = &self.distributions[distribution];
        self.tasks.push(BugTask {
            id: next_id(&self.tasks),
            bug_id,
            distribution_id: *distribution_id,
            target: format!("{package} ({display_name})"),
            status: pick(rng, &STATUSES),
            importance: pick(rng, &IMPORTANCES),
            assignee_id: rng.random_ratio(1, 2).then(|| self.anybody(rng)),
        });
    }

    fn anybody(&self, rng: &mut ChaCha8Rng) -> i32 {
        self.people[rng.random_range(0..self.people.len())].id
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn next_id<T>(rows: &[T]) -> i32 {
    i32::try_from(rows.len() + 1).unwrap_or(i32::MAX)
}

fn pick<T: Copy>(rng: &mut ChaCha8Rng, from: &[T]) -> T {
    from[rng.random_range(0..from.len())]
}

fn before(day: NaiveDateTime, rng: &mut ChaCha8Rng) -> NaiveDateTime {
    day - TimeDelta::minutes(rng.random_range(1..=2 * 365 * 24 * 60))
}
