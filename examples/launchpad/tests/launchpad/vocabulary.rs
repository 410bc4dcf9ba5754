//! What the domain's groups mean, over the memory store.

use crate::day;
use launchpad::access;
use launchpad::domain::{
    Bug, BugSubscription, BugTask, Bugs, Distribution, Distributions, Importance, Person, Pillars, Project, Status,
    Viewer, distribution,
};
use persist::Context;
use persist::store::MemoryStore;

const STRANGER: i32 = 1;
const OWNER: i32 = 2;
const SUBSCRIBER: i32 = 3;

fn person(id: i32) -> Person {
    let (name, display_name) = (format!("person-{id}"), format!("Person {id}"));
    Person { id, name, display_name, icon_id: None, logo_id: None, mugshot_id: None }
}

fn distro(id: i32, name: &str) -> Distribution {
    let (name, display_name) = (name.to_owned(), name.to_owned());
    Distribution { id, name, display_name, owner_id: OWNER, icon_id: None, logo_id: None, mugshot_id: None }
}

fn bug(id: i32, heat: i32, private: bool) -> Bug {
    let (date_created, title) = (day(1, 1), format!("Bug {id}"));
    Bug { id, title, owner_id: OWNER, private, heat, date_created, date_last_updated: date_created }
}

fn task(id: i32, bug_id: i32, distribution_id: i32, status: Status) -> BugTask {
    let (target, importance) = ("linux".to_owned(), Importance::Medium);
    BugTask { id, bug_id, distribution_id, target, status, importance, assignee_id: Some(OWNER) }
}

/// Two distributions; bugs 1 and 5 are private, and `SUBSCRIBER` follows 1 and 4; 4 is done in ubuntu, 5 is debian's.
fn launchpad() -> Context<'static> {
    let mut context = Context::memory(&MemoryStore::new());
    context.insert_all(&[STRANGER, OWNER, SUBSCRIBER].map(person)).unwrap();
    context.insert_all(&[distro(1, "ubuntu"), distro(2, "debian")]).unwrap();
    let bugs = [bug(1, 90, true), bug(2, 50, false), bug(3, 70, false), bug(4, 80, false), bug(5, 50, true)];
    context.insert_all(&bugs).unwrap();
    let tasks = [
        task(1, 1, 1, Status::New),
        task(2, 2, 1, Status::Triaged),
        task(3, 2, 2, Status::New),
        task(4, 3, 1, Status::Confirmed),
        task(5, 4, 1, Status::FixReleased),
        task(6, 5, 2, Status::InProgress),
    ];
    context.insert_all(&tasks).unwrap();
    let followed = [1, 4].map(|bug_id| BugSubscription { id: bug_id, bug_id, person_id: SUBSCRIBER });
    context.insert_all(&followed).unwrap();
    context
}

fn ids(bugs: Bugs) -> Vec<i32> {
    launchpad().realise(bugs).unwrap().iter().map(|bug| bug.id).collect()
}

fn ubuntu() -> Distributions {
    Distributions::all().filter(distribution::name.eq("ubuntu"))
}

#[test]
fn a_stranger_sees_what_is_public() {
    assert_eq!(ids(Bugs::all().visible_to(Viewer::Anyone)), [2, 3, 4]);
    assert_eq!(ids(Bugs::all().visible_to(Viewer::Person(STRANGER))), [2, 3, 4]);
}

#[test]
fn an_owner_sees_their_own_too() {
    assert_eq!(ids(Bugs::all().visible_to(Viewer::Person(OWNER))), [1, 2, 3, 4, 5]);
}

#[test]
fn a_subscriber_sees_what_they_follow_too() {
    assert_eq!(ids(Bugs::all().visible_to(Viewer::Person(SUBSCRIBER))), [1, 2, 3, 4]);
}

#[test]
fn what_is_visible_of_a_group_is_in_the_group() {
    let some = Bugs::from_keys([2, 5]);
    assert_eq!(ids(some.visible_to(Viewer::Person(SUBSCRIBER))), [2]);
    assert_eq!(ids(some.visible_to(Viewer::Person(OWNER))), [2, 5]);
}

#[test]
fn open_bugs_have_something_to_do_in_these_distributions() {
    assert_eq!(ids(ubuntu().open_bugs()), [1, 2, 3]);
    assert_eq!(ids(Distributions::all().open_bugs()), [1, 2, 3, 5], "bug 2 is open in both, and there once");
}

#[test]
fn hot_bugs_come_hottest_first_and_of_equals_the_older() {
    let all = Distributions::all();
    assert_eq!(ids(all.hot_bugs(None)), [1, 3, 2, 5]);
    assert_eq!(ids(all.hot_bugs(3)), [1, 3, 2]);
}

#[test]
fn hot_bugs_are_cut_after_what_is_hidden() {
    let ids_as = |viewer, bugs: Bugs| {
        let mut context = launchpad();
        access::see_as(&mut context, viewer);
        context.realise(bugs).unwrap().iter().map(|bug| bug.id).collect::<Vec<_>>()
    };
    assert_eq!(ids_as(Viewer::Anyone, Distributions::all().hot_bugs(1)), [3]);
    assert_eq!(ids_as(Viewer::Person(SUBSCRIBER), ubuntu().hot_bugs(2)), [1, 3]);
}

#[test]
fn a_search_finds_every_kind_by_either_name() {
    let mut context = launchpad();
    let (name, display_name) = ("person-tracker".to_owned(), "Tracker".to_owned());
    let images = (None, None, None);
    let (icon_id, logo_id, mugshot_id) = images;
    let tracker = Project { id: 1, name, display_name, owner_id: OWNER, icon_id, logo_id, mugshot_id };
    context.insert(&tracker).unwrap();
    let mut find = |text: &str| -> Vec<String> {
        let found = context.realise(Pillars::all().search(text)).unwrap();
        found.iter().map(|pillar| format!("{} {}", pillar.kind(), pillar.display_name())).collect()
    };
    assert_eq!(find("PERSON"), ["person Person 1", "person Person 2", "person Person 3", "project Tracker"]);
    assert_eq!(find("tracker"), ["project Tracker"]);
    assert_eq!(find("u"), ["distribution ubuntu"]);
    assert!(find("%").is_empty(), "no character is special");
}

#[test]
fn a_search_is_cut_as_one_and_narrowed_to_a_kind() {
    let mut context = launchpad();
    let all = Pillars::all().search("");
    let first = context.realise(all.limit(4)).unwrap();
    assert_eq!(first.iter().filter(|pillar| pillar.kind() == "person").count(), 3, "upper case comes first");
    let counts = context.realise((all.count(), all.only_person().count(), all.only_distribution().count())).unwrap();
    assert_eq!(counts, (5, 3, 2));
}

#[test]
fn a_union_has_everybody_once() {
    let bugs = Bugs::from_keys([1, 2]);
    let people = bugs.subscribers() | bugs.assignees() | bugs.owners();
    let people = launchpad().realise(people).unwrap();
    assert_eq!(people, [person(OWNER), person(SUBSCRIBER)]);
}
