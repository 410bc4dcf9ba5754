//! The rules of the domain, on values written by hand: no store, no context, no fixture.

use crate::day;
use launchpad::domain::{BugLine, DistributionLink, HotBug, Image, Importance, PersonCard, Status, TaskLine};
use std::sync::Arc;

fn ada() -> Arc<PersonCard> {
    let url = "https://launchpad.net/~ada".to_owned();
    let (name, display_name) = ("ada".to_owned(), "Ada Abara".to_owned());
    Arc::new(PersonCard { name, display_name, icon: None, logo: None, mugshot: None, url })
}

fn task(status: Status, importance: Importance) -> TaskLine {
    let url = "https://launchpad.net/ubuntu".to_owned();
    let ubuntu = DistributionLink { name: "ubuntu".to_owned(), display_name: "Ubuntu".to_owned(), url };
    TaskLine { target: "linux (Ubuntu)".to_owned(), status, importance, distribution: Arc::new(ubuntu), assignee: None }
}

fn hot_bug(tasks: Vec<TaskLine>) -> HotBug {
    let title = "Crash on resume".to_owned();
    HotBug {
        bug: BugLine { id: 1, title, private: false, heat: 6, date_last_updated: day(1, 31) },
        owner: ada(),
        tasks,
        subscribers: vec![ada()],
        subscriber_count: 3,
        url: "https://bugs.launchpad.net/ubuntu/+bug/1".to_owned(),
    }
}

#[test]
fn a_bug_is_stale_after_two_quiet_months() {
    let bug = hot_bug(vec![task(Status::Confirmed, Importance::High)]);
    assert!(!bug.is_stale(day(4, 1).date()), "that is the 60th day");
    assert!(bug.is_stale(day(4, 2).date()));
}

#[test]
fn a_bug_that_somebody_is_at_is_not_stale() {
    let today = day(12, 31).date();
    let assigned = TaskLine { assignee: Some(ada()), ..task(Status::Triaged, Importance::Low) };
    assert!(!hot_bug(vec![assigned]).is_stale(today));
    assert!(!hot_bug(vec![task(Status::InProgress, Importance::Low)]).is_stale(today));
}

#[test]
fn a_bug_that_is_done_is_not_stale() {
    let done = TaskLine { assignee: Some(ada()), ..task(Status::FixReleased, Importance::High) };
    assert!(!hot_bug(vec![done.clone()]).is_stale(day(12, 31).date()));
    let elsewhere = task(Status::New, Importance::Low);
    assert!(hot_bug(vec![done, elsewhere]).is_stale(day(12, 31).date()), "whoever fixed it there is not at it here");
}

#[test]
fn a_bug_matters_as_much_as_its_most_important_open_task() {
    let tasks = [(Status::FixReleased, Importance::Critical), (Status::New, Importance::Low)];
    let bug = hot_bug(tasks.map(|(status, importance)| task(status, importance)).into());
    assert_eq!(bug.importance(), Some(Importance::Low));
    assert_eq!(hot_bug(Vec::new()).importance(), None);
}

#[test]
fn subscribers_beyond_those_in_hand_are_counted() {
    assert_eq!(hot_bug(Vec::new()).further_subscribers(), 2);
}

#[test]
fn what_is_missing_of_a_branding_is_that_of_anybody() {
    let url = "https://launchpadlibrarian.net/7/ada.png".to_owned();
    let logo = Some(Arc::new(Image { id: 7, filename: "ada.png".to_owned(), url: url.clone() }));
    let ada = PersonCard { logo, ..(*ada()).clone() };
    assert_eq!((ada.branding().icon, ada.branding().logo), ("/@@/person", url.as_str()));
}
