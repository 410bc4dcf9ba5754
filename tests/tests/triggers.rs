//! Triggers on columns (`UPDATE OF heat`): where an entity says that its table has them, a statement names no column that
//! is not changed in each of its rows.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use diesel::Connection;
use diesel::connection::InstrumentationEvent;
use persist::prelude::*;
use persist::{Changes, Conflict, Context, Edit, Error};
use persist_tests::stores::{self, Fresh};
use std::sync::{Arc, Mutex};

mod schema {
    diesel::table! { bugs (id) { id -> Integer, title -> Text, heat -> Integer, state -> Nullable<Text>, } }
    diesel::table! { fired (id) { id -> Integer, bug -> Integer, what -> Text, } }
}

#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::bugs, column_triggers)]
struct Bug {
    #[entity(key)]
    id: i32,
    title: String,
    heat: i32,
    #[entity(guard)]
    state: Option<String>,
}

/// The same rows, of which nothing is said.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::bugs)]
struct Plain {
    #[entity(key)]
    id: i32,
    title: String,
    heat: i32,
    state: Option<String>,
}

/// What a trigger has seen.
#[derive(Debug, Clone, PartialEq, Eq, Entity)]
#[entity(table = schema::fired, group = AllFired)]
struct Fired {
    #[entity(key, generated)]
    id: i32,
    bug: i32,
    what: String,
}

const COLUMNS: [&str; 3] = ["title", "heat", "state"];

fn trigger(fresh: &Fresh, column: &str) -> String {
    let note = format!("INSERT INTO fired (bug, what) VALUES (NEW.id, '{column}');");
    let on = format!("CREATE TRIGGER on_{column} AFTER UPDATE OF {column} ON bugs FOR EACH ROW");
    match fresh {
        // It has none of a column: these tell whether it holds another value.
        Fresh::Mysql(_) => format!(
            "CREATE TRIGGER on_{column} AFTER UPDATE ON bugs FOR EACH ROW INSERT INTO fired (bug, what)
                 SELECT NEW.id, '{column}' FROM DUAL WHERE NOT (NEW.{column} <=> OLD.{column})"
        ),
        Fresh::Postgres(_) => format!(
            "CREATE FUNCTION note_{column}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {note} RETURN NULL; END $$;
             {on} EXECUTE FUNCTION note_{column}()"
        ),
        _ => format!("{on} BEGIN {note} END"),
    }
}

fn on_each(test: impl Fn(&mut Fresh)) {
    for mut fresh in stores::databases(&[Bug::TABLE, Fired::TABLE]) {
        for column in COLUMNS {
            let trigger = trigger(&fresh, column);
            fresh.execute(&trigger);
        }
        let bugs = (1..=6).map(|id| Bug { id, title: format!("bug {id}"), heat: 10, state: None });
        fresh.context().insert_all(&bugs.collect::<Vec<_>>()).unwrap();
        test(&mut fresh);
    }
}

/// The statements that are sent while `work` is done: the columns that each writes, or that it locks.
fn sent(fresh: &mut Fresh, work: impl FnOnce(&mut Context<'_>)) -> Vec<String> {
    let log = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&log);
    let hear = move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            let text = query.to_string().replace('`', "\"");
            if let Some((_, sets)) = text.split_once(" SET ").filter(|_| !text.starts_with("SET")) {
                let sets = sets.split(" FROM ").next().unwrap_or_default();
                let columns = COLUMNS.iter().filter(|column| sets.contains(&format!("\"{column}\" = "))).copied();
                noted.lock().unwrap().push(columns.collect::<Vec<_>>().join(", "));
            } else if text.contains(" FOR NO KEY UPDATE ") {
                noted.lock().unwrap().push("locks".to_owned());
            }
        }
    };
    match fresh {
        Fresh::Sqlite(connection) => connection.set_instrumentation(hear),
        Fresh::Postgres(postgres) => postgres.connection.set_instrumentation(hear),
        Fresh::Mysql(mysql) => mysql.connection.set_instrumentation(hear),
        _ => unreachable!(),
    }
    work(&mut fresh.context());
    std::mem::take(&mut *log.lock().unwrap())
}

fn fired(fresh: &mut Fresh) -> Vec<(i32, String)> {
    let mut fired: Vec<_> =
        fresh.context().realise(AllFired::all()).unwrap().into_iter().map(|fired| (fired.bug, fired.what)).collect();
    fired.sort();
    fired
}

fn of(fired: &[(i32, &str)]) -> Vec<(i32, String)> {
    fired.iter().map(|(bug, what)| (*bug, (*what).to_owned())).collect()
}

