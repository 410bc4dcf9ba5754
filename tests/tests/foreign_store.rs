//! Stores written from outside: the trait is enough to run the shared domain's page, to be chunked, to keep a snapshot;
//! and what such a store does wrong is an error, not a panic and not a part of the answer.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use persist::prelude::*;
use persist::{Error, Fault, Value};
use persist_tests::data::Data;
use persist_tests::hooked::{Hooked, Tamper, Tampered};
use persist_tests::log_store::LogStore;
use persist_tests::stores;
use persist_tests::tracker;
use persist_tests::*;
use std::io::Write as _;

fn fill(context: &mut Context<'_>) {
    let distros: Vec<_> = (1..=3).map(|id| Distro { id, name: format!("distro {id}") }).collect();
    let people = (1..=20).map(|n| Person { id: PersonId(n), name: format!("person {n}"), picture: Some(vec![0, 255]) });
    let bugs = (1..=60).map(|id| Bug {
        id,
        title: format!("bug {id}"),
        heat: id * 7 % 13,
        status: [Status::New, Status::InProgress, Status::FixReleased][id as usize % 3],
        importance: (id % 4 > 0).then_some([Importance::Low, Importance::High, Importance::Critical][id as usize % 3]),
        distro_id: id % 3 + 1,
        assignee_id: (id % 3 > 0).then_some(PersonId(id % 20 + 1)),
        dirty: false,
    });
    let comments = (1..=200).map(|id| Comment {
        id,
        bug_id: (id * 11 % 50 + 1) as i32,
        author_id: PersonId((id % 20 + 1) as i32),
        created: id * 13 % 40,
        r#type: "text".into(),
    });
    let subscriptions = (1..=60).flat_map(|bug_id| {
        (1..=bug_id % 4).map(move |n| BugSubscription { bug_id, person_id: PersonId((bug_id * n) % 20 + 1) })
    });
    let mut subscriptions: Vec<_> = subscriptions.collect();
    subscriptions.sort_by_key(BugSubscription::key_of);
    subscriptions.dedup();
    context.insert_all(&distros).unwrap();
    context.insert_all(&people.collect::<Vec<_>>()).unwrap();
    context.insert_all(&bugs.collect::<Vec<_>>()).unwrap();
    context.insert_all(&comments.collect::<Vec<_>>()).unwrap();
    context.insert_all(&subscriptions).unwrap();
}

trait KeyOf {
    fn key_of(&self) -> (i32, i32);
}

impl KeyOf for BugSubscription {
    fn key_of(&self) -> (i32, i32) {
        (self.bug_id, self.person_id.0)
    }
}

/// The page, as text, and what it took. Not generic: the code does not know where the rows are.
fn page(context: &mut Context<'_>) -> (String, persist::Stats) {
    let before = context.stats();
    let distros = Distros::all().filter(distro::name.ne("distro 2"));
    let bugs = distros.hot_bugs(20);
    let people = bugs.subscribers() | bugs.assignees() | bugs.comments().authors();
    let mut batch = Batch::new();
    let hot = batch.add(bugs.view::<HotBug>());
    let people = batch.add((people.view::<PersonCard>(), people.count()));
    let distros = batch.add(distros.view::<DistroBugs>());
    let mut page = context.realise(batch).unwrap();
    let text = format!("{:?}\n{:?}\n{:?}", page.take(hot), page.take(people), page.take(distros));
    (text, context.stats() - before)
}

#[test]
fn the_shared_page() {
    let mut memory = stores::memory();
    fill(&mut memory.context());
    let (expected, sent) = page(&mut memory.context());
    assert!(expected.len() > 5_000, "there is something to compare");

    let log = LogStore::new();
    fill(&mut log.context());
    assert_eq!(page(&mut log.context()), (expected.clone(), sent));

    let mut others = stores::databases(TABLES);
    for other in &mut others {
        fill(&mut other.context());
        let name = other.name();
        assert_eq!(page(&mut other.context()), (expected.clone(), sent), "{name}");
    }

    // A handful of keys at a time: more statements, in no more rounds, for the same page.
    let (text, chunked) = page(&mut log.with_max_keys(7).context());
    assert_eq!(text, expected);
    assert_eq!(chunked.rounds, sent.rounds);
    assert!(chunked.statements > sent.statements && sent.chunks == 0);
    assert_eq!(chunked.statements - chunked.chunks, sent.statements, "the further ones are told apart: {chunked}");
    let (text, single) = page(&mut log.with_max_keys(1).context());
    assert_eq!(text, expected);
    assert!(single.statements > chunked.statements);
    assert_eq!(page(&mut log.with_max_keys(0).context()).0, expected, "none at all counts as one");
}

