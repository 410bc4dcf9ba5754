//! Writes on servers: how many statements a save takes, rows that are wide, and writers at once.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use diesel::connection::{Connection as _, InstrumentationEvent, SimpleConnection as _};
use persist::prelude::*;
use persist::{Changes, Conflict, Edit, Error, Fault};
use persist_tests::sent::sent;
use persist_tests::stores::{self, Fresh, MysqlConnection};
use std::collections::BTreeSet;

mod schema {
    diesel::table! { sheets (id) { id -> Integer, name -> Text, state -> Text, pages -> Integer, } }
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::sheets)]
pub struct Sheet {
    #[entity(key)]
    pub id: i32,
    pub name: String,
    #[entity(guard)]
    pub state: String,
    #[entity(counter(min = 0, max = 6))]
    pub pages: i32,
}

fn sheet(id: i32) -> Sheet {
    Sheet { id, name: format!("sheet {id}"), state: "new".into(), pages: 3 }
}

fn wide(id: i32, letter: &str) -> Sheet {
    Sheet { name: letter.repeat(100_000), ..sheet(id) }
}

/// What statements begin with.
fn verbs(log: Option<Vec<String>>) -> String {
    const VERBS: [&str; 8] =
        ["SET TRANSACTION", "BEGIN", "SELECT", "UPDATE", "INSERT", "DELETE", "SAVEPOINT", "COMMIT"];
    let verb = |statement: String| {
        let begins = |verb: &&&str| statement.starts_with(**verb);
        VERBS.iter().find(begins).map_or(statement.clone(), ToString::to_string)
    };
    log.unwrap().into_iter().map(verb).collect::<Vec<_>>().join("; ")
}

/// MySQL answers no update: a row is read behind it, in a transaction under its lock. Only where something is expected of it,
/// it is looked at before; and one row that its key finds needs no other level of isolation, nor a transaction.
#[test]
fn a_save_takes_few_statements() {
    let Some(mut fresh) = stores::mysql(&[Sheet::TABLE]) else { return };
    fresh.context().insert_all(&[sheet(1), sheet(2), sheet(3)]).unwrap();
    let mut one: Edit<Sheet> = fresh.context().edit(1).unwrap();
    one.name = "other".into();
    let log = sent(&mut fresh, |context| context.save(&mut one).unwrap());
    assert_eq!(verbs(log), "UPDATE; SELECT");
    let log = sent(&mut fresh, |context| {
        let saved = context.transaction(|context| {
            one.name = "another".into();
            context.save(&mut one)
        });
        saved.unwrap();
    });
    assert_eq!(verbs(log), "BEGIN; UPDATE; SELECT; COMMIT", "and nothing that a savepoint would keep");
    one.state = "old".into();
    let log = sent(&mut fresh, |context| context.save(&mut one).unwrap());
    assert_eq!(verbs(log), "BEGIN; SELECT; UPDATE; SELECT; COMMIT");
    let named = || Changes::<Sheet>::new().set(sheet::name, "third");
    let log = sent(&mut fresh, |context| context.apply(1, named()).unwrap());
    assert_eq!(verbs(log), "UPDATE", "nothing is to be read");
    // The values that are there already: found, though nothing of the row is written.
    fresh.context().apply(1, named()).unwrap();
    let gone = fresh.context().apply(9, named()).unwrap_err();
    assert!(matches!(&gone, Error::Conflicts(all) if matches!(all.all(), [Conflict::Gone { .. }])), "{gone}");
    let mut all: Vec<Edit<Sheet>> = [1, 2, 3].map(|id| fresh.context().edit(id).unwrap()).into();
    all.iter_mut().for_each(|edit| edit.name.push('!'));
    let log = sent(&mut fresh, |context| context.save_all(&mut all).unwrap());
    assert_eq!(verbs(log), "BEGIN; UPDATE; SELECT; COMMIT");
    assert_eq!((all[0].name.as_str(), all[2].name.as_str()), ("third!", "sheet 3!"));
}

/// What is for reading alone, and shows one state, is one way to begin.
#[test]
fn a_snapshot_is_begun_at_once() {
    for mut fresh in stores::servers(&[Sheet::TABLE]) {
        fresh.context().insert(&sheet(1)).unwrap();
        let read = |context: &mut persist::Context<'_>| drop(context.realise((Sheets::all(), Sheets::all().count())));
        let log = sent(&mut fresh, read);
        let begin = if fresh.name() == "MySQL" { "SET TRANSACTION" } else { "BEGIN" };
        assert_eq!(verbs(log), format!("{begin}; SELECT; SELECT; COMMIT"));
        // It is over: what comes next is not in it.
        fresh.context().insert(&sheet(2)).unwrap();
        fresh.execute("ALTER TABLE sheets RENAME TO elsewhere");
        assert!(fresh.context().realise((Sheets::all(), Sheets::all().count())).is_err());
        fresh.execute("ALTER TABLE elsewhere RENAME TO sheets");
        fresh.context().insert(&sheet(3)).unwrap();
        assert_eq!(fresh.context().realise((Sheets::all(), Sheets::all().count())).unwrap().1, 3);
        assert_eq!(fresh.depth(), 0);
    }
}

