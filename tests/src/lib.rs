//! A small bug tracker, which the tests share; a richer one; and stores to run them on.

pub mod atlas;
pub mod atlas_data;
pub mod conformance;
pub mod data;
pub mod figures;
pub mod hooked;
pub mod kinds;
pub mod lacking;
pub mod log_store;
pub mod random;
pub mod random_data;
pub mod random_pages;
pub mod random_test;
pub mod schema;
pub mod sent;
pub mod server;
/// The store that the documentation of [`Store`](persist::Store) shows: the very text.
#[allow(missing_docs, reason = "an example")]
#[path = "../../persist-runtime/src/store/example/shelf.rs"]
pub mod shelf;
pub mod stores;
pub mod tracker;
pub mod tracker_schema;
pub mod wire;

use persist::prelude::*;
use std::sync::Arc;

/// The key of a [`Person`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Scalar)]
pub struct PersonId(pub i32);

/// How far a bug is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Scalar)]
pub enum Status {
    /// Nobody has looked yet.
    New,
    /// Somebody works on it.
    InProgress,
    /// Done.
    #[scalar(rename = "Fix Released")]
    FixReleased,
}

/// How much a bug hurts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Scalar)]
#[scalar(integer = i16)]
pub enum Importance {
    /// Little.
    Low = 10,
    /// More.
    High = 20,
    /// Everything is lost.
    Critical,
}

/// A distribution.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::distros, has_many(bugs: Bug, by = distro))]
pub struct Distro {
    /// The key.
    #[entity(key)]
    pub id: i32,
    /// Its name.
    pub name: String,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::people, name = "persons", collation = native, group = People)]
#[entity(has_many(comments: Comment, by = author))]
pub struct Person {
    /// The key.
    #[entity(key)]
    pub id: PersonId,
    /// The nickname.
    #[entity(column = nick)]
    pub name: String,
    /// A picture.
    pub picture: Option<Vec<u8>>,
}

/// A bug.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::bugs)]
#[entity(has_many(comments: Comment))]
#[entity(many_to_many(subscribers: Person, through = BugSubscription))]
pub struct Bug {
    /// The key.
    #[entity(key)]
    pub id: i32,
    /// One line.
    pub title: String,
    /// How hot it is.
    pub heat: i32,
    /// How far it is.
    pub status: Status,
    /// How much it hurts.
    pub importance: Option<Importance>,
    /// Where it is.
    #[entity(belongs_to(distro: Distro))]
    pub distro_id: i32,
    /// Who works on it.
    #[entity(belongs_to(assignee: Person))]
    pub assignee_id: Option<PersonId>,
    /// Not stored.
    #[entity(transient)]
    pub dirty: bool,
}

/// A comment on a bug.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::comments)]
pub struct Comment {
    /// The key.
    #[entity(key)]
    pub id: i64,
    /// The bug.
    #[entity(belongs_to(bug: Bug))]
    pub bug_id: i32,
    /// Who wrote it.
    #[entity(belongs_to(author: Person))]
    pub author_id: PersonId,
    /// When, in seconds.
    pub created: i64,
    /// What.
    pub r#type: String,
}

/// Who hears of a bug.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::bug_subscriptions, schema = "launchpad")]
#[entity(belongs_to(person: Person, by = person_id))]
#[entity(has_many(mails: Mail, by = subscription))]
pub struct BugSubscription {
    /// The bug.
    #[entity(key, belongs_to(bug: Bug))]
    pub bug_id: i32,
    /// Who.
    #[entity(key)]
    pub person_id: PersonId,
}

/// A mail to a subscriber.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::mails)]
#[entity(belongs_to(subscription: BugSubscription, by = (bug_id, person_id)))]
pub struct Mail {
    /// The key.
    #[entity(key)]
    pub id: i32,
    /// The bug.
    pub bug_id: i32,
    /// Who got it, if known.
    pub person_id: Option<PersonId>,
}

/// The head of a bug.
#[derive(Debug, Clone, View)]
#[view(of = Bug, budget = 1)]
pub struct BugLine {
    /// The key.
    pub id: i32,
    /// One line.
    pub title: String,
}

/// A distribution's name.
#[derive(Debug, View)]
#[view(of = Distro)]
pub struct DistroName {
    /// The name.
    pub name: String,
}

/// A person, small.
#[derive(Debug, Clone, View)]
#[view(of = Person)]
pub struct PersonCard {
    /// The name, under another name.
    #[view(from = name)]
    pub nick: String,
    /// The picture.
    pub picture: Option<Vec<u8>>,
}

/// A comment, with its author.
#[derive(Debug, View)]
#[view(of = Comment)]
pub struct CommentLine {
    /// When.
    pub created: i64,
    /// What.
    pub r#type: String,
    /// Who.
    pub author: Arc<PersonCard>,
}

/// Everything a page shows of a bug.
#[derive(Debug, View)]
#[view(of = Bug, budget = 7)]
pub struct HotBug {
    /// Its columns.
    #[view(flatten)]
    pub bug: BugLine,
    /// Where it is.
    pub distro: Arc<DistroName>,
    /// Where to read more.
    #[view(compute = url(&distro, bug.id))]
    pub url: String,
    /// Who works on it.
    pub assignee: Option<Arc<PersonCard>>,
    /// The last three.
    #[view(limit = 3, order_by = (comment::created.desc(), comment::id.asc()))]
    pub comments: Vec<CommentLine>,
    /// Who hears of it.
    pub subscribers: Vec<Arc<PersonCard>>,
    /// How many hear of it.
    #[view(count(subscribers))]
    pub subscriber_count: i64,
    /// The address, once more.
    #[view(compute = url.len())]
    pub url_length: usize,
}

/// Only relations.
#[derive(Debug, View)]
#[view(of = Distro)]
pub struct DistroBugs {
    /// All of them.
    pub bugs: Arc<[BugLine]>,
}

fn url(distro: &DistroName, id: i32) -> String {
    format!("https://bugs.example.org/{}/{id}", distro.name)
}

impl Distros {
    /// The domain's vocabulary lives on the group.
    pub fn hot_bugs(&self, most: u64) -> Bugs {
        self.bugs().order_by(bug::heat.desc()).limit(most)
    }
}

/// Every table of this domain.
pub const TABLES: &[&persist::Table] =
    &[Distro::TABLE, Person::TABLE, Bug::TABLE, Comment::TABLE, BugSubscription::TABLE, Mail::TABLE];