#[test]
fn what_it_refuses_is_typed() {
    let log = LogStore::new();
    let mut context = log.context();
    let distro = Distro { id: 1, name: "ubuntu".into() };
    context.insert(&distro).unwrap();
    let Err(Error::Store(error)) = context.insert_all(&[Distro { id: 2, ..distro.clone() }, distro.clone()]) else {
        panic!("taken twice")
    };
    assert_eq!((error.entity(), error.fault()), ("Distro", &Fault::Duplicate("id".into())));
    assert_eq!(context.realise(Distros::all()).unwrap(), [distro], "all or none");
    assert!(log.path().exists());
    let mut file = std::fs::OpenOptions::new().append(true).open(log.path()).unwrap();
    file.write_all(b"not JSON\n").unwrap();
    let Err(Error::Store(error)) = context.realise(Distros::all()) else { panic!("half a file") };
    assert_eq!(error.entity(), "Distro");
    std::fs::remove_file(log.path()).unwrap();
    let Err(Error::Store(error)) = context.realise(Distros::all().view::<DistroBugs>()) else { panic!("no file") };
    assert_eq!(error.fault(), &Fault::Closed);
}

#[test]
fn a_snapshot_of_its_own() {
    let log = LogStore::new();
    let data = Data::of(10);
    data.insert(&mut log.context()).unwrap();
    let realise = |snapshots| {
        let writer = log.clone();
        let mut next = if snapshots { 1_000 } else { 2_000 };
        let hooked = Hooked::new(Box::new(log.clone()), move |_| {
            next += 1;
            let task_id = Some(tracker::task_id(0));
            let note = tracker::Note { id: next, task_id, author_id: 0, body: String::new(), pinned: true };
            writer.context().insert(&note).unwrap();
        });
        let mut context = Context::over(hooked).with_snapshots(snapshots);
        let tasks = context.realise(tracker::Tasks::all().view::<tracker::TaskPage>()).unwrap();
        (tasks[0].notes.len() as i64, tasks[0].note_count)
    };
    let (notes, count) = realise(true);
    assert_eq!(notes, count, "one state");
    let before = count;
    let (notes, count) = realise(false);
    assert!(notes > before && notes != count, "two states: {notes} and {count}");
}

fn tampered(tamper: Tamper) -> Result<Vec<tracker::TaskPage>, Error> {
    let mut memory = stores::memory();
    Data::of(30).insert(&mut memory.context()).unwrap();
    let inner = memory.store();
    Context::over(Tampered { inner, tamper }).realise(tracker::Tasks::all().view())
}

/// Whatever comes back, it is the whole or an error.
#[test]
fn a_store_that_errs() {
    let whole = tampered(|_, rows| rows).unwrap();
    // More than was asked for: rows of keys that nobody wants.
    let more = tampered(|fetch, mut rows| {
        if let (true, Some(row)) = (fetch.keyed.is_some(), rows.first().cloned()) {
            let strange = |value| match value {
                Value::Int(_) => Value::Int(-5),
                Value::Uuid(_) => Value::Uuid([9; 16]),
                Value::Text(_) => "strange".into(),
                other => other,
            };
            rows.push(row.into_iter().map(strange).collect());
        }
        rows
    });
    assert_eq!(more.unwrap(), whole);
    // Fewer than there are: what is referred to is missing.
    let fewer = tampered(|fetch, rows| if fetch.is_unique() { rows.into_iter().skip(1).collect() } else { rows });
    assert!(matches!(fewer, Err(Error::Rows(_))), "{fewer:?}");
    // Short rows, rows of NULLs, rows of something else.
    let tampers: [Tamper; 4] = [
        |_, rows| rows.into_iter().map(|row| row.into_iter().take(1).collect()).collect(),
        |_, rows| rows.into_iter().map(|_| Vec::new()).collect(),
        |_, rows| rows.into_iter().map(|row| row.into_iter().map(|_| Value::Null).collect()).collect(),
        |_, rows| rows.into_iter().map(|row| row.into_iter().map(|_| "text".into()).collect()).collect(),
    ];
    for tamper in tampers {
        let Err(Error::Rows(rows)) = tampered(tamper) else { panic!("let through") };
        assert!(rows.rows().len() >= 30, "every row is named");
    }
    // A count that is no number, or that is missing.
    let mut memory = stores::memory();
    let (inner, tamper): (_, Tamper) = (memory.store(), |_, _| vec![vec!["many".into()]]);
    let count = Context::over(Tampered { inner, tamper }).realise(tracker::Tasks::all().count());
    assert!(matches!(count, Err(Error::Rows(_))), "{count:?}");
    let inner = memory.store();
    let count = Context::over(Tampered { inner, tamper: |_, _| Vec::new() }).realise(tracker::Tasks::all().count());
    assert!(count.is_err(), "a count that did not come is not nought: {count:?}");
}
