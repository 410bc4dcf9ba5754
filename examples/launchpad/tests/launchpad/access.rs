//! To a stranger a private bug is not there, whatever leads to it: every answer is that of a Launchpad without it.

use launchpad::access::see_as;
use launchpad::domain::{
    Bug, BugLine, BugSubscription, BugSubscriptions, BugTask, BugTasks, Bugs, Distribution, Distributions, HotBug,
    People, Person, Viewer, bug, bug_task,
};
use launchpad::generate::Launchpad;
use launchpad::{page, store};
use persist::{Context, Problem, View};
use std::sync::Arc;

const STRANGER: Viewer = Viewer::Person(-1);

/// Everything that leads from a task to its bug.
#[derive(Debug, PartialEq, View)]
#[view(of = BugTask)]
struct TaskBug {
    id: i32,
    bug: Arc<BugLine>,
}

#[derive(Debug, PartialEq, View)]
#[view(of = BugSubscription)]
struct SubscriptionBug {
    id: i32,
    bug: BugLine,
}

/// Every relation of a person that leads to bugs, whole, cut, and counted.
#[derive(Debug, PartialEq, View)]
#[view(of = Person)]
struct PersonBugs {
    id: i32,
    reported: Vec<BugLine>,
    #[view(from = reported, limit = 1, order_by = bug::heat.desc())]
    hottest_reported: Vec<BugLine>,
    #[view(count(reported))]
    reported_count: i64,
    followed: Vec<Arc<BugLine>>,
    #[view(from = followed, limit = 1, order_by = bug::heat.desc())]
    hottest_followed: Vec<Arc<BugLine>>,
    #[view(count(followed))]
    followed_count: i64,
    assigned: Vec<Arc<BugLine>>,
    #[view(from = assigned, limit = 2)]
    first_assigned: Vec<BugLine>,
    #[view(count(assigned))]
    assigned_count: i64,
}

/// The same of a distribution, and of its tasks.
#[derive(Debug, PartialEq, View)]
#[view(of = Distribution)]
struct DistributionBugs {
    id: i32,
    bugs: Vec<Arc<HotBug>>,
    #[view(from = bugs, limit = 3, order_by = bug::heat.desc())]
    hottest: Vec<BugLine>,
    #[view(count(bugs))]
    bug_count: i64,
    tasks: Vec<TaskBug>,
    #[view(from = tasks, limit = 2, order_by = bug_task::id.desc())]
    last_tasks: Vec<TaskBug>,
    #[view(count(tasks))]
    task_count: i64,
}

/// The same data, and what is left of it where nothing is private.
fn both() -> (Launchpad, Launchpad) {
    let whole = Launchpad::generate(120, 16);
    let mut public = Launchpad::generate(120, 16);
    let private = |id: i32| whole.bugs.iter().any(|bug| bug.id == id && bug.private);
    public.bugs.retain(|bug| !bug.private);
    public.tasks.retain(|task| !private(task.bug_id));
    public.subscriptions.retain(|subscription| !private(subscription.bug_id));
    (whole, public)
}

/// What can be asked that leads to bugs; each answer as text.
fn ask(context: &mut Context<'_>) -> Vec<String> {
    let mut said = Vec::new();
    let everything = (
        (Bugs::all(), Bugs::all().count(), Bugs::all().exists(), Bugs::all().by_heat().limit(5)),
        (BugTasks::all().view::<TaskBug>(), BugTasks::all().count()),
        (BugSubscriptions::all().view::<SubscriptionBug>(), BugSubscriptions::all().count()),
        (People::all().view::<PersonBugs>(), Distributions::all().view::<DistributionBugs>()),
    );
    said.push(format!("{:?}", context.realise(everything).unwrap()));
    let tasks = BugTasks::all().open();
    let groups = [
        People::all().reported(),
        People::all().followed(),
        People::all().assigned(),
        Distributions::all().bugs(),
        Distributions::all().open_bugs(),
        tasks.bugs(),
        tasks.limit(7).bugs(),
        BugSubscriptions::all().bugs(),
        People::all().reported() | tasks.bugs() | BugSubscriptions::all().bugs(),
        Bugs::all().filter(bug::private.eq(true)) | People::all().limit(9).followed(),
        Bugs::all().limit(4).filter(bug::heat.gt(0)),
    ];
    for bugs in &groups {
        let asked = (bugs, bugs.count(), bugs.exists(), bugs.by_heat().limit(2), bugs.view::<HotBug>());
        said.push(format!("{bugs:?}: {:?}", context.realise(asked).unwrap()));
        // From the bugs to whoever is concerned, and to what belongs to them.
        let concerned = (bugs.subscribers() | bugs.assignees() | bugs.owners(), bugs.tasks(), bugs.subscriptions());
        said.push(format!("{:?}", context.realise(concerned).unwrap()));
    }
    said
}

#[test]
fn a_stranger_finds_no_way_to_a_private_bug() {
    let (whole, public) = both();
    let private: Vec<_> = whole.bugs.iter().filter(|bug| bug.private).map(|bug| bug.id).collect();
    assert!(private.len() > 5);
    let expected = ask(&mut store::memory(&public).unwrap());
    for mut context in [store::memory(&whole).unwrap(), store::sqlite(&whole).unwrap()] {
        assert_ne!(ask(&mut context), expected, "there is something to hide");
        let before = context.stats();
        let _ = ask(&mut context);
        let unscoped = context.stats() - before;
        see_as(&mut context, STRANGER);
        let before = context.stats();
        let found = ask(&mut context);
        let scoped = context.stats() - before;
        assert!(scoped.statements <= unscoped.statements, "{scoped} instead of {unscoped}");
        for (found, expected) in found.iter().zip(&expected) {
            assert_eq!(found, expected);
        }
        let known = Bugs::from_keys(private.iter().copied());
        let (none, count, exists, tasks) =
            context.realise((&known, known.count(), known.exists(), known.tasks().count())).unwrap();
        assert!(none.is_empty() && count == 0 && !exists && tasks == 0, "to know the number is not enough");
        let all = context.without_scope::<Bug>().realise(known.count()).unwrap();
        assert_eq!(all, private.len() as u64);
    }
}

#[test]
fn the_page_of_a_stranger_is_that_of_a_launchpad_without_private_bugs() {
    let (whole, public) = both();
    let on = |data: &Launchpad, viewer| {
        let mut context = store::sqlite(data).unwrap();
        see_as(&mut context, viewer);
        page::gather(&mut context, viewer, Some(30)).unwrap()
    };
    for viewer in [STRANGER, Viewer::Anyone] {
        assert_eq!(on(&whole, viewer), on(&public, viewer));
    }
    let concerned = whole.bugs.iter().find(|bug| bug.private).map(|bug| Viewer::Person(bug.owner_id)).unwrap();
    assert_ne!(on(&whole, concerned), on(&public, concerned), "whoever is concerned sees more");
}

/// Where only the bugs have a scope, what cannot be without its bug says so, and does not say which bug it is.
#[test]
fn what_needs_a_hidden_bug_is_an_error_without_its_key() {
    let (whole, _) = both();
    let mut context = store::memory(&whole).unwrap();
    context.scope::<Bug>(Bugs::all().visible_to(STRANGER));
    let error = context.realise(BugTasks::all().view::<TaskBug>()).unwrap_err();
    for row in error.rows().unwrap().rows() {
        assert_eq!((row.entity, row.field, &row.problem), ("BugTask", "bug", &Problem::Hidden { entity: "Bug" }));
    }
}
