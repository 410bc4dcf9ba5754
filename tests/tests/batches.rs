//! Several requests at once: tuples, `Vec`s, batches and their tickets; what is reported of each statement; and what
//! `explain` says of them beforehand.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use diesel::connection::InstrumentationEvent;
use persist::prelude::*;
use persist_tests::data::Data;
use persist_tests::stores::{self, Fresh};
use persist_tests::tracker::*;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use tracing::span;

fn filled(n: u32) -> Fresh {
    let mut fresh = stores::sqlite(TABLES);
    Data::of(n).insert(&mut fresh.context()).unwrap();
    fresh
}

#[test]
fn tuples_of_any_length() {
    let mut fresh = filled(10);
    let mut context = fresh.context();
    let one = context.realise((Tasks::all().count(),)).unwrap();
    assert_eq!(one, (10,));
    let before = context.stats();
    let (tasks, members, teams, notes, count, exists, lines, cards, votes, pings, none, nested) = context
        .realise((
            Tasks::all(),
            Members::all().limit(3),
            &Teams::all(),
            Notes::all().order_by(note::id.desc()),
            Watches::all().count(),
            Votes::all().exists(),
            Tasks::all().view::<TaskLine>(),
            Members::from_keys([0, 1]).view::<MemberCard>(),
            vec![Votes::from_keys([0]), Votes::from_keys([1, 2]), Votes::from_keys([])],
            Pings::all().view::<PingPage>(),
            Vec::<Tasks>::new(),
            ((Teams::all().count(), Teams::all().count()), vec![(Notes::all().exists(), Tasks::all().limit(1))]),
        ))
        .unwrap();
    assert_eq!((tasks.len(), members.len(), teams.len(), notes.len(), count, exists), (10, 3, 1, 15, 10, true));
    assert_eq!((lines.len(), cards.len(), none.len()), (10, 2, 0));
    assert_eq!(votes.iter().map(Vec::len).collect::<Vec<_>>(), [1, 2, 0]);
    assert!(!pings.is_empty() && notes[0].id == 14);
    assert_eq!((nested.0, nested.1[0].0, nested.1[0].1.len()), ((1, 1), true, 1));
    assert!((context.stats() - before).rounds <= 4, "all at once, not one after the other");
    assert!(context.realise(Vec::<persist::Count>::new()).unwrap().is_empty());
}

/// Views that hold the same rows share their statements.
#[test]
fn steps_of_different_requests_merge() {
    let mut fresh = filled(30);
    let mut context = fresh.context();
    let asks =
        || (Tasks::all().view::<TaskPage>(), Tasks::all().limit(3).view::<TaskPage>(), Notes::all().view::<NoteLine>());
    let together = context.realise(asks()).unwrap();
    let sent = context.stats();
    let apart =
        (context.realise(asks().0).unwrap(), context.realise(asks().1).unwrap(), context.realise(asks().2).unwrap());
    assert_eq!(together, apart);
    let singly = (context.stats() - sent).statements;
    // Two more groups; the two limited relations of each page are statements of their own, its counts are shared.
    assert_eq!(sent.statements, TaskPage::STATEMENTS as u64 + 2 + 2, "{sent}");
    assert!(sent.statements < singly && sent.rounds == TaskPage::ROUNDS as u64, "{sent}");
}

#[test]
fn tickets() {
    let mut fresh = filled(10);
    let mut context = fresh.context();
    let mut batch = Batch::new();
    let tasks = batch.add(Tasks::all().view::<TaskLine>());
    let sidebar = batch.add((Members::all().count(), vec![Teams::all()]));
    let mut inner = Batch::new();
    let inner_notes = inner.add(Notes::all().limit(2));
    let inner = batch.add(inner);
    let mut other = Batch::new();
    let foreign = other.add(Tasks::all().view::<TaskLine>());
    assert!(format!("{batch:?} {tasks:?}").contains("3 requests"));
    let mut page = context.realise(batch).unwrap();
    assert!(page.try_take(foreign).is_none(), "a ticket of another batch takes nothing");
    // In any order.
    let mut inner = page.take(inner);
    assert_eq!(inner.take(inner_notes).len(), 2);
    let (count, teams) = page.take(sidebar);
    assert_eq!((count, teams[0].len()), (10, 1));
    assert_eq!(page.take(tasks).len(), 10);
    assert!(context.realise(Batch::new()).is_ok());
    // Two batches, two pages: the tickets of each fit its own.
    let (mut one, mut two) = (Batch::new(), Batch::new());
    let (first, second) = (one.add(Tasks::all().count()), two.add(Notes::all().count()));
    let (mut one, mut two) = context.realise((one, two)).unwrap();
    assert_eq!((one.take(first), two.take(second)), (10, 15));
}

#[test]
#[should_panic(expected = "ticket")]
fn a_foreign_ticket_is_a_mistake_in_the_program() {
    let mut fresh = filled(1);
    let (mut one, mut two) = (Batch::new(), Batch::new());
    let ticket = one.add(Tasks::all().count());
    let _other = two.add(Tasks::all().count());
    let mut page = fresh.context().realise(two).unwrap();
    let _ = page.take(ticket);
}

/// One request that fails, fails the whole: no page with holes.
#[test]
fn a_page_is_whole() {
    let mut fresh = filled(5);
    fresh.execute("UPDATE notes SET body = x'00' WHERE id = 1");
    let mut batch = Batch::new();
    let _teams = batch.add(Teams::all());
    let _notes = batch.add(Notes::all());
    let error = fresh.context().realise(batch).unwrap_err();
    assert_eq!(error.rows().unwrap().rows().len(), 1);
}

