//! Work 10: a test of the domain: a small store in memory, a function of the domain over groups, and what must come out.

use crate::Outcome;
use crate::domain::{Bug, BugPage, Bugs, Comment, Person, bug, comment};
use crate::measure::Random;
use persist::{Context, MemoryStore};

const PEOPLE: i32 = 3;
const BUGS: i32 = 24;
const COMMENTS: i64 = 48;
const MOST: usize = 5;
const DONE: &str = "Fix Released";

impl Bugs {
    /// Those that somebody works on and has not done, the hottest first.
    pub fn on_the_desk_of(&self, person: i32) -> Self {
        self.filter(bug::assignee_id.eq(Some(person)) & bug::status.ne(DONE)).order_by(bug::heat.desc())
    }

    /// Those on which somebody has commented.
    pub fn discussed_by(&self, person: i32) -> Self {
        self.filter(bug::comments.exists(comment::author_id.eq(person)))
    }
}

/// What a person sees in the morning: the hottest open bugs, and how many of all the open ones this person discusses.
///
/// # Errors
/// When the store cannot answer.
pub fn morning(context: &mut Context<'_>, person: i32) -> Outcome<(Vec<BugPage>, u64)> {
    let desk = Bugs::all().on_the_desk_of(person);
    let hottest = desk.limit(MOST as u64);
    Ok(context.realise((hottest.view::<BugPage>(), desk.discussed_by(person).count()))?)
}

/// What a test has in its store.
struct Fixture {
    people: Vec<Person>,
    bugs: Vec<Bug>,
    comments: Vec<Comment>,
}

impl Fixture {
    fn new(seed: u64) -> Self {
        let random = &mut Random(seed);
        let mut below = |end: i32| random.below(end.unsigned_abs().into()) as i32;
        let people = (1..=PEOPLE).map(|id| {
            let (name, email) = (format!("Person {id}"), format!("person.{id}@example.org"));
            Person { id, name, email, karma: below(100) }
        });
        let people = people.collect();
        let bugs = (1..=BUGS).map(|id| {
            let status = ["New", "Confirmed", DONE][below(3) as usize].to_owned();
            let assignee_id = Some(below(PEOPLE + 1)).filter(|person| *person > 0);
            let (title, created) = (format!("Bug {id}"), 1_500_000_000 + i64::from(id));
            Bug { id, title, heat: below(20), status, importance: None, created, assignee_id }
        });
        let bugs = bugs.collect();
        let comments = (1..=COMMENTS).map(|id| {
            let (bug_id, author_id) = (1 + below(BUGS), 1 + below(PEOPLE));
            Comment { id, bug_id, author_id, created: 1_600_000_000 + id, body: format!("Comment {id}") }
        });
        let comments = comments.collect();
        Self { people, bugs, comments }
    }

    /// What [`morning`] must give: the keys of the bugs, those of their comments, and the number.
    fn expected(&self, person: i32) -> (Vec<(i32, Vec<i64>)>, u64) {
        let open = |bug: &&Bug| bug.assignee_id == Some(person) && bug.status != DONE;
        let mut desk: Vec<&Bug> = self.bugs.iter().filter(open).collect();
        desk.sort_by_key(|bug| (-bug.heat, bug.id));
        let on = |bug: &Bug| self.comments.iter().filter(move |comment| comment.bug_id == bug.id).collect::<Vec<_>>();
        let discussed = desk.iter().filter(|bug| on(bug).iter().any(|comment| comment.author_id == person)).count();
        let ids = |bug: &Bug| (bug.id, on(bug).iter().map(|comment| comment.id).collect());
        (desk.iter().take(MOST).map(|bug| ids(bug)).collect(), discussed as u64)
    }
}

/// One test, of its own store.
///
/// # Errors
/// When the store cannot answer.
///
/// # Panics
/// When the test fails.
pub fn run(seed: u64) -> Outcome {
    let fixture = Fixture::new(seed);
    let store = MemoryStore::new();
    let mut context = Context::memory(&store);
    context.insert_all(&fixture.people)?;
    context.insert_all(&fixture.bugs)?;
    context.insert_all(&fixture.comments)?;
    let person = 1 + (seed % PEOPLE.unsigned_abs() as u64) as i32;
    let (bugs, discussed) = morning(&mut context, person)?;
    let ids = |bug: &BugPage| (bug.id, bug.comments.iter().map(|comment| comment.id).collect());
    assert_eq!((bugs.iter().map(ids).collect(), discussed), fixture.expected(person), "seed {seed}");
    assert!(bugs.iter().all(|bug| bug.assignee.as_ref().is_some_and(|assignee| assignee.id == person)));
    Ok(())
}