#[test]
fn w23_no_trigger_fires_for_a_column_that_is_not_changed() {
    on_each(|fresh| {
        let mut bugs = fresh.context().edit_all(Bugs::all().view::<Bug>()).unwrap();
        bugs[0].title = "one".into();
        bugs[1].heat = 20;
        bugs[2].title = "three".into();
        (bugs[3].title, bugs[3].heat) = ("four".into(), 40);
        Edit::add(&mut bugs[4], bug::heat, 5);
        let statements = sent(fresh, |context| context.save_all(&mut bugs).unwrap());
        // One writer at a time needs no locks; on MySQL rows are always locked, which is not noted here.
        let locks: &[_] = if fresh.name() == "PostgreSQL" { &["locks"] } else { &[] };
        assert_eq!(statements, [locks, &["title", "heat", "title, heat"]].concat());
        let expected = [(1, "title"), (2, "heat"), (3, "title"), (4, "heat"), (4, "title"), (5, "heat")];
        assert_eq!(fired(fresh), of(&expected));
        let heats: Vec<_> = fresh.context().realise(Bugs::all()).unwrap().iter().map(|bug| bug.heat).collect();
        assert_eq!(heats, [10, 20, 10, 40, 15, 10]);
    });
}

/// Edits of one kind are one statement, whatever each of them expects.
#[test]
fn rows_that_write_the_same_columns_share_a_statement() {
    on_each(|fresh| {
        let mut bugs = fresh.context().edit_all(Bugs::all().view::<Bug>()).unwrap();
        for bug in &mut bugs {
            bug.heat = 11;
        }
        Edit::observe(&mut bugs[1], bug::title);
        Edit::observe(&mut bugs[2], bug::state);
        let statements = sent(fresh, |context| context.save_all(&mut bugs).unwrap());
        assert_eq!(statements, ["heat"]);
        assert_eq!(fired(fresh).len(), 6);
    });
}

/// All or nothing, and what became of each is told, as in one statement.
#[test]
fn a_row_that_missed_undoes_the_others() {
    on_each(|fresh| {
        let mut bugs = fresh.context().edit_all(Bugs::all().view::<Bug>()).unwrap();
        bugs[0].title = "one".into();
        bugs[1].state = Some("mine".into());
        let theirs = Changes::<Bug>::new().set(bug::state, Some("theirs".to_owned())).expect(bug::state, None);
        fresh.context().apply(2, theirs).unwrap();
        let missed = fresh.context().save_all(&mut bugs).unwrap_err();
        assert!(matches!(missed.conflicts(), [Conflict::Guard { column: "state", .. }]), "{missed}");
        assert_eq!(fired(fresh), of(&[(2, "state")]));
        assert_eq!(fresh.depth(), 0);
    });
}

/// What is said changes this, and nothing else does: without it one statement names all columns for all rows.
#[test]
fn where_nothing_is_said_it_is_one_statement() {
    on_each(|fresh| {
        let mut bugs = fresh.context().edit_all(Plains::all().view::<Plain>()).unwrap();
        bugs[0].title = "one".into();
        bugs[1].heat = 20;
        let statements = sent(fresh, |context| context.save_all(&mut bugs).unwrap());
        assert_eq!(statements, ["title, heat"]);
        let of_columns = [(1, "heat"), (1, "title"), (2, "heat"), (2, "title")];
        let of_values = [(1, "title"), (2, "heat")];
        assert_eq!(fired(fresh), of(if fresh.name() == "MySQL" { &of_values } else { &of_columns }));
    });
}

/// Two who write the same rows by statements that come to them in opposite orders: rows are locked before, by their keys.
#[test]
fn statements_of_different_columns_do_not_deadlock() {
    for fresh in stores::servers(&[Bug::TABLE]) {
        let mut context = fresh.another();
        let bugs: Vec<_> = (1..=40).map(|id| Bug { id, title: String::new(), heat: 0, state: None }).collect();
        context.insert_all(&bugs).unwrap();
        // The statements of a writer are in the order of their least keys.
        let writer = |context: &mut Context<'_>, number: i32, first: fn(i32) -> bool| {
            for round in 1..=50 {
                let mut edits: Vec<_> = bugs[number as usize..].iter().cloned().map(Edit::from).collect();
                for edit in &mut edits {
                    match first(edit.id) {
                        true => edit.title = format!("{number} {round}"),
                        false => edit.heat = 100 * (number + 1) + round,
                    }
                }
                context.save_all(&mut edits)?;
            }
            Ok::<_, Error>(())
        };
        let (mut one, mut other) = (fresh.another(), fresh.another());
        std::thread::scope(|scope| {
            let other = scope.spawn(|| writer(&mut other, 0, |id| id == 1 || id > 20));
            writer(&mut one, 1, |id| id <= 20).unwrap();
            other.join().unwrap().unwrap();
        });
    }
}
