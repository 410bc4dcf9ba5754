//! Copies, from store to store and back.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use chinook::copy::tables::{Album, Albums, Artist, Employee, Employees, Invoice, album};
use chinook::copy::{self, Place};
use chrono::NaiveDate;
use persist::prelude::*;
use persist_tests::stores::{self, Fresh};
use rust_decimal::Decimal;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::tempdir;

fn employee(employee_id: i32, reports_to: Option<i32>) -> Employee {
    Employee {
        employee_id,
        last_name: format!("Łątka {employee_id} "),
        first_name: "Zoë".to_owned(),
        title: None,
        reports_to,
        birth_date: NaiveDate::from_ymd_opt(1962, 2, 18).and_then(|day| day.and_hms_micro_opt(23, 59, 59, 999_999)),
        hire_date: None,
        address: Some(String::new()),
        city: None,
        state: None,
        country: None,
        postal_code: None,
        phone: None,
        fax: None,
        email: None,
    }
}

/// A database in which some refer to one another, in no order.
fn fill(context: &mut Context<'_>) {
    let mut artists: Vec<_> = (1..=1_203)
        .map(|artist_id| Artist { artist_id, name: (artist_id % 3 > 0).then(|| "AC/DC".to_owned()) })
        .collect();
    let mut albums: Vec<_> = (1..=7)
        .map(|album_id| Album { album_id, title: "a 'b' \"c\" \\".to_owned(), artist_id: 9 - album_id })
        .collect();
    let mut employees = [(1, Some(3)), (2, Some(1)), (3, None)].map(|(id, manager)| employee(id, manager));
    let mut customer = chinook::copy::tables::Customer {
        customer_id: 5,
        first_name: "A".to_owned(),
        last_name: "B".to_owned(),
        company: None,
        address: None,
        city: None,
        state: None,
        country: None,
        postal_code: None,
        phone: None,
        fax: None,
        email: "a@b".to_owned(),
        support_rep_id: Some(2),
    };
    let mut invoice = Invoice {
        invoice_id: 1,
        customer_id: 5,
        invoice_date: NaiveDate::from_ymd_opt(2021, 1, 1).unwrap().and_hms_opt(0, 0, 0).unwrap(),
        billing_address: None,
        billing_city: None,
        billing_state: None,
        billing_country: None,
        billing_postal_code: None,
        total: Decimal::new(1_386, 2),
    };
    let mut work = Work::new();
    for artist in &mut artists {
        let _ = work.insert(artist);
    }
    for album in &mut albums {
        let _ = work.insert(album);
    }
    for employee in &mut employees {
        let _ = work.insert(employee);
    }
    let _ = work.insert(&mut customer);
    let _ = work.insert(&mut invoice);
    context.commit(work).unwrap();
}

fn file(folder: &Path, name: &str) -> Place {
    Place::File(folder.join(name))
}

/// A place on each server that there is, with what is dropped in the end.
fn servers() -> Vec<(Place, Fresh)> {
    let place = |fresh| match &fresh {
        Fresh::Postgres(postgres) => (Place::Postgres(postgres.place()), fresh),
        Fresh::Mysql(mysql) => (Place::Mysql(mysql.url()), fresh),
        _ => unreachable!("it is no server"),
    };
    stores::postgres(&[]).into_iter().chain(stores::mysql(&[])).map(place).collect()
}

fn moved(from: &Place, to: &Place) -> u64 {
    let (mut source, mut target, mut rows) = (from.open().unwrap(), to.prepare().unwrap(), 0);
    copy::copy(&mut source, &mut target, &mut |more| rows += more).unwrap();
    copy::compare(&mut source, &mut target, &mut |_| ()).unwrap();
    rows
}

#[test]
fn a_copy_of_a_copy_is_the_same() {
    let folder = tempdir().unwrap();
    let (first, last, servers) = (file(folder.path(), "first.db"), file(folder.path(), "last.db"), servers());
    fill(&mut first.prepare().unwrap());
    let way: Vec<_> = [&first].into_iter().chain(servers.iter().map(|(place, _)| place)).chain([&last]).collect();
    for pair in way.windows(2) {
        assert_eq!(moved(pair[0], pair[1]), 1_203 + 7 + 3 + 1 + 1, "{pair:?}");
    }
    copy::compare(&mut first.open().unwrap(), &mut last.open().unwrap(), &mut |_| ()).unwrap();
}

#[test]
fn whatever_differs_is_found() {
    let folder = tempdir().unwrap();
    let (one, other) = (file(folder.path(), "one.db"), file(folder.path(), "other.db"));
    fill(&mut one.prepare().unwrap());
    moved(&one, &other);
    let difference = |change: &dyn Fn(&mut Context<'_>)| {
        let mut context = other.open().unwrap();
        let mut there = Context::owning(stores_at(&folder.path().join("other.db")));
        change(&mut there);
        let found = copy::compare(&mut one.open().unwrap(), &mut context, &mut |_| ()).unwrap_err().to_string();
        drop(context);
        found
    };
    let renamed = difference(&|context| {
        let mut artist = context.edit::<Artist>(1_000).unwrap();
        artist.name = Some("AC-DC".to_owned());
        context.save(&mut artist).unwrap();
    });
    assert!(renamed.contains("artist_id: 1000") && renamed.contains("AC-DC"), "{renamed}");
    let fewer = difference(&|context| {
        let mut artist = context.edit::<Artist>(1_000).unwrap();
        artist.name = Some("AC/DC".to_owned());
        context.save(&mut artist).unwrap();
        context.delete_all(&Albums::all().filter(album::album_id.eq(7))).unwrap();
    });
    assert!(fewer.contains("album_id: 7"), "{fewer}");
}

/// A connection that writes.
fn stores_at(path: &Path) -> diesel::SqliteConnection {
    diesel::Connection::establish(path.to_str().unwrap()).unwrap()
}

fn chinook(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_chinook")).args(arguments).output().unwrap()
}

#[test]
fn the_program_copies_once_and_refuses_what_is_not_empty() {
    let folder = tempdir().unwrap();
    fill(&mut file(folder.path(), "from.db").prepare().unwrap());
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let output = chinook(&["copy", &at("from.db"), &at("to.db")]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && said.starts_with("1215 rows are now in "), "{said}");
    for (from, to, why) in [
        (at("from.db"), at("to.db"), "it holds 1215 rows already"),
        (at("nowhere.db"), at("new.db"), "nowhere.db"),
        (at("from.db"), at("nowhere/new.db"), "nowhere/new.db"),
        (at("from.db"), "postgres://somebody:secret@127.0.0.1:1/x".to_owned(), "postgres://127.0.0.1:1/x"),
    ] {
        let output = chinook(&["copy", &from, &to]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains(why) && !said.contains("panicked"), "{said}");
        assert!(!said.contains("secret"), "{said}");
    }
    assert!(!folder.path().join("new.db").exists());
}

#[test]
fn half_a_copy_is_none() {
    let folder = tempdir().unwrap();
    let from = file(folder.path(), "from.db");
    fill(&mut from.prepare().unwrap());
    let to = stores::memory();
    let Fresh::Memory(memory) = &to else { unreachable!() };
    let mut target = Context::memory(memory);
    // It is in the way of another one.
    target.insert(&employee(2, None)).unwrap();
    assert!(copy::copy(&mut from.open().unwrap(), &mut target, &mut |_| ()).is_err());
    assert_eq!(copy::count(&mut target).unwrap(), 1);
    assert_eq!(target.realise(Employees::all()).unwrap().len(), 1);
}
