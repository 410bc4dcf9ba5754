//! What the testkit finds, on stores of every kind (R15, R17).
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use persist::prelude::*;
use persist::testkit::assert_constant;
use persist::{Error, assert_plan};
use persist_tests::data::Data;
use persist_tests::log_store::LogStore;
use persist_tests::stores;
use persist_tests::tracker::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

fn filled(mut context: Context<'static>, rows: usize) -> Context<'static> {
    Data::of(u32::try_from(rows).unwrap()).insert(&mut context).unwrap();
    context
}

fn memory(rows: usize) -> Context<'static> {
    filled(Context::memory(&persist::MemoryStore::new()), rows)
}

fn sqlite(rows: usize) -> Context<'static> {
    let mut connection = SqliteConnection::establish(":memory:").unwrap();
    connection.batch_execute(&stores::sqlite_tables(TABLES)).unwrap();
    filled(Context::owning(connection), rows)
}

/// Chunks that a store needs past its number of keys are no statements more.
fn in_chunks(rows: usize) -> Context<'static> {
    filled(Context::over(LogStore::new().with_max_keys(3)), rows)
}

fn page(context: &mut Context<'static>) -> Result<(), Error> {
    context.realise((Tasks::all().view::<TaskPage>(), Members::all().count())).map(drop)
}

fn one_by_one(context: &mut Context<'static>) -> Result<(), Error> {
    for task in context.realise(Tasks::all().view::<TaskLine>())? {
        context.realise(Tasks::from_keys([task.id]).notes())?;
    }
    Ok(())
}

fn words(check: impl FnOnce()) -> String {
    let failed = catch_unwind(AssertUnwindSafe(check)).unwrap_err();
    failed.downcast_ref::<String>().map(String::as_str).or(failed.downcast_ref::<&str>().copied()).unwrap().to_owned()
}

#[test]
fn a_page_is_constant_on_every_store() {
    assert_constant(memory, page);
    assert_constant(sqlite, page);
    assert_constant(in_chunks, page);
}

#[test]
fn a_query_per_row_is_found_and_shown() {
    for filled in [memory, sqlite] {
        let said = words(|| assert_constant(filled, one_by_one));
        assert!(
            said.contains("over 2 rows: statements: 3,") && said.contains("over 12 rows: statements: 13,"),
            "{said}"
        );
        assert!(said.matches("notes").count() > 10, "{said}");
    }
}

#[test]
fn what_shows_nothing_fails() {
    assert!(words(|| assert_constant(memory, |_| Ok(()))).contains("nothing was sent"));
    let failing = |context: &mut Context<'static>| context.insert(&Team { name: "team 0".into(), motto: None });
    assert!(words(|| assert_constant(memory, failing)).starts_with("over 2 rows: inserting `Team`"));
}

#[test]
fn a_plan_is_held_to() {
    assert_plan!(
        TeamName,
        "TeamName of Team: at most 1 statement, 1 round\nround 1\n  1. teams: the group\n       for TeamName: TeamName"
    );
    let said = words(|| assert_plan!(MemberCard, "MemberCard of Member: at most 1 statement, 1 round"));
    assert!(said.contains("- MemberCard of Member: at most 1 statement, 1 round\n"), "{said}");
    assert!(said.contains("+   2. teams by name\n"), "{said}");
}