type Events = Arc<Mutex<Vec<BTreeMap<&'static str, String>>>>;

/// Takes the events of persist.
#[derive(Default)]
struct Listener(Events);

struct Fields<'f>(&'f mut BTreeMap<&'static str, String>);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}

impl tracing::Subscriber for Listener {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.target() == "persist"
    }
    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }
    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        let mut fields = BTreeMap::new();
        event.record(&mut Fields(&mut fields));
        self.0.lock().unwrap().push(fields);
    }
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

fn listen(run: impl FnOnce()) -> Vec<BTreeMap<&'static str, String>> {
    let events = Events::default();
    tracing::subscriber::with_default(Listener(Arc::clone(&events)), run);
    let events = events.lock().unwrap();
    events.clone()
}

#[test]
fn each_statement_is_reported() {
    for mut fresh in stores::every(TABLES) {
        let name = fresh.name();
        Data::of(20).insert(&mut fresh.context()).unwrap();
        let mut context = fresh.context();
        let events = listen(|| drop(context.realise(Tasks::all().view::<TaskPage>()).unwrap()));
        let (events, rounds): (Vec<_>, Vec<_>) = events.into_iter().partition(|event| event.contains_key("rows"));
        assert_eq!(rounds.len() as u64, context.stats().rounds, "{name}");
        let announced: u64 = rounds.iter().map(|round| round["statements"].parse::<u64>().unwrap()).sum();
        assert_eq!(announced, context.stats().statements, "{name}");
        assert_eq!(events.len() as u64, context.stats().statements, "{name}");
        let rows: u64 = events.iter().map(|event| event["rows"].parse::<u64>().unwrap()).sum();
        assert_eq!(rows, context.stats().rows);
        let rounds: Vec<u64> = events.iter().map(|event| event["round"].parse().unwrap()).collect();
        assert!(rounds.is_sorted() && rounds.first() == Some(&1) && rounds.last() == Some(&context.stats().rounds));
        for event in &events {
            assert_eq!((event["store"].trim_matches('"'), event["failed"].as_str()), (name, "false"));
            assert!(event["statement"].contains("SELECT") || name == "memory", "{event:?}");
            assert!(event["micros"].parse::<u64>().is_ok());
        }
    }
    let mut fresh = stores::sqlite(TABLES);
    fresh.execute("DROP TABLE notes");
    let events = listen(|| assert!(fresh.context().realise(Notes::all()).is_err()));
    assert_eq!(events.last().unwrap()["failed"], "true");
}

/// `explain` sends nothing, and says what is then sent, statement for statement.
fn explains<C>(connection: &mut C)
where
    C: diesel::connection::LoadConnection<Backend: persist::store::diesel::Dialect>,
{
    Data::of(20).insert(&mut Context::borrowing(connection)).unwrap();
    let log = Arc::new(Mutex::new(Vec::new()));
    let inner = Arc::clone(&log);
    connection.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            inner.lock().unwrap().push(query.to_string());
        }
    });
    let mut context = Context::borrowing(connection).with_snapshots(false);
    let group = Tasks::all().filter(task::heat.gt(1)).order_by(task::heat.desc()).limit(10);
    let request = || (group.view::<TaskPage>(), group.count(), group.notes().exists());
    let explained = context.explain(request()).unwrap();
    assert!(log.lock().unwrap().is_empty() && context.stats().statements == 0);
    context.realise(request()).unwrap();
    // Without the values; SQLite's placeholders have no number in Diesel.
    let head = |text: &str| {
        let text = text.split("\n-- ").next().unwrap().split(" -- binds").next().unwrap();
        let mut parts = text.split('?').map(|part| part.trim_start_matches(|c: char| c.is_ascii_digit()));
        let first = parts.next().unwrap_or_default().to_owned();
        let text = parts.fold(first, |whole, part| whole + "?" + part);
        let text = keys_alike(&text);
        // MySQL takes the first rows of each key by a select of its own, which is shown once.
        let Some((before, _)) = text.split_once(" UNION ALL ") else { return text };
        let select = &before[before.rfind("((SELECT ").unwrap() + 1..];
        text.replace(&format!(" UNION ALL {select}"), "")
    };
    let said: Vec<_> = explained.statements().iter().map(|statement| head(&statement.text)).collect();
    let sent: Vec<_> = log.lock().unwrap().iter().map(|text| head(text)).collect();
    assert_eq!(sent, said);
    let shown = explained.to_string();
    assert!(shown.contains(&format!("at most {} statements", said.len())) && shown.contains("round 4"), "{shown}");
}

/// MySQL looks for keys in an array, which is shown, or in a list where there are few.
fn keys_alike(text: &str) -> String {
    let mut parts = text.split(") IN (SELECT ");
    let mut alike = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once(" AS t2)") {
            Some((array, rest)) if array.contains(" FROM JSON_TABLE(?") => {
                let at = alike.rfind('(').unwrap();
                alike.remove(at);
                alike = alike + " IN (?)" + rest;
            }
            _ => alike = alike + ") IN (SELECT " + part,
        }
    }
    alike.replace(&"?, ".repeat(15), "")
}

#[test]
fn what_is_explained_is_what_runs() {
    let Fresh::Sqlite(mut connection) = stores::sqlite(TABLES) else { unreachable!() };
    explains(&mut connection);
    if let Some(Fresh::Postgres(mut postgres)) = stores::postgres(TABLES) {
        explains(&mut postgres.connection);
    }
    if let Some(Fresh::Mysql(mut mysql)) = stores::mysql(TABLES) {
        explains(&mut mysql.connection);
    }
}