/// What is read behind a row that was written alone undoes nothing if it fails: then it is said that the row is written.
#[test]
fn a_row_that_is_written_and_cannot_be_read_is_said_to_be_written() {
    let Some(mut fresh) = stores::mysql(&[Sheet::TABLE]) else { return };
    fresh.context().insert(&sheet(1)).unwrap();
    let mut one: Edit<Sheet> = fresh.context().edit(1).unwrap();
    one.name = "other".into();
    let Fresh::Mysql(mysql) = &mut fresh else { panic!("another store") };
    let mut another = MysqlConnection::establish(&mysql.url()).unwrap();
    let mut hides = true;
    mysql.connection.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event
            && query.to_string().starts_with("SELECT")
            && std::mem::take(&mut hides)
        {
            another.batch_execute("RENAME TABLE sheets TO elsewhere").unwrap();
        }
    });
    let unread = fresh.context().save(&mut one).unwrap_err();
    let fault = unread.store().map(|error| error.fault().clone());
    assert!(matches!(fault, Some(Fault::Unread(_))), "{unread}");
    assert!(Edit::is_changed(&one), "what is in hand is as it was");
    fresh.execute("RENAME TABLE elsewhere TO sheets");
    assert_eq!(fresh.context().realise(Sheets::all()).unwrap()[0].name, "other");
}

/// 40 MB in one write, of which a server takes 16 at once.
#[test]
fn wide_rows_are_cut_by_bytes() {
    for mut fresh in stores::servers(&[Sheet::TABLE]) {
        let rows: Vec<_> = (0..400).map(|id| wide(id, "a")).collect();
        fresh.context().insert_all(&rows).unwrap();
        assert_eq!(fresh.context().realise(Sheets::all()).unwrap(), rows);
        let changed: Vec<_> = (0..400).map(|id| wide(id, if id % 2 == 0 { "\"" } else { "\u{1}" })).collect();
        let mut edits: Vec<Edit<Sheet>> = rows.iter().cloned().map(Edit::from).collect();
        edits.iter_mut().zip(&changed).for_each(|(edit, new)| edit.name.clone_from(&new.name));
        let log = sent(&mut fresh, |context| context.save_all(&mut edits).unwrap()).unwrap();
        if matches!(fresh, Fresh::Mysql(_)) {
            let updates = log.iter().filter(|statement| statement.starts_with("UPDATE")).count();
            assert!((20..60).contains(&updates), "{updates}");
        }
        assert_eq!(fresh.context().realise(Sheets::all()).unwrap(), changed);
    }
}

/// A single row is sent as long as the server takes it; if not it says so before, and the connection goes on.
#[test]
fn a_row_that_no_statement_takes_is_refused_before() {
    let Some(mut fresh) = stores::mysql(&[Sheet::TABLE]) else { return };
    let long = |megabytes: usize| Sheet { name: "a".repeat(megabytes << 20), ..sheet(1) };
    fresh.context().insert(&long(12)).unwrap();
    fresh.execute("DELETE FROM sheets");
    let too_large = |error: Error| {
        let fault = error.store().map(|error| error.fault().clone());
        assert!(matches!(fault, Some(Fault::TooLarge(17_825_792.., _))), "{error}");
    };
    too_large(fresh.context().insert_all(&[sheet(2), long(17)]).unwrap_err());
    assert_eq!(fresh.context().realise(Sheets::all()).unwrap(), [], "nothing of it is there");
    fresh.context().insert(&sheet(1)).unwrap();
    let name = long(17).name;
    too_large(fresh.context().apply(1, Changes::<Sheet>::new().set(sheet::name, name.as_str())).unwrap_err());
    too_large(fresh.context().realise(Sheets::all().filter(sheet::name.eq(name))).unwrap_err());
    assert_eq!(fresh.depth(), 0);
    assert_eq!(fresh.context().realise(Sheets::all()).unwrap(), [sheet(1)]);
}

/// Eight who count one row up and down: it never leaves its bounds, and holds what was acknowledged.
#[test]
fn counters_stay_within_their_bounds() {
    for mut fresh in stores::servers(&[Sheet::TABLE]) {
        fresh.context().insert(&sheet(1)).unwrap();
        let count = |mut context: persist::Context<'static>, seed: i32| {
            let (mut sum, mut refused, mut seen) = (0, 0, BTreeSet::new());
            for turn in 0..60 {
                let more = if (turn * 7 + seed * 5) % 3 == 0 { -2 } else { 1 };
                match context.apply(1, Changes::<Sheet>::new().add(sheet::pages, more)) {
                    Ok(_) => sum += more,
                    Err(Error::Conflicts(all)) if matches!(all.all(), [Conflict::Bounds { .. }]) => refused += 1,
                    Err(other) => panic!("{other}"),
                }
                seen.insert(context.realise(Sheets::all()).unwrap()[0].pages);
            }
            (sum, refused, seen)
        };
        let told: Vec<_> = std::thread::scope(|scope| {
            let writers: Vec<_> = (0..8)
                .map(|seed| (fresh.another(), seed))
                .map(|(context, seed)| scope.spawn(move || count(context, seed)))
                .collect();
            writers.into_iter().map(|writer| writer.join().unwrap()).collect()
        });
        let name = fresh.name();
        assert!(told.iter().flat_map(|(_, _, seen)| seen).all(|pages| (0..=6).contains(pages)), "{name}: {told:?}");
        let (sum, refused) = told.iter().fold((0, 0), |(sum, no), told| (sum + told.0, no + told.1));
        assert_eq!(fresh.context().realise(Sheets::all()).unwrap()[0].pages, 3 + sum, "{name}");
        assert!(refused > 0, "{name}: the bounds were met");
    }
}
